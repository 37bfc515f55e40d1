"""Errand: what is to be fetched of one site, in a form that can be sent to another machine, and how it is carried out.

Whoever carries it out brings a ledger and an archive: the run itself, or a crawler of a cluster (crawlers.py).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from sectionary.scraper.archive import Archive
from sectionary.scraper.barred import Barred
from sectionary.scraper.clock import Clock
from sectionary.scraper.crawl import Progress
from sectionary.scraper.demo import DemoServer
from sectionary.scraper.fetch import fetch_site
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.rows import Fetched
from sectionary.scraper.settings import ScraperSettings, SiteSettings
from sectionary.worker import Workforce


class Errand(Struct, frozen=True, kw_only=True):
    """A site, how to fetch, by which clock, and how far: `limit`, `full`, `since` and `barred` as in fetch_site."""

    site: SiteSettings
    settings: ScraperSettings
    clock: Clock
    limit: int | None
    full: bool
    since: str | None
    barred: Barred


class Engine(Protocol):
    """Who does the work of a run: `hands` clean, `fetch` fetches; `lane` is entered for as long as one lane takes."""

    @property
    def hands(self) -> Workforce:
        """The processes that clean."""

    def lane(self, sites: Sequence[SiteSettings]) -> AbstractContextManager[None]:
        """Hold what the sites of one rate-limit domain need to be fetched."""

    def fetch(
        self, errand: Errand, ledger: Ledger, *, stop: Callable[[], bool], progress: Progress
    ) -> Iterator[list[Fetched]]:
        """Fetch a site as `fetched` does, and have `ledger` know of each batch that is given."""


def fetched(  # noqa: PLR0913  what, into what, and who is told
    errand: Errand, ledger: Ledger, archive: Archive, *, stop: Callable[[], bool], progress: Progress,
    shared_pace: Path | None = None,
) -> Iterator[list[Fetched]]:  # fmt: skip
    """Fetch a site's pending pages, and give them in batches as they become safe. Raises what fetch_site raises."""
    with archive, reachable(errand.site) as site:
        yield from fetch_site(
            site,
            errand.settings,
            ledger,
            archive,
            clock=errand.clock,
            limit=errand.limit,
            full=errand.full,
            since=errand.since,
            stop=stop,
            progress=progress,
            barred=errand.barred,
            shared_pace=shared_pace,
        )


@contextmanager
def reachable(site: SiteSettings) -> Iterator[SiteSettings]:
    """The site with an address to fetch from; the example encyclopedia is served for as long as it is crawled."""
    if site.source != "demo":
        yield site
        return
    with DemoServer() as server:
        yield site.model_copy(update={"url": f"{server.base_url}/wiki/"})
