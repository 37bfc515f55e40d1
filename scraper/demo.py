"""DemoServer: the example encyclopedia on loopback, with what a crawler meets on a real wiki.

The pages were rendered by MediaWiki and lie in examples/encyclopedia; index.json there says what the wiki's
listing names and how each page is answered. Beside plain pages there are one that has moved, one that was
deleted after it was listed, one that is a PDF, one that is slow, one that is refused once with 429, and one
that robots.txt asks not to fetch.
"""

import gzip
import hashlib
import json
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from msgspec import Struct

from sectionary.scraper.demo_api import Row, query_api

ENCYCLOPEDIA = Path(__file__).resolve().parent.parent / "examples" / "encyclopedia"
TYPES = {".html": "text/html; charset=UTF-8", ".pdf": "application/pdf", ".png": "image/png"}
PLAIN = "text/plain; charset=UTF-8"
JSON = "application/json; charset=utf-8"


class Answer(Struct, frozen=True, kw_only=True):
    """A response before it is sent; `modified` is RFC 3339, `headers` what is special to it."""

    status: int = 200
    body: bytes = b""
    content_type: str = TYPES[".html"]
    modified: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


class Encyclopedia:
    """The stored wiki: an address in, an Answer out. Remembers only what it has refused once.

    `slow` is how long the slow page takes and `retry_after` what the refused page asks for, both in seconds.
    """

    def __init__(
        self,
        folder: Path = ENCYCLOPEDIA,
        *,
        slow: float = 0.8,
        retry_after: int = 1,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.index: dict[str, Any] = read_json(folder / "index.json")
        self._siteinfo: dict[str, Any] = read_json(folder / "api" / "siteinfo.json")
        self._pages: dict[str, Row] = {unquote(row["path"]): row for row in self.index["pages"]}
        self._images = {file.name: file for file in (folder / "images").iterdir()}
        self.folder, self._slow, self._retry_after, self._sleep = folder, slow, retry_after, sleep
        self._refused: set[str] = set()
        self._lock = threading.Lock()

    def answer(self, target: str) -> Answer:
        """What the wiki says to a GET for `target` (path and query)."""
        address = urlsplit(target)
        path, parameters = unquote(address.path), dict(parse_qsl(address.query, keep_blank_values=True))
        match path:
            case "/api.php":
                return json_answer(query_api(self._siteinfo, self.index, parameters))
            case "/robots.txt":
                return Answer(body=(self.folder / "robots.txt").read_bytes(), content_type=PLAIN)
            case "/" | "/index.php":
                return moved("/wiki/" + quote(parameters.get("title", "Main Page").replace(" ", "_")))
        return self._image(path) if path.startswith("/images/") else self._article(path)

    def _image(self, path: str) -> Answer:
        """A picture; the hash folders of /images/a/ab/Name.png say nothing that its name does not."""
        file = self._images.get(path.rpartition("/")[2])
        return missing(path) if file is None else stored(file)

    def _article(self, path: str) -> Answer:
        row = self._pages.get(path)
        if row is not None:
            return self._page(row)
        known = canonical_path(path)
        return moved(self._pages[known]["path"]) if known in self._pages else missing(path)

    def _page(self, row: Row) -> Answer:
        match row["answer"]:
            case "moved":
                return moved(row["to"])
            case "gone":
                return missing(row["path"])
            case "busy_once" if self._first_time(row["path"]):
                return busy(self._retry_after)
            case "slow":
                self._sleep(self._slow)
        return stored(self.folder / row["file"], row["touched"])

    def _first_time(self, path: str) -> bool:
        with self._lock:
            first = path not in self._refused
            self._refused.add(path)
        return first


def read_json(file: Path) -> dict[str, Any]:
    """The object in a JSON file."""
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def stored(file: Path, modified: str | None = None) -> Answer:
    """A file of the encyclopedia, with the media type of its name."""
    return Answer(body=file.read_bytes(), content_type=TYPES[file.suffix], modified=modified)


def json_answer(content: dict[str, Any]) -> Answer:
    """An API result; errors too come with status 200, as from MediaWiki (API:Errors and warnings)."""
    return Answer(body=json.dumps(content, ensure_ascii=False).encode(), content_type=JSON)


def moved(location: str) -> Answer:
    """The page is to be found elsewhere for good."""
    return Answer(status=301, headers=(("Location", location),))


def missing(path: str) -> Answer:
    """No such page; the body is for people."""
    text = f"<!DOCTYPE html><title>Not here</title><p>The tide has taken {quote(path)}, or it never came.\n"
    return Answer(status=404, body=text.encode())


def busy(retry_after: int) -> Answer:
    """Too many requests; `retry_after` in seconds (RFC 6585 section 4)."""
    headers = (("Retry-After", str(retry_after)),)
    return Answer(status=429, body=b"Too many requests\n", content_type=PLAIN, headers=headers)


def canonical_path(path: str) -> str:
    """The address as MediaWiki writes it: underscores for spaces, the title's first letter a capital one."""
    prefix, slash, title = path.replace(" ", "_").partition("/wiki/")
    return prefix + slash + title[:1].upper() + title[1:]


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 around `Encyclopedia.answer`: connections kept, gzip where accepted, validators checked."""

    protocol_version = "HTTP/1.1"
    server_version = "Strandline"
    wbufsize = -1  # head and body leave in one piece
    disable_nagle_algorithm = True
    timeout = 60
    server: "Server"

    def do_GET(self) -> None:
        """Answer with a body."""
        self._send(self.server.encyclopedia.answer(self.path))

    def do_HEAD(self) -> None:
        """Answer without the body (`_write` leaves it out)."""
        self.do_GET()

    def _send(self, answer: Answer) -> None:
        headers = dict(answer.headers) | validators(answer)
        if answer.status == 200 and is_unchanged(dict(self.headers.items()), headers):
            self._write(304, headers, b"")
            return
        headers |= {"Content-Type": answer.content_type, "Vary": "Accept-Encoding"}
        body = answer.body
        if accepts_gzip(self.headers.get("Accept-Encoding", "")) and is_compressible(answer):
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, mtime=0)
        self._write(answer.status, headers | {"Content-Length": str(len(body))}, body)

    def _write(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing: the terminal belongs to the run."""


def validators(answer: Answer) -> dict[str, str]:
    """ETag (weak, since gzip may come over it) and Last-Modified of a page (RFC 9110 section 8.8)."""
    if answer.status != 200:
        return {}
    found = {"ETag": f'W/"{hashlib.blake2b(answer.body, digest_size=8).hexdigest()}"'}
    if answer.modified is not None:
        found["Last-Modified"] = format_datetime(datetime.fromisoformat(answer.modified), usegmt=True)
    return found


def is_unchanged(asked: dict[str, str], known: dict[str, str]) -> bool:
    """Whether the asker has this version already; If-None-Match goes first (RFC 9110 section 13.2.2)."""
    fields = {name.lower(): value for name, value in asked.items()}
    if "if-none-match" in fields:
        tags = {tag.strip().removeprefix("W/") for tag in fields["if-none-match"].split(",")}
        return bool(tags & {"*", known["ETag"].removeprefix("W/")})
    try:
        since = parsedate_to_datetime(fields["if-modified-since"])
        return parsedate_to_datetime(known["Last-Modified"]) <= since
    except (KeyError, ValueError, TypeError):
        return False


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding names gzip with a weight above zero (RFC 9110 section 12.5.3)."""
    codings = [coding.replace(" ", "").lower() for coding in header.split(",")]
    return any(
        name == "gzip" and weight not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
        for name, _, weight in (coding.partition(";") for coding in codings)
    )


def is_compressible(answer: Answer) -> bool:
    """Text gains by gzip, pictures and PDFs do not."""
    return answer.content_type.startswith(("text/", "application/json")) and bool(answer.body)


class Server(ThreadingHTTPServer):
    """A thread for each connection, none of which keeps the process alive."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, encyclopedia: Encyclopedia) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.encyclopedia = encyclopedia

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader who hangs up is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class DemoServer:
    """The example encyclopedia at `base_url` ("http://127.0.0.1:41234") while the context is open."""

    def __init__(self, encyclopedia: Encyclopedia | None = None) -> None:
        self.encyclopedia = encyclopedia or Encyclopedia()
        self._server = Server(self.encyclopedia)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def base_url(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        """Serve from now on; a port of its own was taken when this was made."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
