"""What kind of page it is."""

from collections.abc import Callable

import pytest

from sectionary.cleaners.article import Article, clean
from sectionary.scraper.page import Page

Framed = Callable[..., Article]


def shown(content: str, variables: str = "", body: str = "ns-0", after: str = "") -> Article:
    """A page of MediaWiki with these variables, and what stands behind its text."""
    html = (
        f'<html lang="en"><head><meta name="generator" content="MediaWiki 1.44.2">'
        f'<script>RLCONF={{{variables}}};</script></head>'
        f'<body class="mediawiki {body}"><h1 id="firstHeading">Page</h1><div id="mw-content-text" lang="en">'
        f'<div class="mw-content-ltr mw-parser-output">{content}</div>{after}</div></body></html>'
    )
    return clean(Page(url="https://wiki.example/wiki/Page", body=html.encode()))


def test_a_redirect_page_tells_where_it_leads(article: Framed) -> None:
    page = article(
        '<div class="redirectMsg"><p>Redirect to:</p><ul class="redirectText">'
        '<li><a href="/wiki/Tide">Tide</a></li></ul></div>'
    )
    assert page.page_type == "redirect"
    assert [link.url for link in page.sections[0].links] == ["https://wiki.example/wiki/Tide"]


def test_a_page_without_an_article_is_a_soft_404(article: Framed) -> None:
    page = article('<div class="noarticletext mw-content-ltr"><p>There is currently no text in this page.</p></div>')
    assert (page.page_type, page.sections[0].text) == ("soft_404", "There is currently no text in this page.")


def test_parsoid_tells_redirects_and_disambiguation_pages_by_properties() -> None:
    frame = '<html><head><base href="https://wiki.example/wiki/"></head><body class="parsoid-body mw-parser-output">{}'
    for mark, expected in (
        ('<link rel="mw:PageProp/redirect" href="./Tide"><p>Tide</p>', "redirect"),
        ('<meta property="mw:PageProp/disambiguation"><p>Tide may mean:</p>', "disambiguation"),
        ("<p>Tide</p>", "article"),
    ):
        page = clean(Page(url="https://wiki.example/wiki/Page", body=frame.format(mark).encode()))
        assert page.page_type == expected


@pytest.mark.parametrize(
    "category",
    ["Disambiguation pages", "Begriffsklärung", "Homonymie", "Страницы значений:Многозначные термины", "曖昧さ回避",
     "Strony ujednoznaczniające", "消歧义"],
)  # fmt: skip
def test_a_category_tells_a_disambiguation_page_in_many_languages(category: str) -> None:
    bar = f'<div id="catlinks" class="catlinks"><ul><li><a href="/wiki/C">{category}</a></li></ul></div>'
    assert shown("<p>Tide may mean:</p>", after=bar).page_type == "disambiguation"


def test_the_members_of_a_category_are_lists() -> None:
    members = (
        '<div class="mw-category-generated" lang="en"><div id="mw-subcategories"><h2>Subcategories</h2>'
        '<div class="mw-category"><div class="mw-category-group"><h3>E</h3><ul><li><a href="/wiki/Category:Ebb" '
        'title="Category:Ebb">Ebb</a></li></ul></div></div></div><div id="mw-pages"><h2>Pages</h2><p>Two pages.</p>'
        '<div class="mw-category"><ul><li><a href="/wiki/Bore">Bore</a></li><li><a href="/wiki/Eddy">Eddy</a></li></ul>'
        "</div></div></div>"
    )
    page = shown("<p>All of tides.</p>", '"wgNamespaceNumber":14', "ns-14", members)
    assert page.page_type == "category"
    assert [(section.heading, section.text) for section in page.sections] == [
        (None, "All of tides."), ("Subcategories", ""), ("E", "- Ebb"), ("Pages", "Two pages.\n\n- Bore\n- Eddy"),
    ]  # fmt: skip


@pytest.mark.parametrize(("number", "expected"), [(0, "article"), (1, "other"), (-1, "other"), (14, "category")])
def test_namespaces_tell_talk_and_category_pages(number: int, expected: str) -> None:
    assert shown("<p>Tide.</p>", f'"wgNamespaceNumber":{number}').page_type == expected


def test_the_main_page_is_told_by_the_wiki() -> None:
    assert shown("<p>Tide.</p>", '"wgIsMainPage":true').page_type == "main_page"


def test_a_namespace_that_the_rules_call_content_holds_articles() -> None:
    html = (
        '<html><head><meta name="generator" content="MediaWiki 1.44"><script>x={"wgNamespaceNumber":108};</script>'
        '</head><body class="mediawiki"><h1 id="firstHeading">Book:Ebb</h1><div id="mw-content-text"><p>Ebb.</p></div>'
    )
    page = Page(url="https://wiki.example/wiki/Book:Ebb", body=html.encode())
    assert clean(page).page_type == "other"
    assert clean(page, '{"content_namespaces": [108]}').page_type == "article"


@pytest.mark.parametrize(
    ("number", "name", "expected"),
    [(120, "Locks", "article"), (3000, "Atlas", "article"), (121, "Locks talk", "other"), (100, "Portal", "other"),
     (828, "Module", "other"), (10, "Template", "other"), (1200, "Message_Wall", "other")],
)  # fmt: skip
def test_a_namespace_that_a_wiki_made_for_itself_holds_articles(number: int, name: str, expected: str) -> None:
    variables = f'"wgCanonicalNamespace":"{name}","wgNamespaceNumber":{number}'
    assert shown("<p>Tide.</p>", variables).page_type == expected


@pytest.mark.parametrize(("body", "expected"), [("ns-1 ns-talk", "other"), ("ns-14", "category"), ("ns-0", "article")])
def test_the_body_tells_the_namespace_where_no_script_does(body: str, expected: str) -> None:
    assert shown("<p>Tide.</p>", body=body).page_type == expected


@pytest.mark.parametrize("box", ['<div id="disambigbox">{}</div>', '<table class="dmbox"><tr><td>{}</td></tr></table>',
                                 '<p class="disambig">{}</p>'])  # fmt: skip
def test_the_box_of_a_disambiguation_page_tells_its_type_and_is_a_notice(article: Framed, box: str) -> None:
    page = article(f"<p>Tide may mean:</p>{box.format('This page lists articles.')}")
    assert (page.page_type, page.sections[0].text) == ("disambiguation", "Tide may mean:")
    assert [(notice.type, notice.text) for notice in page.fields.notices] == [
        ("disambiguation", "This page lists articles."),
    ]
