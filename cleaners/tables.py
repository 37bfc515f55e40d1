"""Tables: cells with spans, and the grid they fill (HTML Standard, section 4.9.12, forming a table)."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from msgspec import Struct
from selectolax.lexbor import LexborNode

from sectionary.cleaners.added import CELL_SEPARATOR, LINE_BREAK, ROW_SEPARATOR
from sectionary.cleaners.anchors import authored
from sectionary.cleaners.drafts import Draft
from sectionary.cleaners.line import Mark, Run, join
from sectionary.cleaners.section import Cell, Table
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.visible import UNSEEN, ink
from sectionary.cleaners.walk import Walk

MAX_SPAN = 1_000                         # the HTML Standard's own bound for colspan
MAX_GRID = 200_000                       # places; beyond it a table keeps its cells and gets no grid
MAX_SPREAD = 2_000_000                   # characters and places that a page's spans and gaps may add to its cells
SPREAD = f"spans and gaps of tables come to more than {MAX_SPREAD} places and characters"
_ROWS = frozenset({"tr"})
_PARTS = frozenset({"tr", "tbody", "thead", "tfoot"})
_CELLS = frozenset({"td", "th"})
_CAPTIONS = frozenset({"caption"})
_GENERIC = frozenset({"div", "span"})
_ROLES = {                               # WAI-ARIA 1.2, section 5.4
    "rowgroup": "tbody", "row": "tr", "cell": "td", "gridcell": "td", "columnheader": "th", "rowheader": "th",
    "caption": "caption",
}  # fmt: skip
_BLOCKS = "p, ul, ol, dl, table, pre, blockquote, figure, h1"
DATA = "wikitable"                      # the class of tables that hold data, in every MediaWiki


class CellDraft(Struct, gc=False):
    """A cell under way, placed on the grid."""

    row: int
    column: int
    rows: int
    columns: int
    header: bool
    run: Run
    inner: list[Draft] = []


def table_block(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """Append a table block. A table that only lays the page out has none: its content flows."""
    groups = list(_groups(walk, node))
    rows = [row for group in groups for row in group]
    if attributes.get("role") == "presentation" or _lays_out(node, rows, attributes) or _holds_sections(walk, node):
        known = len(walk.sections)
        walk.end_paragraph()
        _flow_layout(walk, node)
        walk.end_paragraph()
        opened = (section.heading for section in walk.sections[known:])
        walk.warnings += [f"heading in a table: {heading.text}" for heading in opened if heading]
        return
    caption = _caption(walk, node)
    cells = list(place(walk, groups))
    if any(cell.run.text for cell in cells) or caption.text:
        inner = (draft for cell in cells for draft in cell.inner)
        walk.block_with(_block(walk, authored(attributes.get("id")), caption, cells), inner)
    else:                                # marks alone wait for the next text
        marks = (mark for cell in cells for mark in cell.run.marks)
        walk.line.marks += [Mark(walk.line.length, mark.kind, mark.data) for mark in marks]


def _holds_sections(walk: Walk, node: LexborNode) -> bool:
    """Whether headings stand in the cells: the page's sections, laid out side by side."""
    return not walk.nested and node.css_first("h2, h3, h4, h5, h6") is not None


def _lays_out(node: LexborNode, rows: list[LexborNode], attributes: Attributes) -> bool:
    """Whether it sets things side by side: a single cell, or one row without headers where a cell holds blocks.

    So it does where one cell speaks and pictures stand in the others.
    """
    if len(rows) != 1:
        return False
    cells = list(_children(rows[0], _CELLS))
    if len(cells) == 1:
        return True
    plain = (attributes.get("border") or "0") == "0" and DATA not in (attributes.get("class") or "").split()
    return (
        plain
        and all(tag == "td" for tag, _ in cells)
        and not any(True for _ in _children(node, _CAPTIONS))
        and (any(cell.css_first(_BLOCKS) is not None for _, cell in cells) or sum(map(_speaks, cells)) == 1)
    )


def _speaks(cell: tuple[str, LexborNode]) -> bool:
    return bool(ink(cell[1].text()))


def _flow_layout(walk: Walk, node: LexborNode) -> None:
    for part in node.iter():
        if part.tag in ("tbody", "thead", "tfoot", "tr", "td", "th", "caption"):
            walk.end_paragraph()
            if walk.removes(part):
                continue
            walk.flow(part) if part.tag in {"td", "th", "caption"} else _flow_layout(walk, part)
            walk.end_paragraph()
        elif part.tag not in UNSEEN:
            walk.element(part.tag or "", part)


def _groups(walk: Walk, node: LexborNode) -> Iterator[list[LexborNode]]:
    """The rows of a table by row group, the foot last as a browser shows it, never those of a table in a cell."""
    parts = list(_children(node, _PARTS))
    for tag, part in (*(each for each in parts if each[0] != "tfoot"), *(each for each in parts if each[0] == "tfoot")):
        rows = [part] if tag == "tr" else [row for _, row in _children(part, _ROWS)]
        yield [row for row in rows if not _is_removed(walk, row)]


def _children(node: LexborNode, tags: frozenset[str]) -> Iterator[tuple[str, LexborNode]]:
    """The children of these tags, or of the roles that elements without a meaning have in their place."""
    child = node.child
    while child is not None:
        tag = child.tag
        if tag in _GENERIC:
            tag = _ROLES.get(child.attributes.get("role") or "")
        if tag in tags:
            yield tag, child
        child = child.next


def _caption(walk: Walk, node: LexborNode) -> Run:
    captions = [walk.run(part) for _, part in _children(node, _CAPTIONS)]
    return join([caption for caption in captions if caption.text], LINE_BREAK)


def place(walk: Walk, groups: list[list[LexborNode]]) -> Iterator[CellDraft]:
    """The cells of the rows, each where the spans of those before leave room for it. No span leaves its row group.

    A row without cells that no span reaches into is none. The work is that of the cells and of the places they cover,
    which `_affordable` bounds: else a table of 35 KB, whose cells all reach down a thousand rows, would take half a
    minute.
    """
    first = 0
    for rows in groups:
        taken: dict[int, int] = {}       # column → first row where it is free again
        number = reached = first
        last = first + len(rows)
        for row in rows:
            column = 0
            for tag, cell in _children(row, _CELLS):
                attributes = cell.attributes
                if walk.removes(cell):   # a browser gives what is hidden no place on the grid
                    continue
                while taken.get(column, 0) > number:
                    column += 1
                columns = _span(attributes, "colspan")
                height = _span(attributes, "rowspan", last - number)
                run, inner = walk.run_and_inner(cell)
                if columns * height > 1 and not _affordable(walk, (columns * height - 1) * (len(run.text) + 1)):
                    columns = height = 1
                yield CellDraft(number, column, height, columns, tag == "th", run, inner)
                for covered in range(column, column + columns):
                    taken[covered] = number + height
                column += columns
                reached = max(reached, number + height)
            if column or reached > number:
                number += 1
            else:
                last -= 1
        first = number


def _is_removed(walk: Walk, row: LexborNode) -> bool:
    """Whether a rule takes the row away, and then it is done; it has no place on the grid, nor do spans count it."""
    action = walk.rules.action("tr", row.attributes, row)
    if action is None or action.kind != "remove":
        return False
    walk.remove(action.name, row)
    return True


def _affordable(walk: Walk, spread: int) -> bool:
    """Whether the page may say so much more often what its tables' cells say once; if so, it is counted."""
    if walk.spread + spread > MAX_SPREAD:
        walk.warnings.append(SPREAD)
        return False
    walk.spread += spread
    return True


def _span(attributes: Attributes, name: str, limit: int = MAX_SPAN) -> int:
    """A span attribute within bounds; 0 means to the end (rowspan), nonsense means 1."""
    value = attributes.get(name)
    if value is None and "role" in attributes:
        value = attributes.get(f"aria-{name}")
    if not value or not (value := value.strip()).isdecimal():
        return 1
    number = int(value[:6])
    return min(number or (limit if name == "rowspan" else 1), limit, MAX_SPAN)


def _block(walk: Walk, table_id: str | None, caption: Run, cells: list[CellDraft]) -> Draft:
    data = _data(walk, table_id, caption.text or None, cells)
    rows = (join(map(_on_one_line, row), CELL_SEPARATOR) for _, row in groupby(cells, key=attrgetter("row")))
    lines = [run for run in (caption, *rows) if run.text.strip(" |")]
    return Draft("table", join(lines, ROW_SEPARATOR), {"table": data})


def _on_one_line(cell: CellDraft) -> Run:
    if "\n" not in cell.run.text:
        return cell.run
    return Run(cell.run.text.replace("\n", " "), list(map(_mark_on_one_line, cell.run.marks)))


def _mark_on_one_line(mark: Mark) -> Mark:
    """The mark, a link's with its text as the row now has it."""
    text = mark.data[0] if mark.kind == "link" else None
    return Mark(mark.offset, mark.kind, (text.replace("\n", " "), *mark.data[1:])) if text else mark


def _data(walk: Walk, table_id: str | None, caption: str | None, cells: list[CellDraft]) -> Table:
    n_rows = max((cell.row + cell.rows for cell in cells), default=0)
    n_cols = max((cell.column + cell.columns for cell in cells), default=0)
    header_rows = min((cell.row for cell in cells if not cell.header), default=n_rows)
    return Table(
        id=table_id,
        caption=caption,
        n_rows=n_rows,
        n_cols=n_cols,
        header_rows=header_rows,
        header_cols=min((cell.column for cell in cells if cell.row >= header_rows and not cell.header), default=0),
        cells=tuple([
            Cell(r=each.row, c=each.column, rs=each.rows, cs=each.columns, is_header=each.header, text=each.run.text)
            for each in cells
        ]),
        grid=_grid(walk, n_rows, n_cols, cells),
    )


def _grid(walk: Walk, n_rows: int, n_cols: int, cells: list[CellDraft]) -> tuple[tuple[str, ...], ...]:
    """The filled grid; none where it is too large, or where a page's tables are mostly places without a cell."""
    gaps = n_rows * n_cols - len(cells)
    if n_rows * n_cols > MAX_GRID or not _affordable(walk, max(gaps, 0)):
        return ()
    grid = [[""] * n_cols for _ in range(n_rows)]
    for cell in cells:
        for row in grid[cell.row : cell.row + cell.rows]:
            row[cell.column : cell.column + cell.columns] = [cell.run.text] * cell.columns
    return tuple(map(tuple, grid))
