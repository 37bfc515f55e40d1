r"""Text in HTML: escaped, with links at their offsets, and the checks that no address gets around."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from operator import attrgetter

from sectionary.cleaners.section import Block, Link, Section
from sectionary.output.markescape import Span, Text

# A parser drops NUL (HTML Standard, 13.2.6.4.7), and reads CR as a line break unless it is a reference
# (13.2.3.5); a lone surrogate stands in no encoding.
_UNWRITABLE = str.maketrans({0: "\ufffd", 0xD: "&#13;", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")})
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_SCHEME = re.compile(r"([^/?#:]*):")
_SCHEMES = frozenset({"http", "https", "mailto"})
_FORMULA = re.compile(r"\\\((?:[^\\]|\\[^()])*+\\\)")
_BETWEEN_BLOCKS = 2                      # line breaks between two blocks in a section's text


def escaped(text: str) -> str:
    """`text` as it may stand in an element or in a quoted attribute; a parser reads the same text again."""
    return escape(text).translate(_UNWRITABLE)


def multiline(text: str) -> str:
    """`text` escaped, its line breaks as elements, formulas kept from turning round in right-to-left text."""
    written = escaped(text)
    if "\\(" in written:
        written = _FORMULA.sub(r'<span class="math" dir="ltr">\g<0></span>', written)
    return written.replace("\n", "<br>")


def linked(text: Text) -> str:
    """`text` as `multiline` writes it, its links as elements."""
    parts: list[str] = []
    at = 0
    for span in text.spans:
        start, end = span.start - text.at, span.end - text.at
        words = multiline(text.text[start:end])
        parts += (multiline(text.text[at:start]), f'<a href="{escaped(span.url)}">{words}</a>')
        at = end
    parts.append(multiline(text.text[at:]))
    return "".join(parts)


def safe_url(url: str) -> str:
    r"""`url` if it is relative, a fragment, http, https or mailto, else "".

    Control characters go first, because browsers skip some even inside "java\nscript:" (URL Standard, 4.4).
    """
    seen = _CONTROL.sub("", url).strip().replace(" ", "%20")
    scheme = _SCHEME.match(seen)
    return seen if scheme is None or scheme[1].lower() in _SCHEMES else ""


def block_texts(section: Section, local: Mapping[str, str]) -> Iterator[tuple[Block, Text]]:
    """Each block with its text and the links inside it, by offsets into the block; none that stands inside another.

    `local` maps addresses to the places in the document that stand for them.
    """
    starts: list[tuple[int, str]] = []
    at = 0
    for block in section.blocks:
        starts.append((at, block.text))
        at += len(block.text) + _BETWEEN_BLOCKS if block.text else 0
    whole = Text(section.text, list(_spans(section, local)))
    told = zip(section.blocks, pieces(whole, starts), strict=True)
    return ((block, text) for block, text in told if block.inside is None)


def pieces(text: Text, starts: Sequence[tuple[int, str]]) -> Iterator[Text]:
    """Parts of `text` by ascending offset and words, with their links; without, where other words stand."""
    parts = text.parts([(at, at + len(words)) for at, words in starts])
    for part, (_, words) in zip(parts, starts, strict=True):
        yield part if part.text == words else Text(words)


def _spans(section: Section, local: Mapping[str, str]) -> Iterator[Span]:
    """The section's links that can be written: in order, none inside another, each at its own text."""
    free = 0
    for link in sorted(section.links, key=attrgetter("offset")):
        end = link.offset + len(link.text)
        url = _target(link, local)
        if url and link.text and free <= link.offset and section.text[link.offset : end] == link.text:
            yield Span(link.offset, end, url)
            free = end


def _target(link: Link, local: Mapping[str, str]) -> str:
    """Where a link leads; "" for a red link, which leads nowhere."""
    return "" if link.kind == "redlink" else local.get(link.url) or safe_url(link.url)
