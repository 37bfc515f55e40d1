"""Gold tells article, aside and furniture apart, and reads headings, tables and formulas by itself."""

from quality.gold import Gold, gold_of
from quality.pages import SavedPage, framed
from quality.reading import Block, blocks_of, grids_of, reading_of, tree_of

PAGE = """<!DOCTYPE html><html><head><title>Tide</title></head><body>
<div id="mw-navigation"><h2>Menu</h2><ul><li><a>Random page</a></li></ul></div>
<h1 id="firstHeading">Tide</h1>
<div id="mw-content-text"><div class="mw-parser-output">
<table class="infobox"><tr><th>Period</th><td>12 h 25 min</td></tr></table>
<p>The tide<sup class="reference">[1]</sup> rises.<span style="display:none">0042</span></p>
<div id="toc"><h2>Contents</h2><ul><li>1 Cause</li></ul></div>
<h2><span class="mw-headline" id="Navigation">Navigation</span><span class="mw-editsection">[<a>edit</a>]</span></h2>
<table class="wikitable"><caption>Heights</caption>
<tr><th rowspan="2">Port</th><th colspan="2">Height</th></tr><tr><th>low</th><th>high</th></tr>
<tr><td>Wick</td><td>0.7</td><td>3.5</td></tr></table>
<ul><li>neap<ul><li>small</li></ul></li></ul>
<div class="navbox">Tides of the world</div>
<ol class="references"><li>Ray 2019.</li></ol>
</div></div><div id="footer">About us</div></body></html>"""


def gold(markup: str, **more: object) -> Gold:
    return gold_of(SavedPage("page", "wikipedia", markup.encode(), "https://wiki.example/", "en", **more))  # type: ignore[arg-type]


def test_the_article_is_what_is_neither_aside_nor_furniture() -> None:
    assert [(block.type, block.text) for block in gold(PAGE).blocks] == [
        ("paragraph", "The tide rises."),
        ("heading", "Navigation"),
        ("table", "Heights"), ("table", "Port"), ("table", "Height"), ("table", "low"), ("table", "high"),
        ("table", "Wick"), ("table", "0.7"), ("table", "3.5"),
        ("list", "neap"), ("list", "small"),
    ]  # fmt: skip


def test_infobox_and_references_are_aside_and_chrome_is_furniture() -> None:
    found = gold(PAGE)
    assert "12 h 25 min" in found.aside
    assert "Ray 2019." in found.aside
    assert {"[edit]", "Random page", "1 Cause", "Tides of the world", "About us", "0042"} <= set(found.furniture)


def test_headings_are_those_of_the_wikis_own_list_where_there_is_one() -> None:
    assert gold(PAGE).headings == ((2, "Navigation"),)
    assert gold(PAGE, sections=((2, "Cause"),)).headings == ((2, "Cause"),)
    said = {"sections": [{"level": "3", "line": "<i>Moon</i>[1] &amp; sun"}], "text": {"*": "<p>x</p>"}}
    assert gold(PAGE, answer=said).headings == ((3, "Moon & sun"),)


def test_a_grid_has_spanning_cells_in_every_place() -> None:
    assert gold(PAGE).tables == ((("Port", "Height", "Height"), ("Port", "low", "high"), ("Wick", "0 7", "3 5")),)


def test_formulas_come_from_annotations_and_alternative_texts_without_displaystyle() -> None:
    markup = (
        r'<p><math><annotation encoding="application/x-tex">{\displaystyle \frac{a}{b}}</annotation></math>'
        r'<img class="mwe-math-fallback-image-inline" alt="{\displaystyle \frac ab}"></p>'
    )
    assert gold(markup).formulas == (r"\frac{a}{b}",)
    assert gold('<img class="tex" alt="x^2 + y^2=1"><img class="tex" alt="x">').formulas == ("x^2+y^2=1",)


def test_formulas_come_from_the_wikitext_where_it_is_known() -> None:
    assert gold(PAGE, wikitext=r"<math>a &lt; \sqrt{b}+c</math> <math/>").formulas == (r"a<\sqrt{b}+c",)


def test_definitions_of_a_dictionary_are_wanted_without_the_headword_line() -> None:
    said = {"English": {"tide": [{"definitions": [{"text": ["tide (plural tides)", "rise of the sea"]}]}]}}
    page = SavedPage("tide", "dictionary", b"<p>x</p>", "https://wiki.example/", "en", answer=said)
    assert gold_of(page).wanted == ("rise of the sea",)


def test_the_members_of_a_category_are_part_of_its_page() -> None:
    members = '<div class="mw-category-generated"><ul><li>Neap tide</li></ul></div>'
    found = gold(f'<div id="mw-content-text"><div class="mw-parser-output"><p>Tides.</p></div>{members}</div>')
    assert [block.text for block in found.blocks] == ["Tides.", "Neap tide"]


def test_a_list_in_a_cell_is_part_of_the_table() -> None:
    tree = tree_of("<table><tr><td>a<ul><li>b</li></ul><td></tr><tr></table><blockquote><p>c</p></blockquote>")
    assert list(blocks_of(tree)) == [Block("table", "a"), Block("table", "b"), Block("quote", "c")]


def test_a_table_of_one_row_may_lay_the_page_out_and_one_with_headings_does() -> None:
    row, sections = "<tr><td>a<td><ul><li>b", "<tr><td><h2>a</h2><td>b<tr><td>c"
    assert [block.type for block in blocks_of(tree_of(f"<table>{row}</table>"))] == ["layout", "layout"]
    assert [block.type for block in blocks_of(tree_of(f"<table>{sections}</table>"))] == ["heading", *["paragraph"] * 2]


def test_a_power_is_not_glued_to_its_base() -> None:
    assert [block.text for block in blocks_of(tree_of("<p>10<sup>6</sup> 1<sup>st</sup></p>"))] == ["10^6 1st"]
    assert grids_of(tree_of("<table><tr><td>10<sup>6</sup><td>b</table>")) == ((("10 6", "b"),),)


def test_a_heading_with_a_line_break_is_one_heading() -> None:
    assert list(blocks_of(tree_of("<h2>a<br>b</h2>"))) == [Block("heading", "a b", 2)]


def test_inline_elements_do_not_cut_words_and_breaks_do() -> None:
    assert [block.text for block in blocks_of(tree_of("<p>H<sub>2</sub>O<br>CO<sub>2</sub></p>"))] == ["H2O", "CO2"]


def test_scripts_and_comments_are_no_text() -> None:
    tree = tree_of("<p>a <script>var x</script>b<!-- c -->d</p>")
    assert " ".join(block.text for block in blocks_of(tree)) == "a bd"


def test_numbers_and_empty_cells_stay_as_they_stand() -> None:
    markup = "<table><tr><td>007</td><td>1,000</td></tr><tr><td></td><td>NA</td></tr></table>"
    assert grids_of(tree_of(markup)) == ((("007", "1 000"), ("", "NA")),)


def test_html_without_tables_asked_for_has_no_such_row() -> None:
    assert reading_of(tree_of("<p>a</p>"), tables=False).tables is None


def test_a_fragment_is_read_in_a_plain_page_and_a_page_as_it_is() -> None:
    assert framed(b"<html><body><p>a", "T") == b"<html><body><p>a"
    assert b"<h1>A &amp; B</h1>\n<article>\n<p>a</p>" in framed(b"<p>a</p>", "A & B")
