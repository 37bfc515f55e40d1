"""Settling: how the outcome of a page goes into its row of the ledger, and where its bytes lie beside that."""

import sqlite3
from email.utils import parsedate_to_datetime
from typing import Any

from sectionary.scraper import statements as sql
from sectionary.scraper.redirects import Fate, follow
from sectionary.scraper.rows import Outcome, Stored


def settle(db: sqlite3.Connection, page: dict[str, Any], outcome: Outcome) -> Fate:
    """Write an outcome into the row of a page, told by site and key, with the site's last listing."""
    fate = Fate(state=outcome.state, reason=outcome.reason)
    if outcome.target is not None:
        fate = follow(db, page, outcome.target)
    stored = outcome.stored
    db.execute(sql.SETTLE, {
        **page, "state": fate.state, "reason": fate.reason,
        "leads_to": fate.leads_to, "attempts": outcome.attempts, "not_before": outcome.not_before,
        "date": stored.date_fetched if stored else outcome.date,
    })  # fmt: skip
    if stored:
        store(db, page, stored)
    else:
        validate(db, page, outcome.etag, outcome.last_modified)
    return fate


def validate(db: sqlite3.Connection, page: dict[str, Any], etag: str | None, last_modified: str | None) -> None:
    """Write what a server said of a page whose bytes are not kept, if it said anything."""
    if etag or last_modified:
        db.execute(sql.VALIDATE, {**page, "etag": etag, "last_modified": _seconds(last_modified)})


def store(db: sqlite3.Connection, page: dict[str, Any], stored: Stored) -> None:
    """Write where the bytes of a page, told by site and key, lie in the archive."""
    db.execute("INSERT OR IGNORE INTO files (name) VALUES (?)", (stored.ref.file,))
    db.execute(sql.STORE, {
        **page, "file": stored.ref.file, "offset": stored.ref.offset,
        "length": stored.ref.length, "digest": bytes.fromhex(stored.ref.digest), "etag": stored.etag,
        "last_modified": _seconds(stored.last_modified),
    })  # fmt: skip


def _seconds(date: str | None) -> int | None:
    """Turn an HTTP-date into seconds since 1970; None for what is none."""
    try:
        return int(parsedate_to_datetime(date or "").timestamp())
    except (ValueError, TypeError, OverflowError):
        return None
