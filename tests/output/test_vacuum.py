"""What `vacuum` deletes, and what it must not."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from sectionary.output.commit import commit
from sectionary.output.dataset import read
from sectionary.output.vacuum import vacuum
from sectionary.output.verify import verify
from sectionary.scraper.errors import DatasetError

Make = Callable[..., Any]
SITE = "wiki.example"
VACUUM = """
import sys
from pathlib import Path
from sectionary.output.vacuum import vacuum
vacuum(Path(sys.argv[1]), 2)
"""


@pytest.fixture
def corpus(desk: Any, article: Make) -> Path:
    """Five snapshots of one page that changes each time."""
    for language in ("en", "de", "fr", "es", "it"):
        commit(desk.corpus, SITE, desk.stage([replace(article("Otter"), language=language)]))
    return Path(desk.corpus)


def test_the_last_snapshots_stay_readable_and_the_rest_is_gone(corpus: Path) -> None:
    before = {number: read(corpus, snapshot=number)["language"].tolist() for number in (4, 5)}
    done = vacuum(corpus, 2)
    assert (done.snapshots, done.kept) == (3, (4, 5))
    assert done.files >= 12
    assert {number: read(corpus, snapshot=number)["language"].tolist() for number in (4, 5)} == before
    with pytest.raises(DatasetError, match="no snapshot 3"):
        read(corpus, snapshot=3)
    assert verify(corpus).flaws == ()


def test_a_second_vacuum_finds_nothing(corpus: Path) -> None:
    vacuum(corpus, 2)
    assert (vacuum(corpus, 2).snapshots, vacuum(corpus, 2).files) == (0, 0)


def test_keeping_more_than_there_are_deletes_nothing(corpus: Path) -> None:
    before = sorted(corpus.rglob("*"))
    assert vacuum(corpus, 14).files == 0
    assert {path for path in before if path.is_file()} <= set(corpus.rglob("*"))


def test_a_commit_goes_on_after_a_vacuum(desk: Any, corpus: Path, article: Make) -> None:
    vacuum(corpus, 1)
    assert commit(corpus, SITE, desk.stage([replace(article("Otter"), language="nl")])).snapshot == 6
    assert verify(corpus).flaws == ()


@pytest.mark.parametrize("failpoint", ["vacuum.snapshot", "vacuum.snapshot:2", "vacuum.file", "vacuum.file:5"])
def test_a_vacuum_that_is_killed_leaves_a_sound_dataset_and_is_ended_by_the_next(corpus: Path, failpoint: str) -> None:
    environment = {**os.environ, "SECTIONARY_FAILPOINT": failpoint}
    command = [sys.executable, "-c", VACUUM, str(corpus)]
    assert subprocess.run(command, env=environment, check=False).returncode == -9
    assert verify(corpus).flaws == ()
    vacuum(corpus, 2)
    left = {path.relative_to(corpus).as_posix() for path in corpus.rglob("*") if path.is_file()}
    subprocess.run(command, check=True)
    assert left == {path.relative_to(corpus).as_posix() for path in corpus.rglob("*") if path.is_file()}
    assert len(list((corpus / "_meta/history").rglob("*.parquet"))) == 2
