"""Logbook: a ledger that writes down what it is told, so that another ledger can follow it.

Where a site is fetched by another machine, the ledger that is asked before each request lies there and may be lost
with it. What it was told goes to a shared folder, a part with each sealed part of the archive and just after it: what
such a part tells of is sealed, and a page that no part tells of counts as not fetched. The ledger that follows takes a
part in as a whole.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec import Struct

from sectionary.scraper.database import open_database
from sectionary.scraper.errors import DatasetError
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.rows import Entry, Fetched, Outcome
from sectionary.scraper.shards import Shards, seal
from sectionary.scraper.sources.listing import Listed
from sectionary.scraper.urls import safe_name


class _Began(Struct, frozen=True, tag=True):
    def tell(self, ledger: Ledger, site: str) -> None:
        ledger.begin(site)


class _FoundApi(Struct, frozen=True, tag=True):
    start: str
    api: str | None

    def tell(self, ledger: Ledger, site: str) -> None:
        ledger.found_api(site, self.start, self.api)


class _Listing(Struct, frozen=True, tag=True):
    pages: tuple[Listed, ...]
    options: dict[str, Any]              # texts, numbers and yes or no, which JSON gives back as they were

    def tell(self, ledger: Ledger, site: str) -> None:
        ledger.list_pages(site, self.pages, **self.options)


class _Named(Struct, frozen=True, tag=True):
    pages: tuple[Listed, ...]

    def tell(self, ledger: Ledger, site: str) -> None:
        ledger.name(site, self.pages)


class _Unlisted(Struct, frozen=True, tag=True):
    namespaces: tuple[int, ...]
    state: str
    reason: str
    now: float
    deleted: dict[int, str]

    def tell(self, ledger: Ledger, site: str) -> None:
        ledger.unlisted(
            site, self.namespaces, state=self.state, reason=self.reason, now=self.now, deleted=self.deleted
        )


class _Deleted(Struct, frozen=True, tag=True):
    pages: tuple[Listed, ...]
    now: float

    def tell(self, ledger: Ledger, site: str) -> None:
        ledger.deleted(site, self.pages, now=self.now)


class _Finished(Struct, frozen=True, tag=True):
    def tell(self, ledger: Ledger, site: str) -> None:
        ledger.listing_finished(site)


class _Settled(Struct, frozen=True, tag=True):
    outcomes: tuple[Outcome, ...]

    def tell(self, ledger: Ledger, site: str) -> None:
        ledger.settle(site, self.outcomes)


class _Stalled(Struct, frozen=True, tag=True):
    reason: str

    def tell(self, ledger: Ledger, site: str) -> None:
        ledger.stalled(site, self.reason)


_Told = _Began | _FoundApi | _Listing | _Named | _Unlisted | _Deleted | _Finished | _Settled | _Stalled


class Logbook(Ledger):
    """The ledger of one site at `path`, whose parts are sealed into `folder` beside the shards of `archive`."""

    def __init__(self, path: Path, folder: Path, site: str, archive: Shards) -> None:
        super().__init__(path)
        self._archive = archive
        self._with = archive.sealed      # how many shards were sealed when a part was,
        self._since = archive.moment()   # and when that was
        self._folder, self._site = folder, site
        self._near = path.with_name("log.jsonl")
        self._log = self._near.open("wb")
        self._number = max((int(part.stem[-6:]) for part in _parts(folder, site)), default=0)
        self.sealed = 0

    def close(self) -> None:
        """Close the files; what was not sealed is lost."""
        self._log.close()
        super().close()

    def seal(self) -> None:
        """Seal what was told since the last part; all pages that it tells of must lie in sealed shards."""
        with self._lock:
            self._with, self._since = self._archive.sealed, self._archive.moment()
            if not self._log.tell():
                return
            self._log.close()
            self._number += 1
            seal(self._near, self._folder / f"{part_name(self._site)}-{self._number:06d}.jsonl")
            self._log = self._near.open("wb")
            self.sealed += 1

    def begin(self, site: str) -> int:
        """As a Ledger does."""
        with self._lock:
            number = super().begin(site)
            self._write(_Began())
            return number

    def found_api(self, site: str, start: str, api: str | None) -> None:
        """As a Ledger does."""
        with self._lock:
            super().found_api(site, start, api)
            self._write(_FoundApi(start, api))

    def list_pages(self, site: str, listed: Iterable[Listed], **options: Any) -> int:
        """As a Ledger does."""
        pages = tuple(listed)
        with self._lock:
            total = super().list_pages(site, pages, **options)
            self._write(_Listing(pages, options))
            return total

    def name(self, site: str, pages: Sequence[Listed]) -> None:
        """As a Ledger does."""
        with self._lock:
            super().name(site, pages)
            self._write(_Named(tuple(pages)))

    def unlisted(  # noqa: PLR0913  as above
        self, site: str, namespaces: Sequence[int], *, state: str, reason: str, now: float = 0.0,
        deleted: Mapping[int, str] = MappingProxyType({}),
    ) -> list[Entry]:  # fmt: skip
        """As a Ledger does."""
        with self._lock:
            missed = super().unlisted(site, namespaces, state=state, reason=reason, now=now, deleted=deleted)
            self._write(_Unlisted(tuple(namespaces), state, reason, now, dict(deleted)))
            return missed

    def deleted(self, site: str, pages: Iterable[Listed], *, now: float = 0.0) -> list[Entry]:
        """As a Ledger does."""
        told = tuple(pages)
        with self._lock:
            gone = super().deleted(site, told, now=now)
            self._write(_Deleted(told, now))
            return gone

    def listing_finished(self, site: str) -> None:
        """As a Ledger does."""
        with self._lock:
            super().listing_finished(site)
            self._write(_Finished())

    def settle(self, site: str, outcomes: Iterable[Outcome]) -> None:
        """As a Ledger does; seals a part where the batch was the last one of a shard, or brought no bytes for long."""
        told = tuple(outcomes)
        with self._lock:
            super().settle(site, told)
            self._write(_Settled(told))
            is_due = self._archive.sealed > self._with or self._archive.is_old(self._since)
            if is_due and not self._archive.is_open:
                self.seal()

    def stalled(self, site: str, reason: str) -> None:
        """As a Ledger does."""
        with self._lock:
            super().stalled(site, reason)
            self._write(_Stalled(reason))

    def _write(self, told: _Told) -> None:
        self._log.write(msgspec.json.encode(told) + b"\n")


class Followed(Struct, frozen=True, kw_only=True):
    """What a ledger has taken in: the pages that were fetched, and how many came to any state."""

    pages: tuple[Fetched, ...]
    settled: int


def follow(ledger: Ledger, site: str, folder: Path) -> Iterator[Followed]:
    """Take in what was sealed of a site's logbook, part by part, each as a whole; they are gone afterwards.

    Taking a part in again, as after a crash just behind it, does no harm. Raises DatasetError for one that is damaged.
    """
    for part in sorted(_parts(folder, site)):
        with ledger.at_once(), part.open("rb") as lines:
            settled = [outcome for line in lines for outcome in _told(ledger, site, line, part)]
        part.unlink()
        done = [outcome.key for outcome in settled if outcome.stored]
        yield Followed(pages=tuple(ledger.fetched(site, done)), settled=len(settled))


def _told(ledger: Ledger, site: str, line: bytes, part: Path) -> tuple[Outcome, ...]:
    try:
        told = msgspec.json.decode(line, type=_Told)
    except msgspec.MsgspecError as error:
        raise DatasetError(f"{part}: damaged ({error}); remove it to have its pages fetched anew") from error
    told.tell(ledger, site)
    return told.outcomes if isinstance(told, _Settled) else ()


def _parts(folder: Path, site: str) -> list[Path]:
    return list(folder.glob(f"{part_name(site)}-{'[0-9]' * 6}.jsonl"))


def part_name(site: str) -> str:
    """A file name's beginning that no other site has."""
    return f"{safe_name(site)}-{blake2b(site.encode(), digest_size=4).hexdigest()}"


def excerpt(ledger: Path, site: str, target: Path) -> None:
    """Copy what a ledger's file knows of a site into a ledger of its own, row by row as they are."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    db = open_database(target)
    try:
        db.execute("ATTACH ? AS whole", (str(ledger),))
        db.execute("BEGIN")
        for table, chosen in _EXCERPT.items():
            db.execute(f"INSERT INTO main.{table} SELECT * FROM whole.{table} {chosen}", {"site": site})  # noqa: S608
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        db.close()


_OF_SITE = "WHERE site = (SELECT id FROM whole.sites WHERE name = :site)"
_EXCERPT = {
    "sites": "WHERE name = :site",
    "wikis": _OF_SITE,
    "dropped": _OF_SITE,
    "files": "",
    "cleaners": "",
    "bases": "",
    "pages": _OF_SITE,
    "copies": f"WHERE n IN (SELECT n FROM whole.pages {_OF_SITE})",  # noqa: S608
}
