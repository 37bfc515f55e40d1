"""Markup bombs are refused for what they are before they are parsed; long and sloppy pages are read."""

import pytest

from sectionary.cleaners import hostile
from sectionary.cleaners.article import clean, page_of
from sectionary.scraper.errors import CleanError

NESTED = f"hostile: more than {hostile.MAX_NESTED} elements in one another"
REOPENED = f"hostile: more than {hostile.MAX_REOPENED} formatting elements to open again"
ATTRIBUTES = f"attributes of one element, at most {hostile.MAX_ATTRIBUTES} are read"
NAMES = f"hostile: more than {hostile.MAX_NAMES} different names of tags and attributes"
FRAME = '<html><head><title>Ebb</title></head><body class="mediawiki"><div id="mw-content-text">{}</div></body></html>'


def framed(content: str) -> str:
    return FRAME.replace("{}", f'<div class="mw-parser-output"><p>It falls.</p>{content}</div>')


def numbered(unit: str, times: int) -> str:
    return "".join(unit.replace("#", str(n)) for n in range(times))


BOMBS = {
    "divisions": (framed("<div>" * 100_000), NESTED),
    "divisions that are closed": (framed("<div>" * 100_000 + "</div>" * 100_000), NESTED),
    "divisions among end tags of nothing": (framed("<div></center>x" * 20_000), NESTED),
    "spans": (framed("<span>x" * 20_000), NESTED),
    "bold and italics": (framed("<b><i>" * 7_000), NESTED),
    "bold in every paragraph": (framed(numbered("<b id=b#><p>x", 3_000)), NESTED),
    "the same formatting in every paragraph": (framed("<b><i><u><s><p>x" * 20_000), REOPENED),
    "links in links around bold": (framed("<a><b>x" * 10_000), NESTED),
    "bold in a table, outside its cells": (framed("<table>" + numbered("<b id=b#>x<tr>", 3_000)), NESTED),
    "lists": (framed("<ul><li>x" * 10_000), NESTED),
    "definitions": (framed("<dl><dd>x" * 10_000), NESTED),
    "quotations": (framed("<blockquote>x" * 10_000), NESTED),
    "tables": (framed("<table><tr><td>x" * 10_000), NESTED),
    "groups of a drawing": (framed("<svg>" + "<g>" * 20_000), NESTED),
    "links of a drawing": (framed("<svg>" + "<a>" * 20_000), NESTED),
    "rows of formulas": (framed("<math>" + "<mrow>x" * 20_000), NESTED),
    "templates": (framed("<template>x" * 10_000), NESTED),
    "around the article": (f"<body>{'<section>' * 20_000}<p>It falls.", NESTED),
    "around an article of one kilobyte": (framed(f"<!--{'x' * 700}-->{'<div>' * 300}"), NESTED),
    "attributes": (framed(f"<p {numbered('a# ', 100_000)}>x"), f"hostile: 100000 {ATTRIBUTES}"),
    "attributes with values": (framed(f"<p {numbered('a#=v ', 9_000)}>x"), f"hostile: 9000 {ATTRIBUTES}"),
    "attributes of many bodies": (numbered("<body a#=1>", 9_000), f"hostile: 501 {ATTRIBUTES}"),
    "names": (framed(numbered("<p a#=1>x</p>", 60_000)), NAMES),
}


@pytest.mark.parametrize(("html", "reason"), BOMBS.values(), ids=BOMBS)
@pytest.mark.case("S11")
def test_a_bomb_is_refused_with_its_measure(html: str, reason: str) -> None:
    with pytest.raises(CleanError) as refused:
        clean(page_of(html, "https://shore.example/wiki/Ebb"))
    assert refused.value.reason == reason


def test_a_bomb_in_the_middle_of_a_long_article_is_refused() -> None:
    article = "<h2>Tide</h2><p>It rises and it <b>falls</b>.</p>" * 5_000
    with pytest.raises(CleanError, match="elements in one another"):
        clean(page_of(framed(article + "<div><b>x" * 5_000 + "</b></div>" * 5_000 + article)))


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (framed(numbered("<h2>h#</h2>", 30_000)), "hostile: 30001 sections, at most 20000 are kept"),
        (
            framed(f"<h2>{'h' * 100_000}</h2>" + numbered("<h3>x#</h3>", 600)),
            "hostile: records that repeat 60001806 characters, at most 50000000",
        ),
    ],
    ids=["sections", "a heading above many"],
)
def test_an_article_is_refused_whose_records_would_repeat_too_much(html: str, reason: str) -> None:
    with pytest.raises(CleanError) as refused:
        clean(page_of(html))
    assert refused.value.reason == reason


LONG = {
    "paragraphs that are never closed": ("<p>x" * 20_000, "x", 20_000),
    "items that are never closed": ("<ul>" + "<li>x" * 20_000 + "</ul>", "- x", 20_000),
    "cells that are never closed": ("<table>" + "<tr><td>x<td>y" * 5_000 + "</table>", "x | y", 5_000),
    "definitions that are never closed": ("<dl>" + "<dt>x<dd>y" * 5_000 + "</dl>", "x\ny", 5_000),
    "readings that are never closed": ("<ruby>x<rt>y</ruby>" * 5_000, "x(y)", 5_000),
    "formatting that is closed with its block": ("<div><font size=2><b>x</div>" * 20, "x", 20),
    "formatting closed in the wrong order": ("<p><b><i>x</b></i></p>" * 5_000, "x", 5_000),
    "breaks": ("x<br>" * 20_000, "x", 20_000),
    "drawings": ('<p>x<svg><g><path d="M0"/><path d="M1"/></g></svg></p>' * 5_000, "x", 5_000),
    "comments and scripts about tags": ("<p>x</p><!-- <div><div> --><script>'<div><div>'</script>" * 5_000, "x", 5_000),
    "a long attribute": (f"<p title='{'words of it ' * 50_000}'>x</p>", "x", 1),
    "links": (numbered('<a href="/wiki/P#">x</a> ', 20_000), "x", 20_000),
    "listings": ("<pre>x</pre>" * 3_600, "x", 3_600),
    "options of a form": ("<p>x</p><select>" + "<option>y" * 50_000 + "</select><p>x</p>", "x", 2),
}


@pytest.mark.parametrize(("content", "text", "times"), LONG.values(), ids=LONG)
@pytest.mark.case("S11")
def test_a_long_page_is_read_to_its_end(content: str, text: str, times: int) -> None:
    page = clean(page_of(framed(content)))
    assert page.sections[0].text.count(text) == times
    assert page.warnings == ()


NUMBERS = {
    "of a list": f'<ol start="{"9" * 5_000}"><li value="{"8" * 5_000}">x</li><li value="²">y</li></ol>',
    "of a reference mark": f'<sup class="reference"><a href="#cite_note-1">[upper-roman {"9" * 5_000}]</a></sup>',
    "of a cell": f'<table><tr><td colspan="{"9" * 5_000}">x</td><td rowspan="²">y</td></tr></table>',
    "of a place": f'<span class="geo">1e400; nan</span><a href="/geohack?params={"9_" * 5_000}N_1_E">x</a>',
    "of a picture": f'<img src="a.png" width="{"9" * 5_000}" height="²">',
    "of a page": f'<script>{{"wgArticleId":{"9" * 5_000},"wgNamespaceNumber":"x","wgRevisionId":"²"}}</script>',
}


@pytest.mark.parametrize("content", NUMBERS.values(), ids=NUMBERS)
def test_a_number_beyond_all_reason_costs_no_page(content: str) -> None:
    page = clean(page_of(framed(content), "https://shore.example/wiki/Ebb"))
    assert page.sections[0].text.startswith("It falls.")
    assert (page.page_id, page.revision_id, page.fields.coordinates) == (None, None, None)


def test_a_line_of_many_formulas_is_read_one_by_one() -> None:
    formula = '<annotation encoding="application/x-tex">x</annotation>'
    line = f'<span class="mwe-math-element"><math>{formula}</math></span>' * 3_000
    page = clean(page_of(framed(f"<dl><dd>{line}</dd></dl>")))
    assert page.sections[0].text.count(r"\(x\)") == 3_000
