"""Replies: what api.php says, typed (mediawiki.org, API:JSON version 2, and version 1 of wikis before 1.25).

Only what a crawl reads is named; what a wiki leaves out is None or empty. A value of another type than the
manual's fails where the reply is read, with its place in it.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

Number = Annotated[int, Meta(ge=-(2**62), le=2**62)]     # what a ledger's column holds
Flag = bool | str                        # version 1 says "" for true and leaves out what is not


class ApiError(Struct, frozen=True):
    """Why a request was refused (API:Errors and warnings)."""

    code: str = "unknown"
    info: str = ""


class General(Struct, frozen=True):
    """siprop=general (API:Siteinfo)."""

    sitename: str | None = None
    generator: str | None = None
    lang: str | None = None
    server: str | None = None
    articlepath: str | None = None
    script: str | None = None
    scriptpath: str | None = None
    case: str | None = None
    variants: list[Any] = []             # codes, or objects with a code
    mainpage: str | None = None


class Rights(Struct, frozen=True):
    """siprop=rightsinfo."""

    url: str | None = None
    text: str | None = None


class Namespace(Struct, frozen=True):
    """One of siprop=namespaces; version 1 has the name under "*"."""

    id: int
    case: str | None = None
    name: str | None = None
    star: str | None = field(name="*", default=None)
    canonical: str | None = None


class Alias(Struct, frozen=True):
    """One of siprop=namespacealiases."""

    id: int
    alias: str | None = None
    star: str | None = field(name="*", default=None)


class SpecialAlias(Struct, frozen=True):
    """One of siprop=specialpagealiases."""

    realname: str
    aliases: list[str] = []


class Interwiki(Struct, frozen=True):
    """One of siprop=interwikimap."""

    prefix: str


class Statistics(Struct, frozen=True):
    """siprop=statistics: all pages, and those that the wiki counts as articles."""

    pages: int | None = None
    articles: int | None = None


class Revision(Struct, frozen=True):
    """One of prop=revisions."""

    revid: Number | None = None
    timestamp: str | None = None


class CategoryInfo(Struct, frozen=True):
    """prop=categoryinfo."""

    pages: int = 0
    subcats: int = 0


class Change(Struct, frozen=True):
    """One of list=recentchanges (API:RecentChanges)."""

    timestamp: str | None = None


class Target(Struct, frozen=True):
    """The parameters of a move, and of no other event (API:Logevents)."""

    target_ns: Number | None = None
    target_title: str | None = None


class LogEvent(Struct, frozen=True):
    """One of list=logevents; `logpage` is the number that the page had then (API:Logevents).

    What is hidden from readers has no title.
    """

    logid: Number = 0
    logpage: Number | None = None
    ns: Number | None = None
    title: str | None = None
    action: str | None = None
    timestamp: str | None = None
    params: Target | list[Any] = Target()    # wikis before 1.25 give a list

    @property
    def title_after(self) -> str | None:
        """The page's title when this was done."""
        return (self.params.target_title if isinstance(self.params, Target) else None) or self.title

    @property
    def namespace_after(self) -> int | None:
        """The namespace of that title."""
        moved = self.params.target_ns if isinstance(self.params, Target) else None
        return self.ns if moved is None else moved


class Page(Struct, frozen=True):
    """One page of a list or of `titles`; it may come in pieces (API:Continue)."""

    pageid: Number | None = None
    ns: Number | None = None
    title: str | None = None
    lastrevid: Number | None = None
    touched: str | None = None
    revisions: list[Revision] | None = None
    categoryinfo: CategoryInfo | None = None
    missing: Flag = False
    invalid: Flag = False
    redirect: Flag = False


class Query(Struct, frozen=True):
    """What stands under `query`."""

    general: General | None = None
    rightsinfo: Rights | None = None
    namespaces: dict[str, Namespace] = {}
    namespacealiases: list[Alias] = []
    specialpagealiases: list[SpecialAlias] = []
    interwikimap: list[Interwiki] = []
    statistics: Statistics | None = None
    pages: list[Page] | dict[str, Page] = []
    recentchanges: list[Change] = []
    logevents: list[LogEvent] = []

    def all_pages(self) -> list[Page]:
        """Give the pages, in either version's form."""
        return list(self.pages.values()) if isinstance(self.pages, dict) else self.pages


class Reply(Struct, frozen=True):
    """One answer of api.php."""

    query: Query | None = None
    error: ApiError | None = None
    batchcomplete: Flag = False
    further: dict[str, str | int] = field(name="continue", default={})
    further_1: dict[str, dict[str, str | int]] = field(name="query-continue", default={})

    @property
    def next(self) -> dict[str, str | int]:
        """What the next request says beside the query; empty at the end. Wikis before 1.21 say it by module."""
        return self.further or {key: value for said in self.further_1.values() for key, value in said.items()}

    @property
    def ends_batch(self) -> bool:
        """Whether the pages so far have come whole; wikis before 1.21 give them in one piece."""
        return self.batchcomplete is not False or bool(self.further_1)


class Coded(Struct, frozen=True):
    """The part of a reply that tells whether it is one: an error, if any."""

    error: ApiError | None = None


def read_reply(body: bytes) -> Reply:
    """Read an answer; ValueError, which says what is where, for one that is none."""
    try:
        return _REPLY.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error


def error_code(body: bytes) -> str | None:
    """Give the code of an API error, None for any other JSON; ValueError for what is no JSON."""
    try:
        said = _CODED.decode(body)
    except msgspec.ValidationError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error
    return said.error.code if said.error else None


_REPLY = msgspec.json.Decoder(Reply)
_CODED = msgspec.json.Decoder(Coded)
