"""Tabs: parts of a page that a script shows in one place, under a bar of labels; a reader gets each under its own.

Extensions Tabber and TabberNeue, Fandom's tabs (mediawiki.org, Extension:TabberNeue), and those by role (WAI-ARIA 1.2,
`tab` and `tabpanel`). Where labels and parts are not as many, the bar stands before the parts as it does in the page.
"""

from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborNode

from sectionary.cleaners.flow import container
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.visible import UNSEEN, ink, visible_text
from sectionary.cleaners.walk import Walk

_LABELS = frozenset({"tabber__tab", "wds-tabs__tab"})
_PARTS = frozenset({"tabber__panel", "wds-tab__content", "tabbertab"})
_BAR = "tabbernav"                       # whose entries are labels without a class


def tabs(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """The parts, each as a paragraph of its label and what stands in it."""
    found = paired(node)
    walk.end_paragraph()
    _walk(walk, node, {part.mem_id: label for label, part in found}, {label.mem_id for label, _ in found})
    walk.end_paragraph()


def _walk(walk: Walk, node: LexborNode, labelled: Mapping[int, LexborNode], labels: set[int]) -> None:
    for child in node.iter(include_text=True):
        if child.mem_id in labels or child.tag in UNSEEN:
            continue                     # a label is read over its part
        if label := labelled.get(child.mem_id):
            container(walk, label, label.attributes)
            container(walk, child, child.attributes)
        elif labels and child.is_element_node and any(_kind(inner) for inner in child.traverse()):
            _walk(walk, child, labelled, labels)
        else:
            walk.visit(child)


def paired(node: LexborNode) -> list[tuple[LexborNode, LexborNode]]:
    """The label and the part of each tab; none where they are not as many. Tabs within a part are its own."""
    labels: list[LexborNode] = []
    parts: list[LexborNode] = []
    for kind, each in _told(node):
        if kind == "part":
            parts.append(each)
        elif ink(visible_text(each)):
            labels.append(each)
    return list(zip(labels, parts, strict=True)) if len(labels) == len(parts) else []


def _told(node: LexborNode) -> Iterator[tuple[str, LexborNode]]:
    for child in node.iter():
        if kind := _kind(child):
            yield kind, child
        else:
            yield from _told(child)


def _kind(node: LexborNode) -> str | None:
    """Whether an element is a label or a part."""
    attributes = node.attributes
    classes, role = frozenset((attributes.get("class") or "").split()), attributes.get("role")
    if role == "tabpanel" or not _PARTS.isdisjoint(classes):
        return "part"
    around = node.parent.attributes.get("class") if node.parent is not None and node.tag == "li" else None
    return "label" if role == "tab" or not _LABELS.isdisjoint(classes) or around == _BAR else None
