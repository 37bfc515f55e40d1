"""The Ray engine against a real Ray: the bytes of the local engine, whatever dies meanwhile."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.scraper.conftest import HTML, Wiki

PAGES = 150
BATCH = 64                               # pages that are sealed at once, with shards of a few bytes
HOLD = 15                                # seconds for which the server asks to be left alone
EPOCH = {"SOURCE_DATE_EPOCH": "1790000000"}
CONFIG = """\
scraper: {{delay: 0, private_hosts: [127.0.0.1], sites: [{{name: mini, url: {url}/wiki/}}]}}
run: {{workers: 1, shard_size: 1kB, node_dir: nodes}}
"""
PARAGRAPH = '<p>The tide of day {0} came at <b>{1}</b>, as <a href="/wiki/P{1}">page {1}</a> tells, and went again.</p>'
NODE_LOST = """
import os, shutil, subprocess, sys, time
from pathlib import Path
from ray.cluster_utils import Cluster

folder = Path(sys.argv[1])
small = {"num_cpus": 1, "object_store_memory": 80 << 20}
hasty = {"health_check_initial_delay_ms": 0, "health_check_period_ms": 300, "health_check_failure_threshold": 3}

def another(name):
    return cluster.add_node(**small, resources={"egress": 1}, env_vars={"XDG_STATE_HOME": str(folder / name)})

cluster = Cluster(initialize_head=True, head_node_args={**small, "_system_config": hasty})
first = another("first")
told = {"RAY_ADDRESS": cluster.address, "SECTIONARY_RUN__CRAWL_ON": "{egress: 0.1}"}
run = subprocess.Popen(sys.argv[2:], env={**os.environ, **told})
while not (folder / "lose").exists() and run.poll() is None:
    time.sleep(0.05)
cluster.remove_node(first, allow_graceful=False)
shutil.rmtree(folder / "nodes")
another("second")
code = run.wait()
cluster.shutdown()
sys.exit(code)
"""
SLOW_PAGE = """
import json, sys
from pathlib import Path
from sectionary.cluster import RayHands
from sectionary.receipt import receipts
from sectionary.scraper.files import LocalFile
from sectionary.worker import NO_RULES, Crew, Orders

folder = Path(sys.argv[1])
orders = Orders(site="local", raw=folder, staging=folder / "staging", cleaner="test", own_rules=NO_RULES, rules=None,
                license=None, page_text_drop=(), max_page_bytes=2**30)
tasks = [LocalFile(key=name, path=folder / name, canonical_url=f"https://a.example/{name}") for name in sys.argv[2:]]
with RayHands(None, 2) as hands:
    crew = Crew(orders, hands, batch_seconds=8, page_seconds=6)
    crew.submit(tasks)
    staged = [result.staged for result in crew.finish()]
print(json.dumps({each.key: each.flaw for each in receipts(staged)}))
"""



class Encyclopedia(Wiki):
    """Articles in a wiki on loopback, whose requests are counted: `asked` are they, title and moment.

    `at` maps the number of a request to what is to happen before the answer, which may give another one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.batch = 500
        self.at: dict[int, Callable[[], Any]] = {}
        self.asked: list[tuple[str, float]] = []
        for number in range(PAGES):
            text = "".join(PARAGRAPH.format(number, each) for each in range(20))
            body = f"<html><body><h1>P{number}</h1>{text}</body></html>".encode()
            self.page(f"P{number}", self._answering(f"P{number}", body))

    def _answering(self, title: str, body: bytes) -> Callable[[Any], Any]:
        def answer(_handler: Any) -> Any:
            self.asked.append((title, time.monotonic()))
            happens = self.at.pop(len(self.asked), None)
            return (happens() if happens else None) or (200, HTML, body)

        return answer

    def forget(self) -> None:
        """Begin to count anew."""
        self.at.clear()
        self.asked.clear()

    def times(self) -> list[int]:
        """How often each page was asked for."""
        titles = [title for title, _ in self.asked]
        return [titles.count(title) for title in self.pages]


@pytest.fixture(scope="module")
def served() -> Iterator[Encyclopedia]:
    made = Encyclopedia()
    yield made
    made.close()


@pytest.fixture(scope="module")
def wanted(served: Encyclopedia, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the local engine makes of the encyclopedia."""
    folder = tmp_path_factory.mktemp("local")
    configured(folder, served)
    assert sectionary(folder, "run") == (0, "")
    assert len(data(folder)) == 6
    return data(folder)


@pytest.fixture
def wiki(served: Encyclopedia, wanted: dict[str, bytes]) -> Encyclopedia:
    assert wanted
    served.forget()
    return served


@pytest.fixture
def fresh(wiki: Encyclopedia, tmp_path: Path) -> Path:
    return configured(tmp_path, wiki)


def configured(folder: Path, wiki: Wiki) -> Path:
    (folder / "config.yaml").write_text(CONFIG.format(url=wiki.url), "utf-8")
    return folder


def command(folder: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "sectionary.cli", *arguments, "-q", "-c", str(folder / "config.yaml")]


def sectionary(folder: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        command(folder, *arguments), env={**os.environ, **EPOCH, **environment}, capture_output=True, check=False
    )
    return done.returncode, (done.stdout + done.stderr).decode()


def begun(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command(folder, *arguments), env={**os.environ, **EPOCH}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def data(folder: Path) -> dict[str, bytes]:
    """The files of a dataset as it is, whatever it was before."""
    corpus = folder / "corpus"
    parts = ("sections/**/*.*", "pages/**/*.*", "removed/**/*.*", "jsonl/[psr]*.jsonl")
    found = [path for part in parts for path in corpus.glob(part) if path.is_file()]
    return {path.relative_to(corpus).as_posix(): path.read_bytes() for path in found}


def until_known(folder: Path, pages: int) -> None:
    """Wait until the run's ledger knows that so many pages are fetched: they were sealed."""
    for _ in range(600):
        with sqlite3.connect(f"file:{folder}/work/ledger.sqlite?mode=ro", uri=True) as ledger:
            (done,) = ledger.execute("SELECT count(*) FROM pages WHERE state = 'done'").fetchone()
        ledger.close()
        if done >= pages:
            return
        time.sleep(0.05)
    raise AssertionError(f"{done} pages are known, not {pages}")


def processes(begins: bytes, parent: int | None = None) -> list[int]:
    """The processes of this machine whose command begins like this, all or a parent's."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            named = (process / "cmdline").read_bytes()
            above = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if (named.startswith(begins) or begins in named.split(b"\0")[0]) and parent in {None, above}:
            found.append(int(process.name))
    return found


def test_ray_makes_the_bytes_of_the_local_engine_and_says_nothing_either(
    wanted: dict[str, bytes], wiki: Encyclopedia, fresh: Path
) -> None:
    assert sectionary(fresh, "run", "--engine", "ray") == (0, "")
    assert data(fresh) == wanted
    assert wiki.times() == [1] * PAGES
    assert [path for part in ("nodes", "work/logbooks") for path in (fresh / part).rglob("*.*")] == []


def test_a_killed_crawler_and_a_killed_cleaner_change_nothing_and_what_was_sealed_is_not_fetched_again(
    wanted: dict[str, bytes], wiki: Encyclopedia, fresh: Path
) -> None:
    killed: list[bytes] = []

    def kill(begins: bytes) -> None:
        until_known(fresh, BATCH)
        for pid in processes(begins):
            os.kill(pid, signal.SIGKILL)
            killed.append(begins)

    def kill_a_cleaner() -> None:
        while run.poll() is None and killed.count(b"ray::clean_on_node") < 1:
            for pid in processes(b"ray::clean_on_node")[:1]:
                os.kill(pid, signal.SIGKILL)
                killed.append(b"ray::clean_on_node")

    wiki.at[100] = lambda: kill(b"ray::_OnNode")
    with begun(fresh, "run", "--engine", "ray") as run:
        cleaning = threading.Thread(target=kill_a_cleaner)
        cleaning.start()
        _, said = run.communicate(timeout=110)
        cleaning.join()
    assert (run.returncode, said) == (0, b"")
    assert sorted(killed) == [b"ray::_OnNode", b"ray::clean_on_node"]
    assert data(fresh) == wanted
    assert wiki.times()[0] == 1
    assert len(wiki.asked) <= PAGES + 100 - BATCH
    assert {title for title, _ in wiki.asked[:BATCH]}.isdisjoint(title for title, _ in wiki.asked[100:])


def test_a_lost_node_changes_nothing_and_another_one_waits_for_as_long_as_the_server_asked_the_first_to(
    wanted: dict[str, bytes], wiki: Encyclopedia, fresh: Path
) -> None:
    held: list[float] = []

    def hold() -> Any:
        until_known(fresh, BATCH)
        held.append(time.monotonic())
        threading.Thread(target=lose).start()
        return 429, {"Retry-After": str(HOLD)}, b"Too many requests"

    def lose() -> None:
        while not any(json.loads(path.read_bytes())["held"] for path in (fresh / "work/pace").glob("*.json")):
            time.sleep(0.02)
        (fresh / "lose").touch()

    wiki.at[100] = hold
    done = subprocess.run(
        [sys.executable, "-c", NODE_LOST, fresh, *command(fresh, "run", "--engine", "ray")],
        env={**os.environ, **EPOCH}, capture_output=True, check=False, timeout=110,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert (fresh / "lose").exists()
    assert data(fresh) == wanted
    assert {title for title, _ in wiki.asked[:BATCH]}.isdisjoint(title for title, _ in wiki.asked[100:])
    assert wiki.asked[100][1] - held[0] >= HOLD


def test_a_cluster_without_a_head_ends_the_run_in_one_line_and_the_next_run_goes_on(
    wanted: dict[str, bytes], wiki: Encyclopedia, fresh: Path
) -> None:
    def behead() -> None:
        until_known(fresh, BATCH)
        for pid in processes(b"/gcs_server", run.pid):
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    killed: list[int] = []
    wiki.at[100] = behead
    wiki.at[101] = lambda: time.sleep(40)
    with begun(fresh, "run", "--engine", "ray") as run:
        _, said = run.communicate(timeout=110)
    assert len(killed) == 1
    assert (run.returncode, len(said.decode().splitlines())) == (4, 1)
    assert "the cluster's head at" in said.decode()
    assert sectionary(fresh, "run") == (0, "")
    assert data(fresh) == wanted
    assert {title for title, _ in wiki.asked[:BATCH]}.isdisjoint(title for title, _ in wiki.asked[101:])


def test_a_crawler_that_no_node_can_take_is_told_in_one_line(fresh: Path) -> None:
    told = {"SECTIONARY_RUN__CRAWL_ON": "{egress: 1}", "SECTIONARY_RUN__RAY_WAIT": "1"}
    code, said = sectionary(fresh, "run", "--engine", "ray", **told)
    assert (code, len(said.splitlines())) == (4, 1)
    assert "is there a node that can take it?" in said


def test_a_run_that_is_interrupted_commits_what_was_fetched_and_the_next_one_fetches_the_rest(
    wanted: dict[str, bytes], wiki: Encyclopedia, fresh: Path
) -> None:
    wiki.at[100] = lambda: run.send_signal(signal.SIGINT)
    wiki.at |= {number: lambda: time.sleep(0.5) for number in range(101, PAGES)}
    with begun(fresh, "run", "--engine", "ray") as run:
        run.communicate(timeout=110)
    assert run.returncode == 4
    assert 100 <= len(wiki.asked) < PAGES
    assert sum(len(rows.splitlines()) for path, rows in data(fresh).items() if "jsonl/pages" in path) > 0
    wiki.at.clear()
    assert sectionary(fresh, "run", "--engine", "ray") == (0, "")
    assert data(fresh) == wanted
    assert len(wiki.asked) <= PAGES + 1  # which was on its way


def test_a_page_that_never_ends_is_given_up_and_the_others_are_kept(tmp_path: Path) -> None:
    head = '<body class="mediawiki"><div id="mw-content-text">'
    for name, body in (("a.html", "<p>Good."), ("b.html", "<p>x" * 4_000_000), ("c.html", "<p>Good.")):
        (tmp_path / name).write_text(head + body, "utf-8")
    command = [sys.executable, "-c", SLOW_PAGE, str(tmp_path), "a.html", "b.html", "c.html"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout.decode().splitlines()[-1]) == {
        "a.html": None, "b.html": "took longer than 6 s", "c.html": None,
    }  # fmt: skip


def test_a_head_that_is_not_there_is_told_in_one_line(fresh: Path) -> None:
    done = subprocess.run(
        command(fresh, "clean", "--engine", "ray"), env={**os.environ, "RAY_ADDRESS": "127.0.0.1:9"},
        capture_output=True, check=False,
    )  # fmt: skip
    said = done.stderr.decode()
    assert (done.returncode, len(said.splitlines())) == (2, 1)
    assert "no Ray at 127.0.0.1:9: Connection refused" in said
