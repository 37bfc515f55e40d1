"""Sites listed by their sitemaps, over real HTTP."""

import gzip
from typing import Any

import pytest

from sectionary.scraper.errors import SiteError
from sectionary.scraper.http import Client
from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.sources import sitemaps
from sectionary.scraper.sources.listing import Elsewhere, Listed, Visit
from sectionary.scraper.sources.sitemaps import discover, enumerate_pages
from tests.scraper.conftest import HTML, Street, Wiki

PAGE = (200, HTML, b"<html><p>Text")
Answer = tuple[int, dict[str, str], bytes]


def urlset(*urls: str) -> Answer:
    return 200, {"Content-Type": "application/xml"}, f"<urlset>{_entries('url', urls)}</urlset>".encode()


def index(*urls: str) -> Answer:
    entries = _entries("sitemap", urls)
    return 200, {"Content-Type": "application/xml"}, f"<sitemapindex>{entries}</sitemapindex>".encode()


def _entries(name: str, urls: tuple[str, ...]) -> str:
    return "".join(f"<{name}><loc>{url}</loc></{name}>" for url in urls)


def visit(client: Client, wiki: Wiki, told: list[str], **more: Any) -> Visit:
    facts = {"name": "mini", "url": f"{wiki.url}/", "source": "sitemap", **more}
    return Visit(
        client=client, site=SiteSettings.model_validate(facts), allows=lambda _: True, tell=told.append,
    )  # fmt: skip


def listing(client: Client, wiki: Wiki, told: list[str] | None = None, **more: Any) -> list[Listed]:
    here = visit(client, wiki, [] if told is None else told, **more)
    return list(enumerate_pages(here, discover(here)))


def robots(wiki: Wiki, *places: str) -> None:
    lines = "".join(f"Sitemap: {place if '://' in place else wiki.url + place}\n" for place in places)
    wiki.answers["/robots.txt"] = (200, {}, f"User-agent: *\nDisallow:\n{lines}".encode())


@pytest.fixture
def home(wiki: Wiki) -> str:
    wiki.answers["/"] = PAGE
    return wiki.url


def test_sitemaps_are_found_in_robots_or_at_the_usual_place(client: Client, wiki: Wiki, home: str) -> None:
    wiki.answers["/sitemap.xml"] = urlset(f"{home}/a")
    assert [page.key for page in listing(client, wiki)] == [f"{home}/a"]
    robots(wiki, "/maps/one.xml")
    wiki.answers["/maps/one.xml"] = urlset(f"{home}/b", f"{home}/b#x", f"{home}/c?utm_source=y")
    assert [page.key for page in listing(client, wiki)] == [f"{home}/b", f"{home}/c"]


def test_the_sitemap_itself_can_be_the_address(client: Client, wiki: Wiki, home: str) -> None:
    wiki.answers["/deep/map.xml.gz"] = (200, {}, gzip.compress(urlset(f"{home}/a")[2]))
    assert [page.key for page in listing(client, wiki, url=f"{home}/deep/map.xml.gz")] == [f"{home}/a"]
    assert wiki.hits["/"] == 0


@pytest.mark.case("S10")
def test_an_index_is_followed_and_each_sitemap_read_once(client: Client, wiki: Wiki, home: str) -> None:
    robots(wiki, "/index.xml")
    wiki.answers["/index.xml"] = index(f"{home}/one.xml", f"{home}/index.xml", f"{home}/two.xml.gz", f"{home}/one.xml")
    wiki.answers["/one.xml"] = urlset(f"{home}/a")
    wiki.answers["/two.xml.gz"] = (200, {}, gzip.compress(urlset(f"{home}/b", f"{home}/a")[2]))
    assert [page.key for page in listing(client, wiki)] == [f"{home}/a", f"{home}/b"]
    assert {path: wiki.hits[path] for path in ("/index.xml", "/one.xml", "/two.xml.gz")} == {
        "/index.xml": 1, "/one.xml": 1, "/two.xml.gz": 1,
    }  # fmt: skip


@pytest.mark.case("S10")
def test_indexes_go_only_so_deep_and_that_is_told(client: Client, wiki: Wiki, home: str) -> None:
    robots(wiki, "/0.xml")
    for number in range(100):
        wiki.answers[f"/{number}.xml"] = index(f"{home}/{number + 1}.xml")
    wiki.answers["/0.xml"] = index(f"{home}/1.xml", f"{home}/leaf.xml")
    wiki.answers["/leaf.xml"] = urlset(f"{home}/a")
    told: list[str] = []
    assert [page.key for page in listing(client, wiki, told)] == [f"{home}/a"]
    assert told == [f"{home}/4.xml: a sitemap more than 3 indexes deep, which is not read"]
    assert wiki.hits["/4.xml"] == 0


def test_only_so_many_sitemaps_are_read(
    client: Client, wiki: Wiki, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "_MOST_FILES", 3)
    robots(wiki, "/index.xml")
    wiki.answers["/index.xml"] = index(*(f"{home}/{number}.xml" for number in range(9)))
    for number in range(9):
        wiki.answers[f"/{number}.xml"] = urlset(f"{home}/{number}")
    told: list[str] = []
    assert len(listing(client, wiki, told)) == 2
    assert len(told) == 7


@pytest.mark.parametrize("place", ["http://127.0.0.2:1/map.xml", "file:///etc/passwd", "https://cdn.example/map.xml"])
@pytest.mark.case("S1")
def test_a_sitemap_on_another_host_is_not_read(client: Client, wiki: Wiki, home: str, place: str) -> None:
    robots(wiki, "/index.xml")
    wiki.answers["/index.xml"] = index(place, f"{home}/one.xml")
    wiki.answers["/one.xml"] = urlset(f"{home}/a", "http://127.0.0.2:1/b", "https://else.example/c")
    told: list[str] = []
    assert [page.key for page in listing(client, wiki, told)] == [f"{home}/a"]
    assert len(told) == 1


@pytest.mark.case("S1")
def test_a_sitemap_on_another_host_is_not_even_asked_for(client: Client, wiki: Wiki, home: str) -> None:
    elsewhere = Wiki()
    elsewhere.answers["/map.xml"] = urlset(f"{home}/b")
    robots(wiki, "/index.xml")
    wiki.answers["/index.xml"] = index(f"{elsewhere.url}/map.xml", f"{home}/one.xml")
    wiki.answers["/one.xml"] = urlset(f"{home}/a")
    told: list[str] = []
    assert [page.key for page in listing(client, wiki, told)] == [f"{home}/a"]
    assert told == [f"{elsewhere.url}/map.xml: a sitemap on another host, which is not read"]
    assert elsewhere.heard == []
    elsewhere.close()


@pytest.mark.case("S10")
def test_a_broken_sitemap_is_told_and_the_others_are_read(client: Client, wiki: Wiki, home: str) -> None:
    robots(wiki, "/index.xml")
    wiki.answers["/index.xml"] = index(f"{home}/none.xml", f"{home}/evil.xml", f"{home}/one.xml")
    wiki.answers["/evil.xml"] = (200, {}, b'<!DOCTYPE a [<!ENTITY b "c">]><urlset/>')
    wiki.answers["/one.xml"] = urlset(f"{home}/a")
    told: list[str] = []
    assert [page.key for page in listing(client, wiki, told)] == [f"{home}/a"]
    assert told[0].endswith("/none.xml: http 404")
    assert "document type" in told[1]


def test_sitemaps_that_all_fail_end_the_site(client: Client, wiki: Wiki, home: str) -> None:
    robots(wiki, "/none.xml")
    assert home
    with pytest.raises(SiteError, match=r"none\.xml: http 404"):
        listing(client, wiki)


def test_a_site_without_one_is_told(client: Client, wiki: Wiki, home: str) -> None:
    assert home
    wiki.answers["/sitemap.xml"] = (200, HTML, b"<html>Welcome")
    with pytest.raises(Elsewhere, match=r"no sitemap in robots.txt or at /sitemap.xml"):
        listing(client, wiki)


def test_of_a_wiki_only_its_articles_are_taken(client: Client, wiki: Wiki) -> None:
    wiki.answers["/wiki/Main_Page"] = (
        200, HTML, (b'<html><head><meta name="generator" content="MediaWiki 1.40"><script>RLCONF={"wgPageName":'
                    b'"Main_Page","wgScriptPath":"/w"}</script>'),
    )  # fmt: skip
    wiki.answers["/sitemap.xml"] = urlset(*(f"{wiki.url}/wiki/{title}" for title in (
        "Tide", "Talk:Tide", "User:Ann", "Special:Random", "File:A.png", "Tide?oldid=5", "Category:Tides",
    )))  # fmt: skip
    start = f"{wiki.url}/wiki/Main_Page"
    assert [page.title for page in listing(client, wiki, url=start)] == ["Tide"]
    assert [page.title for page in listing(client, wiki, url=start, namespaces=[14])] == ["Category:Tides"]


def test_a_crawl_by_sitemap_keeps_what_a_later_one_leaves_out(street: Street) -> None:
    wiki = street.wiki
    wiki.answers |= {"/": PAGE, "/a": PAGE, "/b": PAGE}
    wiki.answers["/sitemap.xml"] = urlset(f"{wiki.url}/a", f"{wiki.url}/b")
    street.fetch(source="sitemap", url=f"{wiki.url}/")
    assert street.states() == {"/a": ("done", None), "/b": ("done", None)}
    wiki.answers["/sitemap.xml"] = urlset(f"{wiki.url}/a")
    street.fetch(source="sitemap", url=f"{wiki.url}/")
    assert street.states() == {"/a": ("done", None), "/b": ("done", None)}
