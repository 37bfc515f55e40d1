r"""Formulas: one TeX for each, whatever the page shows beside it.

MediaWiki prints a formula as MathML (hidden), as a picture, or as its source between dollars; the TeX stands in
annotation[encoding="application/x-tex"], in the picture's alt text, or in the element itself
(mediawiki.org, Extension:Math). All but one are twins.
"""

import re

from selectolax.lexbor import LexborNode

from sectionary.cleaners.line import Run
from sectionary.cleaners.section import Math
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.walk import Draft, Walk, ink, visible_text

TWIN = "twin.math"
_STYLE = re.compile(r"\{\\(?:display|text|script)style\s(.*)\}", re.DOTALL)


def formula(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    r"""A formula as \(…\) in the line, or as a block \[…\] where the page displays it."""
    text = visible_text(node)
    tex = _tex(node)
    if not tex:
        walk.flow(node)
        return
    if (twin := ink(text) - ink(tex)) > 0:
        walk.removed[TWIN] += 1
        walk.removed_chars[TWIN] += twin
    if _displayed(node, attributes):
        walk.block(Draft("math", Run(rf"\[{tex}\]", []), {"math": Math(tex=tex, display=True)}))
    else:
        walk.line.verbatim(rf"\({tex}\)")


def _tex(node: LexborNode) -> str:
    annotation = node.css_first("annotation")
    if annotation is not None:
        return _bare(visible_text(annotation))
    picture = node.css_first("img[alt]")
    if picture is not None:
        return _bare(picture.attributes.get("alt") or "")
    source = visible_text(node).strip()
    return _bare(source.strip("$")) if source.startswith("$") and source.endswith("$") else ""


def _bare(tex: str) -> str:
    r"""TeX without the {\displaystyle …} MediaWiki wraps around it, if its braces balance without."""
    folded = " ".join(tex.split())
    wrapped = _STYLE.fullmatch(folded)
    return wrapped[1].strip() if wrapped and _balanced(wrapped[1]) else folded


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
