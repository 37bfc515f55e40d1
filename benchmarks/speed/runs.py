"""Runs: our command line and Scrapy as processes, timed from outside, with the memory that they hold.

A run's seconds are net of what the same command needs for a single page, so that loading libraries does not count
for anybody; a short run would tell of imports and of nothing else.
"""

import os
import sys
import threading
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from subprocess import PIPE, Popen, TimeoutExpired

import yaml

HERE = Path(__file__).resolve().parent
_EVERY = 0.2                             # seconds between two looks at the memory
_LONGEST = 4 * 3600


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a command took: seconds, the most memory all its processes held at once (PSS, bytes), what it said.

    `processor` is the seconds of processor time of all its processes, up to the last look at each.
    """

    seconds: float
    memory: int
    processor: float
    said: str


class RunFailedError(Exception):
    """A command that is measured ended with an error; the text is its last lines."""


def run(command: list[str], *, cores: int | None = None) -> Run:
    """Run a command to its end, on so many cores. Raises RunFailedError."""
    chosen = sorted(os.sched_getaffinity(0))[:cores]
    start = time.perf_counter()
    with Popen(command, stdout=PIPE, stderr=PIPE, preexec_fn=lambda: os.sched_setaffinity(0, chosen)) as process:  # noqa: PLW1509, S603
        watch = _Memory(process.pid)
        try:
            out, err = process.communicate(timeout=_LONGEST)
        except TimeoutExpired:
            process.kill()
            raise
        finally:
            watch.stop()
    seconds = time.perf_counter() - start
    if process.returncode:
        raise RunFailedError(f"{' '.join(command)}: exit {process.returncode}: {err.decode()[-2000:]}")
    return Run(seconds=seconds, memory=watch.most, processor=watch.processor, said=out.decode())


class _Memory:
    """Looks at a process and its children again and again, and remembers the most that they held together."""

    def __init__(self, pid: int) -> None:
        self.most = 0
        self._spent: dict[int, float] = {}
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    @property
    def processor(self) -> float:
        """Seconds of processor time, of those that have ended as well."""
        return sum(self._spent.values())

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(_EVERY):
            family = _family(self._pid)
            self.most = max(self.most, sum(map(_pss, family)))
            self._spent |= {pid: spent for pid in family if (spent := _processor(pid))}


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    except OSError:
        return [pid]
    return [pid, *(each for child in children for each in _family(int(child)))]


def _pss(pid: int) -> int:
    """A process's share of memory, in bytes: pages that several hold count in parts (proc(5), smaps_rollup)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines()
    except OSError:
        return 0                         # it has just ended
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _processor(pid: int) -> float:
    """A process's own seconds of processor time (proc(5), stat)."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def ours(*arguments: str, cores: int | None = None) -> Run:
    """Our own command line."""
    return run([sys.executable, "-m", "sectionary.cli", *arguments], cores=cores)


def configured(folder: Path, url: str, *, workers: int | str = "auto", addresses: list[str] | None = None) -> Path:
    """A configuration that crawls the server at `url` without a pause, by its API or by a list of addresses."""
    folder.mkdir(parents=True, exist_ok=True)
    site: dict[str, object] = {"name": "speedy", "url": f"{url}/wiki/", "source": "mediawiki", "delay": 0}
    if addresses:
        (folder / "addresses.txt").write_text("\n".join(addresses), "utf-8")
        site |= {"source": "urls", "urls": "addresses.txt"}
    config = {
        "scraper": {"delay": 0, "private_hosts": ["127.0.0.1"], "sites": [site]},
        "run": {"workers": workers},
    }
    file = folder / "config.yaml"
    file.write_text(yaml.safe_dump(config), "utf-8")
    return file


def scrapy(spider: str, urls: list[str], folder: Path, *, cores: int | None = None) -> Run:
    """A Scrapy spider of ours over these addresses, with robots.txt obeyed; what it extracts goes to a JSONL file."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = folder / "urls.txt"
    listed.write_text("\n".join(urls), "utf-8")
    settings = ["-s", "ROBOTSTXT_OBEY=1", "-s", "LOG_LEVEL=ERROR", "-s", "TELNETCONSOLE_ENABLED=0"]
    target = ["-a", f"listed={listed}", "-O", str(folder / "out.jsonl")]
    program = [sys.executable, "-m", "scrapy", "runspider", str(HERE / "spiders" / spider)]
    return run([*program, *settings, *target], cores=cores)


def installed(module: str) -> bool:
    """Whether a peer is there to compare with; one that is not is named."""
    found = find_spec(module) is not None
    if not found:
        print(f"{module} is not installed, so there is nothing to compare with: make bench", file=sys.stderr)
    return found
