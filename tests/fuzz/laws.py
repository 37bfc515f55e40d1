"""What holds for every page, however odd: the laws that the fuzzers try to break."""

from collections.abc import Iterator

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from sectionary.cleaners.article import Article, clean, page_of
from sectionary.cleaners.decode import read_source
from sectionary.output.html import article_html
from sectionary.output.record import records
from sectionary.output.rows import Rows, rows
from sectionary.scraper.errors import CleanError

URL = "https://shore.example/wiki/Ebb"
UNREAD = {"script", "style", "template", "head"}


def check(body: bytes) -> None:
    """Read a page twice and hold what comes of it to the laws. Raises AssertionError, or what a bug of ours raises."""
    first, second = read(body), read(body)
    assert first == second, "another article at the second reading"
    if isinstance(first, str):
        return
    check_offsets(first)
    check_tiles(first, "".join(texts(body)))
    check_rows(written(body, first))
    article_html(first)


def read(body: bytes) -> Article | str:
    """The article of a page, or why there is none."""
    try:
        return clean(page_of(body, URL), trace=True)
    except CleanError as error:
        return error.reason


def check_offsets(article: Article) -> None:
    """What is marked in a text lies in it."""
    for section in article.sections:
        for link in section.links:
            assert section.text[link.offset :].startswith(link.text), f"no {link.text!r} at {link.offset}"
        for offset in [mark.offset for mark in section.citations] + [tag.offset for tag in section.inline_tags]:
            assert 0 <= offset <= len(section.text), f"a mark at {offset} lies outside the text"
        assert section.text == "\n\n".join(block.text for block in section.blocks if block.text)


def texts(body: bytes) -> Iterator[str]:
    """The text nodes of the body in document order, but those that no reader sees."""
    root = LexborHTMLParser(read_source(body, None, URL).text).body
    waiting: list[LexborNode | None] = [root.child if root else None]
    while waiting:
        node = waiting.pop()
        if node is None:
            continue
        waiting.append(node.next)
        if node.tag == "-text":
            yield node.text_content or ""
        elif node.is_element_node and node.tag not in UNREAD:
            waiting.append(node.child)


def check_tiles(article: Article, text: str) -> None:
    """Each character of the page but white space has one owner."""
    trace = article.trace
    if trace is None or trace.text != text:         # text that was never HTML
        return
    end = 0
    for span in sorted(trace.spans, key=lambda span: span.start):
        assert span.start >= end, f"two owners: {text[span.start:end]!r}"
        assert not text[end : span.start].strip(), f"no owner: {text[end:span.start]!r}"
        end = span.end
    assert not text[end:].strip(), f"no owner: {text[end:]!r}"


def written(body: bytes, article: Article) -> Rows:
    """The lines that a page leaves in the dataset."""
    page, sections = records(article, page_of(body, URL))
    return rows(page, sections)


def check_rows(lines: Rows) -> None:
    """Every line is one of JSON in UTF-8, without NUL and without halves of characters."""
    for line in (lines.page, *lines.sections):
        assert b"\n" not in line
        assert b"\\u0000" not in line
        line.decode("utf-8")
        msgspec.json.decode(line)
