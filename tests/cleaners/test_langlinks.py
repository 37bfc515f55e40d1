"""Editions in other languages, the item in Wikidata, and the page's own language."""

import pytest

from sectionary.cleaners.article import clean
from sectionary.cleaners.fields import LangLink
from sectionary.cleaners.langlinks import edition_language
from sectionary.scraper.page import Page

GERMAN = LangLink(lang="de", title="Gezeiten", url="https://de.wikipedia.org/wiki/Gezeiten")
FANDOM = LangLink(lang="de", title="Gezeiten", url="https://tide.fandom.com/de/wiki/Gezeiten")
MENUS = {
    "vector 2022": (
        '<div id="p-lang-btn"><ul><li class="interlanguage-link interwiki-de mw-list-item">'
        '<a href="https://de.wikipedia.org/wiki/Gezeiten" title="Gezeiten \N{EN DASH} German" lang="de" hreflang="de" '
        'data-title="Gezeiten" data-language-autonym="Deutsch" class="interlanguage-link-target">'
        "<span>Deutsch</span></a></li></ul></div>"
    ),
    "vector of 2021": (
        '<nav id="p-lang"><ul><li class="interlanguage-link interwiki-de">'
        '<a href="https://de.wikipedia.org/wiki/Gezeiten" title="Gezeiten \N{EN DASH} German" lang="de" '
        'hreflang="de" class="interlanguage-link-target">Deutsch</a></li></ul></nav>'
    ),
    "fandom of 2025": (
        '<div class="wds-dropdown page-header__languages"><div class="wds-dropdown__toggle"><span>English</span></div>'
        '<ul class="wds-list"><li><a href="https://tide.fandom.com/de/wiki/Gezeiten" data-tracking-label="lang-de">'
        "Deutsch</a></li></ul></div>"
    ),
    "wikia of 2019": (
        '<nav class="WikiaArticleInterlang"><h3>Languages:</h3><ul><li><a data-tracking="de" '
        'href="https://tide.fandom.com/de/wiki/Gezeiten">Deutsch</a></li></ul></nav>'
    ),
    "monobook of 2009": (
        '<div id="p-lang" class="portlet"><h5>Languages</h5><div class="pBody"><ul><li class="interwiki-de">'
        '<a href="https://de.wikipedia.org/wiki/Gezeiten">Deutsch</a></li></ul></div></div>'
    ),
}  # fmt: skip
PARSOID = '<link rel="mw:PageProp/Language" href="https://de.wikipedia.org/wiki/Gezeiten">'


def page(inside: str = "", outside: str = "", html: str = "", url: str = "https://en.wikipedia.org/wiki/Tide") -> Page:
    body = (
        f'<html {html}><head><meta name="generator" content="MediaWiki 1.44.2"></head><body class="mediawiki">'
        f'<h1 id="firstHeading">Tide</h1><div id="mw-content-text"><div class="mw-parser-output"><p>Tide.</p>{inside}'
        f"</div></div>{outside}</body></html>"
    )
    return Page(url=url, body=body.encode())


@pytest.mark.parametrize("skin", MENUS)
def test_the_language_menu_of_each_skin_is_data_once_and_no_text(skin: str) -> None:
    article = clean(page(outside=MENUS[skin] + MENUS[skin]))
    own = GERMAN if "wikipedia" in MENUS[skin] else FANDOM
    assert article.fields.langlinks == (own,)
    assert [section.text for section in article.sections] == ["Tide."]


def test_parsoid_links_to_the_same_editions() -> None:
    assert clean(page(inside=PARSOID)).fields.langlinks == (GERMAN,)


def test_the_item_in_wikidata_is_told_by_the_sidebar() -> None:
    link = '<li id="t-wikibase"><a href="https://www.wikidata.org/wiki/Special:EntityPage/Q123">Wikidata item</a></li>'
    assert clean(page(outside=f"<ul>{link}</ul>")).fields.wikidata_id == "Q123"


@pytest.mark.parametrize(
    ("url", "language"),
    [
        ("https://en.wikipedia.org/wiki/Tide", "en"), ("https://de.m.wikipedia.org/wiki/Tide", "de"),
        ("https://simple.wikipedia.org/wiki/Tide", "en"), ("https://zh-min-nan.wikipedia.org/wiki/Tide", "nan"),
        ("https://no.wikibooks.org/wiki/Tide", "nb"), ("https://commons.wikimedia.org/wiki/Tide", None),
        ("https://it.example.org/wiki/Tide", None), ("https://www.wikipedia.org/", None), ("not an address", None),
    ],
)  # fmt: skip
def test_an_edition_s_host_tells_its_language(url: str, language: str | None) -> None:
    assert edition_language(url) == language


def test_the_content_s_language_counts_before_the_page_s_and_the_host_s_last() -> None:
    content = page(html='lang="fr"', url="https://de.wikipedia.org/wiki/Tide")
    marked = content.body.replace(b'id="mw-content-text"', b'id="mw-content-text" lang="he"')
    variable = content.body.replace(b"</head>", b'<script>RLCONF={"wgPageContentLanguage":"sr"};</script></head>')
    assert clean(Page(url=content.url, body=marked)).language == "he"
    assert clean(Page(url=content.url, body=variable)).language == "sr"
    assert clean(content).language == "fr"
    assert clean(page(url="https://de.wikipedia.org/wiki/Tide")).language == "de"
