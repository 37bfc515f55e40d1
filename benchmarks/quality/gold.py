"""Gold: what is right on a page, made without a look at any extractor's output.

Text, types and tables come from the article's own HTML (the API's reply for the same revision where there is one)
by way of `zones`; headings from the wiki's own list of sections where there is one; formulas from the wikitext, else
from annotations and alternative texts; snippets from people.
"""

import html as escapes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import html

from .pages import SavedPage
from .reading import Block, Grid, blocks_of, grid_of, is_data, tree_of
from .zones import content_of, drop_title, outside, separate

TEX_SOURCES = (
    ("//annotation[contains(@encoding, 'tex')]", None),
    ("//img[contains(@class, 'tex') or contains(@class, 'mwe-math')]", "alt"),
    ("//script[starts-with(@type, 'math/tex')]", None),
    ("//*[contains(@class, 'mwe-math-fallback-source') or (self::span and @class='tex')]", None),
)
WIKITEXT_MATH = re.compile(r"<math\b[^>/]*>(.*?)</math>", re.DOTALL)
DECLARED = re.compile(r"^\{?\s*\\(?:displaystyle|textstyle|scriptstyle)\b(.*?)\}?$", re.DOTALL)
EDITORS_NOTE = re.compile(r"\(deprecated use of [^)]*\) ?")          # about the template, not of the definition
SHORTEST_FORMULA = 8                                  # shorter ones are found in any text by chance


@dataclass(frozen=True)
class Gold:
    """What is right on a page; `wanted` and `unwanted` are empty where nobody said it."""

    headings: tuple[tuple[int, str], ...]
    blocks: tuple[Block, ...]
    aside: str
    furniture: tuple[str, ...]
    tables: tuple[Grid, ...]
    formulas: tuple[str, ...]
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]

    @property
    def text(self) -> str:
        """The article's text."""
        return "\n".join(block.text for block in self.blocks)

    @property
    def allowed(self) -> str:
        """All that may stand in a text: the article, what is aside, the headings as the wiki lists them."""
        return "\n".join([self.text, self.aside, *(heading for _, heading in self.headings)])


def gold_of(page: SavedPage) -> Gold:
    """The gold of one page."""
    tree = tree_of(page.body)
    formulas = formulas_of(tree, page.wikitext)
    furniture = list(outside(tree))
    body = content_of(tree_of(_api_html(page)) if _api_html(page) else tree)
    aside, inside = separate(body)
    drop_title(body)
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
                    yield from (EDITORS_NOTE.sub("", text) for text in definition["text"][1:])


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


def _own_furniture(page: SavedPage) -> list[str]:
    """The furniture within the page itself, where the article's HTML came from elsewhere."""
    return separate(content_of(tree_of(page.body)))[1] if _api_html(page) else []
