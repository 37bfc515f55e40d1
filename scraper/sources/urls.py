"""URL lists: the pages that the operator names, in the configuration or in a file with one address a line."""

from collections.abc import Iterator
from pathlib import Path

from sectionary.scraper import urls
from sectionary.scraper.errors import ConfigError
from sectionary.scraper.http import Client
from sectionary.scraper.page import SiteInfo
from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.sources.listing import Allows, Found, Listed, out_of_scope


def discover(_client: Client, site: SiteSettings, _allows: Allows) -> Found:
    """Tell where the pages lie; they themselves say the rest. Fetches nothing."""
    pages = read_list(site)
    start = site.url or pages[0]
    return Found(info=SiteInfo(site=urls.host(start)), origin=urls.origin(start))


def enumerate_pages(_client: Client, site: SiteSettings, _found: Found) -> Iterator[Listed]:
    """Give each address of the list once, in one form, in the list's order."""
    for url in dict.fromkeys(read_list(site)):
        yield Listed(key=url, url=url, excluded=out_of_scope(site, url, None))


def read_list(site: SiteSettings) -> list[str]:
    """Read and normalise the list; blank lines and lines that begin with # are passed over.

    Raises ConfigError with one line for each address that is none.
    """
    place, lines = _lines(site)
    pages, faults = [], []
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            pages.append(urls.normalise(text))
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
    try:
        return str(site.urls), site.urls.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ConfigError(f"{site.urls}: not a text file in UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{site.urls}: cannot be read: {error.strerror}") from None
