"""The example encyclopedia, asked over real HTTP."""

import gzip
import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import requests
from protego import Protego

from sectionary.scraper.demo import DemoServer, Encyclopedia, accepts_gzip

GOLD = Path(__file__).parent.parent / "cleaners" / "example_sections.json"
ALLPAGES = {
    "action": "query", "format": "json", "formatversion": 2, "maxlag": 5, "generator": "allpages",
    "gapnamespace": 0, "gapfilterredir": "nonredirects", "gaplimit": 500, "prop": "info", "inprop": "url",
}  # fmt: skip
PLACES = ("127.0.0.1", "localhost", "/tmp/", "/usr/share")  # noqa: S108 - where a page may have been rendered


@pytest.fixture(scope="module")
def wiki() -> Iterator[DemoServer]:
    with DemoServer(Encyclopedia(slow=0)) as server:
        yield server


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def ask(wiki: DemoServer, session: requests.Session, **parameters: Any) -> dict[str, Any]:
    return dict(session.get(wiki.base_url + "/api.php", params=parameters, timeout=5).json())


def list_pages(wiki: DemoServer, session: requests.Session, **changed: Any) -> Iterator[list[dict[str, Any]]]:
    """The batches of a listing, each continued as API:Continue says."""
    parameters = ALLPAGES | changed
    while True:
        answer = ask(wiki, session, **parameters)
        yield answer.get("query", {}).get("pages", [])
        if "continue" not in answer:
            return
        parameters = parameters | answer["continue"]


def titles(batches: Iterator[list[dict[str, Any]]]) -> list[str]:
    return [page["title"] for batch in batches for page in batch]


def test_the_listing_comes_in_batches_of_ten_and_names_every_page_once(
    wiki: DemoServer, session: requests.Session
) -> None:
    batches = list(list_pages(wiki, session))
    named = titles(iter(batches))
    assert [len(batch) for batch in batches[:-1]] == [10] * (len(batches) - 1)
    assert len(named) == len(set(named)) == wiki.encyclopedia.index["expected"]["listed"]


def test_the_listing_is_in_the_order_of_the_keys(wiki: DemoServer, session: requests.Session) -> None:
    keys = [title.replace(" ", "_") for title in titles(list_pages(wiki, session))]
    assert keys == sorted(keys)


def test_a_small_limit_is_kept(wiki: DemoServer, session: requests.Session) -> None:
    assert len(next(list_pages(wiki, session, gaplimit=3))) == 3


def test_redirects_are_listed_apart(wiki: DemoServer, session: requests.Session) -> None:
    redirects = titles(list_pages(wiki, session, gapfilterredir="redirects"))
    assert redirects == ["Neap tide", "Tides"]
    everything = titles(list_pages(wiki, session, gapfilterredir="all"))
    assert sorted(everything) == sorted(redirects + titles(list_pages(wiki, session)))


def test_categories_are_listed_in_their_own_namespace(wiki: DemoServer, session: requests.Session) -> None:
    assert titles(list_pages(wiki, session, gapnamespace=14)) == ["Category:Shores", "Category:Tides"]
    assert titles(list_pages(wiki, session, gapnamespace=6)) == []


def test_a_listed_page_has_its_identity_and_its_address_on_the_wiki_s_own_server(
    wiki: DemoServer, session: requests.Session
) -> None:
    found = {page["title"]: page for batch in list_pages(wiki, session) for page in batch}
    page = found["Marée"]
    assert page["canonicalurl"] == "https://strandline.example/wiki/Mar%C3%A9e"
    assert page["pagelanguage"] == "fr"
    assert min(page["pageid"], page["lastrevid"]) > 0
    assert page["touched"].startswith("2026-")
    assert found["潮汐"]["pagelanguage"] == "ja"


def test_a_listed_page_has_its_last_revision_where_that_is_asked_for(
    wiki: DemoServer, session: requests.Session
) -> None:
    asked = list_pages(wiki, session, prop="info|revisions", rvprop="ids|timestamp")
    rows = {row["page_id"]: row for row in wiki.encyclopedia.index["pages"]}
    for page in (page for batch in asked for page in batch):
        (revision,) = page["revisions"]
        assert revision["revid"] == page["lastrevid"]
        assert revision["timestamp"] == rows[page["pageid"]]["touched"]
    assert all("revisions" not in page for batch in list_pages(wiki, session) for page in batch)


def test_siteinfo_names_the_server_the_licence_and_the_namespaces(
    wiki: DemoServer, session: requests.Session
) -> None:
    answer = ask(
        wiki, session, action="query", meta="siteinfo", siprop="general|rightsinfo|namespaces",
        format="json", formatversion=2,
    )  # fmt: skip
    assert sorted(answer["query"]) == ["general", "namespaces", "rightsinfo"]
    assert answer["query"]["general"]["server"] == "https://strandline.example"
    assert answer["query"]["general"]["articlepath"] == "/wiki/$1"
    assert answer["query"]["general"]["generator"].startswith("MediaWiki 1.39")
    assert answer["query"]["rightsinfo"] == {
        "url": "https://creativecommons.org/licenses/by-sa/4.0/",
        "text": "CC BY-SA 4.0",
    }
    assert answer["query"]["namespaces"]["14"]["canonical"] == "Category"


def test_siteinfo_holds_nothing_of_the_machine_that_rendered_it(wiki: DemoServer) -> None:
    text = (wiki.encyclopedia.folder / "api" / "siteinfo.json").read_text(encoding="utf-8")
    assert [mark for mark in ("phpversion", "dbversion", *PLACES) if mark in text] == []


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"action": "edit", "formatversion": 2}, "badvalue"),
        ({"action": "query", "formatversion": 1}, "badvalue"),
        ({**ALLPAGES, "gaplimit": "many"}, "badinteger"),
        ({**ALLPAGES, "gapnamespace": "Talk"}, "badinteger"),
    ],
)
def test_a_wrong_api_request_is_told_so_with_status_200(
    wiki: DemoServer, session: requests.Session, parameters: dict[str, Any], code: str
) -> None:
    assert ask(wiki, session, **parameters)["error"]["code"] == code


def test_titles_can_be_looked_up_and_a_deleted_one_is_missing(
    wiki: DemoServer, session: requests.Session
) -> None:
    pages = ask(
        wiki, session, action="query", prop="info", titles="Tide_pool|Sea serpent|Kraken", formatversion=2
    )["query"]["pages"]
    assert [page.get("missing", False) for page in pages] == [False, True, True]
    assert pages[0]["lastrevid"] > 0


def test_robots_allows_articles_and_forbids_the_harbour_notices(
    wiki: DemoServer, session: requests.Session
) -> None:
    answer = session.get(wiki.base_url + "/robots.txt", timeout=5)
    assert answer.headers["Content-Type"].startswith("text/plain")
    rules = Protego.parse(answer.text)
    assert rules.can_fetch(wiki.base_url + "/wiki/Tide", "sectionary")
    assert rules.can_fetch(wiki.base_url + "/api.php?action=query", "sectionary")
    assert not rules.can_fetch(wiki.base_url + "/wiki/Harbour_notices", "sectionary")
    assert not rules.can_fetch(wiki.base_url + "/wiki/Special:Random", "sectionary")
    assert (rules.crawl_delay("sectionary") or 0) < 0.1


def test_every_listed_page_ends_as_the_index_expects(wiki: DemoServer, session: requests.Session) -> None:
    ends: dict[str, list[str]] = {"merged": [], "gone": [], "rejected": [], "written": []}
    for title in titles(list_pages(wiki, session)):
        answer = retry(session, wiki.base_url + "/wiki/" + quote(title.replace(" ", "_")))
        ends[end_of(answer)].append(title)
    expected = wiki.encyclopedia.index["expected"]
    assert {name: ends[name] for name in ("merged", "gone", "rejected")} == {
        name: expected[name] for name in ("merged", "gone", "rejected")
    }
    assert len(ends["written"]) == expected["written"] + len(expected["excluded"])
    assert sum(expected["by_language"].values()) == expected["written"]


def retry(session: requests.Session, url: str) -> requests.Response:
    """The answer of the second request where the first is refused."""
    answer = session.get(url, timeout=5, allow_redirects=False)
    return session.get(url, timeout=5, allow_redirects=False) if answer.status_code == 429 else answer


def end_of(answer: requests.Response) -> str:
    if answer.status_code == 200:
        return "written" if answer.headers["Content-Type"].startswith("text/html") else "rejected"
    return {301: "merged", 404: "gone"}[answer.status_code]


def test_the_numbers_of_the_index_add_up(wiki: DemoServer) -> None:
    expected = wiki.encyclopedia.index["expected"]
    lost = sum(len(expected[name]) for name in ("merged", "gone", "excluded", "rejected"))
    assert expected["listed"] == expected["written"] + lost
    assert set(expected["by_language"]) == {"ar", "de", "en", "fr", "ja", "zh"}


def test_the_moved_page_leads_to_a_listed_one(wiki: DemoServer, session: requests.Session) -> None:
    answer = session.get(wiki.base_url + "/wiki/Rock_pool", timeout=5)
    assert [hop.status_code for hop in answer.history] == [301]
    assert urlsplit(answer.url).path == "/wiki/Tide_pool"
    assert '<h1 id="firstHeading"' in answer.text


def test_a_title_in_another_spelling_leads_to_the_canonical_one(
    wiki: DemoServer, session: requests.Session
) -> None:
    for spelling in ("/wiki/tide%20pool", "/wiki/Tide%20pool", "/index.php?title=Tide_pool"):
        answer = session.get(wiki.base_url + spelling, timeout=5)
        assert (answer.status_code, urlsplit(answer.url).path) == (200, "/wiki/Tide_pool")


def test_the_root_leads_to_the_main_page(wiki: DemoServer, session: requests.Session) -> None:
    assert urlsplit(session.get(wiki.base_url + "/", timeout=5).url).path == "/wiki/Main_Page"


def test_a_redirect_page_is_answered_with_its_target_as_mediawiki_does(
    wiki: DemoServer, session: requests.Session
) -> None:
    answer = session.get(wiki.base_url + "/wiki/Tides", timeout=5)
    assert (answer.status_code, answer.history) == (200, [])
    assert "Redirected from" in answer.text
    assert '<link rel="canonical" href="https://strandline.example/wiki/Tide"/>' in answer.text


def test_a_page_is_refused_once_per_server_and_then_given(session: requests.Session) -> None:
    for _ in range(2):
        with DemoServer() as server:
            first, second = (session.get(server.base_url + "/wiki/Barnacle", timeout=5) for _ in range(2))
        assert (first.status_code, first.headers["Retry-After"]) == (429, "1")
        assert second.status_code == 200


def test_the_slow_page_takes_its_time_and_the_others_do_not() -> None:
    slept: list[float] = []
    wiki = Encyclopedia(sleep=slept.append)
    wiki.answer("/wiki/Gezeiten")
    assert slept == []
    assert wiki.answer("/wiki/Wattenmeer").status == 200
    assert slept == [0.8]


def test_the_almanac_is_a_pdf_under_an_article_s_address(wiki: DemoServer, session: requests.Session) -> None:
    answer = session.get(wiki.base_url + "/wiki/Almanac_2026", timeout=5)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer.content.endswith(b"%%EOF\n")


@pytest.mark.parametrize(
    "path", ["/wiki/Kraken", "/wiki/Sea_serpent", "/images/a/ab/None.png", "/load.php", "/wiki/"]
)
def test_what_is_not_there_is_404(wiki: DemoServer, session: requests.Session, path: str) -> None:
    assert session.get(wiki.base_url + path, timeout=5).status_code == 404


def test_every_picture_of_a_page_is_served(wiki: DemoServer, session: requests.Session) -> None:
    page = session.get(wiki.base_url + "/wiki/Tide_pool", timeout=5).text
    sources = {part.partition('"')[0] for part in page.split('src="/images/')[1:]}
    assert len(sources) == 4
    for source in sources:
        answer = session.get(f"{wiki.base_url}/images/{source}", timeout=5)
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.content.startswith(b"\x89PNG")


def test_a_connection_serves_many_requests_and_keeps_its_lengths(wiki: DemoServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(wiki.base_url).port or 0, timeout=5)
    connection.connect()
    kept = connection.sock
    for path in ("/wiki/Tide", "/wiki/Sea_serpent", "/wiki/Rock_pool", "/robots.txt"):
        connection.request("GET", path)
        answer = connection.getresponse()
        assert len(answer.read()) == int(answer.headers["Content-Length"])
    assert connection.sock is kept
    connection.close()


def test_head_has_the_headers_of_get_and_no_body(wiki: DemoServer, session: requests.Session) -> None:
    got = session.get(wiki.base_url + "/wiki/Tide", timeout=5)
    head = session.head(wiki.base_url + "/wiki/Tide", timeout=5)
    assert head.content == b""
    assert head.headers["Content-Length"] == got.headers["Content-Length"]
    assert head.headers["ETag"] == got.headers["ETag"]


def test_gzip_is_used_where_it_is_accepted(wiki: DemoServer) -> None:
    bodies = [raw_body(wiki, "/wiki/Tide", coding) for coding in ("gzip", "identity")]
    assert gzip.decompress(bodies[0]) == bodies[1]


def raw_body(wiki: DemoServer, path: str, coding: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(wiki.base_url).port or 0, timeout=5)
    connection.request("GET", path, headers={"Accept-Encoding": coding})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.headers.get("Content-Encoding", "identity") == coding
    return body


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("GZIP ; q=1", True),
        ("gzip;q=0", False),
        ("br", False),
        ("", False),
    ],
)
def test_a_weight_of_zero_refuses_gzip(header: str, accepted: bool) -> None:  # noqa: FBT001 - a table
    assert accepts_gzip(header) is accepted


def test_an_unchanged_page_is_not_sent_again(wiki: DemoServer, session: requests.Session) -> None:
    url = wiki.base_url + "/wiki/Tide"
    first = session.get(url, timeout=5)
    for field, value in (
        ("If-None-Match", first.headers["ETag"]),
        ("If-None-Match", '"other", ' + first.headers["ETag"].removeprefix("W/")),
        ("If-Modified-Since", first.headers["Last-Modified"]),
    ):
        again = session.get(url, headers={field: value}, timeout=5)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]


def test_a_changed_page_is_sent_again(wiki: DemoServer, session: requests.Session) -> None:
    for headers in (
        {"If-None-Match": '"old"'},
        {"If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
        {"If-None-Match": '"old"', "If-Modified-Since": "Fri, 01 Jan 2027 00:00:00 GMT"},
    ):
        assert session.get(wiki.base_url + "/wiki/Tide", headers=headers, timeout=5).status_code == 200


def test_the_server_says_nothing_on_the_terminal(
    session: requests.Session, capfd: pytest.CaptureFixture[str]
) -> None:
    with DemoServer() as server:
        session.get(server.base_url + "/wiki/Tide", timeout=5)
        session.get(server.base_url + "/wiki/Kraken", timeout=5)
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(server.base_url).port or 0, timeout=5)
        connection.request("GET", "/wiki/Tide")
        connection.close()
    assert capfd.readouterr() == ("", "")


def test_a_closed_server_answers_no_more(session: requests.Session) -> None:
    with DemoServer() as server:
        address = server.base_url
    with pytest.raises(requests.ConnectionError):
        session.get(address + "/wiki/Tide", timeout=5)


def test_two_servers_stand_side_by_side(session: requests.Session) -> None:
    with DemoServer() as one, DemoServer() as two:
        assert one.base_url != two.base_url
        for server in (one, two):
            assert session.get(server.base_url + "/robots.txt", timeout=5).status_code == 200


def test_every_article_looks_like_a_page_of_a_wiki_with_ads(wiki: DemoServer) -> None:
    marks = (
        "mw-editsection-visualeditor", "Advertise on Strandline", "Search Strandline", " Resources</th>",
        "Translate this page:", "Explore Strandline", "See the full <a", "Credits: ", "Contributors: ",
        "qrlite-result", "CC BY-SA 4.0</a> unless otherwise noted",
    )  # fmt: skip
    for row in articles(wiki):
        text = wiki.encyclopedia.answer(row["path"]).body.decode()
        own = marks if "mw-headline" in text else marks[1:]
        assert [mark for mark in own if mark not in text] == []
        assert text.count('href="https://translate.example/') == 42


def articles(wiki: DemoServer) -> list[dict[str, Any]]:
    """The rows that are answered plainly and with HTML."""
    rows: list[dict[str, Any]] = wiki.encyclopedia.index["pages"]
    return [row for row in rows if row["answer"] is None]


def test_every_heading_of_the_gold_stands_in_its_page(wiki: DemoServer) -> None:
    gold = json.loads(GOLD.read_text(encoding="utf-8"))
    rows = {row["title"]: row for row in wiki.encyclopedia.index["pages"]}
    for title, sections in gold.items():
        text = (wiki.encyclopedia.folder / rows[title]["file"]).read_text(encoding="utf-8")
        assert text.count('class="mw-headline"') == len(sections)
        anchors = [f'id="{anchor}"' for _, _, anchor in sections]
        assert [anchor for anchor in anchors if anchor not in text.replace("&#39;", "'")] == []


def test_an_article_has_the_direction_of_its_language(wiki: DemoServer) -> None:
    for title, mark in (("مد وجزر", 'lang="ar" dir="rtl"'), ("潮汐", 'lang="ja" dir="ltr"')):
        page = wiki.encyclopedia.answer("/wiki/" + quote(title.replace(" ", "_"))).body.decode()
        assert f'<div id="mw-content-text" class="mw-body-content mw-content-{mark[-4:-1]}" {mark}>' in page


def test_no_page_depends_on_when_or_where_it_was_rendered(wiki: DemoServer) -> None:
    for file in sorted((wiki.encyclopedia.folder / "pages").iterdir()):
        text = file.read_text(encoding="utf-8")
        assert [mark for mark in ("NewPP", "parser cache", *PLACES) if mark in text] == []
