"""MediaWiki: what a wiki's api.php says of it, and the list of its pages.

Rules from the manual: API:Siteinfo, API:Allpages, API:Continue, API:Etiquette, Manual:Maxlag parameter.
robots.txt speaks of pages; api.php is meant for programs and has its own etiquette, which is kept: one
request at a time, `maxlag`, waiting when told to.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec

from sectionary.scraper import urls
from sectionary.scraper.errors import FetchError, SiteError
from sectionary.scraper.http import Client
from sectionary.scraper.licence import spdx
from sectionary.scraper.pace import is_passing
from sectionary.scraper.page import SiteInfo
from sectionary.scraper.response import Response
from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.sources.listing import Allows, Found, Listed, out_of_scope

_API_PLACES = ("/w/api.php", "/api.php", "/wiki/api.php", "/mediawiki/api.php")
_MOST_OF_HEAD = 2**17                    # bytes of a page searched for its EditURI link
_SECONDS_OF_LAG = 5                      # Manual:Maxlag parameter
_PAGES_A_REQUEST = 500

_EDIT_URI = re.compile(rb"""<link\b[^>]*\brel=["']?EditURI\b[^>]*>""", re.IGNORECASE)
_HREF = re.compile(rb"""\bhref=["']?([^"'\s>]+)""", re.IGNORECASE)

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

# Errors that come with status 200 and pass by themselves.
_PASSING = frozenset({
    "maxlag", "ratelimited", "readonly", "internal_api_error_DBConnectionError",
    "internal_api_error_DBQueryError", "internal_api_error_DBQueryTimeoutError",
    "internal_api_error_RequestTimeoutException", "rest-rate-limit-exceeded",
})  # fmt: skip

Reply = dict[str, Any]


def discover(client: Client, site: SiteSettings, allows: Allows) -> Found:
    """Find a wiki's api.php and read who it is; SiteError tells what was tried."""
    start = site.url or ""
    front = _front_page(client, site, start) if allows(start) else None
    origin = urls.origin(front.url if front else start)
    tried = list(dict.fromkeys(_candidates(start, origin, front)))
    for api in tried:
        reply = _siteinfo(client, site, api)
        if reply is not None:
            return _found(origin, api, reply)
    raise SiteError(site.name, f"no MediaWiki API found; tried {', '.join(tried)}")


def enumerate_pages(client: Client, site: SiteSettings, found: Found) -> Iterator[Listed]:
    """Give every page of the wanted namespaces that is no redirect, in the wiki's order."""
    for namespace in site.namespaces:
        for page in _all_pages(client, site, found, namespace):
            try:
                listed = _listed(site, found, page)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise SiteError(site.name, f"the API lists what is no page: {str(page)[:100]}") from error
            yield listed


def _front_page(client: Client, site: SiteSettings, start: str) -> Response | None:
    """Fetch the address that the operator gave; it may move, but not to another host."""
    if start.endswith("/api.php"):
        return None
    answer = client.get_patiently(start, follow=urls.same_host)
    if answer.location and not urls.same_host(start, answer.location):
        raise SiteError(site.name, f"{start} leads to {answer.location}; write that address if it is meant")
    return answer


def _candidates(start: str, origin: str, front: Response | None) -> Iterator[str]:
    """Give the addresses where api.php may be, likeliest first, all on the host that is crawled.

    Only the path of an EditURI link counts: a copy of a wiki still names the original's host.
    """
    if start.endswith("/api.php"):
        yield start
    if front and (link := _EDIT_URI.search(front.body[:_MOST_OF_HEAD])) and (href := _HREF.search(link[0])):
        target = href[1].decode("utf-8", "replace").replace("&amp;", "&")
        yield origin + urlsplit(urljoin(front.url, target)).path
    folder = "/" + "/".join(urlsplit(start).path.strip("/").split("/")[:1])
    if folder not in {"/", "/w", "/wiki", "/mediawiki"} and "." not in folder:
        yield f"{origin}{folder}/api.php"
    for place in _API_PLACES:
        yield origin + place


def _siteinfo(client: Client, site: SiteSettings, api: str) -> Reply | None:
    """Ask a would-be api.php who it is; None where there is no API."""
    address = _address(api, meta="siteinfo", siprop="general|rightsinfo|namespaces")
    answer = client.get_patiently(address, follow=urls.same_host, passing=_is_passing)
    reply = _json(answer)
    if reply is None or answer.status != 200:
        return None
    _refuse_errors(site, reply)
    query = reply.get("query")
    return query if isinstance(query, dict) and "general" in query else None


def _found(origin: str, api: str, reply: Reply) -> Found:
    general = reply["general"]
    server = general.get("server") or origin
    article_path = general.get("articlepath") or "/index.php?title=$1"
    return Found(
        info=_site_info(general, reply.get("rightsinfo") or {}, server, article_path),
        origin=origin,
        api=api,
        server=server,
        article_path=article_path,
        whole=True,
    )


def _site_info(general: Reply, rights: Reply, server: str, article_path: str) -> SiteInfo:
    text, address = rights.get("text") or None, rights.get("url") or None
    named = text or address
    return SiteInfo(
        site=urls.site_key(server, article_path, general.get("scriptpath") or ""),
        name=general.get("sitename"),
        engine="mediawiki",
        generator=general.get("generator"),
        language=general.get("lang"),
        license=spdx(address, text),
        license_text=named,
        license_source="api" if named else None,
    )


def _all_pages(client: Client, site: SiteSettings, found: Found, namespace: int) -> Iterator[Reply]:
    """Follow `continue` to the end (API:Continue); a page may come in pieces until `batchcomplete`."""
    pieces: dict[str, Reply] = {}
    for reply in _replies(client, site, str(found.api), {
        "generator": "allpages", "gapnamespace": namespace, "gapfilterredir": "nonredirects",
        "gaplimit": _PAGES_A_REQUEST, "prop": "info|revisions", "inprop": "url", "rvprop": "ids|timestamp",
    }):  # fmt: skip
        for page in (reply.get("query") or {}).get("pages") or ():
            pieces.setdefault(str(page.get("pageid")), {}).update(page)
        if reply.get("batchcomplete"):
            yield from pieces.values()
            pieces.clear()
    yield from pieces.values()


def _replies(client: Client, site: SiteSettings, api: str, query: Reply) -> Iterator[Reply]:
    seen: set[str] = set()
    further: Reply = {}
    while True:
        reply = _ask(client, site, _address(api, **query, **further))
        yield reply
        further = reply.get("continue") or {}
        if not further:
            return
        mark = urlencode(sorted(further.items()))
        if mark in seen:
            raise SiteError(site.name, f"the API's listing goes in a circle at {mark}")
        seen.add(mark)


def _ask(client: Client, site: SiteSettings, address: str) -> Reply:
    try:
        answer = client.get_patiently(address, follow=urls.same_host, passing=_is_passing)
    except FetchError as error:
        raise SiteError(site.name, f"the API does not answer: {error.reason}") from error
    reply = _json(answer)
    if reply is None or answer.status != 200:
        raise SiteError(site.name, f"the API does not answer: http {answer.status}")
    _refuse_errors(site, reply)
    return reply


def _is_passing(answer: Response) -> bool:
    """Tell whether to ask the API again: by status, by error code, or because JSON came cut or mangled."""
    if is_passing(answer.status):
        return True
    says_json = "json" in (answer.header("content-type") or "")
    reply = _json(answer)
    return (reply is None and says_json) or (reply is not None and _error_code(reply) in _PASSING)


def _refuse_errors(site: SiteSettings, reply: Reply) -> None:
    if code := _error_code(reply):
        said = str(reply["error"].get("info") or "")[:200]
        raise SiteError(site.name, f"the API refuses: {code}{': ' + said if said else ''}")


def _error_code(reply: Reply) -> str | None:
    error = reply.get("error")
    return str(error.get("code")) if isinstance(error, dict) else None


def _json(answer: Response) -> Reply | None:
    try:
        reply = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return reply if isinstance(reply, dict) else None


def _address(api: str, **query: Any) -> str:
    fixed = {"action": "query", "format": "json", "formatversion": 2, "maxlag": _SECONDS_OF_LAG}
    return f"{api}?{urlencode({**fixed, **query})}"


def _listed(site: SiteSettings, found: Found, page: Reply) -> Listed:
    title = str(page["title"])
    canonical = urls.article_url(found.server, found.article_path, title)
    return Listed(
        key=f"page_id:{page['pageid']}",
        url=found.origin + canonical.removeprefix(urls.origin(canonical)),
        canonical_url=canonical,
        title=title,
        page_id=int(page["pageid"]),
        revision_id=page.get("lastrevid"),
        namespace=page.get("ns"),
        date_modified=_made(page),
        excluded=out_of_scope(site, canonical, title),
    )


def _made(page: Reply) -> str | None:
    """Give the time when the listed revision was made, where the wiki tells it as it should (RFC 3339)."""
    for revision in page.get("revisions") or ():
        said = str(revision.get("timestamp"))
        if revision.get("revid") == page.get("lastrevid") and _TIME.fullmatch(said):
            return said
    return None
