"""Commit: staged pages become the next snapshot of a dataset.

Shard by shard it is decided which pages stay, come in and go (merge.py); a shard in which nothing changes
keeps its files, and a commit in which no shard changes makes no snapshot. How the new files become visible
in one step is told in publish.py.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from sectionary.output import layout
from sectionary.output.durable import drafting
from sectionary.output.formats import FORMATS
from sectionary.output.incoming import Incoming, Place
from sectionary.output.merge import Fates, ShardPlace, fates, merged, same_formats, write_shard
from sectionary.output.parquet import UnfitRowError
from sectionary.output.publish import disk_errors, locked, publish, recovered
from sectionary.output.rejected import Rejected, write_rejected
from sectionary.output.rejected import rejected as rejected_row
from sectionary.output.rows import Rows, doc_id_of, paired
from sectionary.output.settings import OutputSettings
from sectionary.output.shard import shard_count, shard_of
from sectionary.output.snapshot import DataFile, SiteFiles, Snapshot, row_count
from sectionary.output.takedowns import barred
from sectionary.scraper.errors import LockedError, RecordError

_ATTEMPTS = 8                            # at a commit to an object store, where others may be first


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
    """One commit: where, what comes in, what goes, what is there (the last two by shard)."""

    directory: Path
    site: str
    shards: int
    formats: tuple[str, ...]
    folder: Path
    incoming: Incoming
    removed: Mapping[int, frozenset[str]]
    old: Mapping[int, tuple[DataFile, ...]]


class _Shard(Struct, frozen=True, kw_only=True):
    """What one shard came to."""

    files: tuple[DataFile, ...]
    fates: Fates
    written: int
    barred: int
    lost: tuple[Rejected, ...]


def commit(  # noqa: PLR0913 - options, all but three by name
    directory: Path,
    site: str,
    staged: Sequence[Path],
    *,
    removed: Collection[str] = (),
    rejected: Collection[Rejected] = (),
    settings: OutputSettings | None = None,
    expected_pages: int | None = None,
    created: str | None = None,
) -> Committed:
    """Take the site's pages out of staged files into the dataset at `directory`.

    `staged` is in the order in which the pages were cleaned: of two versions of a page the later one counts.
    `removed` are doc_ids that must not be in the dataset from now on, besides those that were taken down.
    `rejected` are all pages of the site that are lost as of now, apart from those in the staged files, and
    replace what rejected/ held of it.
    `settings` counts but for its directory. `expected_pages`, how many the site will have, helps to choose
    the number of shards at its first commit. `created` is the snapshot's time, RFC 3339, else now.

    Raises DatasetError for a folder that is not ours or a damaged file, LockedError while another process
    commits there, InterruptedRunError for a full or read-only disk.
    """
    options = settings or OutputSettings()
    for _ in range(_ATTEMPTS):
        with disk_errors(directory), locked(directory), suppress(FileExistsError):
            return _committed_once(directory, site, staged, removed, rejected, options, expected_pages, created)
    raise LockedError(f"other processes commit to {directory} all the time; run again")


def _committed_once(  # noqa: PLR0913, PLR0917 - those of `commit`
    directory: Path,
    site: str,
    staged: Sequence[Path],
    removed: Collection[str],
    rejected: Collection[Rejected],
    settings: OutputSettings,
    expected_pages: int | None,
    created: str | None,
) -> Committed:
    """One attempt. Raises FileExistsError where another writer was first, which only an object store allows."""
    parent = recovered(directory)
    old = parent.sites.get(site) if parent else None
    incoming = Incoming(staged, site)
    shards = old.shards if old else shard_count(_expected_size(incoming, expected_pages))
    excluded = dict(_excluded(directory, settings, incoming, shards))
    with drafting(layout.staging_folder(directory, parent.number + 1 if parent else 1)) as folder:
        job = _Job(
            directory=directory,
            site=site,
            shards=shards,
            formats=settings.formats,
            folder=folder,
            incoming=incoming,
            removed=_by_shard({*removed, *excluded}, shards),
            old=_files_by_shard(old.files if old else ()),
        )
        done = [_commit_shard(job, number) for number in range(shards)]
        new = _next(parent, site, _site_files(done), created or _now())
        if new is not None:
            publish(directory, new, job.folder)
    losses = (*rejected, *incoming.rejected, *_lost_rows(done))
    taken = barred(directory)
    write_rejected(directory / layout.rejected_path(site), (row for row in losses if not taken.holds([row.url])))
    return _committed(job, done, new, excluded)


def _excluded(
    directory: Path, settings: OutputSettings, incoming: Incoming, shards: int
) -> Iterator[tuple[str, str]]:
    """The staged pages that must not come in, with the reason; rows are read only where anything is excluded."""
    taken = barred(directory)
    if not taken and settings.licenses is None:
        return
    for place in (place for shard in range(shards) for place in incoming.shard(shard, shards)):
        page = msgspec.json.decode(incoming.rows(place).page, type=_Claims)
        if taken.holds((page.url, page.canonical_url), place.doc_id):
            yield place.doc_id, "takedown"
        elif settings.licenses is not None and page.license not in settings.licenses:
            yield place.doc_id, f"licence: {page.license or 'not known'}"


class _Claims(Struct, frozen=True, kw_only=True):
    """What a page's row says of its place and licence."""

    url: str
    canonical_url: str | None
    license: str | None


def _expected_size(incoming: Incoming, pages: int | None) -> int:
    """Bytes that the whole site will take; staged pages are packed about as small as in Parquet."""
    if not len(incoming):
        return 0
    return incoming.size * max(pages or 0, len(incoming)) // len(incoming)


def _by_shard(doc_ids: Iterable[str], shards: int) -> dict[int, frozenset[str]]:
    found = defaultdict(set)
    for doc_id in doc_ids:
        found[shard_of(doc_id, shards)].add(doc_id)
    return {shard: frozenset(ids) for shard, ids in found.items()}


def _files_by_shard(files: Iterable[DataFile]) -> dict[int, tuple[DataFile, ...]]:
    found = defaultdict(list)
    for file in files:
        found[file.shard].append(file)
    return {shard: tuple(group) for shard, group in found.items()}


def _commit_shard(job: _Job, number: int) -> _Shard:
    """Decide over one shard, and write it if anything in it changes."""
    old = job.old.get(number, ())
    removed = job.removed.get(number, frozenset())
    places = {place.doc_id: place for place in job.incoming.shard(number, job.shards)}
    decided = _NO_FATES
    if places or removed:
        decided = fates(_rows(job, old), places.keys(), lambda doc: job.incoming.rows(places[doc]), removed)
    barred = len(places.keys() & removed)
    if not decided.written and not decided.gone and same_formats(old, job.formats):
        return _Shard(files=old, fates=decided, written=0, barred=barred, lost=())
    files, lost = _written(job, number, decided, [places[doc] for doc in sorted(decided.written)])
    written = len(decided.written - lost.keys())
    return _Shard(files=files, fates=decided, written=written, barred=barred, lost=tuple(lost.values()))


_NO_FATES = Fates(written=frozenset(), unchanged=frozenset(), gone=frozenset())


def _written(
    job: _Job, number: int, decided: Fates, places: Sequence[Place]
) -> tuple[tuple[DataFile, ...], dict[str, Rejected]]:
    """Write a shard, again without the page where one turns out to have a row that fits no table.

    Such a page is lost; if it was in the dataset before, it stays as it was.
    """
    target = ShardPlace(site=job.site, shard=number, formats=job.formats, folder=job.folder)
    old = job.old.get(number, ())
    lost: dict[str, Rejected] = {}
    while True:
        new = [place for place in places if place.doc_id not in lost]
        without = {*decided.gone, *(place.doc_id for place in new), *(lost.keys() - decided.written)}
        try:
            pages = merged(_rows(job, old), map(job.incoming.rows, new), without)
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


def _rows(job: _Job, files: Sequence[DataFile]) -> Iterator[Rows]:
    """Rows of a shard as it is, from the format that is cheapest to read."""
    if not files:
        return iter(())
    paths = {(file.table, file.format): job.directory / file.path for file in files}
    name = next(name for name in FORMATS if ("pages", name) in paths)
    pages, sections = (FORMATS[name].lines(paths[table, name]) for table in ("pages", "sections"))
    return paired(job.site, pages, sections)


def _lost_rows(shards: Iterable[_Shard]) -> tuple[Rejected, ...]:
    return tuple(row for shard in shards for row in shard.lost)


def _site_files(shards: Sequence[_Shard]) -> SiteFiles:
    files = tuple(file for shard in shards for file in shard.files)
    pages, sections = row_count(files, "pages"), row_count(files, "sections")
    return SiteFiles(shards=len(shards), pages=pages, sections=sections, files=files)


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
    job: _Job, shards: Sequence[_Shard], new: Snapshot | None, excluded: Mapping[str, str]
) -> Committed:
    site = _site_files(shards)
    paths = tuple(file.path for file in site.files)
    before = {file.path for files in job.old.values() for file in files}
    return Committed(
        snapshot=new.number if new else None,
        written=sum(shard.written for shard in shards),
        unchanged=sum(len(shard.fates.unchanged) for shard in shards),
        merged=job.incoming.merged,
        barred=sum(shard.barred for shard in shards),
        removed=sum(len(shard.fates.gone) for shard in shards),
        lost=_lost_rows(shards),
        excluded=excluded,
        pages=site.pages,
        sections=site.sections,
        files=paths,
        new_files=tuple(path for path in paths if path not in before),
    )


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
