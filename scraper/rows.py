"""Rows: what the ledger hands out and takes in."""

from msgspec import Struct

from sectionary.scraper.archive import ArchiveRef
from sectionary.scraper.sources.listing import Listed
from sectionary.scraper.verdict import NOINDEX, may_recover


class Task(Struct, frozen=True, kw_only=True):
    """A page to fetch. `redirected_from` are addresses that lead to it.

    `asked` is the listing after which it was last asked for, 0 for a page never asked for as it is listed
    now; `n` orders the pages with the same. `reason` is why it came to no end so far, or NOINDEX where it was known to
    ask for that. `copy` is where the bytes lie that it was before, `etag` and
    `last_modified` (an HTTP-date) what its server said of them, as long as they are what it is known by.
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
    touched: str | None = None
    depth: int | None = None
    reason: str | None = None
    attempts: int = 0
    redirected_from: tuple[str, ...] = ()
    copy: ArchiveRef | None = None
    etag: str | None = None
    last_modified: str | None = None

    @property
    def is_noindex(self) -> bool:
        """Whether the page asked not to be indexed when it was last fetched."""
        return self.reason == NOINDEX

    @property
    def validators(self) -> dict[str, str]:
        """The headers of a conditional request (RFC 9110 13.1), none where the source knows of changes itself."""
        if self.revision_id is not None or not (self.copy or self.is_noindex):
            return {}
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value}


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

    `date` (RFC 3339) is when. `stored` comes with done, but where the page is what it was; `target` with merged, the
    page it leads to, which gets a row unless one has its address; `not_before`, in seconds since 1970, with pending.
    `etag` and `last_modified` come with a page that is excluded for what it says and may say otherwise later.
    """

    key: str
    state: str
    reason: str | None = None
    attempts: int = 0
    stored: Stored | None = None
    target: Listed | None = None
    not_before: float = 0.0
    date: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class Cleaned(Struct, frozen=True, kw_only=True):
    """What a cleaner made of a page: a document of a wiki, or a flaw, the reason why it is none.

    `excluded` is why the document must not be in the dataset: its licence, a takedown.
    """

    page: Fetched
    wiki: str | None = None
    doc_id: str | None = None
    flaw: str | None = None
    excluded: str | None = None


class Withdrawn(Struct, frozen=True, kw_only=True):
    """A document that must be no record any more, and the state of its page that is the reason.

    `state` is gone (the site says so: 404, 410, its deletion log, or a whole listing without it; only this is a
    deletion), excluded (the operator's scope, robots) or merged (`reason` says into what). `date` is when.
    """

    doc_id: str
    state: str
    reason: str | None
    url: str | None
    date: str | None


class Known(Struct, frozen=True, kw_only=True):
    """A page as the archive tells of it, for a ledger that was lost: the last that became of it, when, and its wiki."""

    listed: Listed
    state: str
    reason: str | None = None
    date: str | None = None
    stored: Stored | None = None
    etag: str | None = None
    last_modified: str | None = None
    wiki: str | None = None


class Document(Struct, frozen=True, kw_only=True):
    """A page of the dataset: its wiki and what the wiki knows it by."""

    wiki: str
    doc_id: str
    canonical_url: str
    page_id: int | None = None


class Standing(Struct, frozen=True, kw_only=True):
    """How a site stands: the summary of its last run (JSON), when one last succeeded, since when a page waits."""

    summary: str | None
    succeeded: str | None
    oldest_pending: str | None


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
