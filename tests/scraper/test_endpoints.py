"""The three ways in which a MediaWiki gives a page."""

import json
from typing import Any

import pytest

from sectionary.cleaners.article import clean
from sectionary.scraper.archive import read_page
from sectionary.scraper.endpoints import opened
from sectionary.scraper.response import Response
from tests.scraper.conftest import HTML, Street

JSON = {"Content-Type": "application/json; charset=utf-8"}
BODY = '<div class="mw-parser-output"><p>The tide <b>falls</b>.</p><h2>Causes</h2><p>The Moon, é.</p></div>'


def parsing(street: Street, replies: dict[str, Any]) -> None:
    """Let api.php answer action=parse by page number, and everything else as before."""

    def answer(handler: Any) -> tuple[int, dict[str, str], bytes]:
        query = dict(part.split("=") for part in handler.path.partition("?")[2].split("&"))
        if query["action"] != "parse":
            headers, reply = street.wiki.api({key: value.replace("%7C", "|") for key, value in query.items()})
            return 200, {**JSON, **headers}, json.dumps(reply).encode()
        said = replies[query["pageid"]]
        said = said.pop(0) if isinstance(said, list) else said
        return 200, JSON, said if isinstance(said, bytes) else json.dumps(said).encode()

    street.wiki.answers["/w/api.php"] = answer


def test_a_page_by_action_parse_is_the_article_that_it_holds(street: Street) -> None:
    street.wiki.page("Ebb", (403, HTML, b"shut"))
    parsing(street, {"1": {"parse": {"title": "Ebb", "pageid": 1, "text": BODY}}})
    (only,) = street.fetch(endpoint="parse")
    page = read_page(street.raw, only.ref)
    assert page.body.decode() == BODY
    assert page.canonical_url == "https://mini.example/wiki/Ebb"
    assert "action=parse" in page.url
    assert street.wiki.hits["/wiki/Ebb"] == 0
    article = clean(page)
    assert (article.title, [section.heading for section in article.sections]) == ("Ebb", [None, "Causes"])


@pytest.mark.parametrize(("said", "state", "reason"), [
    ({"error": {"code": "missingtitle"}}, "gone", "api: missingtitle"),
    ({"error": {"code": "nosuchpageid"}}, "gone", "api: nosuchpageid"),
    ({"error": {"code": "permissiondenied"}}, "rejected", "api: permissiondenied"),
    ({"error": {"code": "readonly"}}, "pending", "api: readonly"),
    ({"parse": {"text": " "}}, "rejected", "empty body"), ({}, "rejected", "empty body"),
    (b'{"parse": {"te', "rejected", "api: no answer that can be read"),
    ({"parse": {"text": {"*": "old"}}}, "rejected", "api: no answer that can be read"),
])  # fmt: skip
@pytest.mark.case("F8")
def test_every_answer_of_action_parse_leads_to_one_state(street: Street, said: Any, state: str, reason: str) -> None:
    street.wiki.page("Ebb")
    street.wiki.page("Flood")
    parsing(street, {"1": said, "2": {"parse": {"text": BODY}}})
    street.fetch(endpoint="parse")
    assert street.states() == {"Ebb": (state, reason), "Flood": ("done", None)}


def test_a_busy_api_is_asked_again(street: Street) -> None:
    street.wiki.page("Ebb")
    parsing(street, {"1": [{"error": {"code": "maxlag"}}, {"parse": {"text": BODY}}]})
    street.fetch(endpoint="parse")
    assert street.counts() == {"done": 1}


def test_robots_rule_over_action_parse_as_over_pages(street: Street) -> None:
    street.wiki.page("Ebb")
    street.wiki.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /w/\n")
    street.fetch(endpoint="parse")
    assert street.states() == {"Ebb": ("excluded", "robots")}


def test_what_robots_say_of_a_page_holds_whichever_way_it_is_fetched(street: Street) -> None:
    street.wiki.page("Ebb")
    parsing(street, {"1": {"parse": {"text": BODY}}})
    street.wiki.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /wiki/Ebb\n")
    street.fetch(endpoint="parse")
    assert street.states() == {"Ebb": ("excluded", "robots")}


def test_a_page_by_rest_is_parsoids(street: Street) -> None:
    street.wiki.page("AC/DC & more")
    street.wiki.answers["/w/rest.php/v1/page/AC%2FDC_%26_more/html"] = (200, HTML, BODY.encode())
    (only,) = street.fetch(endpoint="rest")
    assert read_page(street.raw, only.ref).canonical_url == "https://mini.example/wiki/AC/DC_%26_more"
    assert street.counts() == {"done": 1}


def test_an_answer_of_a_page_is_left_as_it_is() -> None:
    answer = Response(url="https://a.example/x", status=200, headers=(("Content-Type", "text/html"),), body=b"<p>x")
    assert opened("page", answer)[0] is answer
