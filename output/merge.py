"""Merging a shard: which pages stay, come in and go, and the files that this makes.

Deciding reads the old rows once and the new ones where a page has both; writing streams both, sorted by
doc_id, so that memory holds a row group and not a shard.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack
from hashlib import file_digest
from heapq import merge
from operator import attrgetter
from pathlib import Path

from msgspec import Struct

from sectionary.output.durable import move_file
from sectionary.output.formats import FORMATS, Writer
from sectionary.output.layout import data_path
from sectionary.output.rows import Rows, same_content
from sectionary.output.schema import TABLES
from sectionary.output.snapshot import DataFile


class Fates(Struct, frozen=True, kw_only=True):
    """What becomes of a shard's pages, by doc_id: those to write, staged as they were, and taken out."""

    written: frozenset[str]
    unchanged: frozenset[str]
    gone: frozenset[str]


class ShardPlace(Struct, frozen=True, kw_only=True):
    """Which shard of which site, in which formats, is to be written into `folder`."""

    site: str
    shard: int
    formats: tuple[str, ...]
    folder: Path


def fates(
    old: Iterable[Rows], staged: AbstractSet[str], rows_of: Callable[[str], Rows], removed: AbstractSet[str]
) -> Fates:
    """Decide over a shard: `old` are its rows, `staged` the doc_ids that come in, `removed` those to go."""
    wanted = staged - removed
    unchanged, gone = set(), set()
    for rows in old:
        if rows.doc_id in removed:
            gone.add(rows.doc_id)
        elif rows.doc_id in wanted and same_content(rows, rows_of(rows.doc_id)):
            unchanged.add(rows.doc_id)
    return Fates(
        written=frozenset(wanted - unchanged), unchanged=frozenset(unchanged), gone=frozenset(gone)
    )


def merged(old: Iterable[Rows], new: Iterable[Rows], without: AbstractSet[str]) -> Iterator[Rows]:
    """Pages of both, sorted by doc_id as each of them is; of `old` only those not in `without`."""
    surviving = (rows for rows in old if rows.doc_id not in without)
    return merge(surviving, new, key=attrgetter("doc_id"))


def write_shard(place: ShardPlace, pages: Iterable[Rows]) -> tuple[DataFile, ...]:
    """Write a shard's files, named by their content, below `place.folder`; none where there are no pages.

    Raises parquet.UnfitRowError for a row that the schema cannot hold.
    """
    place.folder.mkdir(parents=True, exist_ok=True)
    drafts = [_Draft(place, table, name) for table in sorted(TABLES) for name in place.formats]
    with ExitStack() as stack:
        for draft in drafts:
            stack.callback(draft.writer.close)
        for rows in pages:
            for draft in drafts:
                draft.writer.add(rows.of(draft.table))
    files = tuple(draft.named(place) for draft in drafts)
    return files if any(file.rows for file in files) else ()


class _Draft:
    """A file being written, which gets its name when its content is known."""

    def __init__(self, place: ShardPlace, table: str, name: str) -> None:
        self.table = table
        self._format = name
        self._path = place.folder / f"{table}-{place.shard}.{name}.draft"
        self.writer: Writer = FORMATS[name].open(self._path, table)

    def named(self, place: ShardPlace) -> DataFile:
        """Move the closed file to where its content says, and describe it."""
        with self._path.open("rb") as file:
            sha256 = file_digest(file, "sha256").hexdigest()
        path = data_path(self.table, place.site, place.shard, sha256, FORMATS[self._format].suffix)
        size = self._path.stat().st_size
        move_file(self._path, place.folder / path)
        return DataFile(
            path=path,
            table=self.table,
            format=self._format,
            shard=place.shard,
            rows=self.writer.rows,
            bytes=size,
            sha256=sha256,
        )


def same_formats(files: Sequence[DataFile], formats: Sequence[str]) -> bool:
    """Whether a shard's files are in exactly these formats; a shard without files is in any."""
    return not files or {file.format for file in files} == set(formats)
