"""Headings, as every MediaWiki since 2011 writes them (and as plain HTML does).

<h2><span class="mw-headline" id="Anchor">Text</span></h2>      until 1.42
<div class="mw-heading"><h2 id="Anchor">Text</h2>…</div>        since 1.43
<h2><a name="anchor"></a>Text</h2>                              hand-made pages
<section id="anchor"><h2>Text</h2>…</section>                   HTML 5, Sphinx, Britannica
"""

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from sectionary.cleaners.anchors import authored
from sectionary.cleaners.drafts import Draft, Heading
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.walk import Walk

_SECTIONS = frozenset({"section", "div", "article"})
_FRAMES = frozenset({"mw-content-text", "bodyContent", "content", "main", "main-content", "article"})    # whole pages


def heading(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """Open a section; inside a list, a cell or a quotation a heading is a paragraph, with a warning."""
    inside, walk.headline = walk.headline, True
    run = walk.run(node)
    walk.headline = inside
    text = " ".join(run.text.split())
    if walk.nested and text:
        walk.warnings.append(f"heading inside a block: {text}")
        walk.block(Draft("paragraph", run))
        return
    level = int((node.tag or "h2")[1])
    if not text or (level == 1 and _titles(walk, text)):
        walk.fields.title = text or walk.fields.title
        walk.told("title", run)
        return
    walk.told(f"heading:{len(walk.sections)}", run)
    _warn(walk, level, text)
    anchors = _anchors(node, attributes, text)
    main = anchors[0] if anchors else None
    walk.open_section(Heading(text, level, main, tuple(anchors[1:])))


def _warn(walk: Walk, level: int, text: str) -> None:
    """Note a level that no heading above leads to; the section hangs below the nearest lower one."""
    above = walk.sections[-1].heading
    reached = above.level if above else 1
    if level == 1:
        walk.warnings.append(f"heading of level 1 in the article: {text}")
    elif level > reached + 1:
        walk.warnings.append(f"heading of level {level} below level {reached}: {text}")


def _titles(walk: Walk, text: str) -> bool:
    """Whether an h1 in the article is the page's title, as dumps and archives print it: first, or once more."""
    first = len(walk.sections) == 1 and not walk.blocks
    return first and walk.fields.title in {None, text}


def _anchors(node: LexborNode, attributes: Attributes, text: str) -> list[str]:
    """The ids a heading answers to, first the one that the table of contents links to."""
    headline: str | None = None
    others: list[str | None] = []
    for inner, own in _named(node):
        if headline is None and "mw-headline" in (own.get("class") or "").split():
            headline = own.get("id")
        if inner in {"span", "a"}:
            others.append(own.get("id") or (own.get("name") if inner == "a" else None))
    names = (headline, authored(attributes.get("id"), text), *map(authored, others))
    found = list(dict.fromkeys(name for name in names if name))
    section = None if found else authored(_section_id(node), text)
    return [section] if section else found


def _section_id(node: LexborNode) -> str | None:
    """The id of the section that an unnamed heading begins."""
    before, around = node.prev, node.parent
    while before is not None and not before.is_element_node:
        before = before.prev
    if before is not None or around is None or around.tag not in _SECTIONS or around.id in _FRAMES:
        return None
    return around.id


def _named(node: LexborNode) -> Iterator[tuple[str, Attributes]]:
    """Tag and attributes of the elements below `node` in document order, however deep they are nested."""
    waiting = [node.child]
    while waiting:
        inner = waiting.pop()
        if inner is None:
            continue
        waiting.append(inner.next)
        if inner.is_element_node:
            yield inner.tag or "", inner.attributes
            waiting.append(inner.child)
