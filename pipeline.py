"""The street: fetch → clean → commit for each site, each stage handing references to the next.

Fetching yields batches as they become safe in the archive; the crew cleans them meanwhile, and waits for
nobody else; when the fetch ends, what was cleaned is committed in one step. Sites go side by side (lanes.py) and
share the processes that clean. A run that was killed leaves an archive and a ledger, and the next run finishes
what is pending before it asks for more.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from threading import Event, Lock

import msgspec
from msgspec import Struct

from sectionary import outcome
from sectionary.cleaners.rules import rules, rules_version
from sectionary.cleaners.steps import check_rules
from sectionary.committing import commit_cleaned
from sectionary.config import Config
from sectionary.engines import ENGINES
from sectionary.errand import Engine, Errand
from sectionary.lanes import lanes, side_by_side
from sectionary.output.commit import Committed
from sectionary.output.conditions import Condition, conditions
from sectionary.output.doors.write import write_doors
from sectionary.output.ids import digest
from sectionary.output.jsonschema import schema_bytes
from sectionary.output.last_run import SiteSummary, Summary, write_last_run
from sectionary.output.snapshot import check_ours, latest_number
from sectionary.output.takedowns import barred
from sectionary.recovery import recover
from sectionary.scraper.budget import Budget, Meter
from sectionary.scraper.clock import Clock, SystemClock, stamp
from sectionary.scraper.errors import ConfigError, SiteError
from sectionary.scraper.failpoint import reach
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.logbook import follow
from sectionary.scraper.rows import Fetched
from sectionary.scraper.settings import SiteSettings, require_contact
from sectionary.scraper.sitelock import held
from sectionary.scraper.version import VERSION
from sectionary.worker import BATCH, Crew, Orders, Result, Task

NOBODY = "nobody"                        # a cleaner by which no page was cleaned: where the dataset is gone or new
Progress = Callable[[str, str, float, str], None]


def quiet(_site: str, _kind: str, _number: float, _detail: str = "") -> None:
    """Report progress to nobody."""


class Bounds(Struct, frozen=True, kw_only=True):
    """What a run is to do and how far: `limit` pages of each site, `budget` for all of them, `full` or `since`.

    `wait` is how many seconds to wait for another run that holds a site, `fail_on` what makes the exit code 5.
    """

    limit: int | None = None
    budget: Budget = Budget()
    full: bool = False
    since: str | None = None
    wait: float = 0.0
    fail_on: tuple[Condition, ...] = conditions(None)


class Running(Struct, frozen=True, kw_only=True):
    """What all sites of a run share."""

    config: Config
    ledger: Ledger
    clock: Clock
    bounds: Bounds
    meter: Meter
    stop: Callable[[], bool]
    progress: Progress
    fetch: bool
    clean: bool
    anew: bool                           # the dataset had no snapshot when the run began
    engine: Engine
    one_at_a_time: Lock                  # for commits

    def ends(self) -> bool:
        """Whether nothing more may be asked of any site."""
        return self.stop() or self.meter.spent() is not None

    def hear(self, site: str) -> Callable[[str, float, str], None]:
        """What a site's fetch tells its progress to."""

        def hear(kind: str, number: float, detail: str) -> None:
            self.meter.hear(site, kind, number, detail)
            self.progress(site, kind, number, detail)

        return hear


def run(  # noqa: PLR0913 - options, all by name
    config: Config,
    *,
    sites: Iterable[str] | None = None,
    limit: int | None = None,
    bounds: Bounds | None = None,
    stop: Callable[[], bool] | None = None,
    progress: Progress = quiet,
    clock: Clock | None = None,
    fetch: bool = True,
    clean: bool = True,
) -> Summary:
    """Fetch, clean and commit the configured sites, or those named, and write _meta/last_run.json.

    Without `fetch` only what lies in the raw archive is cleaned, if other rules or another release cleaned it
    last; without `clean` pages only go into the archive, and those that wait there count as pending. `limit`
    bounds the pages fetched of each site, `bounds` tells all bounds at once; `stop` is asked between pages and
    ends the run in order; `progress(site, kind, number, detail)` hears what happens. A site that cannot be
    fetched is told in the summary and does not stop the others. Raises ConfigError, DatasetError, LockedError,
    InterruptedRunError.
    """
    clock, stop, bounds = clock or SystemClock(), stop or (lambda: False), bounds or Bounds(limit=limit)
    halt = Event()                       # set when a site's run ends in an error that concerns them all
    chosen = config.chosen(sites)
    _check(config, chosen, fetch=fetch)
    started = stamp(clock.now())
    config.work.mkdir(parents=True, exist_ok=True)
    names = [site.name for site in chosen]
    with (
        held(config.work, names, wait=bounds.wait, clock=clock, stop=stop),
        Ledger(config.work / "ledger.sqlite") as ledger,
        ENGINES[config.run.engine](config) as engine,
    ):
        running = Running(
            config=config,
            ledger=ledger,
            clock=clock,
            bounds=bounds,
            meter=Meter(bounds.budget, clock),
            stop=lambda: stop() or halt.is_set(),
            progress=_in_turn(progress),
            fetch=fetch,
            clean=clean,
            anew=latest_number(config.corpus) is None,
            engine=engine,
            one_at_a_time=Lock(),
        )
        side = lanes(chosen, config.scraper.limits())
        done = side_by_side(side, config.run.sites_at_once, partial(_run_site, running), halt, engine.lane)
        done.sort(key=lambda each: names.index(each.name))
        finished, spent = stamp(clock.now()), running.meter.spent()
        summary = outcome.summary(done, started, finished, str(config.corpus), spent)
        if clean:
            write_last_run(config.corpus, summary, schema_bytes("last_run"))
        _tell_metrics(config, ledger)
    if clean:
        write_doors(config.corpus)
    return summary


def _in_turn(progress: Progress) -> Progress:
    """Have progress told by one thread at a time."""
    turn = Lock()

    def tell(site: str, kind: str, number: float, detail: str = "") -> None:
        with turn:
            progress(site, kind, number, detail)

    return tell


def _tell_metrics(config: Config, ledger: Ledger) -> None:
    """Write the metrics of all sites that ever ran, where the configuration asks for them."""
    if config.metrics is None:
        return
    from sectionary.output.metrics import write_metrics  # noqa: PLC0415 - most runs write none

    told = (ledger.standing(site.name).summary for site in config.scraper.sites)
    write_metrics(config.metrics, [msgspec.json.decode(text, type=SiteSummary) for text in told if text])


def _check(config: Config, chosen: list[SiteSettings], *, fetch: bool) -> None:
    """Refuse what no site should have to find out halfway: a foreign folder, a missing contact, faulty rules."""
    check_ours(config.corpus)
    if config.work.exists() and not config.work.is_dir():
        raise ConfigError(f"run.work_dir: {config.work} is not a folder; name another one")
    for site in chosen:
        if fetch:
            require_contact(config.scraper, site)
        check_rules(rules(site.rules, config.own_rules) if site.rules else rules("mediawiki", config.own_rules))


def _run_site(running: Running, site: SiteSettings) -> SiteSummary:
    began = running.clock.monotonic()
    orders = _orders(running.config, site)
    recover(running.ledger, site.name, running.config.raw, running.config.corpus)
    deque(follow(running.ledger, site.name, running.config.logbooks), maxlen=0)     # of a run that was killed
    failure, results = _fetch_and_clean(running, site, orders)
    reach("run.cleaned")
    committed = _commit(running, site, orders.cleaner, results) if running.clean else []
    known = NOBODY if running.anew else orders.cleaner
    waiting = 0 if running.clean else sum(1 for _ in _left_over(running.ledger, site.name, known))
    reach("run.committed")
    bounds = running.bounds
    ended = outcome.Ended(
        failure=failure,
        stopped=running.stop(),
        bounded=bounds.limit is not None or bounds.since is not None or running.meter.spent() is not None,
        seconds=running.clock.monotonic() - began,
        finished=stamp(running.clock.now()),
    )
    summary = outcome.site_summary(
        running.ledger, site.name, ended,
        committed=committed, results=results, meter=running.meter, conditions=bounds.fail_on, waiting=waiting,
    )  # fmt: skip
    running.ledger.ended(site.name, msgspec.json.encode(summary).decode())
    running.progress(site.name, "ended", ended.seconds, summary.outcome)
    return summary


def _fetch_and_clean(running: Running, site: SiteSettings, orders: Orders) -> tuple[str | None, list[Result]]:
    """Fetch what is pending while the crew cleans; gives why the site failed, if it did, and what was cleaned."""
    failure = None
    if not running.clean:
        return _fetch_only(running, site), []
    crew = Crew(orders, running.engine.hands)
    known = NOBODY if running.anew else orders.cleaner
    for batch in _batches(_left_over(running.ledger, site.name, known)):
        crew.submit(batch)
    try:
        for fetched in _fetched(running, site) if running.fetch else ():
            for batch in _batches(fetched):
                crew.submit(batch)
    except SiteError as error:
        failure = error.reason
    return failure, crew.finish()


def _commit(running: Running, site: SiteSettings, cleaner: str, results: list[Result]) -> list[Committed]:
    """Commit a site, one after another: two may be views of one wiki, and the last must know of the first's losses."""
    created = stamp(running.clock.now())
    with running.one_at_a_time:
        return commit_cleaned(running.config, running.ledger, site.name, results, cleaner=cleaner, created=created)


def _fetch_only(running: Running, site: SiteSettings) -> str | None:
    """Fetch what is pending into the archive; gives why the site failed, if it did."""
    try:
        for _ in _fetched(running, site):
            pass
    except SiteError as error:
        return error.reason
    return None


def _orders(config: Config, site: SiteSettings) -> Orders:
    own = config.own_rules
    version = rules(site.rules, own).version if site.rules else rules_version(own)
    return Orders(
        site=site.name,
        raw=config.raw,
        staging=config.staging,
        cleaner=f"{VERSION}/{version}/{_told(site, config)}",
        own_rules=own,
        rules=site.rules,
        license=site.license,
        page_text_drop=config.output.page_text_drop,
        max_page_bytes=config.scraper.max_page_bytes,
    )


def _told(site: SiteSettings, config: Config) -> str:
    """A digest of what else the operator says that goes into records, or decides whether they are written."""
    allowed = config.output.licenses
    told = [site.license, list(config.output.page_text_drop), config.scraper.max_page_bytes]
    return digest([*told, sorted(allowed)] if allowed is not None else told)[:12]


def _fetched(running: Running, site: SiteSettings) -> Iterator[list[Fetched]]:
    errand = Errand(
        site=site,
        settings=running.config.scraper,
        clock=running.clock,
        limit=running.bounds.limit,
        full=running.bounds.full,
        since=running.bounds.since,
        barred=barred(running.config.corpus),
    )
    return running.engine.fetch(errand, running.ledger, stop=running.ends, progress=running.hear(site.name))


def _left_over(ledger: Ledger, site: str, cleaner: str) -> Iterator[Task]:
    """Pages that lie in the archive and were never cleaned by this cleaner."""
    after = None
    while pages := ledger.uncleaned(site, cleaner, after_key=after):
        yield from pages
        after = pages[-1].key


def _batches(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    remaining = iter(tasks)
    while batch := list(islice(remaining, BATCH)):
        yield batch
