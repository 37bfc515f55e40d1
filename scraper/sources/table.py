"""The table of sources: a new one is a module here and a line below."""

from sectionary.scraper.errors import FetchError, SiteError
from sectionary.scraper.http import Client
from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.sources import mediawiki, urls
from sectionary.scraper.sources.listing import Allows, Found, Source

_MEDIAWIKI = Source(mediawiki.discover, mediawiki.enumerate_pages)
_URLS = Source(urls.discover, urls.enumerate_pages)

SOURCES = {
    "mediawiki": _MEDIAWIKI,
    "urls": _URLS,
    "demo": _MEDIAWIKI,                  # the example encyclopedia speaks MediaWiki's language
}


def choose(client: Client, site: SiteSettings, allows: Allows) -> tuple[Source, Found]:
    """Give a site's source and what it found there: for `auto` MediaWiki, else the list of addresses.

    Raises SiteError telling what was tried.
    """
    source = _named(site)
    if source is not None:
        return source, _discover(source, client, site, allows)
    try:
        return _MEDIAWIKI, _discover(_MEDIAWIKI, client, site, allows)
    except SiteError as error:
        if site.urls is None:
            hint = "give `urls`, a list of its pages, instead"
            raise SiteError(site.name, f"{error.reason}; {hint}") from error
    return _URLS, _discover(_URLS, client, site, allows)


def _named(site: SiteSettings) -> Source | None:
    if site.source != "auto":
        return SOURCES[site.source]
    return _URLS if site.url is None else None


def _discover(source: Source, client: Client, site: SiteSettings, allows: Allows) -> Found:
    try:
        return source.discover(client, site, allows)
    except FetchError as error:
        hint = "; add the host to scraper.private_hosts if it is yours" if "private" in error.reason else ""
        raise SiteError(site.name, f"{error.url}: {error.reason}{hint}") from error
