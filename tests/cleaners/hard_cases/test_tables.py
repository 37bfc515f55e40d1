"""Hard cases 10 to 12: what tables and folded parts hide, spans and headers, lists and tables in cells."""

from collections.abc import Callable

import pytest

from sectionary.cleaners.article import Article
from sectionary.cleaners.section import Table

Framed = Callable[..., Article]
MARK = '<sup id="cite_ref-1" class="reference"><a href="#cite_note-1">[1]</a></sup>'
HEAD = "<tr><th>Port</th><th>Range</th></tr>"


def table(page: Article) -> Table:
    found = page.sections[0].blocks[0].table
    assert found is not None
    return found


def wikitable(*rows: str) -> str:
    return f'<table class="wikitable sortable">{HEAD}{"".join(rows)}</table>'


SORTED = {
    "display:none": '<span style="display:none">0012</span>12',
    "display:none and more": '<span style="display:none;speak:none">0012&nbsp;!</span>12',
    "a class": '<span class="sortkey">0012</span>12',
    "an attribute": '<span data-sort-value="7001120000♠"></span>12',
    "an empty element": '<span data-sort-value="12!" style="display:none"></span>12',
    "figures as blanks": '<span style="visibility:hidden;color:transparent;">00</span>12',
    "another wiki's class": '<span class="smwsortkey">0012</span>12',
}


@pytest.mark.parametrize("form", SORTED)
def test_10_a_sort_key_is_no_text_of_its_cell(article: Framed, form: str) -> None:
    page = article(wikitable(f"<tr><td>Brest</td><td>{SORTED[form]}</td></tr>"))
    assert page.sections[0].text == "Port | Range\nBrest | 12"


FOLDED = {
    "mw-collapsed": '<div class="mw-collapsible mw-collapsed"><p>shown</p><p>folded</p></div>',
    "mw-collapsible-content": (
        '<div class="mw-collapsible"><p>shown</p>'
        '<div class="mw-collapsible-content" style="display:none">folded</div></div>'
    ),
    "default toggle": (
        '<div class="mw-collapsible mw-made-collapsible"><span role="button" class="mw-collapsible-toggle '
        'mw-collapsible-toggle-default"><a class="mw-collapsible-text">Expand</a></span><p>shown</p>'
        '<div class="mw-collapsible-content" style="display: none;"><p>folded</p></div></div>'
    ),
    "hidden=until-found": '<p>shown</p><div hidden="until-found"><p>folded</p></div>',
    "NavFrame": (
        '<div class="NavFrame"><div class="NavHead">shown<span class="NavToggle"><a>[show ▼]</a></span></div>'
        '<div class="NavContent" style="display:none"><p>folded</p></div></div>'
    ),
    "custom toggle": (
        '<p><span class="mw-customtoggle-a">shown</span></p>'
        '<div class="mw-collapsible mw-collapsed" id="mw-customcollapsible-a" style="display:none">folded</div>'
    ),
    "details": "<details><summary>shown</summary><p>folded</p></details>",
}


@pytest.mark.parametrize("form", FOLDED)
def test_10_what_folds_up_is_content_and_its_button_is_not(article: Framed, form: str) -> None:
    assert article(FOLDED[form]).sections[0].text == "shown\n\nfolded"


def test_10_rows_of_a_folded_table_are_content(article: Framed) -> None:
    page = article(
        '<table class="collapsible collapsed"><tr><th colspan="2">Ports</th></tr>'
        '<tr style="display:none"><td>Brest</td><td>6.0</td></tr></table>'
    )
    assert page.sections[0].text == "Ports\nBrest | 6.0"


def test_10_what_is_hidden_for_good_is_removed(article: Framed) -> None:
    page = article('<p>a<span style="display: none">b</span></p><div hidden><p>c</p></div>')
    assert page.sections[0].text == "a"
    assert [(r.rule, r.count, r.chars) for r in page.removals if r.rule == "content.hidden"] == [
        ("content.hidden", 1, 1), ("content.hidden", 1, 1),
    ]  # fmt: skip


BODIES = {"parser": "{}{}", "head and body": "<thead>{}</thead><tbody>{}</tbody>"}


@pytest.mark.parametrize("form", BODIES)
def test_11_caption_spans_and_rows_of_headers(article: Framed, form: str) -> None:
    head = '<tr><th rowspan="2">Port</th><th colspan="2">Range</th></tr><tr><th>neap</th><th>spring</th></tr>'
    body = f"<tr><td>Brest{MARK}</td><td>2.8</td><td>6.0</td></tr>"
    page = article(f'<table class="wikitable"><caption>Tides{MARK}</caption>{BODIES[form].format(head, body)}</table>')
    found = table(page)
    assert page.sections[0].text == "Tides\nPort | Range\nneap | spring\nBrest | 2.8 | 6.0"
    assert (found.caption, found.n_rows, found.n_cols, found.header_rows) == ("Tides", 3, 3, 2)
    assert found.grid == (("Port", "Range", "Range"), ("Port", "neap", "spring"), ("Brest", "2.8", "6.0"))
    assert [(c.r, c.c, c.rs, c.cs) for c in found.cells if (c.rs, c.cs) != (1, 1)] == [(0, 0, 2, 1), (0, 1, 1, 2)]
    assert len(page.sections[0].citations) == 2


SPANS = {
    "rowspan=0 reaches the end": (
        '<tr><th rowspan="0">a</th><td>b</td></tr><tr><td>c</td></tr><tr><td>d</td></tr>',
        (("a", "b"), ("a", "c"), ("a", "d")),
    ),
    "no span leaves its row group": (
        '<tbody><tr><th rowspan="5">a</th><td>b</td></tr></tbody><tbody><tr><th>c</th><td>d</td></tr></tbody>',
        (("a", "b"), ("c", "d")),
    ),
    "a span wider than the table": (
        '<tr><th>a</th><th>b</th></tr><tr><td colspan="3">c</td></tr>', (("a", "b", ""), ("c", "c", "c")),
    ),
    "headers in the middle": (
        "<tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr><tr><th colspan=2>c</th></tr>",
        (("a", "b"), ("1", "2"), ("c", "c")),
    ),
    "the foot stands last": (
        "<tfoot><tr><td>sum</td><td>3</td></tr></tfoot><tbody><tr><td>1</td><td>2</td></tr></tbody>",
        (("1", "2"), ("sum", "3")),
    ),
    "a row without cells is none": ("<tr></tr><tr><td>1</td><td>2</td></tr>", (("1", "2"),)),
    "breaks part the lines of a cell": ("<tr><td>a<br>b<br /><br />c</td><td>d</td></tr>", (("a\nb\nc", "d"),)),
}  # fmt: skip


@pytest.mark.parametrize("form", SPANS)
def test_11_the_grid_is_filled_as_a_browser_fills_it(article: Framed, form: str) -> None:
    rows, grid = SPANS[form]
    assert table(article(f'<table class="wikitable">{rows}</table>')).grid == grid


LAYOUT = {
    "a role": '<table role="presentation"><tr><td><p>left</p></td><td><p>right</p></td></tr></table>',
    "columns of lists": '<table class="multicol"><tr><td><p>left</p></td><td><div><p>right</p></div></td></tr></table>',
    "a single cell": '<table class="wikitable"><tr><td><p>left</p><p>right</p></td></tr></table>',
}


@pytest.mark.parametrize("form", LAYOUT)
def test_11_a_table_that_only_lays_out_is_no_table(article: Framed, form: str) -> None:
    assert [(b.type, b.text) for b in article(LAYOUT[form]).sections[0].blocks] == [
        ("paragraph", "left"), ("paragraph", "right"),
    ]  # fmt: skip


def test_11_a_table_of_pictures_keeps_them_for_the_section(article: Framed) -> None:
    page = article(
        '<table><tr><td><a href="/wiki/File:A.png"><img src="/a.png"></a></td><td><img src="/b.png"></td></tr>'
        "<tr><td>ebb</td><td>flood</td></tr></table>"
    )
    assert (page.sections[0].text, len(page.sections[0].images)) == ("ebb | flood", 2)


INNER = {
    "list": ("<ul><li>one</li><li>two<ul><li>in</li></ul></li></ul>", "- one\n- two\n  - in", "list"),
    "numbers": ("<ol><li>one</li></ol>", "1. one", "list"),
    "definitions": ("<dl><dt>ebb</dt><dd>out</dd></dl>", "ebb\nout", "definition_list"),
    "table": ("<table><caption>In</caption><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
              "In\na | b\n1 | 2", "table"),
    "listing": ('<div class="mw-highlight mw-highlight-lang-c"><pre>int a;\nint b;\n</pre></div>',
                "int a;\nint b;", "code"),
}  # fmt: skip


@pytest.mark.parametrize("form", INNER)
def test_12_what_stands_in_a_cell_is_in_its_text_and_a_block_without_text_inside_it(article: Framed, form: str) -> None:
    markup, text, kind = INNER[form]
    page = article(wikitable(f"<tr><td>Brest</td><td>so{markup}{MARK}then</td></tr>") + "<p>end</p>")
    outer, inner, last = page.sections[0].blocks
    assert table(page).grid[1] == ("Brest", f"so\n{text}\nthen")
    assert outer.text == f"Port | Range\nBrest | so {' '.join(text.split(chr(10)))} then"
    assert (inner.type, inner.text, inner.inside, last.text) == (kind, "", 0, "end")
    assert [c.ref_id for c in page.sections[0].citations] == ["cite_note-1"]


def test_12_a_table_in_a_table_in_a_table_is_told_at_each_level(article: Framed) -> None:
    page = article(wikitable(f"<tr><td>a</td><td>{wikitable(f'<tr><td>b</td><td>{wikitable()}</td></tr>')}</td></tr>"))
    blocks = page.sections[0].blocks
    assert [(b.type, b.inside) for b in blocks] == [("table", None), ("table", 0), ("table", 1)]
    assert blocks[1].table is not None
    assert blocks[1].table.grid == (("Port", "Range"), ("b", "Port | Range"))


def test_12_paragraphs_pictures_and_lines_in_a_cell_do_not_run_together(article: Framed) -> None:
    held = (
        "<p>p1</p><p>p2</p><div>d1</div><div>d2</div><pre>x\n  y</pre>"
        '<figure typeof="mw:File/Thumb"><a href="/wiki/File:A.png"><img src="/a.png"></a>'
        "<figcaption>f</figcaption></figure>"
    )
    page = article(wikitable(f"<tr><td>Brest</td><td>{held}</td></tr>"))
    assert table(page).grid[1][1] == "p1\np2\nd1\nd2\nx\n  y\nf"
