"""When the next request may go out."""

import math
import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sectionary.scraper.pace import HeldError, Pace, Rest, StoppedError, backoff, crawl_delay, is_passing, retry_after
from tests.scraper.conftest import ToldClock

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
YEAR = 366 * 86400


@pytest.mark.parametrize(("header", "seconds"), [
    ("7", 7), (" 7 ", 7), ("1.5", 1.5), ("0", 0), ("7200", 7200), ("1000000000", YEAR),
    ("Sun, 22 Nov 2026 09:30:20 GMT", 20),
    ("Sun, 22 Nov 2026 09:29:00 GMT", 0), ("Fri, 31 Dec 9999 23:59:59 GMT", YEAR), ("-5", None), ("nan", None),
    ("inf", None), ("soon", None), ("", None), (None, None), ("Fri, 99 Dec 9999", None), ("1e9", None),
])  # fmt: skip
def test_every_form_of_retry_after_is_understood(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


@given(st.text(max_size=40))
def test_no_retry_after_raises_or_lasts_for_ever(header: str) -> None:
    seconds = retry_after(header, NOW)
    assert seconds is None or 0 <= seconds <= YEAR


@pytest.mark.parametrize(("told", "kept"), [
    (None, 0), (0.5, 0.5), (30, 30), (1e9, 1e9), (-5, 0), (math.nan, 0),
])  # fmt: skip
def test_a_crawl_delay_is_kept(told: float | None, kept: float) -> None:
    assert crawl_delay(told) == kept


@given(st.integers(0, 50), st.randoms(use_true_random=False))
def test_backoff_doubles_under_a_ceiling(attempt: int, rng: random.Random) -> None:
    assert 0 <= backoff(attempt, rng) <= min(60, 2**attempt)


@pytest.mark.parametrize(("status", "passes"), [
    (200, False), (301, False), (403, False), (404, False), (408, True), (410, False), (425, True), (429, True),
    (500, True), (503, True), (524, True),
])  # fmt: skip
def test_answers_about_the_server_are_worth_another_try(status: int, passes: bool) -> None:  # noqa: FBT001
    assert is_passing(status) is passes


def test_requests_start_a_delay_apart_however_long_they_take(clock: ToldClock) -> None:
    pace = Pace(clock, 2.0)
    starts = []
    for took in (0.0, 0.5, 3.0, 0.0):
        pace.wait()
        starts.append(clock.passed)
        clock.passed += took
    assert starts == [0.0, 2.0, 4.0, 7.0]


def test_a_hold_outlasts_the_delay_and_then_is_over(clock: ToldClock) -> None:
    pace = Pace(clock, 1.0)
    pace.wait()
    pace.hold(10)
    pace.wait()
    assert clock.passed == pytest.approx(10)
    pace.wait()
    assert clock.passed == pytest.approx(11)


def test_the_slower_of_two_delays_counts(clock: ToldClock) -> None:
    pace = Pace(clock, 1.0)
    pace.slow_to(5.0)
    pace.slow_to(0.1)
    pace.wait()
    pace.wait()
    assert clock.passed == pytest.approx(5)


def test_a_hold_longer_than_a_run_waits_shuts_the_gate(clock: ToldClock) -> None:
    pace = Pace(clock, 1.0)
    pace.hold(901)
    with pytest.raises(HeldError) as caught:
        pace.wait()
    assert (caught.value.seconds, clock.passed) == (901, 0)
    clock.passed = 1.5
    pace.wait()
    assert clock.passed == pytest.approx(901)


def test_a_long_delay_is_no_hold(clock: ToldClock) -> None:
    pace = Pace(clock, 1800.0)
    pace.wait()
    pace.wait()
    assert clock.passed == pytest.approx(1800)


def test_what_is_left_to_wait_can_be_carried_over(clock: ToldClock) -> None:
    pace = Pace(clock, 5.0)
    pace.wait()
    pace.hold(30)
    clock.passed += 2
    assert pace.rest == Rest(delay=3.0, hold=28.0)
    follower = Pace(clock, 1.0, rest=Rest(delay=3.0))
    follower.wait()
    assert clock.passed == pytest.approx(5)


def test_a_wait_ends_soon_after_the_run_is_to_stop(clock: ToldClock) -> None:
    pace = Pace(clock, 1.0, stop=lambda: clock.passed >= 3)
    pace.wait()
    pace.hold(900)
    with pytest.raises(StoppedError):
        pace.wait()
    assert clock.passed <= 4
