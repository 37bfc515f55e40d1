"""Raised and lowered text, and the line break between both where they are stacked."""

import re

from selectolax.lexbor import LexborNode

from sectionary.cleaners.added import RAISED
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.walk import Walk, visible_text

_EXPONENT = re.compile(r"[+\-\u2212\u2013]?\d[\d.,\u2044/]*[a-z]?[+\-\u2212\u2013]?|[+\-\u2212\u2013]+")
_CLOSING = (")", "]", "}")
_SLASHES = ("\u2044", "/")


def line_break(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """Break the line, but not between what is stacked: sup, br, sub."""
    above = _sibling(node, back=True)
    if above is None or above.tag != "sup" or not _stacked(above):
        walk.line.newline()


def raised(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """What stands raised: an exponent or a charge is told from the digits before it, `10^6` and not `106`.

    Behind letters nothing is added: km2 is understood, and the 1 of a footnote or a tone is no exponent. Ordinals
    (3e) are read as they stand; so are numerators.
    Over a lowered twin (a charge over a count of atoms) it is read after it, as chemists write both on one line.
    """
    if _stacked(node):
        return                           # `lowered` reads it in its turn
    _raise(walk, node)


def lowered(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """What stands lowered is read as it stands; what is stacked over it follows."""
    walk.flow(node)
    above = _sibling(_sibling(node, back=True), back=True)
    if above is not None and above.tag == "sup" and _stacked(above):
        _raise(walk, above)


def _raise(walk: Walk, node: LexborNode) -> None:
    before = walk.line.last
    if (before.isdecimal() or before in _CLOSING) and _is_exponent(node):
        walk.line.verbatim(RAISED)
    walk.flow(node)


def _is_exponent(node: LexborNode) -> bool:
    """Whether it is a number with or without sign, a sign, or a variable; not the numerator of a fraction."""
    after = node.next
    if after is not None and (after.text() or "").startswith(_SLASHES):
        return False
    text = visible_text(node).strip()
    return _EXPONENT.fullmatch(text) is not None or (len(text) < 4 and node.css_first("i, var") is not None)


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
