"""Wiki: a real MediaWiki in a folder of its own, out of Debian's packages, served on loopback.

Nothing outside the folder is written. The code stays in /usr/share/mediawiki and is told by MW_CONFIG_FILE
where its settings lie (mediawiki.org, Manual:MW_CONFIG_FILE); pages are kept in SQLite; `php -S` serves them
by way of router.php.
"""

import bz2
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HERE = Path(__file__).resolve().parent
CODE = Path("/usr/share/mediawiki")
MISSING = "the real MediaWiki of the tests is not installed; run .ci/run, or `make integration-deps` as root"

EXTENSIONS = (
    "CategoryTree", "Cite", "CiteThisPage", "Gadgets", "ImageMap", "InputBox", "Interwiki", "Math",
    "PageImages", "ParserFunctions", "Poem", "Scribunto", "SyntaxHighlight_GeSHi", "TemplateData",
    "TextExtracts", "VisualEditor",
)  # fmt: skip
SKINS = ("vector", "vector-2022", "monobook", "timeless", "minerva")
ROBOTS = "User-agent: *\nDisallow: /w/index.php\nDisallow: /wiki/Special:\n"


class Wiki:
    """A wiki in `folder`; installed there on entering if it is not yet.

    `server` is the address that the wiki believes to have (`$wgServer`); None: the one it is served at.
    `settings` is PHP code run at the end of LocalSettings.php: hooks, options, more extensions.
    """

    def __init__(
        self,
        folder: Path,
        *,
        server: str | None = None,
        name: str = "Example Encyclopedia",
        language: str = "en",
        skin: str = "vector",
        extensions: tuple[str, ...] = EXTENSIONS,
        settings: str = "",
        robots: str = ROBOTS,
    ) -> None:
        self.folder = folder.resolve()
        self.base_url = ""
        self._facts = {
            "server": server, "name": name, "language": language, "skin": skin, "extensions": extensions,
        }  # fmt: skip
        self._settings = settings
        self._robots = robots
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Install the wiki, or find it installed."""
        if not (self.folder / "LocalSettings.php").exists():
            self.install()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def install(self) -> None:
        """Create the database and the settings; a second or two. RuntimeError where MediaWiki is missing."""
        require_mediawiki()
        for part in ("data", "cache", "images"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as installer:
            self._run("install.php", *self._install_options(installer), config=Path(installer))
        self._write_settings()
        self.maintain("update.php", "--quick", "--skip-external-dependencies")

    def _install_options(self, installer: str) -> tuple[str, ...]:
        return (
            "--dbtype", "sqlite", "--dbname", "wiki", "--dbpath", str(self.folder / "data"),
            "--server", "http://127.0.0.1", "--scriptpath", "/w", "--confpath", installer,
            "--lang", str(self._facts["language"]), "--pass", "Loopback-only-1",
            str(self._facts["name"]), "Operator",
        )  # fmt: skip

    def _write_settings(self) -> None:
        (self.folder / "wiki.json").write_text(json.dumps(self._facts), encoding="utf-8")
        (self.folder / "robots.txt").write_text(self._robots, encoding="utf-8")
        if self._settings:
            (self.folder / "extra.php").write_text("<?php\n" + self._settings, encoding="utf-8")
        shutil.copyfile(HERE / "LocalSettings.php", self.folder / "LocalSettings.php")

    def maintain(self, script: str, *arguments: str, text: bytes = b"") -> str:
        """Run a maintenance script with `text` on its standard input; give what it printed."""
        return self._run(script, *arguments, text=text, config=self.folder)

    def _run(self, script: str, *arguments: str, text: bytes = b"", config: Path) -> str:
        command = ["php", str(CODE / "maintenance" / script), *arguments]
        done = subprocess.run(
            command, input=text, env=environment(config), capture_output=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{script}: {(done.stderr + done.stdout).decode(errors='replace')[-2000:]}")
        return done.stdout.decode(errors="replace")

    def import_dump(self, dump: Path) -> None:
        """Import an XML dump (plain or .bz2) and bring links, statistics and recent changes up to date."""
        data = bz2.decompress(dump.read_bytes()) if dump.suffix == ".bz2" else dump.read_bytes()
        self.maintain("importDump.php", "--no-local-users", "--username-prefix=import", text=data)
        self.refresh()

    def write_page(self, title: str, wikitext: str, *, summary: str = "") -> None:
        """Create or change a page; templates, modules and interface messages (MediaWiki:…) alike."""
        self.maintain("edit.php", "--user", "Operator", "--summary", summary, title, text=wikitext.encode())

    def import_images(self, folder: Path) -> None:
        """Upload every picture in `folder` under its own name."""
        self.maintain("importImages.php", "--extensions=svg,png,gif,jpg", "--overwrite", str(folder))

    def refresh(self) -> None:
        """Do what readers' requests would do in time: jobs, statistics, recent changes."""
        self.maintain("runJobs.php")
        self.maintain("initSiteStats.php", "--update")
        self.maintain("rebuildrecentchanges.php")

    def serve(self, port: int = 0, workers: int = 4) -> str:
        """Serve on 127.0.0.1 until `stop()`; give the base URL, without a slash at the end."""
        port = port or free_port()
        self.base_url = f"http://127.0.0.1:{port}"
        log = (self.folder / "server.log").open("ab")
        served = {"PHP_CLI_SERVER_WORKERS": str(workers), "WIKI_SERVER": self.base_url}
        command = ["php", "-S", f"127.0.0.1:{port}", "-t", str(self.folder), str(HERE / "router.php")]
        with log:
            self._server = subprocess.Popen(
                command,
                env=environment(self.folder) | served,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()
        return self.base_url

    def _wait(self, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self._server is None or self._server.poll() is not None:
                break
            try:
                self.get("/robots.txt")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError((self.folder / "server.log").read_text(errors="replace")[-2000:])

    def stop(self) -> None:
        """Stop serving. The workers are children of the server and of its process group."""
        if self._server is None:
            return
        os.killpg(self._server.pid, signal.SIGTERM)
        self._server.wait(10)
        self._server = None

    def get(self, path: str) -> bytes:
        """The body at `path` ("/wiki/Main_Page?useskin=monobook")."""
        with urllib.request.urlopen(self.base_url + path, timeout=60) as response:  # noqa: S310 - loopback
            body: bytes = response.read()
        return body

    def page_url(self, title: str, **query: str) -> str:
        """The address of an article below the base URL ("/wiki/Title")."""
        path = "/wiki/" + urllib.parse.quote(title.replace(" ", "_"), safe="/:,()")
        return f"{path}?{urllib.parse.urlencode(query)}" if query else path

    def api(self, **parameters: str | int) -> dict[str, Any]:
        """The API's answer to `parameters`, in JSON of format version 2; RuntimeError for an API error."""
        query: Mapping[str, str | int] = {"format": "json", "formatversion": 2} | parameters
        answer: dict[str, Any] = json.loads(self.get("/w/api.php?" + urllib.parse.urlencode(query)))
        if "error" in answer:
            raise RuntimeError(f"{parameters}: {answer['error']}")
        return answer


def environment(config: Path) -> dict[str, str]:
    """The processes' environment: where the code is and where this wiki's settings are."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    settings = str(config / "LocalSettings.php")
    return kept | {"MW_INSTALL_PATH": str(CODE), "MW_CONFIG_FILE": settings, "LC_ALL": "C.UTF-8"}


def require_mediawiki() -> None:
    """RuntimeError that says how to get it, when MediaWiki or a PHP module is missing."""
    if not (CODE / "maintenance/install.php").exists() or shutil.which("php") is None:
        raise RuntimeError(MISSING)


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
