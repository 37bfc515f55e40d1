"""What an HTML document of an article says to a parser, and what can never get into one."""

# ruff: noqa: RUF001 - other scripts are what is tested

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from sectionary.cleaners.article import Article, clean
from sectionary.cleaners.fields import Fields, Infobox, InfoboxField
from sectionary.cleaners.section import Block, Cell, Code, Image, Item, Link, List, Math, Quote, Section, Table
from sectionary.output.html import BLOCKS, article_html
from sectionary.output.htmltext import safe_url
from sectionary.scraper.page import Http, Page

URL = "https://shore.example/wiki/Tide"
MARKERS = st.sampled_from(["-", "1.", "7.", "a.", ""])
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)


def article(*sections: Section, **known: Any) -> Article:
    unknown = ("page_id", "revision_id", "date_modified", "license", "license_text", "license_source")
    about: dict[str, Any] = {
        "title": "Tide",
        "language": "en",
        "dir": "ltr",
        "page_type": "article",
        "url": URL,
        "site": "shore.example",
        "fields": Fields(),
        "removals": (),
        "warnings": (),
        "cleaner_version": "1.0/mediawiki",
        **dict.fromkeys(unknown),
    }
    return Article(sections=sections, **{**about, **known})


def section(*blocks: Block, heading: str | None = None, level: int = 0, **known: Any) -> Section:
    text = "\n\n".join(block.text for block in blocks if block.text)
    about: dict[str, Any] = {
        "anchor": heading.replace(" ", "_") if heading else None,
        "anchor_aliases": (),
        "path": (),
        "number": "",
        "parent": None,
        "role": "body",
        "links": (),
        "citations": (),
        "images": (),
        "inline_tags": (),
    }
    return Section(heading=heading, level=level, text=text, blocks=blocks, **{**about, **known})


def block(kind: str, text: str, **data: Any) -> Block:
    return Block(i=0, type=kind, text=text, **data)


def list_block(*items: tuple[int, str, str], kind: str = "ul", terms: tuple[str, ...] = ()) -> Block:
    made = tuple(Item(depth=depth, marker=mark, term=text in terms, text=text) for depth, mark, text in items)
    text = "\n".join("  " * item.depth + f"{item.marker} {item.text}".lstrip() for item in made)
    name = "definition_list" if kind == "dl" else "list"
    return block(name, text, list=List(kind=kind, items=made))


def table_of(cells: tuple[Cell, ...], caption: str, name: str, *, n_rows: int) -> Table:
    return Table(
        id=name, caption=caption, n_rows=n_rows, n_cols=3, header_rows=0, header_cols=0, cells=cells, grid=()
    )


def picture(src: str, caption: str | None = None, alt: str | None = None, width: int | None = None) -> Image:
    return Image(file=None, src=src, alt=alt, caption=caption, width=width, height=None)


def link_in(text: str, words: str, url: str, kind: str = "internal") -> Link:
    return Link(text=words, url=url, title=None, kind=kind, offset=text.index(words))


def parsed(made: Article) -> LexborHTMLParser:
    return LexborHTMLParser(article_html(made))


def node(tree: LexborHTMLParser, selector: str) -> LexborNode:
    found = tree.css(selector)
    assert len(found) == 1, (selector, tree.html)
    return found[0]


def only(made: Block, selector: str, **known: Any) -> LexborNode:
    """The one element that `selector` finds in the document of one block."""
    return node(parsed(article(section(made, **known))), selector)


def shown(root: LexborNode) -> str:
    """The text of an element, a line break for each br."""
    return "".join("\n" if part.tag == "br" else part.text_content or "" for part in leaves(root))


def leaves(root: LexborNode) -> Iterator[LexborNode]:
    return (part for part in root.traverse(include_text=True) if part.tag in ("br", "-text"))


def outline(root: LexborNode) -> str:
    """The elements of a list and their words, as nested brackets."""
    parts = []
    for child in root.iter(include_text=True):
        words = (child.text_content or "").strip()
        parts.append(words if child.tag == "-text" else f"{child.tag}[{outline(child)}]")
    return " ".join(filter(None, parts))


def links(tree: LexborHTMLParser) -> list[tuple[str, str | None]]:
    return [(shown(found), found.attributes["href"]) for found in tree.css("article a")]


def placed(table: LexborNode) -> set[tuple[int, int, int, int, bool, str]]:
    """The cells of a parsed table on its grid (HTML Standard, 4.9.12): row, column, spans, header, text."""
    taken: set[tuple[int, int]] = set()
    cells = set()
    for r, row in enumerate(table.css("tr")):
        c = 0
        for cell in row.css("th, td"):
            rs, cs = (int(cell.attributes.get(name) or 1) for name in ("rowspan", "colspan"))
            while (r, c) in taken:
                c += 1
            taken |= {(r + down, c + right) for down in range(rs) for right in range(cs)}
            cells.add((r, c, rs, cs, cell.tag == "th", shown(cell)))
    return cells


def test_the_document_is_html5_in_the_language_and_direction_of_the_article() -> None:
    html = article_html(article(title="مدّ <وجزر>", language="ar", dir="rtl"))
    tree = LexborHTMLParser(html)
    assert html.startswith("<!doctype html>\n")
    assert node(tree, "html").attributes == {"lang": "ar", "dir": "rtl"}
    assert node(tree, "head > meta[charset]").attributes == {"charset": "utf-8"}
    assert [node(tree, name).text() for name in ("head > title", "article > h1")] == ["مدّ <وجزر>"] * 2


def test_an_unknown_language_is_not_guessed() -> None:
    assert node(parsed(article(language=None)), "html").attributes == {"dir": "ltr"}


def test_a_page_without_title_is_called_by_its_address() -> None:
    tree = parsed(article(title=""))
    assert (node(tree, "title").text(), tree.css("h1")) == (URL, [])


def test_nothing_is_loaded_but_the_pictures() -> None:
    tree = parsed(article(section(block("figure", "", figure=picture("https://shore.example/a.png")))))
    assert tree.css("script, link, iframe, [style]") == []
    assert "url(" not in node(tree, "style").text()
    assert "@import" not in node(tree, "style").text()


def test_headings_keep_order_level_and_anchor_below_the_title() -> None:
    levels = [("Cause", 2), ("Moon & sun", 3), ("Deep", 6), ("Odd", 1), ("See also", 2)]
    tree = parsed(article(section(), *(section(heading=name, level=level) for name, level in levels)))
    found = [(part.tag, part.text()) for part in tree.css("h1, h2, h3, h4, h5, h6")]
    tags = ("h1", "h2", "h3", "h6", "h2", "h2")
    assert found == list(zip(tags, ("Tide", *(name for name, _ in levels)), strict=True))
    anchors = [part.attributes.get("id") for part in tree.css("section")]
    assert anchors == [None, "Cause", "Moon_&_sun", "Deep", "Odd", "See_also"]


def test_line_breaks_of_a_paragraph_are_elements() -> None:
    paragraph = only(block("paragraph", "high\nlow"), "section > p")
    assert (shown(paragraph), len(paragraph.css("br"))) == ("high\nlow", 1)


def test_links_stand_at_their_offsets_in_every_block_of_running_text() -> None:
    made = section(block("paragraph", "𝟙 see the Moon"), block("hr", ""), block("poem", "O Sun,\nO Sea"))
    targets = {"Moon": "/wiki/Moon", "Sun": "#Sun", "Sea": "mailto:sea@shore.example"}
    marks = tuple(link_in(made.text, words, url) for words, url in targets.items())
    tree = parsed(article(section(*made.blocks, links=marks)))
    assert links(tree) == list(targets.items())
    assert [shown(part) for part in tree.css("section > p")] == ["𝟙 see the Moon", "O Sun,\nO Sea"]


def test_a_link_in_a_list_item_stands_in_its_item() -> None:
    made = list_block((0, "-", "tides"), (1, "3.", "the Moon"), (0, "", "and Venus"))
    moon, venus = (link_in(made.text, words, f"https://sky.example/{words}") for words in ("Moon", "Venus"))
    tree = parsed(article(section(made, links=(venus, moon))))
    assert links(tree) == [("Moon", "https://sky.example/Moon"), ("Venus", "https://sky.example/Venus")]
    assert shown(node(tree, "ol > li")) == "the Moon"


@pytest.mark.parametrize(
    "link",
    [
        Link(text="Moon", url="/wiki/Moon", title=None, kind="internal", offset=3),
        Link(text="Moon", url="/wiki/Moon?redlink=1", title=None, kind="redlink", offset=4),
        Link(text="", url="/wiki/Moon", title=None, kind="internal", offset=4),
        Link(text="Moon", url="", title=None, kind="internal", offset=4),
        Link(text="Moon", url="/wiki/Moon", title=None, kind="internal", offset=400),
    ],
)
def test_a_link_that_leads_nowhere_or_stands_elsewhere_is_only_text(link: Link) -> None:
    tree = parsed(article(section(block("paragraph", "The Moon"), links=(link,))))
    assert (links(tree), shown(node(tree, "section > p"))) == ([], "The Moon")


def test_no_link_stands_inside_another() -> None:
    outer, inner = (link_in("the full Moon", words, f"/{words}") for words in ("full Moon", "Moon"))
    assert links(parsed(article(section(block("paragraph", "the full Moon"), links=(inner, outer))))) == [
        ("full Moon", "/full%20Moon"),
    ]


def test_a_link_to_a_section_of_the_article_stays_in_the_document() -> None:
    cause = section(heading="Cause", level=2, anchor_aliases=("Why",))
    words = "Cause Why Words"
    marks = tuple(link_in(words, word, f"{URL}#{word}") for word in words.split())
    tree = parsed(article(section(block("paragraph", words), links=marks), cause))
    assert [href for _, href in links(tree)] == ["#Cause", "#Cause", f"{URL}#Words"]


def test_lists_nest_by_depth_and_kind() -> None:
    made = list_block(
        (0, "-", "one"), (1, "1.", "first"), (1, "2.", "second"), (2, "-", "deep"),
        (0, "-", "two"), (0, "1.", "other"),
    )
    assert outline(only(made, "section")) == (
        "ul[li[one ol[li[first] li[second ul[li[deep]]]]] li[two]] ol[li[other]]"
    )


def test_depths_that_jump_still_nest() -> None:
    made = list_block((2, "-", "deep"), (0, "-", "top"), (3, "-", "down"), (1, "-", "middle"))
    assert outline(only(made, "section")) == "ul[li[deep]] ul[li[top ul[li[down]] ul[li[middle]]]]"


def test_an_item_without_marker_goes_on_with_the_one_before_the_nested_list() -> None:
    made = list_block((0, "-", "begun"), (1, "-", "nested"), (0, "", "ended"), (0, "-", "next"))
    assert outline(only(made, "section")) == "ul[li[begun ul[li[nested]] div[ended]] li[next]]"


def test_indented_text_without_marker_is_a_definition_without_term() -> None:
    assert outline(only(list_block((0, "-", "one"), (1, "", "indented")), "section")) == (
        "ul[li[one dl[dd[indented]]]]"
    )


def test_a_definition_list_has_terms_and_definitions() -> None:
    made = list_block(
        (0, "", "Ebb"), (0, "", "falling"), (1, "-", "fast"), (0, "", "Flood"), (0, "", "rising"),
        kind="dl", terms=("Ebb", "Flood"),
    )
    assert outline(only(made, "section")) == "dl[dt[Ebb] dd[falling ul[li[fast]]] dt[Flood] dd[rising]]"


def test_a_term_after_a_marked_item_opens_a_list_of_its_own() -> None:
    made = list_block((0, "-", "one"), (0, "", "Ebb"), (0, "", "falling"), terms=("Ebb",))
    assert outline(only(made, "section")) == "ul[li[one]] dl[dt[Ebb] dd[falling]]"


def test_numbers_of_a_list_stay_as_the_reader_saw_them() -> None:
    made = list_block(
        (0, "3.", "c"), (0, "4.", "d"), (1, "1.", "d1"), (0, "9)", "i"), (0, "-2.", "below"), (0, "-1.", "b")
    )
    tree = parsed(article(section(made)))
    assert [part.attributes for part in tree.css("ol")] == [{"start": "3"}, {}]
    assert [part.attributes.get("value") for part in tree.css("li")] == [None, None, None, "9", "-2", None]


def test_a_marker_that_html_does_not_know_is_written_out() -> None:
    item = only(list_block((0, "iv.", "fourth")), "ul > li")
    assert (shown(item).strip(), item.attributes) == ("iv. fourth", {"class": "marked"})


def test_a_list_of_any_depth_is_written() -> None:
    made = list_block(*((depth, "-", str(depth)) for depth in range(2000)))
    html = article_html(article(section(made)))
    assert html.count("<ul>") == html.count("</ul>") == html.count("</li>") == 2000


@given(st.lists(st.tuples(st.integers(0, 4), MARKERS, TEXTS), min_size=1))
def test_every_item_of_a_list_is_there_in_order(items: list[tuple[int, str, str]]) -> None:
    """Numbers and bullets are the list's own; any other marker is text."""
    words = "".join(f"{marker}{text}" if marker == "a." else text for _, marker, text in items)
    assert squeezed(shown(only(list_block(*items), "section"))) == squeezed(words)


def test_tables_keep_cells_spans_headers_and_caption() -> None:
    cells = {
        (0, 0, 2, 1, True, "Port"), (0, 1, 1, 2, True, "Range\nin <m>"),
        (1, 1, 1, 1, True, "neap"), (1, 2, 1, 1, True, "spring"),
        (2, 0, 1, 1, True, "Brest"), (2, 1, 2, 1, False, "2.8"), (2, 2, 1, 1, False, "5.9"),
        (4, 0, 1, 3, False, ""),
    }
    made = tuple(Cell(r=r, c=c, rs=rs, cs=cs, is_header=h, text=text) for r, c, rs, cs, h, text in cells)
    table = table_of(made, "Tides & ports", "ports", n_rows=5)
    found = only(block("table", "Tides & ports", table=table), "table#ports")
    assert placed(found) == cells
    assert [part.text() for part in found.css("caption")] == ["Tides & ports"]
    assert len(found.css("tr")) == 5


@pytest.mark.parametrize(("display", "selector"), [(True, "div.math"), (False, "span.math")])
def test_a_formula_stands_as_it_is_from_left_to_right(display: bool, selector: str) -> None:  # noqa: FBT001
    found = only(block("math", r"\[a<b\]", math=Math(tex="a<b", display=display)), selector)
    assert (found.text(), found.attributes["dir"]) == (r"\[a<b\]", "ltr")


def test_a_formula_in_a_line_of_arabic_does_not_turn_round() -> None:
    paragraph = only(block("paragraph", r"المدّ \(h<2\,m\) هنا (و) \(x\)"), "section > p")
    assert [part.text() for part in paragraph.css("span.math[dir=ltr]")] == [r"\(h<2\,m\)", r"\(x\)"]
    assert shown(paragraph) == r"المدّ \(h<2\,m\) هنا (و) \(x\)"


def test_code_keeps_its_white_space_and_language() -> None:
    text = "\n  if a < b && c:\n\treturn '</code>'\n"
    found = only(block("code", text, code=Code(language='c"++', text=text)), "pre > code")
    assert (shown(found), found.attributes) == (text, {"class": 'language-c"++'})


def test_preformatted_text_keeps_its_first_empty_line() -> None:
    assert shown(only(block("pre", "\n\n a  b\n"), "section > pre")) == "\n\n a  b\n"


def test_a_quotation_names_once_whom_it_cites_and_hides_an_address() -> None:
    named = only(block("quote", "Time", quote=Quote(text="Time", cite="Chaucer")), "blockquote")
    assert [part.text() for part in named.css("p, cite")] == ["Time", "Chaucer"]
    told = only(block("quote", "Time\nChaucer", quote=Quote(text="Time", cite="Chaucer")), "blockquote")
    assert shown(told) == "Time\nChaucer"
    quote = Quote(text="Time", cite="https://a.example/?a&b")
    addressed = only(block("quote", "Time", quote=quote), "blockquote")
    assert (addressed.attributes, shown(addressed)) == ({"cite": "https://a.example/?a&b"}, "Time")


def test_a_figure_is_a_lazy_picture_with_its_caption() -> None:
    image = picture("https://shore.example/a.png?x=1&y", alt='The "sea"', width=220)
    found = only(block("figure", "Low <tide>", figure=image), "figure")
    assert [part.attributes for part in found.css("img")] == [
        {"src": "https://shore.example/a.png?x=1&y", "alt": 'The "sea"', "width": "220", "loading": "lazy"},
    ]
    assert [shown(part) for part in found.css("figcaption")] == ["Low <tide>"]


@pytest.mark.parametrize("src", ["", "javascript:alert(1)", "data:text/html,x", "mailto:a@b.example"])
def test_a_figure_without_an_address_to_load_is_its_caption(src: str) -> None:
    found = only(block("figure", "Low tide", figure=picture(src)), "figure")
    assert (found.css("img"), shown(found)) == ([], "Low tide")


def test_a_gallery_shows_each_picture_over_its_own_caption() -> None:
    images = (
        picture("/0.png", "elsewhere"), picture("/1.png", "Limpet"), picture("/2.png", "Rock\npool"),
        picture("/3.png"), picture("/4.png", "Limpet"),
    )
    found = only(block("gallery", "Limpet\nRock\npool\nno picture\nLimpet"), "div.gallery", images=images)
    boxes = [(part.css_first("img"), shown(part)) for part in found.css("figure")]
    assert [(img.attributes["src"] if img else None, text) for img, text in boxes] == [
        ("/1.png", "Limpet"), ("/2.png", "Rock\npool"), (None, "no picture"), ("/4.png", "Limpet"),
    ]


def test_an_infobox_is_a_table_between_heading_and_text_of_its_section() -> None:
    rows = (("Place", "Sea", "Atlantic\nPacific"), ("Place", None, "everywhere"), (None, "Period", "12 h"))
    box = Infobox(
        name="box", title="Tide", section_index=1,
        fields=tuple(InfoboxField(group=group, label=label, text=text) for group, label, text in rows),
    )
    facts = section(block("paragraph", "text"), heading="Facts", level=2)
    tree = parsed(article(section(block("paragraph", "lead")), facts, fields=Fields(infoboxes=(box,))))
    assert [part.tag for part in node(tree, "#Facts").iter()] == ["h2", "table", "p"]
    found = [[shown(cell) for cell in row.css("th, td")] for row in tree.css("table.infobox tr")]
    assert found == [["Place"], ["Sea", "Atlantic\nPacific"], ["everywhere"], ["Period", "12 h"]]
    assert node(tree, "table.infobox caption").text() == "Tide"


def test_a_block_in_another_language_says_so() -> None:
    found = only(block("paragraph", "שלום", lang="he", dir="rtl"), "section > div")
    assert (found.attributes, outline(found)) == ({"lang": "he", "dir": "rtl"}, "p[שלום]")


def test_the_footer_names_source_licence_and_cleaner() -> None:
    tree = parsed(article(license="CC-BY-SA-4.0", license_text="Text is free & fair."))
    lines = [part.text() for part in tree.css("body > footer > p")]
    assert lines == [URL, "Text is free & fair.", "1.0/mediawiki"]
    assert node(tree, "body > footer a").attributes == {"href": URL}


def test_the_footer_falls_back_to_the_licence_id() -> None:
    lines = [part.text() for part in parsed(article(license="CC0-1.0")).css("body > footer > p")]
    assert lines == [URL, "CC0-1.0", "1.0/mediawiki"]


def test_a_source_that_is_no_web_address_is_named_but_not_linked() -> None:
    lines = [outline(part) for part in parsed(article(url="javascript:alert(1)")).css("body > footer > p")]
    assert lines == ["javascript:alert(1)", "1.0/mediawiki"]


def test_a_block_of_a_kind_that_is_not_in_the_table_is_a_paragraph() -> None:
    assert shown(only(block("riddle", "What ebbs?"), "section > p")) == "What ebbs?"


@pytest.mark.parametrize("kind", sorted(BLOCKS.keys() - {"hr"}))
@given(text=TEXTS)
def test_any_text_in_any_block_comes_back_from_a_parser(kind: str, text: str) -> None:
    assert squeezed(shown(only(block(kind, text), "section"))) == squeezed(text)


@given(TEXTS)
def test_any_text_in_a_paragraph_comes_back_to_the_character(text: str) -> None:
    assert shown(only(block("paragraph", text), "section > p")) == text


@given(TEXTS)
def test_any_text_comes_back_from_every_other_place(text: str) -> None:
    row = InfoboxField(group=text, label=text, text=text)
    fields = Fields(infoboxes=(Infobox(name=None, title=text, section_index=0, fields=(row,)),))
    made = section(block("figure", "", figure=picture("/a", alt=text)), heading=text, level=2, anchor=text)
    tree = parsed(
        article(made, title=text, language=text, license_text=text, cleaner_version=text, fields=fields)
    )
    assert [shown(part) for part in tree.css("h1, h2, caption, th, td, footer p + p")] == [text] * 8
    places = {"html": "lang", "section": "id", "img": "alt"}
    assert [node(tree, tag).attributes[name] for tag, name in places.items()] == [text] * 3


@pytest.mark.parametrize(("text", "left"), [("a\0b", "a\ufffdb"), ("a\ud800b", "a\ufffdb")])
def test_what_html_or_utf8_cannot_hold_is_replaced_in_sight(text: str, left: str) -> None:
    html = article_html(article(section(block("paragraph", text))))
    assert shown(node(LexborHTMLParser(html.encode()), "section > p")) == left


ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style><script>",
    "<!--",
    "&lt;",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_in_a_text_stays_text_everywhere(attack: str) -> None:
    cell = Cell(r=0, c=0, rs=1, cs=1, is_header=False, text=attack)
    blocks = (
        *(block(kind, attack) for kind in BLOCKS),
        block("table", attack, table=table_of((cell,), attack, attack, n_rows=1)),
        list_block((0, attack, attack)),
        block("code", attack, code=Code(language=attack, text=attack)),
        block("paragraph", attack, lang=attack, dir=attack),
        block("quote", "x", quote=Quote(text="x", cite=attack)),
        block("quote", "x", quote=Quote(text="x", cite=f"https://{attack}")),
        block("figure", attack, figure=picture("/" + attack, alt=attack)),
    )
    link = Link(text=attack, url="/" + attack, title=attack, kind="internal", offset=0)
    made = section(*blocks, heading=attack, level=2, anchor=attack, links=(link,))
    about = dict.fromkeys(("title", "language", "dir", "license_text", "cleaner_version"), attack)
    tree = parsed(article(made, url=f"https://{attack}", **about))
    known = {
        "alt", "charset", "cite", "class", "colspan", "content", "dir", "href", "id", "lang", "loading",
        "name", "src",
    }
    assert {name for part in tree.css("*") for name in part.attributes} <= known
    once = ("img", "title", "style", "body > article", "body > footer")
    assert [len(tree.css(tag)) for tag in ("script", *once)] == [0, 1, 1, 1, 1, 1]
    assert shown(tree.css("section p")[0]) == node(tree, "h1").text() == attack


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
        "\x01javascript:alert(1)", "java\tscript\r:alert(1)", "\u2028javascript:x", "vbscript:x",
        "data:text/html,<script>", "file:///etc/passwd", "blob:x",
    ],
)
def test_an_address_that_runs_or_reads_files_is_no_link(url: str) -> None:
    assert links(linking(url)) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/b?c&d#e", "HTTP://A.example", "mailto:a@b.example", "//a.example", "/a:b", "a/b:c",
        "?a:b", "#a:b", "&#106;avascript:x",
    ],
)
def test_addresses_of_the_web_and_of_mail_and_relative_ones_are_links(url: str) -> None:
    """The last one is relative: a parser resolves character references once, and ours are escaped."""
    assert links(linking(url)) == [("Moon", url)]


def linking(url: str) -> LexborHTMLParser:
    link = Link(text="Moon", url=url, title=None, kind="external", offset=0)
    return parsed(article(section(block("paragraph", "Moon"), links=(link,))))


@given(st.text(st.sampled_from("javscript:dta/?#& \t\n\x00\x1f\u00a0\\HTP")))
def test_a_safe_url_is_safe_still(url: str) -> None:
    made = safe_url(url)
    assert safe_url(made) == made
    assert re.match(r"(?!https?:|mailto:)[a-z][a-z0-9+.-]*:", made, re.IGNORECASE) is None
    assert not re.search(r"[\x00-\x20]", made)


def test_the_same_article_gives_the_same_bytes() -> None:
    made = article(section(block("paragraph", "Moon")), section(heading="Cause", level=2))
    assert article_html(made) == article_html(made)


@pytest.mark.parametrize("words", ["vector2022__en__Rust_", "parsoid__ar__", "legacy__en__Red", "medik__"])
def test_a_real_page_keeps_its_headings_and_every_block(shared_pages: Path, words: str) -> None:
    file = min(file for file in shared_pages.glob("*.html.gz") if words in file.name)
    http = Http(content_type="text/html; charset=utf-8")
    made = clean(Page(url=URL, body=gzip.decompress(file.read_bytes()), http=http))
    tree = parsed(made)
    headings = [shown(part) for part in tree.css("h2, h3, h4, h5, h6")]
    assert headings == [part.heading for part in made.sections if part.heading]
    for root, part in zip(tree.css("article > section"), made.sections, strict=True):
        text, at = squeezed(shown(root)), 0
        for piece in pieces(part):
            at = text.index(piece, at) + len(piece)


def pieces(part: Section) -> Iterator[str]:
    """The texts of a section without what its plain text adds: markers, bars between cells."""
    for own in (block for block in part.blocks if block.inside is None):
        if own.list:
            yield from (squeezed(item.text) for item in own.list.items)
        elif own.table:
            yield from (squeezed(cell.text) for cell in own.table.cells)
        else:
            yield squeezed(own.text)


def squeezed(text: str) -> str:
    return "".join(text.split())
