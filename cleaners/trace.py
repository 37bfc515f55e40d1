"""Trace: which block, field or removal each character of a page went to, as `extract(trace=True)` tells it.

S is the text of a page: its text nodes in document order, as they stand in the parsed tree, outside script, style
and template. Every code point of S but white space has exactly one owner. While the walk goes on, what stands in a
line is not yet in any block; its sources travel with the text as marks (`cleaners.line.Mark`) until the block is
numbered.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct
from selectolax.lexbor import LexborNode

HIDDEN = frozenset({"script", "style", "template", "head"})


class Span(Struct, frozen=True, kw_only=True, gc=False):
    """Code points `start` to `end` of S and their owner.

    `owner` is block:SECTION.BLOCK, heading:SECTION, field:NAME or removal:RULE; `selector` is the one of the site
    file that chose a removal.
    """

    start: int
    end: int
    owner: str
    selector: str | None = None


class Trace(Struct, frozen=True, kw_only=True):
    """S, and the spans that tile it. Those of a block are in the order of its text, which is nearly always S's."""

    text: str
    spans: tuple[Span, ...]


class Source(NamedTuple):
    """A range of S that a text in the making was taken from; `aside` names a field that has it instead of the text."""

    start: int
    end: int
    aside: str | None = None


class Tracer:
    """Takes down the owner of each text node of `body`. What has an owner keeps it."""

    def __init__(self, body: LexborNode) -> None:
        self._sources: dict[int, Source] = {}
        self._spans: dict[int, Span] = {}
        texts = []
        start = 0
        for node in _texts(body):
            text = node.text_content or ""
            self._sources[node.mem_id] = Source(start, start + len(text))
            texts.append(text)
            start += len(text)
        self._text = "".join(texts)

    def sources(self, node: LexborNode) -> list[Source]:
        """Where the text at or below `node` stands in S, in order, without white space alone."""
        found = (self._sources[text.mem_id] for text in _texts(node))
        return [source for source in found if self._text[source.start : source.end].strip()]

    def parts(self, node: LexborNode, start: int, end: int) -> tuple[list[Source], list[Source]]:
        """The sources of code points `start` to `end` of the text below `node`, and the sources of the rest of it."""
        inside: list[Source] = []
        outside: list[Source] = []
        read = 0
        for text in _texts(node):
            first, last, _ = self._sources[text.mem_id]
            low, high = (min(max(first + cut - read, first), last) for cut in (start, end))
            inside.append(Source(low, high))
            outside += [Source(first, low), Source(high, last)]
            read += last - first
        return inside, outside

    def own(self, sources: Iterable[Source], owner: str, selector: str | None = None) -> None:
        """Note the owner of each source that has none yet."""
        for start, end, _ in sources:
            if end > start:
                self._spans.setdefault(start, Span(start=start, end=end, owner=owner, selector=selector))

    def finished(self) -> Trace:
        """What was taken down, in the order in which it was."""
        return Trace(text=self._text, spans=tuple(self._spans.values()))


def _texts(node: LexborNode) -> Iterator[LexborNode]:
    """The text nodes at or below `node` in document order, however deep."""
    waiting: list[LexborNode] = [node]
    while waiting:
        inner = waiting.pop()
        if inner.tag == "-text":
            yield inner
        elif inner.is_element_node and inner.tag not in HIDDEN:
            waiting += reversed(list(inner.iter(include_text=True)))
