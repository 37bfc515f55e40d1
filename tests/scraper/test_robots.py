"""What a host allows, by RFC 9309."""

from typing import Any

import pytest

from sectionary.scraper import robots
from sectionary.scraper.http import Client
from sectionary.scraper.response import Response
from sectionary.scraper.robots import Robots, Rulebook
from tests.scraper.conftest import ToldClock, Wiki

RULES = b"User-agent: *\nDisallow: /private\n"
HERE, THERE = "https://a.example/open", "https://a.example/private/x"


def read(body: bytes, status: int = 200) -> Robots:
    return robots.read(Response(url="https://a.example/robots.txt", status=status, body=body))


@pytest.mark.parametrize("body", [
    RULES, b"\xef\xbb\xbf" + RULES, RULES.replace(b"\n", b"\r"), RULES.replace(b"\n", b"\r\n"),
    RULES.decode().encode("utf-16"),
    b"User-agent: other\nDisallow: /open\n\nUser-agent: Sectionary\nDisallow: /private\n",
    b"User-agent: sectionary\nDisallow: /\nAllow: /open\n",
    b"User-agent: *\nDisallow: /open\nUser-agent: sectionary\nDisallow: /priv*/x$\n",
    RULES + b"# " + b"x" * 600_000,
])  # fmt: skip
@pytest.mark.case("F20")
def test_rules_are_read_whatever_their_form(body: bytes) -> None:
    rules = read(body)
    assert rules.allows(HERE)
    assert not rules.allows(THERE)


@pytest.mark.parametrize("body", [
    b"", b"User-agent: *\nDisallow:\n", b"User-agent: sectionary-pro\nDisallow: /private\n", b"\x00\xff\xfe binary",
    b"<!doctype html><p>User-agent: *\nDisallow: /", b"<html><pre>\nUser-agent: *\nDisallow: /\n</pre>",
    b"\xef\xbb\xbf <html>\nUser-agent: *\nDisallow: /\n", b"Disallow: /private",
    b"x" * 512_000 + b"\nUser-agent: *\nDisallow: /\n",
])  # fmt: skip
@pytest.mark.case("F20")
def test_what_holds_no_rule_for_us_allows_all(body: bytes) -> None:
    assert read(body).allows(THERE)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
@pytest.mark.case("F19")
def test_no_file_allows_all(status: int) -> None:
    assert read(b"<html>", status).allows(THERE)


@pytest.mark.case("F20")
@pytest.mark.parametrize("status", [200, 203])
def test_any_success_brings_rules(client: Client, wiki: Wiki, status: int) -> None:
    """RFC 9309 2.3.1.1 asks for a status of success, which 203 of a proxy is."""
    wiki.answers["/robots.txt"] = (status, {}, RULES)
    assert not robots.fetch(client, f"{wiki.url}/x").allows(f"{wiki.url}/private")


@pytest.mark.case("F19")
@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (401, True), (429, False), (503, False)])
def test_a_server_without_the_file_allows_all_and_one_in_trouble_nothing(
    client: Client, wiki: Wiki, status: int, allowed: bool  # noqa: FBT001
) -> None:
    wiki.answers["/robots.txt"] = (status, {}, b"User-agent: *\nDisallow: /\n")
    assert robots.fetch(client, f"{wiki.url}/x").allows(f"{wiki.url}/x") is allowed


@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.case("F18", "F19")
def test_a_server_in_trouble_allows_nothing_for_now(status: int) -> None:
    rules = read(b"User-agent: *\nAllow: /\n", status)
    assert rules.unavailable == f"robots.txt: http {status}"
    assert not rules.allows(HERE)


@pytest.mark.parametrize(("told", "kept"), [
    ("Crawl-delay: 2", 2), ("Crawl-delay: 0.5", 0.5), ("Crawl-delay: 60", 60), ("Crawl-delay: 3600", 3600),
    ("Crawl-delay: -5", 0), ("Crawl-delay: nan", 0), ("Crawl-delay: 10s", 0), ("Request-rate: 1/10", 10),
    ("Request-rate: 2/1m", 30), ("Request-rate: 1/5 1300-1659", 5), ("Request-rate: 0/5", 0), ("Request-rate: x", 0),
    ("Crawl-delay: 2\nRequest-rate: 1/3", 3),
])  # fmt: skip
def test_the_delay_that_is_asked_for_is_kept(told: str, kept: float) -> None:
    rules = read(f"User-agent: *\n{told}\n".encode())
    assert (rules.delay, rules.allows(HERE)) == (kept, True)


@pytest.mark.parametrize("told", ["Crawl-delay: 3601", "Crawl-delay: 1e9", "Request-rate: 1/2h"])
def test_a_delay_that_nobody_can_keep_allows_nothing(told: str) -> None:
    rules = read(f"User-agent: *\n{told}\n".encode())
    assert not rules.allows(HERE)
    assert str(rules.unavailable).startswith("robots.txt asks for ")


@pytest.mark.parametrize(("hops", "allowed"), [(5, False), (6, True)])
@pytest.mark.case("F20")
def test_five_redirects_are_followed_and_a_sixth_counts_as_no_file(
    client: Client, wiki: Wiki, hops: int, allowed: bool  # noqa: FBT001
) -> None:
    for number in range(hops):
        place = f"/robots{number or '.txt'}"
        wiki.answers[place.replace("/robots.txt", "/robots.txt")] = (301, {"Location": f"/robots{number + 1}"}, b"")
    wiki.answers[f"/robots{hops}"] = (200, {}, b"User-agent: *\nDisallow: /\n")
    assert robots.fetch(client, f"{wiki.url}/wiki/A").allows(f"{wiki.url}/wiki/A") is allowed


@pytest.mark.case("F18")
def test_a_timeout_is_asked_again_and_then_allows_nothing(client: Client, wiki: Wiki) -> None:
    def hang_up(handler: Any) -> None:
        handler.close_connection = True

    wiki.answers["/robots.txt"] = hang_up
    rules = robots.fetch(client, f"{wiki.url}/wiki/A")
    assert rules.unavailable == "robots.txt: connection lost"
    assert wiki.hits["/robots.txt"] == 3


def test_a_passing_failure_is_forgiven(client: Client, wiki: Wiki, clock: ToldClock) -> None:
    answers = [(429, {"Retry-After": "3"}, b""), (200, {}, RULES)]
    wiki.answers["/robots.txt"] = lambda _: answers.pop(0)
    assert not robots.fetch(client, f"{wiki.url}/x").allows(f"{wiki.url}/private")
    assert clock.passed == pytest.approx(3)


def test_a_rulebook_asks_each_host_once_and_keeps_its_pace(client: Client, wiki: Wiki) -> None:
    wiki.answers["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 4\n")
    book = Rulebook(client)
    assert book.of(f"{wiki.url}/a") is book.of(f"{wiki.url}/b")
    assert wiki.hits["/robots.txt"] == 1
    assert client.pace.delay(wiki.url.removeprefix("http://")) == 4
