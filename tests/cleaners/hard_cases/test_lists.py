"""Hard cases 13 to 15: nested and numbered lists, lists in columns, sections of only a list, empty sections."""

from collections.abc import Callable

import pytest

from sectionary.cleaners.article import Article
from sectionary.output.record import records
from sectionary.scraper.page import Page

Framed = Callable[..., Article]


def items(page: Article) -> list[tuple[int, str, bool, str]]:
    (found,) = (block.list for block in page.sections[0].blocks if block.list)
    return [(item.depth, item.marker, item.term, item.text) for item in found.items]


NESTED = {
    "bullets in numbers in bullets": (
        "<ul><li>a<ol><li>b<ul><li>c</li></ul></li><li>d</li></ol></li><li>e</li></ul>",
        "- a\n  1. b\n    - c\n  2. d\n- e",
    ),
    "indented three deep": ("<dl><dd>a<dl><dd>b<dl><dd>c</dd></dl></dd></dl></dd></dl>", "a\n  b\n    c"),
    "indents and bullets": (
        "<ul><li>a<dl><dd>b<ol><li>c</li></ol></dd></dl></li></ul>", "- a\n  b\n    1. c",
    ),
    "bullets in an indent": ("<dl><dd><ul><li>a</li></ul></dd><dd>b</dd></dl>", "  - a\nb"),
    "paragraphs in an item": ("<ul><li><p>a</p><p>b</p></li><li>c<br>d</li></ul>", "- a\nb\n- c\nd"),
    "a comment between items": ("<ul><li>a</li><!-- x --><li>b<!-- y --></li></ul>", "- a\n- b"),
    "empty items": ('<ul><li></li><li class="mw-empty-elt"></li><li>a</li></ul>', "- a"),
    "a picture in an item": (
        '<ul><li>a<figure><a href="/wiki/File:A.png"><img src="/a.png"></a><figcaption>b</figcaption></figure></ul>',
        "- a\nb",
    ),
    "a toolbar's list": ("<menu><li>a</li><li>b</li></menu>", "- a\n- b"),
}  # fmt: skip


@pytest.mark.parametrize("form", NESTED)
def test_13_a_nested_list_is_one_block_with_depths_and_markers(article: Framed, form: str) -> None:
    markup, text = NESTED[form]
    page = article(markup)
    assert page.sections[0].text == text
    lines = ("  " * depth + (f"{marker} " if marker else "") + said for depth, marker, _, said in items(page))
    assert "\n".join(lines) == text


NUMBERED = {
    '<ol start="5"><li>a</li><li>b</li></ol>': ["5.", "6."],
    '<ol><li value="3">a</li><li>b</li></ol>': ["3.", "4."],
    "<ol reversed><li>a</li><li>b</li><li>c</li></ol>": ["3.", "2.", "1."],
    '<ol reversed start="10"><li>a</li><li>b</li></ol>': ["10.", "9."],
    '<ol type="a"><li>a</li><li>b</li></ol>': ["a.", "b."],
    '<ol type="A" start="27"><li>a</li></ol>': ["AA."],
    '<ol type="I"><li value="4">a</li></ol>': ["IV."],
    '<ol style="list-style-type: lower-alpha"><li>a</li></ol>': ["a."],
    '<ol style="list-style:upper-roman inside"><li>a</li></ol>': ["I."],
    '<div style="list-style-type:lower-greek"><ol><li>a</li><li>b</li></ol></div>': ["\u03b1.", "\u03b2."],
    '<ol style="list-style-type:decimal-leading-zero"><li>a</li></ol>': ["1."],
    '<ol start="-1"><li>a</li><li>b</li></ol>': ["-1.", "0."],
    '<ol type="a" start="0"><li>a</li></ol>': ["0."],
    '<ol start="many"><li>a</li></ol>': ["1."],
}


@pytest.mark.parametrize("markup", NUMBERED)
def test_13_items_have_the_numbers_that_a_reader_sees(article: Framed, markup: str) -> None:
    assert [marker for _, marker, _, _ in items(article(markup))] == NUMBERED[markup]


def test_13_a_list_split_by_a_comment_or_a_blank_goes_on_with_its_number(article: Framed) -> None:
    page = article('<ol><li>a</li></ol><!-- note -->\n<ol start="2"><li>b</li></ol>')
    assert [block.text for block in page.sections[0].blocks] == ["1. a", "2. b"]


PAIRS = {
    "plain": "<dl><dt>ebb</dt><dd>out</dd><dd>low</dd><dt>flood</dt><dd>in</dd></dl>",
    "in groups": "<dl><div><dt>ebb</dt><dd>out</dd><dd>low</dd></div><div><dt>flood</dt><dd>in</dd></div></dl>",
}


@pytest.mark.parametrize("form", PAIRS)
def test_13_terms_and_their_definitions_stay_together(article: Framed, form: str) -> None:
    assert items(article(PAIRS[form])) == [
        (0, "", True, "ebb"), (0, "", False, "out"), (0, "", False, "low"),
        (0, "", True, "flood"), (0, "", False, "in"),
    ]  # fmt: skip


def test_13_a_table_and_a_listing_in_an_item_are_its_text_and_blocks_inside_the_list(article: Framed) -> None:
    page = article(
        '<ol><li>see<table class="wikitable"><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table></li>'
        '<li>run<div class="mw-highlight mw-highlight-lang-bash"><pre>ls\ncd\n</pre></div>now</li></ol>'
    )
    outer, table, code = page.sections[0].blocks
    assert outer.text == "1. see\na | b\n1 | 2\n2. run\nls\ncd\nnow"
    assert (table.type, table.text, table.inside, code.type, code.text, code.inside) == ("table", "", 0, "code", "", 0)
    assert code.code is not None
    assert (code.code.language, code.code.text) == ("bash", "ls\ncd")


def test_13_a_table_in_an_item_of_a_nested_list_is_a_block_inside_the_whole_list(article: Framed) -> None:
    table = '<table class="wikitable"><tr><th>a</th></tr><tr><td><ul><li>b</li></ul></td></tr></table>'
    page = article(f"<ul><li>x<ul><li>y{table}</li></ul></li></ul><p>end</p>")
    assert [(block.type, block.text, block.inside) for block in page.sections[0].blocks] == [
        ("list", "- x\n  - y\na\n- b", None), ("table", "", 0), ("list", "", 1), ("paragraph", "end", None),
    ]  # fmt: skip


COLUMNS = {
    "div-col": '<div class="div-col" style="column-width:20em"><ul><li>a</li><li>b</li></ul></div>',
    "columns": '<div class="columns"><div class="column"><ul><li>a</li><li>b</li></ul></div></div>',
    "hlist": '<div class="hlist"><ul><li>a</li><li>b</li></ul></div>',
    "plainlist": '<div class="plainlist"><ul><li>a</li><li>b</li></ul></div>',
    "a table": '<table class="multicol" role="presentation"><tr><td><ul><li>a</li><li>b</li></ul></td></tr></table>',
}


@pytest.mark.parametrize("form", COLUMNS)
def test_14_a_list_in_columns_is_a_list(article: Framed, form: str) -> None:
    assert [(b.type, b.text) for b in article(COLUMNS[form]).sections[0].blocks] == [("list", "- a\n- b")]


BOX = (
    '<li class="gallerybox"><div class="thumb"><span typeof="mw:File"><a href="/wiki/File:{0}.jpg">'
    '<img alt="{0}" src="/{0}.jpg" width="120" height="90"></a></span></div><div class="gallerytext">{1}</div></li>'
)
OLD_BOX = (
    '<{2} class="gallerybox"><div><div class="thumb"><div><a href="/wiki/File:{0}.jpg" class="image">'
    '<img alt="" src="/{0}.jpg" /></a></div></div><div class="gallerytext"><p>{1}</p></div></div></{2}>'
)
GALLERIES = {
    kind: f'<ul class="gallery mw-gallery-{kind}">{BOX.format("A", "ebb")}{BOX.format("B", "flood")}</ul>'
    for kind in ("traditional", "nolines", "packed", "packed-hover", "slideshow")
} | {
    "2012": f'<ul class="gallery">{OLD_BOX.format("A", "ebb", "li")}{OLD_BOX.format("B", "flood", "li")}</ul>',
    "2010": (
        f'<table class="gallery" cellspacing="0"><tr><td>{OLD_BOX.format("A", "ebb", "div")}</td>'
        f'<td>{OLD_BOX.format("B", "flood", "div")}</td></tr></table>'
    ),
}


@pytest.mark.parametrize("form", GALLERIES)
def test_14_a_gallery_is_a_block_of_its_captions_with_pictures_that_have_them(article: Framed, form: str) -> None:
    section = article(GALLERIES[form]).sections[0]
    assert [(block.type, block.text) for block in section.blocks] == [("gallery", "ebb\nflood")]
    assert [(image.file, image.caption) for image in section.images] == [("A.jpg", "ebb"), ("B.jpg", "flood")]


ONLY = {
    "list": "<ul><li>a</li></ul>",
    "table": '<table class="wikitable"><tr><th>a</th><th>b</th></tr></table>',
    "gallery": GALLERIES["packed"],
    "gallery without captions": f'<ul class="gallery mw-gallery-packed">{BOX.format("A", "")}</ul>',
}


@pytest.mark.parametrize("form", ONLY)
def test_14_a_section_of_only_one_thing_is_not_empty(article: Framed, form: str) -> None:
    page = article(f'<div class="mw-heading mw-heading2"><h2 id="A">A</h2></div>{ONLY[form]}')
    _, sections = records(page, Page(url=page.url, body=b""))
    assert [section.is_empty for section in sections] == [True, False]


EDIT = '<span class="mw-editsection">[<a href="/e">edit</a><span> | </span><a href="/s">edit source</a>]</span>'
NOTHING = ["", "<p><br /></p>", '<p class="mw-empty-elt">\n</p>', "<!-- none -->", "<div></div>"]


@pytest.mark.parametrize("nothing", NOTHING)
def test_15_an_empty_section_is_a_heading_and_empty(article: Framed, nothing: str) -> None:
    page = article(f'<h2><span class="mw-headline" id="A">A</span>{EDIT}</h2>{nothing}<h2 id="B">B</h2><p>b</p>')
    _, sections = records(page, Page(url=page.url, body=b""))
    assert [(s.heading, s.text, s.is_empty) for s in sections] == [
        (None, "", True), ("A", "", True), ("B", "b", False),
    ]  # fmt: skip
