"""Compounds: parts of a CSS selector that are matched on an element's own attributes, without Lexbor.

Lexbor compiles a selector anew at each call, and looks through all that lies below an element that does not match.
So what rules ask most is matched here: tag, id, classes and attributes, `:not(…)` and `:has(…)` of such, and elements
that lie in one another (CSS Selectors 4, sections 4, 5, 6 and 15). What else there is, is left to Lexbor.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, Optional

from selectolax.lexbor import LexborNode

Attributes = Mapping[str, str | None]

_NAME = r"((?:[\w-]|\\.)+)"
ID = re.compile(rf"#{_NAME}")
CLASS = re.compile(rf"\.{_NAME}")
TAG = re.compile(r"(?:[a-z0-9-]|\\.)+")
TEST = re.compile(r"\[\s*([\w:-]+)\s*(?:([~^$*]?=)\s*(\"[^\"]*\"|'[^']*'|[^\]]*?)\s*)?\]")
PSEUDO = re.compile(r":[\w-]+\((?:[^()]|\([^()]*\))*\)")
_OF = re.compile(r":(not|has)\((.*)\)", re.DOTALL)
_PIECE = r"(?:\[(?:\"[^\"]*\"|'[^']*'|[^\]\"'])*\]|:[\w-]+\((?:[^()]|\([^()]*\))*\)|\\.|[^\s>+~,\[\]():])+"
_PIECES = re.compile(rf"\s*([>+~,]?)\s*({_PIECE})")

_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "": lambda _found, _value: True,
    "=": lambda found, value: found == value,
    "*=": lambda found, value: value in found,
    "^=": lambda found, value: found.startswith(value),
    "$=": lambda found, value: found.endswith(value),
    "~=": lambda found, value: value in found.split(),
}


class Test(NamedTuple):
    """One attribute test: `[name]`, or `[name op value]`."""

    name: str
    operator: str
    value: str

    def holds(self, attributes: Attributes) -> bool:
        """Whether the attributes pass (CSS Selectors 4, section 6; values are compared as they stand)."""
        found = attributes.get(self.name)
        if found is None:
            return not self.operator and self.name in attributes
        return _OPERATORS[self.operator](found, self.value)


class Compound(NamedTuple):
    """What is asked of one element, and of one that it lies in: right in it where `directly`."""

    text: str
    tag: str                             # or "" for any
    id: str
    classes: frozenset[str]
    tests: tuple[Test, ...]
    without: tuple["Compound", ...]      # none of which it may be
    holding: tuple[tuple["Compound", ...], ...]      # of each of which it must hold one
    within: Optional["Compound"] = None
    directly: bool = False

    def matches(self, attributes: Attributes, node: LexborNode) -> bool:
        """Whether an element matches; `attributes` are its own."""
        return (
            (not self.tag or node.tag == self.tag)
            and (not self.id or attributes.get("id") == self.id)
            and (not self.classes or self.classes <= frozenset((attributes.get("class") or "").split()))
            and all(test.holds(attributes) for test in self.tests)
            and not any(other.matches(attributes, node) for other in self.without)
            and (self.within is None or self._lies_within(self.within, node))
            and all(any(inner.is_held(node) for inner in inners) for inners in self.holding)
        )

    def _lies_within(self, outer: "Compound", node: LexborNode) -> bool:
        above = node.parent
        while above is not None and above.is_element_node:
            if outer.matches(above.attributes, above):
                return True
            above = None if self.directly else above.parent
        return False

    def is_held(self, node: LexborNode) -> bool:
        """Whether an element holds one that matches."""
        if not self.directly:
            return any(inner.mem_id != node.mem_id for inner in node.css(self.text))
        child = node.child
        while child is not None:
            if child.is_element_node and self.matches(child.attributes, child):
                return True
            child = child.next
        return False


@lru_cache(maxsize=10_000)
def selector(text: str) -> Compound | None:
    """The compound that a selector is about; None where Lexbor must be asked."""
    found: Compound | None = None
    for combinator, piece in _pieces(text):
        made = _compound(piece)
        if made is None or combinator not in ("", ">") or (combinator == ">" and found is None):
            return None
        found = made._replace(within=found, directly=combinator == ">")
    return found


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The compounds of a selector, each with what stands before it; a comma where something cannot be told."""
    at = 0
    while found := _PIECES.match(text, at):
        yield found[1], found[2]
        at = found.end()
    if text[at:].strip():
        yield ",", ""


def _compound(text: str) -> Compound | None:
    """One compound, without what it lies in."""
    tag = TAG.match(text)
    at = tag.end() if tag else text.startswith("*")
    ids, classes, tests = [], [], []
    without: list[Compound] = []
    holding: list[tuple[Compound, ...]] = []
    while at < len(text):
        if found := ID.match(text, at):
            ids.append(_plain(found[1]))
        elif found := CLASS.match(text, at):
            classes.append(_plain(found[1]))
        elif found := TEST.match(text, at):
            tests.append(Test(found[1], found[2] or "", (found[3] or "").strip("'\"")))
        elif (found := PSEUDO.match(text, at)) and (of := _OF.fullmatch(found[0])):
            inner = _list(of[2], relative=of[1] == "has")
            if inner is None:
                return None
            if of[1] == "not":
                without += inner
            else:
                holding.append(inner)
        else:
            return None
        at = found.end()
    if len(ids) > 1 or not text:
        return None
    name = _plain(tag[0]) if tag else ""
    return Compound(text, name, "".join(ids), frozenset(classes), tuple(tests), tuple(without), tuple(holding))


def _list(text: str, *, relative: bool) -> tuple[Compound, ...] | None:
    """The compounds in a list of them; in a relative one `>` tells a child. None where there is another combinator."""
    found: list[Compound] = []
    parted = True
    for combinator, piece in _pieces(text):
        made = _compound(piece)
        if made is None or combinator not in (("", ",", ">") if relative else ("", ",")):
            return None
        if not parted and combinator != ",":
            return None
        child = combinator == ">" or piece == "*"        # an element that holds any has a child
        found.append(made._replace(directly=child))
        parted = False
    return tuple(found) or None


def _plain(name: str) -> str:
    return name.replace("\\", "")
