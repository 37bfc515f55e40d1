"""Listing: the pages that a source says there are, before any of them is fetched."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime

from msgspec import Struct

from sectionary.scraper import urls
from sectionary.scraper.canonical import Wiki
from sectionary.scraper.errors import SiteError
from sectionary.scraper.http import Client
from sectionary.scraper.page import Page, SiteInfo
from sectionary.scraper.response import Response
from sectionary.scraper.settings import SiteSettings

Allows = Callable[[str], bool]           # whether robots.txt lets a page be fetched


class Listed(Struct, frozen=True, kw_only=True):
    """One page as listed. `key` is its identity on its site: "page_id:12", else its address in one form.

    `url` is what to fetch, `canonical_url` the page's address on the wiki's own server. `excluded` says why
    the page is out of scope, None when it is in, `gone` why it is no more, where the site says so. `date_modified` is
    when the revision was made (RFC 3339), `touched` when anything last made the page's HTML stale, a template's edit
    too (API:Info), or by when the page last changed, as its sitemap says. `depth` is how many links away from the start
    it was found, where links are followed.
    """

    key: str
    url: str
    canonical_url: str | None = None
    title: str | None = None
    page_id: int | None = None
    revision_id: int | None = None
    namespace: int | None = None
    date_modified: str | None = None
    touched: str | None = None
    excluded: str | None = None
    gone: str | None = None
    depth: int | None = None


class Found(Struct, frozen=True, kw_only=True):
    """What a source learnt of a site before listing its pages.

    `origin` is where pages are fetched from ("https://example.org"). `api`, `server` and `article_path` are
    the wiki's own: the address of api.php, the server and "/wiki/$1" of its canonical addresses; `wiki` is how it
    writes addresses, `pages` and `articles` how many it says it has, all kinds and articles alone.
    `whole` says that the listing is all there is: a page that is missing from it is gone. `partial` says that it
    is only a part: of pages that are missing from it nothing is known. With neither, they are out of scope.
    `since` says that the source lists only what changed since then (RFC 3339).
    """

    info: SiteInfo
    origin: str
    api: str | None = None
    server: str = ""
    article_path: str = ""
    whole: bool = False
    partial: bool = False
    since: str | None = None
    wiki: Wiki | None = None
    pages: int | None = None
    articles: int | None = None


class Elsewhere(SiteError):  # noqa: N818  it tells where to look on, and is seldom the end
    """This way does not lead to a site's pages; another one may."""


def say_nothing(_text: str) -> None:
    """Tell nobody."""


def itself(numbers: Collection[int]) -> Collection[int]:
    """Know all of them."""
    return numbers


class Visit(Struct, frozen=True, kw_only=True):
    """One site, the client that may ask it, and what robots.txt allows there; answers are kept by address."""

    client: Client
    site: SiteSettings
    allows: Allows
    tell: Callable[[str], None] = say_nothing        # hears of what is wrong with a listing, yet not its end
    api: str | None = None               # where the site's api.php was the last time
    since: str | None = None             # only pages changed since then (RFC 3339) are wanted
    knows: Callable[[Collection[int]], Collection[int]] = itself     # which numbers are of pages listed before
    now: datetime | None = None          # the date at which the visit began
    answers: dict[str, Response] = {}

    @property
    def start(self) -> str:
        """The address that the operator gave."""
        return self.site.url or ""

    def once(self, url: str) -> Response:
        """Fetch an address on the site's host, patiently, and only once a visit."""
        if url not in self.answers:
            self.answers[url] = self.client.get_patiently(url, follow=urls.same_host)
        return self.answers[url]


class Source(Struct, frozen=True):
    """A way to learn which pages a site has.

    `discover` asks the site who it is, and raises Elsewhere where this way does not lead to its pages; `enumerate`
    gives them. `follow` gives, for a source whose pages lead to more, those that a fetched one leads to.
    """

    name: str
    discover: Callable[[Visit], Found]
    enumerate: Callable[[Visit, Found], Iterator[Listed]]
    follow: Callable[[SiteSettings, Found, Page, int], Iterator[Listed]] | None = None
