"""Wire: requests out and answers back, one at a time, over connections that are kept open.

What requests' sessions add is not there: cookies, netrc, proxies, hooks, retries. A request may be sent before its
answer is asked for, so that the server works while we do.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import requests
from msgspec import Struct
from urllib3.connection import HTTPConnection

from sectionary.scraper import urls
from sectionary.scraper.door import Door, Plain, Secure

_HOSTS = 8                               # to which connections are kept open
_PLAIN = re.compile(r"(https?://[a-z0-9.-]+(?::\d+)?)(/[A-Za-z0-9/:@!$&'()*+,;=._~?-]*)")   # goes as it stands


class Timeouts(Struct, frozen=True, kw_only=True):
    """How long a request may take, in seconds: to connect, without a byte, and as a whole."""

    connect: float = 10.0
    silence: float = 30.0
    whole: float = 120.0


class Sent(Struct, frozen=True):
    """A request that is on its way: the address and the headers as they were sent."""

    url: str
    headers: dict[str, str]
    connection: HTTPConnection


class Wire:
    """The connections of one client, each used for one request at a time."""

    def __init__(self, door: Door, times: Timeouts) -> None:
        self._door, self._times = door, times
        self._kept: dict[str, HTTPConnection] = {}   # by origin, the one not used for longest first
        self._waiting: HTTPConnection | None = None  # the one whose answer nobody has asked for yet

    def close(self) -> None:
        """Close every connection."""
        for connection in self._kept.values():
            connection.close()
        self._kept.clear()

    def send(self, url: str, headers: dict[str, str], *, at_once: bool = False) -> Sent | None:
        """Send a request when it is its turn; `at_once` only where nothing has to be waited for, else None.

        Raises requests' InvalidURL where the address would be read as another host's, and what the layers below
        raise where it cannot be sent.
        """
        origin, path = _place(url)
        connection = self._connection(origin)
        if connection is self._waiting:
            connection.close()           # nobody is going to ask: its answer would be taken for this one's
        connection.timeout = self._times.connect
        request = partial(connection.request, "GET", path, headers=headers, preload_content=False, decode_content=False)
        try:
            gone = self._door.send(urls.host(origin), connection, request, at_once=at_once)
        except BrokenPipeError:          # it may have answered before it hung up
            gone = True
        except BaseException:
            connection.close()
            raise
        if not gone:
            return None
        connection.timeout = self._times.silence
        self._waiting = connection
        return Sent(origin + path, headers, connection)

    @contextmanager
    def receive(self, sent: Sent) -> Iterator[Any]:
        """Give the answer, urllib3's, once its head is there; the connection is kept if all of it was read."""
        self._waiting = None
        answer = None
        try:
            answer = sent.connection.getresponse()
            yield answer
        finally:
            if answer is None or not answer.closed:
                sent.connection.close()
                if answer is not None:   # which holds the socket where the server was to close it
                    answer.close()

    def _connection(self, origin: str) -> HTTPConnection:
        connection = self._kept.pop(origin, None) or self._new(origin)
        if len(self._kept) >= _HOSTS:
            self._kept.pop(next(iter(self._kept))).close()
        self._kept[origin] = connection
        return connection

    def _new(self, origin: str) -> HTTPConnection:
        parts = urlsplit(origin)
        name = parts.hostname or ""
        if parts.scheme == "https":
            trusted = requests.adapters.DEFAULT_CA_BUNDLE_PATH
            return Secure(self._door, name, parts.port or 443, cert_reqs="CERT_REQUIRED", ca_certs=trusted)
        return Plain(self._door, name, parts.port or 80)


def _place(url: str) -> tuple[str, str]:
    """Give the origin of an address and what is asked of it, as it goes over the wire."""
    if plain := _PLAIN.fullmatch(url):
        return plain[1], plain[2]
    request = requests.PreparedRequest()
    request.prepare_method("GET")
    request.prepare_url(url, None)
    told = str(request.url)
    if urls.host(told) != urls.host(url):
        raise requests.exceptions.InvalidURL("the host can be read in two ways")
    return urls.origin(told), request.path_url
