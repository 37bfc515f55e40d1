r"""Markdown: a section's blocks in CommonMark with GitHub's tables and formulas as $…$ and $$…$$.

Only what would format is escaped, so that the text stays readable: a bracket before a parenthesis, an
asterisk at a word, a number that would begin a list. Escaping and links work on `Section.text` and its
offsets; block after block is visited once, so the time grows with the text.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import attrgetter

from sectionary.cleaners.article import Article
from sectionary.cleaners.section import Block, Image, Section
from sectionary.output.markescape import Span, Text, destination, escaped, formatted, one_line
from sectionary.output.marklist import marked_list

_FENCES = re.compile("`+")
_LANGUAGE = re.compile(r"[^\w+#.-]")
_CLOSING = re.compile(r"(?<=\s)#+$")
_OFFSET = attrgetter("offset")
_IN_CELL = re.compile(r"[\\*_`<&\]~$|\n]")
_LINKED = {"internal", "external", "interwiki", "file"}  # a red link leads nowhere, a category has no text


def section_markdown(section: Section) -> str:
    """The blocks of `section` as Markdown, without its heading; links stand where their offsets say."""
    written: list[str] = []
    lists = 0
    for block, text in _texts(section):
        lists = lists + 1 if block.list else 0
        if part := _block(block, text, section.images, lists):
            written.append(part)
    return "\n\n".join(written)


def article_markdown(article: Article, drop_roles: Collection[str] = ()) -> str:
    """The whole article under "# Title", each section under its own heading.

    Sections whose role is in `drop_roles` are left out, with all sections below them.
    """
    parts = [f"# {_heading(article.title)}"] if article.title else []
    for section in _kept(article, drop_roles):
        if section.heading:
            parts.append(f"{'#' * min(max(section.level, 1), 6)} {_heading(section.heading)}")
        parts.append(section_markdown(section))
    return "\n\n".join(filter(None, parts))


def article_text(article: Article, drop_roles: Collection[str] = ()) -> str:
    """The plain text of all sections, each after a line with its heading; without the title.

    Sections whose role is in `drop_roles` are left out, with all sections below them.
    """
    parts = (part for section in _kept(article, drop_roles) for part in (section.heading, section.text))
    return "\n\n".join(filter(None, parts))


def _kept(article: Article, drop_roles: Collection[str]) -> Iterator[Section]:
    dropped: set[int | None] = set()
    for index, section in enumerate(article.sections):
        if section.role in drop_roles or section.parent in dropped:
            dropped.add(index)
        else:
            yield section


def _heading(text: str) -> str:
    return _CLOSING.sub(r"\\\g<0>", one_line(text))


def _texts(section: Section) -> Iterator[tuple[Block, Text]]:
    """Each block with its text and the links in it; none that stands inside another.

    A section's text joins those blocks that have one, set apart by two characters.
    """
    ranges, at = [], 0
    for block in section.blocks:
        ranges.append((at, at + len(block.text)))
        at += len(block.text) + 2 if block.text else 0
    told = zip(section.blocks, Text(section.text, _spans(section)).parts(ranges), strict=True)
    return ((block, text) for block, text in told if block.inside is None)


def _spans(section: Section) -> list[Span]:
    """The section's links that can be written: in order, none inside another, each at its own text."""
    spans: list[Span] = []
    text, free = section.text, 0
    for link in sorted(section.links, key=_OFFSET):
        start = link.offset
        if start >= free and link.kind in _LINKED and link.text and link.url and text.startswith(link.text, start):
            free = start + len(link.text)
            spans.append(Span(start, free, link.url))
    return spans


def _block(block: Block, text: Text, images: Sequence[Image], lists: int) -> str:  # noqa: PLR0911 - a table
    if block.list:
        return marked_list(block.list, text, other_style=lists % 2 == 0)
    if block.table:
        return _table(block)
    if block.type in {"code", "pre"}:
        return _code(block)
    if block.math:
        return f"$$\n{block.math.tex}\n$$" if block.math.display else f"${block.math.tex}$"
    if block.quote:
        return _quote(block, text)
    if block.figure:
        return _figure(block.figure, text)
    if block.type == "gallery":
        return _gallery(text, images)
    return "---" if block.type == "hr" else formatted(text)


def _code(block: Block) -> str:
    text = block.code.text if block.code else block.text
    fence = "`" * max([2, *map(len, _FENCES.findall(text))]) + "`"
    language = _LANGUAGE.sub("", block.code.language or "") if block.code else ""
    return f"{fence}{language}\n{text}\n{fence}"


def _quote(block: Block, text: Text) -> str:
    if block.quote is None:
        return ""
    quoted = block.quote.text
    inside = next(text.parts([(0, len(quoted))])) if block.text.startswith(quoted) else Text(quoted)
    lines = formatted(inside).split("\n")
    if block.quote.cite:
        lines += ["", f"— {one_line(block.quote.cite)}"]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _figure(image: Image, text: Text) -> str:
    caption = text if text.text else Text(image.caption or "")
    return "\n\n".join(filter(None, (_image(image), formatted(caption))))


def _image(image: Image) -> str:
    return f"![{one_line(image.alt or '', label=True)}]({destination(image.src)})" if image.src else ""


def _gallery(text: Text, images: Iterable[Image]) -> str:
    """A list of the captions, each behind its picture."""
    pictures = {image.caption: _image(image) for image in images}
    parts = (("-", pictures.get(line.text), formatted(line)) for line in text.lines())
    return "\n".join(" ".join(filter(None, part)) for part in parts)


def _table(block: Block) -> str:
    """A GitHub table. It has exactly one header row, so an empty one stands where the page has none."""
    table = block.table
    if table is None or not table.grid:
        return formatted(Text(block.text))
    rows = [_row(map(_cell, row)) for row in table.grid]
    if not table.header_rows:
        rows.insert(0, _row([""] * table.n_cols))
    rows.insert(1, _row(["---"] * table.n_cols))
    caption = f"**{one_line(table.caption)}**\n\n" if table.caption else ""
    return caption + "\n".join(rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    if not _IN_CELL.search(text):
        return text
    return escaped(text).replace("|", r"\|").replace("\n", "<br>")
