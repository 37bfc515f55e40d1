"""Crawl: a site's pending pages, one after another, each to the state that its answer means."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

from msgspec import Struct, structs

from sectionary.scraper import urls
from sectionary.scraper.archive import ArchiveRef
from sectionary.scraper.barred import NOBODY, Barred, numbered
from sectionary.scraper.clock import Clock, stamp
from sectionary.scraper.endpoints import opened
from sectionary.scraper.errors import FetchError, SiteError
from sectionary.scraper.frontier import Frontier
from sectionary.scraper.http import Client
from sectionary.scraper.ledger import Fetched, Ledger, Outcome, Stored, Task
from sectionary.scraper.pace import LONGEST_HOLD, MOST_ATTEMPTS, HeldError, StoppedError
from sectionary.scraper.page import Http, Page, Signal, SiteInfo
from sectionary.scraper.response import Response
from sectionary.scraper.robots import Robots, Rulebook
from sectionary.scraper.scope import out_of_scope
from sectionary.scraper.scribe import Scribe
from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.signals import signals
from sectionary.scraper.sources.listing import Found, Listed
from sectionary.scraper.tdmrep import Reservations, prevailing
from sectionary.scraper.turns import Turn, Turns
from sectionary.scraper.verdict import NOINDEX, may_recover
from sectionary.scraper.wire import Sent

Progress = Callable[[str, float, str], None]

_BATCH_PAGES = 64                        # settled pages after which a batch is synced,
_BATCH_SECONDS = 5.0                     # or this long after the last one
_MOST_WAITING = 1                        # batches that are made safe while the next is fetched


class Means(Struct, frozen=True, kw_only=True):
    """What a crawl of one site works with, and what it is told: `limit`, `full` and `since` as in fetch_site."""

    site: SiteSettings
    client: Client
    rules: Rulebook
    reservations: Reservations
    ledger: Ledger
    archive: Scribe
    clock: Clock
    limit: int | None
    progress: Progress
    full: bool = False
    since: str | None = None
    barred: Barred = NOBODY


class Crawl:
    """One pass over what is pending. Pages that fail for the moment are asked again later in it."""

    def __init__(self, means: Means, found: Found, frontier: Frontier) -> None:
        self._means = means
        self._found = found
        self._frontier = frontier
        self._turns = Turns(
            means.site, means.ledger, means.client.pace, means.clock, limit=means.limit, leave=self._leave
        )
        self._outcomes: list[Outcome] = []
        self._kept: list[_Kept] = []
        self._ahead: _Ahead | None = None
        self._written: deque[Future[list[Fetched]]] = deque()
        self._synced = means.clock.monotonic()

    def run(self) -> Iterator[list[Fetched]]:
        """Fetch until nothing is left to ask for, and give each batch once it is safe on disk.

        Raises SiteError when the site stops answering, HeldError when it asks for a long rest, and StoppedError
        when the run is to stop, each after the last batch.
        """
        try:
            yield from self._batches()
        except (SiteError, HeldError, StoppedError):
            yield from self._all_safe()
            raise
        except GeneratorExit:
            deque(self._all_safe(), maxlen=0)
            raise

    def _batches(self) -> Iterator[list[Fetched]]:
        while (asked := self._ask_next()) or self._is_behind:   # which may lead to more pages once it is written down
            if not asked:
                yield from self._all_safe()
                continue
            if self._is_due():
                self._write_down()
            if self._ahead is None:      # whoever takes a batch may take his time
                yield from self._safe(_MOST_WAITING)
        if self._turns.failure:
            raise self._turns.failure

    def _leave(self, task: Task, attempts: int, reason: str) -> None:
        self._note(task, "pending", reason, attempts=attempts)

    def _ask_next(self) -> bool:
        """Ask for the next page and bring it to its state; False where none is left."""
        ahead, self._ahead = self._ahead, None
        turn = ahead.turn if ahead else self._turns.next()
        if turn is None:
            return False
        try:
            if ahead:
                self._ask(*turn, ahead.rules, ahead.sent)
            else:
                self._visit(*turn)
        except HeldError as error:
            self._turns.rest(turn[0], error)
        return True

    def _visit(self, task: Task, attempt: int) -> None:
        if self._is_barred(task):
            self._settle(task, "excluded", "takedown")
            return
        rules = self._means.rules.of(task.url)
        if rules.unavailable:
            self._settle(task, "pending", rules.unavailable)
        elif not self._allowed(task, rules):
            self._settle(task, "excluded", "robots")
        else:
            self._ask(task, attempt, rules)

    def _send_ahead(self, last: Task, rules: Robots) -> None:
        """Send the next request before the last page is put away, where it may go out now and to the same host."""
        if self._unsafe + 1 >= _BATCH_PAGES or (self._written and self._written[0].done()):
            return                       # a batch is to be handed on first
        self._turns.answered(last)
        turn = None
        with suppress(SiteError):        # raised again when it is asked for the next page
            turn = self._turns.ready()
        if not turn:
            return
        task, _ = turn
        ruled = urls.origin(task.url) == urls.origin(last.url)      # by the same robots.txt
        may = ruled and not self._is_barred(task) and self._allowed(task, rules)
        if may and (sent := self._means.client.send_ahead(task.url, self._conditions(task))):
            self._ahead = _Ahead(turn, rules, sent)
        else:
            self._turns.put_back(turn)

    def _conditions(self, task: Task) -> Mapping[str, str]:
        """The validators that a page is asked with; none where its bytes are wanted whatever they are."""
        return {} if task.is_noindex and self._keeps_noindex else task.validators

    def _is_barred(self, task: Task) -> bool:
        number = numbered(self._found.info.site, task.page_id)
        return self._means.barred.holds((task.url, task.canonical_url), number)

    def _allowed(self, task: Task, rules: Robots) -> bool:
        return rules.allows(task.url) and rules.allows(self._shown(task))

    def _shown(self, task: Task) -> str:
        """Give the address at which readers see a page, which robots.txt speaks of whichever way it is fetched."""
        if self._means.site.endpoint == "page" or not task.canonical_url:
            return task.url
        return self._found.origin + task.canonical_url.removeprefix(urls.origin(task.canonical_url))

    def _ask(self, task: Task, attempt: int, rules: Robots, sent: Sent | None = None) -> None:
        try:
            reserved = self._means.reservations.of(self._shown(task), ask=sent is None)
            conditions = self._conditions(task)
            answer = self._means.client.get(task.url, follow=self._respelled, headers=conditions, sent=sent)
        except FetchError as error:
            if error.retryable:
                self._again(task, attempt, error.reason, None)
            else:
                self._settle(task, "rejected", error.reason, attempts=1)
            return
        if answer.location and _same_page(answer.url, answer.location):
            reason = self._means.rules.of(answer.location).unavailable
            self._settle(task, "pending" if reason else "excluded", reason or "robots", attempts=1)
            return
        if answer.location:
            self._merge(task, answer)
            return
        answer, verdict = opened(self._means.site.endpoint, answer)
        if verdict.state == "done":
            self._send_ahead(task, rules)
        if answer.status == 304 and conditions:
            self._unchanged(task)
        elif verdict.state == "pending":
            self._again(task, attempt, str(verdict.reason), answer)
        elif verdict.state == "done":
            self._keep(task, answer, rules, reserved)
        elif (verdict.reason or "").startswith("blocked"):
            self._note(task, verdict.state, verdict.reason, attempts=1)
            self._turns.failed(task, str(verdict.reason))
        else:
            self._settle(task, verdict.state, verdict.reason, attempts=1)

    def _respelled(self, url: str, target: str) -> bool:
        """Tell whether a redirect only spells the address another way, where robots.txt lets it be asked for."""
        return _same_page(url, target) and self._means.rules.of(target).allows(target)

    def _again(self, task: Task, attempt: int, reason: str, answer: Response | None) -> None:
        """Put a page back for another attempt, or leave it to a later run; keep still when told to."""
        pace, clock = self._means.client.pace, self._means.clock
        self._turns.failed(task, reason)
        told = pace.retry_after(answer.header("retry-after")) if answer else None
        pause = pace.backoff(attempt) if told is None else told
        if is_told := told is not None or (answer is not None and answer.status == 429):
            pace.hold(urls.host(task.url), pause)
        if attempt < MOST_ATTEMPTS and pause <= LONGEST_HOLD:
            if is_told:
                self._means.progress("wait", pause, reason)
            self._turns.again(task, attempt + 1, reason, due=clock.monotonic() + pause)
            return
        not_before = clock.now().timestamp() + told if told else 0.0
        self._note(task, "pending", reason, attempts=attempt, not_before=not_before)

    def _merge(self, task: Task, answer: Response) -> None:
        """Record that a page's address leads to another page of its host; `redirects` decides what that means.

        One that leads to another host is rejected: whoever owns that, it is not the site which was asked.
        """
        try:
            url = urls.normalise(str(answer.location))
        except ValueError as error:
            self._settle(task, "rejected", f"redirect: {error}", attempts=1)
            return
        if not urls.same_host(task.url, url):
            self._settle(task, "rejected", f"redirect: {urls.host(url)}", attempts=1)
            return
        self._turns.answered(task)
        self._note(task, "merged", attempts=1, target=self._target(url))

    def _target(self, url: str) -> Listed:
        server = self._found.server or urls.origin(url)
        canonical = urls.absolute(server, url.removeprefix(urls.origin(url)))
        excluded = out_of_scope(self._means.site, canonical, None)
        return Listed(key=canonical, url=url, canonical_url=canonical, excluded=excluded)

    def _unchanged(self, task: Task) -> None:
        """Note that a page is what it was. A ledger that was lost and made anew does not know where it leads."""
        if task.is_noindex:
            self._leave_out(task, task.etag, task.last_modified)
            return
        if self._frontier.grows and task.copy:
            with suppress(FetchError):
                self._frontier.visit(self._means.archive.read(task.copy), task.depth)
        self._settle(task, "done", None, attempts=1)

    def _keep(self, task: Task, answer: Response, rules: Robots, reserved: tuple[Signal, ...]) -> None:
        """Follow a page's links and store it, unless it asks for neither; `reserved` is what its host says of it."""
        asked = signals(answer, rules.ai_use, now=self._means.clock.now())
        page = _page(task, answer, self._info(answer.url), self._means)
        page = structs.replace(page, http=structs.replace(page.http, signals=prevailing(asked.said, reserved)))
        if not asked.nofollow:
            self._frontier.visit(page, task.depth)
        if asked.noindex and not self._keeps_noindex:
            self._leave_out(task, page.http.etag, page.http.last_modified)
        else:
            self._store(task, answer, page)

    @property
    def _keeps_noindex(self) -> bool:
        return self._means.site.noindex == "keep"

    def _leave_out(self, task: Task, etag: str | None, last_modified: str | None) -> None:
        """Note that a page asks not to be indexed, and in the archive what is news of it, should the ledger be lost."""
        self._turns.answered(task)
        said = {} if task.copy else {"etag": etag, "last_modified": last_modified}
        if not task.is_noindex or task.revision_id or task.touched:
            told = {"state": "excluded", "reason": NOINDEX, "date": stamp(self._means.clock.now())}
            self._means.archive.note(task.url, _remembered(task) | told | said)
        self._note(task, "excluded", NOINDEX, attempts=1, **said)

    def _store(self, task: Task, answer: Response, page: Page) -> None:
        self._turns.answered(task)
        place = self._means.archive.append(page, answer, facts=_remembered(task), before=task.copy)
        self._kept.append(_Kept(key=task.key, page=structs.replace(page, body=b""), place=place))
        self._means.progress("page", 1, "done")

    def _info(self, url: str) -> SiteInfo:
        """Give the site a page belongs to: the wiki's own, else the host that the page came from."""
        info = self._found.info
        return info if info.engine else structs.replace(info, site=urls.host(url))

    def _settle(self, task: Task, state: str, reason: str | None, *, attempts: int = 0) -> None:
        if attempts:
            self._turns.answered(task)
        if (state == "gone" and task.copy) or (state == "rejected" and not may_recover(reason)):
            told = {"state": state, "reason": reason, "date": stamp(self._means.clock.now())}
            self._means.archive.note(task.url, _remembered(task) | told)
        self._note(task, state, reason, attempts=attempts)

    def _note(self, task: Task, state: str, reason: str | None = None, **facts: Any) -> None:
        date = stamp(self._means.clock.now())
        self._outcomes.append(Outcome(key=task.key, state=state, reason=reason, date=date, **facts))
        self._means.progress("page", 1, state)

    def _is_due(self) -> bool:
        waited = self._means.clock.monotonic() - self._synced
        return self._unsafe >= _BATCH_PAGES or (waited >= _BATCH_SECONDS and self._unsafe > 0)

    @property
    def _unsafe(self) -> int:
        """How many pages came to a state that is not written down yet."""
        return len(self._outcomes) + len(self._kept)

    @property
    def _is_behind(self) -> bool:
        return self._unsafe > 0 or len(self._written) > 0

    def _write_down(self) -> None:
        """Have a batch made safe: first its bytes, then what the ledger says of them."""
        self._frontier.write()           # before its pages are done, so that a crash between the two loses no link
        settle = partial(self._settled, self._outcomes, self._kept)
        self._written.append(self._means.archive.sync(settle))
        self._kept, self._outcomes = [], []
        self._synced = self._means.clock.monotonic()

    def _settled(self, outcomes: list[Outcome], kept: list["_Kept"]) -> list[Fetched]:
        done = (page.outcome() for page in kept)
        self._means.ledger.settle(self._means.site.name, [*outcomes, *done])
        return [page.fetched() for page in kept]

    def _safe(self, most: int) -> Iterator[list[Fetched]]:
        """Give the batches that are safe; waits until at most so many are not."""
        while len(self._written) > most or (self._written and self._written[0].done()):
            if batch := self._written.popleft().result():
                yield batch

    def _all_safe(self) -> Iterator[list[Fetched]]:
        if self._unsafe:
            self._write_down()
        yield from self._safe(0)


class _Ahead(Struct, frozen=True):
    """A page whose request was sent before its turn, by rules that were asked already."""

    turn: Turn
    rules: Robots
    sent: Sent


class _Kept(Struct, frozen=True, kw_only=True):
    """A page that is being written into the archive, without its body; `place` tells where once it is there."""

    key: str
    page: Page
    place: Future[ArchiveRef]

    def outcome(self) -> Outcome:
        """What the ledger is to know of it."""
        page = self.page
        stored = Stored(
            ref=self.place.result(),
            date_fetched=page.date_fetched,
            etag=page.http.etag,
            last_modified=page.http.last_modified,
        )
        return Outcome(key=self.key, state="done", attempts=1, stored=stored)

    def fetched(self) -> Fetched:
        """What is handed on."""
        return Fetched(key=self.key, ref=self.place.result(), canonical_url=self.page.canonical_url or self.page.url)


def _same_page(url: str, target: str) -> bool:
    """Tell whether a redirect only spells the address another way."""
    try:
        return urls.identity(url) == urls.identity(target)
    except ValueError:
        return False


def _remembered(task: Task) -> dict[str, Any]:
    """What the ledger is rebuilt from: the page as it was listed."""
    listed = {
        "key": task.key, "url": task.url, "canonical_url": task.canonical_url, "title": task.title,
        "page_id": task.page_id, "revision_id": task.revision_id, "namespace": task.namespace,
        "date_modified": task.date_modified, "touched": task.touched, "depth": task.depth,
    }  # fmt: skip
    return {name: value for name, value in listed.items() if value is not None}


def _page(task: Task, answer: Response, info: SiteInfo, means: Means) -> Page:
    http = Http(
        status=answer.status,
        content_type=answer.header("content-type"),
        content_encoding=answer.header("content-encoding"),
        etag=answer.header("etag"),
        last_modified=answer.header("last-modified"),
    )
    return Page(
        url=answer.url,
        body=answer.body,
        canonical_url=task.canonical_url or answer.url,
        redirected_from=tuple(dict.fromkeys((*task.redirected_from, *answer.redirected_from))),
        http=http,
        date_fetched=stamp(means.clock.now()),
        date_modified=task.date_modified,
        site_info=info,
        page_id=task.page_id,
        revision_id=task.revision_id,
        namespace=task.namespace,
        title=task.title,
    )
