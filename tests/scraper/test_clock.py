"""The clock of the machine, and the one that SOURCE_DATE_EPOCH stops."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sectionary.scraper.clock import SystemClock, stamp
from sectionary.scraper.errors import ConfigError


def test_a_stamp_is_rfc_3339_in_utc_and_whole_seconds() -> None:
    moment = datetime(2026, 11, 22, 10, 30, 0, 999_999, tzinfo=timezone(timedelta(hours=1)))
    assert stamp(moment) == "2026-11-22T09:30:00Z"


def test_source_date_epoch_fixes_the_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1763803800")
    assert stamp(SystemClock().now()) == "2025-11-22T09:30:00Z"


def test_a_source_date_epoch_that_is_no_number_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(ConfigError, match="SOURCE_DATE_EPOCH: 'yesterday' is no time"):
        SystemClock()


def test_without_it_time_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    clock = SystemClock()
    before = clock.monotonic()
    clock.sleep(0.001)
    assert clock.monotonic() > before
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
