"""Raised and lowered text, and the line break between both where they are stacked."""

import re

from selectolax.lexbor import LexborNode

from sectionary.cleaners.added import RAISED
from sectionary.cleaners.inline import inline_tag
from sectionary.cleaners.references import citation
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.visible import visible_text
from sectionary.cleaners.walk import Handler, Walk

_EXPONENT = re.compile(
    r"[+\-\u2212\u2013]?\d[\d.,\u2044/]*[a-z]?[+\-\u2212\u2013]?|[+\-\u2212\u2013]+"
    r"|[+\-\u2212\u2013]?[nxk](?:[+\-\u2212\u2013]\d+)?"
)
_SUPERSCRIPTS = str.maketrans("0123456789+-\u2212", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_SUPERSCRIPT = re.compile(r"[+\-\u2212]?\d+[+\-\u2212]?|[+\-\u2212]")
_BRACKETED = re.compile(r"[\[\uff3b](.*)[\]\uff3d]", re.DOTALL)
_LABEL = re.compile(r"\d+|[^\W\d_]{1,12}\.?\s\d+")         # of a reference mark: 12, note 1
_REMARK = re.compile(r"[^\W\d_]{3}|[\u3040-\u9fff]{2}")     # words, which no exponent is
_AROUND = frozenset({"", "[", "]"})
_NO_REMARK = frozenset({"sic"})
_CLOSING = (")", "]", "}")
_SLASHES = ("\u2044", "/")


def line_break(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """Break the line, but not within one: between what is stacked as sup, br, sub, or in a box of the line."""
    above = _sibling(node, back=True)
    if above is not None and above.tag == "sup" and _stacked(above):
        return
    around = node.parent
    if around is not None and around.tag == "span" and "inline-block" in (around.attributes.get("style") or ""):
        walk.line.add(" ")
    else:
        walk.line.newline()


def raised(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """What stands raised: an exponent or a charge is told from the digits before it, `10^6` and not `106`.

    Behind letters nothing is added: km2 is understood, and the 1 of a footnote or a tone is no exponent. Ordinals
    (3e) are read as they stand; so is a numerator, apart from a whole number before it.
    Over a lowered twin (a charge over a count of atoms) it is read after it, as chemists write both on one line;
    left of its symbol (an isotope's mass over its charge) before it.
    A reference mark or a remark in brackets that no rule knows is taken out of the text all the same.
    """
    if _stacked(node) and walk.line.last:
        walk.over = node                 # `lowered` reads it in its turn
    elif mark := _mark(node):
        mark(walk, node, attributes)
    else:
        _raise(walk, node)


def lowered(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """What stands lowered is read as it stands. What is stacked over it follows, or came before (`raised`)."""
    middle = _sibling(node, back=True)
    above = _sibling(middle, back=True) if middle is not None and middle.tag == "br" else None
    if above is None or above.tag != "sup":
        walk.flow(node)
    elif walk.over is not None and walk.over.mem_id == above.mem_id:
        walk.over = None
        walk.line.close_up()
        walk.flow(node)
        _raise(walk, above)
    else:
        walk.line.add(" ")
        walk.flow(node)


def stacked(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """What is stacked, by a break or by a style sheet: the lower is read first. Without a break one alone is raised."""
    above, below = _halves(node)
    for inner in below:
        _read(walk, inner)
    text = "".join(visible_text(inner) for inner in above).strip()
    if (walk.line.last.isdecimal() or walk.line.last in _CLOSING) and _EXPONENT.fullmatch(text):
        walk.line.verbatim(RAISED)
    for inner in above:
        _read(walk, inner)


def _read(walk: Walk, node: LexborNode) -> None:
    """Read a half of a stack, whose sup and sub have told already where they stand; white space there is layout."""
    if node.tag == "-text":
        walk.line.add((node.text_content or "").strip(), node)
    elif node.tag in ("sup", "sub"):
        walk.flow(node)
    else:
        walk.visit(node)


def _halves(node: LexborNode) -> tuple[list[LexborNode], list[LexborNode]]:
    """What stands above and below in a stack: before and after the break, else the first element and the others."""
    nodes = list(node.iter(include_text=True))
    at = next((index for index, inner in enumerate(nodes) if inner.tag == "br"), None)
    if at is not None:
        return nodes[:at], nodes[at + 1:]
    parts = [inner for inner in nodes if inner.is_element_node] or nodes
    return parts[:1], parts[1:]


def _raise(walk: Walk, node: LexborNode) -> None:
    before = walk.line.last
    text = visible_text(node).strip()
    if walk.headline and (before.isalnum() or before in _CLOSING) and _SUPERSCRIPT.fullmatch(text):
        walk.verbatim(text.translate(_SUPERSCRIPTS), node)
        return
    if before.isdecimal() and _is_numerator(node):
        walk.line.add(" ")
    elif (before.isdecimal() or before in _CLOSING) and _is_exponent(node, text):
        walk.line.verbatim(RAISED)
    walk.flow(node)


def _is_numerator(node: LexborNode) -> bool:
    """Whether a slash comes next."""
    after = node.next
    return after is not None and (after.text() or "").startswith(_SLASHES)


def _is_exponent(node: LexborNode, text: str) -> bool:
    """Whether it is a number with or without sign, a sign, or a variable."""
    return _EXPONENT.fullmatch(text) is not None or (len(text) < 4 and node.css_first("i, var") is not None)


def _mark(node: LexborNode) -> Handler | None:
    """How to take it where it is a mark: in brackets a label or a remark, or all of it a link within the page."""
    found = _BRACKETED.fullmatch(visible_text(node).strip())
    if found is None:
        return citation if _leads_within(node) else None
    if _LABEL.fullmatch(found[1].strip()) or _leads_within(node):
        return citation
    return inline_tag if _REMARK.search(found[1]) and found[1].strip() not in _NO_REMARK else None


def _leads_within(node: LexborNode) -> bool:
    """Whether it holds links to other places of the page, and brackets at most besides."""
    linked = False
    child = node.child
    while child is not None:
        if child.tag == "a":
            linked = (child.attributes.get("href") or "").startswith("#")
        if child.tag != "a" and (child.tag != "-text" or (child.text_content or "").strip() not in _AROUND):
            return False
        child = child.next
    return linked


def _stacked(node: LexborNode) -> bool:
    """Whether a lowered twin stands right under a raised text: sup, br, sub."""
    middle = _sibling(node)
    below = _sibling(middle)
    return middle is not None and middle.tag == "br" and below is not None and below.tag == "sub"


def _sibling(node: LexborNode | None, *, back: bool = False) -> LexborNode | None:
    """The next (or last) node beside, white space passed over."""
    while node is not None:
        node = node.prev if back else node.next
        if node is None or node.tag != "-text" or (node.text_content or "").strip():
            return node
    return None
