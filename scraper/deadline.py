"""Deadline: the one bound on a request that dripped bytes cannot stretch."""

import math
import threading
import time
from collections.abc import Callable

_LOOK_SECONDS = 0.25                     # how often a running request is held against its deadline


class Deadline:
    """Calls `cut` while a request has taken more than `seconds`; a context manager around each request.

    One thread looks on from the first request to the close. The time between `pause` and `resume` is not
    counted. `expired` tells whether the last request was cut.
    """

    def __init__(self, cut: Callable[[], None], seconds: float) -> None:
        self.expired = False
        self._cut = cut
        self._seconds = seconds
        self._moment = math.inf
        self._left = math.inf
        self._between = threading.Lock()     # a late look must not cut the request that follows
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> None:
        if not self._thread.is_alive():
            self._thread.start()
        with self._between:
            self.expired = False
            self._moment = time.monotonic() + self._seconds

    def __exit__(self, *_: object) -> None:
        with self._between:
            self._moment = math.inf

    def pause(self) -> None:
        """Stop counting: what comes is not the server's to answer for."""
        with self._between:
            self._left, self._moment = self._moment - time.monotonic(), math.inf

    def resume(self) -> None:
        """Count on."""
        with self._between:
            self._moment = time.monotonic() + self._left

    def close(self) -> None:
        """Stop looking on."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join()

    def _look_on(self) -> None:
        while not self._closed.wait(min(_LOOK_SECONDS, self._seconds / 4)):
            with self._between:
                if time.monotonic() > self._moment:
                    self.expired = True
                    self._cut()          # at each look, for a connection may still have been opening
