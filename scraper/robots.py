"""Robots: what a host allows, by RFC 9309. Unknown is not allowed."""

from collections.abc import Callable

from sectionary.scraper import urls
from sectionary.scraper.blocked import block
from sectionary.scraper.errors import FetchError
from sectionary.scraper.http import Client
from sectionary.scraper.pace import LONGEST_DELAY, crawl_delay, is_passing
from sectionary.scraper.response import Response
from sectionary.scraper.robotsfile import MOST_PARSED, Line, parse
from sectionary.scraper.version import PRODUCT

_MOST_REDIRECTS = 5                      # RFC 9309 2.3.1.2
_ATTEMPTS = 3
DAY = 24 * 3600.0                        # seconds for which a file may be kept; RFC 9309 2.4
HOUR = 3600.0                            # seconds after which one that could not be had is asked for again
_LEADS_NOWHERE = frozenset({"too many redirects", "circle of redirects"})


class Robots:
    """One host's rules for this crawler.

    `unavailable` says why the rules cannot be known now, or not be kept; then nothing is allowed. `delay` is
    what they want between two requests, in seconds; `ai_use` what they say of the use of pages.
    """

    def __init__(self, text: str = "", *, unavailable: str | None = None) -> None:
        self._file = parse(text, PRODUCT)
        self.ai_use: tuple[Line, ...] = self._file.ai_use
        self.delay = max(crawl_delay(self._file.crawl_delay), self._file.request_delay)
        if self.delay > LONGEST_DELAY:
            unavailable = f"robots.txt asks for {self.delay:.0f} s between requests"
        self.unavailable = unavailable

    def allows(self, url: str) -> bool:
        """Tell whether the page at `url` may be fetched."""
        return self.unavailable is None and self._file.allows(url)


def read(answer: Response) -> Robots:
    """Judge the answer to /robots.txt (RFC 9309 2.3.1).

    No file (4xx) allows all; a server in trouble (5xx, 429) allows nothing for now, nor does one that shuts its
    door; more redirects than five, or one that leads nowhere, count as no file; a web page in place of the file
    holds no rules.
    """
    if is_passing(answer.status):
        return Robots(unavailable=f"robots.txt: http {answer.status}")
    if not 200 <= answer.status < 300:
        return Robots()
    if reason := block(answer):
        return Robots(unavailable=f"robots.txt: {reason}")
    if _is_page(answer.body):
        return Robots()
    return Robots(_text(answer.body))


def fetch(client: Client, url: str) -> Robots:
    """Fetch and read the robots.txt that rules over `url`, wherever redirects lead to it."""
    place = f"{urls.origin(url)}/robots.txt"
    try:
        return read(
            client.get_patiently(place, attempts=_ATTEMPTS, redirects=_MOST_REDIRECTS, enough=MOST_PARSED + 1)
        )
    except FetchError as error:
        if error.reason in _LEADS_NOWHERE:
            return Robots()
        return Robots(unavailable=f"robots.txt: {error.reason}")


class Rulebook:
    """The robots.txt of every host that was asked for, fetched once a day, or sooner where it was not to be had."""

    def __init__(self, client: Client, fetch: Callable[[Client, str], Robots] = fetch) -> None:
        self._client = client
        self._fetch = fetch
        self._known: dict[str, tuple[float, Robots]] = {}

    def of(self, url: str) -> Robots:
        """Give the rules over `url`, and keep the pace that they ask for."""
        place = urls.origin(url)
        now = self._client.pace.now()
        until, rules = self._known.get(place, (now, None))
        if rules is None or now >= until:
            rules = self._fetch(self._client, url)
            self._known[place] = self._client.pace.now() + (HOUR if rules.unavailable else DAY), rules
            if rules.unavailable is None:
                self._client.pace.slow_to(urls.host(url), rules.delay)
        return rules


def _is_page(body: bytes) -> bool:
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def _text(body: bytes) -> str:
    """Read a file's first 500 KiB, but no line that these cut: half a path is another path.

    Files are UTF-8 by the RFC, and UTF-16 where an editor of Windows saved them.
    """
    coding = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = body[:MOST_PARSED].decode(coding, "replace")
    if len(body) <= MOST_PARSED:
        return text
    return text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
