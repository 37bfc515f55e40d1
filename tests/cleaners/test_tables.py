"""Tables become cells with spans and a filled grid."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sectionary.cleaners.article import Article, clean, page_of
from sectionary.cleaners.section import Table
from sectionary.cleaners.tables import MAX_SPREAD, SPREAD

Framed = Callable[..., Article]


def table(page: Article) -> Table:
    found = next(block.table for block in page.sections[0].blocks if block.table)
    assert found is not None
    return found


def test_spans_fill_the_grid_and_are_told_of_the_cells(article: Framed) -> None:
    found = table(
        article(
            '<table class="wikitable"><caption>Tides</caption>'
            '<tr><th rowspan="2">Place</th><th colspan="2">Range</th></tr>'
            "<tr><th>neap</th><th>spring</th></tr><tr><td>Brest</td><td>2.8</td><td>6.0</td></tr></table>"
        )
    )
    assert (found.caption, found.n_rows, found.n_cols, found.header_rows, found.header_cols) == ("Tides", 3, 3, 2, 0)
    assert found.grid == (("Place", "Range", "Range"), ("Place", "neap", "spring"), ("Brest", "2.8", "6.0"))
    assert [(c.r, c.c, c.rs, c.cs) for c in found.cells][:3] == [(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1)]


def test_a_row_is_a_line_of_cells(article: Framed) -> None:
    page = article("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>")
    assert page.sections[0].text == "a | b\n1 | 2"


def test_lists_and_paragraphs_in_a_cell_are_lines_of_it(article: Framed) -> None:
    held = "<p>one</p><ul><li>two</li><li>three</li></ul>"
    page = article(f'<table class="wikitable"><tr><td>x</td><td>{held}</td></tr></table>')
    assert table(page).cells[1].text == "one\n- two\n- three"
    assert page.sections[0].text == "x | one - two - three"


def test_a_table_in_a_cell_keeps_its_words_apart(article: Framed) -> None:
    inner = "<table><tr><td>in</td><td>side</td></tr></table>"
    page = article(f'<table class="wikitable"><tr><td>out</td><td>{inner}</td></tr></table>')
    assert table(page).cells[1].text == "in | side"


def test_links_in_cells_stand_at_their_offsets(article: Framed) -> None:
    page = article('<p>p</p><table><tr><td>a</td><td>see <a href="/wiki/B">B</a></td></tr></table>')
    section = page.sections[0]
    (link,) = section.links
    assert section.text[link.offset :][:1] == "B"


def test_a_link_over_two_lines_of_a_cell_stands_in_its_row_as_one(article: Framed) -> None:
    section = article('<table><tr><td>a</td><td><a href="/wiki/B">b<br>c</a></td></tr></table>').sections[0]
    (link,) = section.links
    assert (section.text, link.text, link.offset) == ("a | b c", "b c", 4)


def test_a_table_of_one_cell_only_lays_out(article: Framed) -> None:
    page = article("<table><tr><td><h2>Inside</h2><p>text</p></td></tr></table>")
    assert [(s.heading, s.text) for s in page.sections] == [(None, ""), ("Inside", "text")]


def test_headings_in_cells_are_sections_laid_out_side_by_side(article: Framed) -> None:
    page = article("<table><tr><td><h3>Left</h3>a</td><td><h3>Right</h3>b</td></tr></table>")
    assert [(s.heading, s.text) for s in page.sections] == [(None, ""), ("Left", "a"), ("Right", "b")]


def test_a_heading_in_a_list_is_kept_as_text_with_a_warning(article: Framed) -> None:
    page = article("<ul><li><h3>Deep</h3>text</li></ul>")
    assert "Deep" in page.sections[0].text
    assert page.warnings == ("heading inside a block: Deep",)


def test_a_mark_alone_in_its_cell_is_kept(article: Framed) -> None:
    mark = '<sup id="cite_ref-1" class="reference"><a href="#cite_note-1">[1]</a></sup>'
    page = article(f"<table><tr><td>6.0</td><td>{mark}</td></tr><tr><td>a</td><td>b</td></tr></table>")
    assert [citation.ref_id for citation in page.sections[0].citations] == ["cite_note-1"]


def test_spans_beyond_reason_cost_neither_time_nor_memory(article: Framed) -> None:
    vast = '<td colspan="999999" rowspan="999999">a</td>'
    found = table(article(f"<table><tr>{vast}<td>b</td></tr><tr><td>c</td></tr></table>"))
    assert found.n_cols <= 1001
    assert {cell.text for cell in found.cells} == {"a", "b", "c"}


def test_spans_that_flood_a_page_are_taken_for_one_place_each_with_a_warning(article: Framed) -> None:
    flood = "".join(f'<tr><td rowspan="65534" colspan="1000">{n}</td></tr>' for n in range(2_000))
    page = article(f"<table>{flood}</table>")
    found = table(page)
    assert [cell.text for cell in found.cells] == [str(n) for n in range(2_000)]
    assert sum(cell.rs * cell.cs for cell in found.cells) < MAX_SPREAD + len(found.cells)
    assert page.warnings == (SPREAD,)


def test_gaps_that_flood_a_page_cost_tables_their_grid_and_no_cell(article: Framed) -> None:
    ragged = f"<table><tr>{'<td>a</td>' * 440}</tr>{'<tr><td>b</td></tr>' * 440}</table>"
    page = article(ragged * 12)
    found = [block.table for block in page.sections[0].blocks if block.table]
    assert [len(each.cells) for each in found] == [880] * 12
    assert [bool(each.grid) for each in found] == [True] * 10 + [False] * 2
    assert page.warnings == (SPREAD,)


def test_a_long_table_with_spans_keeps_them_all(article: Framed) -> None:
    months = "".join(f"<tr><td>{month}</td></tr>" for month in range(2, 13))
    years = "".join(
        f'<tr><th rowspan="12">{year}</th><td>1</td></tr>{months}' for year in range(420)
    )
    found = table(article(f"<table>{years}</table>"))
    assert found.grid[-1] == ("419", "12")
    assert len(found.grid) == 5_040


SPAN = st.integers(0, 4)
CELL = st.tuples(SPAN, SPAN, st.text("abc", min_size=1, max_size=3))
CELLS = st.lists(st.lists(CELL, max_size=4), min_size=2, max_size=5)


@given(CELLS)
def test_no_two_cells_begin_at_one_place_and_each_stands_in_the_grid(rows: list[list[tuple[int, int, str]]]) -> None:
    body = "".join(
        "<tr>" + "".join(f'<td rowspan="{r}" colspan="{c}">{text}</td>' for r, c, text in row) + "</tr>" for row in rows
    )
    page = clean(page_of(f'<div class="mw-parser-output"><p>x</p><table>{body}</table></div>'))
    for found in (block.table for block in page.sections[0].blocks if block.table):
        places = [(cell.r, cell.c) for cell in found.cells]
        assert len(places) == len(set(places))
        assert all(found.grid[c.r][c.c] == c.text for c in found.cells if (c.rs, c.cs) == (1, 1))


def test_a_hidden_cell_has_no_place_on_the_grid(article: Framed) -> None:
    page = article(
        "<table class='wikitable'><tr><th>Quay</th><th>Depth</th></tr>"
        "<tr><td style='display:none'>0012</td><td>North</td><td>12 m</td></tr></table>"
    )
    (block,) = page.sections[0].blocks
    assert block.table is not None
    assert block.table.grid == (("Quay", "Depth"), ("North", "12 m"))


def test_a_table_in_the_frame_of_a_picture_is_a_table(article: Framed) -> None:
    page = article(
        "<div class='thumb tright'><div class='thumbinner'><table class='wikitable'><tr><th>Tide</th>"
        "<th>Height</th></tr><tr><td>Spring</td><td>4 m</td></tr></table>"
        "<div class='thumbcaption'>At the quay</div></div></div>"
    )
    assert [(block.type, block.text) for block in page.sections[0].blocks] == [
        ("table", "Tide | Height\nSpring | 4 m"), ("paragraph", "At the quay"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("classes", "row"),
    [("wikitable infobox", "<td>a</td><td>b</td>"), ("infobox", "<td>a</td><td>b</td><td>c</td><td>d</td>")],
)
def test_below_the_lead_a_table_of_data_is_no_infobox(article: Framed, classes: str, row: str) -> None:
    box = f"<table class='{classes}'><tr>{row}</tr><tr>{row}</tr></table>"
    page = article(f"<p>Lead.</p>{box}<h2>Harbours</h2>{box}")
    assert [block.type for block in page.sections[1].blocks] == ["table"]
    assert [found.section_index for found in page.fields.infoboxes] == [0]
