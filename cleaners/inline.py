"""What stands inside a line: links, pictures, reference marks, editors' remarks."""

import re

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from sectionary.cleaners.added import NUMBERED, QUOTED, READING
from sectionary.cleaners.address import file_name
from sectionary.cleaners.line import Mark
from sectionary.cleaners.section import Image
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.visible import visible_text
from sectionary.cleaners.walk import Walk

# "(May 2024)", and "from May 2007" until 2012
_DATED = re.compile(r"(?:\((?=[^()]*\d{4}[^()]*\)\s*$)|\bfrom (?=\w+ \d{4}$))([^()]+)")
# Extensions of files that wikis take (mediawiki.org, Manual:$wgFileExtensions; commons.wikimedia.org, File types).
_MEDIA = re.compile(
    r"\.(?:jpe?g|png|svg|gif|webp|tiff?|xcf|djvu|pdf|og[gva]|opus|web[mp]|mp[34g]|mpeg|wav|flac|midi?|stl)(?:[?#].*)?$",
    re.IGNORECASE,
)


def link(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """Let a link's text flow and mark it. A link around pictures only is no link of the text."""
    line = walk.line
    part, length = len(line.parts), line.length
    child = node.child
    if child is not None and child.tag == "-text" and child.next is None:     # as nearly every link is
        line.add(child.text_content or "", child)
    else:
        walk.flow(node)
    if walk.line is line:
        _mark(walk, part, length, attributes)


def numbered_link(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """A bare address in brackets, which a reader sees as its number: Parsoid leaves the counting to a style sheet."""
    walk.numbered += 1
    if node.child is not None:
        link(walk, node, attributes)
        return
    part, length = len(walk.line.parts), walk.line.length
    walk.line.verbatim(str(walk.numbered).join(NUMBERED))
    _mark(walk, part, length, attributes)


def _mark(walk: Walk, part: int, length: int, attributes: Attributes) -> None:
    """Mark what came into the line since as the text of a link."""
    href = attributes.get("href")
    if not href or walk.line.length == length:
        return
    offset, text = walk.line.since(part, length)
    url, title, kind = walk.base.link(href, attributes)
    if text and not walk.base.is_own(url, href):
        walk.line.marks.append(Mark(offset, "link", (text, url, title, kind)))


def picture(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """Note a picture; it has no text of its own."""
    if attributes.get("src") or attributes.get("data-src"):
        walk.image(_image(walk, node, attributes))


def player(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """Note a video or a recording; what stands in it is for browsers that play none."""
    source = node.css_first("source[src]")
    known = attributes if attributes.get("src") or source is None else {**attributes, "src": source.attributes["src"]}
    walk.image(_image(walk, node, known))
    walk.remove("content.fallback", node)


def lazy_picture(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """Note a picture by what a script will make one of; its twin for readers without scripts is removed."""
    stated = {name.removeprefix("data-"): value for name, value in attributes.items() if name.startswith("data-")}
    walk.image(_image(walk, node, stated))
    walk.flow(node)


def _image(walk: Walk, node: LexborNode, attributes: Attributes) -> Image:
    """A picture's data; lazy loaders keep the address in data-src.

    The file is what the picture's page is called, where the picture links to it or Parsoid names it.
    """
    source = attributes.get("data-src") or attributes.get("src") or ""
    src = "" if source.startswith("data:") or not source else walk.base.absolute(source)
    file = file_name(attributes.get("resource") or _page_of(node) or src)
    alt = attributes.get("alt") or None
    return Image(
        file=file,
        src=src,
        alt=alt if alt != file else None,
        caption=None,
        width=_pixels(attributes.get("width")),
        height=_pixels(attributes.get("height")),
    )


def _page_of(node: LexborNode) -> str | None:
    """The address of a picture's description page, which is named after the file, where the picture links to it."""
    around = node.parent
    href = around.attributes.get("href") if around is not None and around.tag == "a" else None
    return href if href and ":" in href.rpartition("/")[2] and _MEDIA.search(href) else None


def missing_picture(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """Note a picture that the wiki has not by its name: the page in its place, the link to upload it, or the text."""
    page = attributes.get("resource") or attributes.get("title") or visible_text(node).strip()
    walk.image(Image(file=file_name(page), src="", alt=None, caption=None, width=None, height=None))
    walk.remove("content.missing-picture", node)


def _pixels(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) < 6 else None


def inline_tag(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """Take an editors' remark out of the text: "[citation needed]" becomes a tag at its place, dated as its title."""
    titles = [titled.attributes.get("title") or "" for titled in node.css("[title]")]
    dated = next((found[1] for title in titles if (found := _DATED.search(title))), None)
    walk.line.mark("tag", dated, walk.aside("inline_tags", node))


class _Words(msgspec.Struct):
    t: str = ""


class _Variants(msgspec.Struct):
    disabled: _Words | None = None
    twoway: list[_Words] = []
    filter: _Words | None = None


def variant(walk: Walk, _node: LexborNode, attributes: Attributes) -> None:
    """Words that Chinese, Serbian and other wikis write for each script: Parsoid keeps them in an attribute, unshown.

    The first is taken, as by the parser for a reader without a preference; words not to be converted have one form
    (mediawiki.org, Specs/HTML, Language conversion blocks).
    """
    try:
        told = msgspec.json.decode(attributes.get("data-mw-variant") or "", type=_Variants)
    except msgspec.MsgspecError:
        return
    words = told.disabled or next(iter(told.twoway), None) or told.filter
    if words and words.t:
        walk.line.add(LexborHTMLParser(words.t).text() if "<" in words.t or "&" in words.t else words.t)


def ruby_reading(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """The reading of a ruby annotation, in brackets behind its base (HTML Standard, section 4.5.12).

    Several readings in a row, of as many bases before them, stand in one pair of brackets.
    """
    text = visible_text(node).strip()
    if node.tag == "rtc" and node.css_first("rt") is not None:
        walk.flow(node)
    elif text:
        before, after = READING
        opened = "" if _is_reading(node.prev, back=True) else before
        closed = "" if _is_reading(node.next, back=False) else after
        walk.verbatim(f"{opened}{text}{closed}", node)


def _is_reading(node: LexborNode | None, *, back: bool) -> bool:
    """Whether `node`, or what stands beyond white space and brackets on this side, is a reading of something."""
    while node is not None and (node.tag == "rp" or (node.tag == "-text" and not (node.text_content or "").strip())):
        node = node.prev if back else node.next
    return node is not None and node.tag == "rt" and bool((node.text() or "").strip())


def quoted(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """A quotation in a line; a browser prints its marks (HTML Standard, section 4.5.7)."""
    before, after = QUOTED
    if node.child is not None:
        walk.line.verbatim(before)
        walk.flow(node)
        walk.line.close_up()
        walk.line.verbatim(after)
