"""One run: every page read by every extractor, in as many processes as there are cores."""

import multiprocessing
import sys

from .gold import gold_of
from .pages import SavedPage
from .peers import everyone, reading
from .scores import Scores, scores_of
from .table import Results

PAGES_A_PROCESS = 20                                  # extractors leak; a fresh process now and then frees it
Outcome = tuple[str, dict[str, Scores | None], dict[str, str]]


def run(pages: list[SavedPage], names: list[str], processes: int) -> Results:
    """The figures of every page, by the extractors of these names."""
    results: Results = {}
    jobs = [(page, names) for page in pages]
    with multiprocessing.get_context("spawn").Pool(processes, maxtasksperchild=PAGES_A_PROCESS) as pool:
        for name, figures, failures in pool.imap(one_page, jobs):
            results[name] = figures
            print(f"\r{len(results)}/{len(pages)} pages", end="", file=sys.stderr)
            for peer, failure in failures.items():
                print(f"\r{peer} on {name}: {failure}", file=sys.stderr)
    print(file=sys.stderr)
    return results


def one_page(job: tuple[SavedPage, list[str]]) -> Outcome:
    """All extractors on one page: its name, figures by extractor, and what was raised."""
    page, names = job
    gold = gold_of(page)
    figures: dict[str, Scores | None] = {}
    failures: dict[str, str] = {}
    for peer in everyone():
        if peer.name in names:
            found = reading(peer, page)
            figures[peer.name] = scores_of(found, gold) if found is not None else None
            if found is not None and found.failure:
                failures[peer.name] = found.failure
    return page.name, figures, failures
