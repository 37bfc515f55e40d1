"""A real MediaWiki whose records of changes are read in the place of its list: --since after a night of work."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from corpus import rows
from wiki import Wiki

from sectionary.config import load_config
from sectionary.output.last_run import SiteSummary
from sectionary.output.verify import verify
from sectionary.pipeline import Bounds, run
from sectionary.scraper.clock import stamp
from sectionary.scraper.ledger import Ledger

TITLES = [f"Shore {number:02d}" for number in range(12)]
EDITED, PROTECTED, DELETED, MOVED, LEFT, RESTORED = TITLES[:6]


class Night:
    """A crawl of everything, a night's work of the wiki's editors, and a crawl of what changed since."""

    def __init__(self, wiki: Wiki, folder: Path, config: Path) -> None:
        self.wiki, self.folder, self.config = wiki, folder, config
        for title in TITLES:
            wiki.write_page(title, f"'''{title}''' lies by the sea.")
        self.list_and_run("deleteBatch.php", RESTORED)
        self.run()
        self.before = self.documents()
        time.sleep(2)                    # the wiki's times are whole seconds
        since = stamp(datetime.now(UTC))
        self.edit()
        self.after = self.run(since)
        self.again = self.run(since)

    def edit(self) -> None:
        """Let the wiki's editors work."""
        for title in (EDITED, PROTECTED):
            self.wiki.write_page(title, f"'''{title}''' lies by the sea. Twice a day.")
        self.wiki.maintain("protect.php", PROTECTED)
        self.list_and_run("deleteBatch.php", DELETED)
        self.list_and_run("moveBatch.php", f"{MOVED}|Moved shore")
        self.list_and_run("moveBatch.php", f"{LEFT}|User:Left shore", "--noredirects")
        self.wiki.maintain("undelete.php", RESTORED)
        self.wiki.write_page("New cliff", "'''New cliff''' is new.")

    def list_and_run(self, script: str, line: str, *options: str) -> None:
        """Run a maintenance script over a list of one line."""
        (self.folder / "list.txt").write_text(line + "\n", "utf-8")
        self.wiki.maintain(script, *options, str(self.folder / "list.txt"))

    def run(self, since: str | None = None) -> SiteSummary:
        """Run the crawl."""
        summary = run(load_config(self.config), bounds=Bounds(since=since))
        assert summary.exit_code == 0, summary
        return summary.sites[0]

    def documents(self) -> dict[str, str]:
        """Each page's doc_id by title."""
        return {row["title"]: row["doc_id"] for row in rows(self.folder / "corpus", "pages")}

    def states(self) -> dict[str, tuple[str, str | None]]:
        """Each page's state and reason by title."""
        with Ledger(self.folder / "work/ledger.sqlite") as ledger:
            return {str(page.title): (page.state, page.reason) for page in ledger.pages("wiki")}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory, write_config: Callable[[Path, Wiki], Path]) -> Iterator[Night]:
    """The runs."""
    folder = tmp_path_factory.mktemp("since")
    with Wiki(folder / "wiki", name="Shores") as wiki:
        wiki.serve()
        yield Night(wiki, folder, write_config(folder, wiki))


def test_what_changed_is_fetched_and_nothing_else(night: Night) -> None:
    """Edited, edited and protected, moved, restored, new."""
    assert (night.after.written, night.after.removed) == (5, 2)
    assert (night.again.written, night.again.removed) == (0, 0)


def test_the_wiki_is_asked_a_handful_of_questions(night: Night) -> None:
    assert sum(night.again.requests.values()) <= 10


def test_each_page_is_where_the_wiki_s_log_says(night: Night) -> None:
    states, after = night.states(), night.documents()
    assert states[DELETED][0] == "gone"
    assert str(states[DELETED][1]).startswith("deleted: 20")
    assert after["Moved shore"] == night.before[MOVED]
    assert states["User:Left shore"] == ("excluded", "scope")      # of a whole list it would be missing
    gone, come = set(night.before) - set(after), set(after) - set(night.before)
    assert gone == {DELETED, MOVED, LEFT}
    assert come == {"Moved shore", RESTORED, "New cliff"}
    assert verify(night.folder / "corpus").flaws == ()
