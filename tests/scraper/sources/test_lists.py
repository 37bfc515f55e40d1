"""What of a wiki is listed: chosen titles, beginnings of titles, categories, recent changes."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sectionary.scraper.errors import SiteError
from sectionary.scraper.http import Client
from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.sources import api
from sectionary.scraper.sources.listing import Found, Listed, Visit
from sectionary.scraper.sources.mediawiki import discover, enumerate_pages, wanted
from tests.program import called
from tests.scraper.conftest import Wiki

IDS = {
    "Tide": 1, "Ebb": 2, "Tidal bore": 3, "Apple": 4, "Category:Tides": 5, "Category:Bores": 6, "Wave": 7,
    "Talk:Tide": 8,
}  # fmt: skip
MEMBERS = {
    "Category:Tides": ["Ebb", "Tide", "Talk:Tide", "Category:Bores"],
    "Category:Bores": ["Tidal bore", "Tide", "Category:Tides"],
}
REDIRECTS = {"Low tide": "Ebb"}
NAMESPACES = {"Talk": 1, "Category": 14}


def row(title: str) -> dict[str, Any]:
    prefix, colon, _ = title.partition(":")
    facts = {"ns": NAMESPACES.get(prefix, 0) if colon else 0, "title": title}
    if title not in IDS:
        return {**facts, "invalid": True} if "{" in title else {**facts, "missing": True}
    return {**facts, "pageid": IDS[title], "lastrevid": 100 + IDS[title]}


class LittleApi:
    """Answers the lists of api.php for some titles, and remembers what it was asked."""

    def __init__(self, wiki: Wiki) -> None:
        self.asked: list[dict[str, str]] = []
        wiki.answers["/w/api.php"] = self.answer

    def answer(self, handler: Any) -> tuple[int, dict[str, str], bytes]:
        """Answer one request."""
        query = {key: values[0] for key, values in parse_qs(urlsplit(handler.path).query).items()}
        self.asked.append(query)
        return 200, {"Content-Type": "application/json"}, json.dumps(self.reply(query)).encode()

    def reply(self, query: dict[str, str]) -> dict[str, Any]:
        """Say what becomes JSON."""
        if query.get("meta") == "siteinfo":
            general = {"server": "https://mini.example", "articlepath": "/wiki/$1", "case": "first-letter"}
            return {"query": {"general": general, "statistics": {"pages": 9, "articles": 5}}}
        if "titles" in query:
            named = [REDIRECTS.get(title, title) for title in query["titles"].split("|")]
            return {"batchcomplete": True, "query": {"pages": [row(title) for title in named]}}
        if query.get("list") == "recentchanges":
            return {"batchcomplete": True, "query": {"recentchanges": [{"timestamp": "2026-10-01T00:00:00Z"}]}}
        if query.get("list") == "logevents":
            return {"batchcomplete": True, "query": {"logevents": []}}
        return self.generated(query)

    def generated(self, query: dict[str, str]) -> dict[str, Any]:
        """List what a generator gives."""
        match query["generator"]:
            case "categorymembers":
                spaces = set(map(int, query["gcmnamespace"].split("|")))
                rows = [row(title) for title in MEMBERS.get(query["gcmtitle"], [])]
                rows = [each for each in rows if each["ns"] in spaces]
            case "allpages":
                rows = [row(title) for title in sorted(IDS)]
                begin = query.get("gapprefix", "").replace("_", " ")
                rows = [each for each in rows if each["ns"] == int(query["gapnamespace"])]
                rows = [each for each in rows if each["title"].rpartition(":")[2].startswith(begin)]
            case "recentchanges":
                rows = [row("Ebb"), {**row("Tide"), "redirect": True}, {"ns": 0, "title": "Gone", "missing": True}]
        return {"batchcomplete": True, "query": {"pages": rows}}


@pytest.fixture
def little(wiki: Wiki) -> LittleApi:
    return LittleApi(wiki)


@pytest.fixture
def listing(client: Client, wiki: Wiki, little: LittleApi) -> Callable[..., list[Listed]]:
    assert little.asked == []

    def lists(since: str | None = None, **told: Any) -> list[Listed]:
        here = visit(client, wiki, since=since, **told)
        return list(enumerate_pages(here, discover(here)))

    return lists


def visit(client: Client, wiki: Wiki, *, since: str | None = None, **told: Any) -> Visit:
    site = SiteSettings.model_validate({"name": "mini", "url": f"{wiki.url}/w/api.php", **told})
    return Visit(client=client, site=site, allows=lambda _: True, since=since)


def found(client: Client, wiki: Wiki, **told: Any) -> Found:
    return discover(visit(client, wiki, **told))


def taken(pages: list[Listed]) -> list[str | None]:
    return [page.title for page in pages if page.excluded is None]


def test_a_few_titles_cost_one_request_and_not_the_whole_list(
    listing: Callable[..., list[Listed]], little: LittleApi
) -> None:
    pages = listing(include=["Tide", "Wave"])
    assert [(page.key, page.excluded) for page in pages] == [("page_id:1", None), ("page_id:7", None)]
    assert [query.get("titles") for query in little.asked] == [None, "Tide|Wave"]


def test_titles_are_asked_for_fifty_at_a_time(listing: Callable[..., list[Listed]], little: LittleApi) -> None:
    listing(include=[f"Page {number}" for number in range(120)])
    assert [query["titles"].count("|") + 1 for query in little.asked[1:]] == [50, 50, 20]


def test_a_title_that_leads_elsewhere_gives_the_page_it_leads_to_once(listing: Callable[..., list[Listed]]) -> None:
    assert taken(listing(include=["Low tide", "Ebb"])) == ["Ebb"]


def test_a_title_that_is_not_there_is_listed_and_no_title_excluded(listing: Callable[..., list[Listed]]) -> None:
    pages = {page.title: page for page in listing(include=["Tide", "Kraken", "A{b", "A|b"])}
    assert pages["Tide"].key == "page_id:1"
    assert (pages["Kraken"].key, pages["Kraken"].excluded) == ("https://mini.example/wiki/Kraken", None)
    assert [pages[title].excluded for title in ("A{b", "A|b")] == ["no title", "no title"]


def test_a_beginning_of_titles_asks_for_these_alone(listing: Callable[..., list[Listed]], little: LittleApi) -> None:
    pages = listing(include=["Tid*", "Talk:T*"], exclude=["Tidal*"])
    assert {page.title: page.excluded for page in pages} == {"Tidal bore": "scope", "Tide": None, "Talk:Tide": None}
    asked = [(query["gapprefix"], query["gapnamespace"]) for query in little.asked if "gapprefix" in query]
    assert asked == [("Tid", "0"), ("T", "1")]


@pytest.mark.parametrize("rule", ["*bore", "*/wiki/T*", "?ide", "[AB]*"])
def test_any_other_pattern_needs_the_whole_list(
    listing: Callable[..., list[Listed]], little: LittleApi, rule: str
) -> None:
    listing(include=[rule, "Tide"])
    assert [query["generator"] for query in little.asked[1:]] == ["allpages"]


def test_a_category_gives_its_own_pages(listing: Callable[..., list[Listed]]) -> None:
    assert taken(listing(include=["Category:Tides"])) == ["Ebb", "Tide"]


@pytest.mark.parametrize(("depth", "titles"), [(1, ["Ebb", "Tide", "Tidal bore"]), (9, ["Ebb", "Tide", "Tidal bore"])])
def test_subcategories_count_to_the_depth_told_and_a_circle_ends(
    listing: Callable[..., list[Listed]], little: LittleApi, depth: int, titles: list[str]
) -> None:
    assert taken(listing(include=["Category:Tides"], category_depth=depth)) == titles
    asked = [query["gcmtitle"] for query in little.asked[1:]]
    assert asked == ["Category:Tides", "Category:Bores"]


def test_categories_and_patterns_add_up_and_a_category_can_be_left_out(listing: Callable[..., list[Listed]]) -> None:
    pages = listing(include=["category: Tides", "Wave", "Ap*"], exclude=["Category:Bores", "Apple"])
    assert {page.title: page.excluded for page in pages} == {
        "Ebb": None, "Tide": "scope", "Wave": None, "Apple": "scope",
    }  # fmt: skip


def test_with_the_whole_list_a_category_keeps_its_pages_in(listing: Callable[..., list[Listed]]) -> None:
    pages = listing(include=["Category:Tides", "*pple"])
    assert sorted(map(str, taken(pages))) == ["Apple", "Ebb", "Tide"]
    assert len({page.key for page in pages}) == len(pages) == 5


def test_namespaces_hold_for_categories_too(listing: Callable[..., list[Listed]]) -> None:
    assert taken(listing(include=["Category:Tides"], namespaces=[1])) == ["Talk:Tide"]


def test_only_the_whole_list_says_that_a_missing_page_is_gone(client: Client, wiki: Wiki, little: LittleApi) -> None:
    assert little.asked == []
    for told, whole in (({}, True), ({"include": ["Tide"]}, False), ({"include": ["*"]}, True)):
        listed = found(client, wiki, **told)
        assert (listed.whole, listed.partial) == (whole, False)


def test_recent_changes_list_what_changed_and_say_nothing_of_the_rest(
    client: Client, wiki: Wiki, little: LittleApi, listing: Callable[..., list[Listed]]
) -> None:
    pages = listing(since="2026-11-20T00:00:00Z")
    assert taken(pages) == ["Ebb"]
    assert little.asked[-1]["grcend"] == "2026-11-20T00:00:00Z"
    listed = found(client, wiki, since="2026-11-20T00:00:00Z")
    assert (listed.whole, listed.partial) == (False, True)


def test_a_beginning_that_no_title_has_is_told(listing: Callable[..., list[Listed]]) -> None:
    with pytest.raises(SiteError, match=r"include: 'a\|' begins no title"):
        listing(include=["a|*"])


def test_include_is_read_as_what_can_be_asked_for() -> None:
    chosen = wanted(["Category:A", "Tide", "Ti*", "Talk:*"])
    assert (chosen.every, chosen.titles, chosen.prefixes, chosen.categories) == (
        False, ("Tide",), ("Ti", "Talk:"), ("A",),
    )  # fmt: skip


def endless(wiki: Wiki, reply: Callable[[int], dict[str, Any]]) -> None:
    """Let api.php answer every request of a list with one more, and never with an end."""
    numbers = itertools.count()
    info = {"query": {"general": {"server": "https://mini.example", "articlepath": "/wiki/$1"}}}

    def answer(handler: Any) -> tuple[int, dict[str, str], bytes]:
        said = info if "siteinfo" in handler.path else reply(next(numbers))
        return 200, {"Content-Type": "application/json"}, json.dumps(said).encode()

    wiki.answers["/w/api.php"] = answer


def lists_all(client: Client, wiki: Wiki) -> list[Listed]:
    here = visit(client, wiki)
    return list(enumerate_pages(here, discover(here)))


@pytest.mark.case("F10")
def test_endless_tokens_for_the_same_pages_end_with_one_line(client: Client, wiki: Wiki) -> None:
    endless(wiki, lambda number: {
        "batchcomplete": True, "continue": {"gapcontinue": f"T{number}"}, "query": {"pages": [row("Tide"), row("Ebb")]},
    })  # fmt: skip
    with pytest.raises(SiteError, match=r"^mini: the API's listing goes in a circle: .* again and again$"):
        lists_all(client, wiki)
    assert wiki.hits["/w/api.php"] == 12


@pytest.mark.case("F10")
def test_a_run_that_meets_a_listing_without_end_says_so_and_ends_with_code_5(wiki: Wiki, tmp_path: Path) -> None:
    endless(wiki, lambda number: {
        "batchcomplete": True, "continue": {"gapcontinue": f"T{number}"}, "query": {"pages": [row("Tide"), row("Ebb")]},
    })  # fmt: skip
    (tmp_path / "config.yaml").write_text(
        "scraper:\n  delay: 0\n  private_hosts: [127.0.0.1]\n  sites:\n"
        f"    - {{name: mini, url: '{wiki.url}/wiki/', source: mediawiki}}\n", "utf-8",
    )  # fmt: skip
    ended = called("run", cwd=tmp_path)
    assert ended.returncode == 5
    assert "\nmini: failed: the API's listing goes in a circle" in ended.stdout
    assert "mini: \n" not in ended.stderr          # of no page there is nothing to count


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.case("F10")
def test_endless_tokens_without_pages_end_with_one_line(
    client: Client, wiki: Wiki, monkeypatch: pytest.MonkeyPatch, whole: bool  # noqa: FBT001
) -> None:
    monkeypatch.setattr(api, "_MOST_BARREN", 20)
    pages = {} if whole else {"query": {"pages": [row("Tide")]}}
    end = {"batchcomplete": True} if whole else {}
    endless(wiki, lambda number: {**end, "continue": {"gapcontinue": f"T{number}"}, **pages})
    with pytest.raises(SiteError, match="goes on without a page for 21 answers"):
        lists_all(client, wiki)


def test_a_wiki_of_the_first_version_is_listed_to_its_end(client: Client, wiki: Wiki) -> None:
    left = [["Tide", "Ebb"], ["Wave"]]
    endless(wiki, lambda number: {
        "query": {"pages": {str(IDS[title]): {**row(title), "missing": False} for title in left[number]}},
        **({"query-continue": {"allpages": {"gapcontinue": "W"}}} if number == 0 else {}),
    })  # fmt: skip
    assert taken(lists_all(client, wiki)) == ["Tide", "Ebb", "Wave"]


@pytest.mark.parametrize(("said", "reason"), [
    ({"query": {"pages": [{"pageid": "one", "title": "A"}]}}, r"Expected `int.*pages\[0\]\.pageid"),
    ({"query": {"pages": 5}}, r"Expected `.*pages"), ({"query": []}, "Expected `object"),
    ({"continue": "x"}, "Expected `object"),
])  # fmt: skip
def test_an_answer_of_another_type_is_told_with_its_place(
    client: Client, wiki: Wiki, said: dict[str, Any], reason: str
) -> None:
    endless(wiki, lambda _: said)
    with pytest.raises(SiteError, match=rf"the API's answer cannot be read: {reason}"):
        lists_all(client, wiki)


def test_an_api_that_is_down_is_not_taken_for_one_that_is_not_there(client: Client, wiki: Wiki) -> None:
    wiki.answers["/w/api.php"] = (503, {}, b"")
    with pytest.raises(SiteError, match=r"no MediaWiki API answers now; .*/w/api\.php: http 503"):
        discover(visit(client, wiki, url=f"{wiki.url}/wiki/"))
