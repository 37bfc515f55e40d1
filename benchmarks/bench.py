"""How fast pages become records, as ratios measured in one run: `make bench`.

Every contestant reads the same bytes in the same process, on one core, in turn within each round, so that a
machine whose speed drifts does not favour one; the median of the rounds is printed. Pages are the real ones
in $SECTIONARY_PAGES (default ../shared/pages), else the example encyclopedia's.
"""

import argparse
import gzip
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from selectolax.lexbor import LexborHTMLParser

from sectionary.cleaners.article import clean
from sectionary.output.record import records
from sectionary.scraper.errors import PageError
from sectionary.scraper.page import Http, Page

ROOT = Path(__file__).resolve().parent.parent
HTML = Http(content_type="text/html; charset=utf-8")
Contestant = Callable[[bytes], object]


def load(limit: int) -> list[bytes]:
    """The pages to read, at most `limit`, spread evenly over what there is."""
    shared = Path(os.environ.get("SECTIONARY_PAGES", ROOT.parent / "shared" / "pages"))
    files = sorted(path for path in shared.glob("*.html.gz") if ".gold." not in path.name)
    files = files or sorted((ROOT / "examples" / "encyclopedia" / "pages").glob("*.html"))
    chosen = files[:: max(1, len(files) // limit)][:limit]
    return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in chosen]


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


def peers() -> dict[str, Contestant]:
    """Other extractors, where they are installed."""
    found: dict[str, Contestant] = {}
    try:
        from resiliparse.extract.html2text import extract_plain_text
        from resiliparse.parse.html import HTMLTree

        found["resiliparse main content"] = lambda body: extract_plain_text(
            HTMLTree.parse_from_bytes(body, "utf-8"), main_content=True
        )
    except ImportError:
        print("resiliparse is not installed: pip install resiliparse", file=sys.stderr)
    return found


def timed(contestant: Contestant, pages: list[bytes]) -> float:
    """Seconds for all pages."""
    start = time.perf_counter()
    for body in pages:
        contestant(body)
    return time.perf_counter() - start


def race(contestants: dict[str, Contestant], pages: list[bytes], rounds: int) -> dict[str, float]:
    """The median seconds of each contestant, after a round that warms up."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds + 1):
        for name, contestant in contestants.items():
            seconds = timed(contestant, pages)
            if number:
                times[name].append(seconds)
    return {name: statistics.median(each) for name, each in times.items()}


def main() -> None:
    """Print a row a contestant: pages a second, and times over the bare parse."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--pages", type=int, default=100)
    options.add_argument("--json", type=Path, help="write the figures there, too")
    chosen = options.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pages = load(chosen.pages)
    contestants = {"parse (Lexbor)": parse, "extract": extract, "extract + records": extract_and_records, **peers()}
    medians = race(contestants, pages, chosen.rounds)
    print(f"{len(pages)} pages, {sum(map(len, pages)) / 1e6:.1f} MB, median of {chosen.rounds} rounds, one core")
    bare = medians["parse (Lexbor)"]
    for name, seconds in medians.items():
        print(f"{name:28}{len(pages) / seconds:9.1f} pages/s{seconds / bare:8.2f} x parse")
    if chosen.json:
        chosen.json.write_text(json.dumps({"pages": len(pages), "seconds": medians}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
