"""The one module that opens connections, against a real server that misbehaves."""

import gzip
import socket
import ssl
import threading
import time
import zlib
from pathlib import Path
from typing import Any

import brotli
import pytest
import requests
import zstandard

from sectionary.scraper.errors import FetchError
from sectionary.scraper.http import Client, user_agent
from sectionary.scraper.pace import Pace
from tests.scraper.conftest import HTML, ToldClock, Wiki, drip

PAGE = b"<html><p>" + b"text " * 1000


def failure(client: Client, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        client.get(url)
    return caught.value


def test_an_answer_comes_whole_with_what_was_said_both_ways(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = (200, {**HTML, "ETag": '"1"', "X-Twice": "caf\xe9"}, PAGE)
    answer = client.get(f"{wiki.url}/a#part")
    assert (answer.status, answer.reason, answer.body) == (200, "OK", PAGE)
    assert answer.header("etag") == '"1"'
    assert dict(answer.request_headers)["Host"] == wiki.url.removeprefix("http://")
    assert dict(answer.request_headers)["Accept-Encoding"] == "gzip, deflate, br, zstd"


def test_the_user_agent_names_the_operator(wiki: Wiki, clock: ToldClock) -> None:
    with Client(Pace(clock, 0), contact="ops@wiki.test", private_hosts=["127.0.0.1"]) as client:
        client.get(f"{wiki.url}/a")
    agent = wiki.heard[0]["User-Agent"]
    assert agent.startswith("sectionary/")
    assert " (ops@wiki.test) python-requests/" in agent
    assert "(" not in user_agent(None)


@pytest.mark.parametrize(("name", "pack"), [("gzip", gzip.compress), ("br", brotli.compress)])
def test_packed_bodies_are_unpacked(client: Client, wiki: Wiki, name: str, pack: Any) -> None:
    wiki.answers["/a"] = (200, {**HTML, "Content-Encoding": name}, pack(PAGE))
    assert client.get(f"{wiki.url}/a").body == PAGE


@pytest.mark.case("F12")
@pytest.mark.parametrize(("name", "pack"), [
    ("gzip", gzip.compress), ("br", brotli.compress), ("deflate", zlib.compress), ("zstd", zstandard.compress),
])  # fmt: skip
def test_a_packed_body_cut_short_is_an_error_though_its_length_is_right(
    client: Client, wiki: Wiki, name: str, pack: Any
) -> None:
    packed = pack(bytes(range(256)) * 100)
    wiki.answers["/a"] = (200, {**HTML, "Content-Encoding": name}, packed[: len(packed) // 2])
    error = failure(client, f"{wiki.url}/a")
    assert error.reason == "truncated body"
    assert error.retryable


@pytest.mark.case("F13")
def test_a_body_shorter_than_its_length_is_an_error(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = (200, {**HTML, "Content-Length": "9999", "Connection": "close"}, PAGE)
    error = failure(client, f"{wiki.url}/a")
    assert (error.reason, error.retryable) == ("short body", True)


@pytest.mark.case("F13")
@pytest.mark.parametrize("body", [b"3\r\n<p>\r\n", b"zz\r\n<p>\r\n0\r\n\r\n", b"9\r\n<p>", b"3\r\n<p>\r\n5"])
def test_chunks_that_break_off_or_are_none_are_an_error(client: Client, wiki: Wiki, body: bytes) -> None:
    def broken(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
        handler.close_connection = True

    wiki.answers["/a"] = broken
    error = failure(client, f"{wiki.url}/a")
    assert (error.reason, error.retryable) in {("short body", True), ("connection lost", True), ("bad answer", True),
                                               ("network", True)}


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_over_the_limit_is_refused_packed_or_not(client: Client, wiki: Wiki, packed: bool) -> None:  # noqa: FBT001
    body = bytes(10_000_000) if packed else bytes(200_000)
    headers = {**HTML, "Content-Encoding": "gzip"} if packed else HTML
    wiki.answers["/a"] = (200, headers, gzip.compress(body) if packed else body)
    error = failure(client, f"{wiki.url}/a")
    assert (error.reason, error.retryable) == ("too large", False)


@pytest.mark.case("F15")
def test_an_endless_body_ends_at_the_limit(client: Client, wiki: Wiki) -> None:
    def endless(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        while True:
            handler.wfile.write(bytes(65_536))

    wiki.answers["/a"] = endless
    assert failure(client, f"{wiki.url}/a").reason == "too large"


@pytest.mark.case("F14")
def test_a_dripping_body_meets_its_deadline(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = drip
    began = time.monotonic()
    error = failure(client, f"{wiki.url}/a")
    assert (error.reason, error.retryable) == ("timeout", True)
    assert time.monotonic() - began < 3


@pytest.mark.case("F14")
def test_dripping_headers_meet_the_same_deadline(client: Client, wiki: Wiki) -> None:
    def headers(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(60):
            handler.wfile.write(b"X-%d: y\r\n" % number)
            handler.wfile.flush()
            time.sleep(0.1)

    wiki.answers["/a"] = headers
    assert failure(client, f"{wiki.url}/a").reason == "timeout"


def test_a_silent_server_times_out(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = lambda _: time.sleep(1)
    assert failure(client, f"{wiki.url}/a").reason == "timeout"


def test_a_client_goes_on_after_a_failure(client: Client, wiki: Wiki) -> None:
    wiki.answers["/slow"], wiki.answers["/a"] = drip, (200, HTML, PAGE)
    failure(client, f"{wiki.url}/slow")
    assert client.get(f"{wiki.url}/a").body == PAGE


def test_redirects_are_followed_and_remembered(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = (301, {"Location": "/b"}, b"")
    wiki.answers["/b"] = (302, {"Location": f"{wiki.url}/caf\u00e9".encode().decode("latin-1")}, b"")
    wiki.answers["/caf%C3%A9"] = (200, HTML, PAGE)
    answer = client.get(f"{wiki.url}/a")
    assert answer.url == f"{wiki.url}/caf%C3%A9"
    assert answer.redirected_from == (f"{wiki.url}/a", f"{wiki.url}/b")


def test_a_redirect_that_is_declined_is_the_answer(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = (301, {"Location": "/b"}, b"")
    answer = client.get(f"{wiki.url}/a", follow=lambda _url, target: "b" not in target)
    assert (answer.status, answer.location) == (301, f"{wiki.url}/b")
    assert wiki.hits["/b"] == 0


@pytest.mark.case("S5")
def test_a_circle_of_redirects_ends(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = (302, {"Location": "/b", "Set-Cookie": "n=1"}, b"")
    wiki.answers["/b"] = (302, {"Location": "/a"}, b"")
    error = failure(client, f"{wiki.url}/a")
    assert (error.reason, error.retryable) == ("circle of redirects", False)
    assert wiki.hits == {"/a": 1, "/b": 1}
    assert all("Cookie" not in heard for heard in wiki.heard)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/", "data:text/html,x", "javascript:1"])
@pytest.mark.case("S4")
def test_a_redirect_to_another_scheme_is_refused(client: Client, wiki: Wiki, target: str) -> None:
    wiki.answers["/a"] = (302, {"Location": target}, b"")
    assert failure(client, f"{wiki.url}/a").reason.startswith("bad address: scheme")


@pytest.mark.parametrize("url", [
    "http://127.0.0.1\\@example.com/", "http://user:secret@127.0.0.1/", "http://exa mple.org/", "file:///etc/passwd",
])  # fmt: skip
@pytest.mark.case("S3")
def test_a_doubtful_address_is_refused_before_any_connection(client: Client, url: str) -> None:
    error = failure(client, url)
    assert error.reason.startswith("bad address")
    assert not error.retryable


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "[::ffff:127.0.0.1]"])
@pytest.mark.case("S1")
def test_a_host_on_a_private_address_is_refused_however_it_is_spelled(
    client: Client, wiki: Wiki, host: str
) -> None:
    port = wiki.url.rpartition(":")[2]
    assert failure(client, f"http://{host}:{port}/a").reason.startswith("private address: ")
    assert not wiki.heard


@pytest.mark.case("S3")
def test_an_address_that_another_parser_would_read_as_another_host_is_refused(
    client: Client, wiki: Wiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our reading is held against that of the library which connects, whichever of the two is mistaken."""
    monkeypatch.setattr(
        requests.PreparedRequest, "prepare_url", lambda self, _url, _params: setattr(self, "url", f"{wiki.url}/other")
    )
    error = failure(client, "http://wiki.example/caf%C3%A9")
    assert (error.reason, error.retryable) == ("bad address", False)
    assert not wiki.heard


@pytest.mark.case("S1")
def test_a_redirect_into_a_private_network_is_refused(client: Client, wiki: Wiki) -> None:
    port = wiki.url.rpartition(":")[2]
    wiki.answers["/a"] = (302, {"Location": f"http://localhost:{port}/secret"}, b"")
    assert failure(client, f"{wiki.url}/a").reason.startswith("private address: ")
    assert wiki.hits["/secret"] == 0


@pytest.mark.case("F13")
def test_a_closed_port_and_a_hung_up_connection_are_worth_another_try(client: Client, wiki: Wiki) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    closed = failure(client, f"http://127.0.0.1:{port}/")
    assert (closed.reason, closed.retryable) == ("connection refused", True)
    wiki.answers["/a"] = lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)
    hung_up = failure(client, f"{wiki.url}/a")
    assert (hung_up.reason, hung_up.retryable) == ("connection lost", True)


def test_what_is_no_http_is_told_so(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")
    assert failure(client, f"{wiki.url}/a").reason in {"bad answer", "connection lost"}


@pytest.mark.case("S7")
def test_a_hundred_and_one_headers_are_refused(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = (200, {f"X-{number}": "y" for number in range(101)}, PAGE)
    assert failure(client, f"{wiki.url}/a").reason == "bad answer"


@pytest.mark.case("S17")
def test_a_bad_certificate_fails_and_is_not_tried_without_checking(client: Client) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).parent / "selfsigned.pem")
    shaken: list[bool] = []

    def serve(server: socket.socket) -> None:
        for _ in range(2):
            try:
                connection, _ = server.accept()
                with connection, context.wrap_socket(connection, server_side=True):
                    shaken.append(True)
            except OSError:
                continue

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        error = failure(client, f"https://127.0.0.1:{server.getsockname()[1]}/")
        thread.join()
    assert error.reason == "certificate"
    assert not shaken


def test_patience_waits_as_told_and_then_gives_the_answer(client: Client, wiki: Wiki, clock: ToldClock) -> None:
    answers = [(503, {"Retry-After": "7"}, b""), (200, HTML, PAGE)]
    wiki.answers["/a"] = lambda _: answers.pop(0)
    assert client.get_patiently(f"{wiki.url}/a").status == 200
    assert clock.passed == pytest.approx(7)


def test_patience_ends(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = (500, {}, b"")
    assert client.get_patiently(f"{wiki.url}/a").status == 500
    assert wiki.hits["/a"] == 5


def test_every_hop_waits_its_turn(wiki: Wiki, clock: ToldClock) -> None:
    wiki.answers["/a"] = (301, {"Location": "/b"}, b"")
    wiki.answers["/b"] = (200, HTML, PAGE)
    with Client(Pace(clock, 3), private_hosts=["127.0.0.1"]) as client:
        client.get(f"{wiki.url}/a")
    assert clock.passed == pytest.approx(3)


def test_the_last_answer_too_may_ask_for_a_pause(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = (503, {"Retry-After": "5"}, b"")
    assert client.get_patiently(f"{wiki.url}/a", attempts=1).status == 503
    assert client.pace.held(wiki.url.removeprefix("http://")) == 5
