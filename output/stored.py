"""Stored: the rows of a snapshot's files, as lines in the columns of this release, wherever the files lie now."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from gzip import BadGzipFile
from hashlib import file_digest
from pathlib import Path
from typing import Any, TypeVar, cast

import pyarrow as pa
import zstandard
from isal import igzip_lib

from sectionary.output.durable import opened
from sectionary.output.evolution import upgraded
from sectionary.output.formats import FORMATS
from sectionary.output.layout import history_path
from sectionary.output.record import SCHEMA_VERSION
from sectionary.output.rows import Rows, paired
from sectionary.output.snapshot import DataFile
from sectionary.scraper.errors import DatasetError

_ISAL_ERROR: Any = igzip_lib.IsalError
Read = TypeVar("Read")
DAMAGE = (pa.ArrowException, EOFError, zstandard.ZstdError, zlib.error, _ISAL_ERROR, BadGzipFile, ValueError)


def where_it_lies(directory: Path, file: DataFile, reader: Callable[[Path], Iterator[Read]]) -> Iterator[Read]:
    """What `reader` makes of a file, in its place or in history: a commit moves it, and an open one stays.

    Raises DatasetError for one that is lost or damaged.
    """
    for path in (file.path, history_path(file.path)):
        try:
            yield from reader(directory / path)
        except FileNotFoundError:
            continue
        except DAMAGE as error:
            raise DatasetError(f"{directory / path} is damaged: {error}") from error
        return
    raise DatasetError(f"{directory / file.path} is lost")


def located(directory: Path, file: DataFile) -> Path:
    """Where a snapshot's file is: a commit moves it at most from its place into history. Raises DatasetError."""
    for path in (file.path, history_path(file.path)):
        if (directory / path).exists():
            return directory / path
    raise DatasetError(f"{directory / file.path} is lost")


def checked(path: Path, file: DataFile) -> str | None:
    """What is wrong with the bytes at `path`, None where they are those that were committed."""
    if (size := path.stat().st_size) != file.bytes:
        return f"it has {size} bytes, not {file.bytes}"
    with opened(path) as file_:
        return None if file_digest(cast(Any, file_), "sha256").hexdigest() == file.sha256 else "its checksum is another"


def stored_lines(directory: Path, file: DataFile) -> Iterator[bytes]:
    """Rows of one file in order. Raises DatasetError for one that is lost or cannot be read."""
    for line in where_it_lies(directory, file, FORMATS[file.format].lines):
        yield line if file.schema_version == SCHEMA_VERSION else upgraded(line, file.table)


def stored_rows(directory: Path, site: str, files: Sequence[DataFile]) -> Iterator[Rows]:
    """Pages of one shard by doc_id, from the format that is cheapest to read; none where there are no files.

    Raises DatasetError for a file that is not as it was committed, so that no damage gets into another file.
    """
    if not files:
        return iter(())
    found = {(file.table, file.format): file for file in files}
    name = next(name for name in FORMATS if ("pages", name) in found)
    both = [found[table, name] for table in ("pages", "sections")]
    for file in both:
        path = located(directory, file)
        if flaw := checked(path, file):
            raise DatasetError(f"{path} is damaged: {flaw}; put it back from a copy, or clean into a new folder")
    return paired(site, *(stored_lines(directory, file) for file in both))


def by_shard(files: Iterable[DataFile]) -> dict[int, tuple[DataFile, ...]]:
    """The files of each shard."""
    found: dict[int, list[DataFile]] = {}
    for file in files:
        found.setdefault(file.shard, []).append(file)
    return {shard: tuple(group) for shard, group in found.items()}
