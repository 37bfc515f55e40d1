"""`python -m scale`: ten million pages through the scheduler under a virtual clock, and a million through `clean`.

Nothing here fails for being slow; it fails where a crawl lost a page or was faster than is lawful. Long: choose with
--domains and --clean how far it goes.
"""

import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from . import bulk, corpus, crawling


def main() -> None:
    """Measure what was asked for, print a line a step, write the figures where they are wanted."""
    options = argparse.ArgumentParser(prog="scale", description=__doc__)
    options.add_argument("--domains", type=int, nargs="*", default=[10, 100, 1_000, 10_000], help="of 1,000 pages each")
    options.add_argument("--crawled", type=int, default=10_000, help="new domains crawled at most in a step")
    options.add_argument("--clean", type=int, nargs="*", default=[], help="small pages through `clean`")
    options.add_argument("--real", type=int, nargs="*", default=[], help="pages of real size through `clean`")
    options.add_argument("--folder", type=Path, help="where to work [the system's temporary folder]")
    options.add_argument("--json", type=Path, help="write the figures there, too")
    chosen = options.parse_args()
    figures: dict[str, list[object]] = {"crawling": [], "clean": []}
    with tempfile.TemporaryDirectory(prefix="sectionary-scale-", dir=chosen.folder) as folder:
        for step in crawling.steps(Path(folder) / "crawling", chosen.domains, chosen.crawled) if chosen.domains else ():
            print(step.told, flush=True)
            figures["crawling"].append(asdict(step))
        for kind, counts in ((corpus.SMALL, chosen.clean), (corpus.REAL, chosen.real)):
            for count in counts:
                row = bulk.measure(kind, count, Path(folder) / "bulk")
                print(bulk.told(row), flush=True)
                figures["clean"].append(row)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
