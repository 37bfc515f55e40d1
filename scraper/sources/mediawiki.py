"""MediaWiki: the list of a wiki's pages by its api.php, whole or by what the operator chose.

Rules from the manual: API:Allpages, API:Categorymembers, API:Info, API:Query. What `include` names decides which lists
are asked for, so that a handful of titles costs one request and not the whole wiki's listing.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sectionary.scraper import urls
from sectionary.scraper.endpoints import page_address
from sectionary.scraper.errors import SiteError
from sectionary.scraper.scope import categories, out_of_scope, patterns
from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.sources import discovery
from sectionary.scraper.sources.api import PAGES_A_REQUEST, TITLES_A_REQUEST, Api
from sectionary.scraper.sources.changes import FACTS, logged, reaches_back, recent_changes
from sectionary.scraper.sources.listing import Found, Listed, Visit
from sectionary.scraper.sources.members import Members
from sectionary.scraper.sources.replies import Page
from sectionary.scraper.titles import parse_title

_WILD = re.compile(r"[*?\[]")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Wanted(Struct, frozen=True, kw_only=True):
    """What `include` comes to: every page, or these titles, beginnings of titles and categories."""

    every: bool
    titles: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


def discover(visit: Visit) -> Found:
    """Find the wiki's api.php; `whole` unless the operator chose some of its pages. Raises SiteError.

    Where only changed pages are wanted, its own records of changes are read if they go back far enough.
    """
    found = discovery.discover(visit)
    chosen = wanted(visit.site.include)
    since = visit.since if chosen.every or chosen.prefixes else None
    if since and not reaches_back(Api(visit.client, visit.site.name, str(found.api)), visit, since):
        since = None
    return replace(found, whole=chosen.every and since is None, partial=since is not None, since=since)


def enumerate_pages(visit: Visit, found: Found) -> Iterator[Listed]:
    """Give every wanted page that is no redirect, in the wiki's order, each once."""
    site, api = visit.site, Api(visit.client, visit.site.name, str(found.api))
    chosen = wanted(site.include)
    members = Members(api, site)
    left_out = members.of(categories(site.exclude))
    given: set[int] = set()              # only what two lists may both have
    for page in members.pages(chosen.categories):
        given.add(page.pageid or 0)
        yield _listed(site, found, page, chosen=True, left_out=left_out)
    for page in _titles(api, chosen.titles):
        if page.pageid is None:
            yield _unknown(found, page)
        elif page.pageid not in given:
            given.add(page.pageid)
            yield _listed(site, found, page, chosen=True, left_out=left_out)
    if found.since:
        yield from _changed(visit, found, api, given, left_out)
        return
    for page in _by_title(api, found, site, chosen):
        if page.pageid not in given:
            if chosen.prefixes:
                given.add(page.pageid or 0)
            yield _listed(site, found, page, chosen=False, left_out=left_out)


def _changed(visit: Visit, found: Found, api: Api, given: set[int], left_out: set[int]) -> Iterator[Listed]:
    """Give the pages that were deleted, restored, moved, edited or made since then, but those given already."""
    site, since = visit.site, str(found.since)
    log = logged(api, visit, since)
    for number, reason in log.gone.items():
        yield Listed(key=f"page_id:{number}", url=found.origin, page_id=number, gone=reason)
    for page in (*log.pages, *recent_changes(api, site.namespaces, since)):
        if page.pageid in given or page.redirect is not False:
            continue
        given.add(page.pageid or 0)
        listed = _listed(site, found, page, chosen=False, left_out=left_out)
        yield listed if page.ns in site.namespaces else replace(listed, excluded="scope")


def wanted(include: Iterable[str]) -> Wanted:
    """Read `include`: what needs the whole list, and what can be asked for itself."""
    rules = tuple(include)
    others = patterns(rules)
    beginnings = {rule: _WILD.split(rule, maxsplit=1)[0] for rule in others}
    every = not rules or any("/" in rule or not beginnings[rule].strip(" _:") for rule in others)
    return Wanted(
        every=every,
        titles=() if every else tuple(rule for rule in others if beginnings[rule] == rule),
        prefixes=() if every else tuple(beginnings[rule] for rule in others if beginnings[rule] != rule),
        categories=categories(rules),
    )


def _titles(api: Api, titles: tuple[str, ...]) -> Iterator[Page]:
    """Look titles up; one that leads elsewhere gives the page it leads to, one that is not there has no number."""
    yield from (Page(title=title, invalid=True) for title in titles if "|" in title)     # which parts them
    asked = [title for title in titles if "|" not in title]
    for first in range(0, len(asked), TITLES_A_REQUEST):
        some = "|".join(asked[first : first + TITLES_A_REQUEST])
        yield from api.pages(titles=some, redirects=1, **FACTS)


def _unknown(found: Found, page: Page) -> Listed:
    """List a title that the wiki does not know, so that it is accounted for: its address will answer that."""
    url = urls.article_url(found.server, found.article_path, page.title or "")
    here = found.origin + url.removeprefix(urls.origin(url))
    excluded = "no title" if page.invalid is not False else None
    return Listed(key=url, url=here, canonical_url=url, title=page.title, excluded=excluded)


def _by_title(api: Api, found: Found, site: SiteSettings, chosen: Wanted) -> Iterator[Page]:
    if chosen.every:
        for namespace in site.namespaces:
            yield from _all_pages(api, namespace)
    for beginning in chosen.prefixes:
        yield from _beginning(api, found, site, beginning)


def _all_pages(api: Api, namespace: int, **more: Any) -> Iterator[Page]:
    return api.pages(
        generator="allpages", gapnamespace=namespace, gapfilterredir="nonredirects", gaplimit=PAGES_A_REQUEST,
        **FACTS, **more,
    )  # fmt: skip


def _beginning(api: Api, found: Found, site: SiteSettings, beginning: str) -> Iterator[Page]:
    """List the pages whose titles begin so; a namespace's name in front chooses that one."""
    assert found.wiki is not None  # noqa: S101  discover has set it
    try:
        title = parse_title(beginning, found.wiki.names)
    except ValueError as error:
        raise SiteError(site.name, f"include: {beginning!r} begins no title: {error}") from None
    chosen = (title.namespace,) if title.prefix else site.namespaces
    for namespace in chosen:
        yield from _all_pages(api, namespace, gapprefix=title.text)


def _listed(site: SiteSettings, found: Found, page: Page, *, chosen: bool, left_out: set[int]) -> Listed:
    """List a page; `chosen` says that it was asked for by its name or its category."""
    if page.pageid is None or page.title is None:
        raise SiteError(site.name, f"the API lists what is no page: {str(page)[:100]}")
    canonical = urls.article_url(found.server, found.article_path, page.title)
    scope = out_of_scope(site, canonical, page.title, in_category=chosen)
    return Listed(
        key=f"page_id:{page.pageid}",
        url=page_address(site.endpoint, found, page.title, page.pageid),
        canonical_url=canonical,
        title=page.title,
        page_id=page.pageid,
        revision_id=page.lastrevid,
        namespace=page.ns,
        date_modified=_made(page),
        touched=_time(page.touched),
        excluded="scope" if page.pageid in left_out else scope,
    )


def _made(page: Page) -> str | None:
    """Give the time when the listed revision was made, where the wiki tells it as it should (RFC 3339)."""
    for revision in page.revisions or ():
        if revision.revid == page.lastrevid:
            return _time(revision.timestamp)
    return None


def _time(said: str | None) -> str | None:
    return said if said and _TIME.fullmatch(said) else None
