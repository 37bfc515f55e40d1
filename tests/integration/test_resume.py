"""Runs that are killed and started again, on a real MediaWiki."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from corpus import data_files, rows

DATE = "1763800000"  # SOURCE_DATE_EPOCH: the same date_fetched in every run
KILLS = 4


def start(config: Path) -> subprocess.Popen[bytes]:
    """The command as a cron job would start it, in a session of its own."""
    command = [sys.executable, "-m", "sectionary.cli", "run", "-c", str(config), "-q"]
    clock = os.environ | {"SOURCE_DATE_EPOCH": DATE}
    return subprocess.Popen(command, env=clock, start_new_session=True)


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, config_in: Callable[[Path], Path]
) -> tuple[Path, float]:
    """A whole run, and how many seconds it took."""
    folder = tmp_path_factory.mktemp("undisturbed")
    begin = time.monotonic()
    assert start(config_in(folder)).wait() == 0
    return folder, time.monotonic() - begin


@pytest.fixture(scope="module")
def killed(
    undisturbed: tuple[Path, float],
    tmp_path_factory: pytest.TempPathFactory,
    config_in: Callable[[Path], Path],
) -> Path:
    """The same run, killed at several moments and then let alone."""
    folder = tmp_path_factory.mktemp("killed")
    config = config_in(folder)
    moments = random.Random(2)  # noqa: S311 - no secret
    fetched = [archived(undisturbed[0])]
    for _ in range(KILLS):
        kill(start(config), after=moments.uniform(0.1, 0.6) * undisturbed[1])
        fetched.append(archived(folder))
    assert any(0 < size < fetched[0] for size in fetched[1:]), f"no kill came midway: {fetched}"
    assert start(config).wait() == 0
    return folder


def kill(run: subprocess.Popen[bytes], after: float) -> None:
    """SIGKILL to the main process alone, as the kernel's OOM killer would; the workers end by themselves."""
    try:
        run.wait(after)
    except subprocess.TimeoutExpired:
        os.kill(run.pid, signal.SIGKILL)
    assert run.wait() in (0, -signal.SIGKILL)
    await_end_of(run.pid)


def archived(folder: Path) -> int:
    """How many bytes of responses a run has stored."""
    return sum(path.stat().st_size for path in (folder / "work/raw").rglob("*.warc.gz"))


def await_end_of(group: int, seconds: float = 20) -> None:
    """Wait until no process of the group is left; AssertionError if workers outlive their killed parent."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)
    raise AssertionError(f"workers of a killed run were still there after {seconds} s")


def test_a_killed_and_resumed_run_gives_the_records_of_an_undisturbed_one(
    killed: Path, undisturbed: tuple[Path, float]
) -> None:
    for table in ("sections", "pages"):
        assert rows(killed / "corpus", table) == rows(undisturbed[0] / "corpus", table)


def test_a_killed_and_resumed_run_gives_the_same_files_byte_for_byte(
    killed: Path, undisturbed: tuple[Path, float]
) -> None:
    assert data_files(killed / "corpus") == data_files(undisturbed[0] / "corpus")


def test_running_again_over_an_unchanged_wiki_changes_no_file(
    undisturbed: tuple[Path, float], config_in: Callable[[Path], Path]
) -> None:
    corpus = undisturbed[0] / "corpus"
    before, latest = data_files(corpus), (corpus / "_meta/LATEST").read_bytes()
    assert start(config_in(undisturbed[0])).wait() == 0
    assert data_files(corpus) == before
    assert (corpus / "_meta/LATEST").read_bytes() == latest
