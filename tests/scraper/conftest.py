"""A small encyclopedia on loopback whose every page is told how to answer, and a clock that is told the time."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sectionary.scraper.archive import Archive
from sectionary.scraper.fetch import fetch_site
from sectionary.scraper.http import Client, Timeouts
from sectionary.scraper.ledger import Fetched, Ledger
from sectionary.scraper.pace import Pace
from sectionary.scraper.settings import ScraperSettings, SiteSettings

HTML = {"Content-Type": "text/html; charset=UTF-8"}


class Wiki:
    """The server. `answers` maps a path to (status, headers, body) or to a function that writes the answer.

    `pages` is what its api.php lists: title to page id. `hits` counts requests by path, `heard` are their headers.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.pages: dict[str, int] = {}
        self.revisions: dict[str, int] = {}
        self.edited: dict[str, str] = {}
        self.touched: dict[str, str] = {}
        self.changes: list[tuple[str, str]] = []         # time and title of each, the latest first
        self.log: list[dict[str, Any]] = []              # events of its logs, the latest first
        self.refuses: set[str] = set()                   # lists that it gives to nobody
        self.endless = False                             # whether its logs never end
        self.batch = 3
        self.hits: Counter[str] = Counter()
        self.heard: list[dict[str, str]] = []
        self.api_errors: list[tuple[str, dict[str, str]]] = []
        self.queries: list[dict[str, str]] = []
        self.license = ("https://creativecommons.org/licenses/by-sa/4.0/", "CC BY-SA 4.0")
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def page(self, title: str, answer: Any = None, *, page_id: int | None = None) -> str:
        """Add a listed page; its answer is a plain article unless told otherwise."""
        self.pages[title] = page_id or len(self.pages) + 1
        path = f"/wiki/{title}"
        self.answers[path] = answer or (200, HTML, f"<html><body><h1>{title}</h1><p>Text.</p></body></html>".encode())
        return path

    def api(self, query: dict[str, str]) -> tuple[dict[str, str], Any]:
        """Answer api.php: headers and what becomes JSON."""
        self.queries.append(query)
        if self.api_errors:
            code, headers = self.api_errors.pop(0)
            return headers, {"error": {"code": code, "info": "told to"}}
        if query.get("meta") == "siteinfo":
            return {}, {"query": self._siteinfo()}
        if query.get("list") in self.refuses:
            return {}, {"error": {"code": "permissiondenied", "info": "told to"}}
        given = {"logevents": self._log, "recentchanges": self._oldest}.get(query.get("list", "")) or (
            self._changed if query.get("generator") == "recentchanges" else self._named
            if query.keys() & {"titles", "pageids"} else self._allpages
        )
        return {}, given(query)

    def _log(self, query: dict[str, str]) -> dict[str, Any]:
        if self.endless:
            further = {"lecontinue": str(len(self.queries)), "continue": "-||"}
            return {"continue": further, "query": {"logevents": [{"logid": 1}]}}
        rows = [each for each in self.log if each["type"] == query["letype"]]
        return _whole("logevents", [each for each in rows if each["timestamp"] >= query.get("leend", "")])

    def _oldest(self, _query: dict[str, str]) -> dict[str, Any]:
        return _whole("recentchanges", [{"type": "edit", "timestamp": time} for time, _ in self.changes[-1:]])

    def _changed(self, query: dict[str, str]) -> dict[str, Any]:
        titles = dict.fromkeys(title for time, title in self.changes if time >= query["grcend"])
        return _whole("pages", [self._row(title) for title in titles if title in self.pages])

    def _named(self, query: dict[str, str]) -> dict[str, Any]:
        titles_of = {str(number): title for title, number in self.pages.items()}
        numbers = [each for each in query.get("pageids", "").split("|") if each]
        titles = [each for each in query.get("titles", "").split("|") if each]
        absent = [{"pageid": int(each), "missing": True} for each in numbers if each not in titles_of]
        absent += [{"ns": 0, "title": each, "missing": True} for each in titles if each not in self.pages]
        there = [titles_of[each] for each in numbers if each in titles_of]
        there += [each for each in titles if each in self.pages]
        return _whole("pages", [*absent, *map(self._row, there)])

    def _siteinfo(self) -> dict[str, Any]:
        general = {
            "sitename": "Miniature", "generator": "MediaWiki 1.44.0", "lang": "en", "server": "https://mini.example",
            "articlepath": "/wiki/$1", "scriptpath": "/w",
        }  # fmt: skip
        return {"general": general, "rightsinfo": {"url": self.license[0], "text": self.license[1]}}

    def _allpages(self, query: dict[str, str]) -> dict[str, Any]:
        titles = sorted(title for title in self.pages if query["gapnamespace"] == "0")
        begin = query.get("gapcontinue", "")
        left = [title for title in titles if title >= begin]
        rows = [self._row(title) for title in left[: self.batch]]
        reply = {"batchcomplete": True, "query": {"pages": rows}}
        rest = left[self.batch :]
        return reply | ({"continue": {"gapcontinue": rest[0], "continue": "gapcontinue||"}} if rest else {})

    def _row(self, title: str) -> dict[str, Any]:
        revision = self.revisions.get(title, 100 + self.pages[title])
        edited = self.edited.get(title, "2026-01-01T00:00:00Z")
        return {
            "pageid": self.pages[title], "ns": 2 if title.startswith("User:") else 0, "title": title,
            "lastrevid": revision, "touched": self.touched.get(title, "2026-01-01T00:00:00Z"),
            "revisions": [{"revid": revision, "parentid": 0, "timestamp": edited}],
        }  # fmt: skip

    def edit(self, title: str, time: str) -> None:
        """Let a page be edited, or made if it is not there."""
        if title not in self.pages:
            self.page(title, page_id=max(self.pages.values(), default=0) + 1)
        self.revisions[title] = 1000 + len(self.changes)
        self.edited[title] = time
        self.changes.insert(0, (time, title))

    def note(self, kind: str, title: str, time: str, *, number: int, to: str | None = None, **more: Any) -> None:
        """Write into a log that something was done to a page, and where it was moved."""
        spaces = [2 if name.startswith("User:") else 0 for name in (title, to or title)]
        moved = {"target_ns": spaces[1], "target_title": to} if to else {}
        event = {"logid": len(self.log) + 1, "logpage": number, "ns": spaces[0], "title": title, "params": moved}
        self.log.insert(0, {**event, "type": kind, "action": kind, "timestamp": time, **more})


def _whole(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"batchcomplete": True, "query": {name: rows}}


def _handler(wiki: Wiki) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True       # or each answer waits for the client to acknowledge its head

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            wiki.hits[parts.path] += 1
            wiki.heard.append(dict(self.headers))
            if parts.path == "/w/api.php" and "/w/api.php" not in wiki.answers:
                query = {key: values[0] for key, values in parse_qs(parts.query).items()}
                headers, reply = wiki.api(query)
                self.send(200, {"Content-Type": "application/json", **headers}, json.dumps(reply).encode())
                return
            answer = wiki.answers.get(self.path) or wiki.answers.get(parts.path) or (404, {}, b"no such page")
            if callable(answer):
                answer = answer(self)
            if answer is not None:
                self.send(*answer)

        def send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                self.close_connection = True     # the client hung up, which some tests are about

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    return Handler


class ToldClock:
    """A clock that stands still but for sleeping, and remembers each sleep."""

    def __init__(self) -> None:
        self.start = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
        self.passed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Give the date."""
        return self.start + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        """Give the seconds slept so far."""
        return self.passed

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.slept.append(seconds)
        self.passed += seconds


@pytest.fixture
def wiki() -> Iterator[Wiki]:
    server = Wiki()
    yield server
    server.close()


@pytest.fixture
def clock() -> ToldClock:
    return ToldClock()


@pytest.fixture
def client(clock: ToldClock) -> Iterator[Client]:
    """A client that may talk to loopback and is impatient."""
    timeouts = Timeouts(connect=1, silence=0.5, whole=1)
    with Client(Pace(clock, 0), private_hosts=["127.0.0.1"], most_bytes=100_000, timeouts=timeouts) as made:
        yield made


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


class Street:
    """Fetches a site of the little wiki into a ledger and an archive of its own."""

    def __init__(self, wiki: Wiki, clock: ToldClock, folder: Path) -> None:
        self.wiki, self.clock, self.raw = wiki, clock, folder / "raw"
        self.ledger = Ledger(folder / "ledger.sqlite")
        self.waits: list[tuple[float, str]] = []
        self.warnings: list[str] = []
        self.name = "mini"
        self.refresh_after: float | None = 0.0

    def fetch(
        self, *, limit: int | None = None, full: bool = False, since: str | None = None,
        stop: Callable[[], bool] = lambda: False, **site: Any,
    ) -> list[Fetched]:  # fmt: skip
        """Run one fetch to its end and give all that it handed on."""
        told = {"name": self.name, "url": f"{self.wiki.url}/wiki/", **site}
        settings = ScraperSettings(
            delay=0, private_hosts=("127.0.0.1",), max_page_bytes=200_000, refresh_after=self.refresh_after
        )
        with Archive(self.raw, self.name) as archive:
            return [page for batch in fetch_site(
                SiteSettings.model_validate(told), settings, self.ledger, archive, clock=self.clock, limit=limit,
                full=full, since=since, stop=stop, progress=self._hear,
            ) for page in batch]  # fmt: skip

    def _hear(self, kind: str, number: float, detail: str) -> None:
        if kind == "wait":
            self.waits.append((number, detail))
        if kind == "warning":
            self.warnings.append(detail)

    def counts(self) -> dict[str, int]:
        """The states that any page is in."""
        return {state: number for state, number in self.ledger.counts(self.name).items() if number}

    def states(self) -> dict[str, tuple[str, str | None]]:
        """Each page's state and reason, by title or address."""
        rows = self.ledger.pages(self.name)
        return {row.title or row.url.removeprefix(self.wiki.url): (row.state, row.reason) for row in rows}


@pytest.fixture
def street(wiki: Wiki, clock: ToldClock, tmp_path: Path) -> Iterator[Street]:
    made = Street(wiki, clock, tmp_path)
    yield made
    made.ledger.close()


def drip(handler: Any) -> None:
    """Send a head, then a byte now and then, for longer than anyone should wait."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(60):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.1)
