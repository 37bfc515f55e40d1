"""Language menus: "Translate this page" and the names of fifty languages, as text extractors leave them."""

import json
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).resolve().with_name("languages.json")
_SEPARATOR = re.compile(r"[,،、·•|]")
_NAMES = 8     # an article may well name seven languages in a row
_SCRIPTS = 3   # a list in an article is written in the article's own script
_LABEL = 40    # characters of a menu's group title: "Middle Eastern & African"


def menu_lines(lines: Sequence[str]) -> frozenset[int]:
    """Indices of the lines that make up language menus.

    A menu is a run of lines with nothing but language names, at least eight in at least three scripts. One
    short line at a time may stand between two of them (a group's title, a name nobody listed), but the
    names must be the greater part.
    """
    counts = [_names(line) for line in lines]
    found: set[int] = set()
    for start, end in _runs(lines, counts):
        if _is_menu(lines[start:end], counts[start:end]):
            found.update(range(start, end))
    return frozenset(found)


def _runs(lines: Sequence[str], counts: Sequence[int]) -> list[tuple[int, int]]:
    """Half-open ranges that begin and end with a name and are broken by one short line at most at a time."""
    runs: list[tuple[int, int]] = []
    for index in (index for index, count in enumerate(counts) if count):
        joins = runs and (
            runs[-1][1] == index or (runs[-1][1] == index - 1 and len(lines[index - 1]) <= _LABEL)
        )
        start = runs.pop()[0] if joins else index
        runs.append((start, index + 1))
    return runs


def _is_menu(lines: Sequence[str], counts: Sequence[int]) -> bool:
    named = [line for line, count in zip(lines, counts, strict=True) if count]
    scripts = {script for line in named for script in _scripts(line)}
    return sum(counts) >= _NAMES and len(scripts) >= _SCRIPTS and len(named) * 5 > len(lines) * 3


def _names(line: str) -> int:
    """How many language names `line` consists of; 0 where anything else is in it."""
    names = [name for part in _SEPARATOR.split(line) if (name := _key(part))]
    return len(names) if all(name in _languages() for name in names) else 0


def _scripts(text: str) -> set[str]:
    """The scripts of the letters in `text`, by the first word of their Unicode names."""
    return {unicodedata.name(char, "?").partition(" ")[0] for char in text if char.isalpha()}


@cache
def _languages() -> frozenset[str]:
    return frozenset(_key(name) for name in json.loads(_TABLE.read_text(encoding="utf-8")))


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split()).lstrip("-* ")
