"""Boxes without a name: tables that are infobox, notice, navigation or cladogram by what they hold, without a class.

They were made by hand, or by templates older than the classes. A site whose rules know a kind of box by its class has
it by its form, too; for other sites a table is a table.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from sectionary.cleaners.cladograms import cladogram, is_drawn
from sectionary.cleaners.flow import container
from sectionary.cleaners.infoboxes import infobox
from sectionary.cleaners.notices import notice
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.tables import DATA, table_block
from sectionary.cleaners.visible import UNSEEN, ink, visible_text
from sectionary.cleaners.walk import Walk

_NAVIGATION = "content.navbox"
_FLOATS = re.compile(r"float:\s*(?:right|left)")
_LISTED = 6                              # links of a box that leads to other pages
_SHARE = 0.6                             # of a navigation box's text is in such lists
_REST = 0.15                             # at most is neither in them nor a heading
_SIGNS = re.compile(r"[\u00b7\u2022\u2219\u22c5\u25cf|]")     # between links in a row
_BRACKETED = re.compile(r"\([^()]*\)")
_NOTICE = 600                            # characters of a notice
_LABEL = 60                              # characters of a row's label
_LABELLED = 2                            # rows with a label and a value that make an infobox
_NARROW = re.compile(r"(?:^|[;\s])width:\s*(?:[12]\d\d|3[0-4]\d)px|^(?:[12]\d\d|3[0-4]\d)(?:px)?$")
# A page of another namespace than the articles', in a title or at the end of an address: "Wikipedia:Featured articles".
_NAMESPACED = re.compile(r"(?:^|/)[^\W\d_][^:/?#]{1,30}:(?![\s_/])[^/]+$")
_FRAME = frozenset({"mw-parser-output", "mw-content-ltr", "mw-content-rtl"})
_FRAMES = frozenset({"mw-content-text", "bodyContent", "content"})


def any_table(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """A table: the box that it is by its form, else a table."""
    unnamed = DATA not in (attributes.get("class") or "").split()
    plain = unnamed and not walk.nested
    if unnamed and is_drawn(node):
        cladogram(walk, node, attributes)
    elif plain and _NAVIGATION in walk.rules.spec.remove and _navigates(walk, node, attributes):
        walk.end_paragraph()
        walk.remove(_NAVIGATION, node)
    elif plain and "infobox" in walk.rules.spec.fields and _informs(walk, node, attributes):
        walk.end_paragraph()
        infobox(walk, node, attributes)
    elif plain and "notice" in walk.rules.spec.fields and _notifies(walk, node):
        walk.end_paragraph()
        notice(walk, node, attributes)
    else:
        table_block(walk, node, attributes)


def frame(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """A frame that a script folds: navigation, if it lists pages in rows of links, else what it holds."""
    if not walk.nested and _NAVIGATION in walk.rules.spec.remove and _navigates(walk, node, attributes):
        walk.end_paragraph()
        walk.remove(_NAVIGATION, node)
    else:
        container(walk, node, attributes)


def _navigates(walk: Walk, node: LexborNode, attributes: Attributes) -> bool:
    """Whether it lists pages in rows of links, and shows the reader's among them, or stands beside or below the text.

    What is beside the text floats; below it, only boxes follow.
    """
    # Where it stands costs less to tell than what it holds.
    if not (_floats(attributes) or node.css_first(".selflink") is not None or _is_last(walk, node)):
        return False
    if len(node.css("a[href]")) < _LISTED:
        return False
    cells = [(cell, ink(visible_text(cell)), _lists(cell)) for cell in _innermost(node)]
    listed = sum(chars for _, chars, lists in cells if lists)
    heads = sum(chars for cell, chars, lists in cells if not lists and _is_heading(cell))
    total = sum(chars for _, chars, _ in cells)
    return listed >= _SHARE * total and total - listed - heads <= _REST * total


def _innermost(node: LexborNode) -> Iterator[LexborNode]:
    """The cells that hold no table; of a frame the parts that hold no other."""
    if node.tag == "table":
        return (cell for cell in node.css("td, th, caption") if cell.css_first("table") is None)
    return (part for part in node.css("div, p, td, th, li") if part.css_first("* div, * p, * td, * li") is None)


def _lists(cell: LexborNode) -> bool:
    """Whether a cell is a row of links with signs between them; what stands in brackets behind one belongs to it."""
    links = cell.css("a[href], .selflink:not(a)")
    named = [ink(visible_text(link)) for link in links]
    text = _BRACKETED.sub("", visible_text(cell))
    signs = len(_SIGNS.findall(text))
    return sum(1 for chars in named if chars) > 2 and 2 * signs >= len(named) and sum(named) >= _SHARE * ink(text)


def _is_heading(cell: LexborNode) -> bool:
    named = cell.tag in ("th", "caption") or "NavHead" in (cell.attributes.get("class") or "")
    return named or cell.css_first("b, strong, big, th") is not None or len(cell.css("a[href]")) == 1


def _floats(attributes: Attributes) -> bool:
    return attributes.get("align") in ("right", "left") or bool(_FLOATS.search(attributes.get("style") or ""))


def _is_last(walk: Walk, node: LexborNode) -> bool:
    """Whether nothing but boxes and what rules take away comes after it in the article."""
    inner: LexborNode | None = node
    while inner is not None and inner.tag != "body" and not _is_frame(inner):
        around = inner.parent
        if around is not None and inner.mem_id not in _ending(walk, around):
            return False
        inner = around
    return True


def _ending(walk: Walk, around: LexborNode) -> frozenset[int]:
    """The children of an element that nothing of the article comes after; told once, however many boxes are in it."""
    if around.mem_id not in walk.endings:
        found: list[int] = []
        child = around.last_child
        while child is not None:
            found.append(child.mem_id)
            child = None if _says(walk, child) else child.prev
        walk.endings[around.mem_id] = frozenset(found)
    return walk.endings[around.mem_id]


def _is_frame(node: LexborNode) -> bool:
    attributes = node.attributes
    return attributes.get("id") in _FRAMES or not _FRAME.isdisjoint((attributes.get("class") or "").split())


def _says(walk: Walk, node: LexborNode) -> bool:
    """Whether a node holds text of the article; a table may be one more box."""
    if node.tag == "-text" or node.tag in UNSEEN or node.tag == "table":
        return node.tag == "-text" and bool((node.text_content or "").strip())
    action = walk.rules.action(node.tag or "", node.attributes, node)
    return (action is None or action.kind == "block") and ink(visible_text(node)) > 0


def _informs(walk: Walk, node: LexborNode, attributes: Attributes) -> bool:
    """Whether it stands beside the lead, and tells fact by fact of what a first row across it names.

    Facts have labels; where none has one, the name is a heading.
    """
    if walk.section_index or not (_floats(attributes) or _is_narrow(attributes)):
        return False
    rows = [[cell for cell in row.iter() if cell.tag in ("td", "th")] for row in _rows(node)]
    if len(rows) < _LABELLED + 1 or len(rows[0]) != 1 or max(map(len, rows)) > 2:
        return False
    labelled = sum(1 for row in rows if len(row) == 2 and _is_label(row[0]))
    return labelled >= _LABELLED or (rows[0][0].tag == "th" and max(map(len, rows)) == 1)


def _is_label(cell: LexborNode) -> bool:
    """Whether a cell is a few words, or a sign in their place."""
    chars = ink(visible_text(cell))
    return chars <= _LABEL if chars else cell.css_first("img") is not None


def _notifies(walk: Walk, node: LexborNode) -> bool:
    """Whether it stands before the first words or after the last, one row of a sign and a word on the wiki's work.

    That is told by a link to a page about the wiki and not about its subject.
    """
    rows = list(_rows(node))
    cells = [cell for cell in rows[0].iter() if cell.tag in ("td", "th")] if len(rows) == 1 else []
    said = [cell for cell in cells if ink(visible_text(cell))]
    signs = [cell for cell in cells if cell not in said and cell.css_first("img") is not None]
    if len(said) != 1 or not signs or ink(visible_text(node)) > _NOTICE or node.css_first("ul, ol, dl") is not None:
        return False
    first = not walk.section_index and not any(draft.run.text for draft in walk.blocks)
    return any(map(_leads_to_the_wiki, said[0].css("a[href]"))) and (first or _is_last(walk, node))


def _leads_to_the_wiki(link: LexborNode) -> bool:
    attributes = link.attributes
    page = attributes.get("title") or unquote(attributes.get("href") or "")
    return "extiw" not in (attributes.get("class") or "") and bool(_NAMESPACED.search(page) and ink(visible_text(link)))


def _rows(node: LexborNode) -> Iterator[LexborNode]:
    """The rows of a table, those without a cell left out, never those of a table in a cell."""
    for part in node.iter():
        if part.tag == "tr":
            if part.css_first("td, th") is not None:
                yield part
        elif part.tag in ("tbody", "thead", "tfoot"):
            yield from _rows(part)


def _is_narrow(attributes: Attributes) -> bool:
    """Whether it leaves room for text beside it, whoever lets it float."""
    return any(_NARROW.search(attributes.get(name) or "") for name in ("style", "width"))
