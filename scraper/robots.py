"""Robots: what a host allows, by RFC 9309. Unknown is not allowed."""

from collections.abc import Callable

from protego import Protego

from sectionary.scraper import urls
from sectionary.scraper.errors import FetchError
from sectionary.scraper.http import PRODUCT, Client
from sectionary.scraper.pace import LONGEST_DELAY, crawl_delay, is_passing
from sectionary.scraper.response import Response

_MOST_REDIRECTS = 5                      # RFC 9309 2.3.1.2
_MOST_PARSED = 500 * 1024                # bytes; RFC 9309 2.5
_ATTEMPTS = 3


class Robots:
    """One host's rules for this crawler.

    `unavailable` says why the rules cannot be known now, or not be kept; then nothing is allowed. `delay` is
    what they want between two requests, in seconds.
    """

    def __init__(self, text: str = "", *, unavailable: str | None = None) -> None:
        self._rules = Protego.parse(text)
        self.delay = max(crawl_delay(self._rules.crawl_delay(PRODUCT)), _request_delay(self._rules))
        if self.delay > LONGEST_DELAY:
            unavailable = f"robots.txt asks for {self.delay:.0f} s between requests"
        self.unavailable = unavailable

    def allows(self, url: str) -> bool:
        """Tell whether the page at `url` may be fetched."""
        return self.unavailable is None and bool(self._rules.can_fetch(url, PRODUCT))


def read(answer: Response) -> Robots:
    """Judge the answer to /robots.txt (RFC 9309 2.3.1).

    No file (4xx) allows all; a server in trouble (5xx, 429) allows nothing for now; more redirects than
    five, or one that leads nowhere, count as no file; a web page in place of the file holds no rules.
    """
    if is_passing(answer.status):
        return Robots(unavailable=f"robots.txt: http {answer.status}")
    if answer.status != 200 or _is_page(answer.body):
        return Robots()
    return Robots(answer.body[:_MOST_PARSED].decode(_charset(answer.body), "replace"))


def fetch(client: Client, url: str) -> Robots:
    """Fetch and read the robots.txt that rules over `url`."""
    place = f"{urls.origin(url)}/robots.txt"
    try:
        return read(client.get_patiently(place, attempts=_ATTEMPTS, redirects=_MOST_REDIRECTS))
    except FetchError as error:
        if error.reason == "too many redirects":
            return Robots()
        return Robots(unavailable=f"robots.txt: {error.reason}")


class Rulebook:
    """The robots.txt of every host that was asked for, each fetched once."""

    def __init__(self, client: Client, fetch: Callable[[Client, str], Robots] = fetch) -> None:
        self._client = client
        self._fetch = fetch
        self._known: dict[str, Robots] = {}

    def of(self, url: str) -> Robots:
        """Give the rules over `url`, and keep the pace that they ask for."""
        place = urls.origin(url)
        if place not in self._known:
            rules = self._known[place] = self._fetch(self._client, url)
            if rules.unavailable is None:
                self._client.pace.slow_to(rules.delay)
        return self._known[place]


def _request_delay(rules: Protego) -> float:
    """Turn a Request-rate ("1/10s") into the seconds between two requests, at any time of the day."""
    rate = rules.request_rate(PRODUCT)
    return rate.seconds / rate.requests if rate else 0.0


def _is_page(body: bytes) -> bool:
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def _charset(body: bytes) -> str:
    """Files are UTF-8 by the RFC, and UTF-16 where an editor of Windows saved them."""
    return "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
