"""Every row of a real run has the form that the shipped JSON Schemas say, as an independent validator reads them."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sectionary.config import demo_config
from sectionary.pipeline import run

TABLES = ("sections", "pages", "removed", "changes", "rejected")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example encyclopedia, crawled, and cleaned again by other rules."""
    config = demo_config(tmp_path_factory.mktemp("demo"))
    run(config)
    own = type(config.cleaners).model_validate({"remove": {"own.bold": ["b"]}})
    assert run(config.model_copy(update={"cleaners": own}), fetch=False).sites[0].snapshot == 2
    return config.corpus


def validator(root: Path, name: str) -> Draft202012Validator:
    schema = json.loads((root / f"output/schemas/{name}.json").read_bytes())
    return Draft202012Validator(schema)


def rows(corpus: Path, table: str) -> list[Any]:
    pattern = "rejected/*.jsonl" if table == "rejected" else f"jsonl/{table}-*.jsonl"
    return [json.loads(line) for path in corpus.glob(pattern) for line in path.read_bytes().splitlines()]


@pytest.mark.parametrize("table", TABLES)
def test_every_row_of_a_real_run_is_valid(root: Path, corpus: Path, table: str) -> None:
    told, found = validator(root, table), rows(corpus, table)
    assert found
    for row in found:
        told.validate(row)


def test_what_is_told_of_the_last_run_is_valid(root: Path, corpus: Path) -> None:
    validator(root, "last_run").validate(json.loads((corpus / "_meta/last_run.json").read_bytes()))


def test_a_dataset_carries_the_schemas_that_are_shipped(root: Path, corpus: Path) -> None:
    kept = {path.name.rpartition("-")[0]: path.read_bytes() for path in (corpus / "_meta/schemas").glob("*.json")}
    shipped = {path.stem: path.read_bytes() for path in (root / "output/schemas").glob("*.json")}
    assert kept == shipped
