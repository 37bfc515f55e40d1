"""What `plan`, `why` and `init` find out of a site and of an address."""

from pathlib import Path
from typing import Any

import pytest

from sectionary.scraper.errors import ConfigError, SiteError
from sectionary.scraper.settings import ScraperSettings, SiteSettings
from sectionary.scraper.survey import survey, told
from sectionary.scraper.why import explain
from tests.scraper.conftest import HTML, Street, ToldClock, Wiki


def settings(wiki: Wiki, **site: Any) -> tuple[SiteSettings, ScraperSettings]:
    one = SiteSettings.model_validate({"name": "mini", "url": f"{wiki.url}/wiki/", **site})
    return one, ScraperSettings(delay=2, private_hosts=("127.0.0.1",), sites=(one,))


def planned(wiki: Wiki, clock: ToldClock, **site: Any) -> str:
    return told(survey(*settings(wiki, **site), clock))


def test_a_plan_tells_api_licence_robots_and_size_and_fetches_no_page(wiki: Wiki, clock: ToldClock) -> None:
    wiki.page("Tide")
    wiki.answers["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 10\n")
    text = planned(wiki, clock, include=["Tide"])
    for line in (f"mediawiki at {wiki.url}/w/api.php", "CC-BY-SA-4.0", "10 s between requests", "pages       1\n",
                 "5, 1 minutes at this rate"):  # fmt: skip
        assert line in text
    assert wiki.hits["/wiki/Tide"] == 0
    assert clock.passed >= 12            # the survey keeps the pace, too


def test_a_site_of_links_has_no_size_before_it_is_crawled(wiki: Wiki, clock: ToldClock) -> None:
    wiki.answers["/"] = (200, HTML, b"<a href=/a>x</a>")
    text = planned(wiki, clock, url=f"{wiki.url}/", source="links")
    assert "not known until its links are followed" in text
    assert "requests    " not in text


def test_a_sitemap_is_counted(wiki: Wiki, clock: ToldClock) -> None:
    wiki.answers["/"] = (200, HTML, b"<p>x")
    places = "".join(f"<url><loc>{wiki.url}/{number}</loc></url>" for number in range(7))
    wiki.answers["/sitemap.xml"] = (200, {}, f"<urlset>{places}</urlset>".encode())
    assert "pages       7\n" in planned(wiki, clock, url=f"{wiki.url}/", source="sitemap")


def test_a_site_that_does_not_answer_is_told(wiki: Wiki, clock: ToldClock) -> None:
    wiki.answers["/robots.txt"] = (503, {}, b"")
    with pytest.raises(SiteError, match=r"robots\.txt: http 503"):
        planned(wiki, clock)


def explained(wiki: Wiki, clock: ToldClock, url: str, ledger: Path, **site: Any) -> dict[str, str]:
    return dict(explain(url, settings(wiki, **site)[1], ledger, clock))


def test_an_address_is_explained_from_its_spelling_to_its_state(street: Street, clock: ToldClock) -> None:
    wiki = street.wiki
    wiki.page("Tide")
    wiki.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /w/index.php\n")
    street.fetch()
    ledger = street.raw.parent / "ledger.sqlite"
    said = explained(wiki, clock, f"{wiki.url}/w/index.php?title=Tide&utm_source=x#Causes", ledger)
    assert said["canonical"] == "https://mini.example/wiki/Tide"
    assert (said["title"], said["section"]) == ("Tide (namespace 0)", "Causes")
    assert (said["site"], said["scope"], said["robots.txt"], said["rules"]) == ("mini", "in", "allowed", "mediawiki")
    assert said["state"].startswith("done since 2026-11-22T09:30:00Z; bytes in mini-")
    talk = explained(wiki, clock, f"{wiki.url}/wiki/Talk:Tide?action=history", ledger, exclude=["T*"])
    assert talk["no page"] == "an action: history"
    assert talk["scope"] == "out: namespace 1 is not among [0]"
    assert talk["state"] == "never listed"
    assert explained(wiki, clock, f"{wiki.url}/wiki/Tide", ledger, exclude=["T*"])["scope"].startswith("out: include")


def test_an_address_that_robots_forbid_says_so(wiki: Wiki, clock: ToldClock, tmp_path: Path) -> None:
    wiki.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /wiki/Tide\n")
    said = explained(wiki, clock, f"{wiki.url}/wiki/Tide", tmp_path / "none.sqlite")
    assert said["robots.txt"].startswith("not fetched: ")
    assert said["state"] == "never listed: there is no ledger yet"
    assert not (tmp_path / "none.sqlite").exists()


def test_what_is_no_address_is_refused(wiki: Wiki, clock: ToldClock, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="scheme missing"):
        explained(wiki, clock, "wiki/Tide", tmp_path / "x")


@pytest.mark.parametrize("general", [
    b'{"server": "http://[", "articlepath": "/wiki/$1"}', b'{"server": "https://a.example", "articlepath": "/wiki"}',
    b'{"server": "file:///etc", "articlepath": "/wiki/$1"}',
])  # fmt: skip
def test_a_wiki_that_gives_its_pages_no_address_is_told_in_one_line(
    wiki: Wiki, clock: ToldClock, general: bytes
) -> None:
    wiki.answers["/w/api.php"] = (200, {"Content-Type": "application/json"}, b'{"query": {"general": %s}}' % general)
    with pytest.raises(SiteError, match=r"^mini: the wiki tells no address of its pages: "):
        planned(wiki, clock)
