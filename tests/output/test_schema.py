"""Columns, as DESIGN's readers rely on them."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from sectionary.cleaners.fields import Removal
from sectionary.output.commit import commit
from sectionary.output.rejected import rejected
from sectionary.output.rows import doc_id_of
from sectionary.output.schema import RECORDS, descriptions, flat_columns, schema
from sectionary.output.schemadocs import SHIPPED, documents
from sectionary.output.tombstone import Departure
from sectionary.scraper.errors import PageError
from tests.output.conftest import SITE, rows_of

SECTIONS = [
    "section_id", "doc_id", "site", "language", "title", "heading", "breadcrumb", "level", "position", "role",
    "text", "word_count", "char_count", "is_empty", "page_type", "url", "page_id", "revision_id",
    "date_modified", "date_fetched", "license", "license_text", "content_hash", "cleaner_version",
    "schema_version",
]  # fmt: skip
SECTIONS_NESTED = [
    "markdown", "path", "anchor", "anchor_aliases", "number", "parent_id", "blocks", "links", "citations",
    "images", "inline_tags", "attribution",
]  # fmt: skip


def test_the_columns_of_sections_come_in_their_order() -> None:
    assert schema("sections").names == SECTIONS + SECTIONS_NESTED
    assert list(flat_columns("sections")) == SECTIONS


@pytest.mark.parametrize("table", RECORDS)
def test_flat_columns_hold_no_lists(table: str) -> None:
    columns = schema(table)
    assert not [name for name in flat_columns(table) if pa.types.is_nested(columns.field(name).type)]


@pytest.mark.parametrize("table", RECORDS)
def test_every_column_is_described(table: str) -> None:
    assert all(descriptions(table).values())
    assert list(descriptions(table)) == schema(table).names


def test_only_what_may_be_none_is_nullable() -> None:
    columns = schema("sections")
    nullable = [field.name for field in columns if field.nullable]
    assert nullable == [
        "language", "heading", "page_id", "revision_id", "date_modified", "date_fetched", "license",
        "license_text", "anchor", "parent_id",
    ]  # fmt: skip


def test_types_follow_from_the_records() -> None:
    columns = schema("sections")
    assert columns.field("position").type == pa.int64()
    assert columns.field("is_empty").type == pa.bool_()
    assert columns.field("path").type == pa.list_(pa.field("element", pa.string()))
    table = columns.field("blocks").type.value_type.field("table").type
    assert table.field("grid").type.value_type.value_type == pa.string()


def test_a_schema_names_its_version() -> None:
    assert schema("pages").metadata == {b"sectionary.table": b"pages", b"sectionary.schema_version": b"1"}


def test_the_shipped_schemas_and_their_page_are_what_the_records_say(root: Path) -> None:
    """`make schema` writes them anew."""
    stale = [name for name, content in documents().items() if (root / name).read_bytes() != content]
    assert stale == []


@pytest.mark.parametrize("table", SHIPPED)
def test_a_shipped_schema_is_one_of_its_draft(root: Path, table: str) -> None:
    shipped = json.loads((root / f"output/schemas/{table}.json").read_bytes())
    Draft202012Validator.check_schema(shipped)
    assert shipped["title"] == table


@pytest.fixture
def night(desk: Any, article: Any, section: Any) -> Path:
    """A dataset after a night on which a page was edited, one went, one came and one was lost."""
    cut = (Removal(rule="page.toc", selector="#toc", count=1, chars=20),)
    pages = [
        article(f"Otter {n}", section(None, "A lead."), section("Habitat", "Rivers."), removals=cut) for n in range(5)
    ]
    gone = doc_id_of(rows_of(pages[0]).page)
    commit(desk.corpus, SITE, desk.stage(pages))
    edited = replace(pages[1], sections=(section(None, "Another lead."), section("Range", "Rivers.")))
    departure = Departure(state="gone", reason="http: 404", date="2026-11-23T00:00:00Z")
    lost = rejected(PageError(f"https://{SITE}/wiki/Lost", "http: 500"), SITE)
    staged = desk.stage([edited, article("Beaver")])
    commit(desk.corpus, SITE, staged, removed={gone: departure}, rejected=[lost])
    return Path(desk.corpus)


@pytest.mark.parametrize("table", RECORDS)
def test_every_row_of_a_dataset_has_the_form_that_its_shipped_schema_says(root: Path, night: Path, table: str) -> None:
    validator = Draft202012Validator(json.loads((root / f"output/schemas/{table}.json").read_bytes()))
    rows = [json.loads(line) for file in files_of(night, table) for line in file.read_bytes().split(b"\n")[:-1]]
    assert rows
    assert [error.message for row in rows for error in validator.iter_errors(row)] == []
    assert not validator.is_valid({**rows[0], "confidence": 1})
    assert not validator.is_valid({key: rows[0][key] for key in list(rows[0])[1:]})


def files_of(corpus: Path, table: str) -> list[Path]:
    if table == "rejected":
        return list((corpus / "rejected").glob("*.jsonl"))
    return list((corpus / "jsonl").glob(f"{table}-*"))
