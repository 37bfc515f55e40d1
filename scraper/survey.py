"""Survey: what a site says of itself before any of its pages is crawled: its API, licence, robots rules and size.

A few polite requests: robots.txt, the address that the operator gave, api.php or a sitemap's beginning.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from sectionary.scraper import urls
from sectionary.scraper.clock import Clock, SystemClock
from sectionary.scraper.errors import SiteError
from sectionary.scraper.http import Client
from sectionary.scraper.pace import HeldError, Pace
from sectionary.scraper.robots import Rulebook
from sectionary.scraper.scope import categories
from sectionary.scraper.settings import ScraperSettings, SiteSettings, require_contact
from sectionary.scraper.sources.api import PAGES_A_REQUEST, TITLES_A_REQUEST
from sectionary.scraper.sources.listing import Found, Source, Visit
from sectionary.scraper.sources.mediawiki import wanted
from sectionary.scraper.sources.table import choose


class Survey(Struct, frozen=True, kw_only=True):
    """What was found.

    `pages` is how many there are to fetch, None where only a crawl tells, and `measure` how well that is known:
    "", "about ", "at most " and the like. `delay` is in seconds, the longer of the operator's and that of robots.txt.
    """

    site: str
    source: str
    found: Found
    robots: str
    delay: float
    pages: int | None
    measure: str = ""

    @property
    def requests(self) -> int | None:
        """How many requests a first crawl takes: a page each, the lists of them, what the site and its host say."""
        return None if self.pages is None else self.pages + -(-self.pages // PAGES_A_REQUEST) + 3

    @property
    def hours(self) -> float | None:
        """How long these take at the lawful rate, at least."""
        return None if self.requests is None else self.requests * self.delay / 3600


@contextmanager
def visiting(site: SiteSettings, settings: ScraperSettings, clock: Clock) -> Iterator[tuple[Visit, Rulebook]]:
    """Open a polite session with a site. Raises ConfigError where the operator has to name a contact first."""
    require_contact(settings, site)
    pace = Pace(clock, settings.delay if site.delay is None else site.delay, limits=settings.limits())
    own = [urls.hostname(site.url)] if site.source == "demo" and site.url else []
    with Client(
        pace, contact=settings.contact, private_hosts=[*settings.private_hosts, *own],
        most_bytes=settings.max_page_bytes,
    ) as client:  # fmt: skip
        rules = Rulebook(client)
        yield Visit(client=client, site=site, allows=lambda url: rules.of(url).allows(url)), rules


def survey(site: SiteSettings, settings: ScraperSettings, clock: Clock | None = None) -> Survey:
    """Ask a site what it is and has. Raises SiteError where it cannot be told, ConfigError without a contact."""
    with visiting(site, settings, clock or SystemClock()) as (visit, rules):
        try:
            if site.url and (reason := rules.of(site.url).unavailable):
                raise SiteError(site.name, reason)
            source, found = choose(visit)
            pages, measure = _size(visit, source, found)
            robots = rules.of(site.url or found.origin)
        except HeldError as error:
            raise SiteError(site.name, f"asks for no request for {error.seconds:.0f} s") from error
        allowed = robots.allows(site.url or found.origin)
        return Survey(
            site=site.name,
            source=source.name,
            found=found,
            robots="allows the start page" if allowed else "forbids the start page",
            delay=max(visit.client.pace.delay(urls.host(site.url or found.origin)), robots.delay),
            pages=pages,
            measure=measure,
        )


def told(result: Survey) -> str:
    """Write a survey in lines for people."""
    found, info = result.found, result.found.info
    size = "not known until its links are followed" if result.pages is None else f"{result.pages:,}"
    lines = [
        ("site", f"{result.site} ({info.site})"),
        ("listed by", f"{result.source}{' at ' + found.api if found.api else ''}"),
        ("software", info.generator),
        ("language", info.language),
        ("licence", info.license or (f"{info.license_text} (no SPDX id)" if info.license_text else "not stated")),
        ("robots.txt", f"{result.robots}; {result.delay:g} s between requests"),
        ("pages", result.measure + size),
    ]
    if result.requests is not None and result.hours is not None:
        lines.append(("requests", f"{result.requests:,}, {_duration(result.hours)} at this rate"))
    return "".join(f"{name:<11} {value}\n" for name, value in lines if value)


def _duration(hours: float) -> str:
    if hours < 2:
        return f"{hours * 60:.0f} minutes"
    return f"{hours:.1f} hours" if hours < 72 else f"{hours / 24:.1f} days"


def _size(visit: Visit, source: Source, found: Found) -> tuple[int | None, str]:
    """Tell how many pages there are to fetch, by what is cheapest to ask, and how well that is known."""
    site = visit.site
    if source.follow is not None:
        return None, ""
    if source.name == "mediawiki":
        chosen = wanted(site.include)
        few = not chosen.every and not chosen.prefixes and not chosen.categories
        if few and len(chosen.titles) <= 20 * TITLES_A_REQUEST:
            return len(chosen.titles), ""
        if categories(site.include) and not chosen.every and not chosen.prefixes:
            return _counted(visit, source, found), ""
        if site.namespaces != (0,):
            return found.pages, "at most " if found.pages is not None else ""
        scoped = bool(site.include or site.exclude)      # the wiki's own count leaves out pages without a link
        return found.articles, "" if found.articles is None else "less than about " if scoped else "about "
    return _counted(visit, source, found), ""


def _counted(visit: Visit, source: Source, found: Found) -> int:
    return sum(page.excluded is None for page in source.enumerate(visit, found))
