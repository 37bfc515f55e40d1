"""Commits, seen from outside: what lies in the folder, and what a commit says it did."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace

from sectionary.cleaners.article import Article
from sectionary.cleaners.section import Image
from sectionary.output.commit import Committed, commit
from sectionary.output.ids import doc_id
from sectionary.output.rejected import Rejected
from sectionary.output.settings import OutputSettings
from sectionary.output.shard import shard_of
from sectionary.scraper.errors import DatasetError
from sectionary.scraper.page import Http

Make = Callable[..., Any]
SITE = "wiki.example"
MANY = 3_000                               # bytes of JSON lines a shard, so that forty small pages make 32 or more
FEW = 25_000                               # the same for four
EVERY_FORMAT = OutputSettings(formats=("parquet", "jsonl", "jsonl.gz", "jsonl.zst"))


@pytest.fixture
def otters(article: Make) -> list[Article]:
    """Forty pages."""
    return [article(f"Otter {number}") for number in range(40)]


@pytest.fixture
def into(desk: Any) -> Callable[..., Committed]:
    """Commits articles to the desk's corpus."""

    def put(articles: list[Article], *, site: str = SITE, batch: int = 100, **options: Any) -> Committed:
        fetched = options.pop("fetched", {})
        return commit(desk.corpus, site, desk.stage(articles, batch, **fetched), **options)

    return put


def listed(corpus: Path) -> set[str]:
    """Paths that the latest snapshot lists."""
    number = (corpus / "_meta/LATEST").read_text().strip()
    snapshot = json.loads((corpus / f"_meta/snapshots/{number}.json").read_bytes())
    return {file["path"] for site in snapshot["sites"].values() for file in site["files"]}


def doc_ids(lines: bytes) -> list[str]:
    """The doc_id of each line."""
    return [json.loads(line)["doc_id"] for line in lines.splitlines()]


def test_a_first_commit_writes_every_page(desk: Any, into: Make, otters: list[Article]) -> None:
    done = into(otters)
    assert (done.snapshot, done.written, done.pages, done.sections) == (1, 40, 40, 40)
    table = pq.read_table(next(desk.corpus.glob("pages/**/*.parquet")))
    assert sorted(table.column("title").to_pylist()) == sorted(article.title for article in otters)


def test_at_rest_the_folder_holds_exactly_the_snapshot(desk: Any, into: Make, otters: list[Article]) -> None:
    into(otters, shard_bytes=FEW)
    into([replace(otter, language="de") for otter in otters[:9]])
    assert desk.at_rest().keys() == listed(desk.corpus)
    found = [pq.read_table(path) for path in desk.corpus.glob("sections/**/*.parquet")]
    ids = [section_id for table in found for section_id in table.column("section_id").to_pylist()]
    assert len(set(ids)) == len(ids) == 40


def test_both_formats_hold_equal_rows_in_order(desk: Any, into: Make, otters: list[Article]) -> None:
    into(otters, settings=EVERY_FORMAT)
    for table in ("pages", "sections"):
        rows = pq.read_table(next(desk.corpus.glob(f"{table}/**/*.parquet"))).to_pylist()
        lines = next(desk.corpus.glob(f"jsonl/{table}-*.jsonl")).read_bytes().splitlines()
        assert [json.loads(line) for line in lines] == rows
        keys = [(row["doc_id"], row.get("position")) for row in rows]
        assert keys == sorted(keys)


def test_a_file_is_named_by_its_content(desk: Any, into: Make, otters: list[Article]) -> None:
    into(otters)
    snapshot = json.loads((desk.corpus / "_meta/snapshots/1.json").read_bytes())
    for file in snapshot["sites"][SITE]["files"]:
        assert file["sha256"][:12] in file["path"]
        assert (desk.corpus / file["path"]).stat().st_size == file["bytes"]


def test_the_same_pages_again_make_no_snapshot_and_touch_no_file(
    desk: Any, into: Make, otters: list[Article]
) -> None:
    into(otters, shard_bytes=FEW)
    before = {path: path.stat().st_mtime_ns for path in desk.corpus.rglob("*") if path.name != "lock"}
    done = into(otters)
    assert (done.snapshot, done.written, done.unchanged) == (None, 0, 40)
    assert done.new_files == ()
    after = {path: path.stat().st_mtime_ns for path in desk.corpus.rglob("*") if path.name != "lock"}
    assert {path for path in before if before[path] != after[path]} <= {desk.corpus / "_meta"}
    assert before.keys() == after.keys()


def test_a_page_fetched_again_keeps_the_rows_it_had(desk: Any, into: Make, otters: list[Article]) -> None:
    into(otters)
    before = desk.at_rest()
    later = {"date_fetched": "2027-01-01T00:00:00Z", "http": Http(status=200, etag='"b"')}
    done = into(otters, fetched=later)
    assert (done.snapshot, done.unchanged) == (None, 40)
    assert desk.at_rest() == before


def test_a_changed_page_rewrites_only_its_shard(desk: Any, into: Make, otters: list[Article]) -> None:
    into(otters, shard_bytes=MANY)
    shards = json.loads((desk.corpus / "_meta/snapshots/1.json").read_bytes())["sites"][SITE]["shards"]
    assert shards >= 32
    before = desk.at_rest()
    done = into([replace(otters[3], language="de"), otters[4]])
    assert (done.snapshot, done.written, done.unchanged) == (2, 1, 1)
    after = desk.at_rest()
    shard = shard_of(doc_id(SITE, None, otters[3].url), shards)
    its_own = {path for path in before if f"-{shard:05d}-" in path and "removed" not in path}
    assert before.keys() - after.keys() == its_own
    assert set(done.new_files) == after.keys() - before.keys()
    assert len(done.new_files) == 4


def test_a_changed_page_keeps_its_neighbours_rows(desk: Any, into: Make, otters: list[Article]) -> None:
    into(otters)
    before = next(desk.corpus.glob("jsonl/pages-*")).read_bytes().splitlines()
    into([replace(otters[3], language="de")])
    after = next(desk.corpus.glob("jsonl/pages-*")).read_bytes().splitlines()
    assert len(after) == 40
    assert len(set(before) & set(after)) == 39


@pytest.mark.parametrize("formats", [("parquet",), ("jsonl",), ("jsonl.gz",), ("jsonl.zst",)])
def test_survivors_are_the_same_from_any_format(
    desk: Any, into: Make, otters: list[Article], tmp_path: Path, formats: tuple[Any, ...]
) -> None:
    settings = OutputSettings(formats=formats)
    into(otters[:30], settings=settings)
    into([*otters[30:], replace(otters[0], language="de")], settings=settings)
    whole = [replace(otters[0], language="de"), *otters[1:]]
    commit(tmp_path / "whole", SITE, desk.stage(whole), settings=settings)
    assert desk.at_rest() == desk.at_rest(tmp_path / "whole")


@pytest.mark.parametrize("batch", [1, 7, 40])
def test_bytes_do_not_depend_on_batches(
    desk: Any, into: Make, otters: list[Article], tmp_path: Path, batch: int
) -> None:
    into(otters, batch=batch, shard_bytes=FEW, settings=EVERY_FORMAT)
    commit(
        tmp_path / "other", SITE, desk.stage(otters[::-1], 13), shard_bytes=FEW, settings=EVERY_FORMAT
    )
    assert desk.at_rest() == desk.at_rest(tmp_path / "other")


def test_of_two_versions_of_a_page_the_later_one_counts(desk: Any, into: Make, otters: list[Article]) -> None:
    done = into([otters[0], replace(otters[0], language="de")], batch=1)
    assert (done.written, done.merged, done.pages) == (1, 1, 1)
    assert b'"language":"de"' in next(desk.corpus.glob("jsonl/pages-*")).read_bytes()


def test_a_removed_page_is_gone_and_stays_out(desk: Any, into: Make, otters: list[Article]) -> None:
    into(otters)
    barred = doc_id(SITE, None, otters[5].url)
    done = into(otters[4:7], removed={barred, "0" * 32})
    assert (done.removed, done.barred, done.unchanged, done.pages) == (1, 1, 2, 39)
    assert barred not in doc_ids(next(desk.corpus.glob("jsonl/pages-*")).read_bytes())
    assert into([], removed={barred}).snapshot is None


def test_a_site_without_pages_left_has_no_files(desk: Any, into: Make, otters: list[Article]) -> None:
    into(otters[:1])
    done = into([], removed={doc_id(SITE, None, otters[0].url)})
    assert (done.snapshot, done.pages) == (2, 0)
    assert desk.at_rest() == {}


def test_two_sites_never_share_a_file(desk: Any, otters: list[Article]) -> None:
    other = [replace(otter, site="b.example:8080/x") for otter in otters[:3]]
    paths = desk.stage([*otters, *other])
    first, second = (commit(desk.corpus, site, paths) for site in (SITE, "b.example:8080/x"))
    assert not set(first.files) & set(second.files)
    assert set(first.files) | set(second.files) == desk.at_rest().keys() == listed(desk.corpus)
    for path in desk.corpus.glob("sections/**/*.parquet"):
        assert len(set(pq.read_table(path).column("site").to_pylist())) == 1
    assert (desk.corpus / "sections" / "host=b.example%3A8080%2Fx").is_dir()


def test_a_new_format_is_written_for_all_that_is_there(desk: Any, into: Make, otters: list[Article]) -> None:
    into(otters, settings=OutputSettings(formats=("parquet",)))
    parquet = {path: path.stat().st_mtime_ns for path in desk.corpus.glob("*/host=*/*.parquet")}
    done = into([])
    assert done.snapshot == 2
    assert len(list(desk.corpus.glob("jsonl/*.jsonl"))) == 3
    assert {path: path.stat().st_mtime_ns for path in desk.corpus.glob("*/host=*/*.parquet")} == parquet


def test_a_format_no_longer_wanted_leaves_the_folder(desk: Any, into: Make, otters: list[Article]) -> None:
    into(otters)
    into([], settings=OutputSettings(formats=("parquet",)))
    assert {path.rsplit(".", 1)[1] for path in desk.at_rest()} == {"parquet"}


def test_nothing_at_all_makes_no_snapshot(desk: Any, into: Make) -> None:
    assert into([]).snapshot is None
    assert desk.at_rest() == {}


def test_a_row_that_fits_no_table_costs_its_page_and_not_the_commit(
    desk: Any, into: Make, section: Make, article: Make, otters: list[Article]
) -> None:
    into(otters)
    image = Image(file=None, src="", alt=None, caption=None, width=2**70, height=None)
    bad = article("Bad", section(None, "A", images=(image,)))
    worse = replace(otters[0], sections=bad.sections)
    done = into([bad, worse, replace(otters[1], language="de")])
    assert (done.written, done.pages) == (1, 40)
    assert {(row.url, row.stage) for row in done.lost} == {(bad.url, "record"), (worse.url, "record")}
    lost = (desk.corpus / "rejected/wiki.example.jsonl").read_bytes()
    assert {json.loads(line)["url"] for line in lost.splitlines()} == {bad.url, worse.url}


def test_rejected_shows_what_is_lost_now(desk: Any, into: Make, otters: list[Article]) -> None:
    lost = Rejected(url="https://w/b", site=SITE, stage="fetch", reason="http: 500", retryable=True)
    into(otters[:1], rejected=[lost, replace(lost, url="https://w/a")])
    rows = (desk.corpus / "rejected/wiki.example.jsonl").read_bytes().splitlines()
    assert [json.loads(row)["url"] for row in rows] == ["https://w/a", "https://w/b"]
    assert msgspec.json.decode(rows[1], type=Rejected) == lost
    assert into([], rejected=[]).snapshot is None
    assert not (desk.corpus / "rejected/wiki.example.jsonl").exists()


def test_data_files_hold_no_time_of_writing(
    desk: Any, into: Make, otters: list[Article], tmp_path: Path
) -> None:
    into(otters, created="2026-01-01T00:00:00Z")
    commit(tmp_path / "later", SITE, desk.stage(otters), created="2027-01-01T00:00:00Z")
    assert desk.at_rest() == desk.at_rest(tmp_path / "later")


def test_a_folder_of_someone_else_is_left_alone(desk: Any, into: Make, otters: list[Article]) -> None:
    desk.corpus.mkdir()
    (desk.corpus / "thesis.doc").write_bytes(b"mine")
    with pytest.raises(DatasetError, match="no sectionary dataset") as caught:
        into(otters)
    assert caught.value.exit_code == 2
    assert [path.name for path in desk.corpus.iterdir()] == ["thesis.doc"]


@pytest.mark.parametrize("entry", [".gitkeep", "_meta/last_run.json"])
def test_an_empty_folder_is_taken(desk: Any, into: Make, otters: list[Article], entry: str) -> None:
    (desk.corpus / entry).parent.mkdir(parents=True)
    (desk.corpus / entry).touch()
    assert into(otters).snapshot == 1


def test_a_file_in_the_folders_place_is_refused(desk: Any, into: Make, otters: list[Article]) -> None:
    desk.corpus.touch()
    with pytest.raises(DatasetError, match="is not a folder"):
        into(otters)


def test_a_dataset_of_a_newer_sectionary_is_refused(desk: Any, into: Make, otters: list[Article]) -> None:
    into(otters)
    path = desk.corpus / "_meta/snapshots/1.json"
    path.write_bytes(path.read_bytes().replace(b'"layout_version": 1', b'"layout_version": 2'))
    with pytest.raises(DatasetError, match="newer sectionary"):
        into(otters)


def test_a_damaged_snapshot_is_named(desk: Any, into: Make, otters: list[Article]) -> None:
    into(otters)
    (desk.corpus / "_meta/snapshots/1.json").write_bytes(b"{}")
    with pytest.raises(DatasetError, match=r"1\.json is damaged"):
        into(otters)


def test_superseded_files_are_kept_for_readers_of_older_snapshots(
    desk: Any, into: Make, otters: list[Article]
) -> None:
    into(otters)
    before = desk.at_rest()
    into([replace(otters[0], language="de")])
    history = desk.corpus / "_meta/history"
    changed = before.keys() - desk.at_rest().keys()
    assert len(changed) == 4
    assert {path: (history / path).read_bytes() for path in changed} == {path: before[path] for path in changed}


def test_a_page_that_changes_back_brings_its_file_back(desk: Any, into: Make, otters: list[Article]) -> None:
    into(otters)
    before = desk.at_rest()
    into([replace(otters[0], language="de")])
    done = into([otters[0]])
    assert done.snapshot == 3
    assert desk.at_rest() == before


def test_staging_is_empty_after_a_commit(desk: Any, into: Make, otters: list[Article]) -> None:
    into(otters)
    assert [names for _, _, names in os.walk(desk.corpus / "_meta/staging") if names] == []


def test_a_page_without_a_known_licence_fails_an_allow_list(desk: Any, article: Make) -> None:
    known, unknown = article("Otter"), article("Seal", license=None, license_source=None)
    settings = OutputSettings(licenses=("CC-BY-SA-4.0",))
    done = commit(desk.corpus, SITE, desk.stage([known, unknown]), settings=settings)
    assert (done.written, done.barred, done.pages) == (1, 1, 1)
    assert list(done.excluded.values()) == ["licence: not known"]


def test_a_list_of_allowed_licences_names_identifiers() -> None:
    with pytest.raises(ValueError, match="no SPDX identifier"):
        OutputSettings(licenses=("CC BY SA",))
