"""HTTP: the one module that opens connections to the world.

A Client is one polite session. It says who it is, waits its turn before each request, follows redirects
itself, and gives whole answers only: cut, endless, dripping or oversized bodies are errors.

Which addresses may be reached is decided where the socket is opened, on the address that the name resolved
to, and the connection goes to that very address: a name cannot change its mind between check and use.
"""

import http.client
import re
import socket
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Self

import requests
from msgspec import Struct
from msgspec.structs import replace
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import Timeout
from urllib3.util.connection import create_connection

from sectionary.scraper import addresses, codings, urls
from sectionary.scraper.addresses import AddressError
from sectionary.scraper.deadline import Deadline
from sectionary.scraper.errors import FetchError
from sectionary.scraper.failures import meaning
from sectionary.scraper.pace import MOST_ATTEMPTS, Pace, is_passing
from sectionary.scraper.resolver import resolve
from sectionary.scraper.response import Response
from sectionary.scraper.version import PRODUCT, VERSION

MOST_REDIRECTS = 10

_CHUNK = 2**20                          # bytes read at once: most pages come in one piece
_DRAINED = 2**16                        # bytes of a redirect's page that are read
_PLAIN = re.compile(r"(https?://[a-z0-9.-]+(?::\d+)?)(/[A-Za-z0-9/:@!$&'()*+,;=._~?-]*)")   # goes as it stands
_RESOLVING = 10.0                        # seconds for a name, where a connection has no bound of its own
_HOSTS = 8                               # to which connections are kept open
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
    body, both as transferred and as decoded. There are no proxies, credentials or cookies. `heard` hears of each
    request: "request", the bytes of its body as transferred, and its status or why it had none.
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
        self._door = _Door(private_hosts, pace, self._timeouts.whole)
        self._adapter = _Adapter(self._door)
        self._headers = {
            "User-Agent": user_agent(contact), "Accept": _ACCEPT, "Accept-Encoding": codings.ACCEPTED,
        }  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._adapter.close()
        self._door.close()
        self.pace.close()

    def get(
        self, url: str, *, redirects: int = MOST_REDIRECTS, follow: Callable[[str, str], bool] = always,
        headers: Mapping[str, str] | None = None, enough: int | None = None,
    ) -> Response:  # fmt: skip
        """Fetch `url` and give the answer, of any status.

        Redirects are followed as long as `follow(from, to)` agrees; the first it declines is the answer. `headers`
        are sent besides our own, with each of these requests. With `enough`, only so many bytes of the body are
        given. Raises FetchError where no whole answer arrives, its reason a slug of `failures`, "bad address: …",
        "private address: …", "too many redirects", "circle of redirects" or a CodingError's.
        """
        seen: tuple[str, ...] = ()
        while True:
            answer = self._ask(url, headers or {}, enough)
            target = answer.location
            if target is None or not follow(answer.url, target):
                return replace(answer, redirected_from=seen) if seen else answer
            seen = (*seen, answer.url)
            if target in seen:
                raise FetchError(url, "circle of redirects")
            if len(seen) > redirects:
                raise FetchError(url, "too many redirects")
            url = target

    def get_patiently(  # noqa: PLR0913  all but the first by name
        self, url: str, *, attempts: int = MOST_ATTEMPTS, redirects: int = MOST_REDIRECTS,
        follow: Callable[[str, str], bool] = always, enough: int | None = None,
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
            place = url
            try:
                answer = self.get(url, redirects=redirects, follow=follow, enough=enough)
                if not passing(answer):
                    return answer
                place = answer.url
                told = self.pace.retry_after(answer.header("retry-after"))
                if attempt == attempts:
                    self.pace.hold(urls.host(place), told or 0.0)
                    return answer
            except FetchError as error:
                if attempt == attempts or not error.retryable:
                    raise
            self.pace.hold(urls.host(place), self.pace.backoff(attempt) if told is None else told)

    def _ask(self, url: str, headers: Mapping[str, str], enough: int | None) -> Response:
        if reason := urls.refusal(url):
            raise FetchError(urls.shown(url), f"bad address: {reason}")
        self.pace.wait(urls.host(url))
        try:
            with self._door.watch:
                answer = self._send(url, headers, enough)
        except Exception as error:
            failure = meaning(url, error, late=self._door.watch.expired)
            self._heard("request", 0, failure.reason)
            raise failure from error
        if self._door.watch.expired:
            raise FetchError(url, "timeout", retryable=True)
        return answer

    def _send(self, url: str, headers: Mapping[str, str], enough: int | None) -> Response:
        told = {**self._headers, **headers}
        with self._adapter.open(url, told, self._timeouts) as raw:
            response = Response(
                url=str(raw.url),
                status=raw.status,
                reason=_one_line(raw.reason or ""),
                headers=tuple(_checked(raw.headers.iteritems())),
                request_headers=(("Host", urls.host(str(raw.url))), *told.items()),
            )
            self._door.took(well=not is_passing(raw.status))
            if response.location is not None:
                raw.read(_DRAINED, decode_content=False)   # nobody asks what it says, but the connection is good then
                self._heard("request", 0, str(raw.status))
                return response
            body, cut = _read(raw, self._most_bytes, enough)
            self._heard("request", len(body), str(raw.status))
        coding = response.header("content-encoding") or ""
        return replace(response, body=self._decoded(body, coding, enough, cut=cut)) if body else response

    def _decoded(self, body: bytes, coding: str, enough: int | None, *, cut: bool) -> bytes:
        if enough is not None:
            return codings.beginning(body, coding, enough, cut=cut)
        return codings.decode(body, coding, self._most_bytes)


def _checked(headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Pass headers on, folded ones on one line; refuse what could be read as something else (RFC 9110 5.5)."""
    for name, value in headers:
        if "\x00" in value or "\x00" in name:
            raise http.client.HTTPException("NUL in a header")
        yield name, _one_line(value) if "\r" in value or "\n" in value else value


def _one_line(text: str) -> str:
    return " ".join(text.split()) if not text.isprintable() else text


def _read(raw: Any, most_bytes: int, enough: int | None) -> tuple[bytes, bool]:
    """Read a body as transferred, or enough of it, and tell whether it was cut.

    urllib3 checks a body against its Content-Length and chunk sizes.
    """
    pieces: list[bytes] = []
    left = most_bytes if enough is None else enough
    for piece in raw.stream(min(_CHUNK, left + 1), decode_content=False):
        pieces.append(piece)
        left -= len(piece)
        if left < 0:
            if enough is None:
                raise codings.CodingError("too large")
            return b"".join(pieces), True
    return b"".join(pieces), False


class _Door:
    """Where sockets are opened, only to addresses that may be reached, and requests go out, only in their turn."""

    def __init__(self, private_hosts: Collection[str], pace: Pace, seconds: float) -> None:
        self.watch = Deadline(self._shut, seconds)
        self._pace = pace
        self._private = frozenset(host.strip("[]").lower() for host in private_hosts)
        self._open: list[tuple[HTTPConnection, socket.socket]] = []
        self._sent = ("", 0.0)           # whom the last request went to, and when

    def connect(self, connection: HTTPConnection) -> socket.socket:
        """Open a connection's socket, to the first of its host's addresses that is allowed and answers."""
        self._sweep()
        failure: OSError | None = None
        for address in self._reachable(connection):
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

    def send(self, connection: HTTPConnection, request: Callable[[], None]) -> None:
        """Let a request out when it is its turn, over a connection that the server has not closed meanwhile."""
        host = _host(connection)

        def out() -> None:
            self.watch.resume()
            if not connection.is_connected:
                connection.close()
                connection.connect()
            request()
            self._sent = (host, self._pace.now())

        if connection.sock is None:
            connection.connect()
        self.watch.pause()
        self._pace.send(host, out)

    def took(self, *, well: bool) -> None:
        """Hear that the head of an answer to the last request is there."""
        host, moment = self._sent
        self._pace.took(host, self._pace.now() - moment, well=well)

    def _shut(self) -> None:
        """Cut every open connection; whoever reads from one sees its end at once."""
        for _, handle in list(self._open):
            try:
                handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue                 # the server was faster

    def _sweep(self) -> None:
        """Let go of the sockets whose connections are closed."""
        for item in [item for item in self._open if item[0].sock is None]:
            item[1].close()
            self._open.remove(item)

    def close(self) -> None:
        """Let go of all sockets."""
        self.watch.close()
        for _, handle in self._open:
            handle.close()
        self._open.clear()

    def _reachable(self, connection: HTTPConnection) -> list[str]:
        host, seconds = connection.host, connection.timeout
        found = resolve(host, connection.port, seconds if isinstance(seconds, int | float) else _RESOLVING)
        if host.lower() in self._private:
            return found
        allowed = [address for address in found if addresses.is_public(address)]
        if not allowed:
            raise AddressError(f"private address: {found[0]}" if found else "dns")
        return allowed


def _host(connection: HTTPConnection) -> str:
    name = f"[{connection.host}]" if ":" in connection.host else connection.host
    return name if connection.port == connection.default_port else f"{name}:{connection.port}"


def _pools(door: _Door) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return door.connect(self)

        def request(self, *args: Any, **kwargs: Any) -> None:
            door.send(self, partial(super().request, *args, **kwargs))

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return door.connect(self)

        def request(self, *args: Any, **kwargs: Any) -> None:
            door.send(self, partial(super().request, *args, **kwargs))

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class _Adapter(HTTPAdapter):
    """requests' way to a connection, without what its sessions add: cookies, netrc, proxies, hooks, retries."""

    def __init__(self, door: _Door) -> None:
        self._door = door
        self._pools: dict[str, Any] = {}
        super().__init__(pool_connections=_HOSTS, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._door)

    @contextmanager
    def open(self, url: str, headers: Mapping[str, str], times: Timeouts) -> Iterator[Any]:
        """Send a request, give the answer once its head is there, and keep the connection if all was read."""
        pool, url, path = self._place(url)
        raw = pool.urlopen(
            "GET", path, headers=headers, redirect=False, retries=False, assert_same_host=False,
            timeout=Timeout(connect=times.connect, read=times.silence), preload_content=False, decode_content=False,
        )  # fmt: skip
        try:
            raw.url = url
            yield raw
        finally:
            raw.close()                  # of a body that was read to its end the connection is kept

    def _place(self, url: str) -> tuple[Any, str, str]:
        """Give the pool of a host's connections, the address as it goes over the wire, and its path.

        Raises requests' InvalidURL where the address would be read as another host's.
        """
        place = _PLAIN.fullmatch(url)
        if place and place[1] in self._pools:
            return self._pools[place[1]], url, place[2]
        request = requests.PreparedRequest()
        request.prepare_method("GET")
        request.prepare_url(url, None)
        told = str(request.url)
        if urls.host(told) != urls.host(url):
            raise requests.exceptions.InvalidURL("the host can be read in two ways")
        pool = self.get_connection_with_tls_context(request, verify=True)
        if len(self._pools) >= _HOSTS:
            self._pools.clear()
        self._pools[urls.origin(told)] = pool
        return pool, told, request.path_url
