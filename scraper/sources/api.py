"""Api: one wiki's api.php, asked as its etiquette wants and until it has said all there is to say.

Rules from the manual: API:Etiquette, API:Continue, API:Errors and warnings, Manual:Maxlag parameter.
robots.txt speaks of pages; api.php is meant for programs and has its own etiquette, which is kept: one
request at a time, `maxlag`, waiting when told to.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from msgspec import structs

from sectionary.scraper import urls
from sectionary.scraper.errors import FetchError, SiteError
from sectionary.scraper.http import Client
from sectionary.scraper.pace import is_passing
from sectionary.scraper.response import Response
from sectionary.scraper.sources.repeats import Repeats
from sectionary.scraper.sources.replies import LogEvent, Page, Query, Reply, error_code, read_reply

PAGES_A_REQUEST = 500
TITLES_A_REQUEST = 50
_SECONDS_OF_LAG = 5                      # Manual:Maxlag parameter
_MOST_BARREN = 500                       # answers in a row without a page; wikis in miser mode give some

# Errors that come with status 200 and pass by themselves.
PASSING_CODES = frozenset({
    "maxlag", "ratelimited", "readonly", "internal_api_error_DBConnectionError",
    "internal_api_error_DBQueryError", "internal_api_error_DBQueryTimeoutError",
    "internal_api_error_RequestTimeoutException", "rest-rate-limit-exceeded",
})  # fmt: skip


class Api:
    """The api.php at `address`, for the site called `site`."""

    def __init__(self, client: Client, site: str, address: str) -> None:
        self._client = client
        self._site = site
        self.address = address

    def ask_siteinfo(self) -> Response:
        """Ask a would-be api.php who the wiki is."""
        parts = "general|rightsinfo|namespaces|namespacealiases|specialpagealiases|interwikimap|statistics"
        return self._get(meta="siteinfo", siprop=parts)

    def siteinfo(self, answer: Response) -> Query | None:
        """Read what a wiki says of itself; None where nothing like api.php answers. Raises SiteError if it refuses."""
        if answer.status != 200:
            return None
        try:
            reply = read_reply(answer.body)
        except ValueError:
            return None
        self._refuse_errors(reply)
        return reply.query if reply.query and reply.query.general else None

    def pages(self, **query: Any) -> Iterator[Page]:
        """Give all pages of a query, each whole.

        Raises SiteError where the list does not end: it goes in a circle, brings nothing, or the same again.
        """
        repeats = Repeats()
        for batch in self._batches(query):
            if repeats.end(page.pageid or 0 for page in batch):
                raise self._failure("the API's listing goes in a circle: it lists the same pages again and again")
            yield from batch

    def events(self, **query: Any) -> Iterator[LogEvent]:
        """Give all events of list=logevents; SiteError where they do not end."""
        repeats = Repeats()
        for reply in self._replies({"list": "logevents", **query}):
            batch = reply.query.logevents if reply.query else []
            if repeats.end(event.logid for event in batch):
                raise self._failure("the API's log goes in a circle: it tells the same events again and again")
            yield from batch

    def oldest_change(self) -> str | None:
        """Give the time (RFC 3339) of the oldest change that list=recentchanges still knows, if any."""
        reply = self._ask({"list": "recentchanges", "rcdir": "newer", "rclimit": 1, "rcprop": "timestamp"})
        return next((each.timestamp for each in (reply.query.recentchanges if reply.query else [])), None)

    def _batches(self, query: dict[str, Any]) -> Iterator[list[Page]]:
        """Put together what comes in pieces: a batch is whole when the API says so (API:Continue)."""
        pieces: dict[str, Page] = {}
        barren = 0                       # answers that gave no page, or no end to a batch
        for reply in self._replies(query):
            for page in reply.query.all_pages() if reply.query else ():
                name = str(page.pageid or page.title)
                pieces[name] = _joined(pieces[name], page) if name in pieces else page
            barren += 1
            if reply.ends_batch and pieces:
                yield list(pieces.values())
                pieces.clear()
                barren = 0
            if barren > _MOST_BARREN:
                raise self._failure(f"the API's listing goes on without a page for {barren} answers")
        if pieces:
            yield list(pieces.values())

    def _replies(self, query: dict[str, Any]) -> Iterator[Reply]:
        """Follow `continue` to its end."""
        seen: set[int] = set()
        further: dict[str, str | int] = {}
        while True:
            reply = self._ask({**query, **further})
            yield reply
            further = reply.next
            if not further:
                return
            mark = urlencode(sorted(further.items()))
            if hash(mark) in seen:
                raise self._failure(f"the API's listing goes in a circle at {mark[:200]}")
            seen.add(hash(mark))

    def _ask(self, query: dict[str, Any]) -> Reply:
        try:
            answer = self._get(**query)
        except FetchError as error:
            raise self._failure(f"the API does not answer: {error.reason}") from error
        if answer.status != 200:
            raise self._failure(f"the API does not answer: http {answer.status}")
        try:
            reply = read_reply(answer.body)
        except ValueError as error:
            raise self._failure(f"the API's answer cannot be read: {error}") from error
        self._refuse_errors(reply)
        return reply

    def _get(self, **query: Any) -> Response:
        fixed = {"action": "query", "format": "json", "formatversion": 2, "maxlag": _SECONDS_OF_LAG}
        address = f"{self.address}?{urlencode({**fixed, **query})}"
        return self._client.get_patiently(address, follow=urls.same_host, passing=is_passing_answer)

    def _refuse_errors(self, reply: Reply) -> None:
        if reply.error:
            said = reply.error.info[:200]
            raise self._failure(f"the API refuses: {reply.error.code}{': ' + said if said else ''}")

    def _failure(self, reason: str) -> SiteError:
        return SiteError(self._site, reason)


def is_passing_answer(answer: Response) -> bool:
    """Tell whether to ask the API again: by status, by error code, or because JSON came cut or mangled."""
    if is_passing(answer.status):
        return True
    try:
        return error_code(answer.body) in PASSING_CODES
    except ValueError:
        return "json" in (answer.header("content-type") or "")


def _joined(first: Page, more: Page) -> Page:
    """Put two pieces of one page together; what the later one tells goes over the earlier."""
    told = {name: value for name, value in structs.asdict(more).items() if value not in (None, False)}
    return structs.replace(first, **told)
