"""Every tool that opens a dataset sees the same rows."""

from pathlib import Path
from typing import Any

import datasets
import duckdb
import mlcroissant
import pandas as pd
import polars as pl
import pyarrow.dataset as pads
import pytest
from datatrove.pipeline.readers import ParquetReader

import sectionary
from sectionary import inputs
from sectionary.config import demo_config
from sectionary.pipeline import run


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example encyclopedia beside a second site, so that there are two partitions."""
    config = demo_config(tmp_path_factory.mktemp("demo"))
    run(config)
    page = config.folder / "ebb.txt"
    page.write_text("Ebb\nIt falls.\nCauses[edit | edit source]\nThe Moon.\n")
    with inputs.cleaned_files([page], base_url="https://ebb.example/", site_file=None, processes=1) as results:
        inputs.into_dataset(results, config.corpus)
    return config.corpus


@pytest.fixture(scope="module")
def rows(corpus: Path) -> dict[str, int]:
    """How many rows each table has, by our own reader."""
    return {table: len(sectionary.read(corpus, table=table)) for table in ("sections", "pages")}


TABLES = pytest.mark.parametrize("table", ["sections", "pages"])


@TABLES
def test_pandas_counts_the_same_rows_and_columns(corpus: Path, rows: dict[str, int], table: str) -> None:
    frame = pd.read_parquet(corpus / table)
    assert len(frame) == rows[table]
    ours = sectionary.read(corpus, table=table, nested=True)
    assert list(frame.columns) == [*ours.columns, "host"]


@TABLES
def test_pyarrow_counts_the_same_rows(corpus: Path, rows: dict[str, int], table: str) -> None:
    assert pads.dataset(corpus / table, partitioning="hive").count_rows() == rows[table]


@TABLES
def test_polars_counts_the_same_rows(corpus: Path, rows: dict[str, int], table: str) -> None:
    scanned = pl.scan_parquet(corpus / table / "**" / "*.parquet")
    assert scanned.select(pl.len()).collect().item() == rows[table]
    assert scanned.collect().height == rows[table]


@TABLES
def test_duckdb_counts_the_same_rows(corpus: Path, rows: dict[str, int], table: str) -> None:
    assert duckdb.sql(f"SELECT count(*) FROM '{corpus}/{table}/**/*.parquet'").fetchall() == [(rows[table],)]  # noqa: S608
    assert duckdb.sql(f"SELECT count(*) FROM '{corpus}/jsonl/{table}-*.jsonl'").fetchall() == [(rows[table],)]  # noqa: S608


@TABLES
def test_the_hubs_library_opens_the_folder_by_its_card(
    corpus: Path, rows: dict[str, int], table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    loaded: Any = datasets.load_dataset(str(corpus), table, split="train", cache_dir=str(tmp_path))
    assert loaded.num_rows == rows[table]
    assert loaded.column_names == list(sectionary.read(corpus, table=table, nested=True).columns)


def test_datatrove_reads_pages_as_documents(corpus: Path, rows: dict[str, int]) -> None:
    reader = ParquetReader(
        str(corpus / "pages"), glob_pattern="**/*.parquet", text_key="text", id_key="doc_id", file_progress=False
    )
    documents = {document.id: document.text for document in reader.run()}
    pages = sectionary.read(corpus, table="pages")
    assert len(documents) == rows["pages"]
    assert documents == dict(zip(pages["doc_id"], pages["text"], strict=True))


@TABLES
@pytest.mark.filterwarnings("ignore::DeprecationWarning")       # rdflib's, of itself
def test_croissants_own_validator_passes_and_reads_the_same_rows(
    corpus: Path, rows: dict[str, int], table: str, caplog: pytest.LogCaptureFixture
) -> None:
    described = mlcroissant.Dataset(jsonld=str(corpus / "croissant.json"))
    assert described.metadata.ctx.issues.errors == set()
    assert described.metadata.ctx.issues.warnings == set()
    assert not caplog.records
    assert sum(1 for _ in described.records(table)) == rows[table]


def test_a_page_is_one_document_with_all_its_sections_in_order(corpus: Path) -> None:
    sections = sectionary.read(corpus, columns=["doc_id", "position", "heading", "text", "role", "path"])
    pages = sectionary.read(corpus, table="pages", columns=["doc_id", "text", "markdown"]).set_index("doc_id")
    dropped = sections[sections["role"].isin(["references", "external_links"])]
    assert len(dropped) < len(sections)
    for doc, own in sections.groupby("doc_id", sort=False):
        at = 0
        for row in own[~own["role"].isin(["references", "external_links"])].itertuples():
            at = pages.loc[doc, "text"].index(row.text, at) + len(row.text)
            if isinstance(row.heading, str):
                assert row.heading in pages.loc[doc, "text"]
