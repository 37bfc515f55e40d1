"""Files that people write, and one line for each fault in them."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from sectionary.scraper.errors import ConfigError
from sectionary.scraper.yamlfile import check, load, read_yaml


class Inner(BaseModel):
    """A section in a section."""

    model_config = ConfigDict(extra="forbid")
    colour: str = "red"
    size: int = 1


class Outer(BaseModel):
    """A whole file."""

    model_config = ConfigDict(extra="forbid")
    inner: Inner = Inner()
    several: tuple[Inner, ...] = ()
    needed: int


def fault(path: Path, text: str | bytes) -> str:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError) as caught:
        load(path, Outer)
    message = str(caught.value)
    assert "\n" not in message
    return message.removeprefix(str(path))


FAULTS = [
    ("needed: 1\ninner:\n  color: blue\n",
     ":3: inner.color: unknown key; did you mean colour? (allowed: colour, size)"),
    ("needed: 1\nseveral:\n- size: 1\n- sise: 2\n", ":4: several.1.sise: unknown key; did you mean size?"),
    ("needed: 1\nxyzzy: 2\n", ":2: xyzzy: unknown key (allowed: inner, several, needed)"),
    ("needed: many\n", ':1: needed: found "many"; should be a valid integer'),
    ("inner: {}\n", ": needed: missing"),
    ("needed: x\ninner: {size: y, colour: 3}\n", "(and 2 more)"),
    ("needed: 1\nneeded: 2\n", ":2: needed: also on line 1"),
    ("inner:\n  size: 1\n  size: 2\n", ":3: inner.size: also on line 2"),
    ("needed: [1\n", ": no valid YAML: "),
    ("needed: !!python/object/apply:os.system [x]\n", ": no valid YAML: could not determine a constructor"),
    ("- needed\n", ":1: holds no keys"),
    ("needed: &a [*a]\n", ": nested too deeply"),
    (b"needed: caf\xe9\n", ": not a text file in UTF-8"),
    (b"\x00\x01", ": no valid YAML: "),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), FAULTS)
def test_each_fault_is_one_line_with_place_and_cure(tmp_path: Path, text: str | bytes, told: str) -> None:
    assert told in fault(tmp_path / "c.yaml", text)


def test_a_missing_file_and_a_folder_are_told_apart_from_a_wrong_one(tmp_path: Path) -> None:
    for place in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(ConfigError, match="cannot be read: "):
            load(place, Outer)


def test_a_long_value_is_not_repeated_whole(tmp_path: Path) -> None:
    assert len(fault(tmp_path / "c.yaml", f"needed: {'x' * 5000}\n")) < 250


def test_keys_and_items_have_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("a: 1\nb:\n- x\n- c: 2\n")
    data, lines = read_yaml(path)
    assert data == {"a": 1, "b": ["x", {"c": 2}]}
    assert lines == {("a",): 1, ("b",): 2, ("b", 0): 3, ("b", 1): 4, ("b", 1, "c"): 4}


def test_an_empty_file_is_an_empty_mapping(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("# nothing yet\n")
    assert read_yaml(path) == ({}, {})


def test_what_comes_from_elsewhere_is_checked_without_a_line() -> None:
    with pytest.raises(ConfigError, match=r"^config\.yaml: needed: found \"x\""):
        check(Outer, {"needed": "x"}, source="config.yaml", lines={})
