"""When the next request may go out, and which failures are worth another. The clock is given."""

import email.utils
import math
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import Struct

from sectionary.scraper.clock import Clock
from sectionary.scraper.errors import SectionaryError

MOST_ATTEMPTS = 5                        # requests for one page in one run
LONGEST_HOLD = 15 * 60.0                 # seconds of Retry-After that a run waits out; after a longer one it ends
LONGEST_DELAY = 3600.0                   # seconds between two requests that a run keeps to; it refuses longer ones
_LONGEST_ASKED = 366 * 86400.0           # seconds of Retry-After that are believed
_FIRST_BACKOFF = 1.0                     # seconds, doubled with each attempt
_LONGEST_BACKOFF = 60.0
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


class StoppedError(SectionaryError):
    """The run is to stop: nothing more may be asked of the site."""


class HeldError(SectionaryError):
    """The host asked to be left alone for longer than a run waits; `seconds` are left of it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"held for {seconds:.0f} s")
        self.seconds = seconds


class Rest(Struct, frozen=True):
    """How long a host is still to be left alone, in seconds: for its delay, and because it asked."""

    delay: float = 0.0
    hold: float = 0.0


class Pace:
    """The gate that every request to a host passes.

    Requests start at least `delay` seconds apart, and none starts during a hold; before one that lasts too
    long the gate is shut, and asking raises HeldError. `stop` is asked before each request and while waiting;
    when it says yes, the wait ends at once with a StoppedError. `rest` is what earlier requests left.
    """

    def __init__(
        self, clock: Clock, delay: float, *, stop: Callable[[], bool] = lambda: False,
        rng: random.Random | None = None, rest: Rest | None = None,
    ) -> None:  # fmt: skip
        self.delay = delay
        self._clock = clock
        self._stop = stop
        self._rng = rng or random.Random()  # noqa: S311  spreads requests, guards no secret
        self._ready = clock.monotonic() + (rest.delay if rest else 0.0)
        self._held = clock.monotonic() + (rest.hold if rest else 0.0)

    @property
    def rest(self) -> Rest:
        """What is left to wait before the next request."""
        now = self._clock.monotonic()
        return Rest(delay=max(self._ready - now, 0.0), hold=max(self._held - now, 0.0))

    def wait(self) -> None:
        """Return when the next request may start."""
        if (seconds := self.rest.hold) > LONGEST_HOLD:
            raise HeldError(seconds)
        self.sleep_until(max(self._ready, self._held))
        self._ready = self._clock.monotonic() + self.delay

    def slow_to(self, delay: float) -> None:
        """Keep at least `delay` seconds between requests from now on."""
        self.delay = max(self.delay, delay)

    def hold(self, seconds: float) -> None:
        """Let no request start for `seconds`."""
        self._held = max(self._held, self._clock.monotonic() + seconds)

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


def _until(date: str, now: datetime) -> float | None:
    try:
        moment = email.utils.parsedate_to_datetime(date)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()
