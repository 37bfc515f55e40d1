"""Owners: which block, field or removal each character of an extracted text went to, as `Trace` tells it.

What a trace is for HTML (`cleaners.trace`), with the whole text as S: lines are taken whole, but for names in a
credit, edit marks beside a heading, and the markup of tables.
"""

import re
from collections.abc import Iterable

from sectionary.cleaners.textblocks import TextLine, is_empty_row, visible
from sectionary.cleaners.trace import Span, Trace

_PIPES_OR_CELL = re.compile(r"[|]+|[^|]+")


class Owners:
    """The spans of one text, taken down while it is read; each piece is told once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans: list[Span] = []

    def lines(self, owner: str, lines: Iterable[TextLine]) -> None:
        """Whole lines."""
        for line in lines:
            self._own(owner, line.start, line.end)

    def rows(self, owner: str, lines: Iterable[TextLine], markup: str) -> None:
        """The rows of a table: cells are `owner`'s, pipes and the lines between rows are `markup`'s."""
        for line in lines:
            if is_empty_row(line.text):
                self._own(markup, line.start, line.end)
                continue
            for piece in _PIPES_OR_CELL.finditer(self._text, line.start, line.end):
                self._own(markup if piece[0].startswith("|") else owner, piece.start(), piece.end())

    def heading(self, owner: str, line: TextLine, mark: str) -> None:
        """A heading with an edit mark after it, or before."""
        if line.text.endswith(mark):
            cut = self._behind(line, visible(line.text) - visible(mark))
            self._own(owner, line.start, cut)
            self._own("removal:text.edit-marker", cut, line.end)
        else:
            cut = self._behind(line, visible(mark))
            self._own("removal:text.edit-marker", line.start, cut)
            self._own(owner, cut, line.end)

    def names(self, names: Iterable[str], line: TextLine, rule: str) -> None:
        """Names that became contributors; the rest of their line is the rule's."""
        at = line.start
        for name in names:
            words = re.compile(r"\s+".join(map(re.escape, name.split())))
            if found := words.search(self._text, at, line.end):
                self._own(f"removal:{rule}", at, found.start())
                self._own("field:contributors", found.start(), found.end())
                at = found.end()
        self._own(f"removal:{rule}", at, line.end)

    def trace(self) -> Trace:
        """The text and its spans, in order."""
        return Trace(text=self._text, spans=tuple(sorted(self._spans, key=lambda span: span.start)))

    def _own(self, owner: str, start: int, end: int) -> None:
        if self._text[start:end].strip():
            self._spans.append(Span(start=start, end=end, owner=owner))

    def _behind(self, line: TextLine, chars: int) -> int:
        """The place behind so many visible characters of a line."""
        at = line.start
        while chars and at < line.end:
            chars -= not self._text[at].isspace()
            at += 1
        return at
