"""Infoboxes as groups, labels and values: tables of any generation, boxes of div elements, and Fandom's portable ones.

Whatever stands in a box is in one of its rows: what no table and no label holds is a row without a label.
"""

from collections.abc import Iterator

from msgspec import Struct
from selectolax.lexbor import LexborNode

from sectionary.cleaners.added import LINE_BREAK
from sectionary.cleaners.coordinates import boxed
from sectionary.cleaners.fields import Infobox, InfoboxField
from sectionary.cleaners.line import Run, join
from sectionary.cleaners.section import Image
from sectionary.cleaners.sections import links
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.walk import UNSEEN, Walk

_PARTS = frozenset({"tbody", "thead", "tfoot", "table"})
_INNER = "table, tr, caption, .pi-data, .pi-title, .pi-header"     # what an element must hold to be more than a row
_NO_NAMES = frozenset({                  # microformats, and matters of looks
    "biography", "bordered", "collapsible", "geography", "haudio", "hproduct", "nowraplinks",
    "pcs-collapse-table", "plainlist", "plainrowheaders", "toccolours", "vcard", "vevent", "wikitable",
})  # fmt: skip


class Row(Struct, gc=False):
    """A row under way. `kind` is lone (a text across the box), head (a lone heading) or field."""

    kind: str
    label: Run | None
    value: Run
    images: tuple[Image, ...]


def infobox(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """Take an infobox out of the text; its pictures stay the section's."""
    walk.fields.boxed_coordinates = walk.fields.boxed_coordinates or boxed(node)
    rows = [row for row in _rows(walk, node) if _says(walk, row)]
    title = next((row for row in rows[:_TITLED] if row.kind != "field" and row.value.text), None)
    box = Infobox(
        name=_name(attributes),
        title=walk.told("infoboxes", title.value) if title else None,
        section_index=walk.section_index,
        fields=tuple(_fields(walk, [row for row in rows if row is not title])),
    )
    if title or box.fields:
        walk.fields.infoboxes.append(box)


_TITLED = 2                              # rows in which a title stands: first, or under a picture


def _says(walk: Walk, row: Row) -> bool:
    """Whether a row says or shows anything; marks alone do not."""
    if row.value.text or row.label or row.images:
        return True
    walk.told("infoboxes", row.value)
    return False


def _name(attributes: Attributes) -> str | None:
    """The first class that is no microformat and no matter of looks: `taxobox`, `Infobox_settlement`."""
    names = [name for name in (attributes.get("class") or "").split() if name not in _NO_NAMES]
    return next((name for name in names if not name.startswith(("infobox", "portable", "pi-"))), None)


def _fields(walk: Walk, rows: list[Row]) -> Iterator[InfoboxField]:
    """The rows as fields. A heading is the group of those below it; one without any is a field without label."""
    group: str | None = None
    for row, below in zip(rows, [*rows, None][1:], strict=True):
        label = walk.told("infoboxes", row.label).rstrip(":\uff1a ") if row.label else None
        text = walk.told("infoboxes", row.value)
        if row.kind == "head" and below is not None and below.kind != "head":
            group = text
        else:
            group = None if row.kind == "head" else group
            yield InfoboxField(group=group, label=label or None, text=text, links=links(row.value), images=row.images)


def _rows(walk: Walk, node: LexborNode) -> Iterator[Row]:
    """The rows of a box in order; neighbours that are no rows make one together."""
    beside: list[LexborNode] = []
    for child in node.iter(include_text=True):
        if not _holds_rows(child):
            beside.append(child)
            continue
        yield from _lone(walk, beside)
        beside = []
        yield from _row(walk, child)
    yield from _lone(walk, beside)


def _holds_rows(node: LexborNode) -> bool:
    tag = node.tag or "-text"
    if tag in ("-text", "a", "span", "b", "i", "br"):
        return False
    return tag in ("tr", "caption", "p", "div", "h2", "h3", *_PARTS) or node.css_first(_INNER) is not None


def _row(walk: Walk, node: LexborNode) -> Iterator[Row]:
    attributes = node.attributes
    action = walk.rules.action(node.tag or "", attributes, node)
    classes = (attributes.get("class") or "").split()
    if action and action.name != "infobox":
        walk.obey(action, node, attributes)
    elif node.tag == "tr":
        yield from _cells(walk, node)
    elif "pi-data" in classes:
        yield from _portable(walk, node)
    elif node.tag in _PARTS or node.css_first(_INNER) not in (None, node):
        yield from _rows(walk, node)
    else:
        heads = node.tag in ("h2", "h3") or "pi-header" in classes or _precedes_rows(node)
        yield from _lone(walk, [node], "head" if heads else "lone")


def _precedes_rows(node: LexborNode) -> bool:
    """Whether a paragraph stands right before a table of the box, as a heading does."""
    after = node.next
    while after is not None and after.tag == "-text" and not (after.text_content or "").strip():
        after = after.next
    return after is not None and after.tag == "table"


def _lone(walk: Walk, nodes: list[LexborNode], kind: str = "lone") -> Iterator[Row]:
    """A text across the whole box."""
    known = len(walk.sections[-1].images)
    run = walk.run_of(*nodes)
    yield Row(kind, None, run, tuple(walk.sections[-1].images[known:]))


def _cells(walk: Walk, row: LexborNode) -> Iterator[Row]:
    """A row of a table: one cell alone is a text across, a first header the label of the rest."""
    cells = [cell for cell in row.iter() if cell.tag not in UNSEEN]
    known = len(walk.sections[-1].images)
    runs = [walk.run(cell) for cell in cells]
    images = tuple(walk.sections[-1].images[known:])
    filled = [run for run in runs if run.text]
    for run in runs if len(runs) > 1 else ():
        if not run.text:                 # it may have marks
            walk.told("infoboxes", run)
    if len(cells) == 1:
        yield Row("head" if cells[0].tag == "th" else "lone", None, runs[0], images)
    elif len(filled) > 1:
        yield Row("field", filled[0], join(filled[1:], LINE_BREAK), images)
    elif filled or images:
        label = runs[0] if runs[0].text else None
        yield Row("field", label, Run("", []) if label or not filled else filled[0], images)


def _portable(walk: Walk, node: LexborNode) -> Iterator[Row]:
    """Fandom's label and value (dev.fandom.com, Portable infoboxes)."""
    known = len(walk.sections[-1].images)
    label = next((walk.run(part) for part in node.css(".pi-data-label")), None)
    values = [walk.run(part) for part in node.iter(include_text=True) if not _is_label(part)]
    value = join([run for run in values if run.text], LINE_BREAK)
    yield Row("field", label, value, tuple(walk.sections[-1].images[known:]))


def _is_label(node: LexborNode) -> bool:
    return node.tag == "-text" or "pi-data-label" in (node.attributes.get("class") or "")
