"""Database: the ledger's file. Its tables, how it is opened, and SQLite's failures in our words."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sectionary.scraper import places
from sectionary.scraper.errors import DatasetError, InterruptedRunError, LockedError
from sectionary.scraper.failpoint import reach
from sectionary.scraper.verdict import may_recover

_VERSION = 6                             # of the tables below, kept in SQLite's user_version
_BUSY_SECONDS = 30.0

# A page's row grows little after it was listed, and what is known of its bytes is a row of another table, added
# when they are there: so SQLite's pages stay full. With a title of 20 letters a fetched page takes 260 bytes.
_SCHEMA = """
CREATE TABLE sites (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    seen INTEGER NOT NULL DEFAULT 0,     -- number of the last listing
    unfinished INTEGER NOT NULL DEFAULT 0, -- whether that listing did not come to its end
    start TEXT,                          -- the operator's address of the site when its api.php was found,
    api TEXT,                            -- and where that was
    summary TEXT,                        -- of the last run, JSON; null: none has ended
    succeeded TEXT                       -- when a run last did all it was asked, RFC 3339
);
CREATE TABLE wikis (id INTEGER PRIMARY KEY, site INTEGER NOT NULL REFERENCES sites, name TEXT NOT NULL,
                    UNIQUE (site, name));
CREATE TABLE dropped (site INTEGER NOT NULL, wiki INTEGER NOT NULL, doc_id BLOB NOT NULL,
                      PRIMARY KEY (site, wiki, doc_id)) WITHOUT ROWID;
CREATE TABLE files (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE cleaners (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE bases (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);  -- what addresses begin with, see places.py
CREATE TABLE pages (                     -- as listed when the state was reached, or since then while pending
    n INTEGER PRIMARY KEY,               -- order of listing
    site INTEGER NOT NULL REFERENCES sites,
    key INTEGER NOT NULL,                -- page id, else the hash of the key, below zero
    name TEXT,                           -- the key where it is neither page id nor address
    base INTEGER NOT NULL REFERENCES bases,
    path TEXT,                           -- of the address to fetch; null: spelled from the title
    home INTEGER REFERENCES bases,       -- of the canonical address; null: nobody said
    canonical TEXT,                      -- its path where that is another one
    place INTEGER NOT NULL,              -- hash of the canonical address, spelled one way
    title TEXT,
    namespace INTEGER,
    revision_id INTEGER,
    modified INTEGER,                    -- seconds since 1970; when that revision was made
    touched INTEGER,                     -- the same, when its HTML was made stale; kept where that is asked for
    depth INTEGER,                       -- links away from the start page, where links are followed
    via INTEGER,                         -- key of the page whose redirect led here; null: listed by the source
    state TEXT NOT NULL,
    stage TEXT,                          -- where that state was reached: clean, null for fetch
    reason TEXT,
    leads_to INTEGER,                    -- merged, or rejected by a redirect: key of the other page, where it has one
    attempts INTEGER NOT NULL DEFAULT 0,
    asked INTEGER NOT NULL DEFAULT 0,    -- the listing after which it was asked for; 0: never as it is now
    since INTEGER,                       -- seconds since 1970; when the state was reached, or last found to hold
    not_before REAL NOT NULL DEFAULT 0   -- seconds since 1970
);
CREATE TABLE copies (                    -- what lies in the archive, and what became of it
    n INTEGER PRIMARY KEY REFERENCES pages,
    file INTEGER REFERENCES files,       -- null: they are of a page that was gone meanwhile
    offset INTEGER,
    length INTEGER,
    digest BLOB,
    etag TEXT,                           -- validators, for as long as the page is what these bytes are
    last_modified INTEGER,               -- seconds since 1970, as the server said
    cleaned INTEGER REFERENCES cleaners, -- the cleaner that last cleaned these bytes
    wiki INTEGER REFERENCES wikis,       -- the site that the records name
    doc_id BLOB                          -- the document that these or earlier bytes became
);
CREATE UNIQUE INDEX page_key ON pages (site, key);
CREATE INDEX page_place ON pages (site, place);
CREATE INDEX page_due ON pages (site, asked, n) WHERE state = 'pending';
CREATE INDEX page_via ON pages (site, path) WHERE via IS NOT NULL;
CREATE INDEX page_target ON pages (site, leads_to) WHERE leads_to IS NOT NULL;
CREATE INDEX copy_document ON copies (substr(doc_id, 1, 8)) WHERE doc_id IS NOT NULL;
CREATE TRIGGER forget_bytes AFTER UPDATE OF state ON pages
    WHEN new.state NOT IN ('done', 'pending') AND new.state <> old.state
    BEGIN
        UPDATE copies SET etag = NULL, last_modified = NULL, file = iif(new.state = 'gone', NULL, file)
        WHERE n = new.n;
    END;
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


class Database:
    """The file, opened for one process; its threads may share it. A context manager.

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

    @contextmanager
    def _transaction(self, site: str) -> Iterator[tuple[sqlite3.Connection, int]]:
        with self._lock, failures_of(self._path):
            id_ = self._id(site)
            with self._writing() as db:
                yield db, id_

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """What is executed within becomes true at once, or not at all."""
        with self._lock, failures_of(self._path):
            if self._db.in_transaction:  # within `at_once`
                yield self._db
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                reach("ledger.commit")
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            reach("ledger.committed")

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What is written within becomes true at once, or not at all."""
        with self._writing():
            yield

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


def open_database(path: Path) -> sqlite3.Connection:
    """Open the file, or make it; a commit returns when its pages would outlast a power cut.

    Raises DatasetError for a file of another program or of a newer sectionary.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        db.create_function("may_recover", 1, may_recover, deterministic=True)
        db.create_function("address", 3, places.address, deterministic=True)
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
            f"{path}: made by {age} sectionary (version {version}, known: {_VERSION}); "
            "move it away, the next run makes it anew from the raw archive"
        )
    if version == 0:
        if db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            raise DatasetError(f"{path}: a database of another program, not a ledger")
        db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")
