"""How much of extract's own speed is left from raw archive to Parquet and JSONL: `make bench`.

Pages go into a raw archive first. Then, in each round and on one core, extract reads them alone, and the whole
way is walked part by part as a run does it: archive → extract → records → lines → staged files → commit.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from sectionary.cleaners.article import Article, clean
from sectionary.output.commit import commit
from sectionary.output.record import records
from sectionary.output.rows import Rows, rows
from sectionary.output.staged import Batch, write_staged
from sectionary.scraper.archive import Archive, ArchiveRef, read_page
from sectionary.scraper.errors import PageError
from sectionary.scraper.page import Page
from sectionary.worker import BATCH

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bench import HTML, load

SITE = "https://wiki.example/wiki/"
Made = TypeVar("Made")
Seconds = dict[str, float]


def archived(folder: Path, bodies: list[bytes]) -> list[ArchiveRef]:
    """The pages as a run would have fetched them, all of one wiki."""
    with Archive(folder, "bench") as archive:
        pages = (Page(url=f"{SITE}Page_{number}", body=body, http=HTML) for number, body in enumerate(bodies))
        return [archive.append(page) for page in pages]


def cleaned(pages: list[Page]) -> list[tuple[Article, Page]]:
    """The articles of those pages that have one."""
    found = []
    for page in pages:
        try:
            found.append((clean(page), page))
        except PageError:
            continue
    return found


def walked(work: Path, raw: Path, refs: list[ArchiveRef]) -> Seconds:
    """Processor seconds of each part of the way from `raw` to a dataset below `work`."""
    seconds: Seconds = {}

    def timed(part: str, make: Callable[[], Made]) -> Made:
        start = time.process_time()
        made = make()
        seconds[part] = time.process_time() - start
        return made

    pages = timed("read archive", lambda: [read_page(raw, ref) for ref in refs])
    articles = timed("extract", lambda: cleaned(pages))
    recorded = timed("records", lambda: [records(article, page) for article, page in articles])
    lines = timed("lines (JSON)", lambda: [rows(*each) for each in recorded])
    batches = [lines[begin : begin + BATCH] for begin in range(0, len(lines), BATCH)]
    staged = timed("staged files", lambda: [_staged(work, number, each) for number, each in enumerate(batches)])
    wikis = sorted({row.site for row in lines})
    timed("commit", lambda: [commit(work / "corpus", wiki, staged) for wiki in wikis])
    return seconds


def _staged(work: Path, number: int, pages: list[Rows]) -> Path:
    return write_staged(work / "staging", f"{number:032x}", Batch(pages=pages))


def main() -> None:
    """Print a row a part, in milliseconds a page, and the whole as a share of extract's own speed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--pages", type=int, default=200)
    chosen = options.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pa.set_cpu_count(1)
    bodies = load(chosen.pages)
    with tempfile.TemporaryDirectory(prefix="sectionary-bench-") as folder:
        refs = archived(Path(folder, "raw"), bodies)
        works = (Path(folder, str(number)) for number in range(chosen.rounds + 1))
        rounds = [walked(work, Path(folder, "raw"), refs) for work in works]
    medians = {part: statistics.median(each[part] for each in rounds[1:]) for part in rounds[0]}
    whole = sum(medians.values())
    print(f"{len(bodies)} pages, {sum(map(len, bodies)) / 1e6:.1f} MB, median of {chosen.rounds} rounds, CPU time")
    for part, taken in medians.items():
        print(f"{part:28}{1000 * taken / len(bodies):9.2f} ms a page{100 * taken / whole:8.1f} %")
    print(f"{'archive to dataset':28}{len(bodies) / whole:9.1f} pages/s")
    print(f"{'extract alone':28}{len(bodies) / medians['extract']:9.1f} pages/s")
    print(f"{'share of extract':28}{100 * medians['extract'] / whole:9.1f} %")


if __name__ == "__main__":
    main()
