r"""MathML: TeX for a formula that a page gives in presentation markup alone (W3C, MathML Core).

Letters and signs stay the page's own, so a Greek letter is itself and not \alpha; what TeX needs around is added.
"""

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from sectionary.cleaners.added import TEX, TEX_CELL, TEX_GROUP, TEX_MATRIX, TEX_NAME, TEX_ROW, TEX_WORDS

_DEEP = 60                               # beyond it a formula is read as plain text
_UNREAD = frozenset({"annotation", "annotation-xml", "mphantom", "mspace", "mprescripts", "none"})
_LEAVES = frozenset({"mi", "mn", "mo", "ms"})
_INVISIBLE = "\u2061\u2062\u2063\u2064"  # signs for a screen reader
Piece = LexborNode | str                 # a text node of the page, or what TeX needs between two


def pieces(node: LexborNode, depth: int = 0) -> Iterator[Piece]:
    """The formula at `node`, in the order of its TeX: text nodes of the page, and TeX between them."""
    tag = node.tag or ""
    if tag == "-text":
        if (node.text_content or "").strip().strip(_INVISIBLE):
            yield node
    elif tag in _UNREAD or not node.is_element_node:
        return
    elif depth > _DEEP or tag in _LEAVES:
        yield from _leaf(node)
    elif tag == "mtext":
        yield from (TEX_WORDS[0], *_leaf(node), TEX_WORDS[1])
    elif tag in TEX:
        yield from _structure(node, TEX[tag], depth)
    elif tag == "mtable":
        yield from _matrix(node, depth)
    elif tag == "semantics":
        yield from (piece for child in _elements(node)[:1] for piece in pieces(child, depth + 1))
    else:
        yield from _flow(node, depth)


def spoken(text: LexborNode) -> str:
    """A text node as TeX has it: white space counts between words alone."""
    words = text.text_content or ""
    around = text.parent
    return words if around is not None and around.tag == "mtext" else words.strip()


def _flow(node: LexborNode, depth: int) -> Iterator[Piece]:
    for child in node.iter(include_text=True):
        yield from pieces(child, depth + 1)


def _leaf(node: LexborNode) -> Iterator[Piece]:
    """A name, a number or a sign as it stands; a name of several letters is that of a function."""
    texts = [piece for inner in node.traverse(include_text=True) if inner.tag == "-text" for piece in pieces(inner)]
    named = node.tag == "mi" and len((node.text() or "").strip()) > 1
    before, after = TEX_NAME if named else ("", "")
    yield from (before, *texts, after)


def _structure(node: LexborNode, template: tuple[str, ...], depth: int) -> Iterator[Piece]:
    """The parts of a fraction, a root, an index between what its template has around them."""
    parts = _elements(node)
    if node.tag == "msqrt":
        yield from (template[0], *_flow(node, depth), template[1])
        return
    if node.tag == "mroot":
        parts.reverse()                  # TeX has the index before the radicand
    elif parts and not template[0] and len(_elements(parts[0])) > 1:
        template = (TEX_GROUP[0], TEX_GROUP[1] + template[1], *template[2:])
    for before, part in zip(template, parts, strict=False):
        yield before
        yield from pieces(part, depth + 1)
    yield template[min(len(parts), len(template) - 1)]


def _matrix(node: LexborNode, depth: int) -> Iterator[Piece]:
    yield TEX_MATRIX[0]
    for number, row in enumerate(_elements(node)):
        yield TEX_ROW if number else ""
        for column, cell in enumerate(_elements(row)):
            yield TEX_CELL if column else ""
            yield from pieces(cell, depth + 1)
    yield TEX_MATRIX[1]


def _elements(node: LexborNode) -> list[LexborNode]:
    return [child for child in node.iter() if child.is_element_node]
