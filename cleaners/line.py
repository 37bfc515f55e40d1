"""Line: running text as it is collected, with white space folded and places marked.

A mark is a link, a citation or an editors' remark at an offset of the text, in code points. Offsets stay
right while lines become list items, cells, blocks and sections, because `join` moves the marks too.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Mark(NamedTuple):
    """A place in a text. `kind` is link, citation or tag; `data` is what the section will say of it."""

    offset: int
    kind: str
    data: tuple[str | None, ...]

    def moved(self, distance: int) -> "Mark":
        """The same, further on."""
        return Mark(self.offset + distance, self.kind, self.data)


class Run(NamedTuple):
    """Finished text with its marks."""

    text: str
    marks: list[Mark]


class Line:
    """Text under way: runs of white space become one space, none stands at the ends or beside a break."""

    __slots__ = ("_parts", "_space", "length", "marks")

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._space = False
        self.length = 0
        self.marks: list[Mark] = []

    def add(self, text: str) -> None:
        """Append text of the page. Any Unicode white space folds, no-break spaces included."""
        words = text.split()
        if not words:
            self._space = self._space or bool(text)
            return
        if (self._space or text[0].isspace()) and self.length and self._parts[-1] != "\n":
            self._append(" ")
        self._append(words[0] if len(words) == 1 else " ".join(words))
        self._space = text[-1].isspace()

    def verbatim(self, text: str) -> None:
        """Append text as it stands: a formula, a listing."""
        if self._space and self.length and self._parts[-1] != "\n":
            self._append(" ")
        self._append(text)
        self._space = False

    def newline(self) -> None:
        """Break the line, once, unless nothing stands before."""
        if self.length and self._parts[-1] != "\n":
            self._append("\n")
        self._space = False

    def mark(self, kind: str, *data: str | None, at: int | None = None) -> None:
        """Mark a place, by default the end of the text so far."""
        self.marks.append(Mark(self.length if at is None else at, kind, data))

    def since(self, place: tuple[int, int]) -> tuple[int, str]:
        """Offset and text, both without white space at the ends, of what came since `place`."""
        parts, length = place
        text = "".join(self._parts[parts:])
        return length + len(text) - len(text.lstrip()), text.strip()

    def place(self) -> tuple[int, int]:
        """Where the line is now, for `since`."""
        return len(self._parts), self.length

    def run(self) -> Run:
        """The finished text. Marks beyond its end (after a trailing break) move to the end."""
        text = "".join(self._parts).rstrip("\n")
        if len(text) < self.length:
            self.marks = [mark.moved(min(0, len(text) - mark.offset)) for mark in self.marks]
        return Run(text, self.marks)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self.length += len(text)


def join(runs: Iterable[Run], separator: str) -> Run:
    """One run of many; the marks are moved with their texts."""
    texts: list[str] = []
    marks: list[Mark] = []
    length = 0
    for text, own in runs:
        if texts:
            length += len(separator)
        marks += [mark.moved(length) for mark in own] if length else own
        texts.append(text)
        length += len(text)
    return Run(separator.join(texts), marks)


def prefixed(prefix: str, run: Run) -> Run:
    """The run behind `prefix`."""
    return join((Run(prefix, []), run), "") if prefix else run
