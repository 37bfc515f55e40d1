"""Sitemaps: the pages that a site lists for programs (https://www.sitemaps.org/protocol.html).

Found in robots.txt or at the usual places, or named as the site's `url`. An index leads to more of them; each is read
once, on the site's own host, and only so many levels down. What a sitemap leaves out may be there all the same. A date
that it gives for a page, where it is believable, tells whether that changed since it was fetched.
"""

from collections import deque
from collections.abc import Iterator

from msgspec.structs import replace
from protego import Protego

from sectionary.scraper import urls
from sectionary.scraper.errors import FetchError, SiteError
from sectionary.scraper.sitemap import Entry, SitemapError, read_sitemap
from sectionary.scraper.sources.byaddress import found_by, listed_at
from sectionary.scraper.sources.discovery import front_page
from sectionary.scraper.sources.lastmods import believable
from sectionary.scraper.sources.listing import Elsewhere, Found, Listed, Visit

_PLACES = ("/sitemap.xml", "/sitemap_index.xml", "/sitemap.xml.gz")
_FILE_ENDINGS = (".xml", ".xml.gz", ".txt", ".txt.gz")
_DEEPEST = 3                             # indexes within one another; the protocol knows one
_MOST_FILES = 10_000


def discover(visit: Visit) -> Found:
    """Find a site's sitemaps; raises Elsewhere where there are none."""
    front = None if visit.start.endswith(_FILE_ENDINGS) else front_page(visit)
    found = found_by(visit, front)
    if not _starts(visit, found):
        raise Elsewhere(visit.site.name, "no sitemap in robots.txt or at /sitemap.xml")
    return found


def enumerate_pages(visit: Visit, found: Found) -> Iterator[Listed]:
    """Give each page that the sitemaps list once, in their order.

    A sitemap that cannot be read is told in a SiteError, once all others were read.
    """
    given: set[int] = set()
    faults: list[str] = []
    for entry in _entries(visit, found, faults):
        page = listed_at(visit.site, found, entry.url)
        if page is not None and hash(page.key) not in given:
            given.add(hash(page.key))
            yield replace(page, date_modified=entry.modified, touched=entry.latest)
    if faults and not given:
        raise SiteError(visit.site.name, faults[0])
    for fault in faults:
        visit.tell(fault)


def _starts(visit: Visit, found: Found) -> list[str]:
    """Give the sitemaps to begin with, all on the site's host."""
    if visit.start.endswith(_FILE_ENDINGS):
        return [visit.start]
    named = [url for url in _in_robots(visit, found.origin) if urls.refusal(url) is None]
    if own := [url for url in named if urls.same_host(url, found.origin)]:
        return list(dict.fromkeys(own))
    usual = (found.origin + place for place in _PLACES)
    return [url for url in usual if visit.allows(url) and _is_sitemap(visit, url)][:1]


def _in_robots(visit: Visit, origin: str) -> list[str]:
    answer = visit.once(f"{origin}/robots.txt")
    return list(Protego.parse(answer.body.decode("utf-8", "replace")).sitemaps) if answer.status == 200 else []


def _is_sitemap(visit: Visit, url: str) -> bool:
    answer = visit.once(url)
    if answer.status != 200:
        return False
    try:
        return next(read_sitemap(answer.body), None) is not None
    except SitemapError:
        return False


def _entries(visit: Visit, found: Found, faults: list[str]) -> Iterator[Entry]:
    """Read the sitemaps one after another, an index's own after it; what is wrong with one goes into `faults`."""
    waiting = deque((url, 0) for url in _starts(visit, found))
    seen = {url for url, _ in waiting}
    while waiting:
        url, depth = waiting.popleft()
        try:
            for entry in believable(_read(visit, url), visit.now):
                if not entry.index:
                    yield entry
                elif fault := _refused(found, entry.url, depth, len(seen)):
                    faults.append(f"{urls.shown(entry.url[:200])}: {fault}")
                elif entry.url not in seen:
                    seen.add(entry.url)
                    waiting.append((entry.url, depth + 1))
        except (SitemapError, FetchError) as error:
            reason = error.reason if isinstance(error, FetchError) else error
            faults.append(f"sitemap {url}: {reason}")


def _refused(found: Found, url: str, depth: int, known: int) -> str | None:
    if reason := urls.refusal(url):
        return reason
    if not urls.same_host(url, found.origin):
        return "a sitemap on another host, which is not read"
    if depth >= _DEEPEST:
        return f"a sitemap more than {_DEEPEST} indexes deep, which is not read"
    return f"a sitemap beyond the first {_MOST_FILES}, which is not read" if known >= _MOST_FILES else None


def _read(visit: Visit, url: str) -> Iterator[Entry]:
    answer = visit.answers.pop(url, None) or visit.client.get_patiently(url, follow=urls.same_host)
    if answer.status != 200:
        raise SitemapError(f"http {answer.status}")
    return read_sitemap(answer.body)
