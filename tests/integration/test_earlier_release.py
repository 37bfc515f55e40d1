"""Files of an earlier release beside those of this one: every engine reads them together, null in the new column."""

from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace

import sectionary
from sectionary.output.commit import commit
from tests.output.conftest import SITE, Desk, a_section, an_article
from tests.output.test_evolution import aged, without

ROWS, STATED = 48, 2                     # rows of both snapshots, and those of the one page that has the new column


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Snapshot 1 is of a release that knew no `license_text`, snapshot 2 of this one."""
    desk = Desk(tmp_path_factory.mktemp("earlier"))
    otters = [an_article(f"Otter {n}", a_section(None, "A lead."), a_section("Habitat", "Rivers.")) for n in range(12)]
    commit(desk.corpus, SITE, desk.stage(otters), shard_bytes=8_000)
    aged(desk.corpus, *without("license_text"))
    stated = replace(otters[3], license_text="Free.")
    assert commit(desk.corpus, SITE, desk.stage([stated]), shard_bytes=8_000).snapshot == 2
    return desk.corpus


@pytest.fixture(scope="module")
def files(corpus: Path) -> list[str]:
    found = sorted(map(str, corpus.rglob("sections/host=*/*.parquet")))
    known = {"license_text" in pq.read_schema(file).names for file in found}
    assert known == {True, False}        # so there are files of both
    return found


def test_sectionary_reads_either_snapshot(corpus: Path) -> None:
    old, new = (sectionary.read(corpus, snapshot=number, nested=True) for number in (1, 2))
    assert list(old.columns) == list(new.columns)
    assert (len(old), old["license_text"].notna().sum()) == (24, 0)
    assert (len(new), new["license_text"].notna().sum()) == (24, STATED)


def test_duckdb_unites_them_by_name(files: list[str]) -> None:
    both = duckdb.read_parquet(files, union_by_name=True)
    assert both.aggregate("count(*), count(license_text)").fetchall() == [(ROWS, STATED)]


def test_pyarrow_reads_them_in_one_schema(files: list[str]) -> None:
    schema = pa.unify_schemas([pq.read_schema(file) for file in files])
    table = pyarrow.dataset.dataset(files, schema=schema).to_table()
    assert (table.num_rows, table.num_rows - table["license_text"].null_count) == (ROWS, STATED)


def test_pandas_puts_them_one_below_the_other(files: list[str]) -> None:
    frame = pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)
    assert (len(frame), frame["license_text"].notna().sum()) == (ROWS, STATED)


def test_polars_fills_in_what_a_file_lacks(files: list[str]) -> None:
    frame = pl.concat([pl.read_parquet(file) for file in files], how="diagonal")
    assert (frame.height, frame["license_text"].count()) == (ROWS, STATED)
