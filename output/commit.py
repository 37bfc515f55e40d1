"""Commit: staged pages become the next snapshot of a dataset.

Shard by shard it is decided which pages stay, come in and go (merge.py); a shard in which nothing changes
keeps its files, and a commit in which no shard changes makes no snapshot. What changed is told section by
section (change.py). How the new files become visible in one step is told in publish.py.
"""

import os
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sectionary.output import layout
from sectionary.output.change import Span, page_changes
from sectionary.output.draft import Drafts
from sectionary.output.durable import drafting
from sectionary.output.evolution import check_types, keep_schemas
from sectionary.output.failpoint import reach
from sectionary.output.incoming import Incoming, Place
from sectionary.output.json_bytes import encoded
from sectionary.output.merge import Fates, ShardPlace, Versions, fates, is_current, merged, write_shard
from sectionary.output.parquet import UnfitRowError
from sectionary.output.publish import disk_errors, locked, publish, recovered
from sectionary.output.rejected import Rejected, write_rejected
from sectionary.output.rejected import rejected as rejected_row
from sectionary.output.rows import Rows, doc_id_of
from sectionary.output.schema import TABLES
from sectionary.output.settings import OutputSettings
from sectionary.output.shard import SHARD_BYTES, shard_count, shard_of
from sectionary.output.snapshot import DataFile, SiteFiles, Snapshot, row_count
from sectionary.output.stored import by_shard, stored_lines, stored_rows
from sectionary.output.takedowns import barred
from sectionary.output.tombstone import GONE, TAKEDOWN, Departure, Known, Tombstone, standing, tombstone
from sectionary.scraper.errors import LockedError, RecordError

_AT_ONCE = min(os.cpu_count() or 1, 4)   # shards that are written side by side; each holds its row groups in memory
_ATTEMPTS = 8                            # at a commit to an object store, where others may be first

EXCLUDED = Departure(state="excluded")


class Committed(Struct, frozen=True, kw_only=True):
    """What a commit did to a site, in pages.

    Of the staged pages each is `written` (new or changed), `unchanged`, `merged` (a later one had the same
    doc_id), `barred` (its doc_id is to be removed, or is `excluded`, which tells why) or in `lost` (its rows fit
    no table: a bug of ours). `removed` pages were in the dataset and are no more. `snapshot` is None where
    nothing changed; `pages`, `sections` and `files` are the site's after the commit, `new_files` those that it
    made.
    """

    snapshot: int | None
    written: int
    unchanged: int
    merged: int
    barred: int
    removed: int
    lost: tuple[Rejected, ...]
    excluded: Mapping[str, str]
    pages: int
    sections: int
    files: tuple[str, ...]
    new_files: tuple[str, ...]


class _Job(Struct, frozen=True, kw_only=True):
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


class _Shard(Struct, frozen=True, kw_only=True):
    """What one shard came to; `changes` are the feed's lines, by page, in their order."""

    files: tuple[DataFile, ...]
    changes: tuple[list[bytes], ...] = ()
    written: int = 0
    unchanged: int = 0
    gone: int = 0
    barred: int = 0
    lost: tuple[Rejected, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    returned: frozenset[str] = frozenset()


def commit(  # noqa: PLR0913 - options, all but three by name
    directory: Path,
    site: str,
    staged: Sequence[Path],
    *,
    removed: Mapping[str, Departure] | Collection[str] = (),
    rejected: Collection[Rejected] = (),
    settings: OutputSettings | None = None,
    created: str | None = None,
    shard_bytes: int = SHARD_BYTES,
) -> Committed:
    """Take the site's pages out of staged files into the dataset at `directory`.

    `staged` is in the order in which the pages were cleaned: of two versions of a page the later one counts.
    `removed` are doc_ids that must not be in the dataset from now on, besides those that were taken down, with the
    reason; without one they count as out of scope. `rejected` are all pages of the site that are lost as of now,
    apart from those in the staged files, and replace what rejected/ held of it. `settings` counts but for its
    directory. `created` is the snapshot's time, RFC 3339, else now. Shards hold about `shard_bytes` of JSON lines
    each.

    Raises DatasetError for a folder that is not ours, a damaged file, or columns of another type, LockedError
    while another process commits there, InterruptedRunError for a full or read-only disk.
    """
    asked = _Asked(
        directory=directory,
        site=site,
        staged=staged,
        removed=removed if isinstance(removed, Mapping) else dict.fromkeys(removed, EXCLUDED),
        rejected=rejected,
        settings=settings or OutputSettings(),
        created=created or _now(),
        shard_bytes=shard_bytes,
    )
    for _ in range(_ATTEMPTS):
        with disk_errors(directory), locked(directory), suppress(FileExistsError):
            return _committed_once(asked)
    raise LockedError(f"other processes commit to {directory} all the time; run again")


class _Asked(Struct, frozen=True, kw_only=True):
    """What `commit` was asked for."""

    directory: Path
    site: str
    staged: Sequence[Path]
    removed: Mapping[str, Departure]
    rejected: Collection[Rejected]
    settings: OutputSettings
    created: str
    shard_bytes: int


def _committed_once(asked: _Asked) -> Committed:
    """One attempt. Raises FileExistsError where another writer was first, which only an object store allows."""
    parent = recovered(asked.directory)
    if parent and asked.settings.type_changes == "refuse":
        check_types(asked.directory, parent)
    keep_schemas(asked.directory)
    incoming = Incoming(asked.staged, asked.site)
    excluded = dict(_excluded(asked.directory, asked.settings, incoming))
    with drafting(layout.staging_folder(asked.directory, parent.number + 1 if parent else 1)) as folder:
        job = _job(asked, parent, incoming, excluded, folder)
        job = _split(job, max(job.old_shards, shard_count(_size_after(job, asked.shard_bytes), asked.shard_bytes)))
        done = []
        for shard in _shards(job):
            for lines in shard.changes:
                job.feed.add(lines)
            done.append(replace(shard, changes=()))
            reach("commit.shard")
        files = (*(file for shard in done for file in shard.files), *_tombstone_files(job, done))
        new = _next(parent, asked.site, SiteFiles(shards=job.shards, **_counts(files), files=files), asked.created)
        if new is not None:
            publish(asked.directory, replace(new, changes=job.feed.named()), job.folder)
    _tell_losses(asked, (*asked.rejected, *incoming.rejected, *_lost_rows(done)))
    return _committed(job, done, files, new, excluded)


def _tell_losses(asked: _Asked, losses: Iterable[Rejected]) -> None:
    """Replace what rejected/ holds of the site; nothing is told of pages that were taken down."""
    taken = barred(asked.directory)
    write_rejected(
        asked.directory / layout.rejected_path(asked.site), (row for row in losses if not taken.holds([row.url]))
    )


def _excluded(directory: Path, settings: OutputSettings, incoming: Incoming) -> Iterator[tuple[str, str]]:
    """The staged pages that must not come in, with the reason; rows are read only where anything is excluded."""
    taken = barred(directory)
    if not taken and settings.licenses is None:
        return
    for place in incoming:
        page = msgspec.json.decode(incoming.rows(place).page, type=_Claims)
        if taken.holds((page.url, page.canonical_url), place.doc_id):
            yield place.doc_id, TAKEDOWN
        elif settings.licenses is not None and page.license not in settings.licenses:
            yield place.doc_id, f"licence: {page.license or 'not known'}"


class _Claims(Struct, frozen=True, kw_only=True):
    """What a page's row says of its place and licence."""

    url: str
    canonical_url: str | None
    license: str | None


def _job(
    asked: _Asked, parent: Snapshot | None, incoming: Incoming, excluded: Mapping[str, str], folder: Path
) -> _Job:
    old = parent.sites.get(asked.site) if parent else None
    number = parent.number + 1 if parent else 1
    span = Span(since=parent.number, snapshot=number, since_date=parent.created) if parent and old else None
    files = old.files if old else ()
    barred_here = {doc: Departure(state="excluded", reason=reason) for doc, reason in excluded.items()}
    job = _Job(
        directory=asked.directory,
        site=asked.site,
        shards=1,
        formats=asked.settings.formats,
        folder=folder,
        incoming=incoming,
        removed={**asked.removed, **barred_here},
        going={},
        old=by_shard(file for file in files if file.table in TABLES),
        old_shards=old.shards if old else 1,
        stones=_stones(asked.directory, files),
        old_stones=tuple(file for file in files if file.table == "tombstones"),
        span=span,
        feed=Drafts(folder, asked.site, "changes", number, asked.settings.formats),
    )
    return _split(job, job.old_shards)


def _split(job: _Job, shards: int) -> _Job:
    """The job over so many shards."""
    going = defaultdict(set)
    for doc in job.removed:
        going[shard_of(doc, shards)].add(doc)
    return replace(job, shards=shards, going={number: frozenset(docs) for number, docs in going.items()})


def _stones(directory: Path, files: Sequence[DataFile]) -> dict[str, Tombstone]:
    """The tombstones that stand, by doc_id."""
    file = next((file for file in files if file.table == "tombstones"), None)
    stones = map(_TOMBSTONE.decode, stored_lines(directory, file) if file else ())
    return {stone.doc_id: stone for stone in stones}


_TOMBSTONE = msgspec.json.Decoder(Tombstone)


def _size_after(job: _Job, shard_bytes: int) -> int:
    """Bytes that all rows of the site will take as JSON lines; at most so many where that decides nothing."""
    size = _row_bytes(job.old)
    most = size + job.incoming.row_bytes
    if shard_count(most, shard_bytes) <= job.old_shards:
        return most
    finer = _split(job, shard_count(most, shard_bytes))     # so that a first commit does not hold all places at once
    for number in range(finer.shards):
        places, decided = _decided(finer, number)
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


def _decided(job: _Job, number: int, hear: Versions | None = None) -> tuple[dict[str, Place], Fates]:
    """What comes into one shard, and what becomes of its pages."""
    places = {place.doc_id: place for place in job.incoming.shard(number, job.shards)}
    removed = job.going.get(number, frozenset())
    if not places and not removed:
        return places, _NO_FATES
    rows = _rows(job, number)
    return places, fates(rows, places.keys(), lambda doc: job.incoming.rows(places[doc]), removed, hear)


def _shards(job: _Job) -> Iterator[_Shard]:
    """Commit each shard, in order; some at a time, since reading and writing leave the interpreter to others."""
    with ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="shard") as hands:
        waiting: deque[Future[_Shard]] = deque()
        for number in range(job.shards):
            waiting.append(hands.submit(_commit_shard, job, number))
            if len(waiting) > _AT_ONCE:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _commit_shard(job: _Job, number: int) -> _Shard:
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

    places, decided = _decided(job, number, hear if job.span else None)
    barred = len(places.keys() & job.removed.keys())
    told = _Shard(
        files=_old_files(job, number),
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
    return replace(
        told, files=files, written=len(written), returned=written & job.stones.keys(), lost=tuple(lost.values()),
        changes=tuple(changes[doc] for doc in sorted(changes.keys() - lost.keys())),
    )  # fmt: skip


_NO_FATES = Fates(written=frozenset(), unchanged=0, gone=frozenset(), freed=0)


def _old_files(job: _Job, number: int) -> tuple[DataFile, ...]:
    """Files of the shard that holds this one's pages until now."""
    return job.old.get(number * job.old_shards // job.shards, ())


def _rows(job: _Job, number: int) -> Iterator[Rows]:
    """Rows of a shard as it is."""
    rows = stored_rows(job.directory, job.site, _old_files(job, number))
    return (each for each in rows if shard_of(each.doc_id, job.shards) == number)


def _written(
    job: _Job, number: int, decided: Fates, places: Sequence[Place]
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
            pages = merged(_rows(job, number), map(job.incoming.rows, new), without)
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


def _lost_rows(shards: Iterable[_Shard]) -> tuple[Rejected, ...]:
    return tuple(row for shard in shards for row in shard.lost)


def _tombstone_files(job: _Job, shards: Sequence[_Shard]) -> tuple[DataFile, ...]:
    """The site's tombstones: those that stood, but for pages that are back, and new ones."""
    new = [stone for shard in shards for stone in shard.tombstones]
    returned = frozenset().union(*(shard.returned for shard in shards))
    if is_current(job.old_stones, job.formats) and not new and not returned:
        return job.old_stones
    drafts = Drafts(job.folder, job.site, "tombstones", 0, job.formats)
    drafts.add([encoded(stone) for stone in standing(job.stones.values(), new, returned)])
    return drafts.named()


def _counts(files: Sequence[DataFile]) -> dict[str, int]:
    """Rows of both main tables, each shard counted once: every format holds it in full."""
    return {table: row_count(files, table) for table in ("pages", "sections")}


def _next(parent: Snapshot | None, site: str, files: SiteFiles, created: str) -> Snapshot | None:
    """The snapshot that follows, or None where the site is as it was."""
    sites = parent.sites if parent else {}
    before = sites[site].files if site in sites else ()
    if before == files.files:
        return None
    return Snapshot(
        layout_version=layout.LAYOUT_VERSION,
        number=parent.number + 1 if parent else 1,
        parent=parent.number if parent else None,
        created=created,
        sites=dict(sorted((sites | {site: files}).items())),
    )


def _committed(
    job: _Job,
    shards: Sequence[_Shard],
    files: Sequence[DataFile],
    new: Snapshot | None,
    excluded: Mapping[str, str],
) -> Committed:
    paths = tuple(file.path for file in files)
    before = {file.path for files in (*job.old.values(), job.old_stones) for file in files}
    return Committed(
        snapshot=new.number if new else None,
        written=sum(shard.written for shard in shards),
        unchanged=sum(shard.unchanged for shard in shards),
        merged=job.incoming.merged,
        barred=sum(shard.barred for shard in shards),
        removed=sum(shard.gone for shard in shards),
        lost=_lost_rows(shards),
        excluded=excluded,
        **_counts(files),
        files=paths,
        new_files=tuple(path for path in paths if path not in before),
    )


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
