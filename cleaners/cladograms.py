"""Cladograms: trees of descent, which wikis draw by tables in tables (Wikipedia's Template:Clade and its copies).

A branch is a row: its name over the line (`clade-label`), and a cell beside it (`clade-leaf`), in which stand a name,
or the branches that come of it in a table of their own. What is written under the line (`clade-slabel`) has the row
after. Until 2014 the cells' own borders drew the line, without classes. As data it is a nested list: a branch without a
name is an item without text, so that the tree stays that tree.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from sectionary.cleaners.added import BULLET
from sectionary.cleaners.drafts import Draft
from sectionary.cleaners.lists import Entry, held_by, items, list_of
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.visible import UNSEEN
from sectionary.cleaners.walk import Walk

_PARTS = frozenset({"tbody", "thead", "tfoot"})
_LEAF = "clade-leaf"
_LINE = re.compile(r"border-(?:bottom|left):\s*\d+px\s+solid|border-(?:bottom|left)-width:\s*1px")


def cladogram(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """Append a list block of the branches, each with those that come of it one deeper."""
    walk.end_paragraph()
    read = [Entry(BULLET, term=False, blocks=blocks) for blocks in _branches(walk, node) if blocks]
    if read:
        walk.block_with(list_of("ul", [item for entry in read for item in items(entry)]), held_by(read))


def _branches(walk: Walk, node: LexborNode) -> Iterator[list[Draft]]:
    """The blocks of each branch, in reading order; what stands before the first is none's, a caption."""
    branch: list[Draft] = []
    for row in _rows(node):
        if _begins(row):
            yield branch
            branch = []
        branch += [draft for cell in _elements(row) if not walk.removes(cell) for draft in walk.captured(cell)]
    yield branch


def is_drawn(node: LexborNode) -> bool:
    """Whether a table without classes is one: its first row is a name over a line, and what comes of it."""
    first = next(_rows(node), None)
    cells = list(_elements(first)) if first is not None else []
    return len(cells) == 2 and _LINE.search(cells[0].attributes.get("style") or "") is not None and _is_leaf(cells[1])


def _begins(row: LexborNode) -> bool:
    return any(map(_is_leaf, _elements(row)))


def _is_leaf(cell: LexborNode) -> bool:
    attributes = cell.attributes
    return _LEAF in (attributes.get("class") or "").split() or attributes.get("rowspan") == "2"


def _rows(node: LexborNode) -> Iterator[LexborNode]:
    """The rows of the table and what else stands beside them, never those of a table in a cell."""
    for part in _elements(node):
        if part.tag in _PARTS:
            yield from _elements(part)
        else:
            yield part


def _elements(node: LexborNode) -> Iterator[LexborNode]:
    return (child for child in node.iter() if child.tag not in UNSEEN)
