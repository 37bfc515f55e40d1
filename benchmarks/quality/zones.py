"""Zones: which parts of a wiki's HTML are the article, which stand aside, which are furniture.

article      what must be there: headings, paragraphs, lists, data tables, quotations, code
aside        what may be there or not, since sound extractors differ on it: infoboxes, captions, reference lists
             and marks, hatnotes, banners, coordinates, boxes at the side, formulas (which have a row of their own)
furniture    what must not be there: edit links, table of contents, navigation boxes, hidden text, all the chrome
             around the article

The lists say which class or id is which; a star stands for any letters. They were written for this benchmark from
MediaWiki's documentation and the templates that wikis use; nothing of them is taken from the cleaners, nor do the
cleaners read them.
"""

import fnmatch
import re
from collections.abc import Iterator

from lxml import html

from .reading import HEADINGS, INLINE, blocks_of

CONTENT = (
    "//*[@id='mw-content-text'][.//div[@class='mw-category-generated']]",        # a category's members stand apart
    "//*[@id='mw-content-text']/div[contains(concat(' ', @class, ' '), ' mw-parser-output ')]",
    "//*[@id='mw-content-text']",
    "//body[contains(@class, 'mw-body-content') or contains(@class, 'parsoid-body')]",
    "//*[@id='bodyContent']",
    "//div[contains(concat(' ', @class, ' '), ' mw-parser-output ')]",
    "/html/body/main/article",                        # the frame that fragments are read in
    "//body",
)
FURNITURE_CLASSES = {
    "edit links": "editsection* mw-editsection* edit-page",
    "contents": "toc toctitle toctogglespan tocnumber toctext tocright",
    "navigation": "navbox* vertical-navbox navbar nav-bar BoxenVerschmelzen NavPic toplink mw-jump* mw-pt-languages "
    "t-nv-begin t-navbar*",
    "portals, sisters": "portal portal-bar portalbar portalbox portal-box bandeau-portail interProject sistersitebox "
    "sisterproject",
    "records about it": "catlinks authority-control normdaten* persondata Z3988 printfooter",
    "signs in the title": "mw-indicator mw-indicators topicon icona_del_titolo icone_de_titre",
    "buttons": "wikia-gallery-add t-example-live-link coliru-btn",
    "for programs": "sortkey noteTA* mw-empty-elt navigation-not-searchable licensetpl",
    "labels of folded tables": "pcs-collapse-table-collapsed-* pagelib_collapse_table_collapsed_*",
    "back links": "mw-cite-backlink mw-linkback-text",
}
FURNITURE_IDS = {
    "contents": "toc mw-toc-heading",
    "chrome": "siteSub contentSub contentSub2 jump-to-nav catlinks mw-navigation footer siteNotice centralNotice p-* "
    "mw-fr-*",
    "records about it": "normdaten persondata",
}
ASIDE_CLASSES = {
    "infoboxes": "*infobox* *infobx* *taxobox* sinottico* ficha infocaja WSerie_*",
    "hatnotes": "hatnote dablink rellink *mainarticle seealso hauptartikel sieheauch nota_disambigua homonymie "
    "disambig* dmbox detail section-detail redirectMsg",
    "banners": "*metadata* *mbox mbox-* *mbox-* asbox stub bandeau-* avviso messagebox noprint nomobile",
    "pictures, sound": "thumb* gallery* magnify mediaContainer mw-tmh-* mw-kartographer* audiolink* audiotable haudio "
    "unicode.haudio mw-default-size",
    "references": "reference references mw-references* mw-ref listaref Inline-Template Template-Fact",
    "formulas": "mwe-math* tex",
    "coordinates": "geo* coordinates",
    "boxes at the side": "*sidebar* tright tleft floatright floatleft floatnone box boite-* toccolours succession*",
    "sisters, portals": "*sister* autres-projets *portail*",
    "notes to editors": "deprecated maintenance-* selfreference",
    "notes of programs": "cs1-* citation-comment mw-ext-cite-error error shortdescription",
}
ASIDE_IDS = {
    "boxes": "coordinates Vorlage_* disambig disambigbox featured-* id-articulo-* protected-icon spoken-icon",
}
ASIDE_TAGS = frozenset({
    "audio", "figcaption", "figure", "header", "img", "input", "map", "math", "object", "select", "video",
})  # fmt: skip
FURNITURE_TAGS = frozenset({"script", "style", "noscript", "nav", "form"})
LICENCE = "creativecommons.org/licenses"              # linked from the line that archives print under an article
CELLS = frozenset({"td", "th", "tr", "tbody", "thead", "tfoot"})      # their classes are about looks
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
FOLDED = "vsShow"                                     # the short form of rows that a click unfolds, on Wiktionary
FLOATED = re.compile(r"float\s*:\s*(right|left)", re.IGNORECASE)


def pattern(names: dict[str, str]) -> re.Pattern[str]:
    """What matches any of the names, whatever the case of its letters."""
    return re.compile("|".join(map(fnmatch.translate, " ".join(names.values()).split())), re.IGNORECASE)


FURNITURE_CLASS, FURNITURE_ID = pattern(FURNITURE_CLASSES), pattern(FURNITURE_IDS)
ASIDE_CLASS, ASIDE_ID = pattern(ASIDE_CLASSES), pattern(ASIDE_IDS)


def content_of(tree: html.HtmlElement) -> html.HtmlElement:
    """The element that holds the article; of several matches the longest."""
    for path in CONTENT:
        if found := tree.xpath(path):
            return max(found, key=lambda node: len(node.text_content()))
    return tree


def separate(body: html.HtmlElement) -> tuple[list[str], list[str]]:
    """Take aside and furniture out of the content; give the texts of both."""
    aside: list[str] = []
    furniture: list[str] = []
    for node in [node for node in body.iterdescendants() if isinstance(node.tag, str)]:
        if not _below(node, body):
            continue
        if _is_furniture(node):
            furniture += _lines(node)
        elif _is_aside(node):
            aside.append(_all_text(node))
        else:
            continue
        if node.tag not in INLINE:
            node.tail = f" {node.tail or ''}"        # what stood before and after it are two words
        node.drop_tree()
    return aside, furniture


def _below(node: html.HtmlElement, body: html.HtmlElement) -> bool:
    """Whether the element still hangs below the content: it may have gone with one above it."""
    return any(above is body for above in node.iterancestors())


def _is_furniture(node: html.HtmlElement) -> bool:
    classes = (node.get("class") or "").split()
    if node.tag in HEADINGS or "mw-headline" in classes:
        return False
    return (
        (node.tag not in CELLS and any(map(FURNITURE_CLASS.match, classes)))
        or bool(FURNITURE_ID.match(node.get("id") or ""))
        or (bool(HIDDEN.search(node.get("style") or "")) and not _is_formula(node) and not _unfolds(node))
        or node.get("role") == "navigation"
        or node.tag in FURNITURE_TAGS
        or (node.tag == "div" and "border-top" in (node.get("style") or "") and _names_licence(node))
    )


def _names_licence(node: html.HtmlElement) -> bool:
    return any(LICENCE in (link.get("href") or "") for link in node.iter("a"))


def _unfolds(node: html.HtmlElement) -> bool:
    """Whether what is hidden is shown on a click: a section, rows, a collapsed table."""
    return node.tag in {"section", "table", "tbody", "tr"} or next(node.iterdescendants("p", "table"), None) is not None


def _is_formula(node: html.HtmlElement) -> bool:
    return "math" in (node.get("class") or "") or next(node.iterdescendants("math"), None) is not None


def _is_aside(node: html.HtmlElement) -> bool:
    classes = (node.get("class") or "").split()
    if node.tag in HEADINGS or "mw-headline" in classes:
        return False
    return (
        node.tag in ASIDE_TAGS
        or node.get("role") == "note"
        or (node.tag == "sup" and bool(node.xpath(".//a[contains(@href, '#cite_note')]")))
        or (node.tag not in CELLS and any(map(ASIDE_CLASS.match, classes)))
        or FOLDED in classes
        or bool(ASIDE_ID.match(node.get("id") or ""))
        or (node.tag in {"table", "div"} and _stands_aside(node))
    )


def _stands_aside(node: html.HtmlElement) -> bool:
    """Whether a table or division is set at the side, where boxes and pictures stand, not sections."""
    floats = node.get("align") == "right" or bool(FLOATED.search(node.get("style") or ""))
    return floats and next(node.iterdescendants(*HEADINGS), None) is None


def _all_text(node: html.HtmlElement) -> str:
    alternatives = [image.get("alt") or "" for image in node.iter("img")]
    return "\n".join([*(block.text for block in blocks_of(node)), *alternatives])


def drop_title(body: html.HtmlElement) -> None:
    """Take the title out where it stands in the content, before all text: an extractor may print it or not."""
    first = next(body.iter("h1"), None)
    if first is not None and not "".join(first.xpath("preceding::text()[ancestor::body]")).strip():
        first.drop_tree()


def _lines(node: html.HtmlElement) -> list[str]:
    """The lines and the link texts of a piece of furniture, as an extractor might leave them."""
    whole = " ".join(node.text_content().split())
    blocks = [block.text for block in blocks_of(node)]
    links = [" ".join(link.text_content().split()) for link in node.iter("a", "span", "button")]
    return [line for line in [whole, *blocks, *links] if line]


def outside(tree: html.HtmlElement) -> Iterator[str]:
    """The lines of the chrome around the article, but its title."""
    content = content_of(tree)
    inside = {content, *content.iterdescendants(), *content.iterancestors()}
    for node in tree.body.iter() if tree.body is not None else ():
        if node not in inside and node.getparent() in inside and isinstance(node.tag, str) and node.tag != "h1":
            yield from _lines(node)
