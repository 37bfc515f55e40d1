"""Reading a page: extract and records over a bare Lexbor parse, and against other extractors.

Every contestant reads the same bytes in the same process, on one core, in turn within each round, so that a
machine whose speed drifts does not favour one; the median of the rounds counts. trafilatura takes a tenth of a
second a page, so it reads every fifth page, in one round.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from selectolax.lexbor import LexborHTMLParser

from sectionary.cleaners.article import clean
from sectionary.output.record import records
from sectionary.scraper.errors import PageError
from sectionary.scraper.page import Http, Page

from .pages import load
from .row import Row, Sizes, ratio

HTML = Http(content_type="text/html; charset=utf-8")
SLOW = 5                                 # a slow peer reads every so manyeth page
Contestant = Callable[[bytes], object]


def parse(body: bytes) -> object:
    """Only Lexbor."""
    return LexborHTMLParser(body)


def extract(body: bytes) -> object:
    """The article."""
    try:
        return clean(Page(url="https://wiki.example/wiki/Page", body=body, http=HTML))
    except PageError:
        return None


def extract_and_records(body: bytes) -> object:
    """The article and its rows, with all fields, as JSON."""
    page = Page(url="https://wiki.example/wiki/Page", body=body, http=HTML)
    try:
        whole, sections = records(clean(page), page)
    except PageError:
        return None
    return msgspec.json.encode(whole), [msgspec.json.encode(section) for section in sections]


def resiliparse(body: bytes) -> object:
    """Resiliparse's main content."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    return extract_plain_text(HTMLTree.parse_from_bytes(body, "utf-8"), main_content=True)


def trafilatura(body: bytes) -> object:
    """What trafilatura extracts, as it comes."""
    import trafilatura as peer

    return peer.extract(body)


def measure(sizes: Sizes, _folder: Path) -> list[Row]:
    """The first two rows of the design's budget."""
    pages = load(sizes.pages)
    with one_core():
        medians = race(
            {"parse": parse, "extract": extract, "records": extract_and_records, "resiliparse": resiliparse},
            pages,
            sizes.rounds,
        )
        few = pages[::SLOW]
        slow = race({"records": extract_and_records, "trafilatura": trafilatura}, few, 1)
    over_parse = {name: seconds / medians["parse"] for name, seconds in medians.items()}
    figures = {"pages": len(pages), "bytes": sum(map(len, pages)), **medians}
    against = medians["resiliparse"] / medians["records"], slow["trafilatura"] / slow["records"]
    return [
        Row(
            name="extract + records over a bare parse",
            text=f"{ratio(over_parse['records'])} (extract alone {ratio(over_parse['extract'])})",
            bar="≤ 4.5x",
            aim="3x",
            met=over_parse["records"] <= 4.5,
            figures=figures,
        ),
        Row(
            name="pages/s against Resiliparse · trafilatura",
            text=f"{ratio(against[0])} · {ratio(against[1])}",
            bar="≥ 1.1x · ≥ 20x",
            aim="1.5x · 30x",
            met=against[0] >= 1.1 and against[1] >= 20,
            figures={"pages": len(pages), "trafilatura_pages": len(few), **{f"few_{k}": v for k, v in slow.items()}},
        ),
    ]


def race(contestants: dict[str, Contestant], pages: list[bytes], rounds: int) -> dict[str, float]:
    """The median seconds of each contestant for all pages, after a page each that warms up."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for contestant in contestants.values():
        contestant(pages[0])
    for _ in range(rounds):
        for name, contestant in contestants.items():
            times[name].append(timed(contestant, pages))
    return {name: statistics.median(each) for name, each in times.items()}


def timed(contestant: Contestant, pages: list[bytes]) -> float:
    """Seconds for all pages."""
    start = time.perf_counter()
    for body in pages:
        contestant(body)
    return time.perf_counter() - start


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this process, and those it starts, on one core."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
