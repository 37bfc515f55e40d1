"""DokuWiki: a real one out of Debian's package, in a folder of its own, served on loopback.

The code stays in /usr/share/dokuwiki and is told by a file that PHP reads first where its settings lie
(dokuwiki.org, devel:preload, DOKU_CONF); pages are text files below `data/pages`.
"""

import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

CODE = Path("/usr/share/dokuwiki")
SETTINGS = Path("/etc/dokuwiki")
DATA = Path("/var/lib/dokuwiki/data")
MISSING = "the real DokuWiki of the tests is not installed; run .ci/run, or `make integration-deps` as root"
LOCAL = """<?php
$conf['title'] = 'Tidepool';
$conf['license'] = 'cc-by-sa';
$conf['useacl'] = 0;
$conf['indexdelay'] = 0;
$conf['sitemap'] = 1;
$conf['savedir'] = '{data}';
"""
FIRST = """<?php
define('DOKU_CONF', '{settings}/');
error_reporting(E_ALL & ~E_DEPRECATED & ~E_NOTICE & ~E_WARNING);
"""


class DokuWiki:
    """A wiki in `folder`, with these pages, by id (`shore:limpet`). A context manager: it is served meanwhile."""

    def __init__(self, folder: Path, pages: dict[str, str]) -> None:
        if not CODE.is_dir():
            raise RuntimeError(MISSING)
        self.base_url = ""
        self._first = folder / "first.php"
        settings, data = folder / "settings", folder / "data"
        shutil.copytree(SETTINGS, settings, ignore=shutil.ignore_patterns("local.php"))
        shutil.copytree(DATA, data)
        (settings / "local.php").write_text(LOCAL.replace("{data}", str(data)), "utf-8")
        self._first.write_text(FIRST.replace("{settings}", str(settings)), "utf-8")
        for name, text in pages.items():
            file = data / "pages" / f"{name.replace(':', '/')}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")

    def __enter__(self) -> Self:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = ["php", "-d", f"auto_prepend_file={self._first}", "-S", f"127.0.0.1:{port}", "-t", str(CODE)]
        self._server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.base_url = f"http://127.0.0.1:{port}"
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.terminate()
        self._server.wait()

    def _wait(self) -> None:
        for _ in range(100):
            try:
                self.html("start")
            except requests.ConnectionError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"DokuWiki does not answer at {self.base_url}")

    def url(self, page: str) -> str:
        """The address of a page."""
        return f"{self.base_url}/doku.php?id={page}"

    def html(self, page: str) -> bytes:
        """A page as a reader gets it."""
        return requests.get(self.url(page), timeout=30).content
