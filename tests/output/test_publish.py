"""Commits that are killed, meet each other, or are watched while they happen."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from msgspec.structs import replace

from sectionary.cleaners.article import Article
from sectionary.output.commit import commit
from sectionary.output.dataset import read
from sectionary.output.publish import disk_errors, locked
from sectionary.scraper.errors import InterruptedRunError, LockedError
from tests.output import nights

Make = Callable[..., Any]
SITE = "wiki.example"
FAILPOINTS = ("staged", "snapshot", "moved", "placed", "retired", "latest")
FEW = 8_000                                # bytes of JSON lines a shard, so that there are four
COMMIT = """
import sys
from pathlib import Path
from sectionary.output.commit import commit
corpus, site, *staged = sys.argv[1:]
commit(Path(corpus), site, [Path(path) for path in staged], shard_bytes=40_000)
"""
SMALL_FILES = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))
"""


def commit_and_die(corpus: Path, staged: list[Path], failpoint: str) -> None:
    """Commit in a process that is killed at the failpoint."""
    command = [sys.executable, "-c", COMMIT, str(corpus), SITE, *map(str, staged)]
    environment = {**os.environ, "SECTIONARY_FAILPOINT": f"commit.{failpoint}"}
    assert subprocess.run(command, env=environment, check=False).returncode == -9


@pytest.fixture
def old(article: Make) -> list[Article]:
    """Twelve pages."""
    return [article(f"Otter {number}") for number in range(12)]


@pytest.fixture
def new(old: list[Article], article: Make) -> list[Article]:
    """Half of them changed, and one more."""
    return [*(replace(page, language="de") for page in old[::2]), article("Beaver")]


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_a_killed_commit_is_finished_by_the_next(
    desk: Any, old: list[Article], new: list[Article], tmp_path: Path, failpoint: str
) -> None:
    for corpus in (desk.corpus, tmp_path / "undisturbed"):
        commit(corpus, SITE, desk.stage(old), shard_bytes=FEW)
    staged = desk.stage(new)
    before = read(desk.corpus, nested=True)
    commit_and_die(desk.corpus, staged, failpoint)
    after_kill = read(desk.corpus, nested=True)
    commit(desk.corpus, SITE, staged)
    commit(tmp_path / "undisturbed", SITE, staged)
    after = read(desk.corpus, nested=True)
    pd.testing.assert_frame_equal(after_kill, after if failpoint == "latest" else before)
    assert desk.at_rest() == desk.at_rest(tmp_path / "undisturbed")
    assert (desk.corpus / "_meta/LATEST").read_text() == "2\n"
    assert not list((desk.corpus / "_meta/staging").iterdir())


@pytest.mark.parametrize("failpoint", ["staged", "snapshot", "moved"])
def test_a_first_commit_that_is_killed_is_no_foreign_folder(
    desk: Any, old: list[Article], failpoint: str
) -> None:
    staged = desk.stage(old)
    commit_and_die(desk.corpus, staged, failpoint)
    assert len(read(desk.corpus)) == 0
    commit(desk.corpus, SITE, staged)
    assert len(read(desk.corpus)) == 12


def test_commits_killed_anywhere_end_in_the_bytes_of_undisturbed_ones_and_no_reader_sees_a_mix(tmp_path: Path) -> None:
    """Three nights; the rest of the fifty are in tests/integration."""
    nights.hold(range(3), tmp_path)


def test_an_older_snapshot_stays_readable(desk: Any, old: list[Article], new: list[Article]) -> None:
    commit(desk.corpus, SITE, desk.stage(old), shard_bytes=FEW)
    before = read(desk.corpus)
    commit(desk.corpus, SITE, desk.stage(new))
    pd.testing.assert_frame_equal(read(desk.corpus, snapshot=1), before)
    assert len(read(desk.corpus)) == 13


def test_a_reader_sees_one_snapshot_whole_while_commits_go_on(desk: Any, old: list[Article]) -> None:
    versions = [
        desk.stage([replace(page, cleaner_version=f"{version}") for page in old]) for version in range(5)
    ]
    commit(desk.corpus, SITE, versions[0], shard_bytes=FEW)
    with ThreadPoolExecutor() as pool:
        commits = pool.submit(lambda: [commit(desk.corpus, SITE, staged) for staged in versions[1:]])
        seen = []
        while not commits.done():
            rows = read(desk.corpus)
            assert len(rows) == 12
            seen.append(rows["cleaner_version"].unique().tolist())
    assert all(len(version) == 1 for version in seen)
    assert [done.snapshot for done in commits.result()] == [2, 3, 4, 5]


def test_two_writers_take_turns(desk: Any, old: list[Article]) -> None:
    sites = [f"{number}.example" for number in range(4)]
    staged = {site: desk.stage([replace(page, site=site) for page in old]) for site in sites}
    with ThreadPoolExecutor() as pool:
        done = pool.map(lambda site: commit(desk.corpus, site, staged[site]), sites)
    assert sorted(commit.snapshot or 0 for commit in done) == [1, 2, 3, 4]
    assert read(desk.corpus)["site"].value_counts().to_dict() == dict.fromkeys(sites, 12)


def test_a_writer_that_waits_in_vain_says_so(tmp_path: Path) -> None:
    with locked(tmp_path), ThreadPoolExecutor() as pool:
        waiting = pool.submit(lambda: locked(tmp_path, wait=0).__enter__())
        with pytest.raises(LockedError, match="another process commits") as caught:
            waiting.result()
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
def test_a_full_or_read_only_disk_interrupts_the_run(tmp_path: Path, number: int) -> None:
    with pytest.raises(InterruptedRunError) as caught, disk_errors(tmp_path):
        raise OSError(number, os.strerror(number))
    assert caught.value.exit_code == 4


def test_a_commit_that_cannot_write_its_files_leaves_the_dataset_as_it_was(
    desk: Any, old: list[Article]
) -> None:
    """A limit on the size of a file stops the writing in its middle."""
    commit(desk.corpus, SITE, desk.stage(old[:1]))
    before = desk.at_rest()
    staged = desk.stage(old)
    command = [sys.executable, "-c", SMALL_FILES + COMMIT, str(desk.corpus), SITE, *map(str, staged)]
    assert subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 1
    assert desk.at_rest() == before
    commit(desk.corpus, SITE, staged)
    assert len(read(desk.corpus)) == 12
