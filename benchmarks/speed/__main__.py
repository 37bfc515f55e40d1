"""`python -m speed`: measure every row of the design's budget in one run, print it, and keep it as JSON.

Nothing here fails for being slow: figures are for people, who read them with the machine in mind.
"""

import argparse
import json
import platform
import sys
import tempfile
import time
import traceback
from dataclasses import asdict
from pathlib import Path

from . import archived, extraction, fetching, ledgers, memory, refreshing, street
from .row import FULL, SHORT, Measure, Row, Sizes

MEASURES: dict[str, Measure] = {
    "extraction": extraction.measure,
    "street": street.measure,
    "fetching": fetching.measure,
    "memory": memory.measure,
    "archived": archived.measure,
    "refreshing": refreshing.measure,
    "ledgers": ledgers.measure,
}
_MARKS = {True: "met", False: "NOT MET", None: ""}


def main() -> None:
    """Measure what was asked for, print a line a row, write the figures where they are wanted."""
    options = argparse.ArgumentParser(prog="speed", description=__doc__)
    options.add_argument("--short", action="store_true", help="a few minutes' worth, to see that nothing fell over")
    options.add_argument("--only", nargs="*", choices=[*MEASURES], help="only these parts")
    options.add_argument("--json", type=Path, help="write the figures there, too")
    chosen = options.parse_args()
    sizes = SHORT if chosen.short else FULL
    rows = [row for name in chosen.only or MEASURES for row in measured(name, sizes)]
    if chosen.json:
        chosen.json.write_text(json.dumps(record(rows, sizes), indent=2) + "\n", "utf-8")


def measured(name: str, sizes: Sizes) -> list[Row]:
    """A part's rows, printed as soon as they are there; a part that fails is told and costs nobody else."""
    with tempfile.TemporaryDirectory(prefix="sectionary-speed-") as folder:
        try:
            rows = MEASURES[name](sizes, Path(folder))
        except Exception:  # noqa: BLE001 - a benchmark that breaks must not hide the others
            traceback.print_exc()
            return []
    for row in rows:
        held_to = f"bar {row.bar}{row.aim and f', aim {row.aim}'}"
        print(f"{row.name}\n    {row.text}    {held_to}    {_MARKS[row.met]}", flush=True)
    return rows


def record(rows: list[Row], sizes: Sizes) -> dict[str, object]:
    """Everything measured, with what it was measured on."""
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "python": sys.version.split()[0],
        "machine": platform.machine(),
        "sizes": asdict(sizes),
        "rows": [asdict(row) for row in rows],
    }


if __name__ == "__main__":
    main()
