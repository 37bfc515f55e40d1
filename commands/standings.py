"""status and retry: how the sites stand."""

from typing import Annotated

import typer

from sectionary.commands.options import Configured, Quiet, Sites, WorkDir, loaded
from sectionary.commands.printing import write


def status(
    config: Configured = None,
    site: Sites = None,
    max_age: Annotated[str | None, typer.Option("--max-age", help="Exit 5 where no run succeeded since, 26h")] = None,
    work_dir: WorkDir = None,
    quiet: Quiet = False,
) -> None:
    """Tell of each site how its last run ended, what is pending, and when one last succeeded."""
    from sectionary import standing
    from sectionary.scraper.budget import seconds
    from sectionary.scraper.clock import SystemClock

    age = None if max_age is None else seconds("--max-age", max_age)
    sites = standing.status(loaded(config, work_dir), site, max_age=age)
    late = any(each.late for each in sites)
    if late or not quiet:
        write([standing.told(sites, SystemClock().now()).encode("utf-8", "replace")])
    raise typer.Exit(5 if late else 0)


def retry(
    config: Configured = None,
    site: Sites = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Only those lost for this reason, 'http: 4*'")] = None,
    work_dir: WorkDir = None,
    quiet: Quiet = False,
) -> None:
    """Have the next run ask again for pages that were lost or postponed."""
    from sectionary import standing

    counts = standing.retry(loaded(config, work_dir), site, reason=reason)
    if not quiet:
        write(f"{name}: the next run asks for {number:,} pages again\n".encode() for name, number in counts.items())
