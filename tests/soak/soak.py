"""Soak: a large encyclopedia on loopback that fails at random, crawled by runs that are killed; `make soak`.

Faults are drawn from a seed, by page and attempt: dropped connections, 500 and 503, 429 with Retry-After, slow
answers, bodies cut short, redirects to another spelling. The program runs as a user runs it and is killed by SIGKILL
at even distances. At the end every page must be in the dataset once, with the text that was served, and nothing
else; figures are printed, and the exit code is 1 where one of them is wrong.
"""

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

CONFIG = """\
scraper:
  private_hosts: [127.0.0.1]
  delay: 0
  sites:
    - {{name: soak, url: {url}/wiki/, source: mediawiki}}
output: {{formats: [parquet, jsonl]}}
run: {{workers: 1}}
"""
FAULTS = ("drop", "500", "503", "429", "slow", "cut", "respell")
_WORDS = ("tide", "limpet", "shore", "kelp", "ebb", "reef", "sand", "gull", "drift", "foam")


class Encyclopedia:
    """The server: `pages` articles, of which a `share` of first answers and a fifth of it of second ones fail."""

    def __init__(self, pages: int, share: float, seed: int) -> None:
        self.pages, self.share, self.seed = pages, share, seed
        self.given: Counter[int] = Counter()       # whole articles, by page
        self.asked: Counter[int] = Counter()
        self.failed: Counter[str] = Counter()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def text(self, page: int) -> str:
        """The words of an article, which only it has."""
        drawn = random.Random(f"{self.seed}/{page}")  # noqa: S311 - no secret
        return " ".join(drawn.choices(_WORDS, k=120)) + f" number {page}."

    def body(self, page: int) -> bytes:
        """The article as HTML."""
        return (
            f'<!DOCTYPE html><html lang="en"><head><title>Page {page}</title></head><body><h1 id="firstHeading">'
            f'Page {page}</h1><div id="mw-content-text"><div class="mw-parser-output"><p>{self.text(page)}</p>'
            f'<h2>Notes</h2><p>Of page {page}.</p></div></div></body></html>'
        ).encode()

    def fault(self, page: int) -> str | None:
        """What goes wrong at this attempt; nothing from the third on."""
        attempt = self.asked[page]
        self.asked[page] += 1
        drawn = random.Random(f"{self.seed}/{page}/{attempt}")  # noqa: S311 - no secret
        if attempt > 1 or drawn.random() >= self.share / (1 if attempt == 0 else 5):
            return None
        return drawn.choices(FAULTS, weights=(4, 4, 4, 0.2, 4, 4, 4))[0]

    def listing(self, query: dict[str, str]) -> dict[str, Any]:
        """What api.php answers."""
        if query.get("meta") == "siteinfo":
            general = {
                "sitename": "Soak", "generator": "MediaWiki 1.44.0", "lang": "en", "server": "https://soak.example",
                "articlepath": "/wiki/$1", "scriptpath": "/w",
            }  # fmt: skip
            return {"query": {"general": general, "rightsinfo": {}}}
        begin = int(query.get("gapcontinue", 0))
        end = min(begin + 500, self.pages)
        rows = [
            {"pageid": page + 1, "ns": 0, "title": f"Page {page}", "lastrevid": page + 1000}
            for page in range(begin, end)
        ]  # fmt: skip
        reply: dict[str, Any] = {"batchcomplete": True, "query": {"pages": rows}}
        return reply if end == self.pages else reply | {"continue": {"gapcontinue": end, "continue": "gapcontinue||"}}


def _handler(wiki: Encyclopedia) -> type[BaseHTTPRequestHandler]:  # noqa: C901  a row a fault
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/w/api.php":
                query = {key: values[0] for key, values in parse_qs(parts.query).items()}
                self.answer(200, json.dumps(wiki.listing(query)).encode(), type_="application/json")
            elif parts.path.startswith("/wiki/Page_"):
                self.article(int(parts.path.removeprefix("/wiki/Page_").strip("/")))
            else:
                self.answer(404, b"", type_="text/plain")

        def article(self, page: int) -> None:
            fault = wiki.fault(page) if not self.path.endswith("/") else None
            body = wiki.body(page)
            if fault:
                wiki.failed[fault] += 1
            if fault == "drop":
                self.close_connection = True
            elif fault in {"500", "503"}:
                self.answer(int(fault), b"in trouble")
            elif fault == "429":
                self.answer(429, b"slow down", **{"Retry-After": "1"})
            elif fault == "cut":
                self.answer(200, body[: len(body) // 2], length=len(body))
                self.close_connection = True
            elif fault == "respell":
                self.answer(301, b"", Location=f"{self.path}/")
            else:
                time.sleep(0.3 if fault == "slow" else 0)
                self.answer(200, body)
                wiki.given[page] += 1

        def answer(
            self, status: int, body: bytes, *, type_: str = "text/html", length: int | None = None, **headers: str
        ) -> None:
            self.send_response(status)
            told = {"Content-Type": type_, "Content-Length": str(len(body) if length is None else length), **headers}
            for name, value in told.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    return Handler


def memory(root: int) -> int:
    """Bytes of memory, shared pages counted once (PSS), of a process group; 0 where Linux's /proc is not there."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == root:
                lines = (folder / "smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, ValueError):
            continue
    return total * 1024


class Soak:
    """The crawl: runs in a folder, killed and started again, watched meanwhile."""

    def __init__(self, wiki: Encyclopedia, folder: Path, kills: int) -> None:
        self.wiki, self.folder = wiki, folder
        (folder / "config.yaml").write_text(CONFIG.format(url=wiki.url), "utf-8")
        self._left = [wiki.pages * number // (kills + 1) for number in range(1, kills + 1)]
        self.killed = 0
        self.peaks: list[tuple[int, int]] = []     # whole pages given so far, bytes of memory

    def run(self) -> int:
        """Run until one ends by itself; gives its exit code."""
        while True:
            command = [sys.executable, "-m", "sectionary.cli", "run", "-c", str(self.folder / "config.yaml"), "-q"]
            run = subprocess.Popen(command, start_new_session=True)
            code = self._watch(run)
            if code is not None:
                return code

    def _watch(self, run: subprocess.Popen[bytes]) -> int | None:
        """Wait for the end of a run (its exit code) or for the moment to kill it (None)."""
        looked = 0.0
        while run.poll() is None:
            if self._left and len(self.wiki.given) >= self._left[0]:
                os.kill(run.pid, signal.SIGKILL)
                run.wait()
                self._left.pop(0)
                self.killed += 1
                return None
            if time.monotonic() - looked > 1:
                looked = time.monotonic()
                self.peaks.append((len(self.wiki.given), memory(run.pid)))
            time.sleep(0.02)
        return run.returncode

    def rows(self) -> list[dict[str, Any]]:
        """The pages of the dataset."""
        files = sorted((self.folder / "corpus/jsonl").glob("pages-*.jsonl"))
        return [json.loads(line) for file in files for line in file.read_bytes().splitlines()]


def report(wiki: Encyclopedia, soak: Soak, code: int, seconds: float) -> bool:
    """Print the figures; tells whether all is as it must be."""
    rows = soak.rows()
    found = Counter(row["page_id"] - 1 for row in rows)
    lost = [page for page in range(wiki.pages) if page not in found]
    double = [page for page, number in found.items() if number > 1]
    wrong = [row["page_id"] for row in rows if wiki.text(row["page_id"] - 1) not in row["text"]]
    again = sum(wiki.given.values()) - len(wiki.given)
    parts = [[size for given, size in soak.peaks if part <= given * 4 / wiki.pages < part + 1] for part in (1, 2, 3)]
    highest = [max(part, default=0) / 2**20 for part in parts]
    names = sorted(file.name.encode() for file in soak.folder.glob("corpus/*/*/*"))
    digest = hashlib.sha256(b"".join(names)).hexdigest()
    faults = ", ".join(f"{name} {number:,}" for name, number in sorted(wiki.failed.items()))
    print(f"pages {wiki.pages:,}, in the dataset {len(rows):,}")
    print(f"lost {len(lost)}, double {len(double)}, wrong {len(wrong)}")
    requests = wiki.asked.total() + wiki.failed["respell"]
    print(f"requests for articles {requests:,}; faults {wiki.failed.total():,}: {faults}")
    print(f"killed {soak.killed} times; fetched once more because of that: {again:,}  exit code {code}")
    print(f"memory (PSS) by quarter of the crawl, from the second: {', '.join(f'{size:.0f} MiB' for size in highest)}")
    print(f"{seconds:.0f} s, {wiki.pages / seconds:.1f} pages/s over all; dataset {digest[:12]}")
    return not (lost or double or wrong or code)


def main() -> int:
    """Read the options, soak, report."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=int, default=100_000)
    options.add_argument("--kills", type=int, default=10)
    options.add_argument("--faults", type=float, default=0.05, help="share of first answers that fail")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    wiki = Encyclopedia(chosen.pages, chosen.faults, chosen.seed)
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        soak = Soak(wiki, Path(folder), chosen.kills)
        begin = time.monotonic()
        code = soak.run()
        return 0 if report(wiki, soak, code, time.monotonic() - begin) else 1


if __name__ == "__main__":
    sys.exit(main())
