"""Redirects: what becomes of a page whose address leads to another one of its host.

As a rule both are one: the page is merged and the other one fetched. But logins, blocks and works on a site
answer with redirects too, to every page alike. Those must take no article's place. So

- a page that was never fetched is merged; where no listing names the address it leads to, that is added;
- a page that was fetched before is merged only into one that its source lists;
- of pages that lead to one address, all are blocked: from the second on where no listing names the address
  (whatever its query says), or where all were fetched before, since the last listing, and now lead to one page.

Addresses that lead to ever new ones end after MOST_HOPS: the last page asked for is rejected.

A blocked page is rejected with the reason, which keeps its records, and is asked for again by every later run.
An address that pages are blocked from is excluded until its source lists it.
"""

import sqlite3
from typing import Any

from msgspec import Struct

from sectionary.scraper import places
from sectionary.scraper import statements as sql
from sectionary.scraper.sources.listing import Listed

MOST_HOPS = 10                           # redirects one after another to addresses that no source lists

_BLOCKED = "blocked: several pages lead here"


class Fate(Struct, frozen=True, kw_only=True):
    """How a page that leads elsewhere is written down.

    `leads_to` is the other one's number, `added` says that it was not known until now.
    """

    state: str
    reason: str | None
    leads_to: int | None = None
    added: bool = False


def follow(db: sqlite3.Connection, source: dict[str, Any], target: Listed) -> Fate:
    """Decide on a page that leads to `target`, and add or block that.

    `source` tells its site, that site's last listing (`seen`) and its key, as a number.
    """
    url, columns = target.canonical_url or target.url, places.columns(target)
    origin, path = places.origin(target.url), target.url.removeprefix(places.origin(target.url)).partition("?")[0]
    facts = {**source, "place": columns["place"], "origin": origin, "path": path}
    facts |= _at(db, facts)
    blocked = Fate(state="rejected", reason=f"blocked: redirect to {url}", leads_to=facts["target"])
    if facts["target"] is None and db.execute(sql.HOPS, {**source, "most": MOST_HOPS}).fetchone()[0] >= MOST_HOPS:
        return Fate(state="rejected", reason=f"redirects: more than {MOST_HOPS} in a row")
    kept = bool(db.execute(sql.IS_KEPT, facts).fetchone()[0])
    if _is_crowd(db, facts, kept=kept):
        db.execute(sql.BLOCK_LEADING, {**facts, "reason": blocked.reason})
        db.execute(sql.BLOCK_TARGET, {**facts, "reason": _BLOCKED})
        return blocked
    if kept and not facts["listed"]:
        return blocked
    added = facts["target"] is None
    if added:
        db.execute(sql.ADD_BASE, columns)
        db.execute(sql.ADD_TARGET, {**columns, "site": source["site"], "source": source["key"]})
    return Fate(state="merged", reason=f"redirect: {url}", leads_to=facts["target"] or columns["key"], added=added)


def _is_crowd(db: sqlite3.Connection, facts: dict[str, Any], *, kept: bool) -> bool:
    """Tell whether so many pages lead to one that it looks like none of them."""
    if facts["target"] is None or (facts["listed"] and not kept):
        return False
    return bool(facts["blocked"] or db.execute(sql.LEADING, facts).fetchone()[0])


def _at(db: sqlite3.Connection, facts: dict[str, Any]) -> dict[str, Any]:
    """Find the row of an address: the page with it, else one added for the same path."""
    row = db.execute(sql.AT_PLACE, facts).fetchone() or db.execute(sql.AT_PATH, facts).fetchone()
    if row is None:
        return {"target": None, "listed": False, "blocked": False}
    return {"target": row["key"], "listed": bool(row["listed"]), "blocked": row["reason"] == _BLOCKED}
