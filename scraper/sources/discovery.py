"""Discovery: where a wiki's api.php is, from any of its pages, and who the wiki says it is."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from sectionary.scraper import urls
from sectionary.scraper.canonical import Wiki
from sectionary.scraper.errors import SiteError
from sectionary.scraper.licence import spdx
from sectionary.scraper.pace import is_passing
from sectionary.scraper.page import SiteInfo
from sectionary.scraper.response import Response
from sectionary.scraper.sources.api import Api
from sectionary.scraper.sources.listing import Elsewhere, Found, Visit
from sectionary.scraper.sources.replies import General, Namespace, Query, Rights
from sectionary.scraper.titles import Names, folded, named

_API_PLACES = ("/w/api.php", "/api.php", "/wiki/api.php", "/mediawiki/api.php")
_MOST_OF_HEAD = 2**17                    # bytes of a page searched for what leads to its api.php

_EDIT_URI = re.compile(rb"""<link\b[^<>]{0,500}\brel=["']?EditURI\b[^<>]{0,500}>""", re.IGNORECASE)
_HREF = re.compile(rb"""\bhref=["']?([^"'\s<>]{1,500})""", re.IGNORECASE)
_SCRIPT_PATH = re.compile(rb'"wgScriptPath"\s*:\s*"((?:[^"\\]|\\/){0,200})"')
_BESIDE_API = re.compile(rb"""(?:href|src)=["']?([^"'\s<>]{0,300})/(?:load|opensearch_desc)\.php\b""")
_GENERATOR = re.compile(rb"""<meta\b[^<>]{0,200}\bcontent=["']MediaWiki\b""", re.IGNORECASE)


def discover(visit: Visit) -> Found:
    """Find a wiki's api.php and read who it is.

    Raises Elsewhere, telling what was tried, where there is none, and SiteError where one may be that is only not
    to be had now: a site must not be listed in another way because its API was down for a night.
    """
    if visit.api and (found := _at(visit, urls.origin(visit.api), visit.api)[0]):
        return found
    front = front_page(visit)
    origin = urls.origin(front.url if front else visit.start)
    tried = list(dict.fromkeys(_candidates(visit.start, origin, front)))
    down: list[str] = []
    for address in tried:
        found, answer = _at(visit, origin, address)
        if found:
            return found
        if is_passing(answer.status):
            down.append(f"{address}: http {answer.status}")
    if down:
        raise SiteError(visit.site.name, f"no MediaWiki API answers now; {down[0]}")
    raise Elsewhere(visit.site.name, f"no MediaWiki API found; tried {', '.join(tried)}")


def _at(visit: Visit, origin: str, address: str) -> tuple[Found | None, Response]:
    """Ask a would-be api.php who the wiki is; gives what it says, None where it is none, and its answer."""
    api = Api(visit.client, visit.site.name, address)
    answer = api.ask_siteinfo()
    query = api.siteinfo(answer)
    if query is None or query.general is None:
        return None, answer
    try:
        return found_at(origin, address, query, query.general), answer
    except ValueError as error:
        raise SiteError(visit.site.name, f"the wiki tells no address of its pages: {error}") from error


def front_page(visit: Visit) -> Response | None:
    """Fetch the address that the operator gave, if robots.txt allows; it may move, but not to another host."""
    start = visit.start
    if start.endswith("/api.php") or not visit.allows(start):
        return None
    answer = visit.once(start)
    if answer.location and not urls.same_host(start, answer.location):
        said = f"{start} leads to {answer.location}; write that address if it is meant"
        raise SiteError(visit.site.name, said)
    return answer


def is_mediawiki(front: Response | None) -> bool:
    """Tell whether a page says that MediaWiki made it."""
    head = front.body[:_MOST_OF_HEAD] if front else b""
    return bool(_GENERATOR.search(head) or _EDIT_URI.search(head))


def found_at(origin: str, api: str, query: Query, general: General) -> Found:
    """Put together what siteinfo says; what it leaves out has MediaWiki's defaults.

    Raises ValueError where the addresses that it gives its pages are none.
    """
    server = general.server or origin
    article_path = general.articlepath or "/index.php?title=$1"
    urls.normalise(urls.article_url(server, article_path, "X"))
    if "$1" not in article_path:
        raise ValueError(f"articlepath {article_path[:80]}")
    script = general.script or f"{general.scriptpath or ''}/index.php"
    statistics = query.statistics
    return Found(
        info=_site_info(general, query.rightsinfo or Rights(), server, article_path),
        origin=origin,
        api=api,
        server=server,
        article_path=article_path,
        whole=True,
        wiki=Wiki(
            server=server,
            article_path=article_path,
            script=script,
            names=_names(query, general),
            variants=frozenset(_variants(general)),
            origin=origin,
        ),
        articles=statistics.articles if statistics else None,
        pages=statistics.pages if statistics else None,
    )


def _candidates(start: str, origin: str, front: Response | None) -> Iterator[str]:
    """Give the addresses where api.php may be, likeliest first, all on the host that is crawled.

    Only the paths in a page's links count: a copy of a wiki still names the original's host.
    """
    if start.endswith("/api.php"):
        yield start
    if front:
        for path in _told(front):
            yield origin + path
    folder = "/" + "/".join(urlsplit(start).path.strip("/").split("/")[:1])
    if folder not in {"/", "/w", "/wiki", "/mediawiki"} and "." not in folder:
        yield f"{origin}{folder}/api.php"
    for place in _API_PLACES:
        yield origin + place


def _told(front: Response) -> Iterator[str]:
    """Give the paths that a page's head names: its RSD link, its script path, the folder of its styles."""
    head = front.body[:_MOST_OF_HEAD]
    if (link := _EDIT_URI.search(head)) and (href := _HREF.search(link[0])):
        yield from _path(front.url, href[1].replace(b"&amp;", b"&"))
    if scripts := _SCRIPT_PATH.search(head):
        yield from _path(front.url, scripts[1].replace(b"\\/", b"/") + b"/api.php")
    if beside := _BESIDE_API.search(head):
        yield from _path(front.url, beside[1] + b"/api.php")


def _path(page: str, href: bytes) -> Iterator[str]:
    try:
        path = urlsplit(urljoin(page, href.decode("utf-8", "replace"))).path
        if path.startswith("/") and urls.refusal(urls.origin(page) + path) is None:
            yield path
    except ValueError:
        return                           # an address that cannot be taken apart leads nowhere


def _site_info(general: General, rights: Rights, server: str, article_path: str) -> SiteInfo:
    stated = rights.text or rights.url or None
    return SiteInfo(
        site=urls.site_key(server, article_path, general.scriptpath or ""),
        name=general.sitename,
        engine="mediawiki",
        generator=general.generator,
        language=general.lang,
        license=spdx(rights.url or None, rights.text or None),
        license_text=stated,
        license_source="api" if stated else None,
    )


def _names(query: Query, general: General) -> Names:
    spaces = query.namespaces.values()
    local = {space.id: _name(space) for space in spaces}
    aliases = {space.canonical: space.id for space in spaces if space.canonical}
    aliases |= {name: alias.id for alias in query.namespacealiases if (name := alias.alias or alias.star)}
    return named(
        local,
        aliases,
        keeps_case=_keeping_case(query, general),
        specials={
            folded(name): special.aliases[0] if special.aliases else special.realname
            for special in query.specialpagealiases
            for name in (special.realname, *special.aliases)
        },
        foreign=frozenset(folded(wiki.prefix) for wiki in query.interwikimap),
        language=general.lang or "en",
    )


def _name(space: Namespace) -> str:
    return space.name if space.name is not None else space.star or ""


def _keeping_case(query: Query, general: General) -> frozenset[int] | None:
    """Say which namespaces keep a small first letter; None where the wiki does not tell."""
    if general.case is None:
        return None
    spaces = query.namespaces.values()
    return frozenset(space.id for space in spaces if (space.case or general.case) == "case-sensitive")


def _variants(general: General) -> Iterator[str]:
    for variant in general.variants:
        code = variant.get("code") if isinstance(variant, dict) else variant
        if isinstance(code, str):
            yield code.lower()
