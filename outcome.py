"""Outcome: what a run of a site, and of all sites, came to; counts out of the ledger, judged. Decides nothing else."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from sectionary.output.commit import Committed
from sectionary.output.conditions import Condition, Facts, holding
from sectionary.output.last_run import SiteSummary, Summary
from sectionary.scraper.budget import Meter
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.version import VERSION
from sectionary.worker import Result

BLOCKS = ("http: 401", "http: 403", "http: 429", "http: 451", "blocked", "redirect: ")
_FEW = 10                                # cleaned pages from which on their losses tell of the site
_DRIFT = 0.2                             # the share of them without an article at which its skin has changed


class Ended(Struct, frozen=True, kw_only=True):
    """How the fetch of a site ended: why it failed, whether it was told to stop, whether it was bounded."""

    failure: str | None
    stopped: bool
    bounded: bool
    seconds: float
    finished: str


def site_summary(  # noqa: PLR0913  what all stages say of one site
    ledger: Ledger, name: str, ended: Ended, *, committed: Sequence[Committed], results: Sequence[Result],
    meter: Meter, conditions: Sequence[Condition], waiting: int = 0,
) -> SiteSummary:  # fmt: skip
    """Sum up a site after its commit, and tell the ledger of a success.

    `waiting` are pages that were fetched and not cleaned; they are pending, too.
    """
    counts = ledger.counts(name)
    blocked = _blocked(ledger, name, counts)
    counts = {**counts, "done": counts["done"] - waiting, "pending": counts["pending"] + waiting}
    drift = _drift(results)
    failure = ended.failure or blocked
    outcome = _outcome(ledger, name, ended, failure, counts["pending"])
    complete = outcome == "done" and not counts["pending"] and not ledger.unfinished(name)
    listed = sum(counts.values())
    facts = Facts(
        failed=failure is not None, blocked=blocked is not None, complete=complete, rejected=counts["rejected"],
        listed=listed, drift=drift is not None,
    )  # fmt: skip
    held = holding(conditions, facts)
    if outcome in {"done", "limit"} and not held and not waiting:
        ledger.succeeded(name, ended.finished)
    standing = ledger.standing(name)
    written = sum(each.written for each in committed)
    return SiteSummary(
        name=name,
        site=", ".join(ledger.wikis(name)) or None,
        outcome=outcome,
        reason=failure or drift,
        complete=complete,
        listed=listed,
        written=written,
        unchanged=counts["done"] - written,
        **{state: counts[state] for state in ("merged", "gone", "excluded", "rejected", "pending")},
        sections=sum(each.sections for each in committed),
        snapshot=max((each.snapshot for each in committed if each.snapshot), default=None),
        seconds=round(ended.seconds, 1),
        removed=sum(each.removed for each in committed),
        requests=dict(sorted(meter.requests.get(name, {}).items())),
        bytes=meter.bytes[name],
        finished=ended.finished,
        last_success=standing.succeeded,
        oldest_pending=standing.oldest_pending,
        conditions=held,
    )


def summary(sites: Sequence[SiteSummary], started: str, finished: str, corpus: str, budget: str | None) -> Summary:
    """Sum up a run. A signal counts before a condition that holds: nothing is known of what was left out."""
    outcomes = {site.outcome for site in sites}
    exit_code = 4 if "interrupted" in outcomes else 5 if any(site.conditions for site in sites) else 0
    return Summary(
        version=VERSION,
        started=started,
        finished=finished,
        exit_code=exit_code,
        complete=all(site.complete for site in sites),
        corpus=corpus,
        sites=tuple(sites),
        budget=budget,
    )


def _blocked(ledger: Ledger, site: str, counts: Mapping[str, int]) -> str | None:
    """Why the site counts as blocked: not one page came through, and what came instead were refusals."""
    if counts["done"] or not counts["rejected"]:
        return None
    reasons = {entry.reason or "" for entry in ledger.pages(site, "rejected")}
    refused = all(reason.startswith(BLOCKS) for reason in reasons)
    return f"blocked: no page came through ({', '.join(sorted(reasons)[:3])})" if refused else None


def _drift(results: Sequence[Result]) -> str | None:
    """Why the site counts as changed: of the pages cleaned in this run, too many had no article any more."""
    lost = sum(result.lost for result in results)
    cleaned = lost + sum(result.pages for result in results)
    if cleaned < _FEW or lost <= _DRIFT * cleaned:
        return None
    return f"drift: {lost} of {cleaned} pages cleaned have no article; the site's markup may have changed"


def _outcome(ledger: Ledger, site: str, ended: Ended, failure: str | None, pending: int) -> str:
    if failure:
        return "failed"
    if ended.stopped:
        return "interrupted"
    more = pending or ledger.unfinished(site)
    return "limit" if more and ended.bounded else "done"
