"""From a site's name to its pages in the archive, against a real server."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sectionary.scraper import fetch
from sectionary.scraper.archive import Archive, read_page
from sectionary.scraper.errors import ConfigError, SiteError
from sectionary.scraper.fetch import fetch_site
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.settings import ScraperSettings, SiteSettings
from tests.scraper.conftest import HTML, Street, ToldClock, Wiki


def test_a_wiki_is_fetched_whole_and_its_pages_know_what_they_are(street: Street) -> None:
    for title in ("A", "B", "C", "D"):
        street.wiki.page(title)
    fetched = street.fetch()
    assert street.counts() == {"done": 4}
    page = read_page(street.raw, fetched[1].ref)
    assert (page.title, page.page_id, page.revision_id, page.namespace) == ("B", 2, 102, 0)
    assert (page.url, page.canonical_url) == (f"{street.wiki.url}/wiki/B", "https://mini.example/wiki/B")
    assert page.date_fetched == "2026-11-22T09:30:00Z"
    assert page.http.status == 200
    assert page.http.content_type == "text/html; charset=UTF-8"
    assert page.site_info is not None
    assert page.site_info.license == "CC-BY-SA-4.0"
    assert page.body == street.wiki.answers["/wiki/B"][2]


def test_a_second_run_fetches_only_what_changed(street: Street) -> None:
    for title in ("A", "B", "C"):
        street.wiki.page(title)
    street.fetch()
    street.wiki.hits.clear()
    street.wiki.revisions["B"] = 999
    assert [page.key for page in street.fetch()] == ["page_id:2"]
    assert [street.wiki.hits[f"/wiki/{title}"] for title in "ABC"] == [0, 1, 0]


@pytest.mark.parametrize(("answer", "state", "reason"), [
    ((404, HTML, b"x"), "gone", "http: 404"),
    ((410, HTML, b"x"), "gone", "http: 410"),
    ((403, HTML, b"x"), "rejected", "http: 403"),
    ((200, {"Content-Type": "application/pdf"}, b"%PDF-1.7"), "rejected", "not html: application/pdf"),
    ((200, HTML, b"%PDF-1.7 under a false name"), "rejected", "not html: application/pdf"),
    ((200, HTML, b""), "rejected", "empty body"),
    ((200, HTML, b"<p>" + bytes(300_000)), "rejected", "too large"),
    ((301, {}, b""), "rejected", "http: 301"),
    ((301, {"Location": "file:///etc/passwd"}, b""), "rejected",
     "redirect: scheme file; only http and https are fetched"),
    ((301, {"Location": "https://else.example/x"}, b""), "rejected", "redirect: else.example"),
    ((500, HTML, b"x"), "pending", "http: 500"),
    ((429, HTML, b"x"), "pending", "http: 429"),
    ((200, {**HTML, "Content-Encoding": "gzip"}, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xb3"), "pending",
     "truncated body"),
    ((200, {**HTML, "Content-Encoding": "lzma"}, b"x"), "rejected", "unknown coding: lzma"),
])  # fmt: skip
@pytest.mark.case("F12", "F16")
def test_every_answer_leads_to_one_state_and_the_run_goes_on(
    street: Street, answer: Any, state: str, reason: str
) -> None:
    street.wiki.page("A")
    street.wiki.page("B", answer)
    street.wiki.page("C")
    street.fetch()
    assert street.states() == {"A": ("done", None), "B": (state, reason), "C": ("done", None)}


def test_an_excluded_page_is_listed_and_never_asked_for(street: Street) -> None:
    street.wiki.page("A")
    street.wiki.page("B")
    street.wiki.page("C")
    street.wiki.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /wiki/B\n")
    street.fetch(exclude=["C"])
    assert street.states() == {"A": ("done", None), "B": ("excluded", "robots"), "C": ("excluded", "scope")}
    assert street.wiki.hits["/wiki/B"] + street.wiki.hits["/wiki/C"] == 0


@pytest.mark.case("F16")
def test_a_page_that_moved_is_merged_into_a_listed_one_and_that_is_fetched_once(street: Street) -> None:
    street.wiki.page("A", (301, {"Location": "/wiki/B"}, b""))
    street.wiki.page("B")
    (only,) = street.fetch()
    assert street.states()["A"] == ("merged", "redirect: https://mini.example/wiki/B")
    assert street.wiki.hits["/wiki/B"] == 1
    assert only.canonical_url == "https://mini.example/wiki/B"


def again(street: Street, answers: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    """Fetch once more, all pages with new revisions and some with other answers."""
    for title in street.wiki.pages:
        street.wiki.revisions[title] = street.wiki.revisions.get(title, 500) + 1
    street.wiki.answers.update(answers)
    street.fetch()
    return street.states()


def redirects(location: str) -> dict[str, Any]:
    return {f"/wiki/{title}": (302, {"Location": location.format(title)}, b"") for title in "ABC"}


@pytest.mark.parametrize(("location", "reason"), [
    ("https://login.example/?to={}", "redirect: login.example"),
    ("/wiki/Login", "blocked: redirect to https://mini.example/wiki/Login"),
    ("/wiki/Login?to={}", "blocked: redirect to https://mini.example/wiki/Login?to={}"),
])  # fmt: skip
@pytest.mark.parametrize("known", [True, False])
def test_a_login_in_the_place_of_pages_takes_nothing_away_and_is_no_page(
    street: Street, location: str, reason: str, known: bool  # noqa: FBT001
) -> None:
    for title in "ABC":
        street.wiki.page(title)
    pages = dict(street.wiki.answers)
    login = {"/wiki/Login": (200, HTML, b"<html><p>Who are you?")}
    if known:
        street.fetch()
    states = again(street, {**redirects(location), **login})
    assert {title: states[title][0] for title in "ABC"} == dict.fromkeys("ABC", "rejected")
    assert states["C"][1] == reason.format("C")
    assert street.wiki.hits["/wiki/Login"] == 0
    assert not street.counts().get("done")
    street.wiki.answers.update(pages)
    street.fetch()                       # the same revisions: it was the door that was shut
    assert street.counts()["done"] == 3


def test_pages_that_all_lead_to_the_front_page_are_kept(street: Street) -> None:
    for title in ("A", "B", "C", "Main"):
        street.wiki.page(title)
    street.fetch()
    states = again(street, redirects("/wiki/Main"))
    assert {state for state, _ in states.values()} == {"rejected", "done"}
    assert street.counts() == {"rejected": 3, "done": 1}


def test_a_page_that_is_not_there_is_asked_for_once_a_run(street: Street) -> None:
    street.wiki.page("A", (404, HTML, b"x"))
    street.wiki.page("B", (403, HTML, b"x"))
    for times in (1, 2):
        street.fetch()
        assert street.states() == {"A": ("gone", "http: 404"), "B": ("rejected", "http: 403")}
        assert (street.wiki.hits["/wiki/A"], street.wiki.hits["/wiki/B"]) == (times, times)
    street.wiki.page("A", page_id=1)
    street.wiki.page("B", page_id=2)
    street.fetch()
    assert street.counts() == {"done": 2}


def test_pages_that_are_not_to_be_had_do_not_use_up_a_limit(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_LISTED_AT_ONCE", 4)     # the listing goes on beyond them, too
    for letter in "ABCD":
        street.wiki.page(letter, (403, HTML, b"x"))
    for letter in "EFG":
        street.wiki.page(letter)
    street.fetch(limit=4)
    assert [page.key for page in street.fetch(limit=2)] == ["page_id:5", "page_id:6"]
    assert [page.key for page in street.fetch(limit=2)] == ["page_id:7"]


def test_a_rejected_page_knows_when_it_was_asked_for(street: Street) -> None:
    street.wiki.page("A", (403, HTML, b"x"))
    street.fetch()
    (row,) = street.ledger.pages(street.name)
    assert (row.date, row.retryable, row.raw_file) == ("2026-11-22T09:30:00Z", True, None)


def test_the_archive_holds_what_the_site_said_and_nothing_of_its_operator(street: Street) -> None:
    street.wiki.license = ("", "")
    street.wiki.page("A")
    (only,) = street.fetch(rules="wikimd", license="CC0-1.0")
    page = read_page(street.raw, only.ref)
    assert page.rules is None
    assert page.site_info is not None
    assert (page.site_info.license, page.site_info.license_source) == (None, None)
    assert page.date_modified == "2026-01-01T00:00:00Z"


def test_a_page_that_moved_to_where_nothing_was_listed_is_fetched_there(street: Street) -> None:
    street.wiki.page("A", (301, {"Location": "/wiki/New"}, b""))
    street.wiki.answers["/wiki/New"] = (200, HTML, b"<html><p>New")
    (only,) = street.fetch()
    page = read_page(street.raw, only.ref)
    assert page.canonical_url == "https://mini.example/wiki/New"
    assert page.redirected_from == (f"{street.wiki.url}/wiki/A",)
    assert street.counts() == {"done": 1, "merged": 1}


def test_a_redirect_that_only_respells_the_address_is_the_same_page(street: Street) -> None:
    street.wiki.page("A", (301, {"Location": "/wiki/A/"}, b""))
    street.wiki.answers["/wiki/A/"] = (200, HTML, b"<html><p>A")
    (only,) = street.fetch()
    page = read_page(street.raw, only.ref)
    assert (page.url, page.redirected_from) == (f"{street.wiki.url}/wiki/A/", (f"{street.wiki.url}/wiki/A",))


@pytest.mark.parametrize(("rules", "state"), [
    ((200, {}, b"User-agent: *\nDisallow: /wiki/A/\n"), ("excluded", "robots")),
    ((200, {}, b"User-agent: *\nDisallow: /wiki/B\n"), ("done", None)),
])  # fmt: skip
def test_another_spelling_that_robots_forbid_is_not_asked_for(
    street: Street, rules: Any, state: tuple[str, str | None]
) -> None:
    street.wiki.page("A", (301, {"Location": "/wiki/A/"}, b""))
    street.wiki.answers["/wiki/A/"] = (200, HTML, b"<html><p>A")
    street.wiki.answers["/robots.txt"] = rules
    street.fetch()
    assert street.states() == {"A": state}
    assert street.wiki.hits["/wiki/A/"] == (state[0] == "done")


@pytest.mark.parametrize("circle", ["AB", "ABC", "A"])
@pytest.mark.case("F16")
def test_redirects_in_a_circle_end_and_are_recorded(street: Street, circle: str) -> None:
    for here, there in zip(circle, circle[1:] + circle[0], strict=True):
        street.wiki.page(here, (302, {"Location": f"/wiki/{there}"}, b""))
    assert street.fetch() == []
    state = "merged" if len(circle) > 1 else "rejected"
    assert street.counts() == {state: len(circle)}


@pytest.mark.case("F7")
def test_a_limit_told_by_the_server_is_waited_out_by_the_whole_site(street: Street) -> None:
    answers = [(429, {"Retry-After": "30"}, b""), (200, HTML, b"<html><p>A")]
    street.wiki.page("A", lambda _: answers.pop(0))
    street.wiki.page("B")
    street.fetch()
    assert street.counts() == {"done": 2}
    assert street.waits == [(30.0, "http: 429")]
    assert street.clock.passed == pytest.approx(30, abs=1)


def test_a_page_is_asked_five_times_a_run_and_again_by_the_next(street: Street) -> None:
    street.wiki.page("A", (503, {"Retry-After": "900"}, b""))
    street.fetch()
    assert street.wiki.hits["/wiki/A"] == 5
    assert street.states()["A"] == ("pending", "http: 503")
    assert street.clock.passed <= 4 * 900
    street.clock.passed += 901
    street.wiki.page("A", page_id=1)
    street.fetch()
    assert street.counts() == {"done": 1}


@pytest.mark.parametrize("told", ["7200", "Sun, 22 Nov 2026 11:30:00 GMT"])
@pytest.mark.case("F7")
def test_a_host_that_asks_for_a_long_rest_gets_it(street: Street, told: str) -> None:
    street.wiki.page("A", (503, {"Retry-After": told}, b""))
    street.wiki.page("B")
    match = "asks for no request before 2026-11-22T11:30:00Z"
    with pytest.raises(SiteError, match=match):
        street.fetch()
    assert street.states() == {"A": ("pending", "http: 503"), "B": ("pending", match)}
    assert street.clock.passed == 0
    street.wiki.hits.clear()
    street.clock.passed += 6000
    for name in ("mini", "another of the same host"):
        street.name = name
        with pytest.raises(SiteError, match=match):
            street.fetch()
    assert not street.wiki.hits
    street.clock.passed += 1200
    street.name = "mini"
    street.wiki.page("A", page_id=1)
    street.fetch()
    assert street.counts() == {"done": 2}


def test_a_last_page_that_asks_for_a_long_rest_fails_nothing_but_is_waited_for(street: Street) -> None:
    street.wiki.page("A", (429, {"Retry-After": "7200"}, b""))
    street.fetch()
    assert street.states() == {"A": ("pending", "http: 429")}
    with pytest.raises(SiteError, match="asks for no request before"):
        street.fetch()


@pytest.mark.parametrize("place", ["/robots.txt", "/w/api.php"])
def test_a_long_rest_may_be_asked_for_anywhere(street: Street, place: str) -> None:
    street.wiki.page("A")
    street.wiki.answers[place] = (503, {"Retry-After": "7200"}, b"")
    for _ in range(2):
        with pytest.raises(SiteError, match="asks for no request before 2026-11-22T11:30:00Z"):
            street.fetch()
    assert street.wiki.hits[place] == 1


def test_the_next_site_on_a_host_keeps_the_delay_of_the_one_before(street: Street) -> None:
    street.wiki.page("A")
    street.fetch(delay=7)
    before = street.clock.passed
    street.name = "another"
    street.fetch(limit=0)
    assert street.clock.passed == pytest.approx(before + 7)


def test_a_page_without_an_answer_does_not_hold_up_the_others(street: Street) -> None:
    street.wiki.page("A", lambda handler: setattr(handler, "close_connection", True))
    street.wiki.page("B")
    street.fetch()
    assert street.states() == {"A": ("pending", "connection lost"), "B": ("done", None)}
    assert street.wiki.hits["/wiki/A"] == 5


@pytest.mark.case("F21")
def test_a_site_that_stops_answering_is_left_and_what_came_is_kept(street: Street) -> None:
    street.wiki.page("A")
    for letter in "BCDEFGHIJ":
        street.wiki.page(letter, (500, {}, b""))
    with pytest.raises(SiteError, match="mini: does not answer any more"):
        street.fetch()
    assert street.counts() == {"done": 1, "pending": 9}
    assert {reason for _, reason in street.states().values()} == {None, "http: 500", "does not answer any more"}
    assert sum(street.wiki.hits[f"/wiki/{letter}"] for letter in "BCDEFGHIJ") == 8


def test_a_run_of_broken_pages_does_not_end_a_site_that_answers(street: Street) -> None:
    for letter in "ABCDEF":
        street.wiki.page(letter, (500, {}, b""))
    street.wiki.page("F")
    street.wiki.page("G", (301, {"Location": "/wiki/F"}, b""))
    for letter in "HIJKL":
        street.wiki.page(letter, (500, {}, b""))
    street.fetch()
    assert street.counts() == {"pending": 10, "done": 1, "merged": 1}


def test_what_is_handed_on_can_be_read_at_once(street: Street, wiki: Wiki, tmp_path: Path) -> None:
    wiki.page("A")
    site = SiteSettings(name="mini", url=f"{wiki.url}/wiki/")
    settings = ScraperSettings(delay=0, private_hosts=("127.0.0.1",))
    with Archive(tmp_path / "raw", "mini") as archive:
        for (only,) in fetch_site(site, settings, street.ledger, archive, clock=street.clock):
            assert read_page(tmp_path / "raw", only.ref).title == "A"
            assert street.counts() == {"done": 1}


@pytest.mark.parametrize("answer", [(500, {}, b""), (429, {}, b""), None])
@pytest.mark.case("F18", "F19")
def test_while_robots_are_unknown_nothing_is_fetched_and_all_stays_pending(street: Street, answer: Any) -> None:
    street.wiki.page("A")
    street.fetch(limit=0)
    street.wiki.hits.clear()
    street.wiki.answers["/robots.txt"] = answer or (lambda handler: setattr(handler, "close_connection", True))
    with pytest.raises(SiteError, match=r"robots\.txt: "):
        street.fetch()
    assert set(street.wiki.hits) == {"/robots.txt"}
    state, reason = street.states()["A"]
    assert state == "pending"
    assert str(reason).startswith("robots.txt: ")


def test_the_delay_of_robots_is_kept_between_all_requests(street: Street) -> None:
    street.wiki.answers["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 10\n")
    street.wiki.page("A")
    street.wiki.page("B")
    street.fetch()
    asked = sum(street.wiki.hits.values())
    assert street.clock.passed >= (asked - 2) * 10


@pytest.mark.parametrize("rule", ["Crawl-delay: 7200", "Request-rate: 1/2h"])
def test_a_site_that_wants_hours_between_requests_is_left(street: Street, rule: str) -> None:
    street.wiki.answers["/robots.txt"] = (200, {}, f"User-agent: *\n{rule}\n".encode())
    street.wiki.page("A")
    with pytest.raises(SiteError, match=r"mini: robots\.txt asks for 7200 s between requests"):
        street.fetch()
    assert set(street.wiki.hits) == {"/robots.txt"}


def test_a_limit_bounds_the_pages_and_the_next_run_goes_on(street: Street) -> None:
    for letter in "ABCDEFG":
        street.wiki.page(letter)
    assert [page.key for page in street.fetch(limit=3)] == ["page_id:1", "page_id:2", "page_id:3"]
    assert [page.key for page in street.fetch(limit=3)] == ["page_id:4", "page_id:5", "page_id:6"]
    assert len(street.fetch()) == 1


def test_a_limited_listing_makes_nothing_gone(street: Street) -> None:
    for number in range(8):
        street.wiki.page(f"P{number}")
    street.fetch()
    street.wiki.pages.clear()
    street.wiki.page("P0", page_id=1)
    street.wiki.page("Q", page_id=50)
    street.fetch(limit=1)
    assert street.counts() == {"done": 9}
    street.fetch()
    assert street.counts() == {"done": 2, "gone": 7}


def test_a_listing_that_broke_off_is_told_until_one_came_to_its_end(street: Street) -> None:
    assert not street.ledger.unfinished(street.name)
    for number in range(8):
        street.wiki.page(f"P{number}")
    street.fetch(limit=2)
    assert street.ledger.unfinished(street.name)
    street.fetch()
    assert not street.ledger.unfinished(street.name)
    street.wiki.api_errors = [("badtoken", {})]
    with pytest.raises(SiteError, match="badtoken"):
        street.fetch(url=f"{street.wiki.url}/w/api.php")
    assert not street.ledger.unfinished(street.name)


def test_an_empty_listing_is_not_taken_for_a_deleted_wiki(street: Street) -> None:
    street.wiki.page("A")
    street.fetch()
    street.wiki.pages.clear()
    with pytest.raises(SiteError, match="lists no pages"):
        street.fetch()
    assert street.counts() == {"done": 1}


def test_a_stop_ends_in_order_and_keeps_what_came(street: Street) -> None:
    for letter in "ABCDE":
        street.wiki.page(letter)
    fetched = street.fetch(stop=lambda: street.wiki.hits["/wiki/B"] > 0)
    assert [page.key for page in fetched] == ["page_id:1", "page_id:2"]
    assert street.counts() == {"done": 2, "pending": 3}


def test_a_stop_during_a_long_wait_is_noticed(street: Street, clock: ToldClock) -> None:
    street.wiki.page("A", (429, {"Retry-After": "900"}, b""))
    street.fetch(stop=lambda: clock.passed > 5)
    assert clock.passed < 7
    assert street.counts() == {"pending": 1}


def test_a_reader_that_turns_away_loses_nothing(street: Street, wiki: Wiki, tmp_path: Path) -> None:
    for number in range(300):
        wiki.page(f"P{number:03}")
    site = SiteSettings(name="mini", url=f"{wiki.url}/wiki/")
    settings = ScraperSettings(delay=0, private_hosts=("127.0.0.1",))
    with Archive(tmp_path / "raw", "mini") as archive:
        batches = fetch_site(site, settings, street.ledger, archive, clock=street.clock)
        assert len(next(batches)) == 64  # while the next ones are fetched already
        batches.close()
    counts = street.counts()
    assert 64 <= counts["done"] < 300
    assert counts["done"] + counts["pending"] == 300


def test_a_list_of_addresses_is_fetched_with_what_the_operator_says(street: Street) -> None:
    for path in ("/a", "/b"):
        street.wiki.answers[path] = (200, HTML, b"<html><p>Text")
    told = [f"{street.wiki.url}/a#x", f"{street.wiki.url}/b?utm_source=y", f"{street.wiki.url}/none"]
    fetched = street.fetch(source="urls", urls=told, license="CC0-1.0")
    assert street.states() == {"/a": ("done", None), "/b": ("done", None), "/none": ("gone", "http: 404")}
    page = read_page(street.raw, fetched[0].ref)
    assert page.site_info is not None
    assert page.site_info.site == street.wiki.url.removeprefix("http://")
    assert (page.site_info.license, page.site_info.license_source) == (None, None)
    street.fetch(source="urls", urls=told[:1])
    assert street.states()["/b"] == ("excluded", "scope")


def test_auto_takes_the_list_where_there_is_no_api(street: Street) -> None:
    street.wiki.answers["/w/api.php"] = (404, {}, b"")
    street.wiki.answers["/a"] = (200, HTML, b"<html><p>Text")
    assert len(street.fetch(urls=[f"{street.wiki.url}/a"])) == 1
    with pytest.raises(SiteError, match=r"no MediaWiki API found; tried .*; give `urls`"):
        street.fetch()


def test_robots_of_each_host_of_a_list_are_asked(street: Street) -> None:
    street.wiki.answers["/robots.txt"] = (503, {}, b"")
    street.wiki.answers["/a"] = (200, HTML, b"<html><p>Text")
    assert street.fetch(source="urls", url=None, urls=[f"{street.wiki.url}/a"]) == []
    assert street.states() == {"/a": ("pending", "robots.txt: http 503")}


def test_beyond_loopback_nothing_is_asked_without_a_contact(street: Street) -> None:
    with pytest.raises(ConfigError, match="contact"):
        street.fetch(url="https://wiki.example/")


def test_a_private_host_is_refused_with_what_to_do(street: Street, wiki: Wiki) -> None:
    port = wiki.url.rpartition(":")[2]
    with pytest.raises(SiteError, match="private address"):
        street.fetch(url=f"http://localhost:{port}/wiki/")
    assert not wiki.heard


CRAWL = """
import sys, time
from pathlib import Path
from sectionary.scraper.archive import Archive
from sectionary.scraper.clock import SystemClock
from sectionary.scraper.fetch import fetch_site
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.settings import ScraperSettings, SiteSettings
url, folder = sys.argv[1], Path(sys.argv[2])
site = SiteSettings(name="mini", url=url + "/wiki/")
settings = ScraperSettings(delay=0, private_hosts=("127.0.0.1",), sites=(site,))
with Ledger(folder / "l.sqlite") as ledger, Archive(folder / "raw", "mini") as archive:
    for batch in fetch_site(site, settings, ledger, archive, clock=SystemClock()):
        print(len(batch), flush=True)
"""


@pytest.mark.parametrize("pages_before_the_kill", [1, 40, 100])
def test_a_kill_at_any_moment_loses_and_doubles_nothing(
    wiki: Wiki, tmp_path: Path, pages_before_the_kill: int
) -> None:
    titles = [f"P{number:03}" for number in range(150)]
    for title in titles:
        wiki.page(title)
    wiki.batch = 100
    command = [sys.executable, "-c", CRAWL, wiki.url, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None and wiki.hits.total() - wiki.hits["/w/api.php"] < pages_before_the_kill:
            time.sleep(0.002)
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with Ledger(tmp_path / "l.sqlite") as ledger:
        assert ledger.counts("mini")["done"] == ledger.listed("mini") == len(titles)
        fetched = ledger.uncleaned("mini", "c", limit=1000)
    pages = [read_page(tmp_path / "raw", each.ref) for each in fetched]
    assert sorted(str(page.title) for page in pages) == titles
    assert all(page.body == wiki.answers[f"/wiki/{page.title}"][2] for page in pages)


@pytest.mark.parametrize("form", ["/wiki/Hop{}", "/hop/{}/x"])
@pytest.mark.case("S5")
def test_redirects_to_ever_new_addresses_end_with_one_line(street: Street, form: str) -> None:
    for number in range(50):
        target = {"Location": form.format(number + 1)}
        street.wiki.answers[form.format(number)] = (302, target, b"")
    street.wiki.page("A", (302, {"Location": form.format(0)}, b""))
    street.wiki.page("B")
    street.fetch()
    assert street.counts() == {"done": 1, "merged": 10, "rejected": 1}
    reasons = [reason for state, reason in street.states().values() if state == "rejected"]
    assert reasons == ["redirects: more than 10 in a row"]
    street.wiki.hits.clear()
    street.fetch()
    assert sum(street.wiki.hits[form.format(number)] for number in range(50)) <= 1
