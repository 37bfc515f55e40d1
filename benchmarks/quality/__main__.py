"""`python -m quality`: read every page with every extractor in one run, and print the figures."""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from . import table
from .pages import EXAMPLE, saved_pages
from .peers import Peer, everyone
from .run import run
from .scores import Scores

OURS = "sectionary"
WORST: tuple[tuple[str, Callable[[Scores], float]], ...] = (
    ("words, F1", lambda each: each.words),
    ("words lost", lambda each: -(each.loss or 0.0)),
)
BEGIN, END = "<!-- figures: written by `make quality` -->\n", "<!-- end of figures -->\n"


def main() -> None:
    """Read, score, print; write the Markdown where it is asked for and the real pages were read."""
    options = arguments()
    peers = [peer for peer in everyone() if peer.version and (not options.only or peer.name in options.only)]
    for missing in (peer for peer in everyone() if not peer.version):
        print(f"{missing.name} is not installed: pip install {missing.distribution}", file=sys.stderr)
    pages = [page for page in saved_pages() if options.match in page.name]
    pages = pages[:: max(1, len(pages) // options.pages)] if options.pages else pages
    names = [peer.name for peer in peers]
    results = run(pages, names, options.processes)
    kinds = {page.name: page.kind for page in pages}
    for title, part in parts(results, kinds):
        print(f"\n{title}, {len(part)} pages\n{table.plain(table.cells(part, names))}")
        for line in table.behind(part, OURS, names):
            print("  behind: {} {} {:.4f}, ours {:.4f}".format(*line))
    print_worst(results, options.worst)
    if options.markdown and any(kind != EXAMPLE for kind in kinds.values()):
        write(options.markdown, report(results, kinds, peers))


def arguments() -> argparse.Namespace:
    """What the command line says."""
    options = argparse.ArgumentParser(prog="quality", description=__doc__)
    options.add_argument("--pages", type=int, default=0, help="at most about so many, spread evenly")
    options.add_argument("--match", default="", help="only pages whose name holds this")
    options.add_argument("--only", nargs="*", help="only these extractors")
    options.add_argument("--worst", type=int, default=0, help="list our worst pages by F1 and loss, so many")
    options.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)))
    options.add_argument("--markdown", type=Path, help="write the figures there, between the comments that mark them")
    return options.parse_args()


def parts(results: table.Results, kinds: dict[str, str]) -> Iterator[tuple[str, table.Results]]:
    """All pages, then those of each kind."""
    yield "all", results
    for kind in dict.fromkeys(kinds.values()):
        yield kind, {page: figures for page, figures in results.items() if kinds[page] == kind}


def print_worst(results: table.Results, count: int) -> None:
    """Our worst pages: the lowest word-F1, then the most words lost."""
    ours = [(page, scores) for page, each in results.items() if (scores := each.get(OURS)) is not None]
    for title, worth in WORST:
        print(f"\nworst by {title}" * bool(count))
        for page, each in sorted(ours, key=lambda one: worth(one[1]))[:count]:
            print(f"{each.words:.4f}  loss {each.loss or 0:.4f}  residue {each.residue}  tables {each.tables}  {page}")


def report(results: table.Results, kinds: dict[str, str], peers: Iterable[Peer]) -> str:
    """The figures in Markdown: extractors with versions, then a table for all pages and for each kind."""
    peers = list(peers)
    names = [peer.name for peer in peers]
    versions = [[peer.name, peer.version or "", peer.settings] for peer in peers if peer.name != OURS]
    lines = [table.markdown([["extractor", "version", "settings"], *versions]).replace("---:", "---")]
    for title, part in parts(results, kinds):
        lines.append(f"### {title.capitalize()}: {len(part)} pages\n\n{table.markdown(table.cells(part, names))}")
    return "\n\n".join(lines) + "\n"


def write(file: Path, figures: str) -> None:
    """Put the figures between the marks of the file; all else in it stays."""
    text = file.read_text("utf-8") if file.is_file() else "# Quality\n\n"
    before, _, rest = text.partition(BEGIN)
    file.write_text(f"{before}{BEGIN}\n{figures}\n{END}{rest.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    main()
