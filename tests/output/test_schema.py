"""Columns, as DESIGN's readers rely on them."""

import pyarrow as pa
import pytest

from sectionary.output.schema import RECORDS, descriptions, flat_columns, schema

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
