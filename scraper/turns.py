"""Turns: which of a site's pending pages is asked for next.

Pages not asked for yet come in the order of the ledger, those that failed for the moment again when they are due.
A host that does not answer is left alone (breaker.py), and its pages wait while there are others to ask for.
"""

import heapq
from collections import deque
from collections.abc import Callable

from sectionary.scraper import urls
from sectionary.scraper.breaker import Breaker
from sectionary.scraper.clock import Clock
from sectionary.scraper.errors import SiteError
from sectionary.scraper.ledger import Ledger, Task
from sectionary.scraper.pace import HeldError, Pace
from sectionary.scraper.settings import SiteSettings

_LAST = 2**63 - 1                        # behind every page's number
_MOST_PARKED = 500                       # pages of hosts that do not answer, past which others are looked for

Turn = tuple[Task, int]                  # a page, and the number of the attempt


class Turns:
    """The pages of one site, one after another; `leave` hears of those left to a later run, with attempts and why.

    `failure` is why pages were left out: of a host that stopped answering, or that asks for a long rest.
    """

    def __init__(  # noqa: PLR0913  whose pages, by which clocks
        self, site: SiteSettings, ledger: Ledger, pace: Pace, clock: Clock, *, limit: int | None,
        leave: Callable[[Task, int, str], None],
    ) -> None:  # fmt: skip
        self.failure: SiteError | HeldError | None = None
        self._site = site
        self._pace = pace
        self._leave = leave
        self._fresh = _Fresh(site.name, ledger, clock, limit)
        self._retries = _Retries()
        self._returned: Turn | None = None
        self._breakers: dict[str, Breaker] = {}
        self._parked: dict[str, deque[Task]] = {}

    def next(self) -> Turn | None:
        """Give the next page, None when nothing is left; waits when only pages to ask later are.

        Raises SiteError when the only host of the site is given up, StoppedError when the run is to stop.
        """
        while True:
            if turn := self.ready():
                return turn
            self._drop_retries()
            moments = [self._breakers[host].opens for host in self._parked]
            if self._retries:
                moments.append(self._retries.earliest)
            if not moments:
                return None
            self._pace.sleep_until(min(moments))

    def ready(self) -> Turn | None:
        """Give the next page that may be asked for now, None when there is none. Raises SiteError as `next` does."""
        if turn := self._returned:
            self._returned = None
            return turn
        now = self._pace.now()
        if task := self._set_aside(now):     # first, for a host is best tried with a page not known to fail
            return task, 1
        if turn := self._retries.due(now, self._breaker):
            return turn
        return (task, 1) if (task := self._new(now)) else None

    def put_back(self, turn: Turn) -> None:
        """Take back a page that was given and not asked for; it is the next one."""
        self._returned = turn

    def answered(self, task: Task) -> None:
        """Hear that a page's host answered, if not with a page."""
        self._breaker(task).answered()

    def failed(self, task: Task, reason: str) -> None:
        """Hear that a page had no answer, or one that speaks of its host."""
        self._breaker(task).failed(task.key, reason, self._pace.now())

    def again(self, task: Task, attempt: int, reason: str, *, due: float) -> None:
        """Ask for a page again, by its attempt of that number, at `due` on the monotonic clock."""
        self._retries.add(due, task, attempt, reason)

    def rest(self, task: Task, error: HeldError) -> None:
        """Leave a host that asks for a long rest, and go on with the others; HeldError where there are none."""
        if self._site.urls is None:
            raise error
        self.failure = self.failure or error
        self._breaker(task).give_up(str(error))

    def _set_aside(self, now: float) -> Task | None:
        """Give a page that was not asked for because its host was left alone, which now it is not."""
        for host, tasks in list(self._parked.items()):
            if self._breakers[host].given_up:
                self._give_up(host)
            elif self._breakers[host].lets(now):
                return self._unparked(host, tasks)
        return None

    def _new(self, now: float) -> Task | None:
        """Give a page not asked for yet, of a host that answers."""
        while sum(map(len, self._parked.values())) < _MOST_PARKED and (task := self._fresh.take()):
            breaker = self._breaker(task)
            if breaker.lets(now):
                return task
            if breaker.given_up:
                self._give_up(urls.host(task.url))
            else:
                self._parked.setdefault(urls.host(task.url), deque()).append(task)
        return None

    def _unparked(self, host: str, tasks: deque[Task]) -> Task:
        task = tasks.popleft()
        if not tasks:
            del self._parked[host]
        return task

    def _give_up(self, host: str) -> None:
        """Leave a host's pages to a later run; where all pages are on one host, that ends this one."""
        self._parked.pop(host, None)
        reason = self._breakers[host].reason
        if self.failure is None:
            said = f"{reason} in place of its pages" if reason.startswith("blocked") else "does not answer any more"
            alone = self._site.urls is None
            self.failure = SiteError(self._site.name, said if alone else f"{host}: {said}")
        if self._site.urls is None:
            self._drop_retries()
            raise self.failure

    def _drop_retries(self) -> None:
        """Leave what was to be asked again of hosts that were given up to a later run."""
        for task, attempts, reason in self._retries.of_given_up(self._breaker):
            self._leave(task, attempts, reason)

    def _breaker(self, task: Task) -> Breaker:
        return self._breakers.setdefault(urls.host(task.url), Breaker())


class _Fresh:
    """The pages that this pass has not asked for yet, drawn from the ledger as they are needed."""

    def __init__(self, site: str, ledger: Ledger, clock: Clock, limit: int | None) -> None:
        self._site, self._ledger, self._clock = site, ledger, clock
        self._left = limit
        self._new = (-1, 0)              # the last one drawn of those never asked for, to which links add,
        self._old = (0, _LAST)           # and of those asked for before, which come when there are no others
        self._drawn: deque[Task] = deque()

    def take(self) -> Task | None:
        if self._left == 0:
            return None
        if not self._drawn:
            self._draw()
        if not self._drawn:
            return None
        if self._left is not None:
            self._left -= 1
        return self._drawn.popleft()

    def _draw(self) -> None:
        due = self._due(self._new)
        if new := [task for task in due if not task.asked]:
            self._drawn.extend(new)
            self._new = (0, new[-1].n)
        elif due and (old := self._due(self._old)):
            self._drawn.extend(old)
            self._old = (old[-1].asked, old[-1].n)

    def _due(self, after: tuple[int, int]) -> list[Task]:
        now = self._clock.now().timestamp()
        return self._ledger.pending(self._site, now, after=after)


class _Retries:
    """Pages to ask again, the earliest first."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Task, int, str]] = []

    def __bool__(self) -> bool:
        return bool(self._heap)

    @property
    def earliest(self) -> float:
        return self._heap[0][0]

    def add(self, due: float, task: Task, attempt: int, reason: str) -> None:
        heapq.heappush(self._heap, (due, task.n, task, attempt, reason))

    def due(self, now: float, breaker: Callable[[Task], Breaker]) -> Turn | None:
        """Give a page that is due; those of a host that is left alone become due when that is tried again."""
        while self._heap and self._heap[0][0] <= now:
            _, n, task, attempt, reason = heapq.heappop(self._heap)
            if breaker(task).lets(now):
                return task, attempt
            heapq.heappush(self._heap, (breaker(task).opens, n, task, attempt, reason))
        return None

    def of_given_up(self, breaker: Callable[[Task], Breaker]) -> list[tuple[Task, int, str]]:
        """Take out the pages of hosts that were given up, with the attempts made and why the last one failed."""
        gone = [item for item in self._heap if breaker(item[2]).given_up]
        if gone:
            self._heap = [item for item in self._heap if not breaker(item[2]).given_up]
            heapq.heapify(self._heap)
        return [(task, attempt - 1, reason) for _, _, task, attempt, reason in sorted(gone, key=lambda item: item[1])]
