"""Hostile servers, on real sockets: each of these would hurt if its guard were taken out."""

import gzip
import socket
import ssl
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
import trustme
import zstandard

from sectionary.scraper import addresses
from sectionary.scraper.errors import FetchError
from sectionary.scraper.http import Client
from sectionary.scraper.pace import Pace
from sectionary.scraper.settings import SiteSettings
from tests.scraper.conftest import HTML, Street, ToldClock, Wiki


def failure(client: Client, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        client.get(url)
    return caught.value


def raw(answer: bytes) -> Any:
    """Answer with these very bytes, and hang up."""
    def write(handler: Any) -> None:
        handler.wfile.write(answer)
        handler.close_connection = True

    return write


@pytest.mark.parametrize("host", [
    "①②⑦.⓪.⓪.①", "127.0.0.2.", "localhost.", "0x7f000001", "017700000001", "0", "[::]", "[::1]", "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "169.254.169.254", "100.64.0.1", "[fd00:ec2::254]", "[fe80::1]",
])  # fmt: skip
@pytest.mark.case("S1", "S3")
def test_no_spelling_of_a_private_address_is_connected_to(
    client: Client, wiki: Wiki, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: tried.append(address))
    port = wiki.url.rpartition(":")[2]
    assert failure(client, f"http://{host}:{port}/").reason.startswith(("private address", "dns", "bad address"))
    assert tried == []


@pytest.fixture
def elsewhere() -> Iterator[Wiki]:
    other = Wiki()
    yield other
    other.close()


@pytest.mark.case("S2")
def test_a_name_that_changes_its_mind_is_connected_where_it_was_vetted(
    clock: ToldClock, wiki: Wiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(wiki.url.rpartition(":")[2])
    ask = socket.getaddrinfo
    told: list[str] = []

    def rebinding(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host != "rebind.test":
            return ask(host, *args, **kwargs)
        told.append(host)
        return ask("127.0.0.2" if len(told) == 1 else "127.0.0.1", *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.2")
    with socket.create_server(("127.0.0.2", port)) as vetted, Client(Pace(clock, 0)) as client:
        def serve() -> None:
            connection, _ = vetted.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nvetted")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        assert client.get(f"http://rebind.test:{port}/").body == b"vetted"
        thread.join()
    assert not wiki.heard


BOMBS = {
    "gzip": gzip.compress(bytes(50_000_000)),
    "br": brotli.compress(bytes(50_000_000), quality=5),
    "zstd": zstandard.compress(bytes(50_000_000)),
    "gzip, gzip": gzip.compress(gzip.compress(bytes(50_000_000))),
    "br, gzip": gzip.compress(brotli.compress(bytes(50_000_000), quality=5)),
}


@pytest.mark.parametrize("coding", BOMBS)
@pytest.mark.case("S6", "GHSA-2xpw-w6gg-jr37")
def test_a_bomb_is_stopped_at_the_limit_and_takes_no_memory(client: Client, wiki: Wiki, coding: str) -> None:
    wiki.answers["/a"] = (200, {**HTML, "Content-Encoding": coding}, BOMBS[coding])
    tracemalloc.start()
    error = failure(client, f"{wiki.url}/a")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert error.reason == "too large"
    assert peak < 10_000_000


@pytest.mark.case("S6")
def test_six_codings_are_not_undone(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = (200, {**HTML, "Content-Encoding": "gzip, br, gzip, br, gzip, br"}, b"x")
    assert failure(client, f"{wiki.url}/a").reason == "too many codings"


@pytest.mark.case("S6")
def test_a_bomb_in_a_redirect_is_not_opened(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = (302, {"Location": "/b", "Content-Encoding": "gzip"}, BOMBS["gzip"])
    wiki.answers["/b"] = (200, HTML, b"<p>x")
    tracemalloc.start()
    body = client.get(f"{wiki.url}/a").body
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (body, peak < 10_000_000) == (b"<p>x", True)


@pytest.mark.parametrize("head", [
    b"Content-Length: 3\r\nContent-Length: 30\r\n", b"X-A: a\x00b\r\nContent-Length: 3\r\n",
    b"X-A: " + b"a" * 70_000 + b"\r\nContent-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n",
])  # fmt: skip
@pytest.mark.case("S7")
def test_a_head_that_can_be_read_in_two_ways_is_no_answer(client: Client, wiki: Wiki, head: bytes) -> None:
    wiki.answers["/a"] = raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + head + b"\r\n<p>")
    assert failure(client, f"{wiki.url}/a").reason in {"bad answer", "short body"}


@pytest.mark.case("S7")
def test_a_folded_header_becomes_one_line(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = raw(b"HTTP/1.1 200 OK\r\nX-A: one\r\n two\r\nContent-Length: 3\r\n\r\n<p>")
    assert client.get(f"{wiki.url}/a").header("x-a") == "one two"


@pytest.mark.case("S15")
def test_nothing_of_the_user_and_nothing_that_a_server_set_goes_to_any_host(
    client: Client, wiki: Wiki, elsewhere: Wiki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://me:secret@127.0.0.1:9")
    cookie = {"Set-Cookie": "session=1; Domain=127.0.0.1; Path=/", "Referrer-Policy": "os.system"}
    wiki.answers["/a"] = (301, {"Location": f"{elsewhere.url}/b", **cookie}, b"")
    elsewhere.answers["/b"] = (302, {"Location": f"{wiki.url}/c", **cookie}, b"")
    wiki.answers["/c"] = (200, HTML, b"<p>x")
    client.get(f"{wiki.url}/a")
    client.get(f"{wiki.url}/c")
    for heard in (*wiki.heard, *elsewhere.heard):
        assert set(heard) == {"Host", "User-Agent", "Accept", "Accept-Encoding"}


@pytest.mark.parametrize("target", [
    "s3://bucket/key", "gopher://127.0.0.1/", "http://me:secret@127.0.0.1/", "http://127.0.0.1\\@example.com/",
])  # fmt: skip
@pytest.mark.case("S3", "S4")
def test_a_redirect_to_what_is_no_web_address_is_refused_and_says_no_secret(
    client: Client, wiki: Wiki, target: str
) -> None:
    wiki.answers["/a"] = (302, {"Location": target}, b"")
    error = failure(client, f"{wiki.url}/a")
    assert error.reason.startswith("bad address")
    assert "secret" not in str(error)


@pytest.mark.case("S15")
def test_credentials_in_a_seed_are_refused_and_not_repeated() -> None:
    with pytest.raises(ValueError, match="credentials") as caught:
        SiteSettings.model_validate({"url": "https://me:hunter2@wiki.example/"})
    assert "hunter2" not in str(caught.value.errors(include_input=False))  # type: ignore[attr-defined]


@pytest.mark.case("S5")
def test_thirty_hops_end_as_a_failure(client: Client, wiki: Wiki) -> None:
    for number in range(31):
        wiki.answers[f"/{number}"] = (302, {"Location": f"/{number + 1}", "Set-Cookie": "n=1"}, b"")
    assert failure(client, f"{wiki.url}/0").reason == "too many redirects"
    assert wiki.hits.total() == 11


@pytest.mark.case("S5")
def test_a_redirect_to_itself_ends_at_once(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = (302, {"Location": "/a", "Set-Cookie": "n=1"}, b"")
    assert failure(client, f"{wiki.url}/a").reason == "circle of redirects"
    assert wiki.hits["/a"] == 1


@pytest.mark.parametrize("flaw", ["authority", "name"])
@pytest.mark.case("S17")
def test_a_certificate_that_does_not_fit_is_not_accepted(
    client: Client, flaw: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    trusted = trustme.CA() if flaw == "authority" else authority
    trusted.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("other.example" if flaw == "name" else "127.0.0.1").configure_cert(context)
    heard: list[bytes] = []

    def serve(server: socket.socket) -> None:
        try:
            connection, _ = server.accept()
            with connection, context.wrap_socket(connection, server_side=True) as secure:
                heard.append(secure.recv(100))
        except OSError:
            return

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(2)
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        assert failure(client, f"https://127.0.0.1:{server.getsockname()[1]}/").reason == "certificate"
        thread.join()
    assert b"GET" not in b"".join(heard)


@pytest.mark.parametrize("page", [
    b'<html><head><meta http-equiv="refresh" content="0;url={0}/x"></head><p>Text',
    b'<html><head><link rel="canonical" href="{0}/x"></head><p>Text',
])  # fmt: skip
@pytest.mark.case("S18")
def test_what_a_page_says_of_another_host_makes_no_request(street: Street, elsewhere: Wiki, page: bytes) -> None:
    street.wiki.page("A", (200, HTML, page.replace(b"{0}", elsewhere.url.encode())))
    street.fetch()
    assert not elsewhere.heard


@pytest.mark.parametrize("said", ["noisy\x1b[31m\x1b]0;x\x07", "line\nERROR forged"])
@pytest.mark.case("S19")
def test_a_servers_words_cannot_forge_a_line_of_the_log(said: str) -> None:
    from sectionary.progress import printable  # noqa: PLC0415

    shown = printable(said)
    assert "\x1b" not in shown
    assert "\n" not in shown


@pytest.mark.case("F8")
def test_an_api_error_of_status_200_is_asked_again(street: Street) -> None:
    street.wiki.page("A")
    street.wiki.api_errors = [
        ("maxlag", {"Retry-After": "5"}), ("ratelimited", {}), ("readonly", {}),
        ("internal_api_error_DBConnectionError", {}),
    ]  # fmt: skip
    street.fetch()
    assert street.counts() == {"done": 1}
    assert street.clock.passed >= 5
