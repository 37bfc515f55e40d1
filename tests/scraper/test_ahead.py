"""Sending ahead: the next request goes out before the last page is put away, and changes nothing else."""

import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from sectionary.scraper import addresses, urls
from sectionary.scraper.archive import Archive
from sectionary.scraper.errors import FetchError, SiteError
from sectionary.scraper.fetch import fetch_site
from sectionary.scraper.http import Client
from sectionary.scraper.pace import Pace
from sectionary.scraper.settings import ScraperSettings, SiteSettings
from tests.scraper.conftest import HTML, Street, ToldClock, Wiki


def told(title: str) -> tuple[int, dict[str, str], bytes]:
    return 200, HTML, f"<html><body><h1>{title}</h1><p>Text.</p></body></html>".encode()


@pytest.mark.parametrize("delay", [0, 1])
def test_a_server_has_the_next_request_before_the_last_page_is_put_away(
    street: Street, wiki: Wiki, tmp_path: Path, delay: int
) -> None:
    asked, met = threading.Event(), []

    def second(_handler: Any) -> Any:
        asked.set()
        return told("B")

    def hear(kind: str, _number: float, detail: str) -> None:
        if (kind, detail) == ("page", "done"):
            met.append(asked.wait(0 if delay or met else 10))

    wiki.page("A")
    wiki.page("B", second)
    settings = ScraperSettings(delay=delay, private_hosts=("127.0.0.1",))
    site = SiteSettings(name="mini", url=f"{wiki.url}/wiki/")
    with Archive(tmp_path / "raw", "mini") as archive:
        list(fetch_site(site, settings, street.ledger, archive, clock=street.clock, progress=hear))
    assert met == [not delay, True]      # where a delay is lawful, it is kept and nothing goes ahead
    assert street.counts() == {"done": 2}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_nothing_goes_out_behind_an_answer_that_asks_for_rest(street: Street, wiki: Wiki, status: int) -> None:
    at = []

    def busy(_handler: Any) -> Any:
        at.append(street.clock.passed)
        return (status, {"Retry-After": "9"}, b"") if len(at) == 1 else told("B")

    def after(_handler: Any) -> Any:
        at.append(street.clock.passed)
        return told("C")

    wiki.page("A")
    wiki.page("B", busy)
    wiki.page("C", after)
    street.fetch()
    assert street.counts() == {"done": 3}
    assert at[1] >= 9


def test_a_connection_that_is_closed_under_a_request_sent_ahead_costs_no_page(street: Street, wiki: Wiki) -> None:
    left = [3]

    def hang_up(handler: Any) -> Any:
        if left[0]:
            left[0] -= 1
            handler.close_connection = True
            return None
        return told("B")

    for title in "ACDE":
        wiki.page(title)
    wiki.page("B", hang_up)
    street.fetch()
    assert street.counts() == {"done": 5}


def test_a_server_that_keeps_no_connection_open_is_asked_as_before(street: Street, wiki: Wiki) -> None:
    for title in "ABCD":
        wiki.page(title, (200, {**HTML, "Connection": "close"}, told(title)[2]))
    street.fetch()
    assert street.counts() == {"done": 4}
    assert [wiki.hits[f"/wiki/{title}"] for title in "ABCD"] == [1, 1, 1, 1]


@pytest.mark.parametrize("seconds", [0, 0.3])
def test_an_answer_that_nobody_asked_for_is_not_taken_for_anothers(client: Client, wiki: Wiki, seconds: float) -> None:
    def late(_handler: Any) -> Any:
        time.sleep(seconds)
        return told("A")

    wiki.page("A", late)
    wiki.page("B")
    client.get(f"{wiki.url}/wiki/B")
    assert client.send_ahead(f"{wiki.url}/wiki/A") is not None
    assert b"<h1>B</h1>" in client.get(f"{wiki.url}/wiki/B").body


def test_a_request_sent_ahead_may_lead_on(client: Client, wiki: Wiki) -> None:
    wiki.page("A")
    wiki.answers["/old"] = (301, {"Location": "/wiki/A"}, b"")
    client.get(f"{wiki.url}/wiki/A")
    sent = client.send_ahead(f"{wiki.url}/old")
    answer = client.get(f"{wiki.url}/old", sent=sent)
    assert (answer.url, answer.redirected_from) == (f"{wiki.url}/wiki/A", (f"{wiki.url}/old",))


def test_a_page_that_robots_or_its_host_keeps_back_is_not_sent_ahead(street: Street, wiki: Wiki) -> None:
    other = Wiki()
    try:
        for server in (wiki, other):
            for path in ("/a", "/b"):
                server.answers[path] = (200, HTML, b"<html><body><p>Text</p></body></html>")
        other.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /b\n")
        listed = [f"{wiki.url}/a", f"{other.url}/a", f"{other.url}/b", f"{wiki.url}/b"]
        street.fetch(url=None, source="urls", urls=listed)
    finally:
        other.close()
    assert (wiki.hits["/a"], wiki.hits["/b"], other.hits["/a"], other.hits["/b"]) == (1, 1, 1, 0)
    assert next(iter(other.hits)) == "/robots.txt"


def test_a_host_that_is_to_be_left_alone_behind_a_request_sent_ahead_holds_up_no_other(
    street: Street, wiki: Wiki
) -> None:
    def moved(_handler: Any) -> Any:
        Pace(street.clock, 0).hold(urls.host(wiki.url), 7200)    # as another process of this machine would
        return 301, {"Location": "/b?utm_source=here"}, b""

    other = Wiki()
    try:
        wiki.answers |= {"/a": told("A"), "/b": moved}
        other.answers["/c"] = told("C")
        with pytest.raises(SiteError, match="no request before"):
            street.fetch(url=None, source="urls", urls=[f"{wiki.url}/a", f"{wiki.url}/b", f"{other.url}/c"])
    finally:
        other.close()
    assert street.counts() == {"done": 2, "pending": 1}


def test_a_name_that_moved_into_a_private_network_meanwhile_costs_its_page_alone(
    clock: ToldClock, wiki: Wiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is gone, so that a request sent ahead opens another one, where nothing may be opened any more."""
    port = int(wiki.url.rpartition(":")[2])
    ask, moved = socket.getaddrinfo, threading.Event()

    def rebinding(host: Any, *args: Any, **kwargs: Any) -> Any:
        return ask(("127.0.0.9" if moved.is_set() else "127.0.0.1") if host == "rebind.test" else host, *args, **kwargs)

    def hang_up(handler: Any) -> Any:
        handler.close_connection = True
        return told("A")

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")
    wiki.answers["/a"] = hang_up
    with Client(Pace(clock, 0)) as client:
        assert client.get(f"http://rebind.test:{port}/a").status == 200
        time.sleep(0.2)
        moved.set()
        assert client.send_ahead(f"http://rebind.test:{port}/b") is None
        with pytest.raises(FetchError, match="private address"):
            client.get(f"http://rebind.test:{port}/b")
