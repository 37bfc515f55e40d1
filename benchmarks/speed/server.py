"""A wiki on loopback that answers as fast as it is asked, in a process of its own, and counts what it is asked for.

Its pages are files of a folder; its api.php lists them (API:Allpages as generator, API:Siteinfo), its robots.txt
allows them. It speaks just enough HTTP/1.1 for clients that keep connections open.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

ROBOTS = b"User-agent: *\nDisallow: /private/\n"
_TOUCHED = "2026-01-01T00:00:00Z"


class Wiki:
    """What the server knows: `count` pages called Page_N, their bodies from `bodies`, over and over."""

    def __init__(self, bodies: list[bytes], count: int) -> None:
        self._bodies = bodies
        self._count = count
        self._asked: Counter[str] = Counter()

    def answer(self, target: str) -> tuple[int, str, bytes]:
        """Status, content type and body."""
        path, _, query = target.partition("?")
        if path == "/asked":
            return 200, "application/json", json.dumps(self._asked).encode()
        kind = {"/robots.txt": "robots", "/w/api.php": "api"}.get(path, "page")
        self._asked[kind] += 1
        if kind == "robots":
            return 200, "text/plain", ROBOTS
        if kind == "api":
            told = {name: values[0] for name, values in parse_qs(query).items()}
            return 200, "application/json", json.dumps(self._api(told)).encode()
        number = path.rpartition("_")[2]
        if not number.isdecimal() or int(number) >= self._count:
            return 404, "text/plain", b"no such page"
        body = self._bodies[int(number) % len(self._bodies)]
        return 200, "text/html; charset=utf-8", body + f"<!--{number}-->".encode()

    def _api(self, query: dict[str, str]) -> dict[str, Any]:
        if query.get("meta") == "siteinfo":
            general = {
                "sitename": "Speedy", "generator": "MediaWiki 1.44.0", "lang": "en", "articlepath": "/wiki/$1",
                "server": "https://speedy.example", "scriptpath": "/w", "case": "first-letter", "wikiid": "speedy",
            }  # fmt: skip
            rights = {"url": "https://creativecommons.org/licenses/by-sa/4.0/", "text": "CC BY-SA 4.0"}
            return {"batchcomplete": True, "query": {"general": general, "rightsinfo": rights, "namespaces": {}}}
        if query.get("list") == "recentchanges":
            return {"batchcomplete": True, "query": {"recentchanges": []}}
        if query.get("list") == "logevents":
            return {"batchcomplete": True, "query": {"logevents": []}}
        first = int(query.get("gapcontinue") or query.get("apcontinue") or 0)
        last = min(first + 500, self._count)
        reply: dict[str, Any] = {"batchcomplete": True, "query": {"pages": list(map(_listed, range(first, last)))}}
        if last < self._count:
            reply["continue"] = {"gapcontinue": str(last), "continue": "gapcontinue||"}
        return reply


def _listed(number: int) -> dict[str, Any]:
    revision = {"revid": 1000 + number, "parentid": 0, "timestamp": _TOUCHED}
    return {
        "pageid": number + 1, "ns": 0, "title": f"Page {number}", "lastrevid": 1000 + number, "touched": _TOUCHED,
        "length": 4000, "revisions": [revision],
    }  # fmt: skip


class _Connection(asyncio.Protocol):
    """One client's connection: requests in, answers out, in order."""

    def __init__(self, wiki: Wiki) -> None:
        self._wiki = wiki
        self._waiting = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *heads, self._waiting = (self._waiting + data).split(b"\r\n\r\n")
        for head in heads:
            target = head.split(b" ", 2)[1].decode("latin-1")
            parts = urlsplit(target)
            status, kind, body = self._wiki.answer(f"{parts.path}?{parts.query}")
            lines = f"HTTP/1.1 {status} OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
            self._transport.writelines([lines.encode(), body])


async def _serve(wiki: Wiki) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(wiki), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


class Served:
    """A running server: where it is, and what it was asked for."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def asked(self) -> dict[str, int]:
        """How often it was asked for robots.txt, api.php and pages so far."""
        with urlopen(f"{self.url}/asked") as reply:  # noqa: S310 - our own server
            found: dict[str, int] = json.load(reply)
            return found


@contextmanager
def serving(pages: list[bytes], count: int, folder: Path) -> Iterator[Served]:
    """A server of `count` pages with these bodies in turn, for as long as the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, body in enumerate(pages):
        (folder / f"{number:06d}.html").write_bytes(body)
    here = Path(__file__).resolve()
    command = [sys.executable, str(here), str(folder), str(count)]
    with Popen(command, stdout=PIPE) as process:  # noqa: S603 - ourselves
        try:
            yield Served(int(process.stdout.readline() if process.stdout else 0))
        finally:
            process.terminate()


if __name__ == "__main__":
    bodies = [file.read_bytes() for file in sorted(Path(sys.argv[1]).glob("*.html"))]
    asyncio.run(_serve(Wiki(bodies, int(sys.argv[2]))))
