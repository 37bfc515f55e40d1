"""Standing text: listings, verse and other text whose white space means something."""

from selectolax.lexbor import LexborNode

from sectionary.cleaners.added import LINE_BREAK
from sectionary.cleaners.line import Mark, Run
from sectionary.cleaners.trace import Source
from sectionary.cleaners.visible import UNSEEN
from sectionary.cleaners.walk import Walk

_LINED = frozenset({"pre", "div", "p", "li", "tr", "table", "ol", "ul"})
_PARTED = frozenset({"ol", "ul", "table", "tbody", "tr"})


def standing(walk: Walk, node: LexborNode) -> Run:
    """The text below `node` as it stands, white space and all, but for what rules remove.

    An element with lines of its own begins and ends one. White space that only parts such elements is none.
    """
    text = _Standing(spaced=node.tag != "pre" and node.css_first("pre") is not None)
    waiting: list[LexborNode | int] = [node]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, int):
            text.end_line(inner)
        elif inner.tag == "-text":
            if text.add(inner) and walk.tracer:
                text.places += walk.tracer.sources(inner)
        elif inner.tag == "br":
            text.parts.append(LINE_BREAK)
        elif inner.tag not in UNSEEN and not walk.removes(inner):
            if inner.tag in _LINED:
                text.end_line(-1)
                waiting.append(len(text.parts) if inner.tag == "pre" else -1)
            waiting += reversed(list(inner.iter(include_text=True)))
    return text.run()


class _Standing:
    """Text under way whose white space means something."""

    def __init__(self, *, spaced: bool) -> None:
        self.parts: list[str] = []
        self.places: list[Source] = []
        self._spaced = spaced            # only what stands in pre is text; white space beside it parts elements

    def add(self, node: LexborNode) -> bool:
        """Append a text node, unless it only parts elements; whether it was appended."""
        text = node.text_content or ""
        around = node.parent
        if text.isspace() and around is not None and (around.tag in _PARTED or (self._spaced and around.tag == "div")):
            return False
        self.parts.append(text)
        return True

    def end_line(self, start: int) -> None:
        """End the line, if one is under way, or if nothing came since part `start`: then it is empty."""
        if len(self.parts) == start or (self.parts and not self.parts[-1].endswith("\n")):
            self.parts.append(LINE_BREAK)

    def run(self) -> Run:
        """The finished text, without empty lines around."""
        text = "".join(self.parts).strip("\n").rstrip()
        return Run(text, [Mark(len(text), "source", place) for place in self.places])
