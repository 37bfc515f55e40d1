"""Headings, lists and tables in other markup than HTML has for them: by role, by the size of letters, by layout."""

import pytest

from sectionary.cleaners.article import Article, clean
from sectionary.cleaners.section import Section
from sectionary.scraper.page import Page

LEAD = "Slate is a fine-grained rock that splits into thin and even sheets, with which half of Europe covers its roofs."
LONG = "It was mud at the bottom of a sea once, and was pressed and folded until all of its grains lay flat."


def unknown(content: str) -> Article:
    """A page that no site file knows."""
    html = (
        f"<html><head><title>Slate</title></head><body><main><h1>Slate</h1><p>{LEAD}</p>{content}<p>{LONG}</p></main>"
        "</body></html>"
    )
    return clean(Page(url="https://stones.example/slate", body=html.encode()))


def outline(page: Article) -> list[tuple[int, str | None, str | None]]:
    return [(section.level, section.heading, section.anchor) for section in page.sections[1:]]


def sole(content: str) -> Section:
    (section,) = unknown(content).sections
    return section


@pytest.mark.parametrize(
    ("stated", "level"),
    [('aria-level="3"', 3), ("", 2), ('aria-level="9"', 6), ('aria-level="0"', 1), ('aria-level="deep"', 2)],
)
def test_a_role_makes_a_heading_of_the_level_it_states(stated: str, level: int) -> None:
    page = unknown(f'<div role="heading" {stated} id="cut">Cleavage<button>#</button></div>')
    assert outline(page) == [(level, "Cleavage", "cut")]


LARGE = {
    "in a paragraph of its own": "<p><font size='+2'><b>Sizes</b></font></p>",
    "before a break": "<font size=5>Sizes</font><br>They have names.",
    "in bold": "<p><b><font size='+2'>Sizes</font></b></p>",
    "centred": "<center><font size='+2'>Sizes</font></center>",
}
RUNNING = {
    "before words": "<p><font size='+2'>S</font>izes have names.</p>",
    "after words": "<p>They have <font size='+2'>names</font></p>",
    "before a picture": "<p><font size='+2'>Sizes</font><img src='a.png' alt=''></p>",
    "a whole paragraph": f"<p><font size='+2'>{LONG} {LONG}</font></p>",
}


@pytest.mark.parametrize("form", LARGE)
def test_large_letters_on_a_line_of_their_own_are_a_heading(form: str) -> None:
    assert outline(unknown(LARGE[form])) == [(2, "Sizes", None)]


@pytest.mark.parametrize("form", RUNNING)
def test_large_letters_among_others_are_text(form: str) -> None:
    page = unknown(RUNNING[form])
    assert outline(page) == []
    assert page.sections[0].text.startswith(f"{LEAD}\n\n")


@pytest.mark.parametrize(("size", "level"), [("+1", 3), ("+2", 2), ("4", 3), ("5", 2)])
def test_larger_letters_are_a_higher_heading(size: str, level: int) -> None:
    assert [found[0] for found in outline(unknown(f"<p><font size='{size}'>Sizes</font></p>"))] == [level]


@pytest.mark.parametrize("heading", ["<h2>Sizes</h2>", "<p><a name='sizes'></a><font size='+2'>Sizes</font></p>"])
def test_an_empty_anchor_right_before_a_heading_is_its_own(heading: str) -> None:
    before = "" if "name=" in heading else '<a name="sizes"></a>\n'
    assert outline(unknown(before + heading)) == [(2, "Sizes", "sizes")]


def test_an_anchor_with_words_or_of_an_earlier_paragraph_is_not_a_headings() -> None:
    assert outline(unknown('<p><a name="a"></a>Big ones.</p><h2>Sizes</h2>')) == [(2, "Sizes", None)]
    assert outline(unknown('<a name="a">Big ones.</a><h2>Sizes</h2>')) == [(2, "Sizes", None)]


def test_roles_make_a_list_with_lists_in_it() -> None:
    inner = '<div role="list"><div role="listitem">the best rings</div></div>'
    section = sole(f'<div role="list"><div role="listitem">green</div><div role="listitem">purple{inner}</div></div>')
    assert section.blocks[1].text == "- green\n- purple\n  - the best rings"


def test_roles_make_a_table_with_spans_and_headers() -> None:
    section = sole(
        '<div role="table"><div role="caption">Names</div><div role="rowgroup"><div role="row">'
        '<span role="columnheader" aria-colspan="2">Duchess</span></div></div><div role="rowgroup"><div role="row">'
        '<span role="rowheader">Inches</span><span role="cell">24</span></div></div></div>'
    )
    table = section.blocks[1].table
    assert table is not None
    assert (table.caption, table.header_rows, table.header_cols) == ("Names", 1, 1)
    assert table.grid == (("Duchess", "Duchess"), ("Inches", "24"))


@pytest.mark.parametrize("border", ["", "border=0", 'border="0" cellpadding="6"'])
def test_a_table_without_a_border_that_sets_paragraphs_side_by_side_only_lays_out(border: str) -> None:
    page = unknown(f"<table {border}><tr><td><p>Green.</p></td><td><p>Purple.</p></td></tr></table>")
    assert {block.type for block in page.sections[0].blocks} == {"paragraph"}


def test_a_table_with_a_border_is_one() -> None:
    bordered = sole("<table border=1><tr><td><p>Green.</p></td><td><p>Purple.</p></td></tr></table>")
    assert bordered.blocks[1].type == "table"


def test_a_list_of_links_to_the_page_with_an_empty_query_is_its_contents() -> None:
    links = '<ul><li><a href="?#cut">Cleavage</a></li><li><a href="?#size">Sizes</a></li></ul>'
    page = unknown(f'<div>{links}</div><h2 id="cut">Cleavage</h2><p>{LONG}</p><h2 id="size">Sizes</h2>')
    assert page.sections[0].text == LEAD
    assert "unknown.contents" in {removal.rule for removal in page.removals}


def test_what_a_rule_takes_away_is_gone_from_a_table_that_lays_out_too() -> None:
    rows = "<tr><td hidden><p>Not shown.</p></td><td><p>Green.</p><p>Purple.</p></td></tr>"
    assert sole(f"<table>{rows}</table>").text == f"{LEAD}\n\nGreen.\n\nPurple.\n\n{LONG}"


def test_a_column_of_links_beside_the_article_is_no_part_of_it() -> None:
    column = '<td><b>Letters</b><br><a href="a">A</a><br><a href="b">B</a><br><a href="c">C</a></td>'
    section = sole(f"<table border=0><tr>{column}<td><p>Green.</p><p>Purple.</p></td></tr></table>")
    assert section.text == f"{LEAD}\n\nGreen.\n\nPurple.\n\n{LONG}"
