"""References: the entries of a page's reference lists, and the marks in the text that lead to them.

A mark shows the number or letter that the entry bears (mediawiki.org, Extension:Cite), so labels come from the
marks; the list itself counts by a style sheet. What a mark tells is gathered as the walk meets it
(`FieldsDraft.citing`), and joined to the entries at the end.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from msgspec import structs
from selectolax.lexbor import LexborNode

from sectionary.cleaners.compound import Compound
from sectionary.cleaners.fields import Identifiers, Reference
from sectionary.cleaners.line import Line, Mark, Run
from sectionary.cleaners.lists import Entry, entries, items, list_of
from sectionary.cleaners.numerals import numeral
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.visible import ink
from sectionary.cleaners.walk import Walk

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+[^\s\"<>.,;)\]]")
_DOI_LINK = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/+(10\.\d{4,9}/[^?#\s]+)", re.IGNORECASE)
_PMID = re.compile(r"PMID:?\s*(\d{4,9})")
_PMID_LINK = re.compile(r"https?://(?:www\.ncbi\.nlm\.nih\.gov/(?:entrez/)?pubmed|pubmed\.ncbi\.nlm\.nih\.gov)/(\d{4,9})")
_ISBN = re.compile(r"ISBN(?:[\s-]?1[03])?:?\s*((?:97[89][\s-]?)?(?:\d[\s\u2010-\u2013-]?){9}[\dXx])(?!\d)")
_ISBN_DIGITS = re.compile(r"(?:97[89])?\d{9}[\dXx]")
_COUNTED = re.compile(r"((?:lower|upper)-(?:alpha|latin|roman|greek)|decimal)\s*([0-9]{1,9})")
_STYLE = re.compile(r"list-style(?:-type)?:\s*((?:lower|upper)-(?:alpha|latin|roman|greek))")
_GROUPED = re.compile(r"(.*\S) \w+")    # a mark that names its group before the number
_BRACKETS = "[]\uff3b\uff3d\u200b\u2060 "
_TEXTS = frozenset({"reference-text", "mw-reference-text"})
_MARKING = frozenset({"a", "b", "span", "sup", "small"})
ENTRIES = "entries"                      # in a draft's data: its items are references by themselves
_AROUND = 4                              # elements above a list in which its counters are set


def citation(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """Take a reference mark out of the text: "[12]" becomes a citation at its place.

    A mark without a link says more of the one before it, as the page in "[12]:45", or parts two, and then it is
    removed.
    """
    target = _target(node)
    before = None if target or node.text().lstrip().startswith("[") else _citation_before(walk.line)
    if not target and ink(node.text()) and not any(map(str.isalnum, node.text())):
        walk.remove("field.citation", node)
    elif before:
        reference, label, said = before.data
        more = walk.aside("citations", node)
        before.data = (reference, label + " ".join(more.split()), said + more)
    else:
        reference = unquote(target.partition("#")[2])
        said = walk.aside("citations", node)
        label = shown(said)
        walk.line.mark("citation", reference, label, said)
        if reference:
            walk.fields.citing.setdefault(reference, []).append(label)
        grouped = _GROUPED.fullmatch(" ".join(said.split()).strip(_BRACKETS))
        if reference and grouped:
            walk.fields.cited_as[reference] = grouped[1]


def _target(node: LexborNode) -> str:
    """Where a reference mark leads. Its link is nearly always its first child, which costs no selector."""
    child = node.child
    href = child.attributes.get("href") if child is not None and child.tag == "a" else None
    if not href or "#" not in href:
        anchor = node.css_first("a[href*='#']")
        href = anchor.attributes.get("href") if anchor else None
    return href or ""


def _citation_before(line: Line) -> Mark | None:
    """The reference mark right before the end of the line."""
    last = next((mark for mark in reversed(line.marks) if mark.kind != "source"), None)
    return last if last and last.kind == "citation" and last.offset == line.length else None


def shown(mark: str) -> str:
    """The number or letter that a mark shows, without its brackets.

    Groups that are named after a counter style are shown as that style counts, which Parsoid leaves to a style
    sheet: "[lower-alpha 2]" is "b" (mediawiki.org, Help:Cite, "Group anchors").
    """
    label = " ".join(mark.split()).strip(_BRACKETS)
    label = label if "(" in label else label.removesuffix(")")     # DokuWiki's "1)"
    counted = _COUNTED.fullmatch(label)
    return numeral(int(counted[2]), counted[1]) if counted else label


def references(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """A reference list: entries as data, and a list for the reader where it stands.

    A list in an entry that is a reference list, too (sub-references of Cite), gives entries of its own.
    """
    for item in node.iter():
        for part in _leading_back(walk, item):
            walk.remove("content.backlink", part)
            part.decompose()
    group, found = _group(node, attributes), walk.fields.references
    read: list[Entry] = []
    known = len(found)
    for entry in entries(walk, node, node.tag or "ol", attributes):
        inner, found[known:] = found[known:], ()
        if entry.node is not None and entry.node.tag == "li":
            found += [_reference(entry, group, len(read) + 1), *inner]
        read.append(entry)
        known = len(found)
    if shown_items := [item for entry in read if entry.blocks for item in items(entry)]:
        block = list_of(node.tag or "ol", shown_items)
        block.data[ENTRIES] = True
        walk.block(block)


def note(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """A reference outside of any list of them: its text stays where it stands."""
    entry = Entry("", term=False, blocks=walk.captured(node), node=node)
    found = _reference(entry, None, len(walk.fields.references) + 1)
    named = None if found.id else node.css_first("[id]")
    walk.fields.references.append(structs.replace(found, id=named.id) if named else found)
    for block in entry.blocks:
        walk.block(block)


def _leading_back(walk: Walk, entry: LexborNode) -> list[LexborNode]:
    """What stands in an entry before its text and leads back to its marks: "^ a b", without what a rule removes.

    Cite wraps the text in an element since 2012, so all that comes before it is meant; earlier it is links, with
    signs and single letters between them.
    """
    before: list[LexborNode] = []
    last = 0
    for part in entry.iter(include_text=True):
        attributes = part.attributes if part.tag != "-text" else {}
        if _TEXTS.intersection((attributes.get("class") or "").split()):
            last = len(before)
            break
        if part.tag != "-text":
            if not _leads_back(walk, part, attributes):
                break
            last = len(before) + 1
        before.append(part)
    return [part for part in before[:last] if not _is_removed(walk, part)]


def _leads_back(walk: Walk, part: LexborNode, attributes: Attributes) -> bool:
    """Whether an element before an entry's text is a link back, holds some, or goes by a rule."""
    action = walk.rules.action(part.tag or "", attributes, part)
    if part.tag == "link" or (action and action.kind == "remove"):
        return True
    return part.tag in _MARKING and _holds_link(part, walk.rules.backlinks)


def _holds_link(part: LexborNode, asked: tuple[Compound, ...]) -> bool:
    """Whether an element is a link that one of the selectors matches, or holds one."""
    if part.tag == "a":
        attributes = part.attributes
        if any(selector.matches(attributes, part) for selector in asked):
            return True
    child = part.child
    while child is not None:
        if child.tag != "-text" and _holds_link(child, asked):
            return True
        child = child.next
    return False


def _is_removed(walk: Walk, part: LexborNode) -> bool:
    if part.tag == "-text":
        return not (part.text_content or "").strip()
    action = walk.rules.action(part.tag or "", part.attributes, part)
    return action is not None and action.kind == "remove"


def _reference(entry: Entry, group: str | None, number: int) -> Reference:
    """One entry; label and backlinks are what the marks tell in the end."""
    runs = list(_runs(entry))
    text = " ".join(" ".join([run.text for run in runs]).split())
    links = [mark.data for run in runs for mark in run.marks if mark.kind == "link"]
    style = _COUNTED.fullmatch(f"{group} 1")
    return Reference(
        id=entry.node.attributes.get("id") or None if entry.node else None,
        group=group,
        label=numeral(number, style[1]) if style else str(number),
        text=text,
        urls=tuple(dict.fromkeys(url for _, url, _, kind in links if kind == "external")),
        identifiers=_identifiers(text, [(said, url) for said, url, _, _ in links]),
        backlinks=0,
    )


def _runs(entry: Entry) -> Iterator[Run]:
    """What stands in an entry, its nested lists without their markers; entries nested in it are not its own."""
    for draft in entry.blocks:
        if ENTRIES in draft.data:
            continue
        if "items" in draft.data:
            yield from (item.run for item in draft.data["items"])
        else:
            yield draft.run


def _identifiers(text: str, links: list[tuple[str, str]]) -> Identifiers:
    """Identifiers of the cited work: where a link leads counts before what is printed."""
    doi = isbn = pmid = None
    for said, url in links:              # most links are neither, so a glance comes first
        if "doi.org/" in url and (found := _DOI_LINK.match(unquote(url))):
            doi = doi or found[1]
        elif "nih.gov/" in url and (found := _PMID_LINK.match(url)):
            pmid = pmid or found[1]
        elif said[:1].isdigit() and _is_isbn_link(said, url):
            isbn = isbn or said
    return Identifiers(
        doi=doi or ("10." in text and _first(_DOI, text)) or None,
        isbn=isbn or ("ISBN" in text and _first(_ISBN, text)) or None,
        pmid=pmid or ("PMID" in text and _first(_PMID, text)) or None,
    )


def _is_isbn_link(said: str, url: str) -> bool:
    """Whether a link is one of a wiki's own for a book (Special:BookSources, whatever it is called in its language)."""
    digits = _digits(said)
    return _ISBN_DIGITS.fullmatch(digits) is not None and _digits(url.rpartition("/")[2]) == digits


def _digits(text: str) -> str:
    return re.sub(r"[\s\u2010-\u2013-]", "", text)


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[found.re.groups and 1] if found else None


def _group(node: LexborNode, attributes: Attributes) -> str | None:
    """The group of a list: as Cite or Parsoid names it, else the counter style that templates give such a list."""
    stated = attributes.get("data-mw-group") or _parsoid_group(attributes.get("data-mw"))
    if stated:
        return stated
    for around in _around(node):
        style = _STYLE.search(around.attributes.get("style") or "")
        if style:
            return style[1]
    return None


def _parsoid_group(said: str | None) -> str | None:
    """The group in Parsoid's account of a list (mediawiki.org, Specs/HTML/Extensions/Cite)."""
    try:
        attributes = json.loads(said).get("attrs", {}) if said else {}
    except (ValueError, AttributeError):
        return None
    group = attributes.get("group") if isinstance(attributes, dict) else None
    return group if isinstance(group, str) and group else None


def _around(node: LexborNode) -> Iterator[LexborNode]:
    above: LexborNode | None = node
    for _ in range(_AROUND):
        if above is None:
            return
        yield above
        above = above.parent


def cited(
    found: Iterable[Reference], citing: Mapping[str, list[str]], cited_as: Mapping[str, str]
) -> tuple[Reference, ...]:
    """The entries, with what the marks in page and fields tell of them: labels, groups, and how many lead there."""
    return tuple([
        _cited(reference, citing.get(reference.id or "", []), cited_as.get(reference.id or "")) for reference in found
    ])


def _cited(reference: Reference, labels: list[str], group: str | None) -> Reference:
    if not labels:
        return reference
    return structs.replace(
        reference, label=labels[0] or reference.label, group=reference.group or group, backlinks=len(labels)
    )
