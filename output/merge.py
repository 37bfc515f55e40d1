"""Merging a shard: which pages stay, come in and go, and the files that this makes.

Deciding reads the old rows once and the new ones where a page has both; writing streams both, sorted by
doc_id, so that memory holds a row group and not a shard.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack
from heapq import merge
from operator import attrgetter
from pathlib import Path

from msgspec import Struct

from sectionary.output.draft import Draft
from sectionary.output.record import SCHEMA_VERSION
from sectionary.output.rows import Rows, same_content
from sectionary.output.schema import TABLES
from sectionary.output.snapshot import DataFile

Versions = Callable[[Rows | None, Rows | None], None]


class Fates(Struct, frozen=True, kw_only=True):
    """What becomes of a shard's pages, by doc_id: those to write, staged as they were, and taken out.

    `freed` is how many bytes of JSON lines the versions took that are replaced or taken out.
    """

    written: frozenset[str]
    unchanged: int
    gone: frozenset[str]
    freed: int


class ShardPlace(Struct, frozen=True, kw_only=True):
    """Which shard of which site, in which formats, is to be written into `folder`."""

    site: str
    shard: int
    formats: tuple[str, ...]
    folder: Path


def fates(
    old: Iterable[Rows],
    staged: AbstractSet[str],
    rows_of: Callable[[str], Rows],
    removed: AbstractSet[str],
    hear: Versions | None = None,
) -> Fates:
    """Decide over a shard: `old` are its rows, `staged` the doc_ids that come in, `removed` those to go.

    `hear` is told the old and the new version of each page that makes a difference.
    """
    wanted = staged - removed
    seen, unchanged, gone = set(), set(), set()
    freed = 0
    for rows in old:
        new = rows_of(rows.doc_id) if rows.doc_id in wanted else None
        seen.add(rows.doc_id)
        if new is None and rows.doc_id not in removed:
            continue
        if new is None:
            gone.add(rows.doc_id)
        elif same_content(rows, new):
            unchanged.add(rows.doc_id)
            continue
        freed += rows.size
        if hear:
            hear(rows, new)
    if hear:
        for doc_id in sorted(wanted - seen):
            hear(None, rows_of(doc_id))
    return Fates(written=frozenset(wanted - unchanged), unchanged=len(unchanged), gone=frozenset(gone), freed=freed)


def merged(old: Iterable[Rows], new: Iterable[Rows], without: AbstractSet[str]) -> Iterator[Rows]:
    """Pages of both, sorted by doc_id as each of them is; of `old` only those not in `without`."""
    surviving = (rows for rows in old if rows.doc_id not in without)
    return merge(surviving, new, key=attrgetter("doc_id"))


def write_shard(place: ShardPlace, pages: Iterable[Rows]) -> tuple[DataFile, ...]:
    """Write a shard's files, named by their content, below `place.folder`; none where there are no pages.

    Raises parquet.UnfitRowError for a row that the schema cannot hold.
    """
    pairs = ((table, name) for table in sorted(TABLES) for name in place.formats)
    drafts = [Draft(place.folder, place.site, table, place.shard, name) for table, name in pairs]
    with ExitStack() as stack:
        for draft in drafts:
            stack.callback(draft.close)
        for rows in pages:
            lines = {table: rows.of(table) for table in TABLES}
            for draft in drafts:
                draft.add(lines[draft.table])
    files = tuple(draft.named() for draft in drafts)
    return files if any(file.rows for file in files) else ()


def is_current(files: Sequence[DataFile], formats: Sequence[str]) -> bool:
    """Whether a shard's files are in exactly these formats and this release's columns; without files it is."""
    return not files or (
        {file.format for file in files} == set(formats)
        and {file.schema_version for file in files} == {SCHEMA_VERSION}
    )
