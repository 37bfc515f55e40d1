"""Feed: the changes between any two kept snapshots, section by section."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

import msgspec
from msgspec import Struct

from sectionary.output.change import Change, Span, page_changes, taken_down
from sectionary.output.formats import FORMATS
from sectionary.output.layout import SNAPSHOTS
from sectionary.output.rows import Rows, same_content
from sectionary.output.snapshot import DataFile, SiteFiles, Snapshot, kept_numbers, latest_number, load
from sectionary.output.stored import by_shard, stored_lines, stored_rows
from sectionary.output.tombstone import GONE, TAKEDOWN, Departure
from sectionary.scraper.errors import ConfigError, DatasetError

Versions = tuple[Rows | None, Rows | None]
_CHEAPEST = tuple(FORMATS)
_COMPARED = ("pages", "sections")

NOTHING = Snapshot(layout_version=0, number=0, parent=None, created="", sites={})
_NO_FILES = SiteFiles(shards=1, pages=0, sections=0, files=())


def changes(directory: Path, since: str | None = None, until: int | None = None) -> Iterator[Change]:
    """The changes after snapshot `since` up to `until`, by site and page.

    `since` is a number, 0 for an empty dataset, or a date or time (RFC 3339; a date begins at 0:00 UTC): the last
    snapshot made by then. Without it, it is the one before `until`, which is the latest where none is named.
    Raises DatasetError for a folder that is not ours, and for a snapshot that is not kept.
    """
    if not (directory / SNAPSHOTS).is_dir():
        raise DatasetError(f"{directory} is no sectionary dataset")
    kept = kept_numbers(directory)
    last = until if until is not None else latest_number(directory)
    if last is None:
        return iter(())
    new = _kept(directory, last, kept)
    old = _older(directory, since, new, kept)
    return _between(directory, old, new, kept)


def _kept(directory: Path, number: int, kept: list[int]) -> Snapshot:
    if number not in kept:
        raise DatasetError(f"{directory} has no snapshot {number}; kept are {_ranges(kept)}")
    return load(directory, number)


def _ranges(kept: list[int]) -> str:
    return f"{kept[0]} to {kept[-1]}" if kept else "none"


def _older(directory: Path, since: str | None, new: Snapshot, kept: list[int]) -> Snapshot:
    if since is None:
        since = str(new.parent or 0)
    number = int(since) if since.isdecimal() else _made_by(directory, _moment(since), kept)
    if number == 0:
        return NOTHING
    if number > new.number:
        raise DatasetError(f"{directory}: snapshot {number} is not before snapshot {new.number}")
    return _kept(directory, number, kept)


def _moment(text: str) -> str:
    """A date or time as snapshots tell it, in UTC. Raises DatasetError for what is neither."""
    try:
        if len(text) == len("2026-11-22"):
            return f"{date.fromisoformat(text)}T00:00:00Z"
        return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        raise ConfigError(f"--since {text}: neither the number of a snapshot nor a date like 2026-11-22") from None


def _made_by(directory: Path, moment: str, kept: list[int]) -> int:
    """The last snapshot made at or before a moment; 0 where the first one of all came later."""
    made = [number for number in kept if load(directory, number).created <= moment]
    if not made and kept and kept[0] > 1:
        raise DatasetError(f"{directory}: no snapshot from {moment} or before is kept; kept are {_ranges(kept)}")
    return max(made, default=0)


def _between(directory: Path, old: Snapshot, new: Snapshot, kept: list[int]) -> Iterator[Change]:
    span = Span(since=old.number, snapshot=new.number, since_date=old.created)
    why = _departures(directory, [number for number in kept if old.number < number <= new.number])
    for site in sorted(old.sites.keys() | new.sites.keys()):
        before, after = (each.sites.get(site, _NO_FILES) for each in (old, new))
        taken = {doc for (at, doc), left in why.items() if at == site and left.reason == TAKEDOWN and old.number}
        for was, now in _versions(directory, site, before, after):
            rows = now or was
            assert rows is not None  # noqa: S101  for the type checker
            taken.discard(rows.doc_id)
            yield from page_changes(was, now, span, why.get((site, rows.doc_id)))
        yield from (taken_down(doc, site, span) for doc in sorted(taken))    # which no snapshot holds any more


class _Told(Struct, frozen=True):
    """What is needed of a change that was told when it was committed."""

    site: str
    doc_id: str
    change: str
    cause: str


def _departures(directory: Path, numbers: Iterable[int]) -> dict[tuple[str, str], Departure]:
    """Why pages lost sections, by site and doc_id, as told by the commits that took them out."""
    found = {}
    for number in numbers:
        told = sorted(load(directory, number).changes, key=lambda file: _CHEAPEST.index(file.format))
        for line in chain.from_iterable(stored_lines(directory, file) for file in told[:1]):
            change = _TOLD.decode(line)
            if change.change == "removed":
                found[change.site, change.doc_id] = _DEPARTURES.get(change.cause, Departure(state=GONE))
    return found


_TOLD = msgspec.json.Decoder(_Told)
_DEPARTURES = {"scope": Departure(state="excluded"), TAKEDOWN: Departure(state="excluded", reason=TAKEDOWN)}


def _versions(directory: Path, site: str, before: SiteFiles, after: SiteFiles) -> Iterator[Versions]:
    """The old and new lines of each page that is not the same in both."""
    old, new = (by_shard(file for file in held.files if file.table in _COMPARED) for held in (before, after))
    numbers = sorted(old.keys() | new.keys())
    if before.shards == after.shards:
        changed = [[number] for number in numbers if old.get(number) != new.get(number)]
    else:
        changed = [numbers]
    for shards in changed:
        rows = (_chained(directory, site, held, shards) for held in (old, new))
        yield from _differing(*rows)


def _differing(old: Iterator[Rows], new: Iterator[Rows]) -> Iterator[Versions]:
    """Two lists of pages by doc_id, put side by side, without those whose content is the same."""
    was, now = next(old, None), next(new, None)
    while was or now:
        if now is None or (was and was.doc_id < now.doc_id):
            yield was, None
            was = next(old, None)
        elif was is None or now.doc_id < was.doc_id:
            yield None, now
            now = next(new, None)
        else:
            if not same_content(was, now):
                yield was, now
            was, now = next(old, None), next(new, None)


def _chained(
    directory: Path, site: str, held: Mapping[int, tuple[DataFile, ...]], shards: Iterable[int]
) -> Iterator[Rows]:
    return chain.from_iterable(stored_rows(directory, site, held.get(number, ())) for number in shards)


def summary(found: Iterable[Change]) -> Iterator[str]:
    """Changes as a person reads them: a line each, under the name of their site, then how many of each kind."""
    counts: Counter[str] = Counter()
    site = None
    for change in found:
        if change.site != site:
            site = change.site
            yield site
        counts[f"{change.change} ({change.cause})"] += 1
        before = change.old_breadcrumb if change.change in ("renamed", "moved") else None
        was = f"  (was {before})" if before and before != change.breadcrumb else ""
        named = f"{change.breadcrumb}{was}  {change.url}" if change.breadcrumb else change.doc_id
        yield f"  {change.change:8} {change.cause:6} {named}"
    yield ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "nothing changed"
