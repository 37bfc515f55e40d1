"""Ledger: one row a page, telling where it stands. SQLite, so that nothing acknowledged is lost to a crash.

Every page that was ever listed is in exactly one state:

    pending   to be fetched; `reason` says what went wrong so far, if anything
    done      fetched; its archive reference is known
    merged    its address leads to another page, which has a row of its own
    gone      the site says it is no more, or lists it no longer
    excluded  not to be fetched: scope, robots
    rejected  the answer was no page, and will not become one by asking again

A row changes in the same transaction that makes the change true, and only after its bytes are synced, so a
process may die at any moment: what was being fetched is still pending. The archive's metadata records hold
what the ledger says of fetched pages but for their state; nothing rebuilds it from them yet.
"""

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path
from typing import Any, Self

from msgspec import structs

from sectionary.scraper import statements as sql
from sectionary.scraper import urls
from sectionary.scraper.archive import ArchiveRef
from sectionary.scraper.database import failures_of, open_database
from sectionary.scraper.pace import Rest
from sectionary.scraper.redirects import Fate, follow
from sectionary.scraper.rewrite import Moved
from sectionary.scraper.rows import Cleaned, Entry, Fetched, Outcome, Stored, Task
from sectionary.scraper.sources.listing import Listed

__all__ = ["STATES", "Cleaned", "Entry", "Fetched", "Ledger", "Outcome", "Stored", "Task"]

STATES = ("pending", "done", "merged", "gone", "excluded", "rejected")

_BATCH = 500                             # listed rows a transaction


class Ledger:
    """The table, opened for one process; its threads may share it. A context manager.

    Raises DatasetError for a file that is no ledger or a newer one, InterruptedRunError when the disk
    refuses, LockedError when another process keeps it locked.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._sites: dict[str, int] = {}
        with failures_of(path):
            self._db = open_database(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was acknowledged is on disk already."""
        self._db.close()

    def begin(self, site: str) -> int:
        """Start a new listing of a site and give its number; `unlisted` compares with it."""
        with self._transaction(site) as (db, id_):
            db.execute("UPDATE sites SET seen = seen + 1, unfinished = 1 WHERE id = ?", (id_,))
            return _seen(db, id_)

    def listing_finished(self, site: str) -> None:
        """Note that the last listing of a site came to its end."""
        with self._transaction(site) as (db, id_):
            db.execute("UPDATE sites SET unfinished = 0 WHERE id = ?", (id_,))

    def unfinished(self, site: str) -> bool:
        """Tell whether the last listing of a site broke off, so that there may be pages nobody knows of."""
        with self._reading(site) as (db, id_):
            return bool(db.execute("SELECT unfinished FROM sites WHERE id = ?", (id_,)).fetchone()[0])

    def list_pages(self, site: str, listed: Iterable[Listed], *, refresh_before: str = "9999") -> int:
        """Add pages, or bring their rows up to date; gives how many were listed.

        A page with another revision or address than the one that its state was reached with becomes pending
        again; a page that is done only if it was fetched at or before `refresh_before` (RFC 3339; "" never).
        So do those that may be there by now: gone ones, rejected ones that may recover, and excluded ones that
        are in scope, so that robots.txt is asked again. `pending` gives them last, and once a listing.
        """
        total = 0
        pages = iter(listed)
        while batch := list(islice(pages, _BATCH)):
            with self._transaction(site) as (db, id_):
                facts = {"site": id_, "seen": _seen(db, id_), "refresh_before": refresh_before}
                rows = [{**facts, **_columns(page)} for page in batch]
                for statement in (sql.LEAD_ADOPTED, sql.ADOPT, sql.MERGE_ADOPTED, sql.LIST):
                    db.executemany(statement, rows)
            total += len(batch)
        return total

    def unseen(self, site: str, listed: Iterable[Listed]) -> list[Listed]:
        """Give those of the pages that the listing that goes on has not named yet, each once."""
        pages = {page.key: page for page in listed}
        with self._reading(site) as (db, id_):
            facts = {"site": id_, "keys": json.dumps(list(pages))}
            seen = {row["key"] for row in db.execute(sql.SEEN, facts)}
        return [page for key, page in pages.items() if key not in seen]

    def known(self, site: str) -> Iterator[Listed]:
        """Give the pages that a listing named before and that may still be there, in its order."""
        after = 0
        while rows := self._known_after(site, after):
            after = rows[-1]["n"]
            for row in rows:
                facts = {name: row[name] for name in row.keys() if name != "n"}  # noqa: SIM118  a Row is no mapping
                yield Listed(**facts)

    def _known_after(self, site: str, after: int) -> list[sqlite3.Row]:
        with self._reading(site) as (db, id_):
            return db.execute(sql.KNOWN, {"site": id_, "after": after, "limit": _BATCH}).fetchall()

    def at(self, site: str, url: str) -> Entry | None:
        """Give the row of the page at a canonical address, however that is spelled; None where there is none."""
        with self._reading(site) as (db, id_):
            row = db.execute(sql.ENTRY_AT, (id_, _place(url))).fetchone()
        return Entry(**row) if row else None

    def unlisted(self, site: str, namespaces: Sequence[int], *, state: str, reason: str) -> int:
        """Settle the pages that the last listing, which must have been whole, did not name.

        Pages of a namespace that is no longer wanted are excluded instead. Gives how many there were.
        """
        facts = {"namespaces": str(list(namespaces)), "state": state, "reason": reason}
        with self._transaction(site) as (db, id_):
            return db.execute(sql.UNLISTED, {"site": id_, "seen": _seen(db, id_), **facts}).rowcount

    def pending(
        self, site: str, now: float, limit: int = _BATCH, *, after: tuple[int, int] = (-1, 0)
    ) -> list[Task]:
        """Give pages to fetch that are due at `now` (seconds since 1970) and had no turn since the last listing.

        First those never asked for as they are listed now, in the order of listing, then those asked for longest
        ago. `after` is `asked` and `n` of the last one given before.
        """
        asked, n = after
        with self._reading(site) as (db, id_):
            facts = {"site": id_, "seen": _seen(db, id_), "asked": asked, "n": n, "now": now, "limit": limit}
            rows = db.execute(sql.PENDING, facts).fetchall()
        return [_task(row) for row in rows]

    def settle(self, site: str, outcomes: Iterable[Outcome]) -> None:
        """Write down how pages came out, all or none."""
        with self._transaction(site) as (db, id_):
            for outcome in outcomes:
                _settle(db, id_, outcome)

    def done(self, site: str, pages: Iterable[tuple[str, Stored]]) -> None:
        """Acknowledge pages whose bytes are synced in the archive."""
        done = (Outcome(key=key, state="done", attempts=1, stored=stored) for key, stored in pages)
        self.settle(site, done)

    def merged(self, site: str, key: str, reason: str, target: Listed | None = None) -> None:
        """Note that a page's address leads to another page."""
        self.settle(site, [Outcome(key=key, state="merged", reason=reason, target=target)])

    def gone(self, site: str, key: str, reason: str) -> None:
        """Note that the site says a page is no more."""
        self.settle(site, [Outcome(key=key, state="gone", reason=reason)])

    def excluded(self, site: str, key: str, reason: str) -> None:
        """Note that a page is not to be fetched."""
        self.settle(site, [Outcome(key=key, state="excluded", reason=reason)])

    def rejected(self, site: str, key: str, reason: str) -> None:
        """Note that a page's answer is no page, for good."""
        self.settle(site, [Outcome(key=key, state="rejected", reason=reason)])

    def stalled(self, site: str, reason: str) -> None:
        """Tell all pending pages that have no reason yet why the site could not be fetched."""
        with self._transaction(site) as (db, id_):
            db.execute(sql.STALLED, (reason, id_))

    def uncleaned(
        self, site: str, cleaner: str, *, after_key: str | None = None, limit: int = _BATCH
    ) -> list[Fetched]:
        """Give done pages not cleaned by this cleaner, in the order of listing, those past `after_key`."""
        facts = {"cleaner": cleaner, "after": after_key, "limit": limit}
        with self._reading(site) as (db, id_):
            return [_fetched(row) for row in db.execute(sql.UNCLEANED, {"site": id_, **facts})]

    def cleaned(self, site: str, pages: Iterable[Cleaned], cleaner: str) -> None:
        """Note what this cleaner made of pages; those fetched anew meanwhile stay as they are.

        A page with a flaw is rejected, one whose document must not be written excluded. Of two pages that are one
        document the one listed later is merged.
        """
        with self._transaction(site) as (db, id_):
            for page in pages:
                _clean(db, id_, page, cleaner)

    def wikis(self, site: str) -> list[str]:
        """Give the names that the records have for this site: one, or one for each host of a list."""
        with self._reading(site) as (db, id_):
            rows = db.execute("SELECT name FROM wikis WHERE site = ? ORDER BY name", (id_,)).fetchall()
        return [row["name"] for row in rows]

    def withdrawn(self, site: str, wiki: str) -> list[str]:
        """Give the doc_ids that were records of this wiki once and must be none now.

        That is where the page is gone, excluded or merged, or has become another document; never for
        a page that merely failed.
        """
        with self._reading(site) as (db, id_):
            named = db.execute("SELECT id FROM wikis WHERE site = ? AND name = ?", (id_, wiki)).fetchone()
            if named is None:
                return []
            rows = db.execute(sql.WITHDRAWN, {"site": id_, "wiki": named["id"]}).fetchall()
        return [row["doc_id"] for row in rows]

    def names(self) -> list[str]:
        """Give the names of all sites that were ever listed."""
        with self._lock, failures_of(self._path):
            return [row["name"] for row in self._db.execute("SELECT name FROM sites ORDER BY name").fetchall()]

    def moved(self, pages: Iterable[Moved]) -> None:
        """Follow pages to their new places in the archive, all or none; doing it again does no harm."""
        with self._lock, failures_of(self._path):
            self._db.execute("BEGIN IMMEDIATE")
            for page in pages:
                facts = structs.asdict(page)
                self._db.execute("INSERT OR IGNORE INTO files (name) VALUES (:new_file)", facts)
                self._db.execute(sql.MOVED, facts)
            self._db.execute("COMMIT")

    def rest(self, host: str, now: float) -> Rest:
        """Give how long a host is still to be left alone at `now`, in seconds since 1970."""
        with self._lock, failures_of(self._path):
            row = self._db.execute(sql.REST, (host,)).fetchone()
        return Rest(*(max(moment - now, 0.0) for moment in row)) if row else Rest()

    def keep_rest(self, host: str, now: float, rest: Rest) -> None:
        """Remember how long a host is to be left alone, for the next site on it and the next run."""
        with self._lock, failures_of(self._path):
            self._db.execute(sql.KEEP_REST, (host, now + rest.delay, now + rest.hold))
            self._db.execute(sql.DROP_RESTED, (now,))

    def listed(self, site: str) -> int:
        """Give the number of pages that were ever listed."""
        return sum(self.counts(site).values())

    def counts(self, site: str) -> dict[str, int]:
        """Give the number of pages in each state, all states named; they add up to what was ever listed."""
        with self._reading(site) as (db, id_):
            rows = db.execute(sql.COUNTS, (id_,)).fetchall()
        return dict.fromkeys(STATES, 0) | dict(map(tuple, rows))

    def pages(self, site: str, state: str | None = None) -> Iterator[Entry]:
        """Give a site's rows, or those in one state, in the order of listing."""
        with self._reading(site) as (db, id_):
            rows = db.execute(sql.ENTRIES, (id_, state, state)).fetchall()
        return (Entry(**row) for row in rows)

    @contextmanager
    def _transaction(self, site: str) -> Iterator[tuple[sqlite3.Connection, int]]:
        with self._lock, failures_of(self._path):
            id_ = self._id(site)
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db, id_
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _reading(self, site: str) -> Iterator[tuple[sqlite3.Connection, int]]:
        with self._lock, failures_of(self._path):
            yield self._db, self._id(site)

    def _id(self, site: str) -> int:
        if site not in self._sites:
            self._db.execute("INSERT OR IGNORE INTO sites (name) VALUES (?)", (site,))
            row = self._db.execute("SELECT id FROM sites WHERE name = ?", (site,)).fetchone()
            self._sites[site] = int(row["id"])
        return self._sites[site]


def _seen(db: sqlite3.Connection, site: int) -> int:
    return int(db.execute("SELECT seen FROM sites WHERE id = ?", (site,)).fetchone()[0])


def _settle(db: sqlite3.Connection, site: int, outcome: Outcome) -> None:
    seen = _seen(db, site)
    fate = _fate(db, site, seen, outcome)
    stored = outcome.stored
    db.execute(sql.SETTLE, {
        "site": site, "seen": seen, "key": outcome.key, "state": fate.state, "reason": fate.reason,
        "leads_to": fate.leads_to, "attempts": outcome.attempts, "not_before": outcome.not_before,
        "date": stored.date_fetched if stored else outcome.date,
    })  # fmt: skip
    if stored:
        db.execute("INSERT OR IGNORE INTO files (name) VALUES (?)", (stored.ref.file,))
        db.execute(sql.STORE, {
            "site": site, "key": outcome.key, "file": stored.ref.file, "offset": stored.ref.offset,
            "length": stored.ref.length, "digest": bytes.fromhex(stored.ref.digest), "etag": stored.etag,
            "last_modified": _seconds(stored.last_modified),
        })  # fmt: skip


def _seconds(date: str | None) -> int | None:
    """Turn an HTTP-date into seconds since 1970; None for what is none."""
    try:
        return int(parsedate_to_datetime(date or "").timestamp())
    except (ValueError, TypeError, OverflowError):
        return None


def _fate(db: sqlite3.Connection, site: int, seen: int, outcome: Outcome) -> Fate:
    if outcome.target is None:
        return Fate(state=outcome.state, reason=outcome.reason)
    source = {"site": site, "seen": seen, "key": outcome.key}
    return follow(db, source, outcome.target, _columns(outcome.target)["place"])


def _clean(db: sqlite3.Connection, site: int, cleaned: Cleaned, cleaner: str) -> None:
    ref = cleaned.page.ref
    place = {"site": site, "key": cleaned.page.key, "file": ref.file, "offset": ref.offset}
    row = db.execute(sql.CLEANED_ROW, place).fetchone()
    if row is None:
        return
    if cleaned.wiki:
        db.execute("INSERT OR IGNORE INTO wikis (site, name) VALUES (?, ?)", (site, cleaned.wiki))
    db.execute("INSERT OR IGNORE INTO cleaners (name) VALUES (?)", (cleaner,))
    doc_id = bytes.fromhex(cleaned.doc_id) if cleaned.doc_id else None
    facts = {"site": site, "n": row["n"], "wiki": cleaned.wiki, "doc_id": doc_id, "cleaner": cleaner}
    if doc_id:
        _rename(db, row, facts)
    db.execute(sql.CLEANED, {**facts, **_state_of(db, cleaned, facts)})


def _state_of(db: sqlite3.Connection, cleaned: Cleaned, facts: dict[str, Any]) -> dict[str, Any]:
    """Tell the state that a cleaned page gets, and merge the page that it replaces."""
    if cleaned.flaw:
        return {"state": "rejected", "stage": "clean", "reason": cleaned.flaw, "leads_to": None}
    if cleaned.excluded:
        return {"state": "excluded", "stage": "clean", "reason": cleaned.excluded, "leads_to": None}
    twin = db.execute(sql.TWIN, facts).fetchone()
    if twin and twin["n"] < facts["n"]:
        reason = f"duplicate: {twin['url']}"
        return {"state": "merged", "stage": "clean", "reason": reason, "leads_to": twin["key"]}
    if twin:
        here = {"n": twin["n"], "key": cleaned.page.key, "url": cleaned.page.canonical_url}
        db.execute(sql.MERGE_TWIN, here)
    return {"state": "done", "stage": None, "reason": None, "leads_to": None}


def _rename(db: sqlite3.Connection, row: sqlite3.Row, facts: dict[str, Any]) -> None:
    """Remember the document that a page was until now, if it was another one."""
    wiki = db.execute("SELECT id FROM wikis WHERE site = :site AND name = :wiki", facts).fetchone()
    if row["doc_id"] is not None and (row["doc_id"], row["wiki"]) != (facts["doc_id"], wiki["id"]):
        db.execute(sql.DROP_DOCUMENT, (facts["site"], row["wiki"], row["doc_id"]))
    db.execute(sql.KEEP_DOCUMENT, facts)


def _columns(page: Listed) -> dict[str, Any]:
    canonical = "" if page.canonical_url == page.url else page.canonical_url
    place = _place(page.canonical_url or page.url)
    return {**structs.asdict(page), "canonical_url": canonical, "place": place}


def _place(url: str) -> int:
    return int.from_bytes(hashlib.blake2b(urls.identity(url).encode(), digest_size=8).digest(), signed=True)


def _task(row: sqlite3.Row) -> Task:
    facts = dict(row)
    return Task(**{**facts, "redirected_from": tuple(json.loads(facts["redirected_from"]))})


def _fetched(row: sqlite3.Row) -> Fetched:
    ref = ArchiveRef(file=row["file"], offset=row["offset"], length=row["length"], digest=row["digest"])
    return Fetched(key=row["key"], ref=ref, canonical_url=row["canonical_url"])
