"""A takedown leaves not a byte of a page, and the page never comes back."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
import zstandard
from fastwarc.warc import ArchiveIterator

import sectionary
from sectionary import inputs
from sectionary.config import Config, demo_config
from sectionary.output.feed import changes, summary
from sectionary.output.snapshot import load
from sectionary.output.stored import stored_lines
from sectionary.output.takedowns import TAKEDOWNS, takedowns
from sectionary.output.verify import verify
from sectionary.pipeline import run
from sectionary.scraper.archive import Archive, ArchiveRef, read_page
from sectionary.scraper.barred import Barred, key_of
from sectionary.scraper.errors import ConfigError, DatasetError, LockedError
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.page import Page
from sectionary.scraper.rebuild import rebuild
from sectionary.scraper.rewrite import rewrite
from sectionary.scraper.sitelock import held
from sectionary.takedown import take_down

URL = "https://strandline.example/wiki/Limpet"
STEPS = ("listed", "committed", "rewritten", "snapshots", "history", "archive", "journal", "followed")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example encyclopedia in two snapshots, with what else may quote a page."""
    config = demo_config(tmp_path_factory.mktemp("demo"))
    run(config)
    own = type(config.cleaners).model_validate({"remove": {"own.bold": ["b"]}})
    run(config.model_copy(update={"cleaners": own}), fetch=False)
    (page,) = sectionary.read(config.corpus, table="pages", nested=True).query("title == 'Limpet'").to_dict("records")
    (config.corpus / "reports").mkdir()
    (config.corpus / "reports" / "2.html").write_text(page["text"])
    (config.work / "staging").mkdir(exist_ok=True)
    (config.work / "staging" / "left.staged").write_text(page["text"])
    return config.folder


@pytest.fixture
def config(crawled: Path, tmp_path: Path) -> Config:
    """A copy of it."""
    shutil.copytree(crawled, tmp_path, dirs_exist_ok=True)
    return demo_config(tmp_path)


def sentences(folder: Path) -> set[str]:
    """What the page says, as its records and its HTML have it; nothing that another page says as well."""
    rows = sectionary.read(folder / "corpus", snapshot=1)
    own = rows[rows["title"] == "Limpet"]["text"]
    others = "\n".join(rows[rows["title"] != "Limpet"]["text"])
    found = {part.strip() for text in own for part in text.replace("\n", ". ").split(". ")}
    return {part for part in found if len(part) > 25 and part not in others}


def contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file, decompressed."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if data.startswith(b"\x1f\x8b"):
                data = gzip.decompress(data)
            elif data.startswith(b"\x28\xb5\x2f\xfd"):
                data = zstandard.ZstdDecompressor().stream_reader(BytesIO(data)).read()
            elif data.startswith(b"PAR1"):
                data += json.dumps(pq.read_table(path).to_pylist(), ensure_ascii=False).encode()
            yield path, data


def traces(folder: Path, told: set[str]) -> list[str]:
    return [f"{path.name}: {text}" for path, data in contents(folder) for text in told if text.encode() in data]


def at_rest(corpus: Path) -> dict[str, bytes]:
    parts = ("sections", "pages", "jsonl", "rejected", "changes", "removed", "_meta/history")
    found = (path for part in parts for path in (corpus / part).rglob("*") if path.is_file())
    return {path.relative_to(corpus).as_posix(): path.read_bytes() for path in found}


def test_the_search_finds_the_page_before_it_is_taken_down(config: Config) -> None:
    told = sentences(config.folder)
    assert len(told) >= 5
    found = {trace.split(":")[0] for trace in traces(config.folder, told)}
    assert {"2.html", "strandline-000001.warc.gz", "left.staged"} <= found
    assert any(name.endswith(".parquet") for name in found)


def test_not_a_sentence_of_the_page_is_left_anywhere(config: Config) -> None:
    told = sentences(config.folder)
    came_to = take_down(config, URL, "author asked")
    assert (came_to.documents, came_to.listed, came_to.raw_files) == (1, 1, 1)
    assert traces(config.folder, told) == []


def test_all_other_pages_stay_in_every_snapshot(config: Config) -> None:
    before = {n: sectionary.read(config.corpus, snapshot=n, nested=True) for n in (1, 2)}
    take_down(config, URL)
    for number, rows in before.items():
        left = rows[rows["title"] != "Limpet"]
        now = sectionary.read(config.corpus, snapshot=number, nested=True)
        assert now.to_json(orient="records") == left.to_json(orient="records")
    assert sectionary.read(config.corpus)["title"].nunique() == before[2]["title"].nunique() - 1
    lost = sectionary.read(config.corpus, table="rejected")
    assert any(url.endswith("/wiki/Almanac_2026") for url in lost["url"])


def changed(corpus: Path, number: int) -> set[str]:
    """The titles of pages that the feed of a snapshot tells of."""
    files = load(corpus, number).changes
    return {row["title"] for file in files for row in map(json.loads, stored_lines(corpus, file))}


def test_the_change_feed_tells_of_all_other_pages_as_before(config: Config) -> None:
    before = changed(config.corpus, 2)
    assert "Limpet" in before
    take_down(config, URL)
    assert changed(config.corpus, 2) - {""} == before - {"Limpet"}
    assert changed(config.corpus, 3) == {""}


@pytest.mark.parametrize("since", [1, 2])
def test_the_change_feed_tells_mirrors_to_let_go_of_the_page_and_nothing_else(config: Config, since: int) -> None:
    pages = sectionary.read(config.corpus, table="pages")
    (taken,) = pages[pages["title"] == "Limpet"]["doc_id"]
    take_down(config, URL)
    told = [change for change in changes(config.corpus, str(since)) if change.cause == "takedown"]
    assert [(change.change, change.doc_id, change.snapshot) for change in told] == [("removed", taken, 3)]
    ours = {"change", "cause", "doc_id", "site", "since", "snapshot", "schema_version"}
    assert not any(value for name, value in msgspec.structs.asdict(told[0]).items() if name not in ours)
    assert f"  removed  takedown {taken}" in list(summary(told))


def test_a_dataset_verifies_after_a_takedown(config: Config) -> None:
    take_down(config, URL)
    assert verify(config.corpus).flaws == ()


def test_every_other_page_is_read_from_its_new_place_in_the_archive(config: Config) -> None:
    with Ledger(config.work / "ledger.sqlite") as ledger:
        before = {page.key: read_page(config.work / "raw", page.ref) for page in ledger.uncleaned("strandline", "-")}
    take_down(config, URL)
    with Ledger(config.work / "ledger.sqlite") as ledger:
        after = {page.key: read_page(config.work / "raw", page.ref) for page in ledger.uncleaned("strandline", "-")}
        assert ledger.counts("strandline")["excluded"] == 2
    gone = before.keys() - after.keys()
    assert [before[key].title for key in gone] == ["Limpet"]
    assert after == {key: page for key, page in before.items() if key not in gone}


def test_a_lost_page_tells_the_new_place_of_its_bytes(config: Config) -> None:
    row = {"url": "https://strandline.example/wiki/X", "site": "x", "raw_file": "strandline-000001.warc.gz"}
    with Ledger(config.work / "ledger.sqlite") as ledger:
        last = ledger.uncleaned("strandline", "-")[-1].ref
    (config.corpus / "rejected" / "x.jsonl").write_text(json.dumps({**row, "raw_offset": last.offset}) + "\n")
    take_down(config, URL)
    told = json.loads((config.corpus / "rejected" / "x.jsonl").read_text())
    place = ArchiveRef(file=told["raw_file"], offset=told["raw_offset"], length=last.length, digest=last.digest)
    assert read_page(config.work / "raw", place).title


def test_the_list_tells_nobody_which_page_it_was(config: Config) -> None:
    take_down(config, URL, "author asked")
    text = (config.corpus / TAKEDOWNS).read_text()
    assert "Limpet" not in text
    (told,) = takedowns(config.corpus)
    assert (told.reason, told.done) == ("author asked", True)
    assert key_of(URL + "#Homing") in told.keys
    assert key_of("https://strandline.example/wiki/Tide") not in told.keys


def test_a_run_does_not_ask_for_the_page_again(config: Config) -> None:
    take_down(config, URL)
    asked: list[str] = []

    def hear(_site: str, kind: str, _number: float, detail: str = "") -> None:
        asked.extend([detail] * (kind == "page"))

    (site,) = run(config, progress=hear).sites
    assert (site.excluded, site.rejected, site.pending) == (2, 1, 0)
    assert "done" not in asked
    assert "Limpet" not in set(sectionary.read(config.corpus)["title"])


def test_a_first_run_under_a_takedown_never_fetches_the_page(tmp_path: Path) -> None:
    config = demo_config(tmp_path)
    take_down(config, URL)
    (site,) = run(config).sites
    assert site.excluded == 2
    raw = b"".join(data for path, data in contents(config.work / "raw"))
    assert b"/wiki/Tide" in raw
    assert b"/wiki/Limpet HTTP/1.1" not in raw


def test_a_page_in_an_imported_folder_is_barred_too(config: Config) -> None:
    take_down(config, URL)
    folder = config.folder / "pages"
    folder.mkdir()
    for name in ("Limpet", "Tide_table"):
        (folder / f"{name}.html").write_text(f"<body><h1>{name}</h1><p>About it.</p></body>")
    base = "https://strandline.example/wiki/"
    files = [path.rename(path.with_suffix(".html")) for path in folder.iterdir()]
    take_down(config, f"{base}Limpet.html")
    with inputs.cleaned_files(files, base_url=base, site_file=None, processes=1) as results:
        inputs.into_dataset(results, config.corpus)
    titles = set(sectionary.read(config.corpus)["title"])
    assert "Tide_table" in titles
    assert "Limpet" not in titles


def test_taking_a_page_down_twice_is_taking_it_down_once(config: Config) -> None:
    take_down(config, URL, "first")
    before = at_rest(config.corpus)
    take_down(config, URL, "second")
    assert at_rest(config.corpus) == before
    (told,) = takedowns(config.corpus)
    assert told.reason == "first"


@pytest.fixture(scope="module")
def undisturbed(crawled: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("undisturbed")
    shutil.copytree(crawled, folder, dirs_exist_ok=True)
    config = demo_config(folder)
    take_down(config, URL)
    return at_rest(config.corpus)


@pytest.mark.parametrize("step", STEPS)
def test_a_takedown_killed_at_any_step_is_finished_by_the_next(
    config: Config, step: str, undisturbed: dict[str, bytes]
) -> None:
    told = sentences(config.folder)
    code = (
        "import sys; from pathlib import Path; from sectionary.config import demo_config;"
        "from sectionary.takedown import take_down; take_down(demo_config(Path(sys.argv[1])), sys.argv[2])"
    )
    environment = {**os.environ, "SECTIONARY_FAILPOINT": f"takedown.{step}"}
    killed = subprocess.run([sys.executable, "-c", code, config.folder, URL], env=environment, check=False, timeout=100)
    assert killed.returncode == -signal.SIGKILL
    take_down(config, None)
    assert traces(config.folder, told) == []
    assert at_rest(config.corpus) == undisturbed
    with Ledger(config.work / "ledger.sqlite") as ledger:
        assert all(read_page(config.work / "raw", page.ref) for page in ledger.uncleaned("strandline", "-"))


def test_a_takedown_waits_for_no_run_but_refuses(config: Config) -> None:
    with held(config.work, ["strandline"]), pytest.raises(LockedError, match="strandline"):
        take_down(config, URL)


def test_what_is_no_address_is_refused(config: Config) -> None:
    with pytest.raises(ConfigError, match="credentials"):
        take_down(config, "https://me@strandline.example/")
    assert not (config.corpus / TAKEDOWNS).exists()


def test_a_damaged_list_stops_every_write(config: Config) -> None:
    (config.corpus / TAKEDOWNS).write_text("{nonsense\n")
    with pytest.raises(DatasetError, match="is damaged"):
        run(config)


def test_a_renamed_page_is_known_by_its_number(config: Config) -> None:
    page = sectionary.read(config.corpus, table="pages").query("title == 'Limpet'").iloc[0]
    take_down(config, URL)
    (told,) = takedowns(config.corpus)
    assert Barred(frozenset(told.keys)).holds(["https://strandline.example/wiki/Patella"], page["doc_id"])


def member(kind: str, url: str, block: bytes, number: int, **more: str) -> bytes:
    headers = {"WARC-Type": kind, "WARC-Record-ID": f"<urn:uuid:{number:032x}>", "WARC-Date": "2026-11-27T08:00:00Z"}
    headers |= {"WARC-Target-URI": url} if url else {}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    headers |= {"Content-Length": str(len(block))}
    head = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
    return gzip.compress(head.encode() + block + b"\r\n\r\n", mtime=0)


def exchange(url: str, body: bytes | None, number: int, **facts: Any) -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + (body or b"")
    metadata = json.dumps({"url": url, **facts}).encode()
    kind = "revisit" if body is None else "response"
    profile = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    revisit = {"WARC_Profile": profile} if body is None else {}
    return member(kind, url, answer, number, **revisit) + member("metadata", url, metadata, number + 1)


def archived(folder: Path) -> dict[tuple[str, int], tuple[str, str | None, bytes]]:
    """Kind, address and block of each record, by file and place."""
    found = {}
    for path in sorted(folder.glob("*.warc.gz")):
        for record in ArchiveIterator(BytesIO(path.read_bytes()), parse_http=False):
            told = record.headers["WARC-Type"], record.headers.get("WARC-Target-URI"), record.reader.read()
            found[path.name, record.stream_pos] = told
    return found


def test_bytes_that_another_page_shares_are_given_to_it_and_references_follow(tmp_path: Path) -> None:
    first = member("warcinfo", "", b"software: x\r\n", 1)
    gone = exchange("https://w/gone", b"<p>Shared.</p>", 10)
    kept = exchange("https://w/kept", b"<p>Kept.</p>", 20)
    at_gone, at_kept = len(first), len(first) + len(gone)
    (tmp_path / "a-000001.warc.gz").write_bytes(first + gone + kept + gone[:50])
    to_gone = {"file": "a-000001.warc.gz", "offset": at_gone, "length": len(gone)}
    to_kept = {"file": "a-000001.warc.gz", "offset": at_kept, "length": len(kept)}
    shares = exchange("https://w/shares", None, 30, same_as=to_gone)
    again = exchange("https://w/again", None, 40, same_as=to_kept)
    (tmp_path / "b-000001.warc.gz").write_bytes(member("warcinfo", "", b"software: x\r\n", 2) + shares + again)
    (tmp_path / "c-000001.warc.gz").write_bytes(exchange("https://w/apart", b"<p>Apart.</p>", 50))
    journal = rewrite(tmp_path, "mark", lambda page: page.url == "https://w/gone")
    assert journal.old == ("a-000001.warc.gz", "b-000001.warc.gz")
    for name in journal.old:
        (tmp_path / name).unlink()
    records = archived(tmp_path)
    by_page = {(kind, url): block for kind, url, block in records.values()}
    assert not any(url == "https://w/gone" for _, url in by_page)
    assert by_page["response", "https://w/shares"].endswith(b"\r\n\r\n<p>Shared.</p>")
    assert "same_as" not in json.loads(by_page["metadata", "https://w/shares"])
    same = json.loads(by_page["metadata", "https://w/again"])["same_as"]
    assert records[same["file"], same["offset"]][:2] == ("response", "https://w/kept")
    moved = next(each for each in journal.moved if each.offset == at_kept)
    assert (moved.new_file, moved.new_offset, moved.new_length) == (same["file"], same["offset"], same["length"])
    data = (tmp_path / moved.new_file).read_bytes()
    assert len(data) == moved.new_offset + moved.new_length


def test_a_note_of_a_page_that_was_gone_goes_too(tmp_path: Path) -> None:
    with Archive(tmp_path, "w") as archive:
        archive.append(Page(url="https://w/kept", body=b"<p>Kept.</p>"))
        told = {"key": "page_id:7", "canonical_url": "https://w.example/Gone", "title": "Gone", "state": "gone"}
        archive.note("https://w/gone", told)
    journal = rewrite(tmp_path, "mark", Barred(frozenset([key_of("https://w.example/Gone")])).page)
    for name in journal.old:
        (tmp_path / name).unlink()
    assert {url for _, url, _ in archived(tmp_path).values()} == {None, "https://w/kept"}


def test_a_ledger_that_is_lost_after_a_takedown_is_made_anew_from_the_rewritten_files(config: Config) -> None:
    raw = config.work / "raw"
    take_down(config, URL)
    with Ledger(config.work / "ledger.sqlite") as ledger:
        before = {page.key: page.ref for page in ledger.uncleaned("strandline", "-")}
    with Ledger(config.folder / "anew.sqlite") as anew:
        assert rebuild(anew, "strandline", raw)
        assert {page.key: page.ref for page in anew.uncleaned("strandline", "-")} == before
    (rewritten,) = raw.glob("*.warc.gz")
    with Archive(raw, "strandline") as archive:
        ref = archive.append(Page(url="https://strandline.example/wiki/Later", body=b"<p>Later.</p>"))
    assert (rewritten.name[:17], ref.file) == ("strandline-000001", "strandline-000002.warc.gz")


def test_what_a_crash_left_torn_at_the_end_of_a_file_goes_too(tmp_path: Path) -> None:
    whole = member("warcinfo", "", b"software: x\r\n", 1) + exchange("https://w/kept", b"<p>Kept.</p>", 20)
    torn = exchange("https://w/torn", b"<p>Torn.</p>", 30)[:-60]
    (tmp_path / "a-000001.warc.gz").write_bytes(whole + torn)
    journal = rewrite(tmp_path, "mark", lambda _page: False)
    assert journal.old == ("a-000001.warc.gz",)
    (new,) = {moved.new_file for moved in journal.moved}
    assert (tmp_path / new).read_bytes() == whole
