"""Lists in HTML: depth-coded items as nested lists, numbers kept, what has no marker as definitions."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sectionary.cleaners.section import Item, List
from sectionary.output.htmltext import escaped, linked, pieces
from sectionary.output.markescape import Text

_NUMBER = re.compile(r"(-?[0-9]{1,9})[.)]")
_BULLETS = frozenset({"-", "*", "+", "•"})
_INDENT = 2                              # columns a level in the text of a list block


def nested_list(data: List, text: Text) -> str:
    """A list block as ul, ol and dl elements. `text` is the block's."""
    nest = _Nest()
    for item, own in zip(data.items, _item_texts(data.items, text), strict=True):
        nest.add(item, linked(own))
    return nest.html()


class _Open(NamedTuple):
    """A list that later items may go on; `number` is the one its next item has by itself."""

    depth: int
    tag: str
    end: str                             # of the entry under way
    number: int


class _Nest:
    """Lists under way, from the outermost to the one that the last item is in; no recursion, however deep."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._parts: list[str] = []

    def add(self, item: Item, words: str) -> None:
        """Append an item, `words` in HTML. One without marker goes on with a marked one beside it."""
        while self._open and self._open[-1].depth > item.depth:
            self._close()
        tag = _tag(item)
        beside = self._open[-1].tag if self._open and self._open[-1].depth == item.depth else None
        if tag == "dl" and beside in {"ul", "ol"} and not item.term:
            self._parts.append(f"<div>{words}</div>")
            return
        if beside == tag:
            self._next(item, words)
        else:
            if beside:
                self._close()
            self._first(item, tag, words)

    def html(self) -> str:
        """Close all that is open and return the whole."""
        while self._open:
            self._close()
        return "".join(self._parts).lstrip("\n")

    def _close(self) -> None:
        last = self._open.pop()
        self._parts.append(f"{last.end}\n</{last.tag}>")

    def _first(self, item: Item, tag: str, words: str) -> None:
        number = _number(item.marker) or 0
        start = f' start="{number}"' if tag == "ol" and number != 1 else ""
        self._parts.append(f"\n<{tag}{start}>")
        self._enter(item, tag, "", words)

    def _next(self, item: Item, words: str) -> None:
        last = self._open.pop()
        number = _number(item.marker)
        self._parts.append(last.end)
        self._enter(item, last.tag, f' value="{number}"' if number not in {None, last.number} else "", words)

    def _enter(self, item: Item, tag: str, marks: str, words: str) -> None:
        entry = ("dt" if item.term else "dd") if tag == "dl" else "li"
        self._parts.append(f"\n<{entry}{marks}{_own_marker(item, tag)}{words}")
        self._open.append(_Open(item.depth, tag, f"</{entry}>", (_number(item.marker) or 0) + 1))


def _tag(item: Item) -> str:
    """The list an item belongs to; one without marker is a definition, or text indented like one."""
    if not item.marker:
        return "dl"
    return "ul" if _number(item.marker) is None else "ol"


def _number(marker: str) -> int | None:
    found = _NUMBER.fullmatch(marker)
    return int(found[1]) if found else None


def _own_marker(item: Item, tag: str) -> str:
    """The end of the entry's tag, and a marker that no list writes by itself."""
    return f' class="marked">{escaped(item.marker)} ' if tag == "ul" and item.marker not in _BULLETS else ">"


def _item_texts(items: Iterable[Item], text: Text) -> Iterator[Text]:
    """The items' texts with their links: each on its own line of the block, behind indent and marker."""
    starts: list[tuple[int, str]] = []
    at = 0
    for item in items:
        at += _INDENT * item.depth + (len(item.marker) + 1 if item.marker else 0)
        starts.append((at, item.text))
        at += len(item.text) + 1
    return pieces(text, starts)
