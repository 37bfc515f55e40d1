"""A real MediaWiki between two runs: nothing changed, then a few pages, exactly those are fetched and reported."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyarrow.dataset
import pytest
from corpus import rows
from wiki import Wiki

import sectionary
from sectionary.config import load_config
from sectionary.output.commit import commit
from sectionary.output.feed import changes
from sectionary.output.last_run import SiteSummary
from sectionary.output.verify import verify
from sectionary.pipeline import run
from sectionary.scraper.ledger import Ledger

TITLES = [f"Shore {number:02d}" for number in range(20)]
EDITED, DELETED, MOVED = TITLES[:5], TITLES[5], TITLES[6]


class Runs:
    """A wiki of its own with a log of what was asked of it."""

    def __init__(self, wiki: Wiki, folder: Path, config: Path) -> None:
        self.wiki, self.folder, self.config = wiki, folder, config
        for title in TITLES:
            wiki.write_page(title, f"'''{title}''' lies by the sea.\n== Tides ==\nTwice a day.")
        self.first = self.run()
        self.before = self.documents()
        self.archived = self.files()
        self.unchanged = self.run()
        self.archived_again = self.files()
        self.shards = self.data_files()
        self.edit()
        self.after = self.run()
        self.shards_after = self.data_files()

    def edit(self) -> None:
        """Let the wiki's editors work."""
        for title in EDITED:
            self.wiki.write_page(title, f"'''{title}''' lies by the sea.\n== Tides ==\nOnce a day.")
        self.list_and_run("deleteBatch.php", DELETED)
        self.list_and_run("moveBatch.php", f"{MOVED}|Moved shore", "--noredirects")
        for title in ("New cliff", "New dune"):
            self.wiki.write_page(title, f"'''{title}''' is new.")

    def list_and_run(self, script: str, line: str, *options: str) -> None:
        """Run a maintenance script over a list of one line."""
        (self.folder / "list.txt").write_text(line + "\n", "utf-8")
        self.wiki.maintain(script, *options, str(self.folder / "list.txt"))

    def run(self) -> SiteSummary:
        """Run the crawl."""
        summary = sectionary.run(self.config)
        assert summary.exit_code == 0, summary
        return summary.sites[0]

    def documents(self) -> dict[str, str]:
        """Each page's doc_id by title."""
        return {row["title"]: row["doc_id"] for row in rows(self.folder / "corpus", "pages")}

    def files(self) -> list[Path]:
        """The files of the raw archive."""
        return sorted((self.folder / "work/raw").iterdir())

    def data_files(self) -> dict[str, int]:
        """The inode of every data file at rest, by its name, which tells its content."""
        found = (self.folder / "corpus/sections").rglob("*.parquet")
        return {path.name: path.stat().st_ino for path in found}

    def clean_with_other_rules(self) -> SiteSummary:
        """Clean what is archived anew after the operator has added a rule that takes the second sections' text."""
        told = self.config.read_text("utf-8")
        rule = 'cleaners: {remove: {own.tides: ["h2 + p"]}}'
        self.config.write_text(f"{told}\n{rule}\n", "utf-8")
        return run(load_config(self.config), fetch=False).sites[0]

    def states(self) -> dict[str, tuple[str, str | None]]:
        """Each page's state and reason by title."""
        with Ledger(self.folder / "work/ledger.sqlite") as ledger:
            return {str(page.title): (page.state, page.reason) for page in ledger.pages("wiki")}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, write_config: Callable[[Path, Wiki], Path]) -> Iterator[Runs]:
    """The runs, into a dataset whose shards are small enough that there are many."""
    folder = tmp_path_factory.mktemp("changes")
    with Wiki(folder / "wiki", name="Shores") as wiki, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sectionary.committing.commit", partial(commit, shard_bytes=3_000))
        wiki.serve()
        yield Runs(wiki, folder, write_config(folder, wiki))


def test_where_nothing_changed_no_page_is_fetched_and_no_file_written(runs: Runs) -> None:
    assert runs.first.written == 21
    assert (runs.unchanged.written, runs.unchanged.unchanged, runs.unchanged.snapshot) == (0, 21, None)
    assert runs.unchanged.requests.keys() <= {"200", "404"}
    assert sum(runs.unchanged.requests.values()) <= 6
    assert runs.archived_again == runs.archived


def test_exactly_the_pages_that_changed_are_fetched(runs: Runs) -> None:
    """Five edited, one moved and two new ones; what is deleted is known from the listing, and why from the log.

    Before the first page of a night the host is asked what it reserves.
    """
    asked = sum(runs.after.requests.values()) - sum(runs.unchanged.requests.values())
    assert asked == 8 + len({"tdmrep.json", "deletion log"})
    assert (runs.after.written, runs.after.gone, runs.after.removed) == (8, 1, 1)
    assert runs.after.unchanged == 21 - 5 - 1 - 1


def test_a_deleted_page_is_gone_and_a_moved_one_is_the_same_document(runs: Runs) -> None:
    after = runs.documents()
    state, reason = runs.states()[DELETED]
    assert (state, str(reason).partition(" ")[0]) == ("gone", "deleted:")
    assert DELETED not in after
    assert after["Moved shore"] == runs.before[MOVED]
    assert MOVED not in after
    assert set(after) - set(runs.before) == {"Moved shore", "New cliff", "New dune"}


def test_the_change_feed_names_exactly_these_sections_and_why(runs: Runs) -> None:
    found = [(each.change, each.breadcrumb, each.cause) for each in changes(runs.folder / "corpus", "1")]
    edited = [("edited", f"{title} > Tides", "edit") for title in EDITED]
    gone = [("removed", place, "edit") for place in (DELETED, f"{DELETED} > Tides")]
    new = [("added", title, "edit") for title in ("New cliff", "New dune")]
    moved = [("moved", place, "edit") for place in ("Moved shore", "Moved shore > Tides")]
    assert sorted(found) == sorted([*edited, *gone, *new, *moved])


def test_shards_without_a_change_keep_their_files(runs: Runs) -> None:
    assert len(runs.shards) >= 12
    same = {name: inode for name, inode in runs.shards.items() if runs.shards_after.get(name) == inode}
    changed = len(runs.shards) - len(same)
    assert 1 <= changed <= 9             # shards of the nine pages that changed, moved, came or went
    assert len(same) >= 4


def test_a_deleted_page_leaves_a_tombstone(runs: Runs) -> None:
    files = [str(path) for path in (runs.folder / "corpus/tombstones").rglob("*.parquet")]
    (stone,) = pyarrow.dataset.dataset(files).to_table().to_pylist()
    assert (stone["doc_id"], stone["title"]) == (runs.before[DELETED], DELETED)
    assert stone["reason"].startswith("deleted: 20")


def test_another_rule_over_the_same_pages_is_told_as_rules(runs: Runs) -> None:
    """The last to touch the dataset."""
    cleaned = runs.clean_with_other_rules()
    assert cleaned.snapshot == 3
    found = [(each.change, each.breadcrumb.endswith("> Tides"), each.cause) for each in changes(runs.folder / "corpus")]
    assert set(found) == {("edited", True, "rules")}
    assert len(found) == 19              # of 21 pages, one is gone and two new ones have no such section
    assert verify(runs.folder / "corpus").flaws == ()


def test_the_dataset_verifies(runs: Runs) -> None:
    assert verify(runs.folder / "corpus").flaws == ()
