"""What a host says of text and data mining in /.well-known/tdmrep.json, over real HTTP."""

import json
from typing import Any

import pytest

from sectionary.scraper.archive import read_page
from sectionary.scraper.http import Client
from sectionary.scraper.pace import Pace
from sectionary.scraper.page import Signal
from sectionary.scraper.response import Response
from sectionary.scraper.robots import Rulebook
from sectionary.scraper.tdmrep import Reservations, read, said_of
from tests.scraper.conftest import HTML, Street, ToldClock, Wiki

FILE = "/.well-known/tdmrep.json"
JSON = {"Content-Type": "application/json"}
POLICY = "https://a.example/policy.json"


def rule(location: Any, reservation: Any = 1, policy: Any = None) -> dict[str, Any]:
    told = {"location": location, "tdm-reservation": reservation}
    return told | ({"tdm-policy": policy} if policy else {})


def body(*rules: Any) -> bytes:
    return json.dumps(rules).encode()


def said(rules: bytes, path: str) -> list[tuple[str, str]]:
    answer = Response(url=f"https://a.example{FILE}", status=200, body=rules)
    return [(each.name, each.value) for each in said_of(read(answer), f"https://a.example{path}")]


def kept(street: Street) -> list[tuple[str, str, str]]:
    """What the records of the only page say of its use."""
    (page,) = street.fetch()
    return [(each.source, each.name, each.value) for each in read_page(street.raw, page.ref).http.signals]


@pytest.mark.parametrize(("location", "path", "covered"), [
    ("/", "/wiki/Tide", True), ("/wiki/", "/wiki/Tide", True), ("/wiki", "/wikis", True),
    ("/Wiki/", "/wiki/Tide", False), ("*", "/wiki/Tide", True),
    ("/wiki/Tide$", "/wiki/Tide", True), ("/wiki/Tide$", "/wiki/Tides", False),
    ("/img/*.jpg", "/img/a/b.jpg", True), ("/img/*.jpg", "/img/a.png", False), ("/img/*.jpg$", "/img/a.jpg?x", False),
    ("/%7Ejoe/", "/~joe/x", True), ("/Caf%C3%A9", "/Caf%C3%A9", True), ("/Café", "/Caf%C3%A9", True),
    ("/a#b", "/a", False), ("wiki", "/wiki/Tide", False), ("", "/wiki/Tide", False), ("/ \nAllow: /", "/x", False),
    (7, "/wiki/Tide", False), (None, "/", False),
])  # fmt: skip
def test_locations_are_matched_as_paths_of_robots_txt_are(location: Any, path: str, covered: bool) -> None:  # noqa: FBT001
    assert bool(said(body(rule(location)), path)) is covered


def test_the_first_rule_that_matches_holds() -> None:
    rules = body(rule("/wiki/Open", 0), rule("/wiki/", 1, POLICY), rule("/", 0))
    assert said(rules, "/wiki/Open") == [("tdm-reservation", "0")]
    assert said(rules, "/wiki/Tide") == [("tdm-reservation", "1"), ("tdm-policy", POLICY)]
    assert said(rules, "/x") == [("tdm-reservation", "0")]


@pytest.mark.parametrize("text", [
    b"", b"<html>Welcome", b"{}", b'"x"', b"\xff\xfe", b"[" * 100_000, b"[" + b'{"a":' * 100_000, b"null",
    body(rule("/", 2)), body(rule("/", "yes")), body({"location": "/"}), body(["/", 1]),
    body(rule("/")) + b" " * 600_000,
])  # fmt: skip
def test_what_is_no_rule_says_nothing(text: bytes) -> None:
    assert said(text, "/") == []


def test_a_flawed_rule_takes_no_other_with_it_and_a_number_may_be_text() -> None:
    assert said(b"\xef\xbb\xbf" + body("x", rule(5), rule("/", "1")), "/a") == [("tdm-reservation", "1")]


def test_what_the_host_says_stands_with_the_page(street: Street) -> None:
    street.wiki.answers[FILE] = (200, JSON, body(rule("/wiki/", 1, POLICY)))
    street.wiki.page("A")
    assert kept(street) == [("tdmrep.json", "tdm-reservation", "1"), ("tdmrep.json", "tdm-policy", POLICY)]


@pytest.mark.parametrize(("header", "meta", "holds"), [
    ("", "", {("tdmrep.json", "tdm-reservation", "1"), ("tdmrep.json", "tdm-policy", POLICY)}),
    ("0", "", {("header", "tdm-reservation", "0"), ("tdmrep.json", "tdm-policy", POLICY)}),
    ("", "0", {("meta", "tdm-reservation", "0"), ("tdmrep.json", "tdm-policy", POLICY)}),
    ("1", "0", {("meta", "tdm-reservation", "0"), ("tdmrep.json", "tdm-policy", POLICY)}),
])  # fmt: skip
def test_a_page_s_header_goes_over_the_file_and_its_meta_over_both(
    street: Street, header: str, meta: str, holds: set[tuple[str, str, str]]
) -> None:
    street.wiki.answers[FILE] = (200, JSON, body(rule("/", 1, POLICY)))
    head = f'<html><head><meta name="tdm-reservation" content="{meta}"></head>' if meta else "<html>"
    told = {**HTML, "TDM-Reservation": header} if header else HTML
    street.wiki.page("A", (200, told, f"{head}<p>A".encode()))
    assert set(kept(street)) == holds


def test_the_file_is_asked_for_once_a_host_and_not_at_all_on_a_night_without_a_page(street: Street) -> None:
    for title in ("A", "B", "C"):
        street.wiki.page(title)
    street.fetch()
    assert street.wiki.hits[FILE] == 1
    street.fetch()
    assert street.wiki.hits[FILE] == 1


def test_the_file_is_not_fetched_where_robots_forbid_it(street: Street) -> None:
    street.wiki.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /.well-known/\n")
    street.wiki.answers[FILE] = (200, JSON, body(rule("/")))
    street.wiki.page("A")
    assert kept(street) == []
    assert street.wiki.hits[FILE] == 0


@pytest.mark.parametrize("answer", [
    (500, {}, b""), (403, {}, b""), (200, {"Content-Length": "1"}, b"[]"), None,
    (302, {"Location": "file:///etc/passwd"}, b""), (302, {"Location": FILE}, b""),
    (302, {"Location": "http://127.0.0.2:1/"}, b""),
])  # fmt: skip
def test_a_file_that_is_not_to_be_had_says_nothing_and_holds_up_no_page(street: Street, answer: Any) -> None:
    street.wiki.answers[FILE] = answer or hang_up
    street.wiki.page("A")
    assert kept(street) == []
    assert street.wiki.hits[FILE] <= 6


def hang_up(handler: Any) -> None:
    """Send less than was announced."""
    handler.send_response(200)
    handler.send_header("Content-Length", "900")
    handler.end_headers()
    handler.close_connection = True


def test_a_redirect_is_followed(street: Street) -> None:
    street.wiki.answers[FILE] = (301, {"Location": "/tdm.json"}, b"")
    street.wiki.answers["/tdm.json"] = (200, JSON, body(rule("/")))
    street.wiki.page("A")
    assert kept(street) == [("tdmrep.json", "tdm-reservation", "1")]


def test_an_endless_file_is_read_only_so_far(wiki: Wiki, clock: ToldClock) -> None:
    sent = 0

    def endless(handler: Any) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        while sent < 100_000_000:
            handler.wfile.write(b" " * 10_000)
            sent += 10_000

    wiki.answers[FILE] = endless
    with Client(Pace(clock, 0), private_hosts=["127.0.0.1"]) as client:
        assert Reservations(client, Rulebook(client)).of(f"{wiki.url}/x") == ()
    assert sent < 12_000_000             # of the 16 MiB that a page may have; buffers take some


def test_a_busy_host_is_left_alone_as_long_as_it_asks(street: Street) -> None:
    street.wiki.answers[FILE] = (429, {"Retry-After": "20"}, b"")
    street.wiki.page("A")
    kept(street)
    assert street.clock.passed >= 20


def test_the_file_is_kept_for_a_day_and_a_failure_for_an_hour(client: Client, wiki: Wiki, clock: ToldClock) -> None:
    wiki.answers[FILE] = (503, {}, b"")
    book = Reservations(client, Rulebook(client))
    assert book.of(f"{wiki.url}/x") == ()
    wiki.answers[FILE] = (200, JSON, body(rule("/")))
    for hours, asked in ((0.9, 1), (0.2, 2), (23.8, 2), (0.3, 3)):
        clock.passed += hours * 3600
        before = wiki.hits[FILE]
        book.of(f"{wiki.url}/x", ask=False)          # another answer is on its way
        assert wiki.hits[FILE] == before
        told = book.of(f"{wiki.url}/x")
        assert wiki.hits[FILE] == asked
    assert told == (Signal(source="tdmrep.json", name="tdm-reservation", value="1"),)
