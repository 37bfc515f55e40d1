"""Lists in Markdown: nested by indentation, numbers kept, definitions below their terms in bold."""

import re
from collections.abc import Iterator

from msgspec import Struct

from sectionary.cleaners.section import Item, List
from sectionary.output.markescape import Text, formatted

_NUMBER = re.compile(r"\d{1,9}[.)]")
_BULLETS = {"-", "*", "+", "•"}
_TASK = re.compile(r"\[[ xX]\](?=\s)")
_INDENT = 2  # columns a level in the text of a list block


class _Open(Struct, frozen=True, gc=False):
    """An item that later ones may go on or stand below; its own text begins at `column`."""

    depth: int
    term: bool
    marker: str
    column: int


def marked_list(data: List, text: Text, *, other_style: bool) -> str:
    """A list block as Markdown. `text` is the block's.

    `other_style` takes the second kind of markers ("*", "1)"), without which CommonMark would read two lists
    in a row as one.
    """
    lines: list[str] = []
    open_items: list[_Open] = []
    for item, own in zip(data.items, _item_texts(data, text), strict=True):
        if _goes_on(open_items, item):
            indent = " " * open_items[-1].column
            lines += ["", indent + formatted(own, indent)]
            continue
        deeper = bool(open_items) and open_items[-1].depth < item.depth
        column = _column_above(open_items, item)
        marker = _marker(item, other_style=other_style)
        open_items.append(_Open(item.depth, item.term, item.marker, column + len(marker) + 1))
        if deeper and _starts_late(marker):
            lines.append("")
        lines.append(_line(item, own, marker, column))
    return "\n".join(lines)


def _goes_on(open_items: list[_Open], item: Item) -> bool:
    """Whether `item` goes on with the last one of its depth, after a list inside of that."""
    if item.marker or item.term:
        return False
    while open_items and open_items[-1].depth > item.depth:
        open_items.pop()
    return bool(open_items and open_items[-1].depth == item.depth and open_items[-1].marker)


def _column_above(open_items: list[_Open], item: Item) -> int:
    """Where the text of the item above `item` begins; a definition stands below its term."""
    while open_items:
        above = open_items[-1]
        if above.depth < item.depth or (above.depth == item.depth and above.term and not item.term):
            return above.column
        open_items.pop()
    return 0


def _line(item: Item, text: Text, marker: str, column: int) -> str:
    indent = " " * (column + len(marker) + 1)
    words = formatted(text, indent)
    if item.term and words:
        words = f"**{words}**"
    if item.marker and not _is_usual(item.marker):
        words = f"{item.marker} {words}"
    if words.startswith("[") and _TASK.match(words):
        words = f"\\{words}"
    return f"{' ' * column}{marker} {words}".rstrip()


def _is_usual(marker: str) -> bool:
    """Whether Markdown has this marker too."""
    return marker in _BULLETS or _NUMBER.fullmatch(marker) is not None


def _marker(item: Item, *, other_style: bool) -> str:
    if item.marker in _BULLETS or not _NUMBER.fullmatch(item.marker):
        return "*" if other_style else "-"
    return f"{item.marker[:-1]})" if other_style else item.marker


def _starts_late(marker: str) -> bool:
    """Whether a list beginning with `marker` needs a blank line before it (CommonMark 0.31, section 5.3)."""
    return marker[:-1].isdigit() and int(marker[:-1]) != 1


def _item_texts(data: List, text: Text) -> Iterator[Text]:
    """The items' texts with their links: each on its own line of the block, behind indent and marker."""
    ranges: list[tuple[int, int]] = []
    at = 0
    for item in data.items:
        start = at + _INDENT * item.depth + (len(item.marker) + 1 if item.marker else 0)
        if not text.text.startswith(item.text, start):
            return (Text(item.text) for item in data.items)
        at = start + len(item.text)
        ranges.append((start, at))
        at += 1
    return text.parts(ranges)
