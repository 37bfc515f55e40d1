"""Cleaned: what the ledger remembers of what cleaning made of pages."""

import sqlite3
from typing import Any

from sectionary.scraper import places
from sectionary.scraper import statements as sql
from sectionary.scraper.rows import Cleaned


def note(db: sqlite3.Connection, site: int, cleaned: Cleaned, cleaner: str) -> None:
    """Note what a cleaner made of a page, unless that was fetched anew meanwhile."""
    ref = cleaned.page.ref
    number = places.key_number(cleaned.page.key)
    place = {"site": site, "key": number, "file": ref.file, "offset": ref.offset}
    row = db.execute(sql.CLEANED_ROW, place).fetchone()
    if row is None:
        return
    if cleaned.wiki:
        db.execute("INSERT OR IGNORE INTO wikis (site, name) VALUES (?, ?)", (site, cleaned.wiki))
    db.execute("INSERT OR IGNORE INTO cleaners (name) VALUES (?)", (cleaner,))
    doc_id = bytes.fromhex(cleaned.doc_id) if cleaned.doc_id else None
    facts = {
        "site": site, "n": row["n"], "key": number, "wiki": cleaned.wiki, "doc_id": doc_id, "cleaner": cleaner,
    }  # fmt: skip
    if doc_id:
        _rename(db, row, facts)
    db.execute(sql.CLEANED_STATE, {**facts, **_state_of(db, cleaned, facts)})
    db.execute(sql.CLEANED_COPY, facts)


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
        here = {"n": twin["n"], "key": facts["key"], "url": cleaned.page.canonical_url}
        db.execute(sql.MERGE_TWIN, here)
    return {"state": "done", "stage": None, "reason": None, "leads_to": None}


def _rename(db: sqlite3.Connection, row: sqlite3.Row, facts: dict[str, Any]) -> None:
    """Remember the document that a page was until now, if it was another one."""
    wiki = db.execute("SELECT id FROM wikis WHERE site = :site AND name = :wiki", facts).fetchone()
    if row["doc_id"] is not None and (row["doc_id"], row["wiki"]) != (facts["doc_id"], wiki["id"]):
        db.execute(sql.DROP_DOCUMENT, (facts["site"], row["wiki"], row["doc_id"]))
    db.execute(sql.KEEP_DOCUMENT, facts)


def key_of(db: sqlite3.Connection, site: int, page_id: int | None) -> int | None:
    """Give a page id where it is the number of a page here: pages of a list are known by their address instead."""
    known = db.execute("SELECT 1 FROM pages WHERE site = ? AND key = ?", (site, page_id)).fetchone()
    return page_id if known else None


def key_at(db: sqlite3.Connection, site: int, url: str) -> int | None:
    """Give the number of the page at an address, None where the ledger knows none there, as of a file's."""
    try:
        place = places.place(url)
    except ValueError:
        return None
    row = db.execute(sql.AT_PLACE, {"site": site, "place": place}).fetchone()
    return None if row is None else int(row["key"])
