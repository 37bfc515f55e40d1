"""Owners: the verbs by which a handler gives text to a field or to a removal, counted and, if asked, traced.

What is neither taken, told nor removed flows into blocks. Each verb names the owner of all the text that it is
given, so that a trace is complete (`cleaners.trace`).
"""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial

from selectolax.lexbor import LexborNode

from sectionary.cleaners.line import Line, Run, TracedLine
from sectionary.cleaners.rules import Action, Rules
from sectionary.cleaners.trace import Source, Tracer
from sectionary.cleaners.visible import ink, visible_text

Account = tuple[str, str | None]         # a rule, and the selector of it that chose the element
_ASIDE = {"citation": "citation", "tag": "inline_tag"}


class Owners:
    """What rules took away, and with a tracer the owner of every text."""

    def __init__(self, rules: Rules, tracer: Tracer | None) -> None:
        self.rules = rules
        self.tracer = tracer
        self.new_line: Callable[[], Line] = partial(TracedLine, tracer) if tracer else Line
        self.line = self.new_line()
        self.removed: Counter[Account] = Counter()
        self.removed_chars: Counter[Account] = Counter()

    def verbatim(self, text: str, node: LexborNode) -> None:
        """Append `text` to the line as it stands; it was made of what stands below `node`."""
        self.line.verbatim(text)
        self.mark_sources(node)

    def removes(self, node: LexborNode) -> bool:
        """Take the element away if a rule says so; whether one does."""
        attributes = node.attributes
        action = self.rules.action(node.tag or "", attributes, node)
        if action is None or action.kind != "remove":
            return False
        self.remove(action.name, node, selector=action.selector)
        return True

    def aside(self, field: str, node: LexborNode) -> str:
        """The text below `node`, which the section under way has in `field` instead of its text."""
        if self.tracer:
            self.line.sources([place._replace(aside=field) for place in self.tracer.sources(node)])
        return visible_text(node)

    def take(self, field: str, node: LexborNode) -> str:
        """The text below `node`, which `field` has."""
        if self.tracer:
            self.tracer.own(self.tracer.sources(node), f"field:{field}")
        return visible_text(node)

    def told(self, field: str, run: Run) -> str:
        """The text of a run, which `field` has. Reference marks and remarks in it have no place there."""
        for mark in run.marks:
            if mark.kind in _ASIDE:
                self._account(f"field.{_ASIDE[mark.kind]}", None, ink(mark.data[-1] or ""))
            elif mark.kind == "source" and self.tracer:
                self.tracer.own([Source(*mark.data)], _owner_beside(field, Source(*mark.data)))
        return run.text

    def remove(self, rule: str, node: LexborNode, *, selector: str | None = None, kept: int = 0) -> None:
        """Take an element away, on the account of `rule`, but for `kept` characters that a field has."""
        if selector is None and (action := self.rules.action(node.tag or "", node.attributes, node)):
            selector = action.selector
        self._account(rule, selector, ink(visible_text(node)) - kept)
        if self.tracer:
            self.tracer.own(self.tracer.sources(node), f"removal:{rule}", selector)

    def withdraw(self, rule: str, run: Run) -> None:
        """Take away a text that was to flow into a block."""
        self._account(rule, None, ink(run.text))
        if self.tracer:
            self.tracer.own((Source(*mark.data) for mark in run.marks if mark.kind == "source"), f"removal:{rule}")

    def excerpt(self, rule: str, node: LexborNode, source: LexborNode, start: int, end: int) -> list[Source]:
        """Take a node away but for some code points of the text below `source`, which lies in it; where these are."""
        kept = ink(visible_text(source)[start:end])
        self._account(rule, None, ink(visible_text(node)) - kept)
        if not self.tracer:
            return []
        inside, outside = self.tracer.parts(source, start, end)
        beside = set(self.tracer.sources(node)) - set(self.tracer.sources(source))
        self.tracer.own([*outside, *beside], f"removal:{rule}")
        return inside

    def gleaned(self, rule: str, node: LexborNode, texts: Iterable[LexborNode]) -> list[Source]:
        """Take a node away but for some text nodes in it; where these are, in their order."""
        kept = list(texts)
        self._account(rule, None, ink(visible_text(node)) - sum(ink(text.text_content or "") for text in kept))
        if not self.tracer:
            return []
        places = [place for text in kept for place in self.tracer.sources(text)]
        self.tracer.own((place for place in self.tracer.sources(node) if place not in places), f"removal:{rule}")
        return places

    def _account(self, rule: str, selector: str | None, chars: int) -> None:
        self.removed[rule, selector] += 1
        self.removed_chars[rule, selector] += chars

    def mark_sources(self, node: LexborNode) -> None:
        """Mark in the line where the text below `node` stands in the page; only a trace asks for it."""
        if self.tracer:
            self.line.sources(self.tracer.sources(node))

    def discount(self, rule: Action, text: LexborNode) -> None:
        """Put a text node on the account of a rule; its element was counted before."""
        chars = ink(text.text_content or "")
        if chars:
            account = (rule.name, rule.selector)
            self.removed_chars[account] += chars
            self.removed[account] = self.removed[account] or 1
            if self.tracer:
                self.tracer.own(self.tracer.sources(text), f"removal:{rule.name}", rule.selector)


def _owner_beside(field: str, place: Source) -> str:
    """The owner of a place in a run that a field has: marks in the run are removed."""
    asides = {"citations": "removal:field.citation", "inline_tags": "removal:field.inline_tag"}
    return asides[place.aside] if place.aside else field if field.startswith("heading") else f"field:{field}"
