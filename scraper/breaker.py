"""Breaker: a host whose pages stay without an answer is left alone, and then tried with one page at a time.

Closed, everything goes out. Five different pages in a row without an answer open it, and nothing does, for half
a minute. Then one request is let through: an answer closes it, another failure doubles the pause. After three of
these the host is given up for this run. Pure, but for what it remembers.
"""

import math

_PAGES = 5                               # different ones in a row; a page that is always broken is no broken host
_PAUSE = 30.0                            # seconds before the first page that is tried, doubled after each
_TRIALS = 3


class Breaker:
    """The breaker of one host; `reason` is why its last page failed. Times are those of a monotonic clock."""

    def __init__(self) -> None:
        self.reason = ""
        self.opens = -math.inf           # when the next request may go out; never again for a host given up
        self._failing: set[str] = set()
        self._trials = 0

    @property
    def given_up(self) -> bool:
        """Whether nothing more is to be asked of the host in this run."""
        return self.opens == math.inf

    def lets(self, now: float) -> bool:
        """Tell whether a request may go out."""
        return now >= self.opens

    def answered(self) -> None:
        """Hear of an answer that speaks of its page."""
        self._failing.clear()
        self._trials = 0
        self.opens = -math.inf

    def failed(self, page: str, reason: str, now: float) -> None:
        """Hear that a page had no answer, or one that speaks of the host."""
        self.reason = reason
        self._failing.add(page)
        if len(self._failing) < _PAGES:
            return
        self.opens = math.inf if self._trials == _TRIALS else now + _PAUSE * 2**self._trials
        self._trials += 1

    def give_up(self, reason: str) -> None:
        """Let nothing more out in this run."""
        self.reason, self.opens = reason, math.inf
