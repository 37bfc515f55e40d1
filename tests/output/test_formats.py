"""Every format holds the same rows, gives them back, and writes the same bytes for them."""

import gzip
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pyarrow as pa
import pyarrow.dataset as pads
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import inspect

from sectionary.output.formats import FORMATS
from sectionary.output.json_bytes import encoded
from sectionary.output.parquet import GROUP_ROWS, UnfitRowError, table_of
from sectionary.output.record import PageRecord, SectionRecord
from sectionary.output.schema import TABLES, schema

ANY_TEXT = st.text(st.characters(codec=None), max_size=12)
LEAVES = {
    inspect.StrType: ANY_TEXT,
    inspect.IntType: st.integers(-(2**63), 2**63 - 1),
    inspect.BoolType: st.booleans(),
    inspect.FloatType: st.floats(allow_nan=False, allow_infinity=False),
}


def values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """Any value of a type, lone surrogates and control characters included."""
    if isinstance(kind, inspect.Metadata):
        return values(kind.type)
    if isinstance(kind, inspect.UnionType):
        return st.one_of(*(st.none() if isinstance(k, inspect.NoneType) else values(k) for k in kind.types))
    if isinstance(kind, inspect.VarTupleType):
        return st.lists(values(kind.item_type), max_size=2).map(tuple)
    if isinstance(kind, inspect.StructType):
        return st.builds(kind.cls, **{field.name: values(field.type) for field in kind.fields})
    return LEAVES[type(kind)]


ROWS = {table: st.lists(values(inspect.type_info(record)), max_size=3) for table, record in TABLES.items()}


def write(path: Path, name: str, table: str, lines: Sequence[bytes], batch: int = 1000) -> bytes:
    """The bytes of a file made of `lines`, added `batch` at a time."""
    writer = FORMATS[name].open(path, table)
    for begin in range(0, len(lines), batch):
        writer.add(lines[begin : begin + batch])
    writer.close()
    assert writer.rows == len(lines)
    return path.read_bytes()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_rows_come_back_as_they_were_written(
    tmp_path: Path, name: str, table: str, data: st.DataObject
) -> None:
    lines = [encoded(row) for row in data.draw(ROWS[table])]
    write(tmp_path / "file", name, table, lines)
    assert list(FORMATS[name].lines(tmp_path / "file")) == lines


@pytest.mark.parametrize("table", TABLES)
@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_parquet_holds_what_the_json_lines_say(tmp_path: Path, table: str, data: st.DataObject) -> None:
    lines = [encoded(row) for row in data.draw(ROWS[table])]
    write(tmp_path / "file", "parquet", table, lines)
    assert pq.read_table(tmp_path / "file").to_pylist() == [msgspec.json.decode(line) for line in lines]
    assert pq.read_schema(tmp_path / "file").equals(schema(table), check_metadata=True)


def numbered(count: int) -> list[bytes]:
    """Lines of sections that differ in their position."""
    hints = get_type_hints(SectionRecord)
    plain: dict[Any, Any] = {str: "x", int: 1, bool: False}
    blank = {name: plain.get(kind) for name, kind in hints.items()}
    listed = ("path", "anchor_aliases", "blocks", "links", "citations", "images", "inline_tags")
    lists: dict[str, Any] = dict.fromkeys(listed, ())
    credit = {"text": "", "history_url": None, "credit_url": ""}
    row = {**blank, **lists, "attribution": credit, "doc_id": "d" * 32, "section_id": "5" * 32}
    return [encoded({**row, "position": position}) for position in range(count)]


@pytest.mark.parametrize("name", FORMATS)
def test_bytes_do_not_depend_on_batches(tmp_path: Path, name: str) -> None:
    lines = numbered(6000)
    one = write(tmp_path / "a", name, "sections", lines)
    assert one == write(tmp_path / "b", name, "sections", lines, batch=7)


def test_row_groups_are_bounded_and_do_not_depend_on_batches(tmp_path: Path) -> None:
    lines = numbered(GROUP_ROWS + 10)
    one = write(tmp_path / "a", "parquet", "sections", lines, batch=len(lines))
    other = write(tmp_path / "b", "parquet", "sections", lines, batch=999)
    assert one == other
    metadata = pq.read_metadata(tmp_path / "a")
    assert [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)] == [GROUP_ROWS, 10]


def test_a_parquet_file_says_how_it_is_sorted_and_indexed(tmp_path: Path) -> None:
    write(tmp_path / "a", "parquet", "sections", numbered(10))
    group = pq.read_metadata(tmp_path / "a").row_group(0)
    sorted_by = [schema("sections").names[column.column_index] for column in group.sorting_columns]
    assert sorted_by == ["doc_id", "position"]
    assert group.column(0).has_offset_index
    assert group.column(0).compression == "ZSTD"


def test_pyarrow_opens_a_parquet_file_as_a_dataset(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", "parquet", "sections", numbered(10))
    found = pads.dataset(tmp_path).to_table(columns=["position"], filter=pads.field("position") > 7)
    assert found.column("position").to_pylist() == [8, 9]


def test_compressed_lines_open_with_any_tool(tmp_path: Path) -> None:
    lines = numbered(3)
    plain = write(tmp_path / "a", "jsonl", "sections", lines)
    assert gzip.decompress(write(tmp_path / "b", "jsonl.gz", "sections", lines)) == plain
    packed = write(tmp_path / "c", "jsonl.zst", "sections", lines)
    assert zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed)).read() == plain


def test_a_gzip_file_holds_no_time(tmp_path: Path) -> None:
    """RFC 1952, section 2.3: four bytes of modification time, of which 0 says that there is none."""
    assert write(tmp_path / "a", "jsonl.gz", "sections", numbered(3))[4:8] == bytes(4)


@pytest.mark.parametrize(
    "line",
    [
        encoded({**msgspec.json.decode(numbered(1)[0]), "position": 2**63}),
        encoded({**msgspec.json.decode(numbered(1)[0]), "position": math.nan}),
        encoded({**msgspec.json.decode(numbered(1)[0]), "unheard_of": 1}),
        encoded({**msgspec.json.decode(numbered(1)[0]), "title": 1}),
    ],
)
def test_a_row_that_fits_no_column_is_named(tmp_path: Path, line: bytes) -> None:
    writer = FORMATS["parquet"].open(tmp_path / "a", "sections")
    writer.add([*numbered(2), line])
    with pytest.raises(UnfitRowError) as caught:
        writer.close()
    assert caught.value.line == line


def test_no_rows_are_a_table_too() -> None:
    assert table_of([], "pages").equals(pa.Table.from_pylist([], schema("pages")))


def test_pages_and_sections_have_types_for_all_their_columns() -> None:
    assert set(schema("pages").names) == set(PageRecord.__struct_fields__)
