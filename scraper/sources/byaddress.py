"""By address: pages that are known by their addresses alone, because no api.php tells more of them."""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from sectionary.scraper import urls
from sectionary.scraper.canonical import Wiki, canonicalise
from sectionary.scraper.hrefs import text_of
from sectionary.scraper.page import SiteInfo
from sectionary.scraper.response import Response
from sectionary.scraper.scope import categories, out_of_scope
from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.sources.discovery import is_mediawiki
from sectionary.scraper.sources.listing import Elsewhere, Found, Listed, Visit
from sectionary.scraper.titles import english

_PAGE_NAME = re.compile(r'"wgPageName"\s*:\s*"((?:[^"\\]|\\.){1,600})"')
_SCRIPT_PATH = re.compile(r'"wgScriptPath"\s*:\s*"([^"]{0,200})"')
_INDEX = re.compile(r"""(?:href|action)=["'](?:https?:)?(?://[^/"'\s]{1,200})?((?:/[^/"'?\s]{1,60}){0,4}/index\.php)\b""")
_MOST_OF_HEAD = 2**17

# Endings of what is no page, so that no request is spent on it.
_FILES = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|ico|bmp|tiff?|pdf|docx?|xlsx?|pptx?|od[tsp]|epub|zip|t?gz|bz2|xz|7z|rar|tar|exe|dmg|apk"
    r"|mp[34]|m4[av]|og[gav]|webm|wav|flac|avi|mov|css|m?js|json|xml|rss|atom|woff2?|ttf|eot|swf|csv|txt)$",
    re.IGNORECASE,
)
_PAGE_PARAMETERS = frozenset({"title", "id", "page", "p", "entry", "article", "topic", "name", "term", "lemma"})
_LONGEST = 2000                          # characters of an address
_MOST_PARTS = 20                         # of a path
_MOST_REPEATS = 3                        # of one part in a path


def found_by(visit: Visit, front: Response | None) -> Found:
    """Say what a site's own page tells: its host, and if it is MediaWiki's how it writes its addresses.

    Raises Elsewhere for a site from which the operator chose categories: only api.php tells what is in them.
    """
    if named := categories((*visit.site.include, *visit.site.exclude)):
        raise Elsewhere(visit.site.name, f"Category:{named[0]} cannot be read without api.php")
    start = front.url if front else visit.start
    return Found(
        info=SiteInfo(site=urls.host(start)),
        origin=urls.origin(start),
        wiki=wiki_of(front) if front and is_mediawiki(front) else None,
        partial=True,
    )


def wiki_of(front: Response) -> Wiki | None:
    """Read from a page of MediaWiki how its addresses are written; None where it does not tell."""
    head = text_of(front.body[:_MOST_OF_HEAD], front.header("content-type"))
    path = unquote(urlsplit(front.url).path)
    scripts = _SCRIPT_PATH.search(head)
    index = _INDEX.search(head)
    script = f"{_plain(scripts[1])}/index.php" if scripts else index[1] if index else "/index.php"
    name = _PAGE_NAME.search(head)
    articles = f"{script}?title=$1"
    if name and path.endswith(f"/{_plain(name[1])}") and not path.startswith(f"{script}/"):
        articles = path.removesuffix(_plain(name[1])) + "$1"
    elif "/wiki/" in path:
        articles = path[: path.index("/wiki/")] + "/wiki/$1"
    return Wiki(server=urls.origin(front.url), article_path=articles, script=script, names=english())


def listed_at(site: SiteSettings, found: Found, url: str, *, depth: int | None = None) -> Listed | None:
    """Give the page at an address in its one form, or None where there is none that the site's list should have.

    None is given for other hosts, actions, old revisions and special pages, files, and namespaces not asked for.
    """
    try:
        place = canonicalise(url, found.wiki)
    except ValueError:
        return None
    if place.skip or not urls.same_host(place.url, found.origin) or _FILES.search(urlsplit(place.url).path):
        return None
    namespace = place.title.namespace if place.title else None
    if namespace is not None and namespace not in site.namespaces:
        return None
    title = str(place.title) if place.title else None
    return Listed(
        key=place.url,
        url=place.url,
        title=title,
        namespace=namespace,
        excluded=out_of_scope(site, place.url, title),
        depth=depth,
    )


def trap(url: str) -> str | None:
    """Say why a link looks like one of endlessly many that a program makes up, or None.

    Beside titles, ids and the like, parameters sort, filter and page through one and the same list.
    """
    parts = urlsplit(url)
    segments = [part for part in parts.path.split("/") if part]
    names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    reasons = (
        (len(url) > _LONGEST, "a long address"),
        (len(segments) > _MOST_PARTS, "a deep path"),
        (any(segments.count(part) > _MOST_REPEATS for part in set(segments)), "a path that repeats itself"),
        (len(names) > 1 or not _PAGE_PARAMETERS.issuperset(names), "parameters"),
    )
    return next((reason for holds, reason in reasons if holds), None)


def _plain(text: str) -> str:
    return text.replace("\\/", "/")
