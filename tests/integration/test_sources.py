"""Our titles, addresses and lists against a real MediaWiki's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from corpus import rows
from wiki import Wiki

import sectionary
from sectionary.scraper.clock import SystemClock
from sectionary.scraper.http import Client
from sectionary.scraper.pace import Pace
from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.sources.allpages import discover as discover_list
from sectionary.scraper.sources.allpages import enumerate_pages as enumerate_list
from sectionary.scraper.sources.listing import Listed, Visit
from sectionary.scraper.sources.mediawiki import discover, enumerate_pages
from sectionary.scraper.titles import parse_title
from tests.scraper.titlepairs import PAIRS, REFUSED, SPECIALS

PAGES = {
    "Ebb": "Falls. [[Category:Tides]]", "AC/DC & more?": "Slash. [[Category:Currents]]", "Neap": "Small.",
    "Category:Currents": "[[Category:Tides]]", "Falling": "#REDIRECT [[Ebb]]",
}  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiki]:
    """A wiki of a few pages."""
    with Wiki(tmp_path_factory.mktemp("sources") / "wiki", name="Tides") as wiki:
        for title, text in PAGES.items():
            wiki.write_page(title, text)
        wiki.refresh()
        wiki.serve()
        yield wiki


@pytest.fixture
def visit(small: Wiki) -> Iterator[Callable[..., Visit]]:
    with Client(Pace(SystemClock(), 0), private_hosts=["127.0.0.1"]) as client:

        def made(**told: object) -> Visit:
            site = SiteSettings.model_validate({"name": "w", "url": f"{small.base_url}/wiki/Main_Page", **told})
            return Visit(client=client, site=site, allows=lambda _: True)

        yield made


def listed(visit: Visit) -> list[Listed]:
    return list(enumerate_pages(visit, discover(visit)))


def test_our_titles_are_mediawikis(small: Wiki, visit: Callable[..., Visit]) -> None:
    wiki = discover(visit()).wiki
    assert wiki is not None
    wrong = []
    for written in [*(pair[0] for pair in PAIRS), *(pair[0] for pair in SPECIALS)]:
        query = small.api(action="query", titles="\x1f" + written)["query"]
        (page,) = [*query.get("pages", ()), *query.get("interwiki", ())]
        theirs = page["title"].replace(" ", "_")
        ours = parse_title(written, wiki.names).key
        if ours != theirs:
            wrong.append((written, ours, theirs))
    assert wrong == []


def test_what_we_refuse_mediawiki_refuses_too(small: Wiki) -> None:
    asked = [title for title in REFUSED if title.strip(" _") and "\x00" not in title]
    taken = []
    for title in asked:
        pages = small.api(action="query", titles="\x1f" + title).get("query", {}).get("pages", [])
        taken += [title for page in pages if not page.get("invalid")]
    assert taken == []


@pytest.mark.parametrize(("told", "titles"), [
    ({"include": ["Category:Tides"]}, ["Ebb"]),
    ({"include": ["Category:Tides"], "category_depth": 1}, ["AC/DC & more?", "Ebb"]),
    ({"include": ["Falling", "Neap"]}, ["Ebb", "Neap"]), ({"include": ["N*"]}, ["Neap"]),
    ({}, ["AC/DC & more?", "Ebb", "Main Page", "Neap"]),
])  # fmt: skip
def test_lists_are_the_wikis_own(visit: Callable[..., Visit], told: dict[str, object], titles: list[str]) -> None:
    assert sorted(str(page.title) for page in listed(visit(**told)) if page.excluded is None) == titles


def test_special_allpages_lists_what_the_api_lists(visit: Callable[..., Visit]) -> None:
    here = visit()
    theirs = [page.title for page in enumerate_list(here, discover_list(here))]
    assert sorted(map(str, theirs)) == sorted(str(page.title) for page in listed(visit()))


@pytest.mark.parametrize("endpoint", ["page", "parse", "rest"])
def test_three_endpoints_give_the_same_sections(small: Wiki, tmp_path: Path, endpoint: str) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        "scraper:\n  delay: 0\n  private_hosts: [127.0.0.1]\n  sites:\n    - name: w\n"
        f"      url: {small.base_url}/wiki/Main_Page\n      endpoint: {endpoint}\n      include: [Ebb, 'AC*']\n"
    )
    (small.folder / "robots.txt").write_text("User-agent: *\nDisallow: /wiki/Special:\n")
    assert sectionary.run(config).exit_code == 0
    found = {row["title"]: row["text"] for row in rows(tmp_path / "corpus", "sections")}
    assert found == {"Ebb": "Falls.", "AC/DC & more?": "Slash."}
