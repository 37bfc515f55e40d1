"""Pages that no rule knows: trafilatura finds the words of the article, Lexbor's tree gives their element.

Trafilatura flattens what it keeps, so it is only asked *where* the article is. The structure (headings,
lists, tables, links) then comes from the same walk over the tree as on every other page.
"""

import logging
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

_PROBE = 16     # characters of a probe, white space not counted: two or three words, a clause in Chinese
_SHARE = 0.9    # of the article's probes must lie in the element
_DENSE = 0.5    # an element of which trafilatura kept so much is part of the article
_SKIPPED = {"script", "style", "template", "noscript", "head"}
_CONTAINERS = {"article", "main", "section", "div", "td", "body", "center", "form", "aside"}


class _Page(NamedTuple):
    """The page's text without white space, and each element's range in it by `mem_id`."""

    text: str
    ranges: dict[int, tuple[int, int]]


def content_root(tree: LexborHTMLParser, html: str, url: str | None = None) -> LexborNode | None:
    """The element of `tree` that holds the article of `html`, or None where there seems to be none.

    It is the smallest element with nine tenths of the text trafilatura keeps, but never so small that it
    leaves out a neighbour of which trafilatura kept more than half; always one that can hold blocks. `tree`
    must be parsed from `html`. Nothing is raised, however odd the page.
    """
    kept = _kept_text(html, url)
    if tree.body is None or not kept:
        return None
    page = _page(tree.body)
    hits = _hits(page.text, kept)
    return _container(_smallest(tree.body, page, hits)) if hits else None


def _kept_text(html: str, url: str | None) -> list[str]:
    """The texts that trafilatura takes for the article's, without white space."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - half a second that known sites never need

    logging.getLogger("trafilatura").addHandler(logging.NullHandler())   # what it finds odd, we answer for
    try:
        document = bare_extraction(html, url=url, include_comments=False, with_metadata=False)
    except Exception:  # noqa: BLE001 - a parser's trouble with one page is no reason to lose it
        return []
    body = getattr(document, "body", None)
    return [] if body is None else [_squeezed("".join(part.itertext())) for part in body]


def _page(body: LexborNode) -> _Page:
    """One pass over the tree, without recursion: pages may be nested thousands of elements deep."""
    texts: list[str] = []
    ranges: dict[int, tuple[int, int]] = {}
    length = 0
    for node, starts in _events(body):
        if not starts:
            ranges[node.mem_id] = (ranges[node.mem_id][0], length)
        elif node.tag == "-text":
            texts.append(_squeezed(node.text_content or ""))
            length += len(texts[-1])
        else:
            ranges[node.mem_id] = (length, length)
    return _Page("".join(texts), ranges)


def _events(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Each text node and element below `root`, itself included, at its start and elements at their end."""
    node: LexborNode | None = root
    while node is not None:
        yield node, True
        child = node.child if node.is_element_node and node.tag not in _SKIPPED else None
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


def _hits(text: str, kept: list[str]) -> list[int]:
    """Where in `text` the probes lie: pieces of the kept texts that occur no more often than in these.

    A page may repeat its first lines in a teaser; only if every probe is repeated do all places count.
    """
    probes = Counter(part[at:at + _PROBE] for part in kept for at in range(0, len(part) - _PROBE + 1, _PROBE))
    places: dict[str, list[int]] = {}
    for at in range(len(text) - _PROBE + 1):
        probe = text[at:at + _PROBE]
        if probe in probes:
            places.setdefault(probe, []).append(at)
    sure = sorted(at for probe, where in places.items() if len(where) <= probes[probe] for at in where)
    return sure or sorted(at for where in places.values() for at in where)


def _smallest(node: LexborNode, page: _Page, hits: list[int]) -> LexborNode:
    """Go down from `node` while one child holds enough, and its neighbours are not article too."""
    enough = _SHARE * len(hits)
    while True:
        children = list(_elements(node))
        ranges = [page.ranges[child.mem_id] for child in children]
        counts = [_count(hits, where) for where in ranges]
        best = max(range(len(children)), key=counts.__getitem__, default=None)
        if best is None or counts[best] < enough:
            return node
        if any(_is_dense(counts[i], ranges[i]) for i in range(len(children)) if i != best):
            return node
        node = children[best]


def _elements(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        if child.is_element_node:
            yield child
        child = child.next


def _count(hits: list[int], where: tuple[int, int]) -> int:
    """How many probes begin in the range."""
    return bisect_left(hits, where[1]) - bisect_left(hits, where[0])


def _is_dense(count: int, where: tuple[int, int]) -> bool:
    return count > 0 and count * _PROBE >= _DENSE * (where[1] - where[0])


def _container(node: LexborNode) -> LexborNode:
    """The nearest element, `node` included, that may hold paragraphs and lists."""
    while node.tag not in _CONTAINERS and node.parent is not None:
        node = node.parent
    return node


def _squeezed(text: str) -> str:
    return "".join(text.split())
