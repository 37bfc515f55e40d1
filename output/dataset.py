"""Reading a dataset into pandas: one snapshot, whole, whatever is committed meanwhile."""

import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from sectionary.output import snapshot as snapshots
from sectionary.output.formats import FORMATS
from sectionary.output.layout import SNAPSHOTS, history_path, rejected_path
from sectionary.output.parquet import UnfitRowError, table_of
from sectionary.output.schema import RECORDS, flat_columns, schema
from sectionary.output.snapshot import DataFile
from sectionary.scraper.errors import ConfigError, DatasetError

_CHUNK_ROWS = 1024
_INTEGERS = {pa.int64(): pd.Int64Dtype()}     # pandas' own integers know no null


def read(  # noqa: PLR0913 - options, all but one by name
    path: str | Path,
    *,
    table: str = "sections",
    nested: bool = False,
    snapshot: int | None = None,
    columns: Sequence[str] | None = None,
    site: str | Collection[str] | None = None,
) -> pd.DataFrame:
    """Rows of a dataset, sorted by site, doc_id and position.

    `table` is sections, pages or rejected. The flat columns, unless `columns` names others or `nested` asks
    for all. `snapshot` is a number, else the latest; `site` one site or several, else all. A dataset without
    a commit has no rows. Raises DatasetError for a folder that is no dataset of ours, a snapshot that is not
    there and a file that is lost; ConfigError for a table or column that there is none of.
    """
    directory = Path(path)
    if not (directory / SNAPSHOTS).is_dir():
        raise DatasetError(f"{directory} is no sectionary dataset")
    wanted = _wanted(table, columns, nested=nested)
    sites = {site} if isinstance(site, str) else site
    if table == "rejected":
        parts = list(_rejected(directory, sites))
    else:
        files = _files(directory, table, snapshot, sites)
        parts = [_opened(directory, file, _reader(file, wanted)) for file in files]
    empty = schema(table).empty_table()
    rows = pa.concat_tables([part.select(wanted) for part in (empty, *parts)])
    frame: pd.DataFrame = rows.to_pandas(types_mapper=_INTEGERS.get)
    return frame


def _wanted(table: str, columns: Sequence[str] | None, *, nested: bool) -> list[str]:
    if table not in RECORDS:
        raise ConfigError(f"no table {table}; there are {', '.join(RECORDS)}")
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


def _opened(directory: Path, file: DataFile, reader: Callable[[Path], pa.Table]) -> pa.Table:
    """Read a file where it is: a commit moves it at most from its place into history."""
    for path in (file.path, history_path(file.path)):
        try:
            return reader(directory / path)
        except FileNotFoundError:
            continue
        except (pa.ArrowException, UnfitRowError, EOFError, zlib.error, zstandard.ZstdError) as error:
            raise DatasetError(f"{directory / path} is damaged: {error}") from None
    raise DatasetError(f"{directory / file.path} is lost")


def _reader(file: DataFile, wanted: list[str]) -> Callable[[Path], pa.Table]:
    if file.format == "parquet":
        return lambda path: _parquet(path, wanted)
    lines = FORMATS[file.format].lines
    return lambda path: _from_lines(lines(path), file.table, wanted)


def _parquet(path: Path, wanted: list[str]) -> pa.Table:
    with path.open("rb") as file, pq.ParquetFile(file) as parquet:
        return parquet.read(columns=wanted)


def _from_lines(lines: Iterator[bytes], table: str, wanted: list[str]) -> pa.Table:
    """Rows given as JSON objects, a chunk at a time so that only the wanted columns gather."""
    parts = []
    while chunk := list(islice(lines, _CHUNK_ROWS)):
        parts.append(table_of(chunk, table).select(wanted))
    return pa.concat_tables([schema(table).empty_table().select(wanted), *parts])


def _rejected(directory: Path, sites: Collection[str] | None) -> Iterator[pa.Table]:
    """Lost pages; they are no part of a snapshot."""
    folder = directory / "rejected"
    files = sorted(folder.glob("*.jsonl")) if sites is None else [directory / rejected_path(s) for s in sites]
    for file in files:
        if file.exists():
            yield table_of(file.read_bytes().splitlines(), "rejected")
