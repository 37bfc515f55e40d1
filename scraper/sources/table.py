"""The table of sources: a new one is a module here and a line below."""

from sectionary.scraper.errors import FetchError, SiteError
from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.sources import allpages, links, mediawiki, sitemaps, urls
from sectionary.scraper.sources.listing import Elsewhere, Found, Source, Visit

_MEDIAWIKI = Source("mediawiki", mediawiki.discover, mediawiki.enumerate_pages)
_ALLPAGES = Source("allpages", allpages.discover, allpages.enumerate_pages)
_SITEMAP = Source("sitemap", sitemaps.discover, sitemaps.enumerate_pages)
_LINKS = Source("links", links.discover, links.enumerate_pages, links.follow)
_URLS = Source("urls", urls.discover, urls.enumerate_pages)

# The ways to a site's pages by its `source`, tried in this order until one leads there.
SOURCES = {
    "auto": (_MEDIAWIKI, _ALLPAGES, _SITEMAP, _LINKS),
    "mediawiki": (_MEDIAWIKI, _ALLPAGES, _LINKS),
    "sitemap": (_SITEMAP,),
    "links": (_LINKS,),
    "urls": (_URLS,),
    "demo": (_MEDIAWIKI,),               # the example encyclopedia speaks MediaWiki's language
}


def choose(visit: Visit) -> tuple[Source, Found]:
    """Give a site's source and what it found there.

    Raises SiteError telling what was tried.
    """
    tried: list[str] = []
    for source in _ways(visit.site):
        try:
            return source, _discover(source, visit)
        except Elsewhere as error:
            tried.append(error.reason)
    hint = ("give `urls`, a list of its pages, instead",) if visit.site.urls is None else ()
    raise SiteError(visit.site.name, "; ".join(dict.fromkeys((*tried, *hint))))


def _ways(site: SiteSettings) -> tuple[Source, ...]:
    """For `auto`, a list of addresses that the operator gives comes before what only looks for some."""
    if site.source != "auto" or site.urls is None:
        return SOURCES[site.source]
    return (_URLS,) if site.url is None else (_MEDIAWIKI, _URLS)


def _discover(source: Source, visit: Visit) -> Found:
    try:
        return source.discover(visit)
    except FetchError as error:
        hint = "; add the host to scraper.private_hosts if it is yours" if "private" in error.reason else ""
        raise SiteError(visit.site.name, f"{error.url}: {error.reason}{hint}") from error
