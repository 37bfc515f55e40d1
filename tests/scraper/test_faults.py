"""What a kill, a power cut, a full disk, a second run and a wrong clock do to a run: nothing that lasts.

F1 to F6 of the fault cases. Each run is the program itself, in a process of its own, against a real server.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sectionary.scraper.archive import Archive
from sectionary.scraper.errors import InterruptedRunError
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.sources.listing import Listed
from tests.scraper.conftest import Wiki

DATE = {"SOURCE_DATE_EPOCH": "1763800000"}
PAGES = 150                              # more than two batches are fetched
CONFIG = """\
scraper:
  private_hosts: [127.0.0.1]
  delay: {delay}
  sites:
    - {{name: mini, url: {url}/wiki/, source: mediawiki}}
run: {{workers: 1}}
"""

# Where a run is killed, in the order in which these places come as the work goes on, so that each is reached.
# After every second one the power is lost besides.
KILLS = (
    "ledger.committed:1", "ledger.commit:4", "archive.write:1", "archive.sync:1", "archive.write:70",
    "archive.synced:1", "ledger.commit:5", "archive.sync:2", "run.cleaned", "commit.staged", "commit.snapshot",
    "commit.moved", "commit.latest", "run.committed",
)  # fmt: skip


class Runs:
    """A folder with a configuration, and what a run there left."""

    def __init__(self, folder: Path, url: str, delay: float = 0) -> None:
        folder.mkdir()
        self.folder = folder
        (folder / "config.yaml").write_text(CONFIG.format(url=url, delay=delay), "utf-8")

    def start(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        """Begin a run as cron does, in a session of its own."""
        command = [sys.executable, "-m", "sectionary.cli", "run", "-q", "-c", str(self.folder / "config.yaml")]
        told = {**os.environ, **DATE, **environment}
        return subprocess.Popen(
            [*command, *options], env=told, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )

    def run(self, *options: str, **environment: str) -> tuple[int, bytes]:
        """Run to the end; gives the exit code and all that was printed."""
        run = self.start(*options, **environment)
        out, err = run.communicate(timeout=100)
        return run.returncode, out + err

    def data(self) -> dict[str, bytes]:
        """The dataset's files."""
        corpus = self.folder / "corpus"
        parts = [path for part in ("sections", "pages", "jsonl", "rejected") for path in (corpus / part).rglob("*")]
        return {str(path.relative_to(corpus)): path.read_bytes() for path in parts if path.is_file()}

    def drop_unsynced(self) -> None:
        """Do what a power cut may: take from the archive whatever no commit of the ledger vouches for."""
        database = self.folder / "work/ledger.sqlite"
        kept: dict[str, int] = {}
        if database.exists():
            with sqlite3.connect(database) as db:
                query = "SELECT name, max(offset + length) FROM copies JOIN files ON id = file GROUP BY name"
                kept = dict(db.execute(query).fetchall())
            db.close()
        for file in (self.folder / "work/raw").glob("*"):
            os.truncate(file, kept.get(file.name, 0))

    def fetched(self) -> int:
        """How many pages the ledger knows to be fetched."""
        with Ledger(self.folder / "work/ledger.sqlite") as ledger:
            return ledger.counts("mini")["done"]


def fill(wiki: Any) -> None:
    wiki.batch = 50
    for number in range(PAGES):
        wiki.page(f"Page {number:03d}".replace(" ", "_"))
    wiki.page("Not_there", (404, {}, b""))
    wiki.page("Picture", (200, {"Content-Type": "image/png"}, b"\x89PNG\r\n"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What an undisturbed run leaves, wherever its wiki listens."""
    wiki = Wiki()
    fill(wiki)
    runs = Runs(tmp_path_factory.mktemp("undisturbed") / "whole", wiki.url)
    assert runs.run() == (0, b"")
    wiki.close()
    data = runs.data()
    assert len(data) >= 4
    return data


@pytest.mark.timeout(600)
@pytest.mark.case("F1", "F2")
def test_a_run_that_dies_anywhere_ends_in_the_bytes_of_an_undisturbed_one(
    wiki: Wiki, tmp_path: Path, whole: dict[str, bytes]
) -> None:
    fill(wiki)
    broken = Runs(tmp_path / "broken", wiki.url)
    for number, place in enumerate(KILLS):
        assert broken.run(SECTIONARY_FAILPOINT=place)[0] == -signal.SIGKILL, place
        if number % 2:
            broken.drop_unsynced()
    assert broken.run() == (0, b"")
    assert broken.data() == whole
    assert broken.fetched() == PAGES


@pytest.mark.case("F2")
def test_what_the_ledger_vouches_for_was_synced_before(street: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """F2: were anything lost that was not synced, no acknowledged page would be among it."""
    for number in range(70):
        street.wiki.page(f"P{number:02d}")
    synced: dict[int, int] = {}
    fsync = os.fsync

    def remember(handle: int) -> None:
        fsync(handle)
        synced[os.fstat(handle).st_ino] = os.fstat(handle).st_size

    settle, vouched = street.ledger.settle, []

    def check(site: str, outcomes: Any) -> None:
        for outcome in outcomes:
            if outcome.stored:
                ref = outcome.stored.ref
                vouched.append(synced.get((street.raw / ref.file).stat().st_ino, 0) - ref.offset - ref.length)
        settle(site, outcomes)

    monkeypatch.setattr(os, "fsync", remember)
    monkeypatch.setattr(street.ledger, "settle", check)
    street.fetch()
    assert len(vouched) == 70
    assert min(vouched) >= 0


@pytest.mark.case("F2")
def test_the_ledgers_own_commits_outlast_a_power_cut(ledger: Ledger) -> None:
    assert ledger._db.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert ledger._db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


@pytest.mark.parametrize("place", ["archive.write:5", "archive.sync:1", "commit.full"])
@pytest.mark.case("F3")
def test_a_full_disk_ends_the_run_with_code_4_and_the_next_one_goes_on(
    wiki: Wiki, tmp_path: Path, place: str, whole: dict[str, bytes]
) -> None:
    fill(wiki)
    full = Runs(tmp_path / "full", wiki.url)
    code, said = full.run(SECTIONARY_FAILPOINT=f"{place}=ENOSPC")
    assert code == 4
    assert b"No space left on device" in said
    assert b"Traceback" not in said
    assert full.run() == (0, b"")
    assert full.data() == whole


@pytest.mark.case("F3")
def test_a_full_disk_under_the_ledger_takes_back_the_whole_batch(ledger: Ledger) -> None:
    ledger.begin("mini")
    size = ledger._db.execute("PRAGMA page_count").fetchone()[0]
    ledger._db.execute(f"PRAGMA max_page_count = {size + 1}")
    pages = [Listed(key=f"k{number}", url=f"https://a.example/{number}" + "x" * 200) for number in range(400)]
    with pytest.raises(InterruptedRunError, match="full"):
        ledger.list_pages("mini", pages)
    assert ledger.listed("mini") == 0
    ledger._db.execute("PRAGMA max_page_count = 100000")
    assert ledger.list_pages("mini", pages) == 400


def test_a_torn_file_of_the_archive_is_never_written_to_again(street: Any) -> None:
    street.wiki.page("A")
    street.fetch()
    (first,) = street.raw.iterdir()
    torn = first.read_bytes() + b"\x1f\x8b\x08torn"
    first.write_bytes(torn)
    street.wiki.page("B")
    street.fetch()
    assert first.read_bytes() == torn
    assert len(list(street.raw.iterdir())) == 2


@contextmanager
def slow_run(wiki: Any, folder: Path) -> Iterator[tuple[Runs, subprocess.Popen[bytes]]]:
    """A run that has begun to fetch and will take its time."""
    fill(wiki)
    runs = Runs(folder, wiki.url, delay=0.05)
    run = runs.start()
    try:
        while not any(path.startswith("/wiki/Page") for path in wiki.hits):
            assert run.poll() is None, run.communicate()
            time.sleep(0.02)
        yield runs, run
    finally:
        run.kill()
        run.communicate()


@pytest.mark.case("F5")
def test_a_second_run_of_a_site_ends_at_once_with_code_3_and_names_the_first(wiki: Any, tmp_path: Path) -> None:
    with slow_run(wiki, tmp_path / "site") as (runs, first):
        code, said = runs.run()
        assert code == 3
        assert f"(process {first.pid}, since 20".encode() in said
        assert first.poll() is None


def test_a_run_that_waits_takes_over_where_the_first_was_killed(wiki: Any, tmp_path: Path) -> None:
    with slow_run(wiki, tmp_path / "site") as (runs, first):
        second = runs.start("--wait", "90s", "--limit", "1")
        time.sleep(1)
        assert second.poll() is None
        first.kill()
        assert second.wait(90) == 0
        second.communicate()


@pytest.mark.case("F4")
def test_one_signal_to_the_whole_group_drains_and_commits(wiki: Any, tmp_path: Path) -> None:
    with slow_run(wiki, tmp_path / "site") as (runs, run):
        time.sleep(1)
        os.killpg(run.pid, signal.SIGTERM)
        out, err = run.communicate(timeout=60)
        assert (run.returncode, b"Traceback" in err) == (4, False), err
        assert b"interrupted" in out or b"stopping" in err
        assert 0 < runs.fetched() < PAGES
        assert len(runs.data()) >= 4


@pytest.mark.case("F4")
def test_a_second_signal_ends_at_once_and_the_next_run_finds_all_whole(
    wiki: Wiki, tmp_path: Path, whole: dict[str, bytes]
) -> None:
    fill(wiki)
    answer = wiki.answers["/wiki/Page_099"]
    wiki.answers["/wiki/Page_099"] = lambda _handler: time.sleep(20)
    runs = Runs(tmp_path / "site", wiki.url)
    run = runs.start()
    while not wiki.hits["/wiki/Page_099"]:
        assert run.poll() is None
        time.sleep(0.02)
    run.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert run.poll() is None            # it waits for the answer that is under way
    run.send_signal(signal.SIGINT)
    assert run.wait(5) == 4
    assert b"stopped at once" in run.communicate()[1]
    wiki.answers["/wiki/Page_099"] = answer
    assert runs.run() == (0, b"")
    assert runs.data() == whole


@pytest.mark.parametrize("jump", [timedelta(days=4000), timedelta(days=-4000)], ids=["forward", "back"])
@pytest.mark.case("F6")
def test_a_clock_that_jumps_neither_hurries_nor_stalls_a_run(street: Any, jump: timedelta) -> None:
    """F6: what is waited for goes by the monotonic clock."""
    for title in ("A", "B", "C"):
        street.wiki.page(title)

    def leap(_handler: Any) -> None:
        street.clock.start += jump

    street.wiki.answers["/wiki/A"] = lambda handler: (
        leap(handler) or (503, {"Retry-After": "7"}, b"") if street.wiki.hits["/wiki/A"] == 1 else  # type: ignore[func-returns-value]
        (200, {"Content-Type": "text/html"}, b"<html><body><p>A</p></body></html>")
    )  # fmt: skip
    street.fetch()
    assert street.counts() == {"done": 3}
    assert 7 <= street.clock.passed < 20
    street.wiki.revisions.update(A=200, B=200, C=200)
    street.fetch()                       # and what was written down by a wrong clock blocks nothing
    assert street.counts() == {"done": 3}
    assert street.wiki.hits["/wiki/B"] == 2


@pytest.mark.case("F6")
def test_what_a_wrong_clock_wrote_down_is_due_once_the_clock_is_right(street: Any) -> None:
    """Pages of the year 2037 were never young enough to be asked for again, nor old enough to be waited for."""
    street.wiki.page("A")
    street.wiki.page("B", (503, {"Retry-After": "1000"}, b""))
    street.clock.start += timedelta(days=4000)
    street.fetch()
    assert {title: state for title, (state, _) in street.states().items()} == {"A": "done", "B": "pending"}
    street.clock.start -= timedelta(days=4000)
    street.clock.passed += 1000
    street.wiki.page("B", page_id=2)
    street.wiki.revisions["A"] = 900
    street.refresh_after = 3600.0
    assert sorted(page.key for page in street.fetch()) == ["page_id:1", "page_id:2"]
    street.clock.passed += 60
    street.wiki.revisions["A"] = 901
    assert street.fetch() == []          # by the right clock it is young


def test_an_archive_that_cannot_be_written_says_so_and_keeps_what_it_had(tmp_path: Path) -> None:
    (tmp_path / "raw").write_bytes(b"in the way")
    with pytest.raises(InterruptedRunError, match="raw"), Archive(tmp_path / "raw", "mini") as archive:
        archive.note("https://a.example/", {"key": "x", "url": "https://a.example/", "state": "gone"})
