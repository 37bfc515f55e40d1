"""A wiki that changes between two runs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from corpus import Row, rows
from wiki import Wiki

import sectionary

PAGES = {
    "Ebb": "'''Ebb''' is the falling tide.\n== Slack water ==\nThe stream stands still.",
    "Flood": "'''Flood''' is the rising tide.\n== Springs ==\nTwice a month.\n== See also ==\n* [[Ebb]]",
    "Neap": "'''Neap''' tides are the small ones.",
    "Falling tide": "#REDIRECT [[Ebb]]",
}


class Runs:
    """The same configuration run before and after the wiki's editors were at work."""

    def __init__(self, wiki: Wiki, folder: Path, config: Path) -> None:
        self._folder, self._config = folder, config
        for title, text in PAGES.items():
            wiki.write_page(title, text)
        self.before = self.run()
        wiki.write_page("Flood", PAGES["Flood"].replace("Twice a month", "At full and new moon"))
        wiki.write_page("Bore", "A '''bore''' is a tide that runs up a river as a wave.")
        self.after = self.run()

    def run(self) -> dict[str, list[Row]]:
        """Run; give the sections by title."""
        summary = sectionary.run(self._config)
        assert summary.exit_code == 0, summary
        found: dict[str, list[Row]] = {}
        for row in rows(self._folder / "corpus", "sections"):
            found.setdefault(row["title"], []).append(row)
        return found


@pytest.fixture(scope="module")
def runs(
    tmp_path_factory: pytest.TempPathFactory, write_config: Callable[[Path, Wiki], Path]
) -> Iterator[Runs]:
    """A small wiki of its own, since it is edited."""
    folder = tmp_path_factory.mktemp("refresh")
    with Wiki(folder / "wiki", name="Tides") as wiki:
        wiki.serve()
        yield Runs(wiki, folder, write_config(folder, wiki))


def test_an_edited_page_is_fetched_again_and_its_records_replaced(runs: Runs) -> None:
    texts = [row["text"] for row in runs.after["Flood"]]
    assert "At full and new moon." in texts
    assert "Twice a month." not in texts


def test_an_edit_moves_no_section_to_another_identity(runs: Runs) -> None:
    before, after = runs.before["Flood"], runs.after["Flood"]
    assert {row["section_id"]: row["heading"] for row in before} == {
        row["section_id"]: row["heading"] for row in after
    }


def test_pages_that_nobody_edited_keep_their_records_as_they_were(runs: Runs) -> None:
    for title in ("Ebb", "Neap", "Main Page"):
        assert runs.after[title] == runs.before[title]


def test_a_new_page_is_found_and_a_redirect_is_no_page(runs: Runs) -> None:
    assert set(runs.before) == {"Main Page", "Ebb", "Flood", "Neap"}
    assert set(runs.after) == {"Main Page", "Ebb", "Flood", "Neap", "Bore"}
