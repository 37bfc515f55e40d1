"""Banners of the editors: their kind and date."""

from collections.abc import Callable

import pytest

from sectionary.cleaners.article import Article, clean, page_of

Framed = Callable[..., Article]


def ambox(classes: str, text: str) -> str:
    """A banner as Template:Ambox lays it out."""
    return (
        f'<table class="{classes}" role="presentation"><tbody><tr><td class="mbox-image"><img src="/i.png" alt=""></td>'
        f'<td class="mbox-text"><div class="mbox-text-span">{text}</div></td></tr></tbody></table><p>Ebb.</p>'
    )


DATED = {
    "marked today": '<small class="date-container"><i>(<span class="date">May 2020</span>)</i></small>',
    "marked by size alone": "<small><i>(May 2020)</i></small>",
    "plain": "(May 2020)",
}


@pytest.mark.parametrize("form", DATED)
def test_a_banner_tells_its_date(article: Framed, form: str) -> None:
    page = article(ambox("box-Sources plainlinks metadata ambox ambox-content", f"No sources (a few). {DATED[form]}"))
    (notice,) = page.fields.notices
    assert (notice.type, notice.text, notice.date) == ("content", "No sources (a few). (May 2020)", "May 2020")
    assert page.sections[0].text == "Ebb."


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("出典がありません。(2020年5月)", "2020年5月"),
        ("Es fehlen Belege (Mai 2020).", "Mai 2020"),
        ("No sources (see the law of 1999, which a long sentence tells of).", None),
        ("No sources.", None),
    ],
)  # fmt: skip
def test_brackets_with_hardly_more_than_a_year_are_a_date_in_any_language(
    article: Framed, text: str, date: str | None
) -> None:
    assert article(ambox("ambox", text)).fields.notices[0].date == date


@pytest.mark.parametrize(
    ("classes", "kind"),
    [
        ("metadata plainlinks ambox ambox-style", "style"),
        ("plainlinks metadata ambox ambox-delete ambox-AfD", "delete"),
        ("metadata plainlinks asbox stub", "stub"),
        ("plainlinks metadata ambox ambox-protection", "protection"),
        ("plainlinks ombox ombox-notice", "ombox"),
        ("messagebox", "messagebox"),
    ],
)
def test_classes_tell_the_kind(article: Framed, classes: str, kind: str) -> None:
    assert article(ambox(classes, "Help.")).fields.notices[0].type == kind


def test_a_disambiguation_banner_tells_the_page_type(article: Framed) -> None:
    page = article(ambox("plainlinks dmbox dmbox-disambig", "This page lists meanings."))
    assert (page.page_type, page.fields.notices[0].type) == ("disambiguation", "disambiguation")


def test_cells_of_a_banner_are_not_parted_by_bars_but_its_own_bars_stay(article: Framed) -> None:
    inner = "<table><tr><td>Use</td><td>{{tide|ebb}}</td></tr></table>"
    assert article(ambox("ambox", inner)).fields.notices[0].text == "Use {{tide|ebb}}"


def test_what_the_wiki_says_beside_the_article_is_no_notice_about_it() -> None:
    article = clean(
        page_of(
            '<html><head><meta name="generator" content="MediaWiki 1.44"></head><body class="mediawiki">'
            '<div class="vector-language-sidebar-alert"><div class="mw-message-box mw-message-box-notice">'
            "The languages have moved.</div></div><h1 id='firstHeading'>Ebb</h1><div id='mw-content-text'>"
            '<div class="mw-parser-output"><div class="mw-message-box">A draft.</div><p>Ebb.</p></div></div></body>'
        )
    )
    assert [notice.text for notice in article.fields.notices] == ["A draft."]


def test_the_cells_of_a_banner_are_not_run_together(article: Framed) -> None:
    page = article(
        '<table class="ambox"><caption>Note</caption><thead><tr><th>Sources</th><th>are few</th></tr></thead>'
        "<tbody><tr><td>Add</td><td>some</td></tr></tbody></table><p>Ebb.</p>"
    )
    assert [notice.text for notice in page.fields.notices] == ["Note Sources are few Add some"]
