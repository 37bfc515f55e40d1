"""HTTP: a polite session with the world, over connections (wire.py) that are opened in one place alone (door.py).

A Client says who it is, waits its turn before each request, follows redirects itself, and gives whole answers
only: cut, endless, dripping or oversized bodies are errors.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Self

import requests
from msgspec.structs import replace

from sectionary.scraper import codings, framing, urls
from sectionary.scraper.door import Door
from sectionary.scraper.errors import FetchError
from sectionary.scraper.failures import meaning
from sectionary.scraper.pace import MOST_ATTEMPTS, Pace, is_passing
from sectionary.scraper.response import Response
from sectionary.scraper.version import PRODUCT, VERSION
from sectionary.scraper.wire import Sent, Timeouts, Wire

MOST_REDIRECTS = 10

_CHUNK = 2**20                          # bytes read at once: most pages come in one piece
_DRAINED = 2**16                        # bytes of a redirect's page that are read
_ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"


def user_agent(contact: str | None) -> str:
    """Say whose crawler this is: "sectionary/0.1.0 (you@example.org) python-requests/2.34.2"."""
    who = f" ({contact})" if contact else ""
    return f"{PRODUCT}/{VERSION}{who} python-requests/{requests.__version__}"


def always(_url: str, _target: str) -> bool:
    """Follow every redirect."""
    return True


def _agreed(follow: Callable[[str, str], bool], url: str, target: str) -> bool:
    try:
        return follow(url, target)
    except ValueError as error:          # no address that could be held against another
        raise FetchError(urls.shown(target), f"bad address: {error}") from error


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
        self._door = Door(private_hosts, pace, self._timeouts.whole)
        self._wire = Wire(self._door, self._timeouts)
        self._headers = {
            "User-Agent": user_agent(contact), "Accept": _ACCEPT, "Accept-Encoding": codings.ACCEPTED,
        }  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._wire.close()
        self._door.close()
        self.pace.close()

    def get(  # noqa: PLR0913  all but the first by name
        self, url: str, *, redirects: int = MOST_REDIRECTS, follow: Callable[[str, str], bool] = always,
        headers: Mapping[str, str] | None = None, enough: int | None = None, sent: Sent | None = None,
    ) -> Response:  # fmt: skip
        """Fetch `url` and give the answer, of any status.

        Redirects are followed as long as `follow(from, to)` agrees; the first it declines is the answer. `headers`
        are sent besides our own, with each of these requests. With `enough`, only so many bytes of the body are
        given. `sent` is what `send_ahead` gave for this address and these headers. Raises FetchError where no whole
        answer arrives, its reason a slug of `failures`, "bad address: …", "private address: …", "too many redirects",
        "circle of redirects" or a CodingError's.
        """
        seen: tuple[str, ...] = ()
        while True:
            answer = self._ask(url, headers or {}, enough, sent)
            sent = None
            target = answer.location
            if target is None or not _agreed(follow, answer.url, target):
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

    def send_ahead(self, url: str, headers: Mapping[str, str] | None = None) -> Sent | None:
        """Send the request that `get` is to give the answer of next, so that the server has a start.

        None where it cannot go out at this moment, for it is not its turn or no connection is open; `get` sees to it.
        """
        if urls.refusal(url):
            return None
        try:
            with self._door.watch:
                return self._wire.send(url, {**self._headers, **(headers or {})}, at_once=True)
        except Exception as error:  # noqa: BLE001  raised again where it is no failure of the network's
            meaning(url, error, late=False)
            return None

    def _ask(self, url: str, headers: Mapping[str, str], enough: int | None, sent: Sent | None) -> Response:
        if reason := urls.refusal(url):
            raise FetchError(urls.shown(url), f"bad address: {reason}")
        if sent is None:
            self.pace.wait(urls.host(url))
        try:
            with self._door.watch:
                answer = self._received(sent or self._sent(url, headers), enough)
        except Exception as error:
            failure = meaning(url, error, late=self._door.watch.expired)
            self._heard("request", 0, failure.reason)
            raise failure from error
        if self._door.watch.expired:
            raise FetchError(url, "timeout", retryable=True)
        return answer

    def _sent(self, url: str, headers: Mapping[str, str]) -> Sent:
        sent = self._wire.send(url, {**self._headers, **headers})
        assert sent is not None  # noqa: S101  for the type checker: it waits its turn
        return sent

    def _received(self, sent: Sent, enough: int | None) -> Response:
        with self._wire.receive(sent) as raw:
            response = Response(
                url=sent.url,
                status=raw.status,
                reason=framing.one_line(raw.reason or ""),
                headers=tuple(framing.plain(raw.headers.iteritems())),
                request_headers=(("Host", urls.host(sent.url)), *sent.headers.items()),
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


def _read(raw: Any, most_bytes: int, enough: int | None) -> tuple[bytes, bool]:
    """Read a body as transferred, or enough of it, and tell whether it was cut.

    urllib3 checks a body against its Content-Length and chunk sizes.
    """
    length = raw.length_remaining
    if enough is None and length is not None and length <= most_bytes:
        return raw.read(decode_content=False), False
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
