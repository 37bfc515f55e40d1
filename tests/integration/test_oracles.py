"""What others read in the wiki's articles, by ways that share nothing with the cleaner, and how much of it we have.

Tables are pandas', links, pictures and categories the wiki's API's, references mwparserfromhtml's, formulas those of
the wikitext. Each test asserts its bar and prints its figure (`pytest -rP`).
"""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest
from encyclopedia import PARSOID, SERVER, page_in
from gold import Gold
from lxml import html
from mwparserfromhtml import Article as OtherArticle
from wiki import SKINS, Wiki

import sectionary
from sectionary.cleaners.article import Article

Read = Callable[[str], Article]
Grid = tuple[tuple[str, ...], ...]
FOUND, SAME_GRID = 0.97, 0.98
# Note marks, remarks, and the names of pictures that the wiki has not.
BESIDE_THE_TEXT = (
    "//sup[contains(@class, 'reference') or contains(@class, 'Inline-Template')] | "
    "//a[contains(@href, 'wpDestFile=')] | //li[@class='gallerybox']//div[@class='thumb'][not(*)]"
)
DATA_TABLES = "//table[contains(concat(' ', @class, ' '), ' wikitable ')][not(ancestor::table or .//table)]"
_FORMULA = re.compile(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", re.DOTALL)
_MATH = re.compile(r"<math(?:\s[^>]*)?>(.*?)</math>", re.DOTALL)
_UNREAD = re.compile(r"<!--.*?-->|<nowiki>.*?</nowiki>|<(pre|syntaxhighlight|source)\b.*?</\1>", re.DOTALL)


@pytest.fixture(scope="module")
def titles(gold: Gold) -> list[str]:
    """All articles of the wiki."""
    return gold.titles()


@pytest.fixture(scope="module")
def read(wiki: Wiki) -> Read:
    """An article, as the wiki's default skin shows it."""

    @cache
    def extract(title: str) -> Article:
        return sectionary.extract(page_in(wiki, title, SKINS[0]), url=SERVER + wiki.page_url(title))

    return extract


def share(what: str, found: int, told: int) -> float:
    """The share of what was told that was found; printed, so that `pytest -rP` shows it."""
    print(f"{what}: {found} of {told}, {found / told:.4f}")  # noqa: T201 - the figure is what the test is for
    return found / told


# ---- tables


def test_grids_of_data_tables_are_those_that_pandas_reads(wiki: Wiki, read: Read, titles: list[str]) -> None:
    """Spans filled in. White space, note marks and what is hidden are no part of the comparison."""
    found = told = 0
    for title in titles:
        ours = Counter(grids(read(title)))
        others = Counter(data_tables(page_in(wiki, title, SKINS[0])))
        found, told = found + (ours & others).total(), told + others.total()
    assert share("table grids", found, told) >= SAME_GRID


def grids(article: Article) -> Iterator[Grid]:
    """The grids of an article's tables, their texts without white space."""
    for table in (block.table for section in article.sections for block in section.blocks):
        if table:
            yield packed(table.grid)


def packed(rows: Iterable[Iterable[object]]) -> Grid:
    """Rows that say something, by their letters and digits: lists' numbers and formulas' delimiters are ours."""
    texts = (tuple(re.sub(r"^\d+\. |\n\s*\d+\. |\W", "", str(text)) for text in row) for row in rows)
    return tuple(row for row in texts if any(row))


def data_tables(page: bytes) -> Iterator[Grid]:
    """The wikitables of a page as pandas reads them; header cells are made cells, lest one becomes a column's name.

    Left out are tables with a table in a cell, whose rows pandas takes for rows of the outer one.
    """
    tree = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    for beside in tree.xpath(BESIDE_THE_TEXT):
        beside.drop_tree()
    for table in tree.xpath(DATA_TABLES):
        for cell in table.iter("th"):
            cell.tag = "td"
        for part in table.iter("thead", "tfoot"):
            part.tag = "tbody"
        yield packed(_frame(html.tostring(table, encoding="unicode")).itertuples(index=False))


def _frame(table: str) -> pd.DataFrame:
    """A table as pandas reads it, with all cells as texts: it would make numbers of "1,200"."""
    width = pd.read_html(io.StringIO(table), flavor="lxml")[0].shape[1]
    texts = dict.fromkeys(range(width), str)
    (frame,) = pd.read_html(
        io.StringIO(table), flavor="lxml", thousands=None, keep_default_na=False, converters=texts
    )
    return frame


# ---- links, pictures, categories


@pytest.mark.parametrize(
    ("what", "query"),
    [
        ("links", {"prop": "links", "plnamespace": 0, "pllimit": 500}),
        ("extlinks", {"prop": "extlinks", "ellimit": 500}),
        ("images", {"prop": "images", "imlimit": 500}),
        ("categories", {"prop": "categories", "cllimit": 500}),
    ],
)
def test_what_the_api_lists_of_an_article_stands_in_its_records(
    wiki: Wiki, read: Read, titles: list[str], what: str, query: dict[str, Any]
) -> None:
    found = told = 0
    for title in titles:
        listed = set(map(canonical, _listed(wiki, title, query)))
        found, told = found + len(listed & HAS[what](read(title))), told + len(listed)
    assert share(what, found, told) >= FOUND


def _listed(wiki: Wiki, title: str, query: dict[str, Any]) -> Iterator[str]:
    """All that a property of a page lists, over as many answers as it takes."""
    more: dict[str, Any] = {"continue": ""}
    while more:
        answer = wiki.api(action="query", titles=title, **query | more)
        for one in answer["query"]["pages"][0].get(str(query["prop"]), ()):
            yield one.get("url") or one["title"]
        more = answer.get("continue", {})


def canonical(name: str) -> str:
    """A title or an address in one spelling."""
    return unquote(name).replace("_", " ").rstrip("/").removeprefix("https:").removeprefix("http:")


def linked(article: Article) -> set[str]:
    """The titles of wiki pages that the sections link to."""
    urls = (link.url for section in article.sections for link in section.links if link.kind in ("internal", "redlink"))
    return {canonical(url.partition("/wiki/")[2].partition("#")[0]) for url in urls}


def cited(article: Article) -> set[str]:
    """The addresses outside the wiki, in sections and references."""
    links = (link.url for section in article.sections for link in section.links)
    return {canonical(url) for url in (*links, *(url for one in article.fields.references for url in one.urls))}


def pictured(article: Article) -> set[str]:
    """The pictures, by the titles of their pages."""
    return {f"File:{image.file}" for section in article.sections for image in section.images}


def filed(article: Article) -> set[str]:
    """The categories, by the titles of their pages."""
    return {f"Category:{category.name}" for category in article.fields.categories}


HAS: dict[str, Callable[[Article], set[str]]] = {
    "links": linked, "extlinks": cited, "images": pictured, "categories": filed,
}  # fmt: skip


# ---- references, formulas


def test_references_are_as_many_as_mwparserfromhtml_finds(wiki: Wiki, titles: list[str]) -> None:
    """In Parsoid's HTML. It knows entries by an attribute that 1.39 does not write, so its marks tell them."""
    ours = {title: _counted(page_in(wiki, title, PARSOID), SERVER + wiki.page_url(title)) for title in titles}
    others = {title: _marked(page_in(wiki, title, PARSOID)) for title in titles}
    share("references", sum(one for one, _ in ours.values()), sum(one for one, _ in others.values()))
    assert {title: (ours[title], others[title]) for title in titles if ours[title] != others[title]} == {}


def _counted(page: bytes, url: str) -> tuple[int, int]:
    """How many references an article has, and how many marks lead to them."""
    found = sectionary.extract(page, url=url).fields.references
    return len(found), sum(reference.backlinks for reference in found)


def _marked(page: bytes) -> tuple[int, int]:
    """How many entries the marks that mwparserfromhtml finds lead to, and how many marks there are."""
    marks = OtherArticle(page.decode()).wikistew.get_citations()
    return len({mark.html_tag.a["href"] for mark in marks}), len(marks)


def test_formulas_are_those_of_the_wikitext(wiki: Wiki, read: Read, titles: list[str]) -> None:
    """As TeX, but for white space. MediaWiki renders no <chem> without its service, so none is written here."""
    ours = {title: Counter(formulas(read(title))) for title in titles}
    told = {title: Counter(written(wiki.get(wiki.page_url(title, action="raw")).decode())) for title in titles}
    same = sum((ours[title] & told[title]).total() for title in titles)
    share("formulas", same, sum(map(Counter.total, told.values())))
    wrong = {title: (ours[title] - told[title], told[title] - ours[title]) for title in titles}
    assert {title: both for title, both in wrong.items() if any(both)} == {}


def formulas(article: Article) -> Iterator[str]:
    """The formulas in an article's headings and texts."""
    for section in article.sections:
        for found in _FORMULA.finditer(f"{section.heading or ''}\n\n{section.text}"):
            yield bare(found[1] or found[2])


def written(wikitext: str) -> Iterator[str]:
    """The formulas in wikitext (mediawiki.org, Extension:Math)."""
    yield from map(bare, _MATH.findall(_UNREAD.sub("", wikitext)))


def bare(tex: str) -> str:
    """TeX without white space."""
    return "".join(tex.split())
