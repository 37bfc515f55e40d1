"""Virtual: a clock that sleeping moves on, a server that answers at once, an archive that keeps no bytes.

What the scale of a crawl is measured with: everything that decides, waits and remembers is the product's own, only
the wire, the disk of the raw archive and the time are not there.
"""

import hashlib
import random
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sectionary.scraper import urls
from sectionary.scraper.archive import ArchiveRef
from sectionary.scraper.pace import Pace
from sectionary.scraper.page import Page
from sectionary.scraper.response import Response

T = TypeVar("T")
LATENCY = 0.1                            # virtual seconds that a server takes for an answer
FAILING = 0.01                           # share of requests that a server answers with 503
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_BODY = (
    b"<!DOCTYPE html><html lang='en'><head><title>Page</title></head><body class='mediawiki'><h1>Page</h1>"
    b"<div class='mw-parser-output'>" + b"<p>The tide comes in and goes out again.</p>" * 40 + b"</div></body></html>"
)


class VirtualClock:
    """A clock (scraper/clock.py) for which waiting takes no time."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        """The wall time."""
        return _BEGIN + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """Seconds since the beginning."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Move on by so many seconds."""
        self.seconds += seconds


class Wire:
    """What the crawl has for a client: it passes the product's gate, and a server that now and then fails answers."""

    def __init__(self, clock: VirtualClock, pace: Pace, seed: str) -> None:
        self.pace = pace
        self.requests = 0
        self.sent: list[float] = []      # the first request and the last one, by the clock
        self._clock = clock
        self._drawn = random.Random(seed)  # noqa: S311 - no secret

    def send_ahead(self, url: str, headers: Mapping[str, str]) -> str | None:  # noqa: ARG002
        """Send a request if its turn is now, as the product's client does."""
        return url if self.pace.send_at_once(urls.host(url), self._count) else None

    def get(
        self, url: str, *, follow: Callable[[str, str], bool], headers: Mapping[str, str],  # noqa: ARG002
        sent: str | None = None,
    ) -> Response:  # fmt: skip
        """Wait for the domain's turn, and give an answer."""
        host = urls.host(url)
        if sent is None:
            self.pace.send(host, self._count)
        self._clock.sleep(LATENCY)
        well = self._drawn.random() >= FAILING
        self.pace.took(host, LATENCY, well=well)
        kind = ("Content-Type", "text/html; charset=utf-8")
        return Response(url=url, status=200 if well else 503, headers=(kind,), body=_BODY if well else b"")

    def _count(self) -> None:
        self.requests += 1
        self.sent[1:] = [self._clock.seconds]


class Nowhere:
    """What the crawl has for a scribe: it tells places as the archive does, and writes nothing."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._offset = 0

    def append(
        self, page: Page, _: Response, *, facts: Mapping[str, Any], before: ArchiveRef | None,  # noqa: ARG002
    ) -> Future[ArchiveRef]:  # fmt: skip
        """Give a page a place behind the last one."""
        digest = hashlib.sha256(f"{page.url}".encode()).hexdigest()
        ref = ArchiveRef(file=f"{self._name}-000001.warc.gz", offset=self._offset, length=len(page.body), digest=digest)
        self._offset += ref.length
        return _done(ref)

    def note(self, url: str, facts: Mapping[str, Any]) -> None:
        """Keep nothing."""

    def sync(self, then: Callable[[], T]) -> Future[T]:
        """Nothing is there to be synced, so do at once what comes after that."""
        return _done(then())


def _done(result: T) -> Future[T]:
    future: Future[T] = Future()
    future.set_result(result)
    return future
