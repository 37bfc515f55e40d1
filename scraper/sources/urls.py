"""URL lists: the pages that the operator names: in the configuration, a file with one address a line, or on stdin."""

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sectionary.scraper import urls
from sectionary.scraper.canonical import canonicalise
from sectionary.scraper.errors import ConfigError
from sectionary.scraper.page import SiteInfo
from sectionary.scraper.scope import out_of_scope
from sectionary.scraper.settings import STDIN, SiteSettings
from sectionary.scraper.sources.listing import Found, Listed, Visit


def discover(visit: Visit) -> Found:
    """Tell where the pages lie; they themselves say the rest. Fetches nothing."""
    pages = read_list(visit.site)
    start = visit.site.url or pages[0]
    return Found(info=SiteInfo(site=urls.host(start)), origin=urls.origin(start))


def enumerate_pages(visit: Visit, _found: Found) -> Iterator[Listed]:
    """Give each address of the list once, in one form, in the list's order."""
    for url in dict.fromkeys(read_list(visit.site)):
        yield Listed(key=url, url=url, excluded=out_of_scope(visit.site, url, None))


def read_list(site: SiteSettings) -> list[str]:
    """Read the list, each address in its one form; blank lines and lines that begin with # are passed over.

    Raises ConfigError with one line for each address that is none.
    """
    place, lines = _lines(site)
    pages, faults = [], []
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            pages.append(canonicalise(text).url)
        except ValueError as error:
            faults.append(f"{place}:{number}: {urls.shown(text[:200])}: {error}")
    if faults:
        raise ConfigError("\n".join(faults))
    if not pages:
        raise ConfigError(f"{place}: lists no pages")
    return pages


def _lines(site: SiteSettings) -> tuple[str, list[str]]:
    if not isinstance(site.urls, Path):
        return f"urls of {site.name}", list(site.urls or ())
    if site.urls == STDIN:
        return "stdin", _decoded("stdin", _stdin())
    try:
        return str(site.urls), _decoded(str(site.urls), site.urls.read_bytes())
    except OSError as error:
        raise ConfigError(f"{site.urls}: cannot be read: {error.strerror}") from None


def _decoded(place: str, text: bytes) -> list[str]:
    try:
        return text.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ConfigError(f"{place}: not a text file in UTF-8") from None


@cache
def _stdin() -> bytes:
    """Read stdin, which can be read once, for all who ask."""
    return sys.stdin.buffer.read()
