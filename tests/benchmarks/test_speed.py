"""The speed table's own parts: its server answers as a wiki does, its made-up pages are articles."""

from pathlib import Path

import requests
from speed.archived import fill
from speed.pages import small
from speed.runs import configured
from speed.server import serving

import sectionary
from sectionary.config import load_config
from sectionary.pipeline import run


def test_the_server_lists_every_page_and_serves_it(tmp_path: Path) -> None:
    with serving(small(3), 700, tmp_path) as server:
        titles, further = [], "0"
        while further:
            reply = requests.get(f"{server.url}/w/api.php?gapcontinue={further}", timeout=10).json()
            titles += [page["title"] for page in reply["query"]["pages"]]
            further = reply.get("continue", {}).get("gapcontinue")
        assert titles == [f"Page {number}" for number in range(700)]
        bodies = [requests.get(f"{server.url}/wiki/Page_{number}", timeout=10).text for number in (0, 3, 699)]
        assert len(set(bodies)) == 3
        assert server.asked() == {"api": 2, "page": 3}


def test_the_server_knows_no_page_beyond_its_last(tmp_path: Path) -> None:
    with serving(small(1), 2, tmp_path) as server:
        assert requests.get(f"{server.url}/wiki/Page_2", timeout=10).status_code == 404


def test_made_up_pages_are_articles_of_a_few_kilobytes() -> None:
    for number, body in enumerate(small(12)):
        article = sectionary.extract(body, url=f"https://speedy.example/wiki/Page_{number}")
        assert article.title == f"Page {number}"
        assert [section.heading for section in article.sections][1:] == [
            f"Part {n} of {number}" for n in range(3 + number % 6)
        ]
        assert 1_000 < len(body) < 8_000


def test_a_made_up_archive_is_cleaned_without_a_fetch(tmp_path: Path) -> None:
    config = configured(tmp_path, "https://speedy.example", workers=1)
    fill(tmp_path / "work" / "raw", 30)
    (site,) = run(load_config(config), fetch=False).sites
    assert (site.site, site.written, site.rejected, site.requests) == ("speedy.example", 30, 0, {})
