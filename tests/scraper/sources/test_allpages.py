"""The list that a wiki shows at Special:AllPages, where its api.php is shut."""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from sectionary.scraper.errors import SiteError
from sectionary.scraper.http import Client
from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.sources.allpages import discover, enumerate_pages, read_chunk
from sectionary.scraper.sources.listing import Elsewhere, Visit
from tests.scraper.conftest import HTML, Street, Wiki

HEAD = (
    '<html><head><meta name="generator" content="MediaWiki 1.39.4"/><script>RLCONF={"wgPageName":"Main_Page",'
    '"wgScriptPath":"/w"};</script></head><body class="mediawiki">'
)
TITLES = {0: ["Anemone", "Barnacle", "Caf\u00e9 & bar", "Dune", "Estuary"], 14: ["Category:Shores"]}
REDIRECTS = {"Barnacle"}


class Shut:
    """A wiki without an API whose list has `size` titles a page."""

    def __init__(self, wiki: Wiki, size: int = 2) -> None:
        self.wiki, self.size = wiki, size
        wiki.answers["/w/api.php"] = (403, HTML, b"<html>Forbidden")
        wiki.answers["/wiki/Main_Page"] = (200, HTML, f"{HEAD}<p>Welcome".encode())
        wiki.answers["/w/index.php"] = self.special
        for title in (*TITLES[0], *TITLES[14]):
            wiki.answers[f"/wiki/{quote(title.replace(' ', '_'), safe=':,')}"] = (200, HTML, f"{HEAD}{title}".encode())

    def special(self, handler: Any) -> tuple[int, dict[str, str], bytes]:
        """Show a part of the list, as MediaWiki does."""
        query = {key: values[0] for key, values in parse_qs(urlsplit(handler.path).query).items()}
        titles = TITLES[int(query["namespace"])]
        place = titles.index(query.get("from", titles[0]))
        items = "".join(map(self.item, titles[place : place + self.size]))
        marks = [*titles[max(place - self.size, 0) : place][:1], *titles[place + self.size :][:1]]
        links = " | ".join(
            f'<a href="/w/index.php?title=Special:AllPages&amp;from={quote(mark)}&amp;namespace=0" '
            f'title="Special:AllPages">page ({mark})</a>' for mark in marks
        )  # fmt: skip
        navigation = f'<div class="mw-allpages-nav">{links}</div>'
        body = f'<div class="mw-allpages-body"><ul class="mw-allpages-chunk">{items}</ul></div>'
        menu = '<a href="/wiki/Main_Page">Main page</a>'
        return 200, HTML, f"{HEAD}{menu}{navigation}{body}{navigation}".encode()

    def item(self, title: str) -> str:
        """Write one line of the list."""
        kind = ' class="allpagesredirect"' if title in REDIRECTS else ""
        path = quote(title.replace(" ", "_"), safe="")
        return f'<li{kind}><a href="/wiki/{path}" title="{title}">{title}</a></li>\n'


def visit(client: Client, wiki: Wiki, *, robots: bool = True, **told: Any) -> Visit:
    site = SiteSettings.model_validate({"name": "mini", "url": f"{wiki.url}/wiki/Main_Page", **told})
    return Visit(client=client, site=site, allows=lambda url: robots or "Special" not in url)


@pytest.mark.parametrize("size", [1, 2, 3, 9])
def test_every_page_of_every_part_is_listed_once_and_redirects_are_not(client: Client, wiki: Wiki, size: int) -> None:
    Shut(wiki, size)
    here = visit(client, wiki, namespaces=[0, 14])
    found = discover(here)
    assert (found.whole, found.info.engine) == (True, None)
    pages = list(enumerate_pages(here, found))
    assert [(page.title, page.namespace) for page in pages] == [
        ("Anemone", 0), ("Caf\u00e9 & bar", 0), ("Dune", 0), ("Estuary", 0), ("Category:Shores", 14),
    ]  # fmt: skip
    assert pages[1].key == f"{wiki.url}/wiki/Caf%C3%A9_%26_bar"


def test_a_wiki_whose_api_is_shut_is_crawled_by_its_list(street: Street) -> None:
    Shut(street.wiki)
    street.fetch(url=f"{street.wiki.url}/wiki/Main_Page")
    assert street.counts() == {"done": 4}
    assert street.wiki.hits["/wiki/Main_Page"] == 1      # read to find out, not an article of the list


def test_a_page_that_the_list_no_longer_has_is_gone(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    Shut(street.wiki)
    street.fetch(url=f"{street.wiki.url}/wiki/Main_Page")
    monkeypatch.setitem(TITLES, 0, TITLES[0][:4])
    street.fetch(url=f"{street.wiki.url}/wiki/Main_Page")
    assert street.states()["Estuary"] == ("gone", "not listed")


def test_robots_rule_over_the_list(client: Client, wiki: Wiki) -> None:
    Shut(wiki)
    with pytest.raises(Elsewhere, match=r"robots\.txt forbids Special:AllPages"):
        discover(visit(client, wiki, robots=False))


def test_what_is_no_mediawiki_has_no_such_list(client: Client, wiki: Wiki) -> None:
    wiki.answers["/wiki/Main_Page"] = (200, HTML, b"<html><p>Welcome")
    with pytest.raises(Elsewhere, match="no page that says it is MediaWiki's"):
        discover(visit(client, wiki))


def test_a_wiki_without_the_list_says_what_came_instead(client: Client, wiki: Wiki) -> None:
    Shut(wiki)
    wiki.answers["/w/index.php"] = (404, HTML, b"<html>none")
    with pytest.raises(Elsewhere, match=r"no Special:AllPages at .*\(http 404\)"):
        discover(visit(client, wiki))


def test_categories_cannot_be_read_without_an_api(client: Client, wiki: Wiki) -> None:
    Shut(wiki)
    with pytest.raises(Elsewhere, match=r"Category:Shores cannot be read without api\.php"):
        discover(visit(client, wiki, include=["Category:Shores"]))


def test_a_list_that_breaks_off_is_told(client: Client, wiki: Wiki) -> None:
    shut = Shut(wiki)
    here = visit(client, wiki)
    found = discover(here)
    wiki.answers["/w/index.php"] = lambda handler: (500, {}, b"") if "from=" in handler.path else shut.special(handler)
    with pytest.raises(SiteError, match="http 500"):
        list(enumerate_pages(here, found))


def test_a_list_that_goes_on_for_ever_ends_with_one_line(client: Client, wiki: Wiki) -> None:
    Shut(wiki)
    here = visit(client, wiki)
    found = discover(here)
    numbers = iter(range(10_000))

    def endless(_handler: Any) -> tuple[int, dict[str, str], bytes]:
        link = f'<a href="/w/index.php?title=Special:AllPages&amp;from=X{next(numbers)}">next</a>'
        return 200, HTML, f'{HEAD}<ul class="mw-allpages-chunk"></ul><div class="mw-allpages-nav">{link}</div>'.encode()

    wiki.answers["/w/index.php"] = endless
    with pytest.raises(SiteError, match="mini: Special:AllPages goes on without a page at X"):
        list(enumerate_pages(here, found))


def test_the_tables_of_old_wikis_are_read_too() -> None:
    page = (
        '<table class="mw-allpages-table-form"><tr><td class="mw-allpages-nav">'
        '<a href="/index.php?title=Special:AllPages&from=Dune">Next page (Dune)</a></td></tr></table>'
        '<table class="mw-allpages-table-chunk"><tr><td><a href="/wiki/A" title="A">A</a></td>'
        '<td><div class="allpagesredirect"><a href="/wiki/B" class="mw-redirect" title="B">B</a></div></td></tr>'
        '</table><a href="/wiki/Help:C">Help</a>'
    )
    chunk = read_chunk(page, "https://a.example/wiki/Special:AllPages")
    assert (chunk.pages, chunk.nexts) == (("https://a.example/wiki/A",), ("Dune",))
