"""Fetch: from a site's name in the configuration to its pages in the archive.

List what there is, ask robots.txt, then fetch what is pending, one polite request after another. A batch of
pages is synced in the archive first and acknowledged in the ledger second; only then is it handed on. So a
kill at any moment loses nothing that was acknowledged, and the next run fetches what was not.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

from sectionary.scraper import urls
from sectionary.scraper.archive import Archive
from sectionary.scraper.barred import NOBODY, Barred
from sectionary.scraper.clock import Clock, stamp
from sectionary.scraper.crawl import Crawl, Means, Progress
from sectionary.scraper.errors import SiteError
from sectionary.scraper.frontier import Frontier
from sectionary.scraper.http import Client
from sectionary.scraper.ledger import Entry, Fetched, Ledger
from sectionary.scraper.pace import HeldError, Pace, StoppedError
from sectionary.scraper.robots import Rulebook
from sectionary.scraper.scribe import Scribe
from sectionary.scraper.settings import ScraperSettings, SiteSettings, require_contact
from sectionary.scraper.sources.api import Api
from sectionary.scraper.sources.changes import deletions
from sectionary.scraper.sources.listing import Found, Listed, Visit
from sectionary.scraper.sources.table import choose
from sectionary.scraper.tdmrep import Reservations

_LISTED_AT_ONCE = 500
_BELIEVED = timedelta(days=7)            # for which a sitemap's word is taken that a page did not change


def quiet(_kind: str, _number: float, _detail: str) -> None:
    """Report progress to nobody."""


def fetch_site(  # noqa: PLR0913  the whole stage's inputs, named at the call
    site: SiteSettings, settings: ScraperSettings, ledger: Ledger, archive: Archive, *, clock: Clock,
    limit: int | None = None, full: bool = False, since: str | None = None,
    stop: Callable[[], bool] = lambda: False, progress: Progress = quiet, rng: random.Random | None = None,
    barred: Barred = NOBODY, shared_pace: Path | None = None,
) -> Iterator[list[Fetched]]:  # fmt: skip
    """Fetch a site's pending pages, and give them in batches as they become safe on disk.

    `limit` bounds the pages asked for, `since` (RFC 3339) leaves those out that the site says were modified
    before; `full` asks for all, changed or not. `stop` is asked before each request and ends the fetch in order.
    Pages that are `barred` are excluded unasked. `shared_pace` is the folder in which machines keep one pace.
    `progress(kind, number, detail)` hears "listed" (pages so far, ""), "page" (1, the state it came to), "wait"
    (seconds, why), "warning" (0, what is wrong with a list) and "request" (bytes, the status). Raises ConfigError
    before any request when the operator has to write something first, and SiteError when the site cannot be fetched
    now; then its pages stay pending with that reason.
    """
    require_contact(settings, site)
    delay = settings.delay if site.delay is None else site.delay
    pace = Pace(clock, delay, stop=stop, rng=rng, limits=settings.limits(), shared=shared_pace)
    with _client(site, settings, pace, progress) as client, Scribe(archive) as scribe:
        rules = Rulebook(client)
        means = Means(
            site=site, client=client, rules=rules, reservations=Reservations(client, rules), ledger=ledger,
            archive=scribe, clock=clock, limit=limit, full=full, since=since, progress=progress, barred=barred,
        )  # fmt: skip
        try:
            found, frontier = _list(means, settings)
            yield from Crawl(means, found, frontier).run()
        except StoppedError:
            return
        except HeldError as error:
            until = stamp(clock.now() + timedelta(seconds=error.seconds))
            reason = f"asks for no request before {until}"
            ledger.stalled(site.name, reason)
            raise SiteError(site.name, reason) from error
        except SiteError as error:
            ledger.stalled(site.name, error.reason)
            raise


def _client(site: SiteSettings, settings: ScraperSettings, pace: Pace, heard: Progress) -> Client:
    own = [urls.hostname(site.url)] if site.source == "demo" and site.url else []
    return Client(
        pace,
        contact=settings.contact,
        private_hosts=[*settings.private_hosts, *own],
        most_bytes=settings.max_page_bytes,
        heard=heard,
    )


def _list(means: Means, settings: ScraperSettings) -> tuple[Found, Frontier]:
    """Bring the ledger up to date with what the site lists now."""
    if means.site.url and (reason := means.rules.of(means.site.url).unavailable):
        raise SiteError(means.site.name, reason)
    visit = Visit(
        client=means.client,
        site=means.site,
        allows=lambda url: means.rules.of(url).allows(url),
        tell=lambda text: means.progress("warning", 0, text),
        api=means.ledger.api(means.site.name, means.site.url or ""),
        since=_since(means),
        knows=lambda numbers: means.ledger.knows(means.site.name, numbers),
        now=means.clock.now(),
    )
    source, found = choose(visit)
    if found.api != visit.api:
        means.ledger.found_api(means.site.name, visit.start, found.api)
    means.ledger.begin(means.site.name)
    refresh_before = _refresh_before(settings, means.clock)
    frontier = Frontier(source, found, means.site, means.ledger, refresh_before=refresh_before, clock=means.clock)
    if _take_listing(means, frontier.start(visit), refresh_before, visit.since, found):
        if not found.partial:
            _settle_unlisted(means, found)
        if means.since is None:
            means.ledger.listing_finished(means.site.name)
    return found, frontier


def _since(means: Means) -> str | None:
    """Give the time (RFC 3339) since when pages must have changed to be listed, None where all are."""
    within = means.site.changed_within
    begin = stamp(means.clock.now() - timedelta(seconds=within)) if within else None
    return max(filter(None, (means.since, begin)), default=None)


def _settle_unlisted(means: Means, found: Found) -> None:
    """Settle what a listing that was read to its end did not name, and remember in the archive what is gone."""
    state, reason = ("gone", "not listed") if found.whole else ("excluded", "scope")
    site, missed = means.site, means.ledger.missed(means.site.name) if found.api else []
    deleted: dict[int, str] = {}
    if found.api and missed:
        last = means.ledger.standing(site.name).succeeded
        deleted = deletions(Api(means.client, site.name, found.api), site.namespaces, missed, last)
    now = means.clock.now().timestamp()
    _remember_gone(means, means.ledger.unlisted(
        site.name, site.namespaces, state=state, reason=reason, now=now, deleted=deleted
    ))  # fmt: skip


def _remember_gone(means: Means, pages: Iterable[Entry]) -> None:
    for page in pages:
        if page.state == "gone":
            told = {
                "key": page.key, "url": page.url, "canonical_url": page.canonical_url, "title": page.title,
                "page_id": page.page_id, "revision_id": page.revision_id, "state": "gone", "reason": page.reason,
                "date": page.date,
            }  # fmt: skip
            means.archive.note(page.url, told)


def _take_listing(
    means: Means, listing: Iterator[Listed], refresh_before: str, since: str | None, found: Found
) -> bool:
    """Write the listing into the ledger and tell whether it was read to its end; a limit may end it early.

    What was modified before `since` is left out, where the source does not do so itself.
    """
    total = 0
    since = None if found.since else since
    while batch := list(islice(listing, _LISTED_AT_ONCE)):
        if gone := [page for page in batch if page.gone]:
            now = means.clock.now().timestamp()
            _remember_gone(means, means.ledger.deleted(means.site.name, gone, now=now))
            batch = [page for page in batch if not page.gone]
        passed = [page for page in batch if since and (page.date_modified or since) < since]
        means.ledger.name(means.site.name, passed)
        means.ledger.list_pages(
            means.site.name, [page for page in batch if page not in passed] if passed else batch,
            refresh_before=refresh_before, believed_since=_believed_since(refresh_before, means.clock),
            by_touched=means.site.refresh == "touched", keeps_noindex=means.site.noindex == "keep", whole=means.full,
            now=means.clock.now().timestamp(),
        )  # fmt: skip
        total += len(batch)
        means.progress("listed", total, "")
        if total > means.site.max_pages:
            raise SiteError(means.site.name, f"lists more than {means.site.max_pages} pages; raise max_pages if it has")
        if _has_enough(means):
            return False
    if not total and not found.since:
        raise SiteError(means.site.name, "lists no pages")
    return True


def _has_enough(means: Means) -> bool:
    if means.limit is None:
        return False
    now = means.clock.now().timestamp()
    tasks = means.ledger.pending(means.site.name, now, means.limit)
    return sum(not task.asked for task in tasks) >= means.limit


def _believed_since(refresh_before: str, clock: Clock) -> str:
    """Give the time since when a page must have been fetched for its source to be believed that it did not change."""
    return min(refresh_before, stamp(clock.now() - _BELIEVED))


def _refresh_before(settings: ScraperSettings, clock: Clock) -> str:
    """Give the time that a page must have been fetched before, to be fetched again when it changed."""
    if settings.refresh_after is None:
        return ""
    return stamp(clock.now() - timedelta(seconds=settings.refresh_after))
