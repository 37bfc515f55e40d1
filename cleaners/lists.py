"""Lists: ul, ol and dl with all that is nested in them, as one block of items in reading order."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from sectionary.cleaners.line import Run, join, prefixed
from sectionary.cleaners.section import Item, List
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.walk import UNSEEN, Draft, Walk

BULLET = "-"
INDENT = "  "


class ItemDraft(NamedTuple):
    """An item under way; `marker` is empty for indented text, for a term, and where an item goes on."""

    depth: int
    marker: str
    term: bool
    run: Run


def list_block(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """Append a list block. Indentation that holds nothing but a formula is that formula, displayed."""
    kind = node.tag or "ul"
    drafts = list(_items(walk, node, attributes, depth=0))
    if not drafts:
        return
    if kind == "dl" and (formulas := _only_formulas(drafts)):
        for formula in formulas:
            walk.block(formula)
        return
    items = [item for draft in drafts for item in _flat(draft)]
    walk.block(_block(kind, items))


def _block(kind: str, items: list[ItemDraft]) -> Draft:
    run = join((prefixed(_prefix(item), item.run) for item in items), "\n")
    data = List(
        kind=kind,
        items=tuple(Item(depth=i.depth, marker=i.marker, term=i.term, text=i.run.text) for i in items),
    )
    return Draft("definition_list" if kind == "dl" else "list", run, {"list": data, "items": items})


def _prefix(item: ItemDraft) -> str:
    marker = f"{item.marker} " if item.marker else ""
    return INDENT * item.depth + marker


class _Parts(NamedTuple):
    """One li, dt or dd: its place in the list and the blocks it holds."""

    depth: int
    marker: str
    term: bool
    blocks: list[Draft]


def _items(walk: Walk, node: LexborNode, attributes: Attributes, depth: int) -> Iterator[_Parts]:
    numbers = _numbers(attributes)
    for child in _entries(node):
        tag = child.tag or ""
        own = child.attributes
        action = walk.rules.action(tag, own, child)
        if action and action.kind == "remove":
            walk.remove(action.name, child)
            continue
        marker = _marker(node.tag, tag, own, numbers)
        blocks = _blocks(walk, child, tag)
        if blocks:
            yield _Parts(depth, marker, tag == "dt", blocks)


def _blocks(walk: Walk, child: LexborNode, tag: str) -> list[Draft]:
    """What an entry holds. A list directly inside a list is an entry of its own (invalid, and common)."""
    if tag in ("li", "dt", "dd", "div"):
        return walk.captured(child)
    line, blocks = walk.line, walk.blocks
    walk.line, walk.blocks = type(line)(), []
    walk.nested += 1
    if tag == "-text":
        walk.line.add(child.text_content or "")
    else:
        walk.element(tag, child)
    walk.end_paragraph()
    walk.nested -= 1
    found, walk.line, walk.blocks = walk.blocks, line, blocks
    return found


def _entries(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        if child.tag not in UNSEEN and (child.tag != "-text" or (child.text_content or "").strip()):
            yield child
        child = child.next


def _numbers(attributes: Attributes) -> list[int]:
    start = attributes.get("start") or "1"
    return [int(start) if start.lstrip("-").isdigit() else 1]


def _marker(kind: str | None, tag: str, attributes: Attributes, numbers: list[int]) -> str:
    if tag != "li":
        return ""
    if kind != "ol":
        return BULLET
    value = attributes.get("value") or ""
    if value.lstrip("-").isdigit():
        numbers[0] = int(value)
    number = numbers[0]
    numbers[0] += 1
    return f"{number}."


def _flat(parts: _Parts) -> Iterator[ItemDraft]:
    """An entry as items: what stands before a nested list, the nested items one deeper, what stands after."""
    marker = parts.marker
    for group in _grouped(parts.blocks):
        if isinstance(group, Draft):
            if marker:
                yield ItemDraft(parts.depth, marker, parts.term, Run("", []))
                marker = ""
            for item in group.data["items"]:
                yield item._replace(depth=item.depth + parts.depth + 1)
        else:
            run = join((draft.run for draft in group if draft.run.text), "\n")
            yield ItemDraft(parts.depth, marker, parts.term, run)
            marker = ""


def _grouped(blocks: Iterable[Draft]) -> Iterator[Draft | list[Draft]]:
    """Nested lists one by one, what stands between them together."""
    between: list[Draft] = []
    for draft in blocks:
        if "items" not in draft.data:
            between.append(draft)
            continue
        if between:
            yield between
            between = []
        yield draft
    if between:
        yield between


def _only_formulas(entries: list[_Parts]) -> list[Draft]:
    drafts = [draft for entry in entries for draft in entry.blocks]
    return drafts if all(draft.type == "math" for draft in drafts) else []
