"""Nothing is silently lost: each code point of a page is in one block, one field or one counted removal.

The text of a page is collected here once more, by a walk of our own, and so are the characters that only the output
has. What the cleaners say of either is compared with that.
"""

import gzip
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from msgspec import structs
from selectolax.lexbor import LexborHTMLParser, LexborNode

from sectionary.cleaners import added
from sectionary.cleaners.article import Article, clean
from sectionary.cleaners.decode import read_source
from sectionary.cleaners.rules import rules
from sectionary.cleaners.section import Block
from sectionary.scraper.page import Page

UNREAD = {"script", "style", "template", "head"}
def squeezed(text: str) -> str:
    """Without white space."""
    return "".join(text.split())


TEX = (
    *added.TEX.values(), added.TEX_GROUP, added.TEX_NAME, added.TEX_WORDS, added.TEX_MATRIX,
    (added.TEX_ROW, added.TEX_CELL),
)  # fmt: skip
ONLY_OURS = (
    *(re.escape(text.strip()) for text in (added.BULLET, added.CELL_SEPARATOR, added.RAISED)),
    *(re.escape(text) for text in (*added.FORMULA, *added.DISPLAYED, *added.READING)),
    r"(?:-?\d+|[a-zA-Z]{1,9}|[α-ω]{1,2})\.",      # the number of a list item  # noqa: RUF001
    added.QUOTED[0],
    *(re.escape(squeezed(piece)) for part in TEX for piece in part if piece),
    r"\d+".join(map(re.escape, added.NUMBERED)),
)
PARTS = 8                                # in which the saved pages are read, so that none takes long
TRIES = 20                               # places at which a span is looked for


def text_nodes(node: LexborNode) -> Iterator[str]:
    """The text nodes below `node` in document order."""
    child = node.child
    while child is not None:
        if child.tag == "-text":
            yield child.text_content or ""
        elif child.is_element_node and child.tag not in UNREAD:
            yield from text_nodes(child)
        child = child.next


def page_text(body: bytes) -> str:
    """S: the text of the page."""
    tree = LexborHTMLParser(read_source(body, "text/html", "").text)
    return "".join(text_nodes(tree.body)) if tree.body else ""


def check_tiles(article: Article, text: str) -> None:
    """The spans cover S once, but for white space."""
    assert article.trace is not None
    assert article.trace.text == text
    spans = sorted(article.trace.spans, key=lambda span: span.start)
    end = 0
    for span in spans:
        assert span.start >= end, f"two owners: {text[span.start:end]!r} {span}"
        gap = text[end : span.start]
        assert not gap.strip(), f"no owner: {gap.strip()[:200]!r} before {span}"
        end = span.end
    assert not text[end:].strip(), f"no owner: {text[end:].strip()[:200]!r}"


def added_characters(body: bytes) -> re.Pattern[str]:
    """What may stand in a text beside its spans: the table, and formulas that the page has in attributes alone."""
    tree = LexborHTMLParser(read_source(body, "text/html", "").text)
    said = {node.attributes.get("alt") or "" for node in tree.css("img[alt]")}
    said |= {node.attributes.get("alttext") or "" for node in tree.css("math[alttext]")}
    said |= {node.attributes.get("data-latex") or "" for node in tree.css("mjx-math[data-latex]")}
    said |= {node.text() for node in tree.css("script[type^='math/tex']")}
    bare = {re.sub(r"^\{?\\\w+style\b", "", text) for text in said}
    bare |= {text.removesuffix("}") for text in bare}
    formulas = sorted((re.escape(squeezed(text)) for text in said | bare if text), key=len, reverse=True)
    return re.compile("(?:" + "|".join((*ONLY_OURS, *formulas)) + ")*")


def check_blocks(article: Article, added_: re.Pattern[str]) -> None:
    """The text of a block is its spans in order, and what only the output has between them."""
    assert article.trace is not None
    sources: dict[str, list[str]] = {}
    for span in article.trace.spans:
        sources.setdefault(span.owner, []).append(squeezed(article.trace.text[span.start : span.end]))
    for number, section in enumerate(article.sections):
        for block in section.blocks:
            check_block(block, sources.pop(f"block:{number}.{block.i}", []), added_)
    assert not [owner for owner in sources if owner.startswith("block:")]


def places(text: str, source: str, at: int) -> Iterator[int]:
    """Where the source stands in the text from `at` on, one behind the other."""
    while (at := text.find(source, at)) >= 0:
        yield at
        at += len(source)


def check_block(block: Block, sources: list[str], added_: re.Pattern[str]) -> None:
    """Take the spans out of the text one by one; only what is in the table of added characters is left."""
    text = squeezed(block.text)
    ends = {0}                           # a span may stand at several places: in a formula made of alt text, too
    for source in sources:
        reached = {
            found + len(source)
            for at in ends
            for found in islice(places(text, source, at), TRIES)
            if added_.fullmatch(text, at, found)
        }
        assert reached, f"{source[:80]!r} does not follow in {text[min(ends):][:200]!r}"
        ends = reached
    assert any(added_.fullmatch(text, at) for at in ends), f"added: {text[max(ends):][:80]!r}"


def check_removals(article: Article, site: str) -> None:
    """The removals count what the spans hold, and each rule stands in the site's table."""
    assert article.trace is not None
    held: Counter[str] = Counter()
    for span in article.trace.spans:
        if span.owner.startswith("removal:"):
            held[span.owner.removeprefix("removal:")] += len(squeezed(article.trace.text[span.start : span.end]))
    counted: Counter[str] = Counter()
    for removal in article.removals:
        counted[removal.rule] += removal.chars
    assert +counted == +held
    assert set(counted) <= rules(site).ids


def check(body: bytes, url: str = "https://wiki.example/wiki/Page", rules: str | None = None) -> None:
    """All of it, for one page."""
    article = clean(Page(url=url, body=body, rules=rules), trace=True)
    site = article.cleaner_version.partition("/")[2].rpartition("-")[0]
    check_tiles(article, page_text(body))
    check_blocks(article, added_characters(body))
    check_removals(article, site)


ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*(ROOT / "tests").rglob("*.html"), *(ROOT / "examples" / "encyclopedia").rglob("*.html")])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_each_character_of_a_page_has_one_owner(path: Path) -> None:
    check(path.read_bytes())


@pytest.mark.parametrize("part", range(PARTS))
def test_each_character_of_the_saved_pages_has_one_owner(shared_pages: Path, part: int) -> None:
    wrong = []
    for path in sorted(shared_pages.glob("*.html.gz"))[part::PARTS]:
        if ".gold." not in path.name:
            try:
                check(gzip.decompress(path.read_bytes()))
            except AssertionError as error:
                wrong.append(f"{path.name}: {error}")
    assert not wrong


def test_each_character_of_a_saved_page_read_as_unknown_has_one_owner(shared_pages: Path) -> None:
    wrong = []
    for path in [path for path in sorted(shared_pages.glob("*.html.gz")) if ".gold." not in path.name][::12]:
        try:
            check(gzip.decompress(path.read_bytes()), rules="unknown")
        except AssertionError as error:
            wrong.append(f"{path.name}: {error}")
    assert wrong == []


def test_a_trace_changes_nothing_else(written: Callable[..., Article]) -> None:
    plain = written("skin-2011")
    body = (Path(__file__).parent / "pages" / "skin-2011.html").read_bytes()
    traced = clean(Page(url="https://wiki.example/wiki/Page", body=body), trace=True)
    assert plain.trace is None
    assert structs.replace(traced, trace=None) == plain
