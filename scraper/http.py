"""HTTP: the one module that opens connections to the world.

A Client is one polite session. It says who it is, waits its turn before each request, follows redirects
itself, and gives whole answers only: cut, endless, dripping or oversized bodies are errors.

Which addresses may be reached is decided where the socket is opened, on the address that the name resolved
to, and the connection goes to that very address: a name cannot change its mind between check and use.
"""

import http.cookiejar
import math
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Self

import requests
from msgspec import Struct
from msgspec.structs import replace
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.connection import create_connection

from sectionary.scraper import addresses, codings, urls
from sectionary.scraper.addresses import AddressError
from sectionary.scraper.errors import FetchError
from sectionary.scraper.failures import meaning
from sectionary.scraper.pace import MOST_ATTEMPTS, Pace, is_passing
from sectionary.scraper.response import Response
from sectionary.scraper.version import VERSION

PRODUCT = "sectionary"                   # the product token, in the User-Agent and towards robots.txt
MOST_REDIRECTS = 10

_CHUNK = 2**16
_LOOK_SECONDS = 0.25                     # how often a running request is held against its deadline
_ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"


class Timeouts(Struct, frozen=True, kw_only=True):
    """How long a request may take, in seconds: to connect, without a byte, and as a whole."""

    connect: float = 10.0
    silence: float = 30.0
    whole: float = 120.0


def user_agent(contact: str | None) -> str:
    """Say whose crawler this is: "sectionary/0.1.0 (you@example.org) python-requests/2.34.2"."""
    who = f" ({contact})" if contact else ""
    return f"{PRODUCT}/{VERSION}{who} python-requests/{requests.__version__}"


def always(_url: str, _target: str) -> bool:
    """Follow every redirect."""
    return True


class Client:
    """One polite session; a context manager.

    `private_hosts` names the hosts that may lie on private or loopback addresses. `most_bytes` bounds a
    body, both as transferred and as decoded. No proxies, netrc or cookies are used. `heard` hears of each request:
    "request", the bytes of its body as transferred, and its status or why it had none.
    """

    def __init__(  # noqa: PLR0913  all but the first by name
        self, pace: Pace, *, contact: str | None = None, private_hosts: Collection[str] = (),
        most_bytes: int = 16 * 2**20, timeouts: Timeouts | None = None,
        heard: Callable[[str, float, str], None] = lambda _kind, _number, _detail: None,
    ) -> None:  # fmt: skip
        self.pace = pace
        self._heard = heard
        self._most_bytes = most_bytes
        self._timeouts = timeouts or Timeouts()
        self._door = _Door(private_hosts)
        self._watch = _Watch(self._door, self._timeouts.whole)
        self._session = _session(self._door, user_agent(contact))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._session.close()
        self._watch.close()
        self._door.close()

    def get(
        self, url: str, *, redirects: int = MOST_REDIRECTS, follow: Callable[[str, str], bool] = always,
        headers: Mapping[str, str] | None = None,
    ) -> Response:  # fmt: skip
        """Fetch `url` and give the answer, of any status.

        Redirects are followed as long as `follow(from, to)` agrees; the first it declines is the answer.
        `headers` are sent besides our own, with each of these requests.
        Raises FetchError where no whole answer arrives, its reason a slug of `failures`,
        "bad address: …", "private address: …", "too many redirects" or a CodingError's.
        """
        seen: tuple[str, ...] = ()
        while True:
            answer = self._ask(url, headers or {})
            target = answer.location
            if target is None or not follow(answer.url, target):
                return replace(answer, redirected_from=seen)
            if len(seen) == redirects:
                raise FetchError(url, "too many redirects")
            seen = (*seen, answer.url)
            url = target

    def get_patiently(
        self, url: str, *, attempts: int = MOST_ATTEMPTS, redirects: int = MOST_REDIRECTS,
        follow: Callable[[str, str], bool] = always,
        passing: Callable[[Response], bool] = lambda answer: is_passing(answer.status),
    ) -> Response:  # fmt: skip
        """Like `get`, and again while the failure is a passing one, as Retry-After says or with backoff.

        Gives the last answer whatever it is, or raises the last FetchError; HeldError when told to wait for
        longer than a run does.
        """
        attempt = 0
        while True:
            attempt += 1
            told: float | None = None
            try:
                answer = self.get(url, redirects=redirects, follow=follow)
                if not passing(answer):
                    return answer
                told = self.pace.retry_after(answer.header("retry-after"))
                if attempt == attempts:
                    self.pace.hold(told or 0.0)
                    return answer
            except FetchError as error:
                if attempt == attempts or not error.retryable:
                    raise
            self.pace.hold(self.pace.backoff(attempt) if told is None else told)

    def _ask(self, url: str, headers: Mapping[str, str]) -> Response:
        if reason := urls.refusal(url):
            raise FetchError(urls.shown(url), f"bad address: {reason}")
        self.pace.wait()
        try:
            with self._watch:
                answer = self._send(url, headers)
        except Exception as error:
            failure = meaning(url, error, late=self._watch.expired)
            self._heard("request", 0, failure.reason)
            raise failure from error
        if self._watch.expired:
            raise FetchError(url, "timeout", retryable=True)
        return answer

    def _send(self, url: str, headers: Mapping[str, str]) -> Response:
        request = self._session.prepare_request(requests.Request("GET", url, headers=dict(headers)))
        times = (self._timeouts.connect, self._timeouts.silence)
        with self._session.send(request, stream=True, allow_redirects=False, timeout=times) as answer:
            body = _read(answer.raw, self._most_bytes)
            given = tuple(answer.raw.headers.items())
        self._heard("request", len(body), str(answer.status_code))
        response = Response(
            url=str(answer.url),
            status=answer.status_code,
            reason=answer.reason or "",
            headers=given,
            request_headers=(("Host", urls.host(str(answer.url))), *_pairs(request.headers)),
        )
        coding = response.header("content-encoding") or ""
        return replace(response, body=codings.decode(body, coding, self._most_bytes) if body else b"")


def _pairs(headers: Any) -> Iterator[tuple[str, str]]:
    return ((str(name), str(value)) for name, value in headers.items())


def _read(raw: Any, most_bytes: int) -> bytes:
    """Read a body as transferred; urllib3 checks it against Content-Length and chunk sizes."""
    body = bytearray()
    for chunk in raw.stream(_CHUNK, decode_content=False):
        body += chunk
        if len(body) > most_bytes:
            raise codings.CodingError("too large")
    return bytes(body)


def _session(door: "_Door", agent: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
    session.headers.clear()
    session.headers.update({"User-Agent": agent, "Accept": _ACCEPT, "Accept-Encoding": codings.ACCEPTED})
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(door))
    return session


class _Door:
    """Opens the sockets: only to addresses that may be reached, and so that a watch can shut them."""

    def __init__(self, private_hosts: Collection[str]) -> None:
        self._private = frozenset(host.strip("[]").lower() for host in private_hosts)
        self._open: list[tuple[HTTPConnection, socket.socket]] = []

    def connect(self, connection: HTTPConnection) -> socket.socket:
        """Open a connection's socket, to the first of its host's addresses that is allowed and answers."""
        failure: OSError | None = None
        for address in self._reachable(connection.host, connection.port):
            try:
                opened = create_connection(
                    (address, connection.port), connection.timeout, socket_options=connection.socket_options
                )
            except OSError as error:
                failure = error
                continue
            # A second handle on the same socket; urllib3 gives the first one away to TLS and to the response.
            self._open.append((connection, opened.dup()))
            return opened
        raise failure or OSError("no address")

    def shut(self) -> None:
        """Cut every open connection; whoever reads from one sees its end at once."""
        for _, handle in list(self._open):
            try:
                handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue                 # the server was faster

    def sweep(self) -> None:
        """Let go of the sockets whose connections are closed."""
        for item in [item for item in self._open if item[0].sock is None]:
            item[1].close()
            self._open.remove(item)

    def close(self) -> None:
        """Let go of all sockets."""
        for _, handle in self._open:
            handle.close()
        self._open.clear()

    def _reachable(self, host: str, port: int) -> list[str]:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if host.lower() in self._private:
            return found
        allowed = [address for address in found if addresses.is_public(address)]
        if not allowed:
            raise AddressError(f"private address: {found[0]}" if found else "dns")
        return allowed


def _pools(door: _Door) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return door.connect(self)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return door.connect(self)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class _Adapter(HTTPAdapter):
    def __init__(self, door: _Door) -> None:
        self._door = door
        super().__init__(pool_connections=4, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._door)


class _Watch:
    """Shuts the door on a request that takes too long: the one bound that dripped bytes cannot stretch.

    A context manager around each request; one thread looks on from the first request to the close.
    """

    def __init__(self, door: _Door, seconds: float) -> None:
        self.expired = False
        self._door = door
        self._seconds = seconds
        self._deadline = math.inf
        self._between = threading.Lock()     # a late look must not cut the request that follows
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> None:
        if not self._thread.is_alive():
            self._thread.start()
        with self._between:
            self.expired = False
            self._deadline = time.monotonic() + self._seconds

    def __exit__(self, *_: object) -> None:
        with self._between:
            self._deadline = math.inf
        self._door.sweep()

    def close(self) -> None:
        """Stop looking on."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join()

    def _look_on(self) -> None:
        while not self._closed.wait(min(_LOOK_SECONDS, self._seconds / 4)):
            with self._between:
                if time.monotonic() > self._deadline:
                    self.expired = True
                    self._door.shut()    # at each look, for a connection may still have been opening
