"""When the next request may go out."""

import math
import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sectionary.scraper.domains import RateLimit
from sectionary.scraper.pace import (
    HeldError,
    Pace,
    StoppedError,
    adapted,
    backoff,
    crawl_delay,
    is_passing,
    retry_after,
)
from tests.scraper.conftest import ToldClock

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
YEAR = 366 * 86400


@pytest.mark.parametrize(("header", "seconds"), [
    ("7", 7), (" 7 ", 7), ("1.5", 1.5), ("0", 0), ("7200", 7200), ("1000000000", YEAR),
    ("Sun, 22 Nov 2026 09:30:20 GMT", 20),
    ("Sun, 22 Nov 2026 09:29:00 GMT", 0), ("Fri, 31 Dec 9999 23:59:59 GMT", YEAR), ("-5", None), ("nan", None),
    ("inf", None), ("soon", None), ("", None), (None, None), ("Fri, 99 Dec 9999", None), ("1e9", None),
])  # fmt: skip
@pytest.mark.case("F7")
def test_every_form_of_retry_after_is_understood(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


@given(st.text(max_size=40))
@pytest.mark.case("F7")
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


HOST = "wiki.example"


def ask(pace: Pace, host: str = HOST) -> None:
    pace.wait(host)
    pace.send(host, lambda: None)


def test_requests_start_a_delay_apart_however_long_they_take(clock: ToldClock) -> None:
    pace = Pace(clock, 2.0)
    starts = []
    for took in (0.0, 0.5, 3.0, 0.0):
        ask(pace)
        starts.append(clock.passed)
        clock.passed += took
    assert starts == [0.0, 2.0, 4.0, 7.0]


def test_a_request_counts_from_when_it_was_sent_not_from_when_it_was_begun(clock: ToldClock) -> None:
    pace = Pace(clock, 2.0)
    pace.send(HOST, lambda: clock.sleep(5.0))
    ask(pace)
    assert clock.passed == pytest.approx(7)


def test_a_hold_outlasts_the_delay_and_then_is_over(clock: ToldClock) -> None:
    pace = Pace(clock, 1.0)
    ask(pace)
    pace.hold(HOST, 10)
    ask(pace)
    assert clock.passed == pytest.approx(10)
    ask(pace)
    assert clock.passed == pytest.approx(11)


def test_a_hold_of_one_domain_is_none_of_another(clock: ToldClock) -> None:
    pace = Pace(clock, 1.0)
    pace.hold("a.example", 100)
    ask(pace, "b.example")
    assert clock.passed == 0
    ask(pace, "a.example")
    assert clock.passed == pytest.approx(100)


def test_hosts_of_one_domain_have_one_pace(clock: ToldClock) -> None:
    pace = Pace(clock, 2.0, limits={"farm": RateLimit(hosts=("one.example", "two.example"), delay=5.0)})
    for host in ("one.example", "www.two.example"):
        ask(pace, host)
    assert clock.passed == pytest.approx(5)


def test_the_slower_of_two_delays_counts(clock: ToldClock) -> None:
    pace = Pace(clock, 1.0)
    pace.slow_to(HOST, 5.0)
    pace.slow_to(HOST, 0.1)
    ask(pace)
    ask(pace)
    assert clock.passed == pytest.approx(5)
    assert pace.delay("other.test") == 1.0


def test_a_hold_longer_than_a_run_waits_shuts_the_gate(clock: ToldClock) -> None:
    pace = Pace(clock, 1.0)
    pace.hold(HOST, 901)
    with pytest.raises(HeldError) as caught:
        ask(pace)
    assert (caught.value.seconds, clock.passed) == (901, 0)
    clock.passed = 1.5
    ask(pace)
    assert clock.passed == pytest.approx(901)


def test_a_long_delay_is_no_hold(clock: ToldClock) -> None:
    pace = Pace(clock, 1800.0)
    ask(pace)
    ask(pace)
    assert clock.passed == pytest.approx(1800)


def test_the_next_run_in_any_folder_waits_for_what_is_left(clock: ToldClock) -> None:
    pace = Pace(clock, 5.0)
    ask(pace)
    pace.close()
    clock.passed += 2
    follower = Pace(clock, 1.0)
    ask(follower)
    assert clock.passed == pytest.approx(5)
    ask(follower)
    assert clock.passed == pytest.approx(6)
    follower.hold(HOST, 30)
    follower.close()
    assert Pace(clock, 0).held(HOST) == 30


@pytest.mark.parametrize(("latency", "kept"), [(0.0, 1.0), (0.25, 1.0), (0.4, 1.0), (3.0, 6.0), (500.0, 60.0)])
def test_a_slow_server_is_left_alone_for_as_long_as_it_worked(latency: float, kept: float) -> None:
    assert adapted(1.0, latency) == kept


def test_the_delay_follows_the_latency_and_errors_make_nothing_faster(clock: ToldClock) -> None:
    pace = Pace(clock, 1.0)
    for _ in range(40):
        pace.took(HOST, 4.0, well=True)
    slow = pace.delay(HOST)
    assert slow == pytest.approx(8.0, rel=0.01)
    for _ in range(40):
        pace.took(HOST, 0.001, well=False)
    assert pace.delay(HOST) == slow
    for _ in range(40):
        pace.took(HOST, 0.001, well=True)
    assert pace.delay(HOST) == 1.0


def test_a_wait_ends_soon_after_the_run_is_to_stop(clock: ToldClock) -> None:
    pace = Pace(clock, 1.0, stop=lambda: clock.passed >= 3)
    ask(pace)
    pace.hold(HOST, 900)
    with pytest.raises(StoppedError):
        ask(pace)
    assert clock.passed <= 4
