"""Endpoints: the three ways in which a MediaWiki gives a page, and what each one's answer means.

page    the page as readers see it, which caches serve: the cheapest for the wiki, and the default
parse   api.php?action=parse (API:Parsing_wikitext), for wikis whose pages are shut and whose API is open
rest    rest.php/v1/page/TITLE/html (API:REST API/Reference), Parsoid's HTML
"""

from collections.abc import Callable
from typing import Literal
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from sectionary.scraper import urls
from sectionary.scraper.response import Response
from sectionary.scraper.sources.api import PASSING_CODES
from sectionary.scraper.sources.listing import Found
from sectionary.scraper.sources.replies import ApiError
from sectionary.scraper.verdict import Verdict, judge

Endpoint = Literal["page", "parse", "rest"]

_MISSING = frozenset({"missingtitle", "nosuchpageid", "nosuchrevid"})


class _Parse(Struct, frozen=True):
    text: str = ""


class _Answer(Struct, frozen=True):
    parse: _Parse | None = None
    error: ApiError | None = None
    warnings: msgspec.Raw = field(default_factory=lambda: msgspec.Raw(b"null"))


def page_address(endpoint: Endpoint, found: Found, title: str, page_id: int) -> str:
    """Give the address to fetch a page from."""
    return _ADDRESSES[endpoint](found, title, page_id)


def opened(endpoint: Endpoint, answer: Response) -> tuple[Response, Verdict]:
    """Give an endpoint's answer as the page that it holds, and the state that the page gets by it."""
    if endpoint != "parse" or answer.status != 200:
        return answer, judge(answer)
    try:
        said = _ANSWER.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return answer, Verdict("rejected", "api: no answer that can be read")
    if said.error:
        return answer, _refused(said.error.code)
    text = said.parse.text if said.parse else ""
    page = replace(answer, headers=_as_html(answer), body=_document(text))
    return page, judge(page) if text.strip() else Verdict("rejected", "empty body")


def _refused(code: str) -> Verdict:
    state = "gone" if code in _MISSING else "pending" if code in PASSING_CODES else "rejected"
    return Verdict(state, f"api: {code[:80]}")


def _as_html(answer: Response) -> tuple[tuple[str, str], ...]:
    kept = tuple((name, value) for name, value in answer.headers if name.lower() != "content-type")
    return (*kept, ("Content-Type", "text/html; charset=UTF-8"))


def _document(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _shown(found: Found, title: str, _page_id: int) -> str:
    canonical = urls.article_url(found.server, found.article_path, title)
    return found.origin + canonical.removeprefix(urls.origin(canonical))


def _parsed(found: Found, _title: str, page_id: int) -> str:
    query = {
        "action": "parse", "format": "json", "formatversion": 2, "maxlag": 5, "pageid": page_id, "prop": "text",
        "disableeditsection": 1,
    }  # fmt: skip
    return f"{found.api}?{urlencode(query)}"


def _rest(found: Found, title: str, _page_id: int) -> str:
    folder = str(found.api).rpartition("/")[0]
    return f"{folder}/rest.php/v1/page/{quote(title.replace(' ', '_'), safe='')}/html"


_ADDRESSES: dict[Endpoint, Callable[[Found, str, int], str]] = {"page": _shown, "parse": _parsed, "rest": _rest}
_ANSWER = msgspec.json.Decoder(_Answer)
