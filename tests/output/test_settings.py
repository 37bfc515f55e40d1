"""The operator's `output:` section."""

import pytest
from pydantic import ValidationError

from sectionary.output.settings import OutputSettings


def test_a_section_left_out_writes_parquet_and_jsonl() -> None:
    assert OutputSettings().formats == ("parquet", "jsonl")


@pytest.mark.parametrize(
    "wrong",
    [
        {"formats": ["csv"]},
        {"formats": []},
        {"formats": ["jsonl", "jsonl"]},
        {"folder": "x"},
        {"keep": {"days": 1}},
    ],
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        OutputSettings.model_validate(wrong)
