"""Blocks of plain text: one paragraph a line, lists by their markers, tables by their pipes.

Extractors write a paragraph as one line, so lines are never joined; a blank line says nothing.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import count, groupby
from typing import NamedTuple

from msgspec import structs

from sectionary.cleaners.section import Block, Cell, Item, List, Table

_ITEM = re.compile(r"(?:[-*•]|\d{1,3}[.)]) .+")
_DASHES = re.compile(r":?-{2,}:?")


class TextLine(NamedTuple):
    """A line with white space folded, how many columns it was indented, and where it stands in its text."""

    text: str
    indent: int
    start: int = 0
    end: int = 0


class Found(NamedTuple):
    """A block, or None, the lines it is made of, and how many characters (without white space) a rule took of them."""

    block: Block | None
    lines: Sequence[TextLine]
    rule: str | None = None
    chars: int = 0


def text_lines(text: str) -> Iterator[TextLine]:
    """The lines of `text` that are not blank."""
    start = 0
    for raw in text.splitlines(keepends=True):
        if not raw.isspace():
            yield text_line(raw, start)
        start += len(raw)


def text_line(raw: str, at: int = 0) -> TextLine:
    """`raw`, which begins at `at`, with white space folded; tabs indent to the next multiple of four."""
    wide = raw.expandtabs(4)
    start = at + len(raw) - len(raw.lstrip())
    return TextLine(" ".join(raw.split()), len(wide) - len(wide.lstrip()), start, at + len(raw.rstrip()))


def visible(text: str) -> int:
    """How many characters of `text` are not white space."""
    return len("".join(text.split()))


def is_item(text: str) -> bool:
    """Whether a line looks like a list item."""
    return _ITEM.fullmatch(text) is not None


def is_empty_row(text: str) -> bool:
    """Whether a line is the skeleton of a table: pipes and dashes alone."""
    return "|" in text and not text.strip("|-: ")


def text_blocks(lines: Sequence[TextLine]) -> Iterator[Found]:
    """The blocks of `lines`, none of which is blank, and what was mere markup of tables.

    Each character of the lines is in a block's text, list or cells, or counted under a rule.
    """
    numbers = count()
    for kind, group in groupby(lines, key=_kind):
        for found in _READERS[kind](list(group)):
            block = found.block and structs.replace(found.block, i=next(numbers))
            yield found._replace(block=block)


def _kind(line: TextLine) -> str:
    if line.text.startswith("|") or line.text.endswith("|"):
        return "table"
    if is_item(line.text):
        return "list"
    return "table" if "|" in line.text else "paragraph"


def _paragraphs(lines: Sequence[TextLine]) -> Iterator[Found]:
    for line in lines:
        yield Found(Block(i=0, type="paragraph", text=line.text), [line])


def _lists(lines: Sequence[TextLine]) -> Iterator[Found]:
    """One list; but a single line that begins with a number is a sentence ("14. Juli 1789 …")."""
    if len(lines) == 1 and lines[0].text[0].isdigit():
        yield from _paragraphs(lines)
        return
    items = tuple(_items(lines))
    kind = "ol" if items[0].marker[0].isdigit() else "ul"
    text = "\n".join(f"{'  ' * item.depth}{item.marker} {item.text}" for item in items)
    yield Found(Block(i=0, type="list", text=text, list=List(kind=kind, items=items)), lines)


def _items(lines: Sequence[TextLine]) -> Iterator[Item]:
    indents: list[int] = []
    for line in lines:
        while indents and indents[-1] >= line.indent:
            indents.pop()
        marker, _, text = line.text.partition(" ")
        yield Item(depth=len(indents), marker=marker, term=False, text=text)
        indents.append(line.indent)


def _tables(lines: Sequence[TextLine]) -> Iterator[Found]:
    """The tables in a run of lines with pipes; what has a pipe but no columns is a paragraph."""
    run: list[TextLine] = []
    for line in lines:
        if _is_rule(line.text) and len(run) > 1:
            yield from _table(run[:-1])
            run = run[-1:]
        run.append(line)
    yield from _table(run)


def _table(lines: Sequence[TextLine]) -> Iterator[Found]:
    ruled = len(lines) > 1 and _is_rule(lines[1].text) and not is_empty_row(lines[0].text)
    rows = [_cells(line.text) for line in lines if not is_empty_row(line.text)]
    if not ruled and not _is_grid(rows):
        yield from _no_table(lines)
        return
    grid = _filled(rows)
    block = Block(i=0, type="table", text="\n".join(map(" | ".join, grid)), table=_as_table(grid, int(ruled)))
    spent = sum(visible(line.text) for line in lines) - sum(visible(cell) for row in grid for cell in row)
    yield Found(block, lines, "text.table-markup", spent)


def _is_grid(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows make a table without a header: several of one width, of two columns or more."""
    return len(rows) > 1 and len({len(row) for row in rows}) == 1 and len(rows[0]) > 1


def _no_table(lines: Sequence[TextLine]) -> Iterator[Found]:
    for line in lines:
        if is_empty_row(line.text):
            yield Found(None, [line], "text.empty-table", visible(line.text))
        else:
            yield from _paragraphs([line])


def _as_table(grid: tuple[tuple[str, ...], ...], header_rows: int) -> Table:
    cells = tuple(
        Cell(r=r, c=c, rs=1, cs=1, is_header=r < header_rows, text=text)
        for r, row in enumerate(grid)
        for c, text in enumerate(row)
    )
    return Table(
        id=None,
        caption=None,
        n_rows=len(grid),
        n_cols=len(grid[0]),
        header_rows=header_rows,
        header_cols=0,
        cells=cells,
        grid=grid,
    )


def _cells(text: str) -> list[str]:
    inner = text.removeprefix("|").removesuffix("|")
    return [cell.strip() for cell in inner.split("|")]


def _filled(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    width = max(len(row) for row in rows)
    return tuple((*row, *[""] * (width - len(row))) for row in rows)


def _is_rule(text: str) -> bool:
    """Whether a line is the rule under a table's header: "---|---"."""
    return "|" in text and all(_DASHES.fullmatch(cell) for cell in _cells(text))


_READERS = {"paragraph": _paragraphs, "list": _lists, "table": _tables}
