"""Budget: how much a run may use before it commits what it has, and the meter that tells what it has used."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Self

from msgspec import Struct

from sectionary.scraper.clock import Clock, stamp
from sectionary.scraper.errors import ConfigError
from sectionary.scraper.settings import size, span

_PAGES = re.compile(r"(\d+)\s*pages?")
_ALLOWED = "write a time (2h, 30m), a number of pages (500pages) or a size (1GiB)"


class Budget(Struct, frozen=True, kw_only=True):
    """Bounds of a run, each None where there is none: seconds, pages asked for, bytes of bodies as transferred."""

    seconds: float | None = None
    pages: int | None = None
    bytes: int | None = None

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Self:
        """Read "2h", "500pages" or "1GiB", or several; ConfigError for anything else."""
        bounds: dict[str, float] = {}
        for text in texts:
            kind, value = _bound(text.strip())
            bounds[kind] = min(value, bounds.get(kind, value))
        return cls(**bounds)  # type: ignore[arg-type]  # whole numbers where they must be


def _bound(text: str) -> tuple[str, float]:
    if match := _PAGES.fullmatch(text):
        return "pages", int(match[1])
    if text[-1:].isalpha():
        for kind, read in (("seconds", span), ("bytes", size)):
            try:
                value = read(text)
            except ValueError:
                continue
            if isinstance(value, int | float):
                return kind, value
    raise ConfigError(f"--budget {text}: {_ALLOWED}")


def seconds(option: str, text: str) -> float:
    """Read an option's time, "30m" or "26h"; ConfigError for anything else."""
    try:
        value = span(text.strip())
    except ValueError:
        value = None
    if not isinstance(value, int | float):
        raise ConfigError(f"{option} {text}: write a time like 30m, 26h or 7d")
    return float(value)


def moment(text: str, now: datetime | None = None) -> str:
    """Read a date or time (ISO 8601; without a zone UTC), or how long ago that was ("2d"), as RFC 3339 in UTC.

    `now` is what a span is counted from, else the time it is. Raises ConfigError for anything else.
    """
    try:
        if text.strip()[-1:] in {"s", "m", "h", "d", "w"}:
            return stamp((now or datetime.now(UTC)) - timedelta(seconds=float(str(span(text)))))
        read = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        raise ConfigError(f"--since {text}: write a date like 2026-11-01 or 2026-11-01T06:00:00Z, or 2d") from None
    return stamp(read if read.tzinfo else read.replace(tzinfo=UTC))


class Meter:
    """What a run has used so far, in all and by site; hears of a fetch's progress."""

    def __init__(self, budget: Budget, clock: Clock) -> None:
        self._budget = budget
        self._clock = clock
        self._begun = clock.monotonic()
        self.pages: Counter[str] = Counter()
        self.bytes: Counter[str] = Counter()
        self.requests: dict[str, Counter[str]] = {}
        self._one_at_a_time = Lock()     # sites are fetched side by side

    def hear(self, site: str, kind: str, number: float, detail: str) -> None:
        """Count a page that came to a state, or a request that came to a status."""
        with self._one_at_a_time:
            if kind == "page":
                self.pages[site] += int(number)
            elif kind == "request":
                self.bytes[site] += int(number)
                self.requests.setdefault(site, Counter())[detail] += 1

    def spent(self) -> str | None:
        """Which bound the run has reached, None for none."""
        with self._one_at_a_time:
            pages, bytes_ = self.pages.total(), self.bytes.total()
        used = {"seconds": self._clock.monotonic() - self._begun, "pages": pages, "bytes": bytes_}
        for kind, value in used.items():
            bound = getattr(self._budget, kind)
            if bound is not None and value >= bound:
                return kind
        return None
