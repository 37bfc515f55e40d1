"""The walk: what lies where nobody expects it, and what must not hurt."""

from collections.abc import Callable

import pytest

from sectionary.cleaners.article import Article, clean, page_of

Framed = Callable[..., Article]


def test_a_title_printed_in_the_article_is_no_section() -> None:
    html = '<body class="mediawiki"><div id="mw-content-text"><h1>Ebb</h1><p>It falls.</p><h2>Why</h2></div>'
    page = clean(page_of(html))
    assert (page.title, [section.heading for section in page.sections]) == ("Ebb", [None, "Why"])


def test_a_figure_that_was_never_closed_swallows_no_section(article: Framed) -> None:
    page = article('<div class="thumb"><img src="/a.png">caption<h2>Why</h2><p>The Moon.</p>')
    assert [(section.heading, section.text) for section in page.sections] == [(None, "caption"), ("Why", "The Moon.")]


def test_collapsed_sections_and_rows_are_content(article: Framed) -> None:
    page = article(
        '<p>x</p><section style="display: none;"><h2>Why</h2><p>The Moon.</p></section>'
        '<table><tr><td>a</td><td>b</td></tr><tr style="display:none"><td>c</td><td>d</td></tr></table>'
    )
    assert page.sections[1].text == "The Moon.\n\na | b\nc | d"


def test_a_formula_hidden_beside_its_picture_is_kept_once(article: Framed) -> None:
    page = article(
        '<p>where <span><span class="mwe-math-mathml-inline" style="display: none;"><math><mi>s</mi><annotation '
        'encoding="application/x-tex">{\\displaystyle s}</annotation></math></span><img class='
        '"mwe-math-fallback-image-inline" alt="{\\displaystyle s}"></span> is the significand</p>'
    )
    assert page.sections[0].text == r"where \(s\) is the significand"


def test_unknown_markup_is_kept(article: Framed) -> None:
    page = article("<p>a <blink>b</blink> <x-tide>c</x-tide></p><dialog>d</dialog>")
    assert page.sections[0].text == "a b c\n\nd"


def test_what_is_nested_beyond_reason_is_kept_as_text(article: Framed) -> None:
    page = article("<div>" * 200 + "deep" + "</div>" * 200 + "<p>shallow</p>")
    assert page.sections[0].text == "deep\n\nshallow"
    assert page.warnings == ("nested deeper than 120 levels",)


def test_scripts_and_styles_are_no_text_of_what_is_removed(article: Framed) -> None:
    page = article('<p>x</p><div class="navbox"><style>.a{}</style><script>var a</script>abc</div>')
    assert [(r.count, r.chars) for r in page.removals if r.rule == "content.navbox"] == [(1, 3)]


def test_an_address_that_cannot_be_taken_apart_costs_nothing(article: Framed) -> None:
    page = article('<link rel="canonical" href="http://[bad"><p>x <img src="http://[q"> <a href="http://[z">y</a></p>')
    assert page.sections[0].text == "x y"
    assert [image.file for image in page.sections[0].images] == [None]


def test_a_canonical_address_that_cannot_be_taken_apart_is_passed_over() -> None:
    head = '<html><head><link rel="canonical" href="http://[bad"></head>'
    page = clean(page_of(f'{head}<body class="mediawiki"><p>x</p>'))
    assert page.sections[0].text == "x"


@pytest.mark.parametrize(
    ("words", "direction"),
    [
        ("المد ظاهرة طبيعية (tide).", "rtl"), ("הגאות היא עליית פני הים.", "rtl"),
        ("The tide (مد) rises.", "ltr"), ("1.", "ltr"),
    ],
)
def test_a_page_that_tells_no_language_has_the_direction_of_its_letters(words: str, direction: str) -> None:
    fragment = f'<div class="mw-parser-output"><h2 id="A">A</h2><p>{words}</p></div>'
    assert clean(page_of(fragment)).dir == direction
    assert clean(page_of(f'<html lang="en"><body class="mediawiki">{fragment}</body></html>')).dir == "ltr"


def test_a_form_is_furniture_unless_the_article_stands_in_it(article: Callable[..., Article]) -> None:
    search = "<form><p>Search the tables</p><input name='q'></form>"
    held = "<form><h2>Tides</h2><p>Twice a day.</p></form>"
    page = article(f"<p>Lead.</p>{search}{held}")
    assert [(part.heading, part.text) for part in page.sections] == [(None, "Lead."), ("Tides", "Twice a day.")]
