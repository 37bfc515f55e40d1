"""Headings, as every MediaWiki since 2011 writes them (and as plain HTML does).

<h2><span class="mw-headline" id="Anchor">Text</span></h2>      until 1.42
<div class="mw-heading"><h2 id="Anchor">Text</h2>…</div>        since 1.43
<h2><a name="anchor"></a>Text</h2>                              hand-made pages
<section id="anchor"><h2>Text</h2>…</section>                   HTML 5, Sphinx, Britannica
<a name="anchor"></a><font size="+2"><b>Text</b></font>         before style sheets
<div role="heading" aria-level="2" id="anchor">Text</div>       made by scripts
<h2>Text</h2><a href="#anchor"></a>                             writers of Markdown
"""

from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from sectionary.cleaners.anchors import authored
from sectionary.cleaners.drafts import Draft, Heading
from sectionary.cleaners.editmark import CLOSING, split_edit_mark
from sectionary.cleaners.line import Run
from sectionary.cleaners.rules import EDIT_MARK, PERMALINK
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.visible import ink
from sectionary.cleaners.walk import Walk

_SECTIONS = frozenset({"section", "div", "article"})
_LEVELS = {"7": 1, "+4": 1, "6": 1, "+3": 1, "5": 2, "+2": 2, "4": 3, "+1": 3}   # of a font's size; text has 3
_LONGEST = 100                           # characters of a heading that is one only by its size
_INLINE = frozenset({"a", "b", "strong", "i", "em", "u", "font", "span", "small", "big", "tt"})
_OF_MARKUP = "[class], sup, math, script, style"     # what rules and steps tell from the text
_FRAMES = frozenset({"mw-content-text", "bodyContent", "content", "main", "main-content", "article"})    # whole pages


def heading(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """Open a section; inside a list, a cell or a quotation a heading is a paragraph, with a warning."""
    _open(walk, node, attributes, int((node.tag or "h2")[1]))


def heading_of_another_tag(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """Open a section at what is a heading by its role, or by its size if it stands on a line of its own."""
    if node.tag == "font" and not _stands_alone(node):
        walk.flow(node)
    else:
        walk.end_paragraph()
        _open(walk, node, attributes, _level(attributes))


def _level(attributes: Attributes) -> int:
    """By aria-level, which is 2 where it is left out (WAI-ARIA 1.2, `heading`), or by size."""
    size, stated = attributes.get("size"), (attributes.get("aria-level") or "").strip()
    if size:
        return _LEVELS.get(size, 2)
    return min(max(int(stated[:3]), 1), 6) if stated.isdecimal() else 2


def _stands_alone(node: LexborNode) -> bool:
    """Whether nothing else stands on the element's line, and it is short enough for a heading."""
    if not 0 < len(node.text(strip=True)) <= _LONGEST:
        return False
    inner: LexborNode | None = node
    while inner is not None and _is_apart(inner.prev, back=True) and _is_apart(inner.next, back=False):
        inner = inner.parent
        if inner is None or inner.tag not in _INLINE:
            return True
    return False


def _is_apart(beside: LexborNode | None, *, back: bool) -> bool:
    """Whether the line begins, or ends, at this neighbour: it is none, a break, or a block. Blanks and anchors pass."""
    while beside is not None and (
        (beside.tag == "-text" and (beside.text_content or "").isspace())
        or beside.tag == "-comment"
        or (beside.tag == "a" and not beside.text(strip=True))
    ):
        beside = beside.prev if back else beside.next
    return beside is None or (beside.tag not in _INLINE and beside.tag not in {"-text", "img", "sup", "sub", "code"})


def _open(walk: Walk, node: LexborNode, attributes: Attributes, level: int) -> None:
    found = _anchors(node, attributes, node.text())
    _without_sign(walk, node)
    inside, walk.headline = walk.headline, True
    run = _marked(walk, node) or walk.run(_words(node))
    walk.headline = inside
    text = " ".join(run.text.split())
    if walk.nested and text:
        walk.warnings.append(f"heading inside a block: {text}")
        walk.block(Draft("paragraph", run))
        return
    if not text or (level == 1 and _titles(walk, text)):
        walk.fields.title = text or walk.fields.title
        walk.told("title", run)
        return
    walk.told(f"heading:{len(walk.sections)}", run)
    _warn(walk, level, text)
    main = found[0] if found else None
    walk.open_section(Heading(text, level, main, tuple(found[1:])))


def _words(node: LexborNode) -> LexborNode:
    """The heading, or the link that all its words stand in: it is no mark beside them, whatever rules call it."""
    inner = list(node.iter())
    alone = len(inner) == 1 and inner[0].tag == "a" and ink(inner[0].text()) == ink(node.text()) > 0
    return inner[0] if alone else node


def _without_sign(walk: Walk, node: LexborNode) -> None:
    """Take away a sign that links to the heading it stands in: ¶, #, §."""
    for sign in _signs(node.iter()):
        if 0 < ink(sign.text()) < ink(node.text()):
            walk.remove(PERMALINK, sign)
            sign.decompose()


def _signs(nodes: Iterable[LexborNode]) -> list[LexborNode]:
    """Those that link to a place of the page and hold no word."""
    return [
        node
        for node in nodes
        if node.tag == "a"
        and len(node.attributes.get("href") or "") > 1
        and (node.attributes.get("href") or "").startswith("#")
        and not any(map(str.isalnum, node.text()))
    ]


def _marked(walk: Walk, node: LexborNode) -> Run | None:
    """The heading before an edit mark that no class tells from it, if it ends in one."""
    text = node.text()
    if not text.rstrip().endswith(CLOSING):
        return None
    rest, found = split_edit_mark(text)
    if not found or not rest or node.css_first(_OF_MARKUP) is not None:
        return None
    line = walk.new_line()
    places = walk.excerpt(EDIT_MARK, node, node, 0, len(rest))
    line.verbatim(" ".join(rest.split()))
    line.sources(places)
    return line.run()


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
    first = len(walk.sections) == 1 and not any(draft.run.text for draft in walk.blocks)
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
    found = list(dict.fromkeys(name for name in names if name)) or _before(node) or _linked(node)
    section = None if found else authored(_section_id(node), text)
    return [section] if section else found


def _before(node: LexborNode) -> list[str]:
    """The name of an empty anchor right before a heading that has none in it, as in pages written by hand."""
    before = node.prev
    while before is not None and before.tag == "-text" and (before.text_content or "").isspace():
        before = before.prev
    if before is None or before.tag != "a" or before.text(strip=True):
        return []
    name = authored(before.attributes.get("name") or before.id)
    return [name] if name else []


def _linked(node: LexborNode) -> list[str]:
    """Where the sign in a heading without a name leads, or the one right behind it."""
    after = node.next
    while after is not None and after.tag == "-text" and (after.text_content or "").isspace():
        after = after.next
    signs = _signs([*node.iter(), *([after] if after is not None else [])])
    return [unquote((signs[0].attributes.get("href") or "")[1:])] if signs else []


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
