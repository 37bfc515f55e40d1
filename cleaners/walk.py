"""Walk: one pass over the tree of a page. Every text node ends in a block, in a field or in a removal.

A handler takes text by a verb, and there is no other way: `flow` and `run` let it run on into blocks, those of
`cleaners.owners` give it to a field or take it away.

The walk knows three things of an element: what the rules say of it (`Rules.action`), what its tag does
(`Steps.tags`), and that an element nobody knows is transparent: its text flows on, nothing is dropped.
What single tags, blocks and fields do stands in modules of their own, in the table of `cleaners.steps`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from sectionary.cleaners.added import LINE_BREAK
from sectionary.cleaners.address import Base
from sectionary.cleaners.drafts import PARAGRAPH, Apart, Draft, FieldsDraft, Heading, SectionDraft
from sectionary.cleaners.line import Mark, Run, join
from sectionary.cleaners.owners import Owners
from sectionary.cleaners.rules import AFTER, BEFORE, Action, Rules
from sectionary.cleaners.section import Image
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.trace import Tracer
from sectionary.cleaners.visible import UNSEEN, visible_text

MAX_DEPTH = 120                          # levels of elements; what lies deeper is kept as plain text
MAX_NESTED = 4                           # tables in tables that are told as data of their own
_BEFORE, _AFTER = Action("remove", BEFORE, "body"), Action("remove", AFTER, "body")
INSIDE = frozenset({"hatnote", "notice"})    # fields that the article has; beside it, the wiki speaks of itself
# Where one is removed a paragraph ends all the same; Parsoid leaves a meta element in the place of the contents.
BREAKING = frozenset({
    "aside", "div", "dl", "figure", "footer", "header", "meta", "nav", "ol", "section", "table", "ul",
})  # fmt: skip

Handler = Callable[["Walk", LexborNode, Attributes], None]


class Steps(NamedTuple):
    """What the walk does: by tag, by block type, by field, as `cleaners.steps` lists them."""

    tags: Mapping[str, Handler]
    blocks: Mapping[str, Handler]
    fields: Mapping[str, Handler]


class Walk(Owners):
    """The state of one pass. Handlers call its verbs; `cleaners.article` reads what it gathered."""

    def __init__(self, rules: Rules, steps: Steps, base: Base, tracer: Tracer | None = None) -> None:
        super().__init__(rules, tracer)
        self.steps = steps
        self.base = base
        self.sections = [SectionDraft(None)]
        self.blocks = self.sections[0].blocks
        self.fields = FieldsDraft()
        self.warnings: list[str] = []
        self.numbered = 0                # links shown as their number so far
        self.spread = 0                  # places and characters that spans have added to tables (`cleaners.tables`)
        self.nested = 0                  # inside a list item, a cell, a quotation: no section can open there
        self.becomes = PARAGRAPH         # what the line under way will be: its type and data
        self.headline = False            # inside a heading
        self.endings: dict[int, frozenset[int]] = {}     # children that nothing comes after, by element (`boxes`)
        self.over: LexborNode | None = None      # what stands raised over a lowered twin and is read after it
        self._depth = 0
        self._place = _BEFORE            # the rule for what lies beside the article and is not told apart otherwise

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
        child = node.first_child
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
            if node.tag in BREAKING:
                self.end_paragraph()
            self.remove(action.name, node, selector=action.selector)
        else:
            table = self.steps.fields if action.kind == "field" else self.steps.blocks
            table[action.name](self, node, attributes)

    def page(self, body: LexborNode, content: LexborNode) -> None:
        """Walk a whole page: what lies outside `content` is fields and removals, the content flows."""
        self._outside(body, _lineage(content), content.mem_id)
        self.told("citations", Run("", self._settle()))

    def _outside(self, node: LexborNode, lineage: frozenset[int], content: int) -> None:
        """Walk an element that the article lies in, which is never removed whole, or the article itself."""
        if node.mem_id == content:
            self.flow(node)
            self.end_paragraph()
            self._place = _AFTER
            return
        for child in node.iter(include_text=True):
            if child.mem_id in lineage:
                self._outside(child, lineage, content)
            elif child.tag == "-text":
                self.discount(self._place, child)
            elif child.tag not in UNSEEN:
                self._furniture(child, self._place)

    def _furniture(self, node: LexborNode, rule: Action) -> None:
        """Walk an element outside: its text goes on the account of `rule`, if it has no rule of its own."""
        tag, attributes = node.tag or "", node.attributes
        action = self.rules.action(tag, attributes, node)
        if action is None and rule is self._place:
            action = self.rules.beside.action(tag, attributes, node)
        if action:
            if action.kind == "field" and action.name not in INSIDE:
                self.obey(action, node, attributes)
                return
            if action.kind == "remove":
                rule = action
                self.removed[rule.name, rule.selector] += 1
        child = node.child
        while child is not None:
            tag = child.tag or ""
            if tag == "-text":
                self.discount(rule, child)
            elif tag not in UNSEEN:
                self._furniture(child, rule)
            child = child.next

    def _flatten(self, node: LexborNode) -> None:
        """Keep the text of a subtree that is nested too deeply to be structure (only hostile pages are)."""
        if f"nested deeper than {MAX_DEPTH} levels" not in self.warnings:
            self.warnings.append(f"nested deeper than {MAX_DEPTH} levels")
        self.line.add(visible_text(node))
        self.mark_sources(node)

    # ---- what handlers do with blocks

    def end_paragraph(self) -> None:
        """Close the line; if anything stands in it, it becomes a paragraph. Marks alone wait for the next."""
        if self.line.length:
            self._append_line()
            self.line = self.new_line()

    def _append_line(self) -> None:
        """Make the line, in which something stands, a paragraph or what it becomes."""
        kind, data = self.becomes
        self.blocks.append(Draft(kind, self.line.run(), data))
        self.becomes = PARAGRAPH

    def _settle(self) -> list[Mark]:
        """At the end of a section or a cell: close the line, which is not used any more.

        Marks that found no text any more stand at the end of the last block; what is returned found no block either.
        """
        line = self.line
        if line.length:
            self._append_line()
        elif line.marks and self.blocks:
            run = next(block for block in reversed(self.blocks) if "inside" not in block.data).run
            run.marks.extend(Mark(len(run.text), mark.kind, mark.data) for mark in line.marks)
        else:
            return line.marks
        return []

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
        if apart.marks:
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
        self.line, self.blocks = self.new_line(), []
        self.nested += 1
        for node in nodes:
            walk(node)
        apart = Apart(self.blocks, self._settle())
        self.nested -= 1
        self.line, self.blocks = line, blocks
        return apart

    def run(self, node: LexborNode) -> Run:
        """The text of a subtree as one run, its blocks on lines of their own."""
        return self.run_and_inner(node)[0]

    def run_and_inner(self, node: LexborNode) -> tuple[Run, list[Draft]]:
        """The text of a subtree as one run, and the blocks in it that are more than text."""
        if self._depth < MAX_DEPTH and not self.tracer and _is_bare(node):
            return Run(" ".join((node.text() or "").split()), []), []
        apart = self._apart(self.flow, (node,))
        return _as_run(apart), [draft for draft in apart.blocks if draft.data]

    def block_with(self, draft: Draft, inner: Iterable[Draft]) -> None:
        """Append a block, and the blocks whose text it has, as data alone (`Block.inside`), a few levels deep."""
        self.block(draft)
        kept = [held for held in inner if held.type in NESTED]
        known = set(map(id, kept))       # what was inside a list that became part of this one is inside this one
        for held in kept:
            if id(held.data.get("inside")) not in known:
                held.data = {**held.data, "inside": draft}
            held.run = Run("", [])
            if _levels(held) <= MAX_NESTED:
                self.blocks.append(held)

    def run_of(self, *nodes: LexborNode) -> Run:
        """The text of neighbours as one run, in the same way."""
        return _as_run(self._apart(self.visit, nodes))

    def open_section(self, heading: Heading) -> None:
        """Close the section under way and open one under `heading`."""
        waiting = self._settle()
        self.line = self.new_line()
        self.line.marks = waiting
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


NESTED = frozenset({"list", "definition_list", "table", "code", "math"})


def _levels(draft: Draft) -> int:
    """How many blocks the draft lies in."""
    around = draft.data.get("inside")
    return 0 if around is None else 1 + _levels(around)


def _is_bare(node: LexborNode) -> bool:
    """Whether nothing but a text is in it, as in every other cell."""
    child = node.child
    return child is None or (child.tag == "-text" and child.next is None)


def _lineage(node: LexborNode) -> frozenset[int]:
    """The memory ids of `node` and all that it lies in."""
    found: set[int] = set()
    above: LexborNode | None = node
    while above is not None:
        found.add(above.mem_id)
        above = above.parent
    return frozenset(found)
