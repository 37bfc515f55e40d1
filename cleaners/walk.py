"""Walk: one pass over the tree of a page. Every text node ends in a block, in a field or in a removal.

A handler takes text by one of five verbs, and there is no other way: `flow` lets it run on, `verbatim` and `standing`
keep it as it stands, `take` and `told` put it into a field, `remove` takes it away. So a trace is complete.

The walk knows three things of an element: what the rules say of it (`Rules.action`), what its tag does
(`Steps.tags`), and that an element nobody knows is transparent: its text flows on, nothing is dropped.
What single tags, blocks and fields do stands in modules of their own, in the table of `cleaners.steps`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from msgspec import Struct
from selectolax.lexbor import LexborNode

from sectionary.cleaners.added import LINE_BREAK
from sectionary.cleaners.address import Base
from sectionary.cleaners.fields import Category, Coordinates, Hatnote, Infobox, Notice, Reference
from sectionary.cleaners.line import Line, Mark, Run, TracedLine, join
from sectionary.cleaners.rules import Action, Rules
from sectionary.cleaners.section import Image
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.trace import Source, Tracer

MAX_DEPTH = 120                          # levels of elements; what lies deeper is kept as plain text
FRAME = "page.frame"                     # the rule for what lies beside the article and has no rule of its own

Handler = Callable[["Walk", LexborNode, Attributes], None]


class Steps(NamedTuple):
    """What the walk does: by tag, by block type, by field, as `cleaners.steps` lists them."""

    tags: Mapping[str, Handler]
    blocks: Mapping[str, Handler]
    fields: Mapping[str, Handler]


class Draft(Struct, gc=False):
    """A block under way: its text with marks, and its data under the name of a member of `Block`."""

    type: str
    run: Run
    data: dict[str, Any] = {}


class Heading(Struct, frozen=True, gc=False):
    """The heading that opens a section."""

    text: str
    level: int
    anchor: str | None
    aliases: tuple[str, ...]


class SectionDraft:
    """A section under way; the lead has no heading."""

    __slots__ = ("blocks", "heading", "images")

    def __init__(self, heading: Heading | None) -> None:
        self.heading = heading
        self.blocks: list[Draft] = []
        self.images: list[Image] = []


class FieldsDraft:
    """What the page says beside its sections, as the walk comes upon it."""

    def __init__(self) -> None:
        self.title: str | None = None
        self.infoboxes: list[Infobox] = []
        self.hatnotes: list[Hatnote] = []
        self.notices: list[Notice] = []
        self.references: list[Reference] = []
        self.citing: dict[str, list[str]] = {}   # by id of a reference, what the marks that lead to it show
        self.categories: list[Category] = []
        self.contributors: list[str] = []
        self.coordinates: Coordinates | None = None
        self.boxed_coordinates: Coordinates | None = None   # those of an infobox, where the page has none of its own
        self.short_description: str | None = None
        self.license_text: str | None = None
        self.license_url: str | None = None
        self.license_name: str | None = None
        self.page_type: str | None = None        # where the markup tells it outright


class Apart(NamedTuple):
    """What a subtree made, kept apart from the section: blocks, and marks that no block holds."""

    blocks: list[Draft]
    marks: list[Mark]


PARAGRAPH: tuple[str, dict[str, Any]] = ("paragraph", {})
Account = tuple[str, str | None]         # a rule, and the selector of it that chose the element


class Walk:
    """The state of one pass. Handlers call its verbs; `cleaners.article` reads what it gathered."""

    def __init__(self, rules: Rules, steps: Steps, base: Base, tracer: Tracer | None = None) -> None:
        self.rules = rules
        self.steps = steps
        self.base = base
        self.tracer = tracer
        self.line = self._new_line()
        self.sections = [SectionDraft(None)]
        self.blocks = self.sections[0].blocks
        self.fields = FieldsDraft()
        self.removed: Counter[Account] = Counter()
        self.removed_chars: Counter[Account] = Counter()
        self.warnings: list[str] = []
        self.numbered = 0                # links shown as their number so far
        self.spread = 0                  # places and characters that spans have added to tables (`cleaners.tables`)
        self.nested = 0                  # inside a list item, a cell, a quotation: no section can open there
        self.becomes = PARAGRAPH         # what the line under way will be: its type and data
        self.headline = False            # inside a heading
        self.over: LexborNode | None = None      # what stands raised over a lowered twin and is read after it
        self._depth = 0

    # ---- going through the tree

    def flow(self, node: LexborNode) -> None:
        """Walk the children of `node` in document order: text into the line, elements by rule, else by tag.

        An element that neither knows is transparent. This is the inner loop of the program: a page has thousands
        of nodes, so it calls nothing that it need not.
        """
        if self._depth >= MAX_DEPTH:
            self._flatten(node)
            return
        self._depth += 1
        handlers, rules = self.steps.tags, self.rules
        untouched, named, telling = rules.untouched, rules.named, rules.telling
        child = node.child
        while child is not None:
            tag = child.tag
            if tag == "-text":
                self.line.add(child.text_content or "", child)
            elif tag is not None:
                attributes = child.attributes
                if (
                    (tag, attributes.get("class")) not in untouched
                    or attributes.get("id") in named
                    or not telling.isdisjoint(attributes)
                ) and (action := rules.action(tag, attributes, child)):
                    self.obey(action, child, attributes)
                elif handler := handlers.get(tag):
                    handler(self, child, attributes)
                else:
                    self.flow(child)
            child = child.next
        self._depth -= 1

    def element(self, tag: str, node: LexborNode) -> None:
        """Do with one element what the rules say, else what its tag does, else let its content flow."""
        attributes = node.attributes
        if action := self.rules.action(tag, attributes, node):
            self.obey(action, node, attributes)
        elif handler := self.steps.tags.get(tag):
            handler(self, node, attributes)
        else:
            self.flow(node)

    def obey(self, action: Action, node: LexborNode, attributes: Attributes) -> None:
        """Remove the element, or hand it to the handler of its block type or field."""
        if action.kind == "remove":
            self.remove(action.name, node, selector=action.selector)
        else:
            table = self.steps.fields if action.kind == "field" else self.steps.blocks
            table[action.name](self, node, attributes)

    def page(self, body: LexborNode, content: LexborNode) -> None:
        """Walk a whole page: what lies outside `content` is fields and removals, the content flows."""
        self._outside(body, Action("remove", FRAME, "body"), _lineage(content), content.mem_id)
        self._settle()
        self.told("citations", self.line.run())

    def _outside(self, node: LexborNode, rule: Action, lineage: frozenset[int], content: int) -> None:
        """Walk furniture: text goes on the account of `rule`, until an element has a rule of its own."""
        if node.mem_id == content:
            self.flow(node)
            self.end_paragraph()
            return
        child = node.child
        while child is not None:
            tag = child.tag or ""
            if tag == "-text":
                self._discount(rule, child)
            elif tag not in UNSEEN:
                above = child.mem_id in lineage
                self._furniture(tag, child, rule, lineage if above else frozenset(), content)
            child = child.next

    def _discount(self, rule: Action, text: LexborNode) -> None:
        """Put a text node on the account of a rule; its element was counted before."""
        chars = ink(text.text_content or "")
        if chars:
            account = (rule.name, rule.selector)
            self.removed_chars[account] += chars
            self.removed[account] = self.removed[account] or 1
            if self.tracer:
                self.tracer.own(self.tracer.sources(text), f"removal:{rule.name}", rule.selector)

    def _furniture(
        self, tag: str, node: LexborNode, rule: Action, lineage: frozenset[int], content: int
    ) -> None:
        """Walk an element outside the article. One that the article lies in is never removed whole."""
        attributes = node.attributes
        action = None if lineage else self.rules.action(tag, attributes, node)
        if action and action.kind == "field":
            self.obey(action, node, attributes)
            return
        if action and action.kind == "remove":
            rule = action
            self.removed[rule.name, rule.selector] += 1
        self._outside(node, rule, lineage, content)

    def _flatten(self, node: LexborNode) -> None:
        """Keep the text of a subtree that is nested too deeply to be structure (only hostile pages are)."""
        if f"nested deeper than {MAX_DEPTH} levels" not in self.warnings:
            self.warnings.append(f"nested deeper than {MAX_DEPTH} levels")
        self.line.add(visible_text(node))
        self._mark_sources(node)

    # ---- what handlers do with text

    def verbatim(self, text: str, node: LexborNode) -> None:
        """Append `text` to the line as it stands; it was made of what stands below `node`."""
        self.line.verbatim(text)
        self._mark_sources(node)

    def standing(self, node: LexborNode) -> Run:
        """The text below `node` as it stands, white space and all, but for what rules remove.

        An element with lines of its own begins and ends one. White space that only parts such elements is none.
        """
        text = Standing(spaced=node.tag != "pre" and node.css_first("pre") is not None)
        waiting: list[LexborNode | int] = [node]
        while waiting:
            inner = waiting.pop()
            if isinstance(inner, int):
                text.end_line(inner)
            elif inner.tag == "-text":
                if text.add(inner) and self.tracer:
                    text.places += self.tracer.sources(inner)
            elif inner.tag == "br":
                text.parts.append(LINE_BREAK)
            elif inner.tag not in UNSEEN and not self.removes(inner):
                if inner.tag in LINED:
                    text.end_line(-1)
                    waiting.append(len(text.parts) if inner.tag == "pre" else -1)
                waiting += reversed(list(inner.iter(include_text=True)))
        return text.run()

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

    def _mark_sources(self, node: LexborNode) -> None:
        if self.tracer:
            self.line.sources(self.tracer.sources(node))

    def _new_line(self) -> Line:
        return TracedLine(self.tracer) if self.tracer else Line()

    # ---- what handlers do with blocks

    def end_paragraph(self) -> None:
        """Close the line; if anything stands in it, it becomes a paragraph. Marks alone wait for the next."""
        if self.line.length:
            kind, data = self.becomes
            self.blocks.append(Draft(kind, self.line.run(), data))
            self.line = self._new_line()
            self.becomes = PARAGRAPH

    def _settle(self) -> None:
        """At the end of a section or a cell: marks that found no text any more stand at the end of the last."""
        self.end_paragraph()
        if self.line.marks and self.blocks:
            run = self.blocks[-1].run
            run.marks.extend(Mark(len(run.text), mark.kind, mark.data) for mark in self.line.marks)
            self.line = self._new_line()

    def block(self, draft: Draft) -> None:
        """Close the line and append a block."""
        self.end_paragraph()
        self.blocks.append(draft)

    def captured(self, node: LexborNode) -> list[Draft]:
        """The blocks of a subtree, kept apart from the section: a list item's, a cell's, a caption's."""
        return self._with_blocks(self._apart(self.flow, (node,)))

    def gathered(self, *nodes: LexborNode) -> list[Draft]:
        """The blocks that neighbours themselves make, kept apart likewise."""
        return self._with_blocks(self._apart(self.visit, nodes))

    def _with_blocks(self, apart: Apart) -> list[Draft]:
        """The blocks; marks that found none wait in the line for the next text."""
        self.line.marks += [Mark(self.line.length, mark.kind, mark.data) for mark in apart.marks]
        return apart.blocks

    def visit(self, node: LexborNode) -> None:
        """Walk one node itself, be it text or element."""
        if node.tag == "-text":
            self.line.add(node.text_content or "", node)
        elif node.tag not in UNSEEN:
            self.element(node.tag or "", node)

    def _apart(self, walk: Callable[[LexborNode], None], nodes: Iterable[LexborNode]) -> Apart:
        """The blocks that `walk` makes of some nodes, and the marks in them where they have no block to hold them."""
        line, blocks = self.line, self.blocks
        self.line, self.blocks = self._new_line(), []
        self.nested += 1
        for node in nodes:
            walk(node)
        if self.line.parts or self.line.marks:
            self._settle()
        self.nested -= 1
        apart = Apart(self.blocks, self.line.marks)
        self.line, self.blocks = line, blocks
        return apart

    def run(self, node: LexborNode) -> Run:
        """The text of a subtree as one run, its blocks on lines of their own."""
        return _as_run(self._apart(self.flow, (node,)))

    def run_of(self, *nodes: LexborNode) -> Run:
        """The text of neighbours as one run, in the same way."""
        return _as_run(self._apart(self.visit, nodes))

    def open_section(self, heading: Heading) -> None:
        """Close the section under way and open one under `heading`."""
        self._settle()
        self.sections.append(SectionDraft(heading))
        self.blocks = self.sections[-1].blocks

    @property
    def section_index(self) -> int:
        """The index of the section under way."""
        return len(self.sections) - 1

    def image(self, image: Image) -> None:
        """Note a picture of the section under way."""
        self.sections[-1].images.append(image)


def _as_run(apart: Apart) -> Run:
    if len(apart.blocks) == 1:
        return apart.blocks[0].run
    runs = [draft.run for draft in apart.blocks if draft.run.text]
    return join(runs, LINE_BREAK) if runs else Run("", apart.marks)


class Standing:
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


LINED = frozenset({"pre", "div", "p", "li", "tr", "table", "ol", "ul"})
_PARTED = frozenset({"ol", "ul", "table", "tbody", "tr"})
UNSEEN = frozenset({"script", "style", "template", "head", "-comment", "-doctype", "link", "meta"})
_ASIDE = {"citation": "citation", "tag": "inline_tag"}
_HIDDEN = frozenset({"script", "style"})
_GLANCE = 10                             # nodes that are looked at sooner than a selector has been compiled


def _owner_beside(field: str, place: Source) -> str:
    """The owner of a place in a run that a field has: marks in the run are removed."""
    asides = {"citations": "removal:field.citation", "inline_tags": "removal:field.inline_tag"}
    return asides[place.aside] if place.aside else field if field.startswith("heading") else f"field:{field}"


def visible_text(node: LexborNode) -> str:
    """The text of a subtree without scripts and styles (Lexbor leaves templates and comments out itself)."""
    text = node.text()
    if text and not _is_plain(node):
        for hidden in node.css("script, style"):
            text = text.replace(hidden.text(), "", 1)
    return text


def _is_plain(node: LexborNode) -> bool:
    """Whether a glance shows that there is no script or style: the subtree is small and has none."""
    waiting: list[LexborNode | None] = [node.child]
    for _ in range(_GLANCE):
        inner = waiting.pop()
        if inner is not None:
            tag = inner.tag
            if tag in _HIDDEN:
                return False
            waiting.append(inner.next)
            if tag != "-text":
                waiting.append(inner.child)
        if not waiting:
            return True
    return False


def ink(text: str) -> int:
    """How many characters of `text` are not white space."""
    return len("".join(text.split()))


def _lineage(node: LexborNode) -> frozenset[int]:
    """The memory ids of `node` and all that it lies in."""
    found: set[int] = set()
    above: LexborNode | None = node
    while above is not None:
        found.add(above.mem_id)
        above = above.parent
    return frozenset(found)
