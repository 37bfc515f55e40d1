"""Gold: what is right on a page, made without a look at any extractor's output.

Three kinds of text are told apart in a page's own HTML (the API's reply for the same revision where there is one):

article      what must be there: headings, paragraphs, lists, data tables, quotations, code
aside        what may be there or not, since sound extractors differ on it: infoboxes, captions, reference lists
             and marks, hatnotes, banners, coordinates, boxes at the side, formulas (which have a row of their own)
furniture    what must not be there: edit links, table of contents, navigation boxes, hidden text, all the chrome
             around the article

The lists below say which is which. They were written for this benchmark from MediaWiki's documentation and the
templates that the pages use; nothing of them is taken from the cleaners, nor do the cleaners read them.
"""

import html as escapes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import html

from .pages import SavedPage
from .reading import HEADINGS, INLINE, Block, Grid, blocks_of, grid_of, is_data, tree_of

CONTENT = (
    "//*[@id='mw-content-text']/div[contains(concat(' ', @class, ' '), ' mw-parser-output ')]",
    "//*[@id='mw-content-text']",
    "//body[contains(@class, 'mw-body-content') or contains(@class, 'parsoid-body')]",
    "//*[@id='bodyContent']",
    "//div[contains(concat(' ', @class, ' '), ' mw-parser-output ')]",
    "/html/body/main/article",                        # the frame that fragments are read in
    "//body",
)
# Matched against each class of an element, as a whole.
FURNITURE_CLASSES = re.compile(
    r"(mw-)?editsection(-.*)?|editsection.*|mw-editsection-like|edit-page|toc|toctitle|toctogglespan|tocnumber|toctext|tocright|navbox.*|vertical-navbox|"
    r"nav-?bar|navigation-not-searchable|mw-jump.*|printfooter|catlinks|mw-indicators?|topicon|sortkey|"
    r"mw-empty-elt|noteTA.*|persondata|Z3988|bandeau-portail|icona_del_titolo|icone_de_titre|toplink|"
    r"mw-cite-backlink|mw-linkback-text|portal|portal-?b(ox|ar)|interProject|sistersitebox|sisterproject|"
    r"authority-control|normdaten.*|mw-pt-languages|BoxenVerschmelzen|NavPic",
    re.IGNORECASE,
)
FURNITURE_IDS = re.compile(
    r"toc|mw-toc-heading|siteSub|contentSub2?|jump-to-nav|catlinks|normdaten|persondata|mw-fr-.*|p-.*|"
    r"mw-navigation|footer|siteNotice|centralNotice",
    re.IGNORECASE,
)
ASIDE_CLASSES = re.compile(
    r".*infobo?x.*|.*taxobox.*|sinottico.*|ficha|hatnote|dablink|rellink|.*mainarticle|seealso|hauptartikel|"
    r"sieheauch|nota_disambigua|homonymie|.*metadata.*|.*[a-z]mbox.*|mbox-.*|thumb.*|gallery.*|reference|references|"
    r"mw-references.*|mw-ref|noprint|nomobile|geo.*|coordinates|magnify|.*sister.*|autres-projets|.*portail.*|"
    r".*sidebar.*|asbox|stub|bandeau-.*|avviso|messagebox|mwe-math.*|tex|mw-kartographer.*|mw-tmh-.*|mediaContainer|"
    r"Inline-Template|Template-Fact|disambig.*|dmbox|cs1-.*|citation-comment|shortdescription|portable-infobox|WSerie_.*|infocaja|"
    r"mw-ext-cite-error|error|haudio|listaref|tright|tleft|floatright|floatleft|floatnone|box|boite-.*|"
    r"detail|section-detail|succession.*|toccolours|redirectMsg|mw-default-size|audiolink.*|unicode\.haudio",
    re.IGNORECASE,
)
ASIDE_IDS = re.compile(r"coordinates|Vorlage_.*|disambig(box)?|featured-.*|id-articulo-.*|protected-icon|spoken-icon")
ASIDE_TAGS = frozenset({"figure", "figcaption", "math", "audio", "video", "img", "map", "object", "input", "select"})
CELLS = frozenset({"td", "th", "tr", "tbody", "thead", "tfoot"})      # their classes are about looks
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
FLOATED = re.compile(r"float\s*:\s*(right|left)", re.IGNORECASE)
TEX_SOURCES = (
    ("//annotation[contains(@encoding, 'tex')]", None),
    ("//img[contains(@class, 'tex') or contains(@class, 'mwe-math')]", "alt"),
    ("//script[starts-with(@type, 'math/tex')]", None),
    ("//*[contains(@class, 'mwe-math-fallback-source') or (self::span and @class='tex')]", None),
)
WIKITEXT_MATH = re.compile(r"<math\b[^>/]*>(.*?)</math>", re.DOTALL)
DECLARED = re.compile(r"^\{?\s*\\(?:displaystyle|textstyle|scriptstyle)\b(.*?)\}?$", re.DOTALL)
SHORTEST_FORMULA = 8                                  # shorter ones are found in any text by chance


@dataclass(frozen=True)
class Gold:
    """What is right. None where nobody said it."""

    headings: tuple[tuple[int, str], ...] | None
    blocks: tuple[Block, ...] | None
    aside: str
    furniture: tuple[str, ...]
    tables: tuple[Grid, ...]
    formulas: tuple[str, ...]
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]

    @property
    def text(self) -> str:
        """The article's text."""
        return "\n".join(block.text for block in self.blocks or ())

    @property
    def allowed(self) -> str:
        """All that may stand in a text: the article, what is aside, the headings as the wiki lists them."""
        return "\n".join([self.text, self.aside, *(heading for _, heading in self.headings or ())])


def gold_of(page: SavedPage) -> Gold:
    """The gold of one page."""
    tree = tree_of(page.body)
    formulas = formulas_of(tree, page.wikitext)
    furniture = list(_outside(tree))
    body = content_of(tree_of(_api_html(page)) if _api_html(page) else tree)
    aside, inside = _separate(body)
    _drop_title(body)
    blocks = tuple(blocks_of(body))
    wanted, unwanted = snippets_of(page)
    return Gold(
        headings=_headings(page, blocks),
        blocks=blocks,
        aside="\n".join([*aside, *formulas]),
        furniture=tuple(dict.fromkeys([*furniture, *inside, *_own_furniture(page)])),
        tables=tuple(grid for table in body.iter("table") if _stands_alone(table) and len(grid := grid_of(table)) > 1),
        formulas=formulas,
        wanted=wanted,
        unwanted=unwanted,
    )


def content_of(tree: html.HtmlElement) -> html.HtmlElement:
    """The element that holds the article; of several matches the longest."""
    for path in CONTENT:
        if found := tree.xpath(path):
            return max(found, key=lambda node: len(node.text_content()))
    return tree


def _drop_title(body: html.HtmlElement) -> None:
    """Take the title out where it stands in the content, before all text: an extractor may print it or not."""
    first = next(body.iter("h1"), None)
    if first is not None and not "".join(first.xpath("preceding::text()[ancestor::body]")).strip():
        first.drop_tree()


def _api_html(page: SavedPage) -> str:
    """The article as the old parser gave it for the same revision (action=parse, prop=text)."""
    text = page.answer.get("text") if isinstance(page.answer, dict) else None
    return str(text["*"]) if isinstance(text, dict) and "*" in text else ""


def _headings(page: SavedPage, blocks: tuple[Block, ...]) -> tuple[tuple[int, str], ...]:
    """Level and text of the headings: as the wiki lists them, else as its HTML has them."""
    if page.sections is not None:
        return page.sections
    said = page.answer if isinstance(page.answer, dict) else {}
    if isinstance(said.get("sections"), list):
        return tuple((int(each["level"]), plain(each["line"])) for each in said["sections"])
    return tuple((block.level, block.text) for block in blocks if block.type == "heading")


def plain(line: str) -> str:
    """A line of a table of contents as text, without tags and note marks."""
    return " ".join(re.sub(r"\[[^\]]*\d+\]", "", escapes.unescape(re.sub(r"<[^>]+>", "", line))).split())


def snippets_of(page: SavedPage) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What people say must be in the text, and what must not (trafilatura's evaluation; wiktionaryparser's)."""
    if page.kind == "dictionary" and isinstance(page.answer, dict):
        return tuple(dict.fromkeys(_definitions(page.answer))), ()
    said = next(iter(page.answer.values()), None) if isinstance(page.answer, dict) else None
    if isinstance(said, dict) and "with" in said:
        return tuple(said["with"]), tuple(said["without"])
    return (), ()


def _definitions(answer: dict[str, Any]) -> Iterator[str]:
    """The definitions of a dictionary page: {language: {word: [{definitions: [{text: […]}]}]}}."""
    for entries in answer.values():
        for meanings in entries.values():
            for meaning in meanings:
                for definition in meaning.get("definitions", ()):
                    yield from definition["text"][1:]


def _stands_alone(table: html.HtmlElement) -> bool:
    """Whether a data table has no table within and none around: what grid it is, is beyond doubt."""
    nested = next(table.iterdescendants("table"), None) is not None
    return is_data(table) and not nested and next(table.iterancestors("table"), None) is None


def formulas_of(tree: html.HtmlElement, wikitext: str | None) -> tuple[str, ...]:
    """The TeX of a page's formulas, from its wikitext, else from annotations, alternative texts and sources."""
    if wikitext is not None:
        found = [escapes.unescape(each) for each in WIKITEXT_MATH.findall(wikitext)]
    else:
        found = next(filter(None, (_tex(tree, path, attribute) for path, attribute in TEX_SOURCES)), [])
    formulas = dict.fromkeys(normal_tex(each) for each in found if each)
    return tuple(each for each in formulas if len(each) >= SHORTEST_FORMULA)


def _tex(tree: html.HtmlElement, path: str, attribute: str | None) -> list[str]:
    """The formulas that one kind of markup gives; a page that has several kinds has each formula in all of them."""
    return [node.get(attribute) or "" if attribute else node.text_content() for node in tree.xpath(path)]


def normal_tex(tex: str) -> str:
    r"""TeX without white space, dollars and the `{\displaystyle …}` that MediaWiki puts around it."""
    inner = DECLARED.sub(r"\1", tex.strip().strip("$").strip())
    return re.sub(r"\s+", "", inner)


def _separate(body: html.HtmlElement) -> tuple[list[str], list[str]]:
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
        (node.tag not in CELLS and any(map(FURNITURE_CLASSES.fullmatch, classes)))
        or bool(FURNITURE_IDS.fullmatch(node.get("id") or ""))
        or (bool(HIDDEN.search(node.get("style") or "")) and not _is_formula(node) and not _unfolds(node))
        or node.get("role") == "navigation"
        or node.tag in {"script", "style", "noscript", "nav", "form"}
    )


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
        or (node.tag not in CELLS and any(map(ASIDE_CLASSES.fullmatch, classes)))
        or bool(ASIDE_IDS.fullmatch(node.get("id") or ""))
        or (node.tag in {"table", "div"} and _stands_aside(node))
    )


def _stands_aside(node: html.HtmlElement) -> bool:
    """Whether a table or division is set at the side, where boxes and pictures stand, not sections."""
    floats = node.get("align") == "right" or bool(FLOATED.search(node.get("style") or ""))
    return floats and next(node.iterdescendants(*HEADINGS), None) is None


def _all_text(node: html.HtmlElement) -> str:
    alternatives = [image.get("alt") or "" for image in node.iter("img")]
    return "\n".join([*(block.text for block in blocks_of(node)), *alternatives])


def _lines(node: html.HtmlElement) -> list[str]:
    """The lines and the link texts of a piece of furniture, as an extractor might leave them."""
    whole = " ".join(node.text_content().split())
    blocks = [block.text for block in blocks_of(node)]
    links = [" ".join(link.text_content().split()) for link in node.iter("a", "span", "button")]
    return [line for line in [whole, *blocks, *links] if line]


def _outside(tree: html.HtmlElement) -> Iterator[str]:
    """The lines of the chrome around the article, but its title."""
    content = content_of(tree)
    inside = {content, *content.iterdescendants(), *content.iterancestors()}
    for node in tree.body.iter() if tree.body is not None else ():
        if node not in inside and node.getparent() in inside and isinstance(node.tag, str) and node.tag != "h1":
            yield from _lines(node)


def _own_furniture(page: SavedPage) -> list[str]:
    """The furniture within the page itself, where the article's HTML came from elsewhere."""
    return _separate(content_of(tree_of(page.body)))[1] if _api_html(page) else []
