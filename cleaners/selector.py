"""Selector: a CSS selector that knows under which id, class, attribute or tag to be filed, and how to match.

What most site files use, one compound like `table.infobox[role=note]` or the child of one (`.a > b`), is matched on
the attributes at hand. Selectors with other combinators or pseudo-classes are left to Lexbor, which compiles them
anew at each call.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from sectionary.scraper.errors import ConfigError

Attributes = Mapping[str, str | None]

_NAME = r"((?:[\w-]|\\.)+)"
_ID = re.compile(rf"#{_NAME}")
_CLASS = re.compile(rf"\.{_NAME}")
_TAG = re.compile(r"(?:[a-z0-9-]|\\.)+")
_TEST = re.compile(r"\[\s*([\w:-]+)\s*(?:([~^$*]?=)\s*(\"[^\"]*\"|'[^']*'|[^\]]*?)\s*)?\]")
_CHILD = re.compile(r"([^\s>+~]+)\s*>\s*[^\s>+~]+")
_PSEUDO = re.compile(r":[\w-]+\((?:[^()]|\([^()]*\))*\)")


_EVERYWHERE = frozenset({"id", "class", "href"})     # attributes that tell less than a tag does

_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "": lambda _found, _value: True,
    "=": str.__eq__,
    "*=": str.__contains__,
    "^=": str.startswith,
    "$=": str.endswith,
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


class Selector:
    """One selector of a site file. Raises ConfigError where it names nothing to file it under.

    `key` is what a matching element is sure to have: ("id" | "class" | "attribute" | "tag", name).
    `tag` is the one it names, or "". `is_certain` tells that tag and classes decide whether an element matches.
    `specificity` orders selectors as CSS does (CSS Selectors 4, section 17), as one number.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        plain = _PSEUDO.sub("", text)
        quoted = _TEST.sub(lambda found: found[0].replace(" ", "\0"), plain)
        parts = [part.replace("\0", " ") for part in re.split(r"[\s>+~]+(?![^\[]*\])", quoted) if part]
        last = parts[-1] if parts else ""
        bare = _TEST.sub("", last)
        tag = _TAG.match(bare)
        self.tag = tag[0].replace("\\", "") if tag else ""
        self._id = next((name.replace("\\", "") for name in _ID.findall(bare)), "")
        self._classes = frozenset(name.replace("\\", "") for name in _CLASS.findall(bare))
        self._tests = tuple(Test(name, operator, value.strip("'\"")) for name, operator, value in _TEST.findall(last))
        child = _CHILD.fullmatch(quoted) if plain == text else None
        self._parent = Selector(child[1].replace("\0", " ")) if child else None
        self._needs_lexbor = plain != text or len(parts) > (2 if child else 1)
        self.is_certain = not (self._id or self._tests or self._parent or self._needs_lexbor)
        self.key = self._key()
        self.specificity = _specificity(plain, parts) + 100 * len(_PSEUDO.findall(text))

    def _key(self) -> tuple[str, str]:
        if self._id:
            return "id", self._id
        if self._classes:
            return "class", min(self._classes)
        if self._tests and not (self.tag and self._tests[0].name in _EVERYWHERE):
            return "attribute", self._tests[0].name
        if self.tag:
            return "tag", self.tag
        raise ConfigError(f"selector {self.text!r} names no id, class, attribute or tag")

    def fits(self, tag: str, classes: frozenset[str]) -> bool:
        """Whether tag and classes are those of an element that may match."""
        return (not self.tag or tag == self.tag) and self._classes <= classes

    def passes(self, attributes: Attributes, only: str | None = None) -> bool:
        """Whether the attributes pass every test, or every test of the attribute called `only`."""
        return all(test.holds(attributes) for test in self._tests if only in (None, test.name))

    def matches(self, attributes: Attributes, node: LexborNode) -> bool:
        """Whether an element that `fits` matches; `attributes` are its own."""
        return (
            (not self._id or attributes.get("id") == self._id)
            and (not self._tests or self.passes(attributes))
            and (not self._parent or _is(self._parent, node.parent))
            and (not self._needs_lexbor or _lexbor_matches(node, self.text))
        )


def _specificity(plain: str, parts: list[str]) -> int:
    bare = _TEST.sub("", plain)
    tags = sum(1 for part in parts if _TAG.match(part))
    return 10_000 * len(_ID.findall(bare)) + 100 * (len(_CLASS.findall(bare)) + len(_TEST.findall(plain))) + tags


def _is(selector: Selector, node: LexborNode | None) -> bool:
    """Whether a node is an element that a selector without combinators matches."""
    if node is None or not node.is_element_node:
        return False
    attributes = node.attributes
    classes = frozenset((attributes.get("class") or "").split())
    return selector.fits(node.tag or "", classes) and selector.matches(attributes, node)


def _lexbor_matches(node: LexborNode, selector: str) -> bool:
    """Whether the element itself matches (selectolax's css_matches is true for a match below it, too)."""
    first = node.css_first(selector)
    return first is not None and first.mem_id == node.mem_id
