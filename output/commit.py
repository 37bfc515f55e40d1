"""Commit: staged pages become the next snapshot of a dataset.

Shard by shard it is decided which pages stay, come in and go (job.py, merge.py); a shard in which nothing changes
keeps its files (commitshard.py), and a commit in which no shard changes makes no snapshot. What changed is told section
by section (change.py). How the new files become visible in one step is told in publish.py.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sectionary.output import layout
from sectionary.output.change import Span
from sectionary.output.commitshard import ShardResult, commit_shard
from sectionary.output.draft import Drafts
from sectionary.output.durable import drafting
from sectionary.output.evolution import check_types, keep_schemas
from sectionary.output.failpoint import reach
from sectionary.output.incoming import Incoming
from sectionary.output.job import Job, size_after, split
from sectionary.output.json_bytes import encoded
from sectionary.output.merge import is_current
from sectionary.output.publish import disk_errors, locked, publish, recovered
from sectionary.output.rejected import Rejected, write_rejected
from sectionary.output.schema import TABLES
from sectionary.output.settings import OutputSettings
from sectionary.output.shard import SHARD_BYTES, shard_count
from sectionary.output.snapshot import DataFile, SiteFiles, Snapshot, row_count
from sectionary.output.stored import by_shard, stored_lines
from sectionary.output.takedowns import barred
from sectionary.output.tombstone import TAKEDOWN, Departure, Tombstone, standing
from sectionary.scraper.errors import LockedError

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
        job = split(job, max(job.old_shards, shard_count(size_after(job, asked.shard_bytes), asked.shard_bytes)))
        done = []
        for number in range(job.shards):
            done.append(commit_shard(job, number))
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
) -> Job:
    old = parent.sites.get(asked.site) if parent else None
    number = parent.number + 1 if parent else 1
    span = Span(since=parent.number, snapshot=number, since_date=parent.created) if parent and old else None
    files = old.files if old else ()
    barred_here = {doc: Departure(state="excluded", reason=reason) for doc, reason in excluded.items()}
    job = Job(
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
    return split(job, job.old_shards)


def _stones(directory: Path, files: Sequence[DataFile]) -> dict[str, Tombstone]:
    """The tombstones that stand, by doc_id."""
    file = next((file for file in files if file.table == "tombstones"), None)
    stones = map(_TOMBSTONE.decode, stored_lines(directory, file) if file else ())
    return {stone.doc_id: stone for stone in stones}


_TOMBSTONE = msgspec.json.Decoder(Tombstone)


def _lost_rows(shards: Iterable[ShardResult]) -> tuple[Rejected, ...]:
    return tuple(row for shard in shards for row in shard.lost)


def _tombstone_files(job: Job, shards: Sequence[ShardResult]) -> tuple[DataFile, ...]:
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
    job: Job,
    shards: Sequence[ShardResult],
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
