"""Progress: bars where a person watches, plain or JSON lines where a log is kept, nothing where asked."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from sectionary.scraper.clock import stamp

Report = Callable[[str, str, float, str], None]
LINE_SECONDS = 10.0                      # between two lines of one site


def silent(_site: str, _kind: str, _number: float, _detail: str = "") -> None:
    """Report nothing."""


@contextmanager
def reporting(*, quiet: bool, log_format: str) -> Iterator[Report]:
    """What `pipeline.run` tells its progress to, for the duration of a run."""
    if quiet:
        yield silent
    elif sys.stderr.isatty():
        with _bars() as bars:
            yield Bars(bars)
    else:
        lines = Lines(as_json=log_format == "json")
        yield lines
        lines.close()


def _bars() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[note]}", style="dim"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )


class Bars:
    """A bar a site: pages settled of pages listed."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, site: str, kind: str, number: float, detail: str = "") -> None:
        """Hear of one event."""
        if site not in self._tasks:
            self._tasks[site] = self._bars.add_task(printable(site), total=None, note="")
        task = self._tasks[site]
        if kind == "listed":
            self._bars.update(task, total=number)
        elif kind == "page":
            self._bars.update(task, advance=number, note="")
        elif kind == "wait":
            self._bars.update(task, note=f"waits {number:.0f} s: {printable(detail)}")
        elif kind == "warning":
            self._bars.console.print(f"{printable(site)}: {printable(detail)}", markup=False)


class Lines:
    """A line a site now and then, with counts by what came of the pages."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._counts: dict[str, Counter[str]] = {}
        self._told: dict[str, float] = {}

    def __call__(self, site: str, kind: str, number: float, detail: str = "") -> None:
        """Hear of one event."""
        counts = self._counts.setdefault(site, Counter())
        if kind == "listed":
            counts["listed"] = int(number)
        elif kind == "page":
            counts[detail] += int(number)
        elif kind == "warning":
            self._warn(site, detail)
        elif kind == "ended":
            self._say({"event": "site", "site": site, "outcome": detail, "seconds": round(number, 1)})
        elif kind == "wait" and number > LINE_SECONDS:
            self._say({"event": "wait", "site": site, "seconds": round(number, 1), "reason": detail})
        if time.monotonic() - self._told.setdefault(site, time.monotonic()) > LINE_SECONDS:
            self._tell(site)

    def close(self) -> None:
        """Tell how it ended."""
        for site in self._counts:
            self._tell(site)

    def _warn(self, site: str, text: str) -> None:
        if self._as_json:
            self._say({"event": "warning", "site": site, "text": text})
        else:
            _print(f"{printable(site)}: {printable(text)}")

    def _tell(self, site: str) -> None:
        self._told[site] = time.monotonic()
        counts = self._counts[site]
        if self._as_json:
            self._say({"event": "progress", "site": site, **counts})
        elif counts:
            _print(f"{printable(site)}: " + ", ".join(f"{number} {name}" for name, number in counts.items()))

    def _say(self, event: Mapping[str, object]) -> None:
        """Tell of an event; a JSON line says when, a log's own lines do that for plain ones."""
        if self._as_json:
            _print(msgspec.json.encode({"time": stamp(datetime.now(UTC)), **event}).decode())
        else:
            told = ", ".join(f"{name} {value}" for name, value in event.items() if name not in {"event", "site"})
            _print(printable(f"{event['site']}: {told}"))


def _print(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - this is where lines are printed


def printable(text: str) -> str:
    """`text` without control characters, which a page's title could smuggle into a terminal."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
