"""Infoboxes as groups, labels and values: tables of any generation, and Fandom's portable ones."""

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from sectionary.cleaners.fields import Infobox, InfoboxField
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.walk import Walk


def infobox(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """Take an infobox out of the text; its pictures stay the section's."""
    rows = list(_portable(walk, node) if node.tag == "aside" else _tabular(walk, node))
    title = next((text for kind, _, text in rows if kind == "title"), None)
    box = Infobox(
        name=_name(attributes),
        title=title,
        section_index=walk.section_index,
        fields=tuple(_fields(rows)),
    )
    if title or box.fields:
        walk.fields.infoboxes.append(box)


Row = tuple[str, str | None, str]        # kind (title, group, field), label, text


def _name(attributes: Attributes) -> str | None:
    names = [name for name in (attributes.get("class") or "").split() if not name.startswith(("infobox", "portable"))]
    return names[0] if names else None


def _fields(rows: list[Row]) -> Iterator[InfoboxField]:
    """The rows that say something. A group or second title without fields of its own is one, without label."""
    group: str | None = None
    alone: str | None = None
    for kind, label, text in rows:
        if kind == "field":
            alone = None
            yield InfoboxField(group=group, label=label, text=text)
        elif kind == "group":
            if alone:
                yield InfoboxField(group=None, label=None, text=alone)
            group = alone = text
    if alone:
        yield InfoboxField(group=None, label=None, text=alone)


def _tabular(walk: Walk, node: LexborNode) -> Iterator[Row]:
    """The rows of a table infobox: a lone first text is the title, lone headers are groups."""
    titled = False
    for row in _own_rows(node) or [node]:
        cells = [(cell.tag, walk.run(cell).text) for cell in _cells(row)]
        texts = [text for _, text in cells if text]
        if not texts:
            continue
        if len(cells) > 1:
            yield "field", cells[0][1].rstrip(":") or None, "\n".join(text for _, text in cells[1:] if text)
        else:
            yield ("field" if titled and cells[0][0] == "td" else "group" if titled else "title"), None, texts[0]
        titled = True


def _cells(row: LexborNode) -> list[LexborNode]:
    return [cell for cell in row.iter() if cell.tag in ("th", "td")] if row.tag == "tr" else [row]


def _own_rows(node: LexborNode) -> list[LexborNode]:
    """Caption and rows of the box itself, not those of tables in its cells."""
    return [row for row in node.css("caption, tr") if _owner(row) == node.mem_id]


def _owner(row: LexborNode) -> int | None:
    """The table (or box) that a row belongs to."""
    above = row.parent
    while above is not None and above.tag in ("tbody", "thead", "tfoot"):
        above = above.parent
    return above.mem_id if above is not None else None


def _portable(walk: Walk, node: LexborNode) -> Iterator[Row]:
    for part in node.css(".pi-title, .pi-header, .pi-data"):
        classes = (part.attributes.get("class") or "").split()
        if "pi-data" in classes:
            label, value = part.css_first(".pi-data-label"), part.css_first(".pi-data-value")
            if value is not None:
                yield "field", walk.run(label).text if label else None, walk.run(value).text
        elif text := walk.run(part).text:
            yield ("title" if "pi-title" in classes else "group"), None, text
