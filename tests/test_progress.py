"""What is told while a run goes on."""

import json

import pytest

from sectionary.progress import Lines


@pytest.mark.parametrize("as_json", [True, False])
def test_what_is_wrong_with_a_list_is_told_at_once(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:  # noqa: FBT001
    Lines(as_json=as_json)("mini", "warning", 0, "sitemap x: http 404")
    said = capsys.readouterr().err
    assert (json.loads(said)["text"] if as_json else said) == ("sitemap x: http 404" if as_json else
                                                               "mini: sitemap x: http 404\n")  # fmt: skip
