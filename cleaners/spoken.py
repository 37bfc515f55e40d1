"""Spoken: which language a block is in and which way it is read, where it says so (HTML Standard, section 3.2.6)."""

from selectolax.lexbor import LexborNode

from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.walk import Handler, Walk

DIRECTIONS = frozenset({"ltr", "rtl"})


def spoken(handler: Handler) -> Handler:
    """The handler of a block element, which also notes lang and dir of the element for the blocks it makes."""

    def handle(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
        if "lang" in attributes or "dir" in attributes:
            _note(walk, node, attributes, handler)
        else:
            handler(walk, node, attributes)

    return handle


def _note(walk: Walk, node: LexborNode, attributes: Attributes, handler: Handler) -> None:
    """Let the handler make its blocks, and note on each what the element says; what lies deeper has said it before."""
    walk.end_paragraph()
    blocks, known = walk.blocks, len(walk.blocks)
    handler(walk, node, attributes)
    said = {name: value for name in ("lang", "dir") if (value := attributes.get(name)) and _is_plain(name, value)}
    for draft in blocks[known:]:
        draft.data = {**said, **draft.data}


def _is_plain(name: str, value: str) -> bool:
    """Whether it is a language, or a direction that is not left to the browser."""
    return name == "lang" or value in DIRECTIONS
