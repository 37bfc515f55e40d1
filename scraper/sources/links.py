"""Links: the pages that a site's own links lead to from its start page, found as they are fetched.

The ledger is the frontier: what a page links to is written there in the same step that writes the page as done, so a
killed crawl goes on where it stood. Scope is the start page's host and folder (or the wiki's pages), `depth` links
away at most; actions, old revisions, special pages and files are never asked for.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec.structs import replace

from sectionary.scraper import urls
from sectionary.scraper.canonical import canonicalise
from sectionary.scraper.hrefs import links, may_follow, text_of
from sectionary.scraper.page import Page
from sectionary.scraper.scope import out_of_scope
from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.sources.byaddress import found_by, listed_at, trap
from sectionary.scraper.sources.discovery import front_page
from sectionary.scraper.sources.listing import Elsewhere, Found, Listed, Visit


def discover(visit: Visit) -> Found:
    """Read the start page; raises Elsewhere where there is none, or robots.txt forbids it."""
    front = front_page(visit)
    if front is None:
        raise Elsewhere(visit.site.name, f"robots.txt forbids {visit.start}")
    if front.status != 200:
        raise Elsewhere(visit.site.name, f"{visit.start}: http {front.status}")
    return found_by(visit, front)


def enumerate_pages(visit: Visit, found: Found) -> Iterator[Listed]:
    """Give the start page; what it leads to comes by `follow`. It is read even where `include` leaves it out."""
    front = visit.once(visit.start)
    place = canonicalise(front.url, found.wiki)
    title = str(place.title) if place.title else None
    namespace = place.title.namespace if place.title else None
    yield Listed(key=place.url, url=place.url, title=title, namespace=namespace, depth=0)


def follow(site: SiteSettings, found: Found, page: Page, depth: int) -> Iterator[Listed]:
    """Give the pages that a fetched page at `depth` links to, each once."""
    if depth >= site.depth:
        return
    text = text_of(page.body, page.http.content_type)
    if not may_follow(text):
        return
    seen: set[str] = set()
    for link in links(text, page.url):
        listed = listed_at(site, found, link.url, depth=depth + 1)
        if listed is None or listed.key in seen:
            continue
        seen.add(listed.key)
        if found.wiki is not None or _is_below(site, listed.url):
            yield replace(listed, excluded=scope_of(site, listed))


def _is_below(site: SiteSettings, url: str) -> bool:
    """Tell whether an address lies in the folder of the start page."""
    folder = urlsplit(site.url or "").path.rpartition("/")[0] + "/"
    return urls.same_host(url, site.url or url) and urlsplit(url).path.startswith(folder)


def scope_of(site: SiteSettings, listed: Listed) -> str | None:
    """Say why a page that links led to is not fetched, or None; the start page always is."""
    if listed.depth == 0:
        return None
    if listed.depth is not None and listed.depth > site.depth:
        return "scope"
    if reason := trap(listed.url):
        return f"trap: {reason}"
    return out_of_scope(site, listed.canonical_url or listed.url, listed.title)
