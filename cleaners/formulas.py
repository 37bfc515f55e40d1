r"""Formulas: one TeX for each, whatever the page shows beside it.

MediaWiki prints a formula as MathML (hidden), as a picture, or as its source between dollars; the TeX stands in
annotation[encoding="application/x-tex"], in the picture's alt text, or in the element itself
(mediawiki.org, Extension:Math). All but one are twins.
"""

import re
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from sectionary.cleaners.added import DISPLAYED, FORMULA
from sectionary.cleaners.line import Mark, Run
from sectionary.cleaners.section import Math
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.walk import Draft, Walk, ink, visible_text

TWIN = "twin.math"
_STYLE = re.compile(r"\s*\{\\(?:display|text|script)style\s(.*)\}\s*", re.DOTALL)
_DOLLARS = re.compile(r"\s*\$+(.*?)\$+\s*", re.DOTALL)


def formula(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    r"""A formula as \(…\) in the line, or as a block \[…\] where the page displays it."""
    found = _found(node)
    if found is None:
        walk.flow(node)
        return
    tex, places = found.tex, walk.excerpt(TWIN, node, found.source, found.start, found.end)
    if _displayed(node, attributes):
        run = Run(tex.join(DISPLAYED), [Mark(0, "source", place) for place in places])
        walk.block(Draft("math", run, {"math": Math(tex=tex, display=True)}))
    else:
        walk.line.verbatim(tex.join(FORMULA))
        walk.line.sources(places)


class _Found(NamedTuple):
    """A formula's TeX, and which code points of the text below `source` say it: none where an attribute does."""

    tex: str
    source: LexborNode
    start: int
    end: int


def _found(node: LexborNode) -> _Found | None:
    annotation = node.css_first("annotation")
    if annotation is not None:
        return _excerpt(annotation, visible_text(annotation))
    picture = node.css_first("img[alt]")
    if picture is not None:
        said = _excerpt(node, picture.attributes.get("alt") or "")
        return said and said._replace(start=0, end=0)
    return _excerpt(node, visible_text(node)) if _DOLLARS.fullmatch(visible_text(node)) else None


def _excerpt(source: LexborNode, text: str) -> _Found | None:
    r"""TeX without dollars and the {\displaystyle …} MediaWiki wraps around it, if its braces balance without."""
    dollars = _DOLLARS.fullmatch(text)
    start, end = dollars.span(1) if dollars else (0, len(text))
    wrapped = _STYLE.fullmatch(text, start, end)
    if wrapped and _balanced(wrapped[1]):
        start, end = wrapped.span(1)
    tex = " ".join(text[start:end].split())
    return _Found(tex, source, start, end) if tex else None


def _balanced(tex: str) -> bool:
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", tex):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _displayed(node: LexborNode, attributes: Attributes) -> bool:
    """Whether the formula stands on a line of its own: so marked, or alone in an indented line."""
    if "display" in (attributes.get("class") or "") or node.css_first("[class*='display'], math[display=block]"):
        return True
    around = node.parent
    return around is not None and around.tag == "dd" and ink(around.text()) == ink(node.text())
