"""Blocks of a record in HTML: their text as it is written, links underlined, tables as their cells."""

from collections.abc import Iterator
from operator import attrgetter

from msgspec import Struct

from sectionary.cleaners.section import Block, Cell, Section, Table
from sectionary.output.htmltext import block_texts, escaped
from sectionary.output.markescape import Text


class ShownBlock(Struct, frozen=True, kw_only=True):
    """A block as the template needs it; `html` is harmless: escaped text, and no address but as a title."""

    i: int
    type: str
    lang: str | None
    dir: str | None
    html: str


def shown_blocks(section: Section) -> Iterator[ShownBlock]:
    """The blocks of a section, in order."""
    for block, text in block_texts(section, {}):
        yield ShownBlock(i=block.i, type=block.type, lang=block.lang, dir=block.dir, html=_html(block, text))


def _html(block: Block, text: Text) -> str:
    if block.table is not None:
        return _table(block.table)
    if block.figure is not None and not text.text:
        return f'<span class="soft">{escaped(block.figure.file or block.figure.src)}</span>'
    return _linked(text)


def _linked(text: Text) -> str:
    pieces: list[str] = []
    at = 0
    for span in text.spans:
        start, end = span.start - text.at, span.end - text.at
        link = f'<span class="a" title="{escaped(span.url)}">{escaped(text.text[start:end])}</span>'
        pieces += (escaped(text.text[at:start]), link)
        at = end
    return "".join((*pieces, escaped(text.text[at:])))


def _table(table: Table) -> str:
    rows: list[list[str]] = [[] for _ in range(table.n_rows)]
    for cell in sorted(table.cells, key=attrgetter("r", "c")):
        rows[cell.r].append(_cell(cell))
    caption = f"<caption>{escaped(table.caption)}</caption>" if table.caption else ""
    return "".join(("<table>", caption, *(f"<tr>{''.join(row)}</tr>" for row in rows), "</table>"))


def _cell(cell: Cell) -> str:
    tag = "th" if cell.is_header else "td"
    spans = {"rowspan": cell.rs, "colspan": cell.cs}
    marks = "".join(f' {name}="{count}"' for name, count in spans.items() if count != 1)
    return f"<{tag}{marks}>{escaped(cell.text)}</{tag}>"
