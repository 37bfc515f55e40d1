"""Why: how one address is seen: its canonical form, who owns it, scope, robots.txt, rules, and where it stands."""

from collections.abc import Iterator
from pathlib import Path

from sectionary.scraper import urls
from sectionary.scraper.canonical import Place, canonicalise
from sectionary.scraper.clock import Clock, SystemClock
from sectionary.scraper.errors import ConfigError, SiteError
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.pace import HeldError
from sectionary.scraper.scope import categories, out_of_scope
from sectionary.scraper.settings import ScraperSettings, SiteSettings
from sectionary.scraper.site import detect
from sectionary.scraper.sources.listing import Found
from sectionary.scraper.sources.table import choose
from sectionary.scraper.survey import visiting

Line = tuple[str, str]


def explain(url: str, settings: ScraperSettings, ledger: Path, clock: Clock | None = None) -> Iterator[Line]:
    """Give what there is to say of an address, as names and values; asks its site a few polite questions.

    Raises ConfigError for what is no address, or where a contact has to be named first.
    """
    try:
        plain = canonicalise(url)
    except ValueError as error:
        raise ConfigError(f"{urls.shown(url)}: {error}; write an address like https://wikimd.org/wiki/Tide") from None
    owners = [site for site in settings.sites if site.url and urls.same_host(site.url, plain.url)]
    site = owners[0] if owners else SiteSettings.model_validate({"url": plain.url})
    yield "address", url
    with visiting(site, settings, clock or SystemClock()) as (visit, rules):
        try:
            found: Found | None = choose(visit)[1]
        except (SiteError, HeldError) as error:
            yield "its site", str(error)
            found = None
        place = canonicalise(url, found.wiki if found else None)
        yield from _place(place)
        yield "site", site.name if owners else "none of the configuration's"
        yield "scope", _scope(site, place)
        fetched = found.origin + place.url.removeprefix(urls.origin(place.url)) if found and place.title else plain.url
        robots = rules.of(fetched)
        reason = robots.unavailable or f"{urls.origin(fetched)}/robots.txt forbids it"
        yield "robots.txt", "allowed" if robots.allows(fetched) else f"not fetched: {reason}"
    yield "rules", _rules(site, plain.url, found)
    yield "state", _state(site, place, plain, ledger) if owners else "never listed"


def _place(place: Place) -> Iterator[Line]:
    yield "canonical", place.url
    if place.title:
        yield "title", f"{place.title} (namespace {place.title.namespace})"
    if place.anchor:
        yield "section", place.anchor
    if place.skip:
        yield "no page", place.skip


def _scope(site: SiteSettings, place: Place) -> str:
    if place.title and place.title.namespace not in site.namespaces:
        return f"out: namespace {place.title.namespace} is not among {list(site.namespaces)}"
    if out_of_scope(site, place.url, str(place.title) if place.title else None):
        return "out: include and exclude leave it out"
    return "in, if it is in a category of include" if categories(site.include) else "in"


def _rules(site: SiteSettings, url: str, found: Found | None) -> str:
    if site.rules:
        return f"{site.rules} (configured)"
    generator = (found.info.generator if found else None) or ""
    known = detect(urls.hostname(url), generator, frozenset(), b"")
    return known.name if known else "found by the page itself, else those for unknown sites"


def _state(site: SiteSettings, place: Place, plain: Place, ledger: Path) -> str:
    if not ledger.is_file():
        return "never listed: there is no ledger yet"
    with Ledger(ledger) as opened:
        entry = opened.at(site.name, place.url) or opened.at(site.name, plain.url)
    if entry is None:
        return "never listed"
    reason = f" ({entry.reason})" if entry.reason else ""
    raw = f"; bytes in {entry.raw_file} at {entry.raw_offset}" if entry.raw_file else ""
    return f"{entry.state}{reason}{f' since {entry.date}' if entry.date else ''}{raw}"
