"""A corpus at rest, read by other means than the program's own: a plain glob and pyarrow."""

from pathlib import Path
from typing import Any

import pyarrow.dataset

Row = dict[str, Any]
KEYS = {"sections": ["section_id"], "pages": ["doc_id"]}


def rows(corpus: Path, table: str) -> list[Row]:
    """All records of a table as plain dictionaries, ordered by their identity."""
    files = sorted(str(path) for path in (corpus / table).rglob("*.parquet"))
    whole = pyarrow.dataset.dataset(files, format="parquet").to_table()
    found: list[Row] = whole.sort_by([(key, "ascending") for key in KEYS[table]]).to_pylist()
    return found


def data_files(corpus: Path) -> dict[str, bytes]:
    """The files that hold data, by their names."""
    found = [path for part in ("sections", "pages", "jsonl") for path in (corpus / part).rglob("*")]
    return {str(path.relative_to(corpus)): path.read_bytes() for path in found if path.is_file()}
