"""Reading: what an extractor says of one page, and how HTML becomes one.

Gold and every extractor that answers in HTML go through the same `reading_of`, so that what is compared is what
they kept and under which element, never how somebody prints it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

import pandas as pd
from lxml import etree, html

Grid = tuple[tuple[str, ...], ...]
Words = Counter[str]

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Elements that say what their text is. The outermost one counts: a list in a cell is part of the table.
TYPES = {
    **dict.fromkeys(HEADINGS, "heading"),
    **dict.fromkeys(("ul", "ol", "dl"), "list"),
    "table": "table",
    "blockquote": "quote",
    "pre": "code",
}
# Elements that do not end a word or a line (HTML Standard, phrasing content without replaced elements).
INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "mark", "q", "rb", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
    "tt", "u", "var", "wbr",
})  # fmt: skip
SILENT = frozenset({"script", "style", "template", "head", "noscript"})
FILLED = "\N{PILCROW SIGN}"                            # no letter, so that it vanishes from the words
POWER = re.compile(r"[-+\u2212]?\d+[-+\u2212]?")          # 10<sup>6</sup> is not 106
TEX = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]|\$[^$]+\$", re.DOTALL)
MARK = re.compile(r"\[[^\[\]]{0,12}\d+\]")            # a reference mark that was left: [12], [note 1]
# Scripts that write no space between words: each letter counts as a word.
UNSPACED = "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")


@dataclass(frozen=True)
class Block:
    """A run of text under one type: heading, paragraph, list, table, quote or code; `level` is a heading's.

    The type is layout in a table that may as well lay the page out as hold data.
    """

    type: str
    text: str
    level: int = 0


@dataclass(frozen=True)
class Reading:
    """What an extractor says. None where its output has no place for that: it cannot do the row.

    `headings` tells whether the blocks' headings and their levels mean anything, `typed` whether their types do.
    """

    blocks: tuple[Block, ...]
    tables: tuple[Grid, ...] | None = None
    headings: bool = True
    typed: bool = True
    failure: str = ""                                # what the extractor raised

    @property
    def text(self) -> str:
        """All blocks, each on lines of its own."""
        return "\n".join(block.text for block in self.blocks)


def words(text: str) -> Words:
    """The words of a text: runs of letters and digits, single letters in scripts without spaces."""
    return Counter(WORD.findall(unicodedata.normalize("NFC", text)))


def typed_words(blocks: tuple[Block, ...]) -> Words:
    """The words of blocks, each with its block's type before it."""
    counted: Words = Counter()
    for block in blocks:
        counted.update(f"{block.type}:{word}" for word in words(block.text).elements())
    return counted


def tree_of(markup: str | bytes) -> html.HtmlElement:
    """A document, whatever is missing around it. Bytes are UTF-8, as all our pages are."""
    data = markup.encode("utf-8", "replace") if isinstance(markup, str) else markup
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    return html.document_fromstring(data or b"<p>", parser=parser, ensure_head_body=True)


def reading_of(tree: html.HtmlElement, *, tables: bool = True) -> Reading:
    """The blocks and grids of a tree."""
    return Reading(tuple(blocks_of(tree)), grids_of(tree) if tables else None)


def blocks_of(tree: html.HtmlElement) -> Iterator[Block]:
    """The text of a tree in order, cut where an element that is not inline begins or ends."""
    stack: list[tuple[str, int]] = [("paragraph", 0)]
    parts: list[str] = []
    now = stack[0]
    for kind, text in _pieces(tree, stack):
        if kind is not None and kind != now:
            yield from _block(parts, now)
            parts = []
            now = kind
        if kind is None:
            yield from _block(parts, now)
            parts = []
        else:
            parts.append(text)
    yield from _block(parts, now)


def _block(parts: list[str], kind: tuple[str, int]) -> Iterator[Block]:
    text = " ".join("".join(parts).split())
    if text:
        yield Block(kind[0], text, kind[1])


def _pieces(tree: html.HtmlElement, stack: list[tuple[str, int]]) -> Iterator[tuple[tuple[str, int] | None, str]]:
    """Texts with the type they stand under, and (None, "") where a line ends."""
    silent = 0
    before = ""                                      # the last letter
    for event, node in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        tag = node.tag
        if event in {"start", "end"} and isinstance(tag, str):
            if tag not in INLINE:
                yield (stack[-1], " ") if stack[-1][0] == "heading" and tag == "br" else (None, "")
            if event == "start":
                silent += tag in SILENT
                stack.append(_type(node, stack[-1]))
                if tag == "sup" and POWER.fullmatch(node.text or "") and before.isdigit():
                    yield stack[-1], "^"
                if node.text and not silent:
                    yield stack[-1], node.text
                    before = node.text[-1]
                continue
            silent -= tag in SILENT
            stack.pop()
        if node.tail and not silent and event != "start" and node is not tree:
            yield stack[-1], node.tail
            before = node.tail[-1]


def _type(node: html.HtmlElement, above: tuple[str, int]) -> tuple[str, int]:
    own = TYPES.get(node.tag)
    if own == "table":
        own = "table" if is_data(node) else None if _has_headings(node) else "layout"
    if own is None or (above[0] != "paragraph" and not (own == "code" and above[0] == "list" and _is_numbered(node))):
        return above
    return own, int(node.tag[1]) if own == "heading" else 0


def _is_numbered(listing: html.HtmlElement) -> bool:
    """Whether a listing is a line that a highlighter numbers by a list: all that its item holds."""
    item = listing.getparent()
    return item is not None and item.tag == "li" and item.text_content().strip() == listing.text_content().strip()


def is_data(table: html.HtmlElement) -> bool:
    """Whether a table holds data beyond doubt: two rows and two columns at least, and no heading within."""
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
    widest = max((sum(1 for cell in row if cell.tag in {"td", "th"}) for row in rows), default=0)
    return len(rows) > 1 and widest > 1 and not _has_headings(table)


def _has_headings(table: html.HtmlElement) -> bool:
    return next(table.iterdescendants(*HEADINGS), None) is not None


def grids_of(tree: html.HtmlElement) -> tuple[Grid, ...]:
    """The tables of a tree that hold no other table, each as the grid that pandas reads from it."""
    grids = (grid_of(table) for table in tree.iter("table") if next(table.iterdescendants("table"), None) is None)
    return tuple(grid for grid in grids if grid)


def grid_of(table: html.HtmlElement) -> Grid:
    """The cells of a table with spans filled in, each as its words; empty rows and columns left out.

    Made by pandas.read_html. A sign before each cell's text keeps it from seeing numbers, headers and gaps.
    """
    markup = html.tostring(table, encoding="unicode", with_tail=False)
    markup = re.sub(r"<(/?)(?:thead|tfoot|tbody)\b[^>]*>", "", markup)
    markup = re.sub(r"<[bh]r\b[^>]*>|</(?:p|div|li|dd|dt)>", r" \g<0>", markup)
    markup = re.sub(r"(?<=\d)<sup[^>]*>(?=[-+\u2212]?\d+[-+\u2212]?</sup>)", r"\g<0>^", markup)
    markup = re.sub(r"<t[dh]\b([^>]*)>", rf"<td\1>{FILLED} ", markup).replace("</th>", "</td>")
    try:
        frames = pd.read_html(StringIO(markup), flavor="lxml", keep_default_na=False)
    except (ValueError, etree.Error):
        return ()
    rows = frames[0].to_numpy().tolist()[: len(list(table.iter("tr")))] if frames else []     # spans may run over
    return normal_grid([[cell if isinstance(cell, str) else "" for cell in row] for row in rows])


def normal_grid(rows: list[list[str]]) -> Grid:
    """A grid of cells as words alone, without reference marks, formulas, empty rows and empty columns."""
    cells = [[" ".join(WORD.findall(_bare(cell))) for cell in row] for row in rows]
    filled = [row for row in cells if any(row)]
    width = max(map(len, filled), default=0)
    kept = [column for column in range(width) if any(column < len(row) and row[column] for row in filled)]
    return tuple(tuple(row[column] if column < len(row) else "" for column in kept) for row in filled)


def _bare(cell: str) -> str:
    return TEX.sub(" ", MARK.sub("", unicodedata.normalize("NFC", cell)))
