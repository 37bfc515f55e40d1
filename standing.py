"""Standing: how each configured site stands, and what is to be asked for again. Asks no server."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from sectionary.config import Config
from sectionary.output.last_run import SiteSummary
from sectionary.scraper.clock import Clock, SystemClock
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.sitelock import Holder, held, holder

_COLUMNS = ("site", "outcome", "listed", "done", "pending", "rejected", "gone", "last success", "oldest pending")
_SPANS = ((86400, "d"), (3600, "h"), (60, "min"))


class SiteStanding(Struct, frozen=True, kw_only=True):
    """One site: what its last run came to (None: none has ended), the counts as they are now, and who runs it.

    `late` says that no run succeeded within the time that was asked for.
    """

    name: str
    last: SiteSummary | None
    counts: dict[str, int]
    last_success: str | None
    oldest_pending: str | None
    holder: Holder | None
    late: bool


def status(
    config: Config, sites: Iterable[str] | None = None, *, max_age: float | None = None, clock: Clock | None = None
) -> list[SiteStanding]:
    """How the sites stand, all or those named; `max_age` is in seconds."""
    now = (clock or SystemClock()).now().timestamp()
    path = config.work / "ledger.sqlite"
    with ExitStack() as stack:
        ledger = stack.enter_context(Ledger(path)) if path.exists() else None
        return [_site(config.work, ledger, site.name, now, max_age) for site in config.chosen(sites)]


def _site(work: Path, ledger: Ledger | None, name: str, now: float, max_age: float | None) -> SiteStanding:
    standing = ledger.standing(name) if ledger else None
    success = standing.succeeded if standing else None
    return SiteStanding(
        name=name,
        last=msgspec.json.decode(standing.summary, type=SiteSummary) if standing and standing.summary else None,
        counts=ledger.counts(name) if ledger else {},
        last_success=success,
        oldest_pending=standing.oldest_pending if standing else None,
        holder=holder(work, name),
        late=max_age is not None and (success is None or now - _seconds(success) > max_age),
    )


def retry(config: Config, sites: Iterable[str] | None = None, *, reason: str | None = None) -> dict[str, int]:
    """Make lost and postponed pages due at once, by `reason` as in a shell; gives how many there are of each site.

    Raises LockedError while a run holds one of the sites.
    """
    names = [site.name for site in config.chosen(sites)]
    path = config.work / "ledger.sqlite"
    if not path.exists():
        return dict.fromkeys(names, 0)
    with held(config.work, names), Ledger(path) as ledger:
        return {name: ledger.retry(name, reason) for name in names}


def told(sites: Sequence[SiteStanding], now: datetime) -> str:
    """Sites as a person reads them: a table, and a line for whatever needs a word."""
    rows = [_COLUMNS, *(_row(site, now) for site in sites)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    for site in sites:
        if site.last and site.last.reason:
            lines.append(f"{site.name}: {site.last.reason}")
        if site.holder:
            lines.append(f"{site.name}: process {site.holder.pid} is at it since {site.holder.since}")
        if site.late:
            lines.append(f"{site.name}: no run succeeded within the time given")
    return "\n".join(lines) + "\n"


def _row(site: SiteStanding, now: datetime) -> tuple[str, ...]:
    counts = (f"{site.counts.get(state, 0):,}" for state in ("done", "pending", "rejected", "gone"))
    outcome = site.last.outcome if site.last else "never run"
    ages = (_age(moment, now) for moment in (site.last_success, site.oldest_pending))
    return site.name, outcome, f"{sum(site.counts.values()):,}", *counts, *ages


def _age(moment: str | None, now: datetime) -> str:
    if moment is None:
        return "-"
    seconds = max(now.timestamp() - _seconds(moment), 0.0)
    for length, unit in _SPANS:
        if seconds >= length:
            return f"{seconds / length:.0f} {unit} ago"
    return f"{seconds:.0f} s ago"


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
