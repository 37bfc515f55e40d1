"""Frontier: what is listed at the start of a crawl, and what its pages add to that. It lies in the ledger."""

from collections.abc import Iterator

from msgspec.structs import replace

from sectionary.scraper.clock import Clock
from sectionary.scraper.errors import SiteError
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.page import Page
from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.sources.links import scope_of
from sectionary.scraper.sources.listing import Found, Listed, Source, Visit


class Frontier:
    """One site's list of pages while it is crawled; it grows only where the source follows links."""

    def __init__(  # noqa: PLR0913  what a list is drawn from, and when a page counts as old
        self, source: Source, found: Found, site: SiteSettings, ledger: Ledger, *, refresh_before: str, clock: Clock
    ) -> None:
        self._source = source
        self._found = found
        self._site = site
        self._ledger = ledger
        self._refresh_before = refresh_before
        self._clock = clock
        self._links: dict[str, Listed] = {}
        self._known = 0

    def start(self, visit: Visit) -> Iterator[Listed]:
        """Give what the source lists and, where links are followed, what earlier crawls found, in today's scope."""
        yield from self._source.enumerate(visit, self._found)
        if self.grows:
            self._known = self._ledger.listed(self._site.name)
            for page in self._ledger.known(self._site.name):
                yield replace(page, touched=None, excluded=scope_of(self._site, page))

    @property
    def grows(self) -> bool:
        """Whether pages lead to more."""
        return self._source.follow is not None

    def visit(self, page: Page, depth: int | None) -> None:
        """Take in the links of a page that was fetched, `depth` links away from the start."""
        if self._source.follow is None:
            return
        for listed in self._source.follow(self._site, self._found, page, depth or 0):
            self._links.setdefault(listed.key, listed)

    def write(self) -> None:
        """Write the links taken in since the last time into the ledger; SiteError where they are too many."""
        if not self._links:
            return
        new = self._ledger.unseen(self._site.name, self._links.values())
        self._links.clear()
        now = self._clock.now().timestamp()
        self._known += self._ledger.list_pages(self._site.name, new, refresh_before=self._refresh_before, now=now)
        if self._known > self._site.max_pages:
            said = f"its links lead to more than {self._site.max_pages} pages; raise max_pages, or narrow include"
            raise SiteError(self._site.name, said)
