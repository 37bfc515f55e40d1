"""Clock: what time it is and how to wait, injected wherever either matters."""

import os
import time
from datetime import UTC, datetime
from typing import Protocol

from sectionary.scraper.errors import ConfigError


class Clock(Protocol):
    """Wall time for what is written down, monotonic time for what is waited for."""

    def now(self) -> datetime:
        """Give the wall time, in UTC."""
        ...

    def monotonic(self) -> float:
        """Give seconds from some fixed moment; never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return after that many seconds."""
        ...


class SystemClock:
    """The machine's own clock; SOURCE_DATE_EPOCH fixes `now` (reproducible-builds.org)."""

    def __init__(self) -> None:
        self._fixed = _source_date(os.environ.get("SOURCE_DATE_EPOCH"))

    def now(self) -> datetime:
        """Give the wall time in UTC, or the moment SOURCE_DATE_EPOCH names."""
        return self._fixed or datetime.now(UTC)

    def monotonic(self) -> float:
        """Give seconds that a change of the machine's date does not touch."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Return after that many seconds."""
        time.sleep(seconds)


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC, whole seconds: "2026-11-22T09:30:00Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _source_date(value: str | None) -> datetime | None:
    if not value:
        return None
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError):
        raise ConfigError(
            f"SOURCE_DATE_EPOCH: {value!r} is no time; write whole seconds since 1970, or unset it"
        ) from None
