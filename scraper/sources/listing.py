"""Listing: the pages that a source says there are, before any of them is fetched."""

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from sectionary.scraper.http import Client
from sectionary.scraper.page import SiteInfo
from sectionary.scraper.settings import SiteSettings

Allows = Callable[[str], bool]           # whether robots.txt lets a page be fetched


class Listed(Struct, frozen=True, kw_only=True):
    """One page as listed. `key` is its identity on its site: "page_id:12", else its address in one form.

    `url` is what to fetch, `canonical_url` the page's address on the wiki's own server. `excluded` says why
    the page is out of scope, None when it is in. `date_modified` is when the revision was made (RFC 3339).
    """

    key: str
    url: str
    canonical_url: str | None = None
    title: str | None = None
    page_id: int | None = None
    revision_id: int | None = None
    namespace: int | None = None
    date_modified: str | None = None
    excluded: str | None = None


class Found(Struct, frozen=True, kw_only=True):
    """What a source learnt of a site before listing its pages.

    `origin` is where pages are fetched from ("https://example.org"). `api`, `server` and `article_path` are
    the wiki's own: the address of api.php, the server and "/wiki/$1" of its canonical addresses.
    `whole` says that the listing is all there is: a page that is missing from it is gone.
    """

    info: SiteInfo
    origin: str
    api: str | None = None
    server: str = ""
    article_path: str = ""
    whole: bool = False


class Source(Struct, frozen=True):
    """A way to learn which pages a site has."""

    discover: Callable[[Client, SiteSettings, Allows], Found]
    enumerate: Callable[[Client, SiteSettings, Found], Iterator[Listed]]


def out_of_scope(site: SiteSettings, url: str, title: str | None) -> str | None:
    """Say that `include` and `exclude` leave a page out ("scope"), or None.

    A pattern with a slash is held against the address, any other against the title, or where none is known
    against the last part of the address's path; both as in a shell (`*`, `?`, `[…]`), case counting, spaces
    and underscores alike. An empty `include` takes all.
    """
    chosen = not site.include or _matches(site.include, url, title)
    return None if chosen and not _matches(site.exclude, url, title) else "scope"


def _matches(patterns: tuple[str, ...], url: str, title: str | None) -> bool:
    name = (title or unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])).replace("_", " ")
    return any(
        fnmatchcase(url, pattern) if "/" in pattern else fnmatchcase(name, pattern.replace("_", " "))
        for pattern in patterns
    )
