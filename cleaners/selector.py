"""Selector: a CSS selector that knows under which id, class, attribute or tag to be filed, and how to match.

What most site files use is matched on the attributes at hand (`cleaners.compound`); the rest is left to Lexbor.
"""

import re

from selectolax.lexbor import LexborNode

from sectionary.cleaners.compound import CLASS, ID, PSEUDO, TAG, TEST, Attributes, Test, selector
from sectionary.scraper.errors import ConfigError

__all__ = ["Attributes", "Selector", "lexbor_matches"]

_EVERYWHERE = frozenset({"id", "class", "href"})     # attributes that tell less than a tag does


class Selector:
    """One selector of a site file. Raises ConfigError where it names nothing to file it under.

    `key` is what a matching element is sure to have: ("id" | "class" | "attribute" | "tag", name).
    `tag` is the one it names, or "". `is_certain` tells that tag and classes decide whether an element matches.
    `specificity` orders selectors as CSS does (CSS Selectors 4, section 17), as one number.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        plain = PSEUDO.sub("", text)
        quoted = TEST.sub(lambda found: found[0].replace(" ", "\0"), plain)
        parts = [part.replace("\0", " ") for part in re.split(r"[\s>+~]+(?![^\[]*\])", quoted) if part]
        last = parts[-1] if parts else ""
        bare = TEST.sub("", last)
        tag = TAG.match(bare)
        self.tag = tag[0].replace("\\", "") if tag else ""
        self._id = next((name.replace("\\", "") for name in ID.findall(bare)), "")
        self._classes = frozenset(name.replace("\\", "") for name in CLASS.findall(bare))
        self._tests = tuple(Test(name, operator, value.strip("'\"")) for name, operator, value in TEST.findall(last))
        self._compound = selector(text)
        self.is_certain = not (self._id or self._tests) and plain == text and len(parts) == 1
        self.key = self._key()
        self.specificity = _specificity(plain, parts) + 100 * len(PSEUDO.findall(text))

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
        return self._compound.matches(attributes, node) if self._compound else lexbor_matches(node, self.text)


def _specificity(plain: str, parts: list[str]) -> int:
    bare = TEST.sub("", plain)
    tags = sum(1 for part in parts if TAG.match(part))
    return 10_000 * len(ID.findall(bare)) + 100 * (len(CLASS.findall(bare)) + len(TEST.findall(plain))) + tags


def lexbor_matches(node: LexborNode, selector: str) -> bool:
    """Whether the element itself matches (selectolax's css_matches is true for a match below it, too)."""
    first = node.css_first(selector)
    return first is not None and first.mem_id == node.mem_id
