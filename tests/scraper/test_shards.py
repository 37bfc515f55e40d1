"""Shards and logbook: what a crawler on another machine seals is all that counts, and another ledger follows it."""

import gzip
import inspect
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sectionary.recovery import recover
from sectionary.scraper.archive import archive_files, read_page
from sectionary.scraper.bucket import Both, Bucket
from sectionary.scraper.errors import DatasetError, InterruptedRunError
from sectionary.scraper.fetch import fetch_site
from sectionary.scraper.ledger import Fetched, Ledger
from sectionary.scraper.logbook import Followed, Logbook, excerpt, follow
from sectionary.scraper.pace import Pace
from sectionary.scraper.settings import ScraperSettings, SiteSettings
from sectionary.scraper.shards import Shards
from tests.scraper.conftest import HTML, ToldClock, Wiki

AGE = 600                                # seconds after which a shard is sealed
BATCH = 64                               # pages that are synced at once


class Node:
    """A machine that fetches the little wiki for a run, whose ledger is `run`; `far` is what both see."""

    def __init__(self, wiki: Wiki, clock: ToldClock, folder: Path, run: Ledger) -> None:
        self.wiki, self.clock, self.folder, self.run = wiki, clock, folder, run
        self.far = folder / "far"

    def fetch(self, name: str, *, most: int | None = None, **site: Any) -> None:
        """Fetch in a folder of this name, and be lost after `most` batches."""
        told = SiteSettings.model_validate({"name": "mini", "url": f"{self.wiki.url}/wiki/", **site})
        settings = ScraperSettings(delay=0, private_hosts=("127.0.0.1",))
        near = self.folder / name
        excerpt(self.folder / "run.sqlite", "mini", near / "ledger.sqlite")
        shards = Shards(near, self.far / "raw", "mini", size=1, age=AGE, clock=self.clock)
        with Logbook(near / "ledger.sqlite", self.far / "log", "mini", shards) as ledger:
            given = fetch_site(told, settings, ledger, shards, clock=self.clock)
            if most is None:
                with shards:
                    for _ in given:
                        pass
                ledger.seal()
                return
            for _ in range(most):
                next(given)
            with pytest.raises(InterruptedRunError):
                given.throw(InterruptedRunError("lost"))
            if shards._file:
                shards._file.close()     # and never sealed

    def follow(self) -> list[Followed]:
        """Have the run's ledger take in what was sealed."""
        return list(follow(self.run, "mini", self.far / "log"))


@pytest.fixture
def node(wiki: Wiki, clock: ToldClock, tmp_path: Path) -> Iterator[Node]:
    wiki.batch = 500
    for number in range(100):
        wiki.page(f"P{number:02}")
    with Ledger(tmp_path / "run.sqlite") as run:
        yield Node(wiki, clock, tmp_path, run)


def rows(path: Path) -> list[tuple[Any, ...]]:
    """All that a ledger knows of pages, but for where it is told apart by numbers of its own."""
    with sqlite3.connect(path) as db:
        found = db.execute(
            "SELECT pages.n, key, title, state, reason, attempts, asked, since, revision_id, f.name, offset,"
            " length, digest FROM pages"
            " LEFT JOIN copies ON copies.n = pages.n LEFT JOIN files f ON f.id = file ORDER BY pages.n"
        ).fetchall()
    db.close()
    return found


def pages(followed: list[Followed]) -> list[Fetched]:
    return [page for part in followed for page in part.pages]


def test_a_ledger_that_follows_a_logbook_knows_what_the_other_one_does(node: Node) -> None:
    node.wiki.answers["/wiki/P07"] = (404, HTML, b"gone")
    node.wiki.answers["/wiki/P08"] = (200, {"Content-Type": "image/png"}, b"\x89PNG")
    node.wiki.answers["/wiki/P09"] = (301, {"Location": "/wiki/P10"}, b"")
    node.fetch("first")
    followed = node.follow()
    assert sum(part.settled for part in followed) == 100
    assert len(pages(followed)) == 97
    assert rows(node.folder / "run.sqlite") == rows(node.folder / "first/ledger.sqlite")
    assert [read_page(node.far / "raw", page.ref).title for page in pages(followed)][:3] == ["P00", "P01", "P02"]
    assert list((node.far / "log").iterdir()) == []


def test_pages_that_were_not_sealed_count_as_not_fetched_and_the_others_are_not_fetched_again(node: Node) -> None:
    node.fetch("first", most=1)
    lost = sum(node.wiki.hits[f"/wiki/P{number:02}"] for number in range(100))
    assert lost >= BATCH
    assert len(pages(node.follow())) == BATCH
    node.fetch("second")
    assert len(pages(node.follow())) == 100 - BATCH
    assert {node.wiki.hits[f"/wiki/P{number:02}"] for number in range(BATCH)} == {1}
    assert node.run.counts("mini")["done"] == 100


def test_a_part_of_a_logbook_that_was_taken_in_before_a_crash_does_no_harm(node: Node) -> None:
    node.fetch("first")
    part = max((node.far / "log").iterdir())
    kept = part.read_bytes()
    node.follow()
    before = rows(node.folder / "run.sqlite")
    part.write_bytes(kept)
    node.follow()
    after = rows(node.folder / "run.sqlite")
    assert [row[:5] + row[6:] for row in after] == [row[:5] + row[6:] for row in before]     # all but the attempts


def test_a_part_is_taken_in_as_a_whole_or_not_at_all(node: Node) -> None:
    node.fetch("first")
    part = min((node.far / "log").iterdir())
    part.write_bytes(part.read_bytes()[:-20])
    with pytest.raises(DatasetError, match="remove it to have its pages fetched anew"):
        node.follow()
    assert node.run.is_new("mini")


def test_a_ledger_that_is_lost_too_is_made_anew_from_the_sealed_shards(node: Node, tmp_path: Path) -> None:
    node.fetch("first")
    node.follow()
    with Ledger(tmp_path / "anew.sqlite") as anew:
        recover(anew, "mini", node.far / "raw", tmp_path / "no corpus")
        assert anew.counts("mini") == node.run.counts("mini")


def test_the_next_night_reads_what_other_nodes_sealed_and_keeps_bytes_that_are_the_same_once(node: Node) -> None:
    node.fetch("first")
    node.follow()
    node.wiki.revisions = dict.fromkeys(node.wiki.pages, 900)
    node.clock.passed += 60
    node.fetch("second")
    done = pages(node.follow())
    assert len(done) == 100
    records = [gzip.decompress(file.read_bytes()) for file in archive_files(node.far / "raw", "mini")]
    assert [record.count(b"WARC-Type: revisit") for record in records] == [0, 0, BATCH, 100 - BATCH]
    assert read_page(node.far / "raw", done[0].ref).body.startswith(b"<html>")


def test_a_long_night_that_brings_no_bytes_is_sealed_now_and_then(node: Node) -> None:
    paths = [f"/wiki/P{number:02}" for number in range(100)]
    told = {"source": "urls", "urls": [f"{node.wiki.url}{path}" for path in paths]}
    node.wiki.answers |= {path: (200, {**HTML, "ETag": '"1"'}, b"<html><body><p>Text.") for path in paths}
    node.fetch("first", **told)
    node.follow()
    node.clock.passed += 60

    def unchanged(_handler: Any) -> Any:
        node.clock.sleep(20)
        return 304, {}, b""

    node.wiki.answers |= dict.fromkeys(paths, unchanged)
    node.fetch("second", **told)
    followed = node.follow()
    assert pages(followed) == []
    assert sum(part.settled for part in followed) == 100
    assert len(followed) > 2


def test_a_shard_has_its_name_only_when_it_is_whole(node: Node) -> None:
    node.fetch("first", most=1)
    sealed = [file for file in archive_files(node.far / "raw", "mini") if file.stat().st_size]
    assert len(sealed) == 1
    assert not list((node.far / "raw").glob(".*"))


def test_an_excerpt_holds_one_site_and_nothing_of_others(node: Node, tmp_path: Path) -> None:
    node.fetch("first")
    node.follow()
    node.run.begin("other")
    excerpt(tmp_path / "run.sqlite", "mini", tmp_path / "excerpt.sqlite")
    assert rows(tmp_path / "excerpt.sqlite") == rows(tmp_path / "run.sqlite")
    with Ledger(tmp_path / "excerpt.sqlite") as copy:
        assert copy.names() == ["mini"]


def test_machines_that_share_a_folder_keep_one_pace(clock: ToldClock, tmp_path: Path) -> None:
    sent: list[float] = []
    for machine in ("first", "second", "first"):
        pace = Pace(clock, 10, folder=tmp_path / machine, shared=tmp_path / "shared")
        pace.send("a.example", lambda: sent.append(clock.monotonic()))
        pace.close()
    assert sent == [0, 10, 20]


def test_a_hold_reaches_the_next_machine(clock: ToldClock, tmp_path: Path) -> None:
    first = Pace(clock, 0, folder=tmp_path / "first", shared=tmp_path / "shared")
    first.hold("a.example", 300)
    second = Pace(clock, 0, folder=tmp_path / "second", shared=tmp_path / "shared")
    second.send("a.example", lambda: None)
    assert clock.monotonic() >= 300


def test_a_machine_whose_clock_is_ahead_is_not_early(tmp_path: Path) -> None:
    """Another boot's times are told by the wall clock, which two machines do not share."""
    one, other = ToldClock(), ToldClock()
    other.passed = 1.5                   # a second and a half ahead
    both = [
        Both(Bucket(tmp_path / boot, "d", clock, boot), Bucket(tmp_path / "shared", "d", clock, boot))
        for clock, boot in ((one, "a"), (other, "b"))
    ]
    assert both[0].send(5, lambda: None) is None
    wait = both[1].send(5, lambda: None)
    assert wait
    assert wait.seconds == 5


def test_whatever_changes_a_ledger_while_a_site_is_fetched_is_written_down() -> None:
    by_the_run = {"at_once", "cleaned", "moved", "retry", "restore", "restore_documents", "succeeded", "ended"}
    changing = {
        name for name, method in inspect.getmembers(Ledger, inspect.isfunction)
        if not name.startswith("_") and {"_transaction", "_writing"} & set(method.__code__.co_names)
    }  # fmt: skip
    assert {"begin", "list_pages", "settle"} < changing
    assert changing - by_the_run <= set(vars(Logbook))
