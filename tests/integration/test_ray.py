"""The Ray engine against a real Ray: the bytes of the local engine, whatever dies meanwhile."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.scraper.conftest import HTML, Wiki

PAGES = 400
CONFIG = """\
scraper: {{delay: 0, private_hosts: [127.0.0.1], sites: [{{name: mini, url: {url}/wiki/}}]}}
run: {{workers: 2}}
"""
PARAGRAPH = '<p>The tide of day {0} came at <b>{1}</b>, as <a href="/wiki/P{1}">page {1}</a> tells, and went again.</p>'
NODE_LOST = """
import sys, threading, time
from pathlib import Path
from ray.cluster_utils import Cluster
from sectionary.config import load_config
from sectionary.pipeline import run

folder = Path(sys.argv[1])
cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
other = cluster.add_node(num_cpus=1)

def lose():
    while len(list((folder / "work/staging").glob("*.staged"))) < 3:
        time.sleep(0.05)
    cluster.remove_node(other, allow_graceful=False)
    print("lost", flush=True)

losing = threading.Thread(target=lose)
losing.start()
config = load_config(folder / "config.yaml", {"run.engine": "ray", "run.ray_address": cluster.address})
summary = run(config, fetch=False)
losing.join()
cluster.shutdown()
print(summary.exit_code, sum(site.written for site in summary.sites))
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


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A work folder with a raw archive that was never cleaned, and what the local engine makes of it in `local`."""
    folder = tmp_path_factory.mktemp("ray")
    wiki = Wiki()
    wiki.batch = 500
    for number in range(PAGES):
        text = "".join(PARAGRAPH.format(number, each) for each in range(150))
        wiki.page(f"P{number}", (200, HTML, f"<html><body><h1>P{number}</h1>{text}</body></html>".encode()))
    (folder / "raw").mkdir()
    (folder / "raw/config.yaml").write_text(CONFIG.format(url=wiki.url), "utf-8")
    assert sectionary(folder / "raw", "fetch") == (0, "")
    wiki.close()
    shutil.copytree(folder / "raw", folder / "local")
    assert sectionary(folder / "local", "clean") == (0, "")
    return folder


def command(folder: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "sectionary.cli", *arguments, "-q", "-c", str(folder / "config.yaml")]


def sectionary(folder: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(command(folder, *arguments), capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


def data(folder: Path) -> dict[str, bytes]:
    corpus = folder / "corpus"
    found = [path for part in ("sections", "pages", "removed", "jsonl") for path in (corpus / part).rglob("*")]
    return {path.relative_to(corpus).as_posix(): path.read_bytes() for path in found if path.is_file()}


@pytest.fixture
def fresh(archived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(archived / "raw", tmp_path / "fresh"))


def test_ray_makes_the_bytes_of_the_local_engine_and_says_nothing_either(archived: Path, fresh: Path) -> None:
    assert sectionary(fresh, "clean", "--engine", "ray") == (0, "")
    assert len(data(archived / "local")) == 6
    assert data(fresh) == data(archived / "local")


def test_a_killed_process_changes_nothing(archived: Path, fresh: Path) -> None:
    with subprocess.Popen(command(fresh, "clean", "--engine", "ray"), stderr=subprocess.PIPE) as run:
        killed = 0
        while run.poll() is None and killed < 2:
            time.sleep(0.05)
            if len(list((fresh / "work/staging").glob("*.staged"))) > 2 * killed:
                killed += kill_a_cleaner()
        _, said = run.communicate(timeout=100)
    assert (run.returncode, said) == (0, b"")
    assert killed == 2
    assert data(fresh) == data(archived / "local")


def kill_a_cleaner() -> int:
    """Kill a process of Ray's that cleans just now; tells how many there were to kill."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            named = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if named.startswith(b"ray::clean_on_node"):
            os.kill(int(process.name), signal.SIGKILL)
            return 1
    return 0


def test_a_lost_node_changes_nothing(archived: Path, fresh: Path) -> None:
    done = subprocess.run([sys.executable, "-c", NODE_LOST, fresh], capture_output=True, check=False, timeout=110)
    assert done.returncode == 0, done.stderr.decode()
    said = done.stdout.decode().split("\n")
    assert "lost" in said                # while pages were cleaned
    assert f"0 {PAGES}" in said
    assert data(fresh) == data(archived / "local")


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
