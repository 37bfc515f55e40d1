"""A dataset that an earlier release wrote: read as it is, gone on with row by row, refused where a type is another."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace

from sectionary.cleaners.article import Article
from sectionary.output.commit import commit
from sectionary.output.dataset import read
from sectionary.output.feed import changes
from sectionary.output.jsonschema import json_schema
from sectionary.output.layout import data_path, schema_path
from sectionary.output.schema import schema
from sectionary.output.settings import OutputSettings
from sectionary.output.verify import verify
from sectionary.scraper.errors import DatasetError

Make = Callable[..., Any]
Row = dict[str, Any]
SITE = "wiki.example"
FEW = 8_000                              # bytes of JSON lines a shard, so that there are several


@pytest.fixture
def otters(article: Make, section: Make) -> list[Article]:
    """Twelve pages of two sections."""
    return [article(f"Otter {n}", section(None, "A lead."), section("Habitat", "Rivers.")) for n in range(12)]


def aged(corpus: Path, change: Callable[[Row], Row], earlier_schema: Callable[[Row], None]) -> None:
    """Make the sections of snapshot 1 those of an earlier release, whose rows and schema were others."""
    listed = corpus / "_meta/snapshots/1.json"
    told = json.loads(listed.read_bytes())
    held = told["sites"][SITE]
    held["files"] = [_aged(corpus, file, change) if file["table"] == "sections" else file for file in held["files"]]
    listed.write_text(json.dumps(told))
    earlier = json_schema("sections")
    earlier_schema(earlier["$defs"][earlier["$ref"].rpartition("/")[2]]["properties"])
    (corpus / schema_path("sections", 0)).write_text(json.dumps(earlier))


def _aged(corpus: Path, file: Row, change: Callable[[Row], Row]) -> Row:
    path = corpus / file["path"]
    if file["format"] == "parquet":
        rows = [{**change(row), "schema_version": 0} for row in pq.read_table(path).to_pylist()]
        pq.write_table(pa.table({name: _column(name, [row[name] for row in rows]) for name in rows[0]}), path)
    else:
        rows = [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]]
        lines = [json.dumps({**change(row), "schema_version": 0}) + "\n" for row in rows]
        path.write_text("".join(lines), "utf-8")
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    new = data_path("sections", SITE, file["shard"], sha256, "parquet" if file["format"] == "parquet" else "jsonl")
    path.rename(corpus / new)
    return {**file, "path": new, "bytes": len(content), "sha256": sha256, "schema_version": 0}


def _column(name: str, values: list[Any]) -> pa.Array:
    """In the type of this release, unless the values are of another."""
    names = schema("sections").names
    try:
        return pa.array(values, schema("sections").field(name).type if name in names else None)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array(values)


def without(name: str) -> tuple[Callable[[Row], Row], Callable[[Row], None]]:
    """A release that had no such column yet."""
    return lambda row: {key: row[key] for key in row if key != name}, lambda columns: columns.pop(name)


def in_words(name: str) -> tuple[Callable[[Row], Row], Callable[[Row], None]]:
    """A release that wrote numbers of a column as text."""
    return lambda row: {**row, name: str(row[name])}, lambda columns: columns.update({name: {"type": "string"}})


@pytest.fixture
def earlier(desk: Any, otters: list[Article]) -> Path:
    """A dataset of a release that did not know `license_text`."""
    commit(desk.corpus, SITE, desk.stage(otters), shard_bytes=FEW)
    aged(desk.corpus, *without("license_text"))
    assert verify(desk.corpus).flaws == ()
    return Path(desk.corpus)


def test_rows_of_an_earlier_release_are_read_with_null_in_a_column_that_came_since(earlier: Path) -> None:
    found = read(earlier, nested=True)
    assert len(found) == 24
    assert found["license_text"].isna().all()
    assert found["schema_version"].eq(0).all() or found["schema_version"].eq(1).all()


def test_the_next_commit_writes_all_rows_in_the_columns_of_this_release(
    earlier: Path, desk: Any, otters: list[Article]
) -> None:
    """So that a plain glob, which knows no snapshot, finds one schema."""
    stated = replace(otters[3], license_text="Free.")
    done = commit(earlier, SITE, desk.stage([stated]), shard_bytes=FEW)
    assert (done.snapshot, done.written) == (2, 1)
    assert verify(earlier).flaws == ()
    found = read(earlier)
    assert len(found) == 24
    assert found.dropna(subset="license_text")["title"].unique().tolist() == ["Otter 3"]
    assert found["schema_version"].eq(1).all()
    files = sorted(map(str, earlier.glob("sections/*/*.parquet")))
    assert len({pq.read_schema(file) for file in files}) == 1
    assert pyarrow.dataset.dataset(files).to_table().num_rows == len(pd.concat(map(pd.read_parquet, files))) == 24
    assert read(earlier, snapshot=1)["license_text"].isna().all()


def test_rows_that_only_get_new_columns_are_no_change(earlier: Path, desk: Any, otters: list[Article]) -> None:
    commit(earlier, SITE, desk.stage([replace(otters[3], license_text="Free.")]), shard_bytes=FEW)
    told = [change for change in changes(earlier, "1") if change.title != "Otter 3"]
    assert told == []


def test_files_of_both_releases_can_be_read_together(earlier: Path, desk: Any, otters: list[Article]) -> None:
    """As by a reader that has the files of two snapshots, or a site that was not committed to since."""
    commit(earlier, SITE, desk.stage([replace(otters[3], license_text="Free.")]), shard_bytes=FEW)
    files = sorted(map(str, earlier.rglob("sections/host=*/*.parquet")))
    both = pa.unify_schemas([pq.read_schema(file) for file in files])
    whole = pyarrow.dataset.dataset(files, schema=both).to_table()
    assert (whole.num_rows, whole["license_text"].null_count) == (48, 46)


def test_a_column_of_another_type_is_refused_by_name_and_nothing_is_touched(
    desk: Any, otters: list[Article]
) -> None:
    commit(desk.corpus, SITE, desk.stage(otters), shard_bytes=FEW)
    aged(desk.corpus, *in_words("word_count"))
    before = desk.at_rest()
    with pytest.raises(DatasetError, match=r"sections: word_count was string and is integer: .*output.type_changes"):
        commit(desk.corpus, SITE, desk.stage([replace(otters[0], language="de")]))
    assert desk.at_rest() == before


def test_a_column_of_another_type_is_converted_where_that_is_asked_for(desk: Any, otters: list[Article]) -> None:
    commit(desk.corpus, SITE, desk.stage(otters), shard_bytes=FEW)
    counts = read(desk.corpus)["word_count"].tolist()
    aged(desk.corpus, *in_words("word_count"))
    staged = desk.stage([replace(page, revision_id=8) for page in otters])
    commit(desk.corpus, SITE, staged, settings=OutputSettings(type_changes="convert"))
    assert verify(desk.corpus).flaws == ()
    assert read(desk.corpus)["word_count"].tolist() == counts


def test_a_column_that_is_no_more_is_refused(desk: Any, otters: list[Article]) -> None:
    commit(desk.corpus, SITE, desk.stage(otters), shard_bytes=FEW)
    aged(
        desk.corpus,
        lambda row: {**row, "confidence": "high"},
        lambda columns: columns.update({"confidence": {"type": "string"}}),
    )
    with pytest.raises(DatasetError, match="confidence is no more"):
        commit(desk.corpus, SITE, desk.stage(otters[:1]))


def test_a_damaged_schema_of_an_earlier_release_is_named(earlier: Path, desk: Any, otters: list[Article]) -> None:
    (earlier / schema_path("sections", 0)).write_bytes(b"{")
    with pytest.raises(DatasetError, match=r"sections-0\.json is damaged"):
        commit(earlier, SITE, desk.stage(otters[:1]))
