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
from .reading import INLINE, Block, Grid, blocks_of, grid_of, tree_of

CONTENT = (
    "//*[@id='mw-content-text']/div[contains(concat(' ', @class, ' '), ' mw-parser-output ')]",
    "//*[@id='mw-content-text']",
    "//body[contains(@class, 'mw-body-content') or contains(@class, 'parsoid-body')]",
    "//*[@id='bodyContent']",
    "//div[contains(concat(' ', @class, ' '), ' mw-parser-output ')]",
    "//body",
)
# Matched against each class of an element, as a whole.
FURNITURE_CLASSES = re.compile(
    r"(mw-)?editsection(-.*)?|editsection.*|mw-editsection-like|edit-page|toc|toc[a-z]*|navbox.*|vertical-navbox|"
    r"nav-?bar|navigation-not-searchable|mw-jump.*|printfooter|catlinks|mw-indicators?|topicon|sortkey|"
    r"mw-empty-elt|noteTA.*|persondata|Z3988|bandeau-portail|icona_del_titolo|icone_de_titre|toplink|"
    r"mw-cite-backlink|mw-linkback-text|portal|portal-?b(ox|ar)|interProject|sistersitebox|sisterproject|"
    r"succession-box|authority-control|normdaten.*|mw-pt-languages|BoxenVerschmelzen|NavPic",
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
    r"Inline-Template|Template-Fact|disambig|dmbox|shortdescription|portable-infobox|WSerie_.*|infocaja|"
    r"mw-ext-cite-error|error|haudio|listaref|tright|tleft|floatright|floatleft|floatnone|box|boite-.*|"
    r"detail|section-detail|succession.*|toccolours|redirectMsg|mw-default-size|audiolink.*|unicode\.haudio",
    re.IGNORECASE,
)
ASIDE_IDS = re.compile(r"coordinates|Vorlage_.*|disambigbox|featured-.*|id-articulo-.*|protected-icon|spoken-icon")
ASIDE_TAGS = frozenset({"figure", "figcaption", "math", "audio", "video", "img", "map", "object", "input", "select"})
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
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


def gold_of(page: SavedPage) -> Gold:
    """The gold of one page."""
    tree = tree_of(page.body)
    formulas = formulas_of(tree, page.wikitext)
    furniture = list(_outside(tree))
    body = content_of(tree_of(_api_html(page)) if _api_html(page) else tree)
    aside, inside = _separate(body)
    blocks = tuple(blocks_of(body))
    wanted, unwanted = snippets_of(page)
    return Gold(
        headings=_headings(page, blocks),
        blocks=blocks,
        aside="\n".join([*aside, *formulas]),
        furniture=tuple(dict.fromkeys([*furniture, *inside, *_own_furniture(page)])),
        tables=tuple(grid for table in body.iter("table") if is_data(table) and (grid := grid_of(table))),
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
    if "remaining" in said:
        return tuple((each["toclevel"] + 1, plain(each["line"])) for each in said["remaining"]["sections"])
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


def is_data(table: html.HtmlElement) -> bool:
    """Whether a table holds data: two rows and two columns at least, no table or heading within, none around."""
    within = next(table.iterdescendants("table", *HEADINGS), None)
    around = next(table.iterancestors("table"), None)
    rows = list(table.iterdescendants("tr"))
    widest = max((len(row.xpath("./td|./th")) for row in rows), default=0)
    return within is None and around is None and len(rows) > 1 and widest > 1


def formulas_of(tree: html.HtmlElement, wikitext: str | None) -> tuple[str, ...]:
    """The TeX of a page's formulas, from its wikitext, else from annotations, alternative texts and sources."""
    if wikitext is not None:
        found = [escapes.unescape(each) for each in WIKITEXT_MATH.findall(wikitext)]
    else:
        found = [
            node.get(attribute) if attribute else node.text_content()
            for path, attribute in TEX_SOURCES
            for node in tree.xpath(path)
        ]
    formulas = dict.fromkeys(normal_tex(each) for each in found if each)
    return tuple(each for each in formulas if len(each) >= SHORTEST_FORMULA)


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
    if node.tag in HEADINGS or "mw-headline" in (node.get("class") or ""):
        return False
    return (
        any(FURNITURE_CLASSES.fullmatch(name) for name in (node.get("class") or "").split())
        or bool(FURNITURE_IDS.fullmatch(node.get("id") or ""))
        or (bool(HIDDEN.search(node.get("style") or "")) and not _is_formula(node))
        or node.get("role") == "navigation"
        or node.tag in {"script", "style", "noscript", "nav"}
    )


def _is_formula(node: html.HtmlElement) -> bool:
    return "math" in (node.get("class") or "") or next(node.iterdescendants("math"), None) is not None


def _is_aside(node: html.HtmlElement) -> bool:
    if node.tag in HEADINGS or "mw-headline" in (node.get("class") or ""):
        return False
    return (
        node.tag in ASIDE_TAGS
        or node.get("role") == "note"
        or any(ASIDE_CLASSES.fullmatch(name) for name in (node.get("class") or "").split())
        or bool(ASIDE_IDS.fullmatch(node.get("id") or ""))
        or (node.tag in {"table", "div"} and _stands_aside(node))
    )


def _stands_aside(node: html.HtmlElement) -> bool:
    """Whether a table or division is set at the side, where boxes and pictures stand."""
    return node.get("align") == "right" or bool(FLOATED.search(node.get("style") or ""))


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
