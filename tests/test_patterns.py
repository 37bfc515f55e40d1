"""No pattern of ours can be made to take long by what it reads: each, as it is used, over what is worst for patterns.

The ReDoS case (S20; GHSA-cc65-xxvf-f7r9 is Scrapy's). Time is the process's own, and the bound far above what a pattern
takes that goes over a text once and far below one that goes back over it again and again.
"""

import ast
import importlib
import pkgutil
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import sectionary

CHARACTERS = 20_000
SECONDS = 0.25
PIECES = (
    "a", "<", "<a ", "< ", ">", " ", "\n", "=", "'", '"', "(", "[", "[[", "&#", "&", "<!--", "<p>", "%41", "%", "0",
    "-", ".", "_", "http://", "/", "a.", "a,", "a b ", "A", "1.", "{{", "\\", "<script", "<style>", 'x="', "[edit",
    "·", "一", "://a@", "; ", "|", "<meta ", "<body ", "<link ", "<input ", "m.", "0,", "::",
)  # fmt: skip
METHODS = {"search", "match", "fullmatch", "finditer", "findall", "sub", "split", "subn"}
# Patterns that go back over their text, and why that is never long.
SHORT: dict[str, str] = {}


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(sectionary.__path__, "sectionary."):
        if ".examples" not in found.name and not found.name.endswith(".steadfast"):      # which acts on import
            yield importlib.import_module(found.name)


def uses(module: ModuleType) -> dict[str, set[str]]:
    """Which methods of each pattern a module calls."""
    found: dict[str, set[str]] = defaultdict(set)
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_bytes())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in METHODS:
            found[node.value.id].add(node.attr)
    return found


def patterns() -> list[tuple[str, str, re.Pattern[str] | re.Pattern[bytes]]]:
    """Each pattern with its name and a method that it is called by; patterns in tables are searched for."""
    found = {}
    for module in modules():
        called = uses(module)
        for name, value in vars(module).items():
            for pattern in of(value, 4):
                methods = called.get(name, set()) if isinstance(value, re.Pattern) else {"search"}
                for method in methods:
                    whole = method in {"match", "fullmatch"}
                    kind = method if whole else "finditer"
                    found[pattern.pattern, pattern.flags, kind] = (f"{module.__name__}.{name}", kind, pattern)
    return sorted(found.values(), key=lambda each: each[:2])


def of(value: object, depth: int) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, tuple | list | set | frozenset | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from of(each, depth - 1)


PATTERNS = patterns()


def test_every_module_is_looked_at() -> None:
    assert len(PATTERNS) > 120
    assert {name for name, _, _ in PATTERNS} >= SHORT.keys()


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.case("S20", "GHSA-cc65-xxvf-f7r9")
def test_no_pattern_goes_back_over_a_text_again_and_again(piece: str) -> None:
    text = (piece * CHARACTERS)[:CHARACTERS] + "!"
    slow = {}
    for name, method, pattern in PATTERNS:
        if name not in SHORT:
            began = time.process_time()
            given = text.encode() if isinstance(pattern.pattern, bytes) else text
            found = getattr(pattern, method)(given)
            if method == "finditer":
                for _ in found:
                    pass
            if (spent := time.process_time() - began) > SECONDS:
                slow[name, method] = round(spent, 2)
    assert slow == {}
