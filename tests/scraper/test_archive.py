"""Pages on disk as WARC."""

import gzip
from pathlib import Path

import msgspec
import pytest
from fastwarc.warc import ArchiveIterator as FastReader
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as SlowReader

from sectionary.scraper.archive import Archive, ArchiveRef, read_page
from sectionary.scraper.errors import FetchError, InterruptedRunError
from sectionary.scraper.page import Http, Page, SiteInfo
from sectionary.scraper.response import Response

BODY = "<html><p>Grüße, 世界</p>".encode()
PAGE = Page(
    url="http://127.0.0.1/wiki/Caf%C3%A9",
    body=BODY,
    canonical_url="https://mini.example/wiki/Caf%C3%A9",
    redirected_from=("http://127.0.0.1/wiki/Kaffee",),
    http=Http(status=200, content_type="text/html", content_encoding="gzip", etag='W/"1"', last_modified="x"),
    date_fetched="2026-11-22T09:30:00Z",
    site_info=SiteInfo(site="mini.example", name="Café\r\nX: y", license="CC-BY-SA-4.0"),
    page_id=7,
    revision_id=70,
    namespace=0,
    title="Café",
    rules="mine",
)
ANSWER = Response(
    url=PAGE.url,
    status=200,
    reason="OK",
    headers=(("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("X-Odd", "caf\xe9"), ("ETag", 'W/"1"')),
    request_headers=(("Host", "127.0.0.1"), ("User-Agent", "sectionary/0")),
    body=BODY,
)

TEXT = st.none() | st.text(max_size=20)
PAGES = st.builds(
    Page,
    url=st.just("https://a.example/x"),
    body=st.binary(max_size=3000),
    title=TEXT,
    rules=TEXT,
    canonical_url=TEXT,
    redirected_from=st.lists(st.text(max_size=9), max_size=3).map(tuple),
    page_id=st.none() | st.integers(0, 2**40),
    http=st.builds(Http, status=st.none() | st.integers(100, 599), etag=TEXT, content_type=TEXT),
    site_info=st.none() | st.builds(SiteInfo, site=st.text(max_size=9), name=TEXT, license=TEXT),
)


def write(folder: Path, *pages: Page, roll_bytes: int = 2**30) -> list[ArchiveRef]:
    with Archive(folder, "mini", roll_bytes=roll_bytes) as archive:
        return [archive.append(page, ANSWER) for page in pages]


def test_a_page_comes_back_as_it_was(tmp_path: Path) -> None:
    refs = write(tmp_path, PAGE, msgspec.structs.replace(PAGE, body=b"other", title=None))
    assert read_page(tmp_path, refs[0]) == PAGE
    assert read_page(tmp_path, refs[1]).body == b"other"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(page=PAGES)
def test_any_page_comes_back_as_it_was(tmp_path: Path, page: Page) -> None:
    with Archive(tmp_path, "any") as archive:
        ref = archive.append(page)
    assert read_page(tmp_path, ref) == page


def test_other_readers_see_plain_http_records(tmp_path: Path) -> None:
    (ref,) = write(tmp_path, PAGE)
    kinds = []
    with (tmp_path / ref.file).open("rb") as file:
        for record in SlowReader(file, check_digests="raise"):
            kinds.append(record.rec_type)
            body = record.content_stream().read()
            if record.rec_type == "response":
                assert record.http_headers.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
                assert record.http_headers.get_header("Content-Encoding") is None
                assert body == BODY
    assert kinds == ["warcinfo", "request", "response", "metadata"]
    with (tmp_path / ref.file).open("rb") as file:
        fast = {record.headers["WARC-Type"]: record.headers for record in FastReader(file)}
    assert set(fast) == set(kinds)
    assert fast["request"]["WARC-Concurrent-To"] == fast["response"]["WARC-Record-ID"]
    assert fast["response"]["WARC-Target-URI"] == PAGE.url


def test_a_header_cannot_start_a_line_of_its_own(tmp_path: Path) -> None:
    evil = msgspec.structs.replace(ANSWER, headers=(("X-A", "1\r\nContent-Length: 3\r\n\r\nab"),))
    with Archive(tmp_path) as archive:
        ref = archive.append(PAGE, evil)
    assert read_page(tmp_path, ref) == PAGE


def test_a_file_that_is_full_is_followed_by_the_next(tmp_path: Path) -> None:
    refs = write(tmp_path, PAGE, PAGE, PAGE, roll_bytes=1000)
    assert [ref.file for ref in refs] == ["mini-000001.warc.gz", "mini-000002.warc.gz", "mini-000003.warc.gz"]
    assert {read_page(tmp_path, ref).url for ref in refs} == {PAGE.url}


def test_a_torn_file_is_left_alone_and_a_new_one_begun(tmp_path: Path) -> None:
    (first,) = write(tmp_path, PAGE)
    torn = tmp_path / first.file
    torn.write_bytes(torn.read_bytes() + gzip.compress(b"WARC/1.1\r\nhalf a rec")[:-6])
    (second,) = write(tmp_path, PAGE)
    assert (first.file, second.file) == ("mini-000001.warc.gz", "mini-000002.warc.gz")
    assert read_page(tmp_path, first) == read_page(tmp_path, second) == PAGE


def test_a_run_that_fetches_nothing_leaves_no_file(tmp_path: Path) -> None:
    write(tmp_path / "raw")
    assert not (tmp_path / "raw").exists()


def test_what_is_synced_can_be_read_while_the_file_is_open(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        ref = archive.append(PAGE, ANSWER)
        archive.sync()
        assert read_page(tmp_path, ref) == PAGE


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "CON", "a\nb\x00c", "日本", "x" * 4000, ""])
@pytest.mark.case("S12")
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with Archive(tmp_path / "raw", name) as archive:
        archive.append(PAGE)
    (made,) = tmp_path.rglob("*.gz")
    assert made.parent == tmp_path / "raw"


def test_a_changed_byte_a_missing_file_and_a_wrong_place_are_told(tmp_path: Path) -> None:
    (ref,) = write(tmp_path, PAGE)
    for wrong, reason in [
        (msgspec.structs.replace(ref, file="none.warc.gz"), "archive: missing"),
        (msgspec.structs.replace(ref, offset=ref.offset + 7), "archive: damaged"),
        (msgspec.structs.replace(ref, length=ref.length // 2), "archive: damaged"),
        (msgspec.structs.replace(ref, digest="0" * 64), "archive: damaged"),
    ]:
        with pytest.raises(FetchError) as caught:
            read_page(tmp_path, wrong)
        assert (caught.value.reason, caught.value.retryable) == (reason, True)


def test_a_disk_that_refuses_ends_the_run_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "raw").write_text("a file where the folder should be")
    archive = Archive(tmp_path / "raw")
    with pytest.raises(InterruptedRunError, match="cannot write"):
        archive.append(PAGE)
    archive.close()


def test_bytes_that_were_there_before_are_a_revisit_to_any_reader(tmp_path: Path) -> None:
    with Archive(tmp_path, "mini") as archive:
        first = archive.append(PAGE, ANSWER)
        newer = msgspec.structs.replace(PAGE, revision_id=71, date_fetched="2026-11-23T09:30:00Z")
        second = archive.append(newer, ANSWER, before=first)
        other = archive.append(msgspec.structs.replace(PAGE, body=b"other"), ANSWER, before=second)
        third = archive.append(newer, ANSWER, before=second)
    for reader in (SlowReader, FastReader):
        with (tmp_path / second.file).open("rb") as file:
            kinds = [kind_of(record) for record in reader(file)]
        assert kinds[:7] == ["warcinfo", *["request", "response", "metadata"], *["request", "revisit", "metadata"]]
        assert kinds[7:] == ["request", "response", "metadata", "request", "revisit", "metadata"]
    assert read_page(tmp_path, second) == read_page(tmp_path, third) == newer
    assert read_page(tmp_path, other).body == b"other"


def kind_of(record: object) -> str:
    told = getattr(record, "rec_type", None) or record.headers["WARC-Type"]  # type: ignore[attr-defined]
    assert isinstance(told, str)
    return told


def test_a_revisit_is_not_written_where_the_first_bytes_are_damaged(tmp_path: Path) -> None:
    (first,) = write(tmp_path, PAGE)
    file = tmp_path / first.file
    file.write_bytes(file.read_bytes()[:-30])
    with Archive(tmp_path, "mini") as archive:
        second = archive.append(PAGE, ANSWER, before=first)
    assert read_page(tmp_path, second) == PAGE
