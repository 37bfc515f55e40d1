"""Pages that no rule knows: trafilatura finds the words of the article, Lexbor's tree gives their element.

Trafilatura flattens what it keeps, so it is only asked *where* the article is. The structure (headings,
lists, tables, links) then comes from the same walk over the tree as on every other page. What is measured
on the way is written into the tree for the rules to ask for (`cleaners.evidence`).
"""

import logging
import re
from bisect import bisect_left
from collections import Counter
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sectionary.cleaners.evidence import HEADINGS, Layout, Span, elements, layout, mark, squeezed

_PROBE = 16     # characters of a probe, white space not counted: two or three words, a clause in Chinese
_MANY = 3_000   # blocks of a page
_BLOCK = re.compile(r"<(?:br|dd|div|dt|h[1-6]|li|option|p|pre|t[dhr])[\s/>]", re.IGNORECASE)
_SHARE = 0.9    # of the article's probes must lie in the element
_DENSE = 0.5    # an element of which trafilatura kept so much is part of the article
_CONTAINERS = {"article", "main", "section", "div", "td", "body", "center", "form", "aside"}


def content_root(tree: LexborHTMLParser, html: str, url: str | None = None) -> LexborNode | None:
    """The element of `tree` that holds the article of `html`, or None where there seems to be none.

    It is the smallest element with nine tenths of the text trafilatura keeps, but never so small that it
    leaves out a neighbour of which trafilatura kept more than half, or a section of which it kept anything;
    always one that can hold blocks. `tree` must be parsed from `html`, and is marked with evidence. Nothing
    is raised, however odd the page.
    """
    kept = _kept_text(html, url)
    if tree.body is None or not kept:
        return None
    page = layout(tree.body)
    hits = _hits(page.text, kept)
    if not hits:
        return None
    root = _container(_smallest(tree.body, page, hits))
    mark(tree, root, page, hits)
    return root


def _is_long(html: str) -> bool:
    """Whether jusText, which trafilatura asks in doubt, would take long: it takes the square of the blocks' number."""
    return sum(1 for _ in islice(_BLOCK.finditer(html), _MANY)) == _MANY


def _kept_text(html: str, url: str | None) -> list[str]:
    """The texts that trafilatura takes for the article's, without white space."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - half a second that known sites never need

    logging.getLogger("trafilatura").addHandler(logging.NullHandler())   # what it finds odd, we answer for
    fast = _is_long(html)                # without asking others
    try:
        document = bare_extraction(html, url=url, include_comments=False, with_metadata=False, fast=fast)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a parser's trouble with one page is no reason to lose it
        return []
    body = getattr(document, "body", None)
    return [] if body is None else [squeezed("".join(part.itertext())) for part in body]


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


def _smallest(node: LexborNode, page: Layout, hits: list[int]) -> LexborNode:
    """Go down from `node` while one child holds enough, and its neighbours are not article too."""
    enough = _SHARE * len(hits)
    while True:
        children = list(elements(node))
        ranges = [page.spans[child.mem_id] for child in children]
        counts = [_count(hits, where) for where in ranges]
        best = max(range(len(children)), key=counts.__getitem__, default=None)
        if best is None or counts[best] < enough:
            return node
        others = [i for i in range(len(children)) if i != best]
        if any(_is_dense(counts[i], ranges[i]) or (counts[i] and _is_part(children[i])) for i in others):
            return node
        node = children[best]


def _count(hits: list[int], where: Span) -> int:
    """How many probes begin in the range."""
    return bisect_left(hits, where.end) - bisect_left(hits, where.start)


def _is_dense(count: int, where: Span) -> bool:
    return count > 0 and count * _PROBE >= _DENSE * (where.end - where.start)


def _is_part(node: LexborNode) -> bool:
    """Whether a section of a document begins here."""
    first = next(elements(node), None)
    return node.tag in HEADINGS or (first is not None and first.tag in HEADINGS)


def _container(node: LexborNode) -> LexborNode:
    """The nearest element, `node` included, that may hold an article: no paragraph, and no section of a section."""
    while (above := node.parent) is not None and (
        node.tag not in _CONTAINERS or (node.tag == "section" and above.tag == "section")
    ):
        node = above
    return node
