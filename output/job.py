"""Job: one commit to one site, and what is known of it before anything is written.

What comes in, what goes and what is there lie by shard; how many shards there will be, and what becomes of the pages
of each, follows from that alone.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sectionary.output.change import Span
from sectionary.output.draft import Drafts
from sectionary.output.incoming import Incoming, Place
from sectionary.output.merge import Fates, Versions, fates
from sectionary.output.rows import Rows
from sectionary.output.shard import shard_count, shard_of
from sectionary.output.snapshot import DataFile
from sectionary.output.stored import stored_rows
from sectionary.output.tombstone import Departure, Tombstone


class Job(Struct, frozen=True, kw_only=True):
    """One commit: where, what comes in, what goes, what is there (`old` by shard, of which there were `old_shards`).

    `going` are the doc_ids in `removed` by shard, `stones` the tombstones that stand by doc_id.
    `span` is None at a site's first commit: there is nothing that it would have changed.
    """

    directory: Path
    site: str
    shards: int
    formats: tuple[str, ...]
    folder: Path
    incoming: Incoming
    removed: Mapping[str, Departure]
    going: Mapping[int, frozenset[str]]
    old: Mapping[int, tuple[DataFile, ...]]
    old_shards: int
    stones: Mapping[str, Tombstone]
    old_stones: tuple[DataFile, ...]
    span: Span | None
    feed: Drafts


def split(job: Job, shards: int) -> Job:
    """Give the job over so many shards."""
    going = defaultdict(set)
    for doc in job.removed:
        going[shard_of(doc, shards)].add(doc)
    return replace(job, shards=shards, going={number: frozenset(docs) for number, docs in going.items()})


def old_files(job: Job, number: int) -> tuple[DataFile, ...]:
    """Give the files of the shard that holds this one's pages until now."""
    return job.old.get(number * job.old_shards // job.shards, ())


def shard_rows(job: Job, number: int) -> Iterator[Rows]:
    """Give the rows of a shard as it is."""
    rows = stored_rows(job.directory, job.site, old_files(job, number))
    return (each for each in rows if shard_of(each.doc_id, job.shards) == number)


def decided_over(job: Job, number: int, hear: Versions | None = None) -> tuple[dict[str, Place], Fates]:
    """Tell what comes into one shard, and what becomes of its pages; `hear` is told of each that changes."""
    places = {place.doc_id: place for place in job.incoming.shard(number, job.shards)}
    removed = job.going.get(number, frozenset())
    if not places and not removed:
        return places, _NO_FATES
    rows = shard_rows(job, number)
    return places, fates(rows, places.keys(), lambda doc: job.incoming.rows(places[doc]), removed, hear)


_NO_FATES = Fates(written=frozenset(), unchanged=0, gone=frozenset(), freed=0)


def size_after(job: Job, shard_bytes: int) -> int:
    """Count the bytes that all rows of the site will take as JSON lines; at most so many where that decides nothing."""
    size = _row_bytes(job.old)
    most = size + job.incoming.row_bytes
    if shard_count(most, shard_bytes) <= job.old_shards:
        return most
    finer = split(job, shard_count(most, shard_bytes))     # so that a first commit does not hold all places at once
    for number in range(finer.shards):
        places, decided = decided_over(finer, number)
        size += sum(places[doc].row_bytes for doc in decided.written) - decided.freed
    return size


def _row_bytes(shards: Mapping[int, Sequence[DataFile]]) -> int:
    """What the pages and sections of all shards take as JSON lines; every format holds the same."""
    sizes = {
        (file.table, file.shard): file.row_bytes
        for files in shards.values()
        for file in files
        if file.table in ("pages", "sections")
    }
    return sum(sizes.values())
