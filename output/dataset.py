"""Reading a dataset into pandas, whole or in batches: one snapshot, whatever is committed meanwhile."""

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

from sectionary.output import snapshot as snapshots
from sectionary.output.choice import Choice, choice
from sectionary.output.durable import located, opened
from sectionary.output.formats import FORMATS
from sectionary.output.layout import SNAPSHOTS, rejected_path
from sectionary.output.parquet import table_of
from sectionary.output.record import SCHEMA_VERSION
from sectionary.output.schema import RECORDS, flat_columns, schema
from sectionary.output.snapshot import DataFile
from sectionary.output.stored import stored_lines, where_it_lies
from sectionary.scraper.errors import ConfigError, DatasetError

_CHUNK_ROWS = 1024
_READABLE = tuple(table for table in RECORDS if table != "changes")   # which is of a snapshot and the one before
_INTEGERS = {pa.int64(): pd.Int64Dtype()}     # pandas' own integers know no null


def read(directory: str | Path, **options: Any) -> pd.DataFrame:
    """Rows of a dataset, sorted by site, doc_id and position, in one DataFrame.

    `options` are those of `batches`; without a commit there are no rows. Raises what `batches` raises.
    """
    asked = _asked(directory, **options)
    rows = pa.concat_tables([asked.empty(), *asked.parts(None)])
    return _frame(rows)


def batches(directory: str | Path, rows: int, **options: Any) -> Iterator[pd.DataFrame]:
    """The same rows in DataFrames of at most `rows` each, read as they are asked for; none is empty.

    Options: `table` is sections, pages, removed, tombstones or rejected. The flat columns, unless `columns` names
    others or `nested` asks for all. `snapshot` is a number, else the latest; `site`, `language` and `role` are one
    value or several, else all; `path` a heading, or several from the outermost down, whose sections and those below
    are wanted.
    Raises DatasetError for a folder that is no dataset of ours, a snapshot that is not there and a file that is
    lost or damaged; ConfigError for a table or column that there is none of.
    """
    asked = _asked(directory, **options)
    return (_frame(part.slice(at, rows)) for part in asked.parts(rows) for at in range(0, part.num_rows, rows))


def tables_of_all(
    directory: Path, numbers: Collection[int], table: str, columns: Sequence[str]
) -> Iterator[pa.Table]:
    """Columns of a table as Arrow tables, from each file that any of these snapshots has, once."""
    files = {file.path: file for number in numbers for file in _files(directory, table, number, None)}
    return (part for file in files.values() for part in _rows_of(directory, file, list(columns), _CHUNK_ROWS))


def tables(directory: str | Path, rows: int, **options: Any) -> Iterator[pa.Table]:
    """The same as Arrow tables, a file's rows about `rows` at a time."""
    return _asked(directory, **options).parts(rows)


def _asked(  # noqa: PLR0913 - options, all but one by name
    directory: str | Path,
    *,
    table: str = "sections",
    nested: bool = False,
    snapshot: int | None = None,
    columns: Sequence[str] | None = None,
    site: str | Collection[str] | None = None,
    language: str | Collection[str] | None = None,
    role: str | Collection[str] | None = None,
    path: str | Sequence[str] | None = None,
) -> "_Asked":
    folder = located(directory)
    if not (folder / SNAPSHOTS).is_dir():
        raise DatasetError(f"{folder} is no sectionary dataset")
    wanted = _wanted(table, columns, nested=nested)
    chosen = choice(table, language, role, path)
    sites = {site} if isinstance(site, str) else site
    files = () if table == "rejected" else tuple(_files(folder, table, snapshot, sites))
    return _Asked(directory=folder, table=table, wanted=wanted, choice=chosen, sites=sites, files=files)


class _Asked(Struct, frozen=True, kw_only=True):
    """What a reader asked for, looked up: the files that hold it, the columns wanted, the choice of rows."""

    directory: Path
    table: str
    wanted: list[str]
    choice: Choice
    sites: Collection[str] | None
    files: tuple[DataFile, ...]

    def parts(self, rows: int | None) -> Iterator[pa.Table]:
        """The rows, a file or, where `rows` says how many, about so many of a file at a time."""
        read = list(dict.fromkeys((*self.wanted, *self.choice.columns)))
        if self.table == "rejected":
            found = (part.select(read) for part in _rejected(self.directory, self.sites))
        else:
            found = (part for file in self.files for part in _rows_of(self.directory, file, read, rows))
        return (self.choice.of(part).select(self.wanted) for part in found)

    def empty(self) -> pa.Table:
        """No rows, with the columns wanted."""
        return schema(self.table).empty_table().select(self.wanted)


def _frame(rows: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = rows.to_pandas(types_mapper=_INTEGERS.get)
    return frame


def _wanted(table: str, columns: Sequence[str] | None, *, nested: bool) -> list[str]:
    if table not in _READABLE:
        raise ConfigError(f"no table {table} to read; there are {', '.join(_READABLE)}")
    names = schema(table).names
    if unknown := [name for name in columns or () if name not in names]:
        raise ConfigError(f"{table} has no column {', '.join(unknown)}; it has {', '.join(names)}")
    if columns is not None:
        return list(columns)
    return names if nested else list(flat_columns(table))


def _files(
    directory: Path, table: str, number: int | None, sites: Collection[str] | None
) -> Iterator[DataFile]:
    """The files that hold a table's rows once, in order, at a snapshot."""
    latest = snapshots.latest_number(directory) or 0
    if number is not None and not 1 <= number <= latest:
        raise DatasetError(f"{directory} has no snapshot {number}; the latest is {latest}")
    if not latest:
        return
    current = snapshots.load(directory, number or latest)
    for site, held in current.sites.items():
        if sites is None or site in sites:
            by_shard = {(file.shard, file.format): file for file in held.files if file.table == table}
            yield from (_best(by_shard, shard) for shard in sorted({shard for shard, _ in by_shard}))


def _best(files: dict[tuple[int, str], DataFile], shard: int) -> DataFile:
    names = ("parquet", *FORMATS)
    return next(files[shard, name] for name in names if (shard, name) in files)


def _rows_of(directory: Path, file: DataFile, wanted: list[str], rows: int | None) -> Iterator[pa.Table]:
    """The wanted columns of a file; one that an earlier release wrote is read as this one would have written it."""
    if file.format == "parquet" and file.schema_version == SCHEMA_VERSION:
        return where_it_lies(directory, file, lambda path: _parquet(path, wanted, rows))
    return _from_lines(stored_lines(directory, file), file.table, wanted, rows)


def _parquet(path: Path, wanted: list[str], rows: int | None) -> Iterator[pa.Table]:
    with opened(path) as file, pq.ParquetFile(file) as parquet:
        if rows is None:
            yield parquet.read(columns=wanted)
        else:
            for batch in parquet.iter_batches(batch_size=rows, columns=wanted):
                yield pa.Table.from_batches([batch])


def _from_lines(lines: Iterator[bytes], table: str, wanted: list[str], rows: int | None) -> Iterator[pa.Table]:
    """Rows given as JSON objects, a chunk at a time so that only the wanted columns gather."""
    while chunk := list(islice(lines, min(rows or _CHUNK_ROWS, _CHUNK_ROWS))):
        yield table_of(chunk, table).select(wanted)


def _rejected(directory: Path, sites: Collection[str] | None) -> Iterator[pa.Table]:
    """Lost pages; they are no part of a snapshot."""
    folder = directory / "rejected"
    files = sorted(folder.glob("*.jsonl")) if sites is None else [directory / rejected_path(s) for s in sites]
    for file in files:
        if file.exists():
            yield table_of(file.read_bytes().splitlines(), "rejected")
