"""Rows of an infobox, whatever it is made of: table rows, paragraphs and headings, Fandom's labels and values."""

import re
from collections.abc import Iterator

from msgspec import Struct
from selectolax.lexbor import LexborNode

from sectionary.cleaners.added import LINE_BREAK
from sectionary.cleaners.line import Run, join
from sectionary.cleaners.section import Image
from sectionary.cleaners.tabs import paired
from sectionary.cleaners.visible import UNSEEN, ink
from sectionary.cleaners.walk import Walk

_PARTS = frozenset({"tbody", "thead", "tfoot", "table"})
# What an element must hold to be more than a row.
_INNER = "table, tr, caption, .pi-data, .pi-data-label, .pi-title, .pi-header"
_GROUPS = frozenset({"pi-group", "pi-smart-group"})
_SIDE_BY_SIDE = frozenset({"pi-horizontal-group", "pi-smart-group"})
_ROWS = frozenset({"infobox", "tabs"})   # what rules may call an element of a box without taking it out of the box
_TABBED = frozenset({"wds-tabber", "pi-panel", "pi-image-collection", "tabber"})
_HEADS = frozenset({"pi-header", "bloc"})        # Fandom's and French Wikipedia's
_BESIDE = frozenset({"infobox-subheader", "description"})     # what a th across says beside the title: no heading
_SHARE = re.compile(r"(?:^|[;\s])width:\s*(50|33|25)(?:\.\d+)?%|^(50|33|25)%$")
_BOLD = re.compile(r"font-weight:\s*(?:bold|[6-9]00)")


class Over(Struct, gc=False):
    """A label that spans rows, and how many of these are still to come."""

    label: str | None
    rows: int


class Row(Struct, gc=False):
    """A row under way.

    `kind` is lone (a text across the box), head (a lone heading), bold (lone, perhaps a heading), below (the foot of
    the box), field, or end: a table or section of the box is over, and its groups with it.
    """

    kind: str
    label: Run | None
    value: Run
    images: tuple[Image, ...]


def box_rows(walk: Walk, node: LexborNode) -> Iterator[Row]:
    """The rows of a box in order; neighbours that are no rows make one together."""
    beside: list[LexborNode] = []
    over = Over(None, 0)
    for child in node.iter(include_text=True):
        if not _holds_rows(child):
            beside.append(child)
            continue
        yield from _lone(walk, beside)
        beside = []
        yield from _row(walk, child, over)
    yield from _lone(walk, beside)


def _holds_rows(node: LexborNode) -> bool:
    tag = node.tag or "-text"
    if tag in ("-text", "a", "span", "b", "i", "br"):
        return False
    return tag in ("tr", "caption", "p", "div", "h2", "h3", "dl", *_PARTS) or node.css_first(_INNER) is not None


def _row(walk: Walk, node: LexborNode, over: Over) -> Iterator[Row]:
    attributes = node.attributes
    action = walk.rules.action(node.tag or "", attributes, node)
    classes = (attributes.get("class") or "").split()
    if action and action.name not in _ROWS:
        walk.obey(action, node, attributes)
    elif node.tag == "tr":
        yield from _cells(walk, node, over)
    elif node.tag == "dl" and node.css_first(_INNER) is None:
        yield from _terms(walk, node)
    elif columns := _columns(node, classes):
        yield from _pairs(walk, node, *columns)
        yield Row("end", None, Run("", []), ())
    elif not _TABBED.isdisjoint(classes) and (tabs := paired(node)):
        yield from _tabs(walk, tabs)
    elif "pi-data" in classes:
        yield from _portable(walk, node)
    elif node.tag in _PARTS or node.css_first(_INNER) not in (None, node):
        yield from box_rows(walk, node)
        if node.tag == "table" or not _GROUPS.isdisjoint(classes):
            yield Row("end", None, Run("", []), ())
    else:
        heads = node.tag in ("caption", "h2", "h3") or not _HEADS.isdisjoint(classes) or _precedes_rows(node)
        yield from _lone(walk, [node], "head" if heads else "lone")


def _terms(walk: Walk, node: LexborNode) -> Iterator[Row]:
    """The terms of a list as labels, each with the descriptions up to the next; HTML groups them in div."""
    label: Run | None = None
    values: list[LexborNode] = []
    for part in (*_entries(walk, node), None):
        if part is None or part.tag == "dt":
            if label or values:
                yield _described(walk, label, values)
            label, values = (walk.run(part) if part else None), []
        else:
            values.append(part)


def _entries(walk: Walk, node: LexborNode) -> Iterator[LexborNode]:
    """The parts of a list, and of a div in it, that are not removed; a text between them is one, too."""
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            if (child.text_content or "").strip():
                yield child
        elif child.tag not in UNSEEN and not walk.removes(child):
            yield from _entries(walk, child) if child.tag == "div" else (child,)


def _described(walk: Walk, label: Run | None, values: list[LexborNode]) -> Row:
    known = len(walk.sections[-1].images)
    runs = [walk.run_of(value) if value.tag == "-text" else walk.run(value) for value in values]
    return Row("field", label, join(runs, LINE_BREAK), tuple(walk.sections[-1].images[known:]))


def _precedes_rows(node: LexborNode) -> bool:
    """Whether a paragraph stands right before a table of the box, as a heading does."""
    after = node.next
    while after is not None and after.tag == "-text" and not (after.text_content or "").strip():
        after = after.next
    return after is not None and after.tag == "table"


def _lone(walk: Walk, nodes: list[LexborNode], kind: str = "lone") -> Iterator[Row]:
    """A text across the whole box; a heading in it opens no section."""
    known = len(walk.sections[-1].images)
    run = walk.run(nodes[0]) if nodes and nodes[0].tag in ("h2", "h3") else walk.run_of(*nodes)
    yield Row(kind, None, run, tuple(walk.sections[-1].images[known:]))


def _cells(walk: Walk, row: LexborNode, over: Over) -> Iterator[Row]:
    """A row of a table: one cell alone is a text across; a first of several is the label of all it spans."""
    cells = [cell for cell in row.iter() if cell.tag not in UNSEEN and not walk.removes(cell)]
    if len(cells) == 1 and not over.rows and _holds_fields(cells[0]):
        yield from box_rows(walk, cells[0])
        return
    if not over.rows and _are_sides(cells):
        for cell in cells:
            yield from _side(walk, cell)
        return
    known = len(walk.sections[-1].images)
    runs = [walk.run(cell) for cell in cells]
    images = tuple(walk.sections[-1].images[known:])
    if over.rows and over.label:
        over.rows -= 1
        yield Row("field", Run(over.label, []), join([run for run in runs if run.text], LINE_BREAK), images)
    elif len(cells) == 1:
        yield Row(_kind(cells[0]), None, runs[0], images)
    elif cells:
        over.label, over.rows = runs[0].text, _height(cells[0]) - 1
        yield from _labelled(walk, runs, images)


def _holds_fields(cell: LexborNode) -> bool:
    """Whether a table in a cell goes on with labels and values: rows of two cells, no gallery, no columns."""
    rows = cell.css("tr")
    if len(rows) < 2 or cell.css_first("img") is not None:
        return False
    return all(sum(1 for part in row.iter() if part.tag in ("td", "th")) <= 2 for row in rows)


def _are_sides(cells: list[LexborNode]) -> bool:
    """Whether cells share the width of the box, as the sides of a battle do: none of them is a label."""
    shares = {_share(cell) for cell in cells}
    return len(cells) > 1 and len(shares) == 1 and None not in shares and not cells[0].text().rstrip().endswith(":")


def _share(cell: LexborNode) -> str | None:
    """The part of a row that a td is to take, in percent."""
    attributes = cell.attributes
    found = _SHARE.search(attributes.get("style") or attributes.get("width") or "") if cell.tag == "td" else None
    return found and (found[1] or found[2])


def _side(walk: Walk, cell: LexborNode) -> Iterator[Row]:
    known = len(walk.sections[-1].images)
    run = walk.run(cell)
    yield Row("field", None, run, tuple(walk.sections[-1].images[known:]))


def _labelled(walk: Walk, runs: list[Run], images: tuple[Image, ...]) -> Iterator[Row]:
    """The field of two cells or more."""
    filled = [run for run in runs if run.text]
    for run in runs:
        if not run.text:                 # it may have marks
            walk.told("infoboxes", run)
    if len(filled) > 1:
        yield Row("field", filled[0], join(filled[1:], LINE_BREAK), images)
    elif filled or images:
        label = runs[0] if runs[0].text else None
        yield Row("field", label, Run("", []) if label or not filled else filled[0], images)


def _kind(cell: LexborNode) -> str:
    """What a cell across the box is: a heading is a th; a td with nothing but bold text may be one."""
    attributes = cell.attributes
    classes = (attributes.get("class") or "").split()
    if "infobox-below" in classes:
        return "below"
    if not _BESIDE.isdisjoint(classes):
        return "lone"
    if cell.tag == "th":
        return "head"
    bold = cell if _BOLD.search(attributes.get("style") or "") else cell.css_first("b, strong")
    return "bold" if bold is not None and ink(bold.text()) == ink(cell.text()) > 0 else "lone"


def _height(cell: LexborNode) -> int:
    value = cell.attributes.get("rowspan") or ""
    return int(value) if value.isdecimal() and len(value) < 4 else 1


def _columns(node: LexborNode, classes: list[str]) -> tuple[list[LexborNode], list[LexborNode]] | None:
    """Labels and values of a Fandom group that sets each label over its value, where there are as many of both."""
    if not _SIDE_BY_SIDE.intersection(classes):
        return None
    labels, values = node.css(".pi-data-label"), node.css(".pi-data-value")
    return (labels, values) if len(labels) == len(values) > 0 else None


def _pairs(walk: Walk, node: LexborNode, labels: list[LexborNode], values: list[LexborNode]) -> Iterator[Row]:
    for caption in node.css("caption"):
        yield from _lone(walk, [caption], "head")
    for label, value in zip(labels, values, strict=True):
        known = len(walk.sections[-1].images)
        named, run = walk.run(label), walk.run(value)
        yield Row("field", named, run, tuple(walk.sections[-1].images[known:]))


def _tabs(walk: Walk, tabs: list[tuple[LexborNode, LexborNode]]) -> Iterator[Row]:
    """What stands in each of several tabs, under its label as heading."""
    for label, part in tabs:
        yield from _lone(walk, [label], "head")
        yield from box_rows(walk, part)
        yield Row("end", None, Run("", []), ())


def _portable(walk: Walk, node: LexborNode) -> Iterator[Row]:
    """Fandom's label and value (dev.fandom.com, Portable infoboxes)."""
    known = len(walk.sections[-1].images)
    label = next((walk.run(part) for part in node.css(".pi-data-label")), None)
    values = [walk.run(part) for part in node.iter(include_text=True) if not _is_label(part)]
    value = join([run for run in values if run.text], LINE_BREAK)
    yield Row("field", label, value, tuple(walk.sections[-1].images[known:]))


def _is_label(node: LexborNode) -> bool:
    return node.tag == "-text" or "pi-data-label" in (node.attributes.get("class") or "")
