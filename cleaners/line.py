"""Line: running text as it is collected, with white space folded and places marked.

A mark is a link, a citation or an editors' remark at an offset of the text, in code points. Offsets stay
right while lines become list items, cells, blocks and sections, because `join` moves the marks too.
Marks and runs are made by the thousand, so they are msgspec's, which cost a sixth of named tuples.
"""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from selectolax.lexbor import LexborNode

from sectionary.cleaners.trace import Source, Tracer


class Mark(Struct, gc=False):
    """A place in a text. `kind` is link, citation, tag or, in a trace, source; `data` is what will be said of it."""

    offset: int
    kind: str
    data: tuple[Any, ...]


class Run(Struct, gc=False):
    """Finished text with its marks."""

    text: str
    marks: list[Mark]


class Line:
    """Text under way: runs of white space become one space, none stands at the ends or beside a break.

    `length` counts the text so far; `parts` hold it, each with the space before it.
    """

    __slots__ = ("_begun", "_space", "length", "marks", "parts")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.marks: list[Mark] = []
        self.length = 0
        self._space = False              # white space came since the last word
        self._begun = False              # a word stands on this line, so white space before the next one counts

    def add(self, text: str, _node: LexborNode | None = None) -> None:
        """Append the text of a node. Any Unicode white space folds, no-break spaces included."""
        words = text.split()
        if not words:
            self._space = self._space or bool(text)
            return
        folded = " ".join(words)
        if len(folded) == len(text):     # no white space at its ends
            starts_apart, self._space = self._space, False
        else:
            starts_apart, self._space = self._space or text[0].isspace(), text[-1].isspace()
        if starts_apart and self._begun:
            folded = " " + folded
        self._begun = True
        self.parts.append(folded)
        self.length += len(folded)

    def verbatim(self, text: str) -> None:
        """Append text as it stands: a formula, a listing."""
        if self._begun and self._space:
            text = " " + text
        self.parts.append(text)
        self.length += len(text)
        self._begun = True
        self._space = False

    @property
    def last(self) -> str:
        """The last character, or "" where a space or a new line comes between it and what is added next."""
        return self.parts[-1][-1] if self._begun and not self._space else ""

    def splice(self, run: Run) -> None:
        """Append a finished text as it stands; what is marked in it is marked behind it."""
        self.verbatim(run.text)
        self.marks += [Mark(self.length, mark.kind, mark.data) for mark in run.marks]

    def close_up(self) -> None:
        """Forget white space that came since the last word."""
        self._space = False

    def newline(self) -> None:
        """Break the line, once, unless nothing stands before."""
        if self._begun:
            self.parts.append("\n")
            self.length += 1
            self._begun = False
        self._space = False

    def mark(self, kind: str, *data: str | None) -> None:
        """Mark the end of the text so far."""
        self.marks.append(Mark(self.length, kind, data))

    def sources(self, places: Iterable[Source]) -> None:
        """Mark the places of the page that the text just added was made of; only a trace asks for it."""
        self.marks += [Mark(self.length, "source", place) for place in places]

    def since(self, part: int, length: int) -> tuple[int, str]:
        """Offset and text, without white space at the ends, of what came after so many parts and characters."""
        parts = self.parts
        text = parts[-1] if len(parts) - part == 1 else "".join(parts[part:])
        stripped = text.strip()
        return length if stripped is text else length + len(text) - len(text.lstrip()), stripped

    def run(self) -> Run:
        """The finished text. Marks beyond its end (after a trailing break) move to the end."""
        parts = self.parts
        text = parts[0] if len(parts) == 1 else "".join(parts)
        if not self._begun and parts:
            text = text.rstrip("\n")
            for mark in self.marks:
                mark.offset = min(mark.offset, len(text))
        return Run(text, self.marks)


class TracedLine(Line):
    """A line that marks where in the page its text nodes stand."""

    __slots__ = ("_tracer",)

    def __init__(self, tracer: Tracer) -> None:
        super().__init__()
        self._tracer = tracer

    def add(self, text: str, node: LexborNode | None = None) -> None:
        """Append the text of a node, and mark its place."""
        super().add(text)
        if node is not None:
            self.sources(self._tracer.sources(node))


def join(runs: Iterable[Run], separator: str) -> Run:
    """One run of many; the marks are moved with their texts."""
    texts: list[str] = []
    marks: list[Mark] = []
    start = 0
    for run in runs:
        if run.marks:
            marks += moved(run.marks, start)
        texts.append(run.text)
        start += len(run.text) + len(separator)
    return Run(separator.join(texts), marks)


def moved(marks: list[Mark], distance: int) -> list[Mark]:
    """The same marks, further on."""
    return [Mark(mark.offset + distance, mark.kind, mark.data) for mark in marks]


def prefixed(prefix: str, run: Run) -> Run:
    """The run behind `prefix`."""
    return Run(prefix + run.text, moved(run.marks, len(prefix))) if prefix else run


def split_lines(run: Run) -> list[Run]:
    """The lines of a run, each with the marks that stand in it."""
    lines: list[Run] = []
    start = 0
    for text in run.text.split("\n"):
        end = start + len(text)
        here = [mark for mark in run.marks if (start <= mark.offset if start else True) and mark.offset <= end]
        lines.append(Run(text, moved(here, -start)))
        start = end + 1
    return lines
