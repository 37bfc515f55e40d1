"""How much a run may use."""

from datetime import UTC, datetime

import pytest

from sectionary.scraper.budget import Budget, Meter, moment, seconds
from sectionary.scraper.errors import ConfigError


@pytest.mark.parametrize(("text", "bound"), [
    ("2h", Budget(seconds=7200)), ("30m", Budget(seconds=1800)), ("500pages", Budget(pages=500)),
    ("1 page", Budget(pages=1)), ("1GiB", Budget(bytes=2**30)), ("20 MB", Budget(bytes=20_000_000)),
])  # fmt: skip
def test_a_budget_is_a_time_a_number_of_pages_or_a_size(text: str, bound: Budget) -> None:
    assert Budget.parse([text]) == bound


def test_several_bounds_hold_together_and_of_two_the_smaller() -> None:
    assert Budget.parse(["2h", "5pages", "1h"]) == Budget(seconds=3600, pages=5)


@pytest.mark.parametrize("text", ["", "5", "pages", "never", "2 parsecs", "-1h"])
def test_anything_else_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ConfigError, match="write a time"):
        Budget.parse([text])


def test_a_meter_tells_which_bound_was_reached(clock: object) -> None:
    meter = Meter(Budget(pages=2, bytes=100, seconds=60), clock)  # type: ignore[arg-type]
    meter.hear("a", "request", 99, "200")
    meter.hear("a", "page", 1, "done")
    assert meter.spent() is None
    meter.hear("b", "request", 1, "503")
    assert meter.spent() == "bytes"
    meter.hear("b", "page", 1, "gone")
    assert meter.spent() == "pages"
    clock.sleep(60)  # type: ignore[attr-defined]
    assert meter.spent() == "seconds"
    assert meter.requests == {"a": {"200": 1}, "b": {"503": 1}}


def test_times_and_dates_are_read_or_refused() -> None:
    assert seconds("--wait", "30m") == 1800
    assert moment("2026-11-01") == "2026-11-01T00:00:00Z"
    assert moment("2026-11-01T02:00:00+02:00") == "2026-11-01T00:00:00Z"
    assert moment("2d", datetime(2026, 11, 3, 6, tzinfo=UTC)) == "2026-11-01T06:00:00Z"
    for wrong in ("yesterdays", "-2d", "99999999999w", "d"):
        with pytest.raises(ConfigError, match="or 2d"):
            moment(wrong)
    with pytest.raises(ConfigError, match="--max-age never"):
        seconds("--max-age", "never")
    with pytest.raises(ConfigError, match="--since yesterday"):
        moment("yesterday")
