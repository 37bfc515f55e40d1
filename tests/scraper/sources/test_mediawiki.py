"""What a wiki's api.php says of it, and the list of its pages."""

import json
from typing import Any

import pytest

from sectionary.scraper.errors import FetchError, SiteError
from sectionary.scraper.http import Client
from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.sources.listing import Found, Listed, Visit
from sectionary.scraper.sources.mediawiki import discover, enumerate_pages
from tests.scraper.conftest import HTML, ToldClock, Wiki


def site(wiki: Wiki, **told: Any) -> SiteSettings:
    return SiteSettings.model_validate({"name": "mini", "url": f"{wiki.url}/wiki/", **told})


def visit(client: Client, wiki: Wiki, **told: Any) -> Visit:
    return Visit(client=client, site=site(wiki, **told), allows=lambda _: True)


def find(client: Client, wiki: Wiki, **told: Any) -> Found:
    return discover(visit(client, wiki, **told))


def listing(client: Client, wiki: Wiki, **told: Any) -> list[Listed]:
    here = visit(client, wiki, **told)
    return list(enumerate_pages(here, discover(here)))


def test_a_wiki_says_who_it_is(client: Client, wiki: Wiki) -> None:
    found = find(client, wiki)
    assert (found.api, found.origin, found.whole) == (f"{wiki.url}/w/api.php", wiki.url, True)
    info = found.info
    assert (info.site, info.name, info.engine, info.generator, info.language) == (
        "mini.example", "Miniature", "mediawiki", "MediaWiki 1.44.0", "en",
    )  # fmt: skip
    assert (info.license, info.license_text, info.license_source) == ("CC-BY-SA-4.0", "CC BY-SA 4.0", "api")


def test_a_licence_that_the_wiki_does_not_name_stays_unknown(client: Client, wiki: Wiki) -> None:
    wiki.license = ("", "")
    info = find(client, wiki).info
    assert (info.license, info.license_text, info.license_source) == (None, None, None)
    told = find(client, wiki, license="CC-BY-4.0").info
    assert (told.license, told.license_source) == (None, None)       # what the operator says is no word of the site


def test_the_api_is_where_the_page_says_even_when_it_names_another_host(client: Client, wiki: Wiki) -> None:
    link = b'<link rel="EditURI" type="application/rsd+xml" href="//mini.example/odd/api.php?action=rsd"/>'
    wiki.answers["/wiki/"] = (200, HTML, b"<html><head>" + link)
    wiki.answers["/w/api.php"] = (404, {}, b"")
    wiki.answers["/odd/api.php"] = lambda handler: handler.send(
        200, {"Content-Type": "application/json"}, b'{"query": {"general": {"server": "https://odd.example"}}}'
    )
    found = find(client, wiki)
    assert (found.api, found.info.site) == (f"{wiki.url}/odd/api.php", "odd.example")


@pytest.mark.parametrize("place", ["/api.php", "/wiki/api.php", "/mediawiki/api.php", "/corner/api.php"])
def test_without_a_link_the_usual_places_are_tried(client: Client, wiki: Wiki, place: str) -> None:
    wiki.answers["/w/api.php"] = (404, {}, b"")
    wiki.answers[place] = (200, {"Content-Type": "application/json"}, b'{"query": {"general": {}}}')
    found = find(client, wiki, url=f"{wiki.url}/corner/index.php")
    assert found.api == f"{wiki.url}{place}"


def test_the_address_of_the_api_itself_will_do(client: Client, wiki: Wiki) -> None:
    assert find(client, wiki, url=f"{wiki.url}/w/api.php").api == f"{wiki.url}/w/api.php"


def test_a_page_that_robots_forbid_is_not_read_to_find_the_api(client: Client, wiki: Wiki) -> None:
    found = discover(Visit(client=client, site=site(wiki), allows=lambda _: False))
    assert found.api == f"{wiki.url}/w/api.php"
    assert wiki.hits["/wiki/"] == 0


@pytest.mark.parametrize("answer", [
    (404, {}, b""), (403, HTML, b"<html>Forbidden"), (200, HTML, b"<html>A page"), (200, {}, b'{"query": {}}'),
    (200, {}, b"[1]"),
])  # fmt: skip
def test_where_there_is_no_api_one_line_tells_what_was_tried(client: Client, wiki: Wiki, answer: Any) -> None:
    wiki.answers["/w/api.php"] = answer
    with pytest.raises(SiteError, match=r"^mini: no MediaWiki API found; tried .*/w/api\.php, .*/api\.php"):
        find(client, wiki)


def test_a_site_that_moved_to_another_host_is_not_followed_there(client: Client, wiki: Wiki) -> None:
    wiki.answers["/wiki/"] = (301, {"Location": "https://elsewhere.example/wiki/"}, b"")
    with pytest.raises(SiteError, match=r"leads to https://elsewhere\.example/wiki/; write that address"):
        find(client, wiki)


def test_every_page_is_listed_once_over_all_continuations(client: Client, wiki: Wiki) -> None:
    titles = [f"Page {letter}" for letter in "ABCDEFGH"]
    for title in titles:
        wiki.page(title)
    pages = listing(client, wiki)
    assert [page.title for page in pages] == titles
    assert len(wiki.queries) == 1 + 3
    assert {query["maxlag"] for query in wiki.queries} == {"5"}
    assert {query["gapfilterredir"] for query in wiki.queries[1:]} == {"nonredirects"}


def test_a_page_is_fetched_where_the_operator_said_and_known_by_the_wikis_own_address(
    client: Client, wiki: Wiki
) -> None:
    wiki.page("Tom & Jerry", page_id=7)
    (page,) = listing(client, wiki)
    assert page.url == f"{wiki.url}/wiki/Tom_%26_Jerry"
    assert page.canonical_url == "https://mini.example/wiki/Tom_%26_Jerry"
    assert (page.key, page.page_id, page.revision_id, page.namespace) == ("page_id:7", 7, 107, 0)


def test_a_revision_knows_when_it_was_made(client: Client, wiki: Wiki) -> None:
    wiki.page("A", page_id=1)
    (page,) = listing(client, wiki)
    assert page.date_modified == "2026-01-01T00:00:00Z"
    assert (wiki.queries[-1]["prop"], wiki.queries[-1]["rvprop"]) == ("info|revisions", "ids|timestamp")


@pytest.mark.parametrize("said", [
    [], None, [{"revid": 101, "timestamp": "now"}], [{"revid": 101}],
    [{"revid": 99, "timestamp": "2026-01-01T00:00:00Z"}],
])  # fmt: skip
def test_a_time_that_is_none_or_of_another_revision_is_not_taken(client: Client, wiki: Wiki, said: Any) -> None:
    page = {"pageid": 1, "ns": 0, "title": "A", "lastrevid": 101, "revisions": said}
    wiki.answers["/w/api.php"] = reply(INFO, json.dumps({"batchcomplete": True, "query": {"pages": [page]}}).encode())
    (listed,) = listing(client, wiki)
    assert (listed.revision_id, listed.date_modified) == (101, None)


def test_scope_is_told_and_nothing_is_left_out(client: Client, wiki: Wiki) -> None:
    for title in ("Apple", "Apple tree", "Pear", "Plum_old"):
        wiki.page(title)
    pages = listing(client, wiki, include=["Apple*", "*/wiki/Plum*"], exclude=["Apple tree"])
    assert {page.title: page.excluded for page in pages} == {
        "Apple": None, "Apple tree": "scope", "Pear": "scope", "Plum_old": None,
    }  # fmt: skip


@pytest.mark.parametrize("code", [
    "maxlag", "ratelimited", "readonly", "internal_api_error_DBConnectionError",
    "internal_api_error_DBQueryTimeoutError",
])  # fmt: skip
@pytest.mark.case("F8")
def test_an_error_that_passes_is_waited_out(client: Client, wiki: Wiki, clock: ToldClock, code: str) -> None:
    wiki.page("A")
    wiki.api_errors = [(code, {"Retry-After": "5"}), (code, {"Retry-After": "6"})]
    assert [page.title for page in listing(client, wiki)] == ["A"]
    assert clock.passed == pytest.approx(11)


def test_an_error_that_does_not_pass_ends_the_site_with_its_code(client: Client, wiki: Wiki) -> None:
    wiki.api_errors = [("readapidenied", {})]
    with pytest.raises(SiteError, match="the API refuses: readapidenied: told to"):
        find(client, wiki)


def test_an_error_that_never_passes_ends_the_site_too(client: Client, wiki: Wiki) -> None:
    wiki.api_errors = [("maxlag", {"Retry-After": "1"})] * 9
    with pytest.raises(SiteError, match="the API refuses: maxlag"):
        find(client, wiki)
    assert len(wiki.queries) == 5


def reply(*bodies: bytes) -> Any:
    left = list(bodies)
    return lambda _: (200, {"Content-Type": "application/json"}, left.pop(0) if len(left) > 1 else left[0])


INFO = b'{"query": {"general": {"server": "https://mini.example", "articlepath": "/wiki/$1"}}}'


@pytest.mark.case("F10")
def test_a_listing_that_goes_in_a_circle_ends(client: Client, wiki: Wiki) -> None:
    wiki.answers["/w/api.php"] = reply(INFO, b'{"continue": {"gapcontinue": "A", "continue": "-"}, "query": {}}')
    with pytest.raises(SiteError, match="goes in a circle"):
        listing(client, wiki)


@pytest.mark.case("F11")
def test_pages_that_come_in_pieces_are_put_together(client: Client, wiki: Wiki) -> None:
    wiki.answers["/w/api.php"] = reply(
        INFO,
        b'{"continue": {"incontinue": "1"}, '
        b'"query": {"pages": [{"pageid": 1, "title": "A"}, {"pageid": 2, "title": "B"}]}}',
        b'{"batchcomplete": true, "query": {"pages": [{"pageid": 1, "lastrevid": 5}, {"pageid": 2, "lastrevid": 6}]}}',
    )
    assert [(page.title, page.revision_id) for page in listing(client, wiki)] == [("A", 5), ("B", 6)]


def test_mangled_json_is_asked_for_again(client: Client, wiki: Wiki) -> None:
    wiki.answers["/w/api.php"] = reply(INFO, b'{"query": {"pa', b'{"query": {"pages": [{"pageid": 1, "title": "A"}]}}')
    assert [page.title for page in listing(client, wiki)] == ["A"]


def test_what_is_no_page_in_a_listing_is_told(client: Client, wiki: Wiki) -> None:
    wiki.answers["/w/api.php"] = reply(INFO, b'{"query": {"pages": [{"title": "A"}]}}')
    with pytest.raises(SiteError, match="the API lists what is no page"):
        listing(client, wiki)


def test_an_api_that_stops_answering_is_told(client: Client, wiki: Wiki) -> None:
    found = find(client, wiki)
    wiki.answers["/w/api.php"] = (503, {}, b"")
    with pytest.raises(SiteError, match="the API does not answer: http 503"):
        list(enumerate_pages(visit(client, wiki), found))


def test_a_host_that_is_not_there_is_a_failure_to_fetch(client: Client, wiki: Wiki) -> None:
    with pytest.raises(FetchError, match="private address"):
        find(client, wiki, url="http://127.0.0.2:9/wiki/")
