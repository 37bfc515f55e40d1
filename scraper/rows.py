"""Rows: what the ledger hands out and takes in."""

from msgspec import Struct

from sectionary.scraper.archive import ArchiveRef
from sectionary.scraper.sources.listing import Listed
from sectionary.scraper.verdict import may_recover


class Task(Struct, frozen=True, kw_only=True):
    """A page to fetch. `redirected_from` are addresses that lead to it.

    `asked` is the listing after which it was last asked for, 0 for a page never asked for as it is listed
    now; `n` orders the pages with the same.
    """

    n: int
    asked: int
    key: str
    url: str
    canonical_url: str | None = None
    title: str | None = None
    page_id: int | None = None
    revision_id: int | None = None
    namespace: int | None = None
    date_modified: str | None = None
    depth: int | None = None
    attempts: int = 0
    redirected_from: tuple[str, ...] = ()


class Fetched(Struct, frozen=True, kw_only=True):
    """A page whose bytes lie in the archive."""

    key: str
    ref: ArchiveRef
    canonical_url: str


class Stored(Struct, frozen=True, kw_only=True):
    """What is kept of an answer whose bytes lie in the archive, beside their place."""

    ref: ArchiveRef
    date_fetched: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class Outcome(Struct, frozen=True, kw_only=True):
    """How a page came out of a run: its new state, and what that state needs.

    `date` (RFC 3339) is when. `stored` comes with done; `target` with merged, the page it leads to, which gets
    a row unless one has its address; `not_before`, in seconds since 1970, with pending.
    """

    key: str
    state: str
    reason: str | None = None
    attempts: int = 0
    stored: Stored | None = None
    target: Listed | None = None
    not_before: float = 0.0
    date: str | None = None


class Cleaned(Struct, frozen=True, kw_only=True):
    """What a cleaner made of a page: a document of a wiki, or a flaw, the reason why it is none.

    `excluded` is why the document must not be in the dataset: its licence, a takedown.
    """

    page: Fetched
    wiki: str | None = None
    doc_id: str | None = None
    flaw: str | None = None
    excluded: str | None = None


class Entry(Struct, frozen=True, kw_only=True):
    """One row, as reports need it.

    `date` is when its state was reached; for a page that cleaning rejected, when it was fetched. `raw_file` and
    `raw_offset` are the place in the archive of the bytes that it was reached with, None where none were kept.
    """

    key: str
    url: str
    canonical_url: str
    title: str | None
    state: str
    stage: str
    reason: str | None
    page_id: int | None
    revision_id: int | None
    date: str | None
    raw_file: str | None
    raw_offset: int | None

    @property
    def retryable(self) -> bool:
        """Whether a later run asks for the page again, though its source says nothing new of it."""
        return self.state == "pending" or (self.state == "rejected" and may_recover(self.reason))
