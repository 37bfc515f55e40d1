"""run, fetch and demo: commands that go through the street."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from sectionary.commands import options
from sectionary.commands.options import Configured, Contact, Log, LogFormat, Quiet, Sites, WorkDir, loaded
from sectionary.commands.printing import say, write
from sectionary.scraper.errors import InterruptedRunError

if TYPE_CHECKING:
    from sectionary.config import Config
    from sectionary.pipeline import Bounds


def _crawl(says: str, *, clean: bool) -> Callable[..., None]:
    """A command that fetches, and cleans and commits too where `clean`; `says` is its help."""

    def command(
        config: Configured = None,
        site: Sites = None,
        limit: options.Limit = None,
        budget: options.Budget = None,
        full: options.Full = False,
        since: options.Since = None,
        wait: options.Wait = None,
        fail_on: options.FailOn = None,
        work_dir: WorkDir = None,
        contact: Contact = None,
        engine: options.CleanedBy = None,
        quiet: Quiet = False,
        log_format: Log = LogFormat.text,
    ) -> None:
        bounds = _bounds(limit, budget, since, wait, fail_on, full=full)
        street(loaded(config, work_dir, contact, engine), site, bounds, quiet=quiet, log_format=log_format, clean=clean)

    command.__doc__ = says
    return command


run = _crawl("Fetch, clean and commit: finish what is pending, then ask the sites for what is new.", clean=True)
fetch = _crawl("Fetch into the raw archive and no further; `clean` or `run` does the rest.", clean=False)


def demo(
    output: Annotated[Path, typer.Option("-o", help="Folder for the dataset and the raw archive")] = Path("strandline"),
    quiet: Quiet = False,
    log_format: Log = LogFormat.text,
) -> None:
    """Crawl the example encyclopedia, which is served on loopback; needs no configuration."""
    from sectionary.config import demo_config

    street(demo_config(output), None, None, quiet=quiet, log_format=log_format)


def _bounds(
    limit: int | None, budget: list[str] | None, since: str | None, wait: str | None, fail_on: list[str] | None,
    *, full: bool,
) -> "Bounds":  # fmt: skip
    from sectionary.output.conditions import conditions
    from sectionary.pipeline import Bounds
    from sectionary.scraper import budget as budgets

    return Bounds(
        limit=limit,
        budget=budgets.Budget.parse(budget or ()),
        full=full,
        since=None if since is None else budgets.moment(since),
        wait=0.0 if wait is None else budgets.seconds("--wait", wait),
        fail_on=conditions(fail_on),
    )


def street(
    config: "Config", sites: list[str] | None, bounds: "Bounds | None", *, quiet: bool, log_format: LogFormat,
    fetch: bool = True, clean: bool = True,
) -> None:  # fmt: skip
    """Go through the street, tell of it, and end with its exit code."""
    from sectionary.output.last_run import told
    from sectionary.pipeline import run as run_street
    from sectionary.progress import reporting

    with _stoppable() as stop, reporting(quiet=quiet, log_format=log_format) as progress:
        summary = run_street(
            config, sites=sites, bounds=bounds, stop=stop, progress=progress, fetch=fetch, clean=clean
        )
    if summary.exit_code or not quiet:
        write([told(summary).encode("utf-8", "replace")])
    raise typer.Exit(summary.exit_code)


class _Stop:
    """Set by the first SIGINT or SIGTERM, so that the run drains; the second ends it at once."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self) -> bool:
        return self.asked

    def hear(self, _signal: int, _frame: FrameType | None) -> None:
        """Handle a signal."""
        if self.asked:
            say("stopped at once; run again to go on")
            os._exit(InterruptedRunError.exit_code)      # every file is whole at any moment, and workers follow
        self.asked = True
        say("stopping: commits what was fetched; once more to stop at once")


@contextmanager
def _stoppable() -> Iterator[_Stop]:
    stop = _Stop()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, stop.hear) for each in signals]
    try:
        yield stop
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)
