"""Infoboxes as groups, labels and values: tables of any generation, boxes of div elements, and Fandom's portable ones.

Whatever stands in a box is in one of its rows: what no table and no label holds is a row without a label.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from sectionary.cleaners.added import LINE_BREAK
from sectionary.cleaners.boxrows import Row, box_rows
from sectionary.cleaners.coordinates import boxed
from sectionary.cleaners.fields import Infobox, InfoboxField
from sectionary.cleaners.line import Run, join, split_lines
from sectionary.cleaners.sections import links
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.tables import table_block
from sectionary.cleaners.walk import Walk

_NAMED = ("ib-", "pi-theme-")            # how English Wikipedia and Fandom name a box's kind among its classes
_DEFAULTS = frozenset({"pi-theme-wikia", "pi-theme-default"})
_TAXA = frozenset({"biota", "taxobox", "taxobox_v3"})
_UNDONE = re.compile(r"\s(?:of|the|and|for|in|de|du|des|la|el|del|di|der|die|und|van|von)$")    # "President of the"
_NAME = ".fn, .org, .summary"
_BULLETS = ("\u2022", "\u00b7", "\u2013", "-")


def infobox(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """Take an infobox out of the text; its pictures stay the section's.

    Below the lead a table of many columns, or one styled as a table of data, is one, whatever else it is called.
    """
    if node.tag == "table" and walk.section_index and _is_data(node, attributes):
        table_block(walk, node, attributes)
        return
    walk.fields.boxed_coordinates = walk.fields.boxed_coordinates or boxed(node)
    rows = [row for row in box_rows(walk, node) if _says(walk, row)]
    at = next((at for at, row in enumerate(rows[:_TITLED]) if row.kind != "field" and row.value.text), None)
    title = None
    if at is not None:
        title, beside = _titled(rows[at], node)
        rows[at:at + 1] = beside
    box = Infobox(
        name=_name(attributes),
        title=walk.told("infoboxes", title) if title else None,
        section_index=walk.section_index,
        fields=tuple(_fields(walk, rows)),
    )
    if title or box.fields:
        walk.fields.infoboxes.append(box)


def _titled(row: Row, box: LexborNode) -> tuple[Run, list[Row]]:
    """The title in a row, and what stands over and under it there as rows: a rank, a name in another language.

    The title is the line that a microformat calls the name (microformats.org, h-card: fn), else the first, if it does
    not end in the middle of a phrase.
    """
    lines = split_lines(row.value)
    if _UNDONE.search(lines[0].text):
        return row.value, []
    named = box.css_first(_NAME) if len(lines) > 1 else None
    name = " ".join(named.text().split()) if named is not None else ""
    at = next((at for at, line in enumerate(lines) if name and line.text == name), 0)
    around = (lines[:at], lines[at + 1:])
    return lines[at], [Row("lone", None, join(part, LINE_BREAK), ()) for part in around if part]


def _is_data(node: LexborNode, attributes: Attributes) -> bool:
    styled = "wikitable" in (attributes.get("class") or "").split()
    rows = node.css("tr") if not styled else ()
    return styled or any(sum(cell.tag in ("td", "th") for cell in row.iter()) >= _MANY for row in rows)


_MANY = 4                                # cells of a row; boxes have a label and a value, or two of each side
_TITLED = 2                              # rows in which a title stands: first, or under a picture


def _says(walk: Walk, row: Row) -> bool:
    """Whether a row says or shows anything; marks alone do not."""
    if row.value.text or row.label or row.images or row.kind == "end":
        return True
    walk.told("infoboxes", row.value)
    return False


def _name(attributes: Attributes) -> str | None:
    """The kind of box that a class names: settlement for ib-settlement, taxobox.

    Parsoid knows the template's name, the parser's HTML does not, and both are to say the same.
    """
    names = [name for name in (attributes.get("class") or "").split() if name not in _DEFAULTS]
    if not _TAXA.isdisjoint(names):
        return "taxobox"
    return next((name.removeprefix(start) for name in names for start in _NAMED if name.startswith(start)), None)


def _fields(walk: Walk, rows: list[Row]) -> Iterator[InfoboxField]:
    """The rows as fields. A heading is the group of those below it; one without any is a field without label.

    Where a group's labels have bullets, it ends before the first that has none; a label without a value is the
    heading of bulleted ones below it.
    """
    group: str | None = None
    bulleted = False
    for row, below in zip(rows, [*rows, None][1:], strict=True):
        label = walk.told("infoboxes", row.label).rstrip(":\uff1a ") if row.label else ""
        text = walk.told("infoboxes", row.value)
        if row.kind == "end":
            group, bulleted = None, False
        elif _heads(row, below):
            group, bulleted = text or label, _bulleted(below)
        else:
            if row.kind in ("head", "below") or (bulleted and not _bulleted(row)):
                group, bulleted = None, False
            yield _field(row, group, label[1:].lstrip() if _bulleted(row) else label, text)


def _field(row: Row, group: str | None, label: str, text: str) -> InfoboxField:
    return InfoboxField(
        group=group,
        label=label or None,
        text=text,
        links=links(row.value),
        images=row.images,
        citations=_citations(row),
    )


def _heads(row: Row, below: Row | None) -> bool:
    """Whether a row is the heading of those below it."""
    if below is None or below.kind in ("head", "end"):
        return False
    if row.kind == "bold":
        return below.kind == "field" and below.label is not None
    if row.kind == "head":
        return bool(row.value.text)
    return row.kind == "field" and (not row.value.text and not row.images and _bulleted(below) and not _bulleted(row))


def _bulleted(row: Row | None) -> bool:
    return row is not None and row.label is not None and row.label.text.startswith(_BULLETS)


def _citations(row: Row) -> tuple[str, ...]:
    """The references that label and value cite, each once."""
    marks = [*(row.label.marks if row.label else ()), *row.value.marks]
    return tuple(dict.fromkeys(mark.data[0] for mark in marks if mark.kind == "citation" and mark.data[0]))
