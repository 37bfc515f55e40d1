"""Crawling: ledger, frontier, pace and the crawl's choice of what is next, over many domains under a virtual clock.

One ledger grows domain by domain. Every domain has a crawl of its own, which is what the product runs for a site;
they take turns by their clocks, a batch each, as if all went on side by side. Measured is what the newest pages cost.
"""

import heapq
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from sectionary.scraper.clock import stamp
from sectionary.scraper.crawl import Crawl, Means
from sectionary.scraper.frontier import Frontier
from sectionary.scraper.http import Client
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.pace import Pace
from sectionary.scraper.page import SiteInfo
from sectionary.scraper.robots import Robots, Rulebook
from sectionary.scraper.rows import Fetched
from sectionary.scraper.scribe import Scribe
from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.sources.listing import Found, Listed, Source, Visit
from sectionary.scraper.tdmrep import Reservations

from .virtual import Nowhere, VirtualClock, Wire

PAGES = 1_000                            # a domain
DELAY = 1.0                              # seconds between two requests to a domain
_OPEN_FILES = 64                         # besides one for each domain's bucket


@dataclass(frozen=True, kw_only=True)
class Step:
    """What growing the ledger to so many pages came to; costs are processor seconds a page, of the newest ones."""

    pages: int
    domains: int
    crawled: int
    listing: float
    crawling: float
    wall: float
    bytes_a_page: float
    memory: int
    paced: float                         # time that the slowest domain took over the least that is lawful

    @property
    def told(self) -> str:
        """A line for people."""
        return (
            f"{self.pages:>11,} pages of {self.domains:>6,} domains: listing {self.listing * 1e6:.0f} µs, "
            f"crawling {self.crawling * 1e6:.0f} µs a page (of {self.crawled:,}), {self.bytes_a_page:.0f} bytes a page,"
            f" {self.memory / 2**20:.0f} MiB; the slowest domain took {self.paced:.3f} times its lawful time; "
            f"{self.wall:.0f} s"
        )


def steps(folder: Path, sizes: list[int], most: int) -> Iterator[Step]:
    """Grow one ledger through `sizes` (domains), listing all, crawling at most `most` of the new domains each time."""
    folder.mkdir(parents=True, exist_ok=True)
    _allow_files(min(max(sizes), most) + _OPEN_FILES)
    with Ledger(folder / "ledger.sqlite") as ledger:
        known = 0
        for size in sizes:
            yield _grown(ledger, folder, range(known, size), most)
            known = size


def _grown(ledger: Ledger, folder: Path, new: range, most: int) -> Step:
    began, processor = time.perf_counter(), time.process_time()
    for number in new[:-most]:
        _Lane(ledger, folder, number).wire.pace.close()
    crawling = [_Lane(ledger, folder, number) for number in new[-most:]]
    listed = time.process_time()
    _take_turns(crawling)
    ended = time.process_time()
    step = Step(
        pages=new.stop * PAGES,
        domains=new.stop,
        crawled=len(crawling) * PAGES,
        listing=(listed - processor) / (len(new) * PAGES),
        crawling=(ended - listed) / (len(crawling) * PAGES),
        wall=time.perf_counter() - began,
        bytes_a_page=sum(each.stat().st_size for each in folder.glob("ledger.sqlite*")) / (new.stop * PAGES),
        memory=_memory(),
        paced=max(lane.paced() for lane in crawling),
    )
    for lane in crawling:
        lane.check(ledger)
        lane.wire.pace.close()
    return step


def _take_turns(lanes: list["_Lane"]) -> None:
    """Let the domain whose clock is furthest behind do a batch, until none has anything left."""
    turns = [(0.0, number) for number in range(len(lanes))]
    while turns:
        _, number = heapq.heappop(turns)
        if next(lanes[number].batches, None) is not None:
            heapq.heappush(turns, (lanes[number].clock.seconds, number))


class _Lane:
    """One domain: its pages in the ledger, and its crawl, which gives batch after batch."""

    def __init__(self, ledger: Ledger, folder: Path, number: int) -> None:
        self.name = f"wiki{number:05}"
        self.clock = VirtualClock()
        self.wire = Wire(self.clock, Pace(self.clock, DELAY, folder=folder / "pace"), self.name)
        site = SiteSettings(name=self.name, url=f"https://{self.name}.example/wiki/", source="mediawiki")
        found = Found(info=SiteInfo(site=f"{self.name}.example", engine="mediawiki"), origin=f"https://{self.name}.example")
        source = Source(name="made-up", discover=lambda _: found, enumerate=lambda _, __: _listed(number))
        frontier = Frontier(source, found, site, ledger, refresh_before="", clock=self.clock)
        client = cast("Client", self.wire)
        forbidden = "".join(f"Disallow: {path}\n" for path in ("/w/", "/wiki/Special:", "/.well-known/"))
        rules = Rulebook(client, lambda _, __: Robots(f"User-agent: *\n{forbidden}"))
        ledger.begin(self.name)
        visit = Visit(client=client, site=site, allows=lambda _: True)
        now = self.clock.now().timestamp()
        ledger.list_pages(self.name, frontier.start(visit), refresh_before=stamp(self.clock.now()), now=now)
        ledger.listing_finished(self.name)
        means = Means(
            site=site, client=client, rules=rules, reservations=Reservations(client, rules), ledger=ledger,
            archive=cast("Scribe", Nowhere(self.name)), clock=self.clock, limit=None, progress=lambda *_: None,
        )  # fmt: skip
        self.batches: Iterator[list[Fetched]] = Crawl(means, found, frontier).run()

    def paced(self) -> float:
        """The time between the first request and the last over the least that the delay allows."""
        first, last = self.wire.sent
        return (last - first) / (DELAY * (self.wire.requests - 1))

    def check(self, ledger: Ledger) -> None:
        """Make sure that the crawl did what it is timed for."""
        counts = ledger.counts(self.name)
        if counts["done"] != PAGES or self.paced() < 1:
            raise RuntimeError(f"{self.name}: {counts}, {self.paced():.3f} times its lawful time")


def _listed(domain: int) -> Iterator[Listed]:
    """What a wiki lists: pages with titles of some 30 letters."""
    for number in range(1, PAGES + 1):
        title = f"An article of common length {domain * PAGES + number}"
        url = f"https://wiki{domain:05}.example/wiki/{title.replace(' ', '_')}"
        yield Listed(
            key=f"page_id:{number}", url=url, canonical_url=url, title=title, page_id=number, revision_id=number * 10,
            namespace=0, date_modified="2025-12-01T00:00:00Z",
        )  # fmt: skip


def _allow_files(count: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))


def _memory() -> int:
    """Bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text("utf-8").split()[1]) * resource.getpagesize()
