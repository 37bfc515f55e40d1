"""Politeness against real servers: one pace for all processes, doors told from pages, signals, broken hosts."""

import fcntl
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sectionary.scraper import bucket as buckets
from sectionary.scraper.archive import read_page
from sectionary.scraper.blocked import block
from sectionary.scraper.bucket import Bucket, state_folder
from sectionary.scraper.clock import SystemClock
from sectionary.scraper.domains import LIMITS, RateLimit, combined, domain_of
from sectionary.scraper.errors import ConfigError, SiteError
from sectionary.scraper.http import Client
from sectionary.scraper.page import Signal
from sectionary.scraper.response import Response
from sectionary.scraper.robots import Rulebook, read
from sectionary.scraper.signals import Signals, signals
from tests.scraper.conftest import HTML, Street, ToldClock, Wiki

ASK = """
import sys
from sectionary.scraper.clock import SystemClock
from sectionary.scraper.http import Client
from sectionary.scraper.pace import Pace
url, delay, times = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
with Client(Pace(SystemClock(), delay), private_hosts=["127.0.0.1"]) as client:
    for number in range(times):
        client.get(f"{url}/{number}")
"""


class Arrivals:
    """A server that knows from the kernel when each request's bytes arrived, however late it gets to read them."""

    def __init__(self) -> None:
        self.moments: list[float] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            while connection.recv(65536):
                self.moments.append(_arrival(connection))
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>")


def _arrival(connection: socket.socket) -> float:
    """TCP_INFO's tcpi_last_data_recv (linux/tcp.h): milliseconds since data came last."""
    while True:
        before = time.monotonic()
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 64)
        if time.monotonic() - before < 0.001:
            return before - struct.unpack_from("I", info, 52)[0] / 1000


@contextmanager
def arrivals() -> Iterator[Arrivals]:
    server = Arrivals()
    yield server
    server.close()


@pytest.mark.skipif(sys.platform != "linux", reason="TCP_INFO is Linux's")
def test_two_processes_in_two_folders_keep_one_pace(tmp_path: Path) -> None:
    delay, times = 0.3, 6
    with arrivals() as server:
        runs = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            command = [sys.executable, "-c", ASK, server.url, str(delay), str(times)]
            runs.append(subprocess.Popen(command, cwd=tmp_path / name))
        assert [run.wait(60) for run in runs] == [0, 0]
        moments = sorted(server.moments)
    assert len(moments) == 2 * times
    gaps = [after - before for before, after in pairwise(moments)]
    assert min(gaps) >= delay - 0.012    # the kernel counts in ticks, of up to 10 ms


def test_nothing_is_sent_while_another_process_has_the_file(tmp_path: Path) -> None:
    sent = threading.Event()
    bucket = Bucket(tmp_path, "a.example", SystemClock(), "boot")
    (file,) = tmp_path.iterdir()
    with file.open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        thread = threading.Thread(target=bucket.send, args=(0.0, sent.set))
        thread.start()
        assert not sent.wait(0.3)
        fcntl.flock(other, fcntl.LOCK_UN)
        assert sent.wait(30)
    thread.join()


def test_a_slower_process_slows_the_others_while_it_is_there(clock: ToldClock, tmp_path: Path) -> None:
    fast, slow = (Bucket(tmp_path, "a.example", clock, "boot") for _ in range(2))
    assert slow.send(10.0, lambda: None) is None
    wait = fast.send(1.0, lambda: None)
    assert wait is not None
    assert wait.seconds == 10
    slow.leave(10.0)
    clock.passed = 10
    assert fast.send(1.0, lambda: None) is None
    clock.passed = 11
    assert fast.send(1.0, lambda: None) is None


@pytest.mark.parametrize(("wall", "left"), [(0, 100), (30, 70), (500, 0), (-1000, 100)])
def test_after_a_reboot_the_wall_clock_tells_what_is_left_of_a_pause(
    clock: ToldClock, tmp_path: Path, wall: float, left: float
) -> None:
    clock.passed = 5000
    Bucket(tmp_path, "a.example", clock, "before").hold(100)
    again = ToldClock()
    again.start = clock.now().replace(microsecond=0)
    again.start = type(again.start).fromtimestamp(again.start.timestamp() + wall, again.start.tzinfo)
    assert Bucket(tmp_path, "a.example", again, "after").held() == left


def test_a_change_of_the_date_moves_no_pause(clock: ToldClock, tmp_path: Path) -> None:
    Bucket(tmp_path, "a.example", clock, "boot").hold(100)
    clock.start = clock.start.replace(year=2031)
    assert Bucket(tmp_path, "a.example", clock, "boot").held() == 100


def test_a_damaged_file_counts_as_a_request_just_sent(clock: ToldClock, tmp_path: Path) -> None:
    Bucket(tmp_path, "a.example", clock, "boot").hold(0)
    for file in tmp_path.iterdir():
        file.write_bytes(b"\x00 no state")
    wait = Bucket(tmp_path, "a.example", clock, "boot").send(7.0, lambda: None)
    assert wait is not None
    assert wait.seconds == 7


def test_a_state_folder_that_refuses_is_told_with_what_to_do(clock: ToldClock, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="set XDG_STATE_HOME"):
        Bucket(tmp_path / "file", "a.example", clock, "boot")


def test_the_state_folder_follows_its_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/var/state")
    assert state_folder() == Path("/var/state/sectionary/pace")
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert state_folder() == Path("/home/somebody/.local/state/sectionary/pace")
    assert buckets.boot_id()


@pytest.mark.parametrize(("host", "name"), [
    ("en.wikipedia.org", "wikimedia"), ("www.wikidata.org", "wikimedia"), ("de.m.wiktionary.org", "wikimedia"),
    ("starwars.fandom.com", "fandom"), ("notwikipedia.org", "notwikipedia.org"), ("a.b.co.uk", "b.co.uk"),
    ("www.b.co.uk", "b.co.uk"), ("127.0.0.1:8080", "127.0.0.1:8080"), ("localhost:1", "localhost:1"),
    ("[::1]:8080", "[::1]:8080"), ("wiki.farm.example", "mine"),
])  # fmt: skip
def test_hosts_of_one_operator_share_one_limit(host: str, name: str) -> None:
    own = combined({"mine": RateLimit(hosts=("farm.example",), delay=2.0)})
    assert domain_of(host, own).name == name


def test_an_operator_may_change_a_known_limit_and_keeps_its_hosts() -> None:
    own = combined({"wikimedia": RateLimit(delay=0.05)})
    assert (own["wikimedia"].hosts, own["wikimedia"].delay) == (LIMITS["wikimedia"].hosts, 0.05)
    assert LIMITS["wikimedia"].delay == 0.3


def page(title: str, body: str) -> bytes:
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>".encode()


DOORS = {
    "cloudflare challenge": page("Just a moment...", "<script>window._cf_chl_opt={}</script>Wait"),
    "captcha": page("https://a.example/wiki/A", '<form id="captcha-form" method=post></form>Our systems have detected '
                    "unusual traffic from your computer network."),
    "challenge": page("x", '<script src="/_Incapsula_Resource?SWJIYLWA=1"></script>'),
    "login": page("Log in - Wiki", '<form><input name=u><input type="password" name=p></form>'),
}  # fmt: skip


@pytest.mark.parametrize("kind", DOORS)
@pytest.mark.case("F9")
def test_a_door_in_a_pages_place_is_known_and_not_stored(street: Street, kind: str) -> None:
    street.wiki.page("A", (200, HTML, DOORS[kind]))
    street.wiki.page("B")
    assert [each.key for each in street.fetch()] == ["page_id:2"]
    assert street.states() == {"A": ("rejected", f"blocked: {kind}"), "B": ("done", None)}


@pytest.mark.case("F9")
def test_a_challenge_is_known_by_its_header() -> None:
    answer = Response(url="https://a.example/", status=200, headers=(("CF-Mitigated", "challenge"),), body=b"<p>x")
    assert block(answer) == "blocked: challenge"


TALE = "<p>A captcha asks whether you are human; Cloudflare's has <code>window._cf_chl_opt</code> in it.</p>"


@pytest.mark.parametrize("body", [
    page("CAPTCHA - Wiki", TALE * 30 + '<script src="https://www.google.com/recaptcha/api.js"></script>'),
    page("Captcha", '<div id="mw-content-text" class="mw-parser-output"><p>Short stub.</p></div><script></script>'),
    page("Login", TALE), page("Unusual traffic", TALE + "<a href=x>l</a>" * 20 + "<script></script>"),
    page("A", TALE * 30 + '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'),
    page("A", TALE * 30 + '<div id="px-captcha"></div>'),
    page("px", '<p>The <code>&lt;div id="px-captcha"&gt;</code> of a door.</p>'),
])  # fmt: skip
def test_an_article_about_doors_is_an_article(body: bytes) -> None:
    assert block(Response(url="https://a.example/", status=200, body=body)) is None


def test_no_real_page_is_taken_for_a_door_or_asks_not_to_be_kept_unseen(shared_pages: Path) -> None:
    import gzip  # noqa: PLC0415

    doors = [
        path.name for path in shared_pages.glob("*.html.gz")
        if block(Response(url="https://a.example/", status=200, body=gzip.decompress(path.read_bytes())))
    ]  # fmt: skip
    assert doors == []


def test_doors_page_after_page_end_the_site_and_are_asked_for_again(street: Street) -> None:
    for number in range(20):
        street.wiki.page(f"P{number:02}", (200, HTML, DOORS["captcha"]))
    with pytest.raises(SiteError, match="blocked: captcha in place of its pages"):
        street.fetch()
    assert street.counts() == {"rejected": 8, "pending": 12}


@pytest.mark.parametrize(("headers", "head", "noindex", "nofollow"), [
    ({"X-Robots-Tag": "noindex, nofollow"}, "", True, True),
    ({"X-Robots-Tag": "otherbot: noindex"}, "", False, False),
    ({"X-Robots-Tag": "otherbot: nofollow, sectionary: noindex"}, "", True, False),
    ({"X-Robots-Tag": "unavailable_after: 25 Jun 2020 15:00:00 GMT"}, "", True, False),
    ({"X-Robots-Tag": "unavailable_after: 2999-01-01"}, "", False, False),
    ({}, '<META content="NONE" name="Robots">', True, True),
    ({}, "<meta name=robots content=noindex,follow>", True, False),
    ({}, '<meta name="sectionary" content="noindex">', True, False),
    ({}, '<meta name="googlebot" content="noindex">', False, False),
    ({}, '<!-- <meta name="robots" content="noindex"> -->', False, False),
    ({}, '<script>"<meta name=robots content=noindex>"</script>', False, False),
    ({}, '<meta name="robots" content="max-image-preview:standard">', False, False),
    ({}, '</head><body><meta name="robots" content="noindex">', False, False),
])  # fmt: skip
def test_what_a_page_asks_for_is_read(
    clock: ToldClock, headers: dict[str, str], head: str, noindex: bool, nofollow: bool  # noqa: FBT001
) -> None:
    answer = Response(
        url="https://a.example/", status=200, headers=tuple(headers.items()),
        body=f"<html><head>{head}</head><body>x".encode(),
    )  # fmt: skip
    read_ = signals(answer, now=clock.now())
    assert (read_.noindex, read_.nofollow) == (noindex, nofollow)


def test_a_page_that_asks_not_to_be_indexed_is_recorded_and_excluded(street: Street) -> None:
    street.wiki.page("A", (200, {**HTML, "X-Robots-Tag": "noindex"}, b"<html><p>A"))
    street.wiki.page("B")
    street.fetch()
    assert street.states() == {"A": ("excluded", "robots: noindex"), "B": ("done", None)}
    street.fetch(noindex="keep")
    assert street.counts() == {"done": 2}


def test_signals_on_the_use_of_a_page_are_recorded_with_it(street: Street) -> None:
    head = b'<head><meta name="robots" content="noai, noimageai"><meta name="tdm-reservation" content="1"></head><p>A'
    street.wiki.page("A", (200, {**HTML, "Content-Usage": "train-ai=n", "TDM-Policy": "https://a.example/p"}, head))
    street.wiki.answers["/robots.txt"] = (200, {}, b"User-agent: *\nContent-Signal: search=yes,ai-train=no\nAllow: /\n")
    (only,) = street.fetch()
    assert {(each.source, each.name, each.value) for each in read_page(street.raw, only.ref).http.signals} == {
        ("header", "content-usage", "train-ai=n"), ("header", "tdm-policy", "https://a.example/p"),
        ("meta", "robots", "noai, noimageai"), ("meta", "tdm-reservation", "1"),
        ("robots.txt", "content-signal", "search=yes,ai-train=no"),
    }  # fmt: skip


def test_what_every_wiki_says_is_no_signal() -> None:
    body = b'<head><meta name="robots" content="max-image-preview:standard"></head>'
    assert signals(Response(url="https://a.example/", status=200, body=body)) == Signals()
    assert Signal(source="meta", name="robots", value="x").source == "meta"


@pytest.mark.case("F21")
def test_a_host_that_is_down_is_left_alone_and_the_others_of_a_list_go_on(street: Street) -> None:
    other = Wiki()
    dead = [f"{other.url}/{number}" for number in range(30)]
    for number in range(30):
        other.answers[f"/{number}"] = (500, {}, b"")
    alive = [f"{street.wiki.url}/{number}" for number in range(5)]
    for number in range(5):
        street.wiki.answers[f"/{number}"] = (200, HTML, b"<html><p>Text")
    try:
        with pytest.raises(SiteError, match="does not answer any more"):
            street.fetch(source="urls", url=None, urls=[*dead, *alive])
        assert street.counts() == {"done": 5, "pending": 30}
        assert sum(other.hits[path.removeprefix(other.url)] for path in dead) == 8
    finally:
        other.close()


@pytest.mark.case("F21")
def test_a_host_that_is_tried_again_and_answers_gets_all_its_requests(street: Street) -> None:
    for letter in "ABCDEFGHIJ":
        street.wiki.page(letter, lambda _: (500, {}, b"") if street.clock.passed < 40 else (200, HTML, b"<html><p>x"))
    street.fetch()
    assert street.counts() == {"done": 10}
    assert street.clock.passed >= 30


@pytest.mark.parametrize(("text", "allowed"), [
    ("User-agent: section\nDisallow: /\n", True), ("User-agent: sectionary-pro\nDisallow: /\n", True),
    ("User-agent: *\nDissallow: /\n", True), ("User-agent: *\nDisallow /\n", True),
    ("\ufeffUser-agent: *\nDisallow: /\n", False), ("User-agent: SECTIONARY/1.0\nDisallow: /\n", False),
    ("User-agent: a\nCrawl-delay: 5\nUser-agent: sectionary\nDisallow: /\n", False),
    ("User-agent: sectionary\nSitemap: x\nDisallow: /\n", False),
    ("User-agent: *\nDisallow: /\nUser-agent: sectionary\nAllow: /\n", True),
    ("User-agent: sectionary\nAllow: /w\nUser-agent: x\nDisallow: /q\nUser-agent: sectionary\nDisallow: /p\n", False),
    ("User-agent: *\nDisallow: /p\x0bDisallow: /q\n", True), ("User-agent: *\nDisallow: /%70age\n", False),
    ("User-agent: *\nDisallow: /*age$\n", False), ("User-agent: *\nDisallow: /p\nAllow: /p\n", True),
])  # fmt: skip
def test_groups_are_those_of_the_standard(text: str, allowed: bool) -> None:  # noqa: FBT001
    answer = Response(url="https://a.example/robots.txt", status=200, body=text.encode())
    assert read(answer).allows("https://a.example/page") is allowed


@pytest.mark.case("F20")
def test_an_endless_robots_file_is_read_as_far_as_it_must_be(client: Client, wiki: Wiki) -> None:
    def endless(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(b"User-agent: *\nDisallow: /private\n")
        while True:
            handler.wfile.write(b"# more\n" * 1000)

    wiki.answers["/robots.txt"] = endless
    rules = Rulebook(client).of(f"{wiki.url}/x")
    assert rules.allows(f"{wiki.url}/x")
    assert not rules.allows(f"{wiki.url}/private")


@pytest.mark.case("F20")
def test_a_line_that_the_limit_cuts_is_no_rule() -> None:
    start = b"User-agent: *\nDisallow: /private\n"
    body = start + b"#" * (500 * 1024 - len(start) - 12) + b"\nDisallow: /page/one\n"
    rules = read(Response(url="https://a.example/robots.txt", status=200, body=body))
    assert rules.allows("https://a.example/page/two")
    assert not rules.allows("https://a.example/private")


@pytest.mark.case("F20")
def test_rules_are_kept_for_a_day_and_a_failure_for_an_hour(client: Client, wiki: Wiki, clock: ToldClock) -> None:
    wiki.answers["/robots.txt"] = (503, {}, b"")
    book = Rulebook(client)
    book.of(f"{wiki.url}/x")
    assert wiki.hits["/robots.txt"] == 3
    clock.passed += 3601
    wiki.answers["/robots.txt"] = (404, {}, b"")
    for hours, asked in ((0, 4), (23.9, 4), (0.2, 5)):
        clock.passed += hours * 3600
        assert book.of(f"{wiki.url}/x").allows(f"{wiki.url}/x")
        assert wiki.hits["/robots.txt"] == asked


def test_a_captcha_in_the_place_of_robots_allows_nothing(client: Client, wiki: Wiki) -> None:
    wiki.answers["/robots.txt"] = (200, HTML, DOORS["captcha"])
    assert Rulebook(client).of(f"{wiki.url}/x").unavailable == "robots.txt: blocked: captcha"




@pytest.mark.parametrize("piece", [b"<!--", b"<style>", b"<svg "])
def test_a_door_made_of_what_never_closes_takes_no_longer_than_another(piece: bytes) -> None:
    """Four hundred kilobytes of it took minutes when each piece was looked through to the end."""
    body = b"<html><title>captcha</title><script></script>" + piece * (390_000 // len(piece))
    began = time.process_time()
    block(Response(url="https://a.example/", status=200, body=body, headers=(("Content-Type", "text/html"),)))
    signals(Response(url="https://a.example/", status=200, body=b"<meta name=robots>" + piece * 9_000))
    assert time.process_time() - began < 5
