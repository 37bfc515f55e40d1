"""Survey: one look over the whole tree of a page, for all that is looked for wherever it stands.

To go through a tree once costs a fifth of parsing it, and how many selectors are asked on the way hardly anything.
"""

from collections.abc import Iterable

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from sectionary.cleaners.compound import selector as compound
from sectionary.cleaners.langlinks import LINKS
from sectionary.cleaners.selector import lexbor_matches

_BESIDE = frozenset({"a", "link", "meta"})           # the elements that `LINKS` finds


class Survey(Struct, frozen=True):
    """What was found: the elements that selectors for the content ask for, and what tells of links beside the text."""

    content: list[LexborNode]
    beside: list[LexborNode]

    def matching(self, selector: str) -> list[LexborNode]:
        """Those that match one of the selectors for the content."""
        asked = compound(selector)
        if asked is None:
            return [node for node in self.content if lexbor_matches(node, selector)]
        return [node for node in self.content if asked.matches(node.attributes, node)]


def survey(tree: LexborHTMLParser, content: Iterable[str]) -> Survey:
    """Look for what the selectors `content` ask for, none of which is about a link, and for `LINKS`."""
    found = Survey([], [])
    seen: set[int] = set()
    for node in tree.css(", ".join([*content, LINKS])):
        if node.tag in _BESIDE:
            found.beside.append(node)
        elif node.mem_id not in seen:    # each selector that an element matches finds it
            seen.add(node.mem_id)
            found.content.append(node)
    return found
