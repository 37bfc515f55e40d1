"""Evidence: what a page that no rule knows shows of its elements, written into its tree for rules to ask for.

A class name alone is a weak reason to take something away: "navigation" may be what the article is about. So
elements get an attribute `data-sectionary` with what was measured, and `sites/unknown.yaml` asks for both.

    title           the heading that names the page
    contents        links to places of this page and next to nothing else: its table of contents
    links           most of its text is links
    unkept          trafilatura took none of its text for the article's
    before  after   it stands outside of the article, on this side of it
    colophon        whose page it is and how old, in the last lines of the article
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

ATTRIBUTE = "data-sectionary"
SKIPPED = frozenset({"script", "style", "template", "noscript", "head"})
_MARKED = frozenset({
    "article", "aside", "center", "details", "div", "dl", "fieldset", "figure", "footer", "form", "header", "main",
    "nav", "ol", "p", "section", "table", "td", "ul",
})  # fmt: skip
_WRAPPERS = frozenset({"article", "body", "center", "div", "main", "section"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_UNMARKED = HEADINGS | {"-text"}
_LISTS = frozenset({"div", "dl", "nav", "ol", "table", "ul"})
_HERE = ("#", "?#")  # how a link to a place of the page itself begins
_ENTRIES = 2         # links that make a table of contents, at least
_CONTENTS = 0.9      # of a table of contents is links to places of the page
_LABEL = 40          # characters of a table of contents' own heading: "On this page [hide]"
_LINKS = 0.6         # of an element that is a list of links is links
_LINKED = 3          # links that make a list of links, at least
_COLOPHON = 300      # characters of a line that says whose page it is
_WORDS = (
    r"\u00a9", r"\(c\) ?\d{4}", r"copyright,? (?:by |\d{4})", "all rights reserved", "alle rechte vorbehalten",
    "tous droits r\u00e9serv\u00e9s", "todos los derechos reservados", "tutti i diritti riservati",
    "\u0432\u0441\u0435 \u043f\u0440\u0430\u0432\u0430 \u0437\u0430\u0449\u0438\u0449\u0435\u043d\u044b",
    "\u7248\u6743\u6240\u6709",
    "(?:page|document|site) was (?:last|created)", "last (?:updated?|modified|revised|changed)[ :]",
    "letzte (?:\u00e4nderung|aktualisierung)", "zuletzt (?:ge\u00e4ndert|aktualisiert)",
    "derni\u00e8re (?:mise \u00e0 jour|modification)", "\u00faltima (?:actualizaci\u00f3n|modificaci\u00f3n)",
    "ultim[oa] (?:aggiornamento|modifica)", "visitor n(?:umber|o)", r"\d visitors since", "comments? to the webmaster",
)  # fmt: skip
_OWNED = re.compile("|".join(_WORDS), re.IGNORECASE)


class Span(NamedTuple):
    """A range of the page's text without white space."""

    start: int
    end: int


class Ranges(NamedTuple):
    """Ranges in order that do not overlap, to ask how many lie in another and how long they are."""

    starts: list[int]
    lengths: list[int]                   # running totals, from 0

    def within(self, span: Span) -> tuple[int, int]:
        """How many ranges begin in `span`, and their characters."""
        first, last = bisect_left(self.starts, span.start), bisect_left(self.starts, span.end)
        return last - first, self.lengths[last] - self.lengths[first]


class Layout(NamedTuple):
    """The page's text without white space, each element's range in it by `mem_id`, and what is linked."""

    text: str
    spans: dict[int, Span]
    links: Ranges
    places: Ranges                       # the links to places of the page itself


def layout(body: LexborNode) -> Layout:
    """One pass over the tree, without recursion: pages may be nested thousands of elements deep."""
    texts: list[str] = []
    spans: dict[int, Span] = {}
    links: list[tuple[Span, bool]] = []
    length = 0
    for node, starts in events(body):
        if not starts:
            span = spans[node.mem_id] = Span(spans[node.mem_id].start, length)
            if node.tag == "a" and span.end > span.start:
                links.append((span, (node.attributes.get("href") or "").startswith(_HERE)))
        elif node.tag == "-text":
            texts.append(squeezed(node.text_content or ""))
            length += len(texts[-1])
        else:
            spans[node.mem_id] = Span(length, length)
    places = [span for span, is_place in links if is_place]
    return Layout("".join(texts), spans, _ranges([span for span, _ in links]), _ranges(places))


def _ranges(spans: list[Span]) -> Ranges:
    return Ranges([span.start for span in spans], [0, *accumulate(span.end - span.start for span in spans)])


def events(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Each text node and element below `root`, itself included, at its start and elements at their end."""
    node: LexborNode | None = root
    while node is not None:
        yield node, True
        child = node.child if node.is_element_node and node.tag not in SKIPPED else None
        if child is not None:
            node = child
            continue
        while node is not None:
            if node.is_element_node:
                yield node, False
            if node.mem_id == root.mem_id:
                return
            if node.next is not None:
                node = node.next
                break
            node = node.parent


def elements(node: LexborNode) -> Iterator[LexborNode]:
    """The child elements of `node`."""
    child = node.child
    while child is not None:
        if child.is_element_node:
            yield child
        child = child.next


def squeezed(text: str) -> str:
    """`text` without its white space."""
    return "".join(text.split())


def mark(tree: LexborHTMLParser, root: LexborNode, page: Layout, hits: list[int]) -> None:
    """Write what is known of the elements of `tree` into them; `hits` are the places of text that was kept."""
    body = tree.body or root
    for node in body.css(f"[{ATTRIBUTE}]"):
        del node.attrs[ATTRIBUTE]        # a page's own word for it counts nothing
    _mark_title(tree, page.spans[root.mem_id], page)
    for side, node in _outside(root):
        _add(node, side)
    for node in _last_lines(root):
        _add(node, "colophon")
    for node in body.css(", ".join(_MARKED)):
        span = page.spans.get(node.mem_id)
        if span is not None and span.end > span.start:
            _mark_element(node, span, page, hits)


def _last_lines(root: LexborNode) -> list[LexborNode]:
    """The last elements of the article that say whose page it is, and how old; none where that is all it says."""
    found: list[LexborNode] = []
    node = root.last_child
    while node is not None:
        text = " ".join(((node.text_content if node.tag == "-text" else node.text()) or "").split())
        if len(text) > _COLOPHON and node.tag in _WRAPPERS:
            return found + _last_lines(node)
        if text and (len(text) > _COLOPHON or node.tag in _UNMARKED or not _OWNED.search(text)):
            return found
        if text:
            found.append(node)
        node = node.prev
    return []


def _mark_element(node: LexborNode, span: Span, page: Layout, hits: list[int]) -> None:
    if bisect_left(hits, span.start) == bisect_left(hits, span.end) and not _is_section(node):
        _add(node, "unkept")
    count, chars = page.links.within(span)
    if count >= _LINKED and chars >= _LINKS * (span.end - span.start):
        _add(node, "links")
    if _is_contents(node, span, page):
        _add(node, "contents")


def _mark_title(tree: LexborHTMLParser, root: Span, page: Layout) -> None:
    """The first h1 of the article, by tag or role, else the last one before it: a page's head may have the site's."""
    headings = [node for node in tree.css("h1, [role=heading][aria-level='1']") if node.mem_id in page.spans]
    inside = [node for node in headings if root.start <= page.spans[node.mem_id].start < root.end]
    before = [node for node in headings if page.spans[node.mem_id].start < root.start]
    for node in inside[:1] or before[-1:]:
        _add(node, "title")


def _outside(root: LexborNode) -> Iterator[tuple[str, LexborNode]]:
    """The elements beside `root` and beside all that it lies in, with their side of it."""
    inner: LexborNode = root
    while inner.tag != "body" and (outer := inner.parent) is not None:
        side = "before"
        for node in elements(outer):
            if node.mem_id == inner.mem_id:
                side = "after"
            else:
                yield side, node
        inner = outer


def _is_contents(node: LexborNode, span: Span, page: Layout) -> bool:
    """Whether it is a table of contents: a list of links to places, or what holds one and its heading alone."""
    if node.tag not in _LISTS or node.css_first("h1") is not None:
        return False
    count, chars = page.places.within(span)
    rest = span.end - span.start - chars
    return count >= _ENTRIES and (chars >= _CONTENTS * (span.end - span.start) or (rest <= _LABEL and chars > rest))


def _is_section(node: LexborNode) -> bool:
    """Whether it is a heading's wrapper, or named after its heading as sections are: "navigation", "related-works"."""
    first = next(elements(node), None)
    if first is None or first.tag not in HEADINGS:
        return False
    own = _letters(node.attributes.get("id") or "")
    return first.next is None or (bool(own) and _letters(first.text()).startswith(own))


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _add(node: LexborNode, word: str) -> None:
    known = node.attributes.get(ATTRIBUTE)
    node.attrs[ATTRIBUTE] = f"{known} {word}" if known else word
