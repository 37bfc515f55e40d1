"""When the next request may go out, and which failures are worth another. The clock is given."""

import email.utils
import math
import random
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from sectionary.scraper.bucket import Both, Bucket, boot_id, state_folder
from sectionary.scraper.clock import Clock
from sectionary.scraper.domains import LIMITS, RateLimit, domain_of
from sectionary.scraper.errors import SectionaryError

MOST_ATTEMPTS = 5                        # requests for one page in one run
LONGEST_HOLD = 15 * 60.0                 # seconds of Retry-After that a run waits out; after a longer one it ends
LONGEST_DELAY = 3600.0                   # seconds between two requests that a run keeps to; it refuses longer ones
_LONGEST_ASKED = 366 * 86400.0           # seconds of Retry-After that are believed
_FIRST_BACKOFF = 1.0                     # seconds, doubled with each attempt
_LONGEST_BACKOFF = 60.0
_QUICK = 0.25                            # seconds for an answer; common for a wiki with a cache
_LONGEST_ADAPTED = 60.0
_WEIGHT = 0.2                            # of the newest answer in the latency
_SLICE = 0.5                             # seconds; how soon a sleep notices that the run is to stop

_NUMBER = re.compile(r"\d+(?:\.\d*)?")

# Answers after which the same request may succeed: RFC 9110, RFC 6585, and 520 to 524 as proxies use them.
_PASSING = frozenset({408, 421, 425, 429})


def is_passing(status: int) -> bool:
    """Tell whether an answer speaks of the server's state, not of the page."""
    return status in _PASSING or status >= 500


def retry_after(header: str | None, now: datetime) -> float | None:
    """Read Retry-After (RFC 9110 10.2.3), seconds or date, as seconds from `now`, at most a year.

    Fractions are understood, a past date is 0; anything else is None.
    """
    value = (header or "").strip()
    seconds = float(value) if _NUMBER.fullmatch(value) else _until(value, now)
    return None if seconds is None else min(max(seconds, 0.0), _LONGEST_ASKED)


def crawl_delay(seconds: float | None) -> float:
    """Make a Crawl-delay of robots.txt usable: none, negative and nan are 0."""
    return 0.0 if seconds is None or math.isnan(seconds) else max(seconds, 0.0)


def backoff(attempt: int, rng: random.Random) -> float:
    """Give the seconds to wait after `attempt` retries: full jitter under a doubling, capped ceiling."""
    return rng.uniform(0, min(_LONGEST_BACKOFF, _FIRST_BACKOFF * 2.0 ** min(attempt, 10)))


def adapted(delay: float, latency: float) -> float:
    """Give the seconds between two requests to a server that takes `latency` for an answer.

    One that is quick gets requests as often as it allows; a slow one is left alone for as long as it worked.
    """
    return delay if latency <= _QUICK else max(delay, min(2 * latency, _LONGEST_ADAPTED))


class StoppedError(SectionaryError):
    """The run is to stop: nothing more may be asked of the site."""


class HeldError(SectionaryError):
    """The host asked to be left alone for longer than a run waits; `seconds` are left of it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"held for {seconds:.0f} s")
        self.seconds = seconds


class Pace:
    """The gate that every request passes, at the pace of the domain that it counts for (`domains`).

    Requests to a domain start at least `delay` seconds apart, or what `slow_to`, the domain's own limit and its
    slowness make of that, and none during a hold: over all processes of the machine, for the times are kept in
    `folder` (`bucket`), by default in the user's state directory; over all machines that see the folder `shared`,
    where there is one. Before a hold that lasts too long the gate is
    shut, and asking raises HeldError. `stop` is asked before each request and while waiting; when it says yes,
    the wait ends at once with a StoppedError.
    """

    def __init__(  # noqa: PLR0913  all but the first two by name
        self, clock: Clock, delay: float, *, stop: Callable[[], bool] = lambda: False,
        rng: random.Random | None = None, limits: Mapping[str, RateLimit] = LIMITS, folder: Path | None = None,
        shared: Path | None = None,
    ) -> None:  # fmt: skip
        self._clock, self._delay, self._stop = clock, delay, stop
        self._rng = rng or random.Random()  # noqa: S311  spreads requests, guards no secret
        self._limits = limits
        self._folder = folder or state_folder()
        self._shared = shared
        self._hosts: dict[str, _Lane] = {}
        self._lanes: dict[str, _Lane] = {}

    def close(self) -> None:
        """Let go of the files that the times are kept in."""
        for lane in self._lanes.values():
            lane.bucket.leave(lane.delay)
            lane.bucket.close()
        self._lanes.clear()
        self._hosts.clear()

    def wait(self, host: str) -> None:
        """Return when it looks as if a request to `host` may go out; only `send` makes sure of it."""
        lane = self._lane(host)
        if lane.delay:
            self._pass(lane, None)

    def send(self, host: str, action: Callable[[], None]) -> None:
        """Do `action`, which sends a request to `host`, as soon as one may go out."""
        self._pass(self._lane(host), action)

    def send_at_once(self, host: str, action: Callable[[], None]) -> bool:
        """Do `action`, which sends a request to `host`, if one may go out at this moment, and tell whether."""
        lane = self._lane(host)
        return not self._stop() and lane.bucket.send(lane.delay, action) is None

    def _pass(self, lane: "_Lane", action: Callable[[], None] | None) -> None:
        while not self._stop():
            wait = lane.bucket.send(lane.delay, action)
            if wait is None:
                return
            if wait.held > LONGEST_HOLD:
                raise HeldError(wait.held)
            self.sleep_until(self._clock.monotonic() + wait.seconds)
        raise StoppedError("stopped")

    def took(self, host: str, seconds: float, *, well: bool) -> None:
        """Note how long an answer took; an error, which may be quick, makes nothing faster."""
        lane = self._lane(host)
        if well or seconds > lane.latency:
            lane.latency += _WEIGHT * (seconds - lane.latency)

    def now(self) -> float:
        """Give the clock's monotonic time."""
        return self._clock.monotonic()

    def delay(self, host: str) -> float:
        """Give the seconds that are kept between two requests to the domain of `host`."""
        return self._lane(host).delay

    def slow_to(self, host: str, delay: float) -> None:
        """Keep at least `delay` seconds between requests to the domain of `host` from now on."""
        lane = self._lane(host)
        lane.least = max(lane.least, delay)

    def hold(self, host: str, seconds: float) -> None:
        """Let no request to the domain of `host` start for `seconds`, by no process of this machine."""
        self._lane(host).bucket.hold(seconds)

    def held(self, host: str) -> float:
        """Give the seconds for which no request to the domain of `host` may start."""
        return self._lane(host).bucket.held()

    def retry_after(self, header: str | None) -> float | None:
        """Read a Retry-After header as seconds from now."""
        return retry_after(header, self._clock.now())

    def backoff(self, attempt: int) -> float:
        """Draw the seconds to wait after failed attempt number `attempt`, counted from 1."""
        return backoff(attempt - 1, self._rng)

    def sleep_until(self, moment: float) -> None:
        """Sleep until the clock's `monotonic` reaches `moment`; StoppedError when the run is to stop."""
        while not self._stop():
            left = moment - self._clock.monotonic()
            if left <= 0:
                return
            self._clock.sleep(min(left, _SLICE))
        raise StoppedError("stopped")

    def _lane(self, host: str) -> "_Lane":
        if lane := self._hosts.get(host):
            return lane
        domain = domain_of(host, self._limits)
        if domain.name not in self._lanes:
            self._lanes[domain.name] = _Lane(self._bucket(domain.name), max(self._delay, domain.delay))
        lane = self._hosts[host] = self._lanes[domain.name]
        return lane

    def _bucket(self, domain: str) -> Bucket | Both:
        near = Bucket(self._folder, domain, self._clock, boot_id())
        return Both(near, Bucket(self._shared, domain, self._clock, boot_id())) if self._shared else near


class _Lane:
    """One domain: its bucket, the least delay, and how long its answers take, smoothed, in seconds."""

    def __init__(self, bucket: Bucket | Both, least: float) -> None:
        self.bucket, self.least, self.latency = bucket, least, 0.0

    @property
    def delay(self) -> float:
        return adapted(self.least, self.latency)


def _until(date: str, now: datetime) -> float | None:
    try:
        moment = email.utils.parsedate_to_datetime(date)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()
