"""Nights of commits that are killed wherever a seed says, watched by a reader that follows LATEST.

Each night is the same four commits to a dataset of 32 shards. Whatever is killed, and how often, the dataset at the end
is the one that an undisturbed night leaves, byte for byte; and whatever the reader sees at any moment is one snapshot.
"""

import hashlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sectionary.cleaners.article import Article
from sectionary.output.commit import commit
from sectionary.output.dataset import read
from sectionary.output.snapshot import latest_number, load
from sectionary.output.tombstone import Departure
from sectionary.output.verify import verify
from tests.output.conftest import SITE, Desk, a_section, an_article, rows_of

OTHER = "other.example"
PAGES = 200
SHARD_BYTES = 32_000                     # of JSON lines, so that there are 32
POINTS = (
    "commit.shard", "commit.full", "commit.staged", "commit.snapshot", "commit.moved", "commit.placed",
    "commit.retired", "commit.latest",
)  # fmt: skip


class Step(NamedTuple):
    """One commit: to which site, of which staged files, and what leaves."""

    site: str
    staged: Sequence[Path]
    removed: dict[str, Departure]


def otters(site: str, numbers: Sequence[int], said: str = "a word", **fields: Any) -> list[Article]:
    return [
        an_article(
            f"Otter {number}", a_section(None, f"{number} is {said}. " * 9), a_section("Habitat", f"{number} swims."),
            site=site, page_id=number, **fields,
        ) for number in numbers
    ]  # fmt: skip


def a_night(folder: Path) -> list[Step]:
    """What one night commits: a first time, an edit with a page gone and two new, another site, other rules."""
    desk = Desk(folder)
    gone = rows_of(otters(SITE, [17])[0]).doc_id
    return [
        Step(SITE, desk.stage(otters(SITE, range(PAGES))), {}),
        Step(
            SITE, desk.stage(otters(SITE, [3, 50, 51, 99, 160, 300, 301], "an animal", revision_id=8)),
            {gone: Departure(state="gone", reason="http: 404", date="2026-11-23T00:00:00Z")},
        ),
        Step(OTHER, desk.stage(otters(OTHER, range(20))), {}),
        Step(SITE, desk.stage(otters(SITE, range(60), cleaner_version="1 test")), {}),
    ]  # fmt: skip


def take(step: Step, number: int, corpus: Path) -> None:
    created = f"2026-11-22T0{number}:00:00Z"
    commit(corpus, step.site, step.staged, removed=step.removed, created=created, shard_bytes=SHARD_BYTES)


def undisturbed(night: Sequence[Step], folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """The files that a night leaves which nobody disturbs, and a print of every snapshot on the way there."""
    corpus = folder / "corpus"
    prints = [print_of(corpus)]
    for number, step in enumerate(night):
        take(step, number, corpus)
        prints.append(print_of(corpus))
    assert load(corpus, 1).sites[SITE].shards == 32
    assert len(set(prints)) == 5         # every commit changes what there is to read
    return Desk(folder).at_rest(), prints


def print_of(corpus: Path) -> str:
    """A print of all that a reader gets who asks for both tables, one after the other, of the latest snapshot."""
    number = latest_number(corpus)
    tables = [read(corpus, table=table, snapshot=number) for table in ("sections", "pages")] if number else []
    told = "\n".join(table.drop(columns="markdown", errors="ignore").to_csv() for table in tables)
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def in_a_child(work: Callable[[], None]) -> int:
    """Do something in a process of its own, forked off; gives its wait status."""
    if pid := os.fork():
        return os.waitpid(pid, 0)[1]
    try:
        work()
    except BaseException:  # noqa: BLE001  nothing of the child's may go on in the tests' own stack
        os._exit(1)
    os._exit(0)


def killed(step: Step, number: int, corpus: Path, place: str) -> bool:
    """Try a commit in a process that dies by SIGKILL at the place; tells whether it got there."""

    def work() -> None:
        os.environ["SECTIONARY_FAILPOINT"] = place
        take(step, number, corpus)

    status = in_a_child(work)
    assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL, place
    return status != 0


@contextmanager
def watched(corpus: Path, prints: Sequence[str], stop: Path) -> Iterator[None]:
    """A reader beside the commits; it fails where it sees anything but one snapshot, or an older one than before."""

    def look() -> None:
        seen = 0
        while not stop.exists():
            seen = prints.index(print_of(corpus), seen)
            time.sleep(0.3)              # the commits need the processor, too

    pid = os.fork()
    if not pid:
        try:
            look()
        except BaseException as error:  # noqa: BLE001
            stop.with_suffix(".failed").write_text(repr(error))
            os._exit(1)
        os._exit(0)
    try:
        yield
    finally:
        stop.touch()
        status = os.waitpid(pid, 0)[1]
    failed = stop.with_suffix(".failed")
    assert status == 0, failed.read_text() if failed.exists() else status


def disturbed(night: Sequence[Step], corpus: Path, drawn: random.Random) -> Counter[str]:
    """Go through a night, killing each commit up to three times; gives where it died."""
    deaths: Counter[str] = Counter()
    for number, step in enumerate(night):
        for _ in range(drawn.randint(0, 3)):
            point = drawn.choice(POINTS)
            time_ = drawn.randint(1, 40) if point in {"commit.shard", "commit.moved"} else 1
            deaths[point] += killed(step, number, corpus, f"{point}:{time_}")
        assert in_a_child(lambda number=number, step=step: take(step, number, corpus)) == 0
    return deaths


def hold(seeds: Iterable[int], folder: Path) -> None:
    """Go through a night for every seed, and hold each to what an undisturbed one leaves."""
    (folder / "calm").mkdir()
    night = a_night(folder / "night")
    files, prints = undisturbed(night, folder / "calm")
    deaths: Counter[str] = Counter()
    for seed in seeds:
        desk = Desk(folder / str(seed))
        with watched(desk.corpus, prints, folder / f"{seed}.stop"):
            deaths += disturbed(night, desk.corpus, random.Random(seed))  # noqa: S311
        assert desk.at_rest() == files, seed
        assert verify(desk.corpus).flaws == (), seed
    assert len(deaths) >= 3              # places at which something died
