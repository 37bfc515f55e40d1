"""Where an answer ends, on real sockets: what can be read in two ways is no answer, and none is taken for another."""

import gzip
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from sectionary.scraper import urls
from sectionary.scraper.errors import FetchError
from sectionary.scraper.http import Client
from tests.scraper.conftest import HTML, Wiki

CHUNKED = b"\r\n3\r\n<p>\r\n0\r\n\r\n"


def answers(head: bytes, body: bytes = b"\r\n<p>", *, later: bytes = b"", close: bool = False) -> Callable[[Any], None]:
    """Answer with these very bytes, some of them a little later."""
    def write(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + head + body)
        handler.wfile.flush()
        if later:
            time.sleep(0.2)
            handler.wfile.write(later)
        handler.close_connection = close

    return write


def failure(client: Client, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        client.get(url)
    return caught.value


@pytest.mark.parametrize("head", [
    b"Content-Length: 3\r\nContent-Length: 30\r\n", b"Content-Length: 3, 30\r\n", b"Content-Length: +3\r\n",
    b"Content-Length: -3\r\n", b"Content-Length: three\r\n", b"Content-Length: 1\r\n 0\r\n",
    b"Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n", b"Content-Length : 3\r\n",
    b"no header\r\nContent-Length: 3\r\n", b"X-A: b\rContent-Length: 3\r\n",
])  # fmt: skip
@pytest.mark.case("S7")
def test_a_length_that_can_be_read_in_two_ways_is_no_answer(client: Client, wiki: Wiki, head: bytes) -> None:
    """RFC 9112 6.3, 5.1 and 2.2: the framing is invalid, so the answer is discarded and the connection closed."""
    wiki.answers["/a"] = answers(head, close=True)
    error = failure(client, f"{wiki.url}/a")
    assert (error.reason, error.retryable) == ("bad answer", True)


@pytest.mark.parametrize("coding", [b"gzip, chunked", b"chunked, gzip", b"chunked, chunked", b"identity, chunked"])
@pytest.mark.case("S7")
def test_a_transfer_coding_that_was_not_asked_for_is_no_answer(client: Client, wiki: Wiki, coding: bytes) -> None:
    """RFC 9112 7.4: none but chunked may be sent to who asked for none."""
    wiki.answers["/a"] = answers(b"Transfer-Encoding: " + coding + b"\r\n", CHUNKED, close=True)
    assert failure(client, f"{wiki.url}/a").reason == "bad answer"


@pytest.mark.parametrize("head", [
    b"Transfer-Encoding: chunked\r\n", b"transfer-encoding: Chunked \r\n", b"Transfer-Encoding:\r\n chunked\r\n",
    b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", b"Transfer-Encoding: chunked\r\nContent-Length: 500\r\n",
])  # fmt: skip
@pytest.mark.case("S7")
def test_chunks_count_however_they_are_told_and_whatever_length_stands_beside(
    client: Client, wiki: Wiki, head: bytes
) -> None:
    wiki.answers["/a"] = answers(head, CHUNKED)
    assert client.get(f"{wiki.url}/a").body == b"<p>"


@pytest.mark.case("S7")
def test_a_connection_on_which_length_and_chunks_were_told_is_not_used_again(client: Client, wiki: Wiki) -> None:
    """RFC 9112 6.1: what follows on it might be read as the next page by one and as this one's rest by another."""
    asked: list[Any] = []

    def answer(handler: Any) -> None:
        asked.append(handler.client_address)
        answers(b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", CHUNKED)(handler)

    wiki.answers["/a"] = answer
    for _ in range(2):
        assert client.get(f"{wiki.url}/a").body == b"<p>"
    assert len(set(asked)) == 2


def test_a_length_that_is_told_twice_alike_is_told(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = answers(b"Content-Length: 3\r\nContent-Length: 3\r\n")
    assert client.get(f"{wiki.url}/a").body == b"<p>"


def test_a_line_that_is_no_header_behind_all_others_costs_no_page(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = answers(b"Content-Length: 3\r\nnonsense\r\n")
    assert client.get(f"{wiki.url}/a").body == b"<p>"


@pytest.mark.parametrize(("head", "name", "value"), [
    (b"X-A: one\r\n two\r\n", "x-a", "one two"), (b"X-A: one\r\n\t \r\n\ttwo\r\n", "x-a", "one two"),
    (b"X-A:\r\n one\r\n", "x-a", "one"),
])  # fmt: skip
@pytest.mark.case("S7")
def test_a_folded_header_is_read_on_one_line_as_a_user_agent_must(
    client: Client, wiki: Wiki, head: bytes, name: str, value: str
) -> None:
    """RFC 9112 5.2: "MUST replace each received obs-fold with one or more SP octets prior to interpreting" it."""
    wiki.answers["/a"] = answers(head + b"Content-Length: 3\r\n")
    told = client.get(f"{wiki.url}/a").header(name) or ""
    assert (told.split(), told) == (value.split(), told.strip())
    assert not {"\r", "\n"} & set(told)


@pytest.mark.case("S7")
def test_a_folded_header_means_what_it_means_on_one_line(client: Client, wiki: Wiki) -> None:
    packed = gzip.compress(b"<p>folded")
    length = b"Content-Length:\r\n %d\r\n" % len(packed)
    wiki.answers["/a"] = answers(b"Content-Encoding:\r\n gzip\r\n" + length, b"\r\n" + packed)
    assert client.get(f"{wiki.url}/a").body == b"<p>folded"


@pytest.mark.parametrize("status", [b"102 Processing", b"103 Early Hints", b"100 Continue"])
def test_an_interim_answer_is_not_the_answer_and_the_next_page_gets_its_own(
    client: Client, wiki: Wiki, status: bytes
) -> None:
    """RFC 9110 15.2. Taken for the answer, it left the real one in the line, for whichever page was asked next."""
    def early(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 " + status + b"\r\nLink: </a.css>; rel=preload\r\n\r\n")
        handler.wfile.flush()
        time.sleep(0.2)
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p>a")

    wiki.answers["/a"], wiki.answers["/b"] = early, (200, HTML, b"<p>b")
    told = [client.get(f"{wiki.url}/{name}") for name in "ab"]
    assert [(answer.status, answer.body) for answer in told] == [(200, b"<p>a"), (200, b"<p>b")]
    assert told[0].header("link") is None


def test_another_protocol_that_nobody_asked_for_is_no_answer(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = lambda handler: handler.wfile.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")
    assert failure(client, f"{wiki.url}/a").reason == "bad answer"


@pytest.mark.case("F15")
def test_a_chunk_of_a_size_below_zero_is_not_read_to_an_end_that_never_comes(client: Client, wiki: Wiki) -> None:
    """It was a gibibyte of memory in three seconds."""
    def endless(handler: Any) -> None:
        answers(b"Transfer-Encoding: chunked\r\n", b"\r\n-1\r\n", close=True)(handler)
        for _ in range(4_000):
            handler.wfile.write(bytes(65_536))

    wiki.answers["/a"] = endless
    tracemalloc.start()
    reason = failure(client, f"{wiki.url}/a").reason
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (reason, peak < 20_000_000) == ("bad answer", True)


@pytest.mark.parametrize("body", [b"\r\n1", b"\r\n3;", b"\r\n3\r\n<p>\r\n0\r\nX-A: "])
@pytest.mark.case("F15")
def test_a_line_among_chunks_that_never_ends_is_cut(client: Client, wiki: Wiki, body: bytes) -> None:
    def endless(handler: Any) -> None:
        answers(b"Transfer-Encoding: chunked\r\n", body, close=True)(handler)
        for _ in range(400):
            handler.wfile.write(b"1" * 65_536)

    wiki.answers["/a"] = endless
    tracemalloc.start()
    failure(client, f"{wiki.url}/a")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize("target", ["http://☃..example/", "http://a.example:99999/", "http://[::1/"])
def test_a_redirect_to_what_is_no_host_name_is_a_failure_of_its_page(
    client: Client, wiki: Wiki, target: str
) -> None:
    wiki.answers["/a"] = (301, {"Location": target.encode().decode("latin-1")}, b"")
    if target.startswith("http://[:"):   # leads nowhere that could be told
        assert client.get(f"{wiki.url}/a").status == 301
    else:
        assert failure(client, f"{wiki.url}/a").reason.startswith("bad address")


def test_a_redirect_to_no_address_is_held_against_none(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = (301, {"Location": "http://a.example:99999/"}, b"")
    with pytest.raises(FetchError, match="bad address"):
        client.get_patiently(f"{wiki.url}/a", follow=urls.same_host)
