"""Lists: ul, ol and dl with all that is nested in them, as one block of items in reading order."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from msgspec import Struct
from selectolax.lexbor import LexborNode

from sectionary.cleaners.added import BULLET, INDENT, ITEM_SEPARATOR, LINE_BREAK
from sectionary.cleaners.drafts import Draft
from sectionary.cleaners.line import Mark, Run, join, moved
from sectionary.cleaners.numerals import Numbering, numbering
from sectionary.cleaners.section import Item, List
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.visible import UNSEEN
from sectionary.cleaners.walk import Walk

_ENTRIES = frozenset({"li", "dt", "dd", "div"})
_LISTS = frozenset({"ul", "ol", "dl"})    # others have bullets: those of older HTML, of toolbars, lists by their role


class ItemDraft(Struct, gc=False):
    """An item under way; `marker` is empty for indented text, for a term, and where an item goes on."""

    depth: int
    marker: str
    term: bool
    run: Run


class Entry(Struct, gc=False):
    """One li, dt or dd, or what stands between them: its marker and the blocks it holds."""

    marker: str
    term: bool
    blocks: list[Draft]
    node: LexborNode | None = None


def list_block(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """Append a list block. Indentation that holds nothing but a formula is that formula, displayed."""
    kind = node.tag if node.tag in _LISTS else "ul"
    found = [entry for entry in entries(walk, node, kind, attributes) if entry.blocks]
    indented = kind == "dl" and not any(entry.term for entry in found)
    for displayed, group in groupby(found, key=lambda entry: indented and _is_formula(entry)):
        if displayed:
            for formula in (draft for entry in group for draft in entry.blocks):
                walk.block(formula)
        else:
            read = list(group)
            shown = [item for entry in read for item in items(entry)]
            walk.end_paragraph()
            if kind == "dl" and walk.blocks and _goes_on(walk.blocks[-1]):
                shown = [*walk.blocks.pop().data["items"], *shown]    # the parser begins one at a term, Parsoid goes on
            walk.block_with(list_of(kind, shown), held_by(read))


def _goes_on(last: Draft) -> bool:
    """Whether the last block is a definition list that holds no block of its own."""
    return last.type == "definition_list" and "inside" not in last.data


def held_by(entries: Iterable[Entry]) -> list[Draft]:
    """The blocks in the entries whose data are told beside the list."""
    return [draft for entry in entries for draft in entry.blocks if _is_held(draft)]


def _is_held(draft: Draft) -> bool:
    """Whether an item has the text of a block that is no list of its own, so that its data are told beside."""
    return bool(draft.data) and ("items" not in draft.data or "inside" in draft.data)


def list_of(kind: str, items: list[ItemDraft]) -> Draft:
    """A list block of items."""
    data = List(
        kind=kind,
        items=tuple([Item(depth=i.depth, marker=i.marker, term=i.term, text=i.run.text) for i in items]),
    )
    return Draft("definition_list" if kind == "dl" else "list", _joined(items), {"list": data, "items": items})


def _joined(items: list[ItemDraft]) -> Run:
    """The items on lines of their own, each behind indent and marker."""
    lines: list[str] = []
    marks: list[Mark] = []
    start = 0
    for item in items:
        line = f"{INDENT * item.depth}{item.marker} " if item.marker else INDENT * item.depth
        if item.run.marks:
            marks += moved(item.run.marks, start + len(line))
        line += item.run.text
        lines.append(line)
        start += len(line) + len(ITEM_SEPARATOR)
    return Run(ITEM_SEPARATOR.join(lines), marks)


def entries(walk: Walk, node: LexborNode, kind: str, attributes: Attributes) -> Iterator[Entry]:
    """The entries of a list, each walked when it is asked for; those that say nothing have no blocks."""
    return _entries(walk, node, kind, numbering(node, attributes) if kind == "ol" else None)


def _entries(walk: Walk, node: LexborNode, kind: str, numbers: Numbering | None) -> Iterator[Entry]:
    child = node.child
    while child is not None:
        tag = child.tag or ""
        if tag == "-text" and (child.text_content or "").isspace():
            pass                         # as between any two entries
        elif tag == "-text":
            if blocks := walk.gathered(child):
                yield Entry("", term=False, blocks=blocks)
        elif tag not in UNSEEN:
            own = child.attributes
            action = walk.rules.action(tag, own, child)
            if action and action.kind == "remove":
                walk.remove(action.name, child, selector=action.selector)
            elif tag == "div" and kind == "dl" and action is None:
                yield from _entries(walk, child, kind, numbers)       # HTML groups terms in div
            else:
                marker = _marker(tag, own, numbers)
                blocks = walk.captured(child) if tag in _ENTRIES else walk.gathered(child)
                yield Entry(marker, tag == "dt", blocks, child)
        child = child.next


def _marker(tag: str, attributes: Attributes, numbers: Numbering | None) -> str:
    if tag != "li" and attributes.get("role") != "listitem":
        return ""
    return numbers.marker(attributes) if numbers else BULLET


def items(entry: Entry) -> Iterator[ItemDraft]:
    """An entry as items: what stands before a nested list, the nested items one deeper, what stands after."""
    if len(entry.blocks) == 1 and "items" not in entry.blocks[0].data and "inside" not in entry.blocks[0].data:
        yield ItemDraft(0, entry.marker, entry.term, entry.blocks[0].run)
        return
    marker = entry.marker
    for group in _grouped(entry.blocks):
        if isinstance(group, Draft):
            if marker:
                yield ItemDraft(0, marker, entry.term, Run("", []))
                marker = ""
            for item in group.data["items"]:
                yield ItemDraft(item.depth + 1, item.marker, item.term, item.run)
        else:
            run = join([draft.run for draft in group if draft.run.text], LINE_BREAK)
            yield ItemDraft(0, marker, entry.term, run)
            marker = ""


def _grouped(blocks: Iterable[Draft]) -> Iterator[Draft | list[Draft]]:
    """Nested lists one by one, what stands between them together."""
    between: list[Draft] = []
    for draft in blocks:
        if "inside" in draft.data:
            continue
        if "items" not in draft.data:
            between.append(draft)
            continue
        if between:
            yield between
            between = []
        yield draft
    if between:
        yield between


def _is_formula(entry: Entry) -> bool:
    """Whether an indented line holds formulas and nothing else, which wikis indent to display them."""
    return all(draft.type == "math" for draft in entry.blocks)
