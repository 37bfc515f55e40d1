"""Database: the ledger's file. Its tables, how it is opened, and SQLite's failures in our words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sectionary.scraper.errors import DatasetError, InterruptedRunError, LockedError
from sectionary.scraper.verdict import may_recover

_VERSION = 4                             # of the tables below, kept in SQLite's user_version
_BUSY_SECONDS = 30.0

_SCHEMA = """
CREATE TABLE sites (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    seen INTEGER NOT NULL DEFAULT 0,     -- number of the last listing
    unfinished INTEGER NOT NULL DEFAULT 0  -- whether that listing did not come to its end
);
CREATE TABLE hosts (
    name TEXT PRIMARY KEY,
    ready REAL NOT NULL,                 -- seconds since 1970; no request before, for its delay
    held REAL NOT NULL                   -- the same, for what it asked itself (Retry-After)
) WITHOUT ROWID;
CREATE TABLE wikis (id INTEGER PRIMARY KEY, site INTEGER NOT NULL REFERENCES sites, name TEXT NOT NULL,
                    UNIQUE (site, name));
CREATE TABLE dropped (site INTEGER NOT NULL, wiki INTEGER NOT NULL, doc_id BLOB NOT NULL,
                      PRIMARY KEY (site, wiki, doc_id)) WITHOUT ROWID;
CREATE TABLE files (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE cleaners (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE pages (
    n INTEGER PRIMARY KEY,               -- order of listing
    site INTEGER NOT NULL REFERENCES sites,
    key TEXT NOT NULL,                   -- page_id:<n>, else the address in one form
    url TEXT NOT NULL,                   -- what to fetch
    place INTEGER NOT NULL,              -- hash of the canonical address, spelled one way
    canonical_url TEXT,                  -- null: nobody said; empty: as url
    title TEXT,
    page_id INTEGER,
    namespace INTEGER,
    revision_id INTEGER,                 -- as last listed
    modified INTEGER,                    -- seconds since 1970; when that revision was made
    depth INTEGER,                       -- links away from the start page, where links are followed
    via TEXT,                            -- the address whose redirect led here; null: listed by the source
    seen INTEGER NOT NULL,               -- the last listing that named it
    state TEXT NOT NULL,
    stage TEXT,                          -- where that state was reached: clean, null for fetch
    reason TEXT,
    leads_to TEXT,                       -- merged, or rejected by a redirect: key of the other page, where it has one
    attempts INTEGER NOT NULL DEFAULT 0,
    asked INTEGER NOT NULL DEFAULT 0,    -- the listing after which it was asked for; 0: never as it is now
    settled INTEGER,                     -- seconds since 1970; when the state was reached
    not_before REAL NOT NULL DEFAULT 0,  -- seconds since 1970
    settled_revision INTEGER,            -- the listed revision when the state was reached
    etag TEXT,
    last_modified INTEGER,               -- seconds since 1970, as the server said
    file INTEGER REFERENCES files,
    offset INTEGER,
    length INTEGER,
    digest BLOB,
    cleaned INTEGER REFERENCES cleaners, -- the cleaner that last cleaned these bytes
    wiki INTEGER REFERENCES wikis,       -- the site that the records name
    doc_id BLOB                          -- the document that these or earlier bytes became
);
CREATE UNIQUE INDEX page_key ON pages (site, key);
CREATE INDEX page_place ON pages (site, place);
CREATE INDEX page_due ON pages (site, asked, n) WHERE state = 'pending';
CREATE INDEX page_via ON pages (site, url) WHERE via IS NOT NULL;
CREATE INDEX page_document ON pages (site, doc_id) WHERE doc_id IS NOT NULL;
CREATE INDEX page_target ON pages (site, leads_to) WHERE leads_to IS NOT NULL;
"""


@contextmanager
def failures_of(path: Path) -> Iterator[None]:
    """Turn what SQLite raises into LockedError, InterruptedRunError or DatasetError."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise LockedError(f"{path}: another process keeps it locked") from error
        raise InterruptedRunError(f"{path}: {error}") from error
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise                            # a mistake of ours, not of the file
    except sqlite3.DatabaseError as error:
        raise DatasetError(f"{path}: {error}; move it away to start a new ledger") from error
    except OSError as error:
        raise InterruptedRunError(f"{path}: {error.strerror}") from error


def open_database(path: Path) -> sqlite3.Connection:
    """Open the file, or make it; a commit returns when its pages would outlast a power cut.

    Raises DatasetError for a file of another program or of a newer sectionary.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        db.create_function("may_recover", 1, may_recover, deterministic=True)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        _prepare(db, path)
    except BaseException:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    """Make the tables in a new file; refuse a file whose tables this code does not know."""
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version not in (0, _VERSION):
        age = "a newer" if version > _VERSION else "an older"
        raise DatasetError(
            f"{path}: made by {age} sectionary (version {version}, known: {_VERSION}); move it away to start anew"
        )
    if version == 0:
        if db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            raise DatasetError(f"{path}: a database of another program, not a ledger")
        db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")
