"""Files of many pages: each kind gives the records that the pages alone give."""

import gzip
import io
import json
import struct
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from libzim.writer import Creator, Hint, Item, StringProvider
from msgspec.structs import replace

from sectionary.scraper.bulk.stdin import spooled
from sectionary.scraper.bulk.table import DamagedError, pages_of, read
from sectionary.scraper.bulk.task import BulkPage, Wanted
from sectionary.scraper.errors import ConfigError, FetchError
from sectionary.scraper.page import Page

MOST = 1 << 20
HTML = "<html><head><title>Tide</title></head><body><h1>Tide</h1><p>It rises, ö.</p></body></html>"


def all_pages(path: Path, **wanted: Any) -> list[Page]:
    return [read(task, MOST) for task in pages_of(path, Wanted(**wanted))]


BODY = HTML.encode()


def record(url: str, body: bytes = BODY, *, status: int = 200, kind: str = "text/html", **headers: str) -> bytes:
    told = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = f"HTTP/1.1 {status} OK\r\n" + "".join(f"{name}: {value}\r\n" for name, value in told.items()) + "\r\n"
    block = head.encode() + body
    warc = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{abs(hash(url)):032x}>\r\n"
        f"WARC-Date: 2026-11-27T08:00:00Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return warc.encode() + block + b"\r\n\r\n"


def with_dictionary(records: list[bytes]) -> bytes:
    """As WARC-ZSTD 1.0 has it: the dictionary in a skippable frame at the beginning."""
    made = zstandard.train_dictionary(2048, [part for part in records for _ in range(30)])
    packer = zstandard.ZstdCompressor(dict_data=made)
    head = struct.pack("<II", 0x184D2A5D, len(made.as_bytes())) + made.as_bytes()
    return head + b"".join(map(packer.compress, records))


PACKED: dict[str, Callable[[list[bytes]], bytes]] = {
    "a.warc": b"".join,
    "a.warc.gz": lambda records: b"".join(map(gzip.compress, records)),
    "a.warc.zst": lambda records: b"".join(map(zstandard.ZstdCompressor().compress, records)),
    "d.warc.zst": with_dictionary,
}


@pytest.mark.parametrize("name", PACKED)
def test_a_warc_gives_its_pages_from_their_places(tmp_path: Path, name: str) -> None:
    records = [record(f"https://w/{n}", f"<p>Page {n}.</p>".encode() * 40) for n in range(20)]
    (tmp_path / name).write_bytes(PACKED[name](records))
    pages = all_pages(tmp_path / name)
    assert [page.url for page in pages] == [f"https://w/{n}" for n in range(20)]
    assert pages[7].body == b"<p>Page 7.</p>" * 40
    assert (pages[7].date_fetched, pages[7].http.status) == ("2026-11-27T08:00:00Z", 200)
    tasks = list(pages_of(tmp_path / name, Wanted()))
    assert all(task.data is None for task in tasks)
    assert read(tasks[13], MOST) == pages[13]


def test_of_a_warc_only_answers_that_are_wanted_pages_are_taken(tmp_path: Path) -> None:
    records = [
        record("https://en.wikipedia.org/wiki/Tide"),
        record("https://en.wikipedia.org/wiki/Gone", status=404),
        record("https://en.wikipedia.org/x.png", kind="image/png"),
        record("https://other.example/wiki/Tide", kind="text/html; charset=utf-8"),
    ]
    (tmp_path / "a.warc.gz").write_bytes(PACKED["a.warc.gz"](records))
    assert [page.url for page in all_pages(tmp_path / "a.warc.gz")] == [
        "https://en.wikipedia.org/wiki/Tide",
        "https://other.example/wiki/Tide",
    ]
    chosen = all_pages(tmp_path / "a.warc.gz", include=("https://*.wikipedia.org/*",), mime=("image/png", "text/html"))
    assert [page.url for page in chosen] == ["https://en.wikipedia.org/wiki/Tide", "https://en.wikipedia.org/x.png"]


@pytest.mark.parametrize(
    ("headers", "pack"),
    [
        ({"Content_Encoding": "gzip"}, gzip.compress),
        ({"Content_Encoding": "br"}, brotli.compress),
        ({"Transfer_Encoding": "chunked"}, lambda body: b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)),
    ],
)
def test_bodies_are_unpacked_as_they_were_transferred(tmp_path: Path, headers: dict[str, str], pack: Any) -> None:
    (tmp_path / "a.warc").write_bytes(record("https://w/1", pack(HTML.encode()), **headers))
    assert all_pages(tmp_path / "a.warc")[0].body == HTML.encode()


def test_a_warc_that_is_cut_gives_what_is_whole_and_tells_the_rest(tmp_path: Path) -> None:
    records = [record(f"https://w/{n}", BODY, Content_Length=str(len(BODY))) for n in (1, 2)]
    good = PACKED["a.warc.gz"](records)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(good[: len(good) * 3 // 4])
    tasks = list(pages_of(path, Wanted()))
    assert read(tasks[0], MOST).body == HTML.encode()
    for task in tasks[1:]:
        with pytest.raises(FetchError, match=r"truncated|unreadable"):
            read(task, MOST)
    path.write_bytes(good[:300] + b"\xff" * 60 + good[360:])
    with pytest.raises(DamagedError):
        list(pages_of(path, Wanted()))


class Entry(Item):  # type: ignore[misc]  # libzim has no types
    """An entry to be written; libzim asks it for each part."""

    def __init__(self, path: str, title: str, content: str, kind: str = "text/html") -> None:
        super().__init__()
        self._told = (path, title, content, kind)

    def get_path(self) -> str:  # noqa: D102
        return self._told[0]

    def get_title(self) -> str:  # noqa: D102
        return self._told[1]

    def get_mimetype(self) -> str:  # noqa: D102
        return self._told[3]

    def get_contentprovider(self) -> Any:  # noqa: D102
        return StringProvider(self._told[2])

    def get_hints(self) -> dict[Any, Any]:  # noqa: D102
        return {Hint.FRONT_ARTICLE: True}


@pytest.fixture
def zim(tmp_path: Path) -> Path:
    """A file as an offline encyclopedia is shipped."""
    path = tmp_path / "tides.zim"
    with Creator(path).config_indexing(False, "eng") as creator:  # noqa: FBT003 - libzim's
        creator.set_mainpath("Tide")
        creator.add_item(Entry("Tide", "Tide", HTML))
        creator.add_item(Entry("Bay_of_Fundy", "Bay of Fundy", HTML.replace("Tide", "Fundy")))
        creator.add_item(Entry("style.css", "", "p {}", "text/css"))
        creator.add_redirection("Tides", "Tides", "Tide", {})
        for name, value in {"Title": "Tidepedia", "License": "CC-BY-SA-4.0", "Language": "eng"}.items():
            creator.add_metadata(name, value)
    return path


def test_a_zim_gives_its_articles_and_no_redirect_or_style(zim: Path) -> None:
    pages = all_pages(zim, base_url="https://tides.example/wiki/")
    assert {page.url for page in pages} == {"https://tides.example/wiki/Tide", "https://tides.example/wiki/Bay_of_Fundy"}
    assert {page.title for page in pages} == {"Tide", "Bay of Fundy"}
    assert next(page.body for page in pages if page.title == "Tide") == HTML.encode()


def test_what_a_zim_says_of_its_licence_is_told_of_each_page(zim: Path) -> None:
    info = all_pages(zim, base_url="https://tides.example/wiki/")[0].site_info
    assert info is not None
    assert (info.site, info.name, info.license_text) == ("tides.example", "Tidepedia", "CC-BY-SA-4.0")
    assert (info.license, info.license_source) == ("CC-BY-SA-4.0", "zim")


def test_a_zim_without_a_base_is_addressed_by_its_name(zim: Path) -> None:
    pages = all_pages(zim)
    assert {page.url for page in pages} == {"file:tides.zim/Tide", "file:tides.zim/Bay_of_Fundy"}
    assert all(page.site_info is None for page in pages)


def test_a_file_that_is_no_zim_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "a.zim").write_bytes(b"ZIM?" * 100)
    with pytest.raises(DamagedError):
        list(pages_of(tmp_path / "a.zim", Wanted()))


def article(name: str, number: int, **more: Any) -> dict[str, Any]:
    """An article as the documentation of the dumps shows it."""
    return {
        "name": name, "identifier": number, "date_modified": "2026-10-01T06:20:13Z", "url": f"https://en.wikipedia.org/wiki/{name}",
        "version": {"identifier": 1000 + number, "comment": "x", "scores": {"damaging": {"prediction": False}}},
        "namespace": {"name": "Article", "identifier": 0}, "in_language": {"name": "English", "identifier": "en"},
        "is_part_of": {"name": "Wikipedia", "identifier": "enwiki", "url": "https://en.wikipedia.org"},
        "license": [{"name": "Creative Commons Attribution-ShareAlike License 4.0", "identifier": "CC-BY-SA-4.0",
                     "url": "https://creativecommons.org/licenses/by-sa/4.0/"}],
        "redirects": [{"name": "Tides", "url": "https://en.wikipedia.org/wiki/Tides"}],
        "article_body": {"html": HTML, "wikitext": "'''Tide'''"}, **more,
    }  # fmt: skip


def dump(path: Path, *members: list[dict[str, Any]]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for number, articles in enumerate(members):
            data = b"".join(json.dumps(each).encode() + b"\n" for each in articles)
            info = tarfile.TarInfo(f"enwiki_namespace_0_{number}.ndjson")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def test_a_dump_gives_each_article_with_all_that_it_says_of_it(tmp_path: Path) -> None:
    path = dump(tmp_path / "enwiki-NS0-ENTERPRISE-HTML.json.tar.gz", [article("Tide", 1)], [article("Moon", 2)])
    tide, moon = all_pages(path)
    assert (tide.url, tide.page_id) == ("https://en.wikipedia.org/wiki/Tide", 1)
    assert (tide.revision_id, tide.namespace) == (1001, 0)
    assert (tide.title, tide.body.decode(), tide.date_modified) == ("Tide", HTML, "2026-10-01T06:20:13Z")
    assert tide.redirected_from == ("https://en.wikipedia.org/wiki/Tides",)
    info = tide.site_info
    assert info is not None
    assert (info.site, info.language, info.license) == ("en.wikipedia.org", "en", "CC-BY-SA-4.0")
    assert (info.license_source, moon.page_id) == ("dump", 2)


def test_a_licence_that_a_dump_names_without_a_version_is_not_guessed(tmp_path: Path) -> None:
    told = [{"name": "Creative Commons Attribution-ShareAlike", "identifier": "CC-BY-SA"}]
    (page,) = all_pages(dump(tmp_path / "a.tar.gz", [article("Tide", 1, license=told)]))
    assert page.site_info is not None
    assert (page.site_info.license, page.site_info.license_text) == (None, "Creative Commons Attribution-ShareAlike")


def test_a_line_that_is_no_article_is_lost_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(b'{"nonsense\n' + json.dumps(article("Tide", 1)).encode() + b"\n")
    bad, good = pages_of(path, Wanted())
    with pytest.raises(FetchError, match="no article"):
        read(bad, MOST)
    assert bad.canonical_url == "file:a.ndjson#0"
    assert read(good, MOST).title == "Tide"


def test_a_dump_that_is_cut_gives_what_came_before(tmp_path: Path) -> None:
    path = dump(tmp_path / "a.tar.gz", [article(f"Tide{n}", n, salt=hex(n**99)) for n in range(300)])
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(DamagedError):
        list(pages_of(path, Wanted()))
    before = pages_of_until_broken(path)
    assert 0 < len(before) < 300
    assert all(read(task, MOST).title for task in before)


def pages_of_until_broken(path: Path) -> list[BulkPage]:
    found = []
    try:
        for task in pages_of(path, Wanted()):
            found.append(task)  # noqa: PERF402 - what came before the error is the point
    except DamagedError:
        pass
    return found


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.parquet"])
@pytest.mark.parametrize("column", ["html", "text"])
def test_columns_give_pages_and_extracted_text(tmp_path: Path, name: str, column: str) -> None:
    rows = [{"id": n, "link": f"https://w/{n}", column: HTML.replace("Tide", f"Tide {n}")} for n in range(70)]
    path = tmp_path / name
    if name == "a.parquet":
        pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=20)
    else:
        data = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        packers: dict[str, Any] = {".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}
        path.write_bytes(packers.get(path.suffix, bytes)(data))
    wanted = {f"{column}_column": column, "url_column": "link"}
    pages = all_pages(path, **wanted)
    assert [page.url for page in pages] == [f"https://w/{n}" for n in range(70)]
    assert pages[66].body.decode() == rows[66][column]
    assert (pages[0].http.content_type or "").startswith("text/html" if column == "html" else "text/plain")
    chosen = all_pages(path, include=("*/6?",), **wanted)
    assert [page.url for page in chosen] == [f"https://w/{n}" for n in range(60, 70)]


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
def test_a_column_must_be_named_and_be_there(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "a.parquet":
        pq.write_table(pa.table({"text": ["x"]}), path)
        with pytest.raises(ConfigError, match="no column html; it has text"):
            all_pages(path, html_column="html")
    else:
        path.write_text('{"text": "x"}\n{"text": 7}\n{"html": "x"}\n')
    with pytest.raises(ConfigError, match="--html-column or --text-column"):
        all_pages(path)


def test_a_row_without_text_is_lost_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "x"}\n{"text": 7}\n{"html": "x"}\nnonsense\n')
    tasks = list(pages_of(path, Wanted(text_column="text")))
    assert read(tasks[0], MOST).body == b"x"
    for task in tasks[1:]:
        with pytest.raises(FetchError, match="no text in text"):
            read(task, MOST)


def test_another_file_of_the_same_name_is_another_page(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(record("https://w/1"))
    (before,) = pages_of(path, Wanted())
    path.write_bytes(record("https://w/1", HTML.encode() * 2))
    (after,) = pages_of(path, Wanted())
    assert before.version != after.version
    assert replace(after, version=before.version) == before


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (record("https://w/1"), "stdin.warc"),
        (gzip.compress(record("https://w/1")), "stdin.warc.gz"),
        (zstandard.ZstdCompressor().compress(record("https://w/1")), "stdin.warc.zst"),
        (with_dictionary([record(f"https://w/{n}") for n in range(20)]), "stdin.warc.zst"),
        (b'{"html": "x"}\n', "stdin.jsonl"),
        (gzip.compress(json.dumps(article("Tide", 1)).encode()), "stdin.ndjson.gz"),
        (HTML.encode(), "stdin.html"),
        (b"", "stdin.html"),
        (b"\x1f\x8bnonsense", "stdin.html"),
    ],
)
def test_what_comes_on_standard_input_is_told_by_its_first_bytes(tmp_path: Path, data: bytes, name: str) -> None:
    path = spooled(io.BytesIO(data), tmp_path)
    assert (path.name, path.read_bytes()) == (name, data)


def test_a_dump_on_standard_input_is_a_dump(tmp_path: Path) -> None:
    data = dump(tmp_path / "a.tar.gz", [article("Tide", 1)]).read_bytes()
    assert [page.title for page in all_pages(spooled(io.BytesIO(data), tmp_path))] == ["Tide"]
