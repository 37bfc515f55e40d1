"""Sites crawled by their own links, over real HTTP."""

import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sectionary.scraper.archive import read_page
from sectionary.scraper.errors import SiteError
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.rebuild import rebuild
from sectionary.scraper.sources.byaddress import trap
from tests.scraper.conftest import HTML, Street, Wiki

MEDIAWIKI = (
    '<html><head><meta name="generator" content="MediaWiki 1.39"><script>RLCONF={"wgPageName":"%s",'
    '"wgScriptPath":"/w"}</script></head><body>'
)


def linked(*hrefs: str, head: str = "<html><body>") -> tuple[int, dict[str, str], bytes]:
    return 200, HTML, (head + "<p>Text " + " ".join(f'<a href="{href}">x</a>' for href in hrefs)).encode()


def crawl(street: Street, start: str = "/", **told: Any) -> dict[str, tuple[str, str | None]]:
    street.fetch(source="links", url=street.wiki.url + start, **told)
    return street.states()


def done(street: Street) -> list[str]:
    return sorted(name for name, (state, _) in street.states().items() if state == "done")


def test_links_are_followed_from_page_to_page_each_once(street: Street) -> None:
    street.wiki.answers |= {
        "/": linked("/a", "b", "/a#part", "/a?utm_source=x", f"{street.wiki.url}/c"), "/a": linked("/b", "/d", "/"),
        "/b": linked("/a"), "/c": linked("../c"), "/d": linked(),
    }  # fmt: skip
    assert crawl(street) == dict.fromkeys(["/", "/a", "/b", "/c", "/d"], ("done", None))
    assert {path: street.wiki.hits[path] for path in "abcd"} == dict.fromkeys("abcd", 0)
    assert [street.wiki.hits[f"/{path}"] for path in "abcd"] == [1, 1, 1, 1]


def test_only_so_many_links_away(street: Street) -> None:
    for number in range(9):
        street.wiki.answers[f"/{number or ''}"] = linked(f"/{number + 1}")
    crawl(street, depth=3)
    assert done(street) == ["/", "/1", "/2", "/3"]
    street.refresh_after = None
    crawl(street, depth=5)               # what was fetched before is not fetched again to look at its links
    assert done(street) == ["/", "/1", "/2", "/3"]


def test_only_the_hosts_own_pages_below_the_start(street: Street) -> None:
    street.wiki.answers |= {
        "/entries/index.html": linked("/entries/tide", "/about", "https://else.example/x", "//else.example/entries/y",
                                      "mailto:a@b.example", "javascript:x()", "/entries/sub/wave", "ftp://x.example/"),
        "/entries/tide": linked("/entries/../about"), "/entries/sub/wave": linked(), "/about": linked(),
    }  # fmt: skip
    crawl(street, "/entries/index.html")
    assert done(street) == ["/entries/index.html", "/entries/sub/wave", "/entries/tide"]
    assert street.wiki.hits["/about"] == 0


NEVER = [
    "/w/index.php?title=Tide&amp;action=edit", "/wiki/Tide?action=history", "/w/index.php?title=Tide&amp;oldid=5",
    "/wiki/Tide?diff=6", "/w/index.php?title=None&amp;action=edit&amp;redlink=1", "/wiki/Special:Random",
    "/wiki/Special:RecentChanges", "/w/index.php?title=Special:Export/Tide", "/wiki/Talk:Tide", "/wiki/User:Ann",
    "/wiki/File:Tide.png", "/images/Tide.png", "/wiki/Tide?printable=yes&amp;oldid=1", "/wiki/Tide?veaction=edit",
    "/w/load.php?modules=x", "/w/api.php?action=query", "/wiki/Category:Tides?from=M", "/w/index.php?curid=5",
]  # fmt: skip


def test_of_a_wiki_articles_alone_are_asked_for(street: Street) -> None:
    street.wiki.answers["/w/api.php"] = (404, {}, b"")
    street.wiki.answers |= {
        "/wiki/Main_Page": linked("/wiki/tide", "/w/index.php?title=Tide", "/wiki/Tide?useskin=x", *NEVER,
                                  head=MEDIAWIKI % "Main_Page"),
        "/wiki/Tide": linked("/wiki/Low%20water", "/wiki/Low_water#x", "/wiki/AC%2FDC", head=MEDIAWIKI % "Tide"),
        "/wiki/tide": linked(head=MEDIAWIKI % "Tide"), "/wiki/Low_water": linked(), "/wiki/AC/DC": linked(),
    }  # fmt: skip
    crawl(street, "/wiki/Main_Page")
    assert street.states() == dict.fromkeys(["Main Page", "Tide", "tide", "Low water", "AC/DC"], ("done", None))
    asked = street.wiki.hits.keys() - {"/robots.txt", "/.well-known/tdmrep.json", "/wiki/Main_Page"}
    assert asked == {"/wiki/Tide", "/wiki/tide", "/wiki/Low_water", "/wiki/AC/DC"}


def test_links_that_a_page_does_not_vouch_for_are_not_followed(street: Street) -> None:
    street.wiki.answers |= {
        "/": (200, HTML, b'<a rel="ugc nofollow" href="/no">x</a><!-- <a href="/hidden">x</a> --><a href=/a>x</a>'),
        "/a": (200, HTML, b'<meta name="robots" content="nofollow"><a href="/no">x</a><a href="/b">x</a>'),
    }
    crawl(street)
    assert done(street) == ["/", "/a"]


def test_a_header_may_ask_that_links_be_not_followed_and_noindex_says_nothing_of_them(street: Street) -> None:
    street.wiki.answers |= {
        "/": (200, {**HTML, "X-Robots-Tag": "noindex"}, b'<a href="/a">x</a>'),
        "/a": (200, {**HTML, "X-Robots-Tag": "nofollow"}, b'<a href="/no">x</a>'),
    }
    assert crawl(street) == {"/": ("excluded", "robots: noindex"), "/a": ("done", None)}


def test_include_and_exclude_hold_and_what_they_leave_out_is_accounted_for(street: Street) -> None:
    street.wiki.answers |= {"/": linked("/ebb", "/flood", "/neap"), "/ebb": linked("/flood"), "/neap": linked()}
    assert crawl(street, include=["ebb", "neap"], exclude=["n*"]) == {
        "/": ("done", None), "/ebb": ("done", None), "/flood": ("excluded", "scope"), "/neap": ("excluded", "scope"),
    }  # fmt: skip
    street.wiki.answers["/flood"] = linked()
    assert crawl(street)["/flood"] == ("done", None)     # a wider scope takes in what an earlier one left out


def test_robots_rule_over_every_page(street: Street) -> None:
    street.wiki.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /shut\n")
    street.wiki.answers |= {"/": linked("/shut/a", "/b"), "/b": linked()}
    assert crawl(street)["/shut/a"] == ("excluded", "robots")
    assert street.wiki.hits["/shut/a"] == 0


def calendar(street: Street) -> None:
    """A page for each day, each leading to the next, by path and by parameters."""
    days = itertools.count(1)
    street.wiki.answers["/"] = linked("/calendar/0", "/list?sort=a&amp;page=1", "/a")
    street.wiki.answers["/a"] = linked()

    def day(handler: Any) -> tuple[int, dict[str, str], bytes]:
        number = next(days)
        return linked(f"/calendar/{number}", f"{handler.path.split('?')[0]}/x", f"/list?sort=b&amp;page={number}")

    street.wiki.answers |= {f"/calendar/{number}": day for number in range(200)}


def test_a_trap_ends_where_the_depth_does(street: Street) -> None:
    calendar(street)
    crawl(street)
    assert street.counts()["done"] == 21 + 1             # the days within 20 links, and what is no trap
    states = street.states()
    assert states["/a"] == ("done", None)
    assert states["/list?sort=b&page=3"] == ("excluded", "trap: parameters")
    assert states["/list?sort=a&page=1"] == ("excluded", "trap: parameters")


def test_links_without_end_end_with_one_line_and_what_came_is_kept(street: Street) -> None:
    calendar(street)
    with pytest.raises(SiteError, match=r"^mini: its links lead to more than 30 pages; raise max_pages"):
        crawl(street, depth=10_000, max_pages=30)
    assert street.counts()["done"] > 5


@pytest.mark.parametrize(("url", "reason"), [
    ("https://a.example/x/x/x/x", "a path that repeats itself"), ("https://a.example/" + "y/" * 3 + "z", None),
    ("https://a.example/" + "/".join(map(str, range(25))), "a deep path"),
    ("https://a.example/" + "x" * 3000, "a long"),
    ("https://a.example/doku.php?id=wiki:syntax", None), ("https://a.example/index.php?title=A", None),
    ("https://a.example/x?sort=a", "parameters"), ("https://a.example/x?id=1&page=2", "parameters"),
    ("https://a.example/a/b/a/b/a/b/a/b", "a path that repeats itself"),
])  # fmt: skip
def test_what_a_program_makes_up_is_told_from_pages(url: str, reason: str | None) -> None:
    told = trap(url)
    assert (told is None) == (reason is None)
    assert str(told).startswith(str(reason))


def test_a_redirect_in_the_place_of_a_link_is_followed_and_recorded(street: Street) -> None:
    street.wiki.answers |= {
        "/": linked("/old"), "/old": (301, {"Location": "/new"}, b""), "/new": linked("/further"), "/further": linked(),
    }  # fmt: skip
    fetched = {page.canonical_url: page for page in street.fetch(source="links", url=f"{street.wiki.url}/")}
    assert crawl(street)["/old"][0] == "merged"
    page = read_page(street.raw, fetched[f"{street.wiki.url}/new"].ref)
    assert page.redirected_from == (f"{street.wiki.url}/old",)
    assert street.states()["/further"] == ("done", None)


def test_a_second_run_asks_for_nothing_again_but_the_start_where_nothing_is_refreshed(street: Street) -> None:
    street.refresh_after = None
    street.wiki.answers |= {"/": linked("/a"), "/a": linked("/gone"), "/gone": (404, HTML, b"x")}
    first = crawl(street)
    street.wiki.hits.clear()
    assert crawl(street) == first
    assert (street.wiki.hits["/"], street.wiki.hits["/a"], street.wiki.hits["/gone"]) == (1, 0, 0)


def validated(page: tuple[int, dict[str, str], bytes]) -> Any:
    """An answer with a validator, and 304 for who knows it."""

    def answer(handler: Any) -> tuple[int, dict[str, str], bytes]:
        if handler.headers["If-None-Match"] == '"1"':
            return 304, {}, b""
        return page[0], {**page[1], "ETag": '"1"'}, page[2]

    return answer


def test_what_was_fetched_is_checked_by_a_conditional_request(street: Street) -> None:
    street.wiki.answers |= {"/": linked("/a"), "/a": validated(linked("/b")), "/b": validated(linked())}
    first = crawl(street)
    street.wiki.hits.clear()
    assert crawl(street) == first
    assert (street.wiki.hits["/a"], street.wiki.hits["/b"]) == (1, 1)
    assert [heard.get("If-None-Match") for heard in street.wiki.heard[-2:]] == ['"1"', '"1"']
    assert len(list(street.raw.iterdir())) == 2  # the start page, which has no validator, is kept again as a revisit


def test_an_unchanged_page_leads_a_ledger_that_was_lost_to_what_was_not_fetched_yet(street: Street) -> None:
    street.wiki.answers |= {"/": validated(linked("/a")), "/a": validated(linked("/b")), "/b": linked()}
    street.fetch(source="links", url=f"{street.wiki.url}/", limit=2)
    street.ledger.close()
    for file in street.raw.parent.glob("ledger.sqlite*"):
        file.unlink()
    street.ledger = Ledger(street.raw.parent / "ledger.sqlite")
    assert rebuild(street.ledger, street.name, street.raw) == 2
    assert [page.depth for page in street.ledger.known(street.name)] == [0, 1]
    crawl(street)
    assert done(street) == ["/", "/a", "/b"]
    assert street.wiki.hits["/b"] == 1


def test_a_limit_leaves_nothing_out_for_what_is_checked_again(street: Street) -> None:
    street.wiki.answers["/"] = linked(*(f"/{number}" for number in range(6)))
    street.wiki.answers |= {f"/{number}": linked() for number in range(6)}
    for _ in range(4):
        street.fetch(source="links", url=f"{street.wiki.url}/", limit=2)
    assert all(street.wiki.hits[f"/{number}"] for number in range(6))


def test_a_limit_stops_and_the_next_run_goes_on_from_the_frontier(street: Street) -> None:
    street.refresh_after = None
    street.wiki.answers["/"] = linked(*(f"/{number}" for number in range(6)))
    street.wiki.answers |= {f"/{number}": linked(f"/{number}/deep") for number in range(6)}
    street.wiki.answers |= {f"/{number}/deep": linked() for number in range(6)}
    asked = [len(street.fetch(source="links", url=f"{street.wiki.url}/", limit=4)) for _ in range(4)]
    assert asked == [4, 4, 4, 1]
    assert street.counts() == {"done": 13}


def test_a_site_that_leads_nowhere_is_told(street: Street) -> None:
    street.wiki.answers["/"] = (403, HTML, b"<html>no")
    with pytest.raises(SiteError, match="/: http 403"):
        crawl(street)


def test_auto_follows_links_where_there_is_nothing_else(street: Street) -> None:
    street.wiki.answers["/w/api.php"] = (404, {}, b"")
    street.wiki.answers |= {"/": linked("/a"), "/a": linked()}
    street.fetch(url=f"{street.wiki.url}/")
    assert done(street) == ["/", "/a"]


CRAWL = """
import sys
from pathlib import Path
from sectionary.scraper.archive import Archive
from sectionary.scraper.clock import SystemClock
from sectionary.scraper.fetch import fetch_site
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.settings import ScraperSettings, SiteSettings
url, folder = sys.argv[1], Path(sys.argv[2])
site = SiteSettings(name="mini", url=url + "/", source="links")
settings = ScraperSettings(delay=0, private_hosts=("127.0.0.1",), sites=(site,))
with Ledger(folder / "l.sqlite") as ledger, Archive(folder / "raw", "mini") as archive:
    for batch in fetch_site(site, settings, ledger, archive, clock=SystemClock()):
        print(len(batch), flush=True)
"""


@pytest.mark.parametrize("pages_before_the_kill", [3, 70, 140])
def test_a_kill_at_any_moment_loses_no_link(wiki: Wiki, tmp_path: Path, pages_before_the_kill: int) -> None:
    for number in range(200):            # a tree of pages, two links each
        wiki.answers[f"/{number or ''}"] = linked(f"/{2 * number + 1}", f"/{2 * number + 2}", "/")
    for number in range(200, 500):
        wiki.answers[f"/{number}"] = (404, {}, b"")
    command = [sys.executable, "-c", CRAWL, wiki.url, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None and wiki.hits.total() < pages_before_the_kill:
            time.sleep(0.002)
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with Ledger(tmp_path / "l.sqlite") as ledger:
        counts = ledger.counts("mini")
    assert (counts["done"], counts["gone"], counts["pending"]) == (200, 201, 0)
