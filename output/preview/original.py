"""Original: a page as it was, in harmless markup, each text marked with what became of it.

Harmless by construction, not by looking for harm: only the elements of `_ELEMENTS` and the attributes of
`_ATTRIBUTES` are ever written, no address is among them, and everything else of the page is escaped text.
Nor are there elements that a parser moves about (formatting elements and p, HTML Standard, 13.2.6.4.7),
raw text or foreign markup. So a browser builds the tree that is written here, and the text of the page
stays what it was, in the same order.
"""

import re
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborNode

from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.trace import HIDDEN
from sectionary.cleaners.visible import ink
from sectionary.output.htmltext import escaped
from sectionary.output.preview.parts import Part

HUES = 12                               # tints of rules in preview.css
_DEEPEST = 150                           # Chromium flattens what lies deeper than 512 elements
_LONG = 500                              # removed characters that are folded to a few lines
_LINE = 50                               # characters that an element on a line of its own stands for

_BY_NAME = (
    "address article aside bdi bdo blockquote br caption cite dd dfn div dl dt figcaption figure footer header "
    "hr kbd li main nav ol q rp rt ruby samp section sub sup table tbody td tfoot th thead time tr ul var wbr"
)
_BY_CLASS = {
    "div": "p h1 h2 h3 h4 h5 h6 pre center details summary fieldset form noscript listing dialog legend option",
    "span": "b i u s code small big a button img",
}
_LIKE = {
    "strong": "b", "em": "i", "tt": "code", "strike": "s", "del": "s", "xmp": "pre", "plaintext": "pre",
    "optgroup": "option", "menu": "ul", "dir": "ul", "hgroup": "div", "body": "div", "search": "div", "abbr": "dfn",
}  # fmt: skip
_ELEMENTS = {name: (name, "") for name in _BY_NAME.split()}
_ELEMENTS |= {name: (tag, name) for tag, names in _BY_CLASS.items() for name in names.split()}
_ELEMENTS |= {name: _ELEMENTS[like] for name, like in _LIKE.items()}
_INLINE = ("span", "")                   # an element that nobody knows
_VOID = frozenset({"br", "hr", "wbr"})
_UNWRITTEN = frozenset({
    "area", "audio", "base", "canvas", "col", "colgroup", "embed", "frame", "iframe", "input", "keygen", "link",
    "meta", "object", "param", "picture", "source", "track", "video",
})  # fmt: skip
_WITHIN = {                              # table parts stand nowhere else (HTML Standard, 13.2.6.4.9)
    "caption": ("table",), "thead": ("table",), "tbody": ("table",), "tfoot": ("table",),
    "tr": ("thead", "tbody", "tfoot"), "td": ("tr",), "th": ("tr",),
}  # fmt: skip
_STRUCTURE = frozenset({"table", "thead", "tbody", "tfoot", "tr"})

_ON_A_LINE = frozenset(["li", "div", "tr", "dd", "dt", "caption", "figcaption"])

_NUMBER = re.compile(r"-?[0-9]{1,4}")
_ATTRIBUTES = {
    "dir": re.compile(r"ltr|rtl|auto"),
    "lang": re.compile(r"[A-Za-z0-9-]{1,35}"),
    "colspan": _NUMBER,
    "rowspan": _NUMBER,
    "start": _NUMBER,
    "value": _NUMBER,
}
_BOX = re.compile(r"\b(?:infobox|portable-infobox|taxobox)\b")


class _Open:
    """An element under way, and the stretch of what is in it that nothing was kept of."""

    __slots__ = ("end", "kept", "lines", "opened", "removed", "start", "tag")

    def __init__(self, tag: str, end: str, opened: int) -> None:
        self.tag = tag
        self.end = end                   # what closes it
        self.opened = opened             # where it begins in what is written
        self.kept = False                # whether it holds text that was not removed
        self.begin(opened + 1)

    def begin(self, start: int) -> None:
        """Begin a stretch."""
        self.start = start
        self.removed = 0                 # its characters
        self.lines = 0                   # its elements that stand on lines of their own


def original(body: LexborNode, parts: Sequence[Part]) -> str:
    """The page as HTML. `parts` are who owns the text of its `body` (`Trace.text`), in order.

    Every piece of text that has an owner stands in an element that names the part (`data-p`): `del` with the
    tint of its rule, `mark` for a field, `span` for a block. The concatenated text is that of the page.
    """
    return _Writing(parts).written(body)


def original_text(text: str, parts: Sequence[Part]) -> str:
    """The same for text that another extractor left: as it stands, marked."""
    writing = _Writing(parts)
    writing.text(text)
    return "".join(writing.out)


class _Writing:
    """One page being written: the pieces so far, the place in the text, the elements that are open."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._next = 0
        self._at = 0
        self.out: list[str] = []
        self._open = [_Open("", "", -1)]

    def written(self, body: LexborNode) -> str:
        """Go through the tree without recursion, however deep it is."""
        waiting: list[LexborNode | None] = [body]
        while waiting:
            node = waiting.pop()
            if node is None:
                self._close()
                continue
            tag = node.tag or ""
            if tag == "-text":
                self.text(node.text_content or "")
            elif node.is_element_node and tag not in HIDDEN:
                if self._element(tag, node):
                    waiting.append(None)
                waiting += reversed(list(node.iter(include_text=True)))
        self._fold(self._open[0], len(self.out))
        return "".join(self.out)

    def _element(self, tag: str, node: LexborNode) -> bool:
        """Open an element; whether it has to be closed. What may not stand here lets its content through."""
        written, name = _ELEMENTS.get(tag, _INLINE)
        above = self._open[-1].tag
        fits = above in _WITHIN[written] if written in _WITHIN else above not in _STRUCTURE
        deep = len(self._open) > _DEEPEST and written not in _WITHIN
        if tag in _UNWRITTEN or not fits or deep:
            return False
        if written in _VOID:
            self.out.append(f"<{written}>")
            return False
        self._start(written, name, node.attributes)
        return True

    def _start(self, tag: str, name: str, attributes: Attributes) -> None:
        kind = f"{name} box" if _BOX.search(attributes.get("class") or "") else name
        marks = f' class="{kind.strip()}"' if kind.strip() else ""
        if name == "img":
            marks += f' data-alt="{escaped(attributes.get("alt") or "")}"'
        marks += "".join(_allowed(attributes))
        before, after = ('<div class="wide">', "</div>") if tag == "table" else ("", "")
        self._open.append(_Open(tag, f"</{tag}>{after}", len(self.out)))
        self.out.append(f"{before}<{tag}{marks}>")

    def _close(self) -> None:
        """Close an element: one that something was kept of ends the stretch around it, any other goes on it."""
        done, above = self._open.pop(), self._open[-1]
        if done.kept:
            self._fold(above, done.opened)
            self._fold(done, len(self.out))
        self.out.append(done.end)
        if done.kept:
            above.kept = True
            above.begin(len(self.out))
        else:
            above.removed += done.removed
            above.lines += done.lines + (done.removed > 0 and done.tag in _ON_A_LINE)

    def _fold(self, around: _Open, stop: int) -> None:
        """Wrap a long stretch, so that a reader sees its beginning."""
        if around.removed + _LINE * around.lines < _LONG or not around.lines or around.tag in _STRUCTURE:
            return
        label = f"{around.removed:,} characters removed"
        head = f'<div class="fold"><button type="button" aria-label="{label}"></button><div>'
        self.out[around.start] = head + self.out[around.start]
        self.out[stop - 1] += "</div></div>"

    def text(self, text: str) -> None:
        """Write a text node, cut where its owner changes."""
        start, end = self._at, self._at + len(text)
        self._at = end
        if not text or text.isspace():
            self.out.append(escaped(text))
            return
        at = start
        while at < end:
            part = self._part(at)
            stop = end if part is None else min(end, part.end if part.start <= at else part.start)
            self._piece(text[at - start : stop - start], part if part and part.start <= at else None)
            at = stop

    def _part(self, at: int) -> Part | None:
        """The part that holds the place `at`, else the next one."""
        while self._next < len(self._parts) and self._parts[self._next].end <= at:
            self._next += 1
        return self._parts[self._next] if self._next < len(self._parts) else None

    def _piece(self, text: str, part: Part | None) -> None:
        inside = self._open[-1]
        if part is not None and part.kind == "removal":
            inside.removed += ink(text)
        elif not text.isspace():
            self._fold(inside, len(self.out))
            inside.kept = True
            inside.begin(len(self.out) + 1)
        self.out.append(_marked(escaped(text), part))


def _marked(text: str, part: Part | None) -> str:
    if part is None:
        return text
    if part.kind == "removal":
        return f'<del class="t{part.group % HUES}" data-p="{part.number}">{text}</del>'
    tag = "mark" if part.kind == "field" else "span"
    return f'<{tag} data-p="{part.number}">{text}</{tag}>'


def _allowed(attributes: Attributes) -> Iterator[str]:
    """The attributes that are harmless and tell the reader something, in values that can be nothing else."""
    for name, values in _ATTRIBUTES.items():
        value = (attributes.get(name) or "").strip().lower()
        if values.fullmatch(value):
            yield f' {name}="{value}"'
