"""One article, one result: whatever skin the wiki shows it in, and from Parsoid."""

from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from wiki import SERVER, SKINS, Wiki

import sectionary

TITLES = (
    "Abacus", "Aberdeen (disambiguation)", "Academy Award for Best Production Design",
    "Affirming the consequent", "Agnostida", "Albedo", "Algorithm", "Alkali metal", "Ampere", "Angola",
    "Aristotle", "Main Page",
)  # fmt: skip


def sections(wiki: Wiki, title: str, skin: str) -> list[dict[str, Any]]:
    """The article's sections with their blocks, links and citations, as plain data."""
    page = wiki.get(wiki.page_url(title, useskin=skin))
    article = sectionary.extract(page, url=SERVER + wiki.page_url(title))
    found: list[dict[str, Any]] = msgspec.to_builtins(article.sections)
    return found


@pytest.mark.parametrize("skin", SKINS[1:])
@pytest.mark.parametrize("title", TITLES)
def test_an_article_has_the_same_sections_and_blocks_in_every_skin(wiki: Wiki, title: str, skin: str) -> None:
    assert sections(wiki, title, skin) == sections(wiki, title, SKINS[0])


@pytest.mark.parametrize("title", TITLES)
def test_parsoids_html_has_the_same_heading_tree(wiki: Wiki, title: str) -> None:
    """The body that Wikimedia's dumps and REST API hold; Parsoid of MediaWiki 1.39."""
    page = wiki.get("/w/rest.php/v1/page/" + quote(title.replace(" ", "_"), safe="") + "/html")
    article = sectionary.extract(page, url=SERVER + wiki.page_url(title))
    ours = [(one.level, one.heading, one.anchor, one.path, one.number, one.role) for one in article.sections]
    skin = sections(wiki, title, SKINS[0])
    keys = ("level", "heading", "anchor", "path", "number", "role")
    assert ours == [tuple(one[key] for key in keys) for one in skin]
