r"""Formulas: one TeX for each, whatever the page shows beside it.

MediaWiki prints a formula as MathML (hidden), as a picture, or as its source between dollars; the TeX stands in
annotation[encoding="application/x-tex"], in the picture's alt text, or in the element itself
(mediawiki.org, Extension:Math). KaTeX writes the same annotation; MathJax keeps the TeX in a script beside what it
drew (docs.mathjax.org, "MathJax document"). All but one are twins. Where no TeX is, it is made of the MathML.
"""

import re
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from sectionary.cleaners.added import DISPLAYED, FORMULA
from sectionary.cleaners.mathml import pieces, spoken
from sectionary.cleaners.section import Math
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.trace import Source
from sectionary.cleaners.visible import UNSEEN, ink, visible_text
from sectionary.cleaners.walk import Walk

TWIN = "twin.math"
_STYLE = re.compile(r"\s*\{\\(?:display|text|script)style\s(.*)\}\s*", re.DOTALL)
_BARE_STYLE = re.compile(r"\s*\\(?:display|text|script)style\s+(?=\S)")
_DOLLARS = re.compile(r"\s*\$+(.*?)\$+\s*", re.DOTALL)
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_SPOKEN = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{3,}")   # a word, which TeX has only behind a backslash or in braces
_POINTS = frozenset(".,;:!?\u3002\uff0c")
_LINES = frozenset({"dd", "p", "div", "center"})       # where a formula alone stands on a line of its own
_ENDING = frozenset({"dt", "li", "td", "th", "section", "blockquote", "body", *_LINES})
_INLINE = frozenset({"span", "big", "font", "small"})


def formula(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    r"""A formula as \(…\) in the line, or as a block \[…\] where the page displays it."""
    found = _found(node)
    if found is not None:
        places = walk.excerpt(TWIN, node, found.source, found.start, found.end)
        _append(walk, node, found.tex, places, marked=_is_displayed(node, attributes))
    elif node.tag == "math" or node.css_first("math") is not None:
        _drawn(walk, node, attributes)
    else:
        walk.flow(node)


def picture(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """A formula's picture: a twin of the MathML before it, else the formula itself."""
    before = _beside(node, back=True)
    if before is not None and (before.tag == "math" or before.css_first("math") is not None):
        walk.remove(TWIN, node)
    else:
        formula(walk, node, attributes)


def script(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """The source of a formula, where a script holds one; another is nothing that a reader sees."""
    kind = attributes.get("type") or ""
    if kind.startswith("math/tex") and (tex := " ".join(node.text().split())):
        _append(walk, node, tex, [], marked="mode=display" in kind)


def _append(walk: Walk, node: LexborNode, tex: str, places: list[Source], *, marked: bool) -> None:
    """The formula in the line; or on a line of its own, with the full stop behind it."""
    outer, ends = _outermost(walk, node)
    if walk.headline or not (marked or (ends and _begins(walk, outer))):
        walk.line.verbatim(tex.join(FORMULA))
        walk.line.sources(places)
        return
    walk.end_paragraph()
    walk.becomes = "math", {"math": Math(tex=tex, display=True)}
    walk.line.verbatim(tex.join(DISPLAYED))
    walk.line.sources(places)
    if not ends:
        walk.end_paragraph()


def _drawn(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """A formula in MathML alone."""
    drawing = node if node.tag == "math" else node.css_first("math")
    read = list(pieces(drawing)) if drawing is not None else []
    texts = [piece if isinstance(piece, str) else spoken(piece) for piece in read]
    tex = " ".join("".join(texts).split())
    if not tex:
        walk.flow(node)
        return
    taken = [piece for piece in read if not isinstance(piece, str)]
    places = walk.gleaned(TWIN, node, taken)
    _append(walk, node, tex, places, marked=_is_displayed(node, attributes))


class _Found(NamedTuple):
    """A formula's TeX, and which code points of the text below `source` say it: none where an attribute does."""

    tex: str
    source: LexborNode
    start: int
    end: int


def _found(node: LexborNode) -> _Found | None:
    for annotation in node.css("annotation"):
        if "tex" in (annotation.attributes.get("encoding") or "tex").lower():
            return _excerpt(annotation, visible_text(annotation))
    if (said := _said(node)) and (found := _excerpt(node, said)):
        return found._replace(start=0, end=0)
    return _excerpt(node, visible_text(node)) if _DOLLARS.fullmatch(visible_text(node)) else None


def _said(node: LexborNode) -> str | None:
    """What an attribute says: MathJax 4 of its drawing, the text instead of one if it is TeX, or of a picture."""
    made = node.css_first("mjx-math[data-latex]")
    if made is not None and made.attributes.get("data-latex"):
        return made.attributes["data-latex"]
    drawing = node.css_first("math[alttext]")
    said = drawing.attributes.get("alttext") if drawing is not None else None
    if said and not _SPOKEN.search(said):
        return said
    image = node.css_first("img[alt]")
    return image.attributes.get("alt") if image is not None else None


def _excerpt(source: LexborNode, text: str) -> _Found | None:
    r"""TeX without dollars and the {\displaystyle …} MediaWiki wraps around it, if its braces balance without."""
    dollars = _DOLLARS.fullmatch(text)
    start, end = dollars.span(1) if dollars else (0, len(text))
    wrapped = _STYLE.fullmatch(text, start, end)
    if wrapped and _balanced(wrapped[1]):
        start, end = wrapped.span(1)
    elif bare := _BARE_STYLE.match(text, start, end):
        start = bare.end()
    tex = " ".join(text[start:end].split())
    return _Found(tex, source, start, end) if tex else None


def _balanced(tex: str) -> bool:
    depth = 0
    for brace in _BRACES.findall(tex):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            return False
    return depth == 0


def _is_displayed(node: LexborNode, attributes: Attributes) -> bool:
    """Whether the formula is marked as one on a line of its own."""
    return (
        "display" in (attributes.get("class") or "")
        or attributes.get("display") in ("block", "true")
        or node.css_first("[class*='display'], [class*='element-block'], math[display=block]") is not None
    )


def _outermost(walk: Walk, node: LexborNode) -> tuple[LexborNode, bool]:
    """The element of the line that the formula is alone in, and whether the line ends behind it."""
    ends = _ends(walk, node)
    while ends and node.parent is not None and node.parent.tag in _INLINE and _begins(walk, node, anywhere=True):
        node = node.parent
        ends = _ends(walk, node)
    around = node.parent
    return node, ends and around is not None and around.tag in _ENDING


def _begins(walk: Walk, node: LexborNode, *, anywhere: bool = False) -> bool:
    """Whether nothing stands before it in an element that has a line of its own."""
    around = node.parent
    if not anywhere and (around is None or around.tag not in _LINES):
        return False
    before = node.prev
    while before is not None and _is_nothing(walk, before):
        before = before.prev
    return before is None


def _ends(walk: Walk, node: LexborNode) -> bool:
    """Whether punctuation and marks at most stand behind it."""
    after = node.next
    while after is not None and (_is_nothing(walk, after) or _is_point(after)):
        after = after.next
    return after is None


def _is_point(node: LexborNode) -> bool:
    return node.tag == "-text" and (node.text_content or "").strip() in _POINTS


def _is_nothing(walk: Walk, node: LexborNode) -> bool:
    """Whether it is nothing that a reader sees in the line: white space, a mark, what a rule removes."""
    if node.tag == "-text":
        return not (node.text_content or "").strip()
    if node.tag in UNSEEN:
        return True
    action = walk.rules.action(node.tag or "", node.attributes, node)
    return action is not None and (action.kind == "remove" or action.name in {"citation", "inline_tag", "math_image"})


def _beside(node: LexborNode, *, back: bool) -> LexborNode | None:
    """The next element beside, if no text stands between."""
    beside = node.prev if back else node.next
    while beside is not None and not beside.is_element_node:
        if ink(beside.text_content or ""):
            return None
        beside = beside.prev if back else beside.next
    return beside
