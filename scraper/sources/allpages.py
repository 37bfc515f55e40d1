"""All pages: the list that a wiki shows its readers at Special:AllPages, for wikis whose api.php is shut.

mediawiki.org, Help:Special pages and Manual:Interface/Special pages summary: every wiki understands the English name.
robots.txt rules over it, as over any page.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from sectionary.scraper import urls
from sectionary.scraper.canonical import Wiki
from sectionary.scraper.errors import SiteError
from sectionary.scraper.hrefs import Link, links, text_of
from sectionary.scraper.response import Response
from sectionary.scraper.sources.byaddress import found_by, listed_at
from sectionary.scraper.sources.discovery import front_page, is_mediawiki
from sectionary.scraper.sources.listing import Elsewhere, Found, Listed, Visit

_LIST = re.compile(r"mw-allpages-(?:body|chunk|table-chunk)")
_LIST_ENDS = re.compile(r"</ul>|</table>|mw-allpages-nav|printfooter")
_NAVIGATION = re.compile(r"mw-allpages-nav\b")
_REDIRECT = re.compile(r"\b(?:allpagesredirect|mw-redirect)\b")
_ITEM_BEFORE = 200                       # characters before a link in which its list item begins


class Chunk(Struct, frozen=True):
    """One page of the list: the addresses on it that are no redirects, and where the next one begins."""

    pages: tuple[str, ...]
    first: str | None
    nexts: tuple[str, ...]


def discover(visit: Visit) -> Found:
    """Find Special:AllPages from any page of the wiki; raises Elsewhere where there is none, or robots forbid it."""
    front = front_page(visit)
    if front is None or not is_mediawiki(front):
        raise Elsewhere(visit.site.name, "no page that says it is MediaWiki's")
    found = found_by(visit, front)
    assert found.wiki is not None  # noqa: S101  a page of MediaWiki's has one
    address = _address(found.wiki, visit.site.namespaces[0] if visit.site.namespaces else 0)
    if not visit.allows(address):
        raise Elsewhere(visit.site.name, "robots.txt forbids Special:AllPages")
    answer = visit.once(address)
    if answer.status != 200 or not _LIST.search(text_of(answer.body, answer.header("content-type"))):
        raise Elsewhere(visit.site.name, f"no Special:AllPages at {address} (http {answer.status})")
    return replace(found, whole=True, partial=False)


def enumerate_pages(visit: Visit, found: Found) -> Iterator[Listed]:
    """Give the pages of each wanted namespace in the wiki's order; SiteError where the list has no end."""
    assert found.wiki is not None  # noqa: S101  discover has set it
    for namespace in visit.site.namespaces:
        for url in _addresses(visit, found.wiki, namespace):
            if (page := listed_at(visit.site, found, url)) is not None:
                yield page


def read_chunk(page: str, url: str) -> Chunk:
    """Read one page of the list at `url`."""
    begins = _LIST.search(page)
    ends = _LIST_ENDS.search(page, begins.end()) if begins else None
    listed = [link for link in links(page, url) if begins and begins.end() <= link.at < (ends.start() if ends else 0)]
    navigation = [place.start() for place in _NAVIGATION.finditer(page)]
    further = [link for link in links(page, url) if navigation and link.at > navigation[0]]
    return Chunk(
        pages=tuple(link.url for link in listed if not _is_redirect(page, link)),
        first=listed[0].title if listed else None,
        nexts=tuple(dict.fromkeys(mark for link in further if (mark := _mark(link.url)))),
    )


def _addresses(visit: Visit, wiki: Wiki, namespace: int) -> Iterator[str]:
    seen: set[str] = set()
    begin: str | None = None
    while True:
        address = _address(wiki, namespace, begin)
        answer = visit.client.get_patiently(address, follow=urls.same_host)
        if answer.status != 200:
            raise SiteError(visit.site.name, f"{address}: http {answer.status}")
        chunk = _chunk(answer)
        yield from chunk.pages
        seen |= {_plain(mark) for mark in (begin, chunk.first) if mark}
        left = [mark for mark in chunk.nexts if _plain(mark) not in seen]
        if not left:
            return
        if not chunk.pages and begin is not None and chunk.first is None:
            raise SiteError(visit.site.name, f"Special:AllPages goes on without a page at {begin[:200]}")
        begin = left[-1]


def _chunk(answer: Response) -> Chunk:
    return read_chunk(text_of(answer.body, answer.header("content-type")), answer.url)


def _address(wiki: Wiki, namespace: int, begin: str | None = None) -> str:
    query: dict[str, str | int] = {"title": "Special:AllPages", "namespace": namespace, "hideredirects": 1}
    where = urls.absolute(wiki.server, wiki.script)
    return f"{where}?{urlencode(query | ({'from': begin} if begin else {}))}"


def _is_redirect(page: str, link: Link) -> bool:
    item = page[max(link.at - _ITEM_BEFORE, 0) : link.at].rpartition("<li")[2]
    return bool("mw-redirect" in link.classes or _REDIRECT.search(item.partition(">")[0]))


def _mark(url: str) -> str | None:
    """Give the title at which another page of the list begins, for a link that leads to one."""
    if "allpages" not in url.lower() and "from=" not in url:
        return None
    return parse_qs(urlsplit(url).query).get("from", [None])[0]


def _plain(mark: str) -> str:
    return mark.replace("_", " ").strip()
