"""Answers that are no page, lie about themselves, or carry what must not get into files, logs and terminals.

F17, F18, F23 and S8, S9, S12, S14, S15, S16 of the cases; the street is the whole one wherever it matters.
"""

import ast
import gzip
import re
import socket
import threading
import time
import tracemalloc
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from sectionary.config import Config
from sectionary.output.last_run import SiteSummary
from sectionary.pipeline import Bounds, run
from sectionary.scraper.errors import ConfigError, FetchError
from sectionary.scraper.http import Client, Timeouts
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.pace import Pace
from sectionary.scraper.resolver import resolve
from sectionary.scraper.sources.listing import Listed
from sectionary.scraper.yamlfile import read_yaml
from tests.program import called
from tests.scraper.conftest import HTML, Street, ToldClock, Wiki

ARTICLE = '<html><head><meta charset="{0}"><title>T</title></head><body><h1>T</h1><p>Grüße, κόσμε.</p></body></html>'


def crawl(wiki: Wiki, folder: Path, **options: Any) -> SiteSummary:
    """The whole street over the little wiki."""
    site = {"name": "mini", "url": f"{wiki.url}/wiki/", **options.pop("site", {})}
    scraper = {"delay": 0, "private_hosts": ["127.0.0.1"], "sites": [site], "contact": options.pop("contact", None)}
    config = Config.model_validate({"folder": folder, "scraper": scraper, "run": {"workers": 1}})
    (summary,) = run(config, **options).sites
    return summary


# S8

@pytest.mark.parametrize(("kind", "body", "state"), [
    ("image/png", b"\x89PNG\r\n\x1a\n", ("rejected", "not html: image/png")),
    ("text/html", b"\x89PNG\r\n\x1a\n", ("rejected", "not html: image/png")),
    ("text/html", b"%PDF-1.7 <html><p>polyglot", ("rejected", "not html: application/pdf")),
    ("text/html", b"GIF89a<html><p>polyglot", ("rejected", "not html: image/gif")),
    ("application/octet-stream", b"\x7fELF\x02", ("rejected", "not html: application/x-executable")),
    ("application/octet-stream", b"<!DOCTYPE html><p>a page", ("done", None)),
    (None, b"<!DOCTYPE html><p>a page", ("done", None)),
    (None, b"words", ("rejected", "not html: unknown")),
    ("text/html; charset", b"<p>a page", ("done", None)),
    ("application/json", b'{"a": 1}', ("rejected", "not html: application/json")),
])  # fmt: skip
@pytest.mark.case("S8")
def test_the_bytes_tell_what_an_answer_is_where_they_can(
    street: Street, kind: str | None, body: bytes, state: tuple[str, str | None]
) -> None:
    street.wiki.page("A", (200, {"Content-Type": kind} if kind else {}, body))
    street.fetch()
    assert street.states() == {"A": state}


# S9

CHARSETS = {
    "utf-8": "utf-8", "windows-1252": "windows-1252", "gb18030": "gb18030", "utf-16": "utf-16", "utf-7": "utf-8",
    "utf-32": "utf-32", "bogus": "utf-8", "": "utf-8", "utf-8, latin-1": "utf-8", "x" * 3000: "utf-8",
}  # fmt: skip


@pytest.mark.case("S9")
def test_no_charset_that_is_said_or_lied_about_costs_more_than_its_page(wiki: Wiki, tmp_path: Path) -> None:
    pairs = list(product(CHARSETS, ("utf-8", "utf-7", "bogus", "latin-1")))
    for number, (said, meta) in enumerate(pairs):
        body = ARTICLE.format(meta).encode(CHARSETS[said], "replace")
        wiki.page(f"P{number}", (200, {"Content-Type": f"text/html; charset={said}"}, body))
    done = crawl(wiki, tmp_path)
    assert done.outcome == "done"
    assert done.written + done.rejected == len(pairs) == 40
    assert done.written >= 30


# S12

@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "CON", "a" * 100, "..", "C:\\x", "-rf", ".hidden", "é/ñ"])
@pytest.mark.case("S12")
def test_no_name_leads_out_of_the_folders_or_makes_an_unsafe_file(wiki: Wiki, tmp_path: Path, name: str) -> None:
    home = tmp_path / "deep" / "home"
    home.mkdir(parents=True)
    wiki.page("A%2F..%2F..%2Fetc%2Fpasswd")
    wiki.pages["../../etc/passwd"] = wiki.pages.pop("A%2F..%2F..%2Fetc%2Fpasswd")
    wiki.page("B" * 200)
    crawl(wiki, home, site={"name": name}, clean=False)
    outside = [path for path in tmp_path.rglob("*") if path.is_file() and home not in path.parents]
    assert outside == []
    for path in home.rglob("*"):
        assert re.fullmatch(r"[A-Za-z0-9_.=%-]{1,120}", path.name), path
        assert not path.name.startswith("-"), path
    (raw,) = (home / "work" / "raw").iterdir()
    assert re.fullmatch(r"[a-z0-9][a-z0-9_.-]*-000001\.warc\.gz", raw.name)


# S14

EVIL = "\x1b]0;owned\x07\x1b[31mred\u202egnp.exe\x9b0m"


@pytest.mark.case("S14", "S19")
def test_no_control_character_of_a_page_gets_into_what_is_printed(wiki: Wiki, tmp_path: Path) -> None:
    wiki.pages[f"Evil {EVIL}"] = 1
    wiki.page("Redirect", (302, {"Location": f"http://elsewhere.example/{EVIL}".encode().decode("latin-1")}, b""))
    wiki.page("Reason", (200, {"Content-Type": f"text/{EVIL}".encode().decode("latin-1")}, b"x"))
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "config.yaml").write_text(
        f"scraper: {{delay: 0, private_hosts: [127.0.0.1], sites: [{{name: mini, url: {wiki.url}/wiki/}}]}}\n"
    )
    for command in (["run"], ["status"], ["plan"], ["changes"], ["verify"]):
        done = called(*command, "-c", "config.yaml", cwd=folder)
        said = done.stdout + done.stderr
        assert said
        assert [char for char in said if not (char.isprintable() or char == "\n")] == [], command


# S15

@pytest.mark.case("S15")
def test_a_secret_in_an_address_gets_into_no_file_and_no_line(wiki: Wiki, tmp_path: Path) -> None:
    wiki.page("A", (302, {"Location": f"{wiki.url.replace('//', '//me:hunter2@')}/wiki/B"}, b""))
    wiki.page("B")
    done = crawl(wiki, tmp_path)
    assert done.rejected == 1
    assert "hunter2" not in repr(done)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            content += gzip.decompress(content) if path.suffix == ".gz" else b""
            assert b"hunter2" not in content, path


# S16

@pytest.mark.parametrize("text", [
    "scraper: !!python/object/apply:os.system ['touch owned']", "a: !!python/name:os.system", "a: !include /etc/passwd",
])  # fmt: skip
@pytest.mark.case("S16")
def test_a_configuration_cannot_run_code(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="no valid YAML"):
        read_yaml(path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.case("S16")
def test_no_state_of_ours_is_read_by_anything_that_runs_code(root: Path) -> None:
    unsafe = {"pickle", "cPickle", "dill", "marshal", "shelve", "joblib", "cloudpickle"}
    for path in (*root.glob("*.py"), *(file for part in PARTS for file in (root / part).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.partition(".")[0] for name in names} & unsafe, path


PARTS = ("commands", "scraper", "cleaners", "output")


# F17

@pytest.mark.case("F17")
def test_another_etag_over_the_same_page_is_no_new_version(wiki: Wiki, tmp_path: Path) -> None:
    versions = iter(range(100))

    def answer(_request: Any) -> Any:
        return 200, {**HTML, "ETag": f'"{next(versions)}"'}, b"<html><body><h1>A</h1><p>Same.</p></body></html>"

    wiki.page("A", answer)
    assert crawl(wiki, tmp_path).snapshot == 1
    again = crawl(wiki, tmp_path, bounds=Bounds(full=True))
    assert (again.written, again.unchanged, again.snapshot) == (0, 1, None)
    assert wiki.hits["/wiki/A"] == 2


# F18

@pytest.mark.case("F18")
def test_a_host_whose_name_leads_nowhere_gives_no_page_and_is_asked_again(wiki: Wiki, tmp_path: Path) -> None:
    wiki.answers["/b"] = (200, HTML, b"<html><h1>B</h1><p>Text")
    urls = ["http://nowhere.invalid/a", f"{wiki.url}/b"]
    site = {"name": "mini", "url": None, "source": "urls", "urls": urls}
    done = crawl(wiki, tmp_path, site=site, contact="ops@tides.net")
    assert (done.written, done.pending, done.complete) == (1, 1, False)
    with Ledger(tmp_path / "work/ledger.sqlite") as ledger:
        (page,) = ledger.pages("mini", "pending")
    assert (page.url, page.reason) == ("http://nowhere.invalid/a", "robots.txt: dns")


@pytest.mark.case("F18")
def test_a_resolver_that_gives_no_answer_is_waited_for_no_longer_than_a_connection(
    clock: ToldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: never.wait(60))
    with Client(Pace(clock, 0), timeouts=Timeouts(connect=0.2, silence=1, whole=5)) as client:
        began = time.monotonic()
        with pytest.raises(FetchError) as caught:
            client.get("http://slow.example/")
        assert time.monotonic() - began < 30
    never.set()
    assert (caught.value.reason, caught.value.retryable) == ("dns", True)


@pytest.mark.case("F18")
def test_a_resolver_that_hangs_holds_no_more_than_so_many_threads_and_then_says_so(
    clock: ToldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: never.wait(60))
    with Client(Pace(clock, 0), timeouts=Timeouts(connect=0.02, silence=1, whole=5)) as client:
        reasons = []
        for number in range(40):
            with pytest.raises(FetchError) as caught:
                client.get(f"http://slow{number}.example/")
            assert caught.value.retryable
            reasons.append(caught.value.reason)
        waiting = [thread for thread in threading.enumerate() if thread.name.startswith("resolver slow")]
    assert reasons == ["dns"] * 32 + ["dns: the resolver hangs"] * 8
    assert len(waiting) == 32
    never.set()
    for thread in waiting:
        thread.join()
    monkeypatch.undo()
    assert "127.0.0.1" in resolve("localhost", 80, 5)    # each has left its seat


def test_a_name_is_resolved_to_all_its_addresses() -> None:
    assert "127.0.0.1" in resolve("localhost", 80, 5)


# F23

@pytest.mark.case("F23")
def test_a_frontier_of_many_addresses_stays_on_disk(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.begin("mini")
        tracemalloc.start()
        for batch in range(40):
            numbers = range(batch * 500, batch * 500 + 500)
            ledger.list_pages("mini", [
                Listed(key=f"page_id:{n + 1}", url=f"http://a.example/wiki/Page_{n}", page_id=n + 1) for n in numbers
            ])  # fmt: skip
        drawn, last = 0, (-1, 0)
        while tasks := ledger.pending("mini", 0.0, after=last):
            drawn += len(tasks)
            last = (0, tasks[-1].n)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert drawn == 20_000
    assert peak < 4_000_000
