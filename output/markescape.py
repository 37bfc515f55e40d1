r"""Escaping: plain text as Markdown that reads the same, with links at their places.

Emphasis, strikethrough and formulas need a closing mark, a heading or list needs a line's start, a link a
bracket before a parenthesis (CommonMark 0.31, sections 2.4, 4 and 6); so only those are escaped.
A formula `\(…\)` of the text becomes `$…$`, `\[…\]` becomes `$$…$$`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

_MARKS = (                                  # each begins with a literal: that is what makes the search fast
    r"\\\((?:[^\\]|\\[^()])*+\\\)",          # a formula in the line
    r"\\\[(?:[^\\]|\\[^\[\]])*+\\\]",        # a displayed formula
    r"\\(?=[!-/:-@\[-`{-~]|\n|\Z)",          # before punctuation or at a line's end
    r"\*(?:(?<=\S\*)|(?=\S))",
    r"_(?:(?<![^\W_]_)|(?![^\W_]))",          # inside a word it is harmless
    r"`",
    r"<(?=[A-Za-z/!?])",
    r"&(?=#?[0-9A-Za-z]{1,32};)",
    r"\](?=[(\[:])",
    r"~(?<=\S~)",
)
_TEXT = re.compile("|".join(_MARKS))
_TEXT_DOLLARS = re.compile("|".join((*_MARKS, r"\$")))
_LABEL = re.compile("|".join((*_MARKS, r"\[", r"\]", r"\$")))
_ANY = re.compile(r"[\\*_`<&\]~$]")
_ANY_LABEL = re.compile(r"[\\*_`<&\[\]~$]")
_LINE_START = re.compile(
    r"^[ \t]*(?:\d{1,9}(?=[.)](?:\s|$))|(?=>|[-+*](?:\s|$)|#{1,6}(?:\s|$)|[-=|:][-=|: \t]*$))", re.MULTILINE
)
_BREAK = re.compile(r"(?<!\n)\n(?!\n)")
_ENDS_DESTINATION = re.compile(r"[ ()<>\\\n\t]")
_IN_DESTINATION = str.maketrans(
    {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C", "\n": "", "\t": ""}
)


class Span(Struct, frozen=True, gc=False):
    """A link: from `start` to before `end` of a section's text, in code points, to `url`."""

    start: int
    end: int
    url: str


class Text(Struct, frozen=True, gc=False):
    """A piece of a section's text that begins there at `at`, and its links: in order, none in another."""

    text: str
    spans: Sequence[Span] = ()
    at: int = 0

    def parts(self, ranges: Iterable[tuple[int, int]]) -> Iterator["Text"]:
        """The parts at ascending `ranges` of this text, in one pass over the links."""
        whole, at, spans = self.text, self.at, self.spans
        index, count = 0, len(spans)
        for start, end in ranges:
            own = []
            while index < count and spans[index].start < at + end:
                span = spans[index]
                if span.start >= at + start and span.end <= at + end:
                    own.append(span)
                index += 1
            yield Text(whole[start:end], own, at + start)

    def lines(self) -> Iterator["Text"]:
        """The lines of the text."""
        ranges, start = [], 0
        for line in self.text.split("\n"):
            ranges.append((start, start + len(line)))
            start += len(line) + 1
        return self.parts(ranges)


def formatted(text: Text, indent: str = "") -> str:
    """`text` as paragraphs: links inserted, line breaks kept; lines after the first begin with `indent`."""
    written = _linked(text).lstrip()
    if "\n" not in written:
        if written[:1].isalpha():           # no mark of a line's start; nearly every text
            return written
        start = _LINE_START.match(written)
        return f"{start[0]}\\{written[start.end():]}" if start else written
    written = _LINE_START.sub(r"\g<0>\\", written)
    return _BREAK.sub("\\\\\n", written).replace("\n", "\n" + indent)


def one_line(text: str, *, label: bool = False) -> str:
    """`text` on a single line; as a link's `label` with its brackets escaped."""
    folded = " ".join(text.split())
    return _label(folded) if label else escaped(folded)


def escaped(text: str) -> str:
    """`text` with what would format inside a line escaped."""
    return _pattern(text).sub(_replacement, text) if _ANY.search(text) else text


def destination(url: str) -> str:
    """`url` as it may stand in the parentheses of a link: what would end it is percent-encoded."""
    return url.translate(_IN_DESTINATION) if _ENDS_DESTINATION.search(url) else url


def _linked(text: Text) -> str:
    whole = text.text
    if not _ANY_LABEL.search(whole):
        return _plain_linked(whole, text) if text.spans else whole
    escape = _pattern(whole).sub
    if not text.spans:
        return escape(_replacement, whole)
    parts: list[str] = []
    at = 0
    for span in text.spans:
        start, end = span.start - text.at, span.end - text.at
        before = _before_link(escape(_replacement, whole[at:start]))
        parts.append(f"{before}[{_label(whole[start:end])}]({destination(span.url)})")
        at = end
    parts.append(escape(_replacement, whole[at:]))
    return "".join(parts)


def _plain_linked(whole: str, text: Text) -> str:
    """The links put into a text in which nothing is to be escaped: most texts are such."""
    parts: list[str] = []
    at = 0
    for span in text.spans:
        start, end = span.start - text.at, span.end - text.at
        parts.append(f"{_before_link(whole[at:start])}[{whole[start:end]}]({destination(span.url)})")
        at = end
    parts.append(whole[at:])
    return "".join(parts)


def _before_link(text: str) -> str:
    r"""`text`, which a link follows: "!" and a link would be a picture."""
    return f"{text[:-1]}\\!" if text.endswith("!") else text


def _pattern(text: str) -> re.Pattern[str]:
    r"""What to escape in `text`: dollars only where two could pair up to a formula."""
    pairs = text.count("$") > 1 or ("$" in text and ("\\(" in text or "\\[" in text))
    return _TEXT_DOLLARS if pairs else _TEXT


def _label(text: str) -> str:
    return _LABEL.sub(_replacement, text).replace("\n", " ") if _ANY_LABEL.search(text) else text


def _replacement(found: re.Match[str]) -> str:
    mark = found[0]
    if len(mark) == 1:
        return f"\\{mark}"
    dollars = "$" if mark[1] == "(" else "$$"
    return f"{dollars}{mark[2:-2]}{dollars}"
