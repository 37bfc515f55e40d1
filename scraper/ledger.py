"""Ledger: one row a page, telling where it stands. SQLite, so that nothing acknowledged is lost to a crash.

Every page that was ever listed is in exactly one state:

    pending   to be fetched; `reason` says what went wrong so far, if anything
    done      fetched; its archive reference is known
    merged    its address leads to another page, which has a row of its own
    gone      the site says it is no more, or lists it no longer
    excluded  not to be fetched: scope, robots
    rejected  the answer was no page, and will not become one by asking again

A row changes in the same transaction that makes the change true, and only after its bytes are synced, so a
process may die at any moment: what was being fetched is still pending. No page is leased by itself: the lock of
its site (sitelock.py) is the lease of all of them, and the kernel ends it with its holder.

A listing of a site that has not changed changes no row: which pages it named is remembered in memory, a bit each,
for as long as the listing takes. The ledger is a cache: `rebuild` makes it anew from archive and dataset.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from email.utils import formatdate
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec import structs

from sectionary.scraper import cleaned as cleaning
from sectionary.scraper import places
from sectionary.scraper import statements as sql
from sectionary.scraper.archive import ArchiveRef
from sectionary.scraper.named import Named
from sectionary.scraper.rewrite import Moved
from sectionary.scraper.rows import (
    Cleaned,
    Document,
    Entry,
    Fetched,
    Known,
    Outcome,
    Stored,
    Task,
    Withdrawn,
)
from sectionary.scraper.settling import settle, store, validate
from sectionary.scraper.sources.listing import Listed
from sectionary.scraper.standings import STATES, Standings

__all__ = ["STATES", "Cleaned", "Entry", "Fetched", "Ledger", "Outcome", "Stored", "Task"]

_BATCH = 500                             # listed rows a transaction


class Ledger(Standings):
    """The table, opened for one process; its threads may share it. A context manager.

    Raises DatasetError for a file that is no ledger or a newer one, InterruptedRunError when the disk
    refuses, LockedError when another process keeps it locked.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._named: dict[int, Named] = {}   # by site: which rows its listing has named

    def begin(self, site: str) -> int:
        """Start a new listing of a site and give its number; `unlisted` compares with it."""
        with self._transaction(site) as (db, id_):
            db.execute("UPDATE sites SET seen = seen + 1, unfinished = 1 WHERE id = ?", (id_,))
            self._named[id_] = Named()
            return _seen(db, id_)

    def list_pages(  # noqa: PLR0913  each says what counts as a change
        self, site: str, listed: Iterable[Listed], *, refresh_before: str = "9999", believed_since: str = "",
        by_touched: bool = False, keeps_noindex: bool = False, whole: bool = False, now: float = 0.0,
    ) -> int:  # fmt: skip
        """Add pages, or bring their rows up to date; gives how many were listed.

        A page with another revision or address than the one that its state was reached with becomes pending
        again, `by_touched` also one whose HTML is stale; a page that is done only if it was fetched at or before
        `refresh_before` (RFC 3339; "" never). Where the source tells no revision, a page is asked for if it was
        touched since it was known, whenever that was, and if that is not told each time that it is due; that it was
        not touched is believed of what was fetched after `believed_since`. Pages that asked not to be indexed are
        like those that are done, unless the operator `keeps_noindex`. `whole` makes all pages pending. So do those
        that may be there by now: gone ones, rejected ones that may recover, and excluded ones that are in scope, so
        that robots.txt is asked again. `pending` gives them last, and once a listing. `now`, in seconds since 1970,
        is when they became so.
        """
        total = 0
        pages = iter(listed)
        while batch := list(islice(pages, _BATCH)):
            with self._transaction(site) as (db, id_):
                facts = {
                    "site": id_, "refresh_before": refresh_before, "believed_since": believed_since,
                    "by_touched": by_touched, "keeps_noindex": keeps_noindex, "whole": whole, "now": now,
                }  # fmt: skip
                rows = [{**facts, **places.columns(page)} for page in batch]
                db.executemany(sql.ADD_BASE, _bases(rows))
                for statement in (sql.LEAD_ADOPTED, sql.ADOPT, sql.MERGE_ADOPTED) if _has_targets(db, id_) else ():
                    db.executemany(statement, rows)
                db.executemany(sql.LIST, rows)
                self._name(db, id_, (row["key"] for row in rows))
            total += len(batch)
        return total

    def name(self, site: str, pages: Sequence[Listed]) -> None:
        """Note that pages were listed, and change nothing in their rows."""
        if pages:
            with self._reading(site) as (db, id_):
                self._name(db, id_, (places.key_number(page.key) for page in pages))

    def _name(self, db: sqlite3.Connection, site: int, keys: Iterable[int]) -> None:
        named = self._named.setdefault(site, Named())
        for n, _ in db.execute(sql.NAMED, {"site": site, "keys": json.dumps(list(keys))}):
            named.add(n)

    def unseen(self, site: str, listed: Iterable[Listed]) -> list[Listed]:
        """Give those of the pages that the listing that goes on has not named yet, each once."""
        pages = {places.key_number(page.key): page for page in listed}
        with self._reading(site) as (db, id_):
            rows = db.execute(sql.NAMED, {"site": id_, "keys": json.dumps(list(pages))})
            named = self._named.get(id_, Named())
            seen = {key for n, key in rows if n in named}
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
            row = db.execute(sql.ENTRY_AT, (id_, places.place(url))).fetchone()
        return Entry(**row) if row else None

    def missed(self, site: str) -> list[int]:
        """Give the numbers of the wiki's pages that `unlisted` would settle."""
        with self._reading(site) as (db, id_):
            return [key for _, key in self._missed(db, id_) if key > 0]

    def _missed(self, db: sqlite3.Connection, site: int) -> list[tuple[int, int]]:
        named = self._named.get(site, Named())
        return [(n, key) for n, key in db.execute(sql.LISTABLE, (site,)) if n not in named]

    def unlisted(  # noqa: PLR0913  what becomes of them, and why
        self, site: str, namespaces: Sequence[int], *, state: str, reason: str, now: float = 0.0,
        deleted: Mapping[int, str] = MappingProxyType({}),
    ) -> list[Entry]:  # fmt: skip
        """Settle the pages that the last listing, which must have been whole and of this object, did not name.

        Pages of a namespace that is no longer wanted are excluded instead; those that the wiki says were `deleted`,
        by number, are gone for the reason that it gives. Gives their rows as they are now.
        """
        facts = {"namespaces": str(list(namespaces)), "state": state, "reason": reason, "now": now}
        with self._transaction(site) as (db, id_):
            missed = str([n for n, _ in self._missed(db, id_)])
            db.execute(sql.UNLISTED, {**facts, "rows": missed})
            told = [{"site": id_, "rows": missed, "key": key, "reason": why} for key, why in deleted.items()]
            db.executemany(sql.EXPLAINED, told)
            return [Entry(**row) for row in db.execute(sql.ENTRIES_OF, (missed,))]

    def deleted(self, site: str, pages: Iterable[Listed], *, now: float = 0.0) -> list[Entry]:
        """Settle pages that the site says are `gone`; gives the rows of those that were known and not settled so."""
        with self._transaction(site) as (db, id_):
            told = ({"key": places.key_number(page.key), "reason": page.gone} for page in pages)
            facts = {"site": id_, "now": now}
            rows = [n for page in told for (n,) in db.execute(sql.DELETED, facts | page).fetchall()]
            return [Entry(**row) for row in db.execute(sql.ENTRIES_OF, (str(rows),))]

    def knows(self, site: str, numbers: Collection[int]) -> set[int]:
        """Tell which of a wiki's page numbers are of pages that were ever listed."""
        with self._reading(site) as (db, id_):
            rows = db.execute(sql.NAMED, {"site": id_, "keys": json.dumps(list(numbers))})
            return {key for _, key in rows}

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
            seen = _seen(db, id_)
            for outcome in outcomes:
                page = {"site": id_, "seen": seen, "key": places.key_number(outcome.key)}
                fate = settle(db, page, outcome)
                if fate.added and fate.leads_to is not None:
                    self._name(db, id_, [fate.leads_to])

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
        after = None if after_key is None else places.key_number(after_key)
        facts = {"cleaner": cleaner, "after": after, "limit": limit}
        with self._reading(site) as (db, id_):
            return [_fetched(row) for row in db.execute(sql.UNCLEANED, {"site": id_, **facts})]

    def fetched(self, site: str, keys: Iterable[str]) -> list[Fetched]:
        """Give those of the pages with these keys that are done, in the order of listing."""
        facts = {"keys": json.dumps([places.key_number(key) for key in keys])}
        with self._reading(site) as (db, id_):
            return [_fetched(row) for row in db.execute(sql.FETCHED, {"site": id_, **facts})]

    def cleaned(self, site: str, pages: Iterable[Cleaned], cleaner: str) -> None:
        """Note what this cleaner made of pages; those fetched anew meanwhile stay as they are.

        A page with a flaw is rejected, one whose document must not be written excluded. Of two pages that are one
        document the one listed later is merged.
        """
        with self._transaction(site) as (db, id_):
            for page in pages:
                cleaning.note(db, id_, page, cleaner)

    def withdrawn(self, site: str, wiki: str) -> list[Withdrawn]:
        """Give the documents that were records of this wiki once and must be none now, by doc_id, and why.

        That is where the page is gone, excluded or merged, or has become another document; never for
        a page that merely failed.
        """
        with self._reading(site) as (db, id_):
            named = db.execute("SELECT id FROM wikis WHERE site = ? AND name = ?", (id_, wiki)).fetchone()
            if named is None:
                return []
            return [Withdrawn(**row) for row in db.execute(sql.WITHDRAWN, {"site": id_, "wiki": named["id"]})]

    def moved(self, pages: Iterable[Moved]) -> None:
        """Follow pages to their new places in the archive, all or none; doing it again does no harm."""
        with self._writing() as db:
            db.execute(sql.MOVES)
            for page in pages:
                facts = structs.asdict(page)
                db.execute("INSERT OR IGNORE INTO files (name) VALUES (:new_file)", facts)
                db.execute(sql.MOVE, facts)
            db.execute(sql.MOVED)
            db.execute("DELETE FROM moves")

    def retry(self, site: str, pattern: str | None = None) -> int:
        """Make lost and postponed pages due at once, as if never asked for; gives how many there were.

        `pattern` chooses by reason, as in a shell ("http: 5*").
        """
        with self._transaction(site) as (db, id_):
            return db.execute(sql.RETRY, {"site": id_, "pattern": pattern}).rowcount

    def restore(self, site: str, known: Iterable[Known]) -> int:
        """Add pages that the archive tells of to a ledger that was lost, the last word counts; gives how many."""
        with self._transaction(site) as (db, id_):
            for page in known:
                columns = places.columns(page.listed)
                told = {**columns, "site": id_, "state": page.state, "reason": page.reason, "date": page.date}
                db.execute(sql.ADD_BASE, columns)
                db.execute(sql.RESTORE, told)
                if page.wiki:
                    db.execute("INSERT OR IGNORE INTO wikis (site, name) VALUES (?, ?)", (id_, page.wiki))
                if page.stored:
                    store(db, told, page.stored)
                else:
                    validate(db, told, page.etag, page.last_modified)
            return int(db.execute("SELECT count(*) FROM pages WHERE site = ?", (id_,)).fetchone()[0])

    def restore_documents(self, site: str, documents: Iterable[Document]) -> None:
        """Tell restored pages which documents of the dataset they are; documents of no page here are passed over.

        Of other wikis, whose page ids mean other pages, none is a page here.
        """
        wikis = frozenset(self.wikis(site))
        with self._transaction(site) as (db, id_):
            for page in documents:
                if page.wiki not in wikis:
                    continue
                key = cleaning.key_of(db, id_, page.page_id) or cleaning.key_at(db, id_, page.canonical_url)
                facts = {"site": id_, "key": key, "wiki": page.wiki, "doc_id": bytes.fromhex(page.doc_id)}
                db.execute(sql.DOCUMENT, facts)


def _bases(rows: Iterable[dict[str, Any]]) -> list[dict[str, str | None]]:
    found = dict.fromkeys((row["base"], row["home"]) for row in rows)
    return [{"base": base, "home": home} for base, home in found]


def _has_targets(db: sqlite3.Connection, site: int) -> bool:
    """Whether any page is known by a redirect alone, which a listing may name now."""
    query = "SELECT 1 FROM pages INDEXED BY page_via WHERE site = ? AND via IS NOT NULL LIMIT 1"
    return db.execute(query, (site,)).fetchone() is not None


def _seen(db: sqlite3.Connection, site: int) -> int:
    return int(db.execute("SELECT seen FROM sites WHERE id = ?", (site,)).fetchone()[0])


def _task(row: sqlite3.Row) -> Task:
    facts = dict(row)
    place = {name: facts.pop(name) for name in ("file", "offset", "length", "digest")}
    modified = facts.pop("last_modified")
    return Task(**{
        **facts,
        "redirected_from": tuple(json.loads(facts["redirected_from"])),
        "copy": ArchiveRef(**place) if place["file"] else None,
        "last_modified": None if modified is None else formatdate(modified, usegmt=True),
    })  # fmt: skip


def _fetched(row: sqlite3.Row) -> Fetched:
    ref = ArchiveRef(file=row["file"], offset=row["offset"], length=row["length"], digest=row["digest"])
    return Fetched(key=row["key"], ref=ref, canonical_url=row["canonical_url"])
