"""The shards of a commit: each decided over, written anew if anything in it changes, and what changed told."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sectionary.output.change import page_changes
from sectionary.output.incoming import Place
from sectionary.output.job import Job, decided_over, old_files, shard_rows
from sectionary.output.json_bytes import encoded
from sectionary.output.merge import Fates, ShardPlace, is_current, merged, write_shard
from sectionary.output.parquet import UnfitRowError
from sectionary.output.rejected import Rejected
from sectionary.output.rejected import rejected as rejected_row
from sectionary.output.rows import Rows, doc_id_of
from sectionary.output.snapshot import DataFile
from sectionary.output.tombstone import GONE, Known, Tombstone, tombstone
from sectionary.scraper.errors import RecordError


class ShardResult(Struct, frozen=True, kw_only=True):
    """What one shard came to."""

    files: tuple[DataFile, ...]
    written: int = 0
    unchanged: int = 0
    gone: int = 0
    barred: int = 0
    lost: tuple[Rejected, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    returned: frozenset[str] = frozenset()


def commit_shard(job: Job, number: int) -> ShardResult:
    """Decide over one shard, write it if anything in it changes, and tell what did."""
    changes: dict[str, list[bytes]] = {}
    stones: list[Tombstone] = []

    def hear(before: Rows | None, after: Rows | None) -> None:
        rows = after or before
        assert rows is not None and job.span is not None  # noqa: PT018, S101  for the type checker
        why = job.removed.get(rows.doc_id)
        changes[rows.doc_id] = [encoded(change) for change in page_changes(before, after, job.span, why)]
        if after is None and why and why.state == GONE:
            stones.append(tombstone(msgspec.json.decode(rows.page, type=Known), why))

    places, decided = decided_over(job, number, hear if job.span else None)
    barred = len(places.keys() & job.removed.keys())
    told = ShardResult(
        files=old_files(job, number),
        unchanged=decided.unchanged,
        gone=len(decided.gone),
        barred=barred,
        tombstones=tuple(stones),
    )
    same = job.shards == job.old_shards and is_current(told.files, job.formats)
    if same and not decided.written and not decided.gone:
        return told
    files, lost = _written(job, number, decided, [places[doc] for doc in sorted(decided.written)])
    written = decided.written - lost.keys()
    for doc in sorted(changes.keys() - lost.keys()):
        job.feed.add(changes[doc])
    returned = written & job.stones.keys()
    return replace(told, files=files, written=len(written), returned=returned, lost=tuple(lost.values()))


def _written(
    job: Job, number: int, decided: Fates, places: Sequence[Place]
) -> tuple[tuple[DataFile, ...], dict[str, Rejected]]:
    """Write a shard, again without the page where one turns out to have a row that fits no table.

    Such a page is lost; if it was in the dataset before, it stays as it was.
    """
    target = ShardPlace(site=job.site, shard=number, formats=job.formats, folder=job.folder)
    lost: dict[str, Rejected] = {}
    while True:
        new = [place for place in places if place.doc_id not in lost]
        without = {*decided.gone, *(place.doc_id for place in new), *(lost.keys() - decided.written)}
        try:
            pages = merged(shard_rows(job, number), map(job.incoming.rows, new), without)
            return write_shard(target, pages), lost
        except UnfitRowError as error:
            lost[doc_id_of(error.line)] = _loss(job.site, error)


class _Origin(Struct, frozen=True, kw_only=True):
    """What a row of either table says of where it comes from."""

    url: str
    date_fetched: str | None


def _loss(site: str, error: UnfitRowError) -> Rejected:
    row = msgspec.json.decode(error.line, type=_Origin)
    page_error = RecordError(row.url.partition("#")[0], f"record: {error}")
    return rejected_row(page_error, site, date=row.date_fetched)
