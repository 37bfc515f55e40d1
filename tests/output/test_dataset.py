"""Reading a dataset."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace

from sectionary.cleaners.article import Article
from sectionary.output.commit import commit
from sectionary.output.dataset import batches, read
from sectionary.output.rejected import Rejected
from sectionary.output.schema import flat_columns, schema
from sectionary.output.settings import OutputSettings
from sectionary.scraper.errors import ConfigError, DatasetError

Make = Callable[..., Any]
SITE = "wiki.example"
LOST = Rejected(url="https://w/b", site=SITE, stage="fetch", reason="http: 500", retryable=True)


@pytest.fixture
def corpus(desk: Any, article: Make, section: Make) -> Path:
    """Two sites; three pages with a lead and a section, and one page."""
    made: list[Article] = [
        article(f"Otter {n}", section(None, "A lead."), section("Habitat"), page_id=n) for n in (1, 2, 3)
    ]
    commit(desk.corpus, SITE, desk.stage(made), rejected=[LOST])
    commit(desk.corpus, "b.example", desk.stage([replace(made[0], site="b.example", page_id=None)]))
    return Path(desk.corpus)


def test_sections_come_with_their_flat_columns(corpus: Path) -> None:
    rows = read(corpus)
    assert tuple(rows.columns) == flat_columns("sections")
    assert len(rows) == 8


def test_sections_of_a_page_come_in_order(corpus: Path) -> None:
    positions = read(corpus).groupby("doc_id", sort=False)["position"].agg(list)
    assert positions.tolist() == [[0, 1]] * 4


def test_nested_adds_all_columns(corpus: Path) -> None:
    rows = read(str(corpus), nested=True)
    assert list(rows.columns) == schema("sections").names
    assert rows["blocks"].iloc[0][0]["text"] == "A lead."


def test_numbers_stay_numbers_where_some_are_missing(corpus: Path) -> None:
    rows = read(corpus, table="pages")
    assert sorted(rows["page_id"].dropna().tolist()) == [1, 2, 3]
    assert str(rows["page_id"].dtype) == "Int64"


def test_sites_and_columns_are_chosen(corpus: Path) -> None:
    rows = read(corpus, table="pages", site="b.example", columns=["stats", "title"])
    assert list(rows.columns) == ["stats", "title"]
    assert rows["title"].tolist() == ["Otter 1"]
    assert len(read(corpus, site=["b.example", SITE])) == 8
    assert len(read(corpus, site="c.example")) == 0


def test_lost_pages_are_a_table(corpus: Path) -> None:
    assert read(corpus, table="rejected").to_dict("records")[0]["reason"] == "http: 500"
    assert len(read(corpus, table="rejected", site="b.example")) == 0


@pytest.mark.parametrize("format_name", ["jsonl", "jsonl.gz", "jsonl.zst"])
def test_a_dataset_without_parquet_reads_the_same(corpus: Path, format_name: Any) -> None:
    before = read(corpus, nested=True)
    for site in (SITE, "b.example"):
        commit(corpus, site, [], settings=OutputSettings(formats=(format_name,)))
    assert not list(corpus.glob("*/*/*.parquet"))
    assert read(corpus, nested=True).equals(before)


def test_an_earlier_snapshot_is_chosen_by_number(corpus: Path) -> None:
    assert set(read(corpus, snapshot=1)["site"]) == {SITE}


@pytest.mark.parametrize("number", [0, 3])
def test_a_snapshot_that_is_not_there_is_an_error(corpus: Path, number: int) -> None:
    with pytest.raises(DatasetError, match=f"no snapshot {number}"):
        read(corpus, snapshot=number)


def test_a_folder_that_is_no_dataset_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no sectionary dataset"):
        read(tmp_path)


def test_a_lost_file_is_an_error(corpus: Path) -> None:
    next(corpus.glob("sections/**/*.parquet")).unlink()
    with pytest.raises(DatasetError, match="is lost"):
        read(corpus)


@pytest.mark.parametrize("wrong", [{"table": "chapters"}, {"columns": ["colour"]}])
def test_a_table_or_column_that_is_not_there_is_named(corpus: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"chapters|colour"):
        read(corpus, **wrong)


def test_a_damaged_file_is_an_error_that_names_it(corpus: Path) -> None:
    file = next((corpus / "sections").rglob("*.parquet"))
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(DatasetError, match=f"{file.name} is damaged"):
        read(corpus)


def test_sections_are_chosen_by_language_role_and_headings(desk: Any, article: Make, section: Make) -> None:
    sections = [section(None, "A lead."), section("Life"), section("Young", "Cubs.", path=("Life",), level=3)]
    sections.append(section("Notes", role="notes"))
    made = [article("Otter", *sections), article("Fischotter", *sections, language="de")]
    commit(desk.corpus, SITE, desk.stage(made))
    assert set(read(desk.corpus, language="de")["title"]) == {"Fischotter"}
    assert len(read(desk.corpus, language=["de", "en"])) == 8
    assert read(desk.corpus, language="en", role=["lead", "notes"])["role"].tolist() == ["lead", "notes"]
    assert read(desk.corpus, language="en", path="Life")["heading"].tolist() == ["Life", "Young"]
    chosen = read(desk.corpus, language="en", path=["Life", "Young"], columns=["text"])
    assert chosen.to_dict("list") == {"text": ["Cubs."]}


def test_a_table_cannot_be_chosen_from_by_a_column_it_lacks(corpus: Path) -> None:
    with pytest.raises(ConfigError, match="pages has no column role"):
        read(corpus, table="pages", role="lead")


@pytest.mark.parametrize("format_name", ["parquet", "jsonl.zst"])
def test_batches_hold_the_same_rows_in_the_same_order(corpus: Path, format_name: Any) -> None:
    for site in (SITE, "b.example"):
        commit(corpus, site, [], settings=OutputSettings(formats=(format_name,)))
    parts = list(batches(corpus, 3, nested=True))
    assert max(map(len, parts)) == 3
    assert pd.concat(parts, ignore_index=True).equals(read(corpus, nested=True))
    assert sum(map(len, batches(corpus, 100, role="lead"))) == 4


def test_a_batch_is_read_when_it_is_asked_for(corpus: Path) -> None:
    parts = batches(corpus, 2, site=[SITE, "b.example"])
    assert len(next(parts)) == 2
    for file in corpus.glob("sections/*/*.parquet"):
        file.unlink()
    with pytest.raises(DatasetError, match="is lost"):
        list(parts)


def test_sections_below_a_heading_are_found_where_a_site_has_none(desk: Any, article: Make, section: Make) -> None:
    commit(desk.corpus, SITE, desk.stage([article("Otter", section("Life"))]))
    commit(desk.corpus, "b.example", desk.stage([article("Seal", section("Death"), site="b.example")]))
    assert read(desk.corpus, path="Life")["title"].tolist() == ["Otter"]
    assert read(desk.corpus, language="de", path="Life").empty


def test_the_change_feed_is_no_table_of_one_snapshot(corpus: Path) -> None:
    with pytest.raises(ConfigError, match="no table changes to read; there are pages, sections, removed"):
        read(corpus, table="changes")


def test_a_snapshot_of_an_earlier_release_is_read_with_what_it_lacks_as_null(desk: Any, article: Make) -> None:
    commit(desk.corpus, SITE, desk.stage([article()]), settings=OutputSettings(formats=("parquet",)))
    (file,) = desk.corpus.glob("sections/*/*.parquet")
    table = pq.read_table(file).drop_columns(["license_text"])
    pq.write_table(table, file)
    listed = desk.corpus / "_meta/snapshots/1.json"
    told = json.loads(listed.read_bytes())
    for each in told["sites"][SITE]["files"]:
        if each["table"] == "sections":
            each |= {"schema_version": 0, "bytes": file.stat().st_size}
    listed.write_text(json.dumps(told))
    found = read(desk.corpus)
    assert found["license_text"].isna().all()
    assert found["text"].tolist() == table["text"].to_pylist()
