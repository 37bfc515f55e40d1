"""Sections as Markdown, read back by an independent CommonMark parser."""

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from sectionary.cleaners.article import Article
from sectionary.cleaners.fields import Fields
from sectionary.cleaners.section import Block, Cell, Code, Image, Item, Link, List, Math, Quote, Section, Table
from sectionary.output.markdown import article_markdown, article_text, section_markdown

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
IMAGE = Image(
    file="Tide.svg", src="https://shore.example/Tide.svg", alt="High [tide]", caption=None, width=1, height=1
)


def section(
    *blocks: Block, links: tuple[Link, ...] = (), images: tuple[Image, ...] = (), **own: Any
) -> Section:
    known = {"heading": None, "level": 0, "role": "body", "parent": None} | own
    text = "\n\n".join(block.text for block in blocks if block.text)
    return Section(
        anchor=None, anchor_aliases=(), path=(), number="", citations=(), inline_tags=(), blocks=blocks,
        links=links, images=images, text=text, **known,
    )


def paragraph(text: str) -> Block:
    return Block(i=0, type="paragraph", text=text)


def link(text: str, offset: int, url: str = "https://shore.example/x", kind: str = "internal") -> Link:
    return Link(text=text, url=url, title=None, kind=kind, offset=offset)


def listing(kind: str, *rows: tuple[int, str, str] | tuple[int, str, str, bool]) -> Block:
    items = tuple(Item(depth=row[0], marker=row[1], text=row[2], term=len(row) > 3) for row in rows)
    lines = ("  " * item.depth + (f"{item.marker} " if item.marker else "") + item.text for item in items)
    return Block(i=0, type="list", text="\n".join(lines), list=List(kind=kind, items=items))


def table(*grid: tuple[str, ...], header_rows: int = 1, caption: str | None = None) -> Block:
    cells = tuple(
        Cell(r=r, c=c, rs=1, cs=1, is_header=r < header_rows, text=text)
        for r, row in enumerate(grid) for c, text in enumerate(row)
    )
    data = Table(
        id=None, caption=caption, n_rows=len(grid), n_cols=len(grid[0]), header_rows=header_rows,
        header_cols=0, cells=cells, grid=grid,
    )
    return Block(i=0, type="table", text="\n".join(" | ".join(row) for row in grid), table=data)


def leaves(markdown: str) -> list[Token]:
    return [leaf for token in READER.parse(markdown) for leaf in (token.children or [token])]


def read(markdown: str) -> str:
    """The text a reader sees."""
    breaks = {"softbreak": "\n", "hardbreak": "\n"}
    return "".join(breaks.get(leaf.type, leaf.content) for leaf in leaves(markdown))


def kinds(markdown: str) -> set[str]:
    return {token.type for token in READER.parse(markdown)} | {leaf.type for leaf in leaves(markdown)}


PLAIN = {"paragraph_open", "paragraph_close", "inline", "text", "hardbreak", "text_special"}
LETTERS = st.text(alphabet="ab1 *_`[](){}<>#+-.!|~&;:=\\\"'/é漢", min_size=1, max_size=40)
NASTY = LETTERS.map(lambda text: " ".join(text.split())).filter(lambda text: not re.search(r"\\[(\[]", text))


@given(NASTY.filter(bool))
@example("# no heading")
@example("1. no list")
@example("+ no list")
@example("> no quote")
@example("---")
@example("a_b_c and *x* and __y__")
@example("[a](b) [a]: c ![d](e)")
@example("<b> &amp; \\* \\")
@example("~~a~~ ~b~")
def test_a_paragraph_reads_as_it_was_written(text: str) -> None:
    markdown = section_markdown(section(paragraph(text)))
    assert read(markdown) == text
    assert kinds(markdown) <= PLAIN


@given(st.lists(NASTY.filter(bool), min_size=2, max_size=4))
def test_line_breaks_in_a_paragraph_stay(lines: list[str]) -> None:
    markdown = section_markdown(section(paragraph("\n".join(lines))))
    assert read(markdown).split("\n") == lines
    assert kinds(markdown) <= PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "The tide rises at 3 * 4 = 12 o'clock - more or less (about 5% of snake_case + 1).",
        "It costs $5 [sic], array[0] & so on; a < b > c ~ d #4.",
        "No. 5 is alive! [1] x_1",
    ],
)
def test_text_that_formats_nothing_is_left_alone(text: str) -> None:
    assert section_markdown(section(paragraph(text))) == text


@given(st.lists(st.tuples(NASTY.filter(bool), NASTY.filter(bool)), min_size=1, max_size=5))
def test_links_stand_where_they_were(pairs: list[tuple[str, str]]) -> None:
    text, links = "", []
    for before, label in pairs:
        links.append(link(label, len(text) + len(before) + 1, f"https://shore.example/{len(links)}"))
        text += f"{before} {label}"
    found = leaves(section_markdown(section(paragraph(text), links=tuple(links))))
    urls = [leaf.attrs["href"] for leaf in found if leaf.type == "link_open"]
    assert urls == [each.url for each in links]
    assert "".join(leaf.content for leaf in found) == text


def test_offsets_of_links_count_over_all_blocks() -> None:
    blocks = (
        paragraph("The Moon pulls."),
        Block(i=1, type="hr", text=""),
        listing("ul", (0, "-", "the Moon"), (1, "-", "and the Sun")),
        paragraph("So does the Sun."),
    )
    text = section(*blocks).text
    places = (text.rindex("Sun"), text.index("Sun"), text.index("Moon"))
    links = tuple(link(text[at:at + 4].strip(".\n"), at) for at in places)
    assert section_markdown(section(*blocks, links=links)) == (
        "The [Moon](https://shore.example/x) pulls.\n\n---\n\n- the Moon\n  - and the "
        "[Sun](https://shore.example/x)\n\nSo does the [Sun](https://shore.example/x)."
    )


@pytest.mark.parametrize(
    "bad",
    [
        link("Moon", 5),
        link("Sun", 4, kind="redlink"),
        link("Sun", 4, url=""),
        link("", 4),
        link("Sun", 400),
        link("pulls.\n\nSo", 8),
    ],
)
def test_a_link_that_cannot_be_placed_stays_text(bad: Link) -> None:
    blocks = (paragraph("The Sun pulls."), paragraph("So be it."))
    assert section_markdown(section(*blocks, links=(bad,))) == "The Sun pulls.\n\nSo be it."


def test_a_link_within_a_link_stays_text() -> None:
    links = (link("Sun and Moon", 4), link("Moon", 12, "https://shore.example/moon"))
    markdown = section_markdown(section(paragraph("The Sun and Moon."), links=links))
    assert markdown == "The [Sun and Moon](https://shore.example/x)."


def test_an_address_with_parentheses_and_spaces_stays_whole() -> None:
    links = (link("Tide", 0, "https://shore.example/Tide (sea)_<x>"),)
    markdown = section_markdown(section(paragraph("Tide"), links=links))
    assert markdown == "[Tide](https://shore.example/Tide%20%28sea%29_%3Cx%3E)"


def test_a_link_behind_an_exclamation_mark_is_no_picture() -> None:
    markdown = section_markdown(section(paragraph("Look!Tide"), links=(link("Tide", 5),)))
    assert "image" not in kinds(markdown)
    assert read(markdown) == "Look!Tide"


def test_formulas_stand_between_dollars() -> None:
    text = r"Here \(E=mc^{2}\) and \(a_1 * b\) cost $5."
    assert section_markdown(section(paragraph(text))) == r"Here $E=mc^{2}$ and $a_1 * b$ cost \$5."
    shown = Block(i=0, type="math", text=r"\[x\]", math=Math(tex="x", display=True))
    assert section_markdown(section(shown)) == "$$\nx\n$$"


def test_two_dollars_are_no_formula() -> None:
    assert section_markdown(section(paragraph("from $5 to $10"))) == r"from \$5 to \$10"


def test_lists_nest_by_indentation_and_keep_their_numbers() -> None:
    rows = [(0, "9.", "nine"), (0, "10.", "ten"), (1, "-", "in ten\nstill"), (2, "•", "x"), (0, "11.", "#")]
    block = listing("ol", *rows)
    assert section_markdown(section(block)) == (
        "9. nine\n10. ten\n    - in ten\\\n      still\n      - x\n11. \\#"
    )


def test_an_item_that_goes_on_after_a_nested_list_stays_one_item() -> None:
    block = listing("ul", (0, "-", "one"), (1, "-", "in one"), (0, "", "more of one"), (0, "-", "two"))
    markdown = section_markdown(section(block))
    assert markdown == "- one\n  - in one\n\n  more of one\n- two"
    assert [token.type for token in READER.parse(markdown)].count("list_item_open") == 3


def test_definitions_stand_below_their_terms() -> None:
    ebb = ((0, "", "Ebb", True), (0, "", "falls"), (0, "", "goes"))
    block = listing("dl", *ebb, (0, "", "Flow", True), (0, "", "rises"))
    assert section_markdown(section(block)) == "- **Ebb**\n  - falls\n  - goes\n- **Flow**\n  - rises"


def test_two_lists_in_a_row_stay_two() -> None:
    markdown = section_markdown(section(listing("ul", (0, "-", "a")), listing("ul", (0, "-", "b"))))
    assert [token.type for token in READER.parse(markdown)].count("bullet_list_open") == 2
    markdown = section_markdown(section(listing("ol", (0, "1.", "a")), listing("ol", (0, "1.", "b"))))
    assert [token.type for token in READER.parse(markdown)].count("ordered_list_open") == 2


ROWS = st.tuples(st.integers(0, 3), st.sampled_from(["-", "1.", "12."]), NASTY.filter(bool))


@given(st.lists(ROWS, min_size=1, max_size=8))
def test_every_item_of_a_list_is_read_back(rows: list[tuple[int, str, str]]) -> None:
    markdown = section_markdown(section(listing("ul", *rows)))
    inline = [token for token in READER.parse(markdown) if token.type == "inline"]
    assert [read(token.content) for token in inline] == [text for _, _, text in rows]


def test_a_task_box_is_text() -> None:
    assert section_markdown(section(listing("ul", (0, "-", "[x] done")))) == r"- \[x] done"


def test_a_table_has_one_header_row() -> None:
    block = table(("Port", "Metres"), ("Saint-Malo", "12|13"), ("Brest", "7\n8"), caption="Heights")
    assert section_markdown(section(block)) == (
        "**Heights**\n\n| Port | Metres |\n| --- | --- |\n| Saint-Malo | 12\\|13 |\n| Brest | 7<br>8 |"
    )


def test_a_table_without_headers_gets_an_empty_one() -> None:
    assert section_markdown(section(table(("a", "b"), header_rows=0))) == "|  |  |\n| --- | --- |\n| a | b |"


@given(st.lists(st.tuples(NASTY, NASTY), min_size=1, max_size=4))
def test_every_cell_is_read_back(grid: list[tuple[str, str]]) -> None:
    markdown = section_markdown(section(table(*grid)))
    inline = [token for token in READER.parse(markdown) if token.type == "inline"]
    assert ["".join(leaf.content for leaf in token.children or []) for token in inline] == [
        text for row in grid for text in row
    ]


@given(st.text(alphabet="`~ab\n ", max_size=40))
def test_code_is_kept_to_the_letter(text: str) -> None:
    block = Block(i=0, type="code", text=text, code=Code(language="c++ {x}", text=text))
    [token] = READER.parse(section_markdown(section(block)))
    assert (token.type, token.info, token.content) == ("fence", "c++x", f"{text}\n")


def test_preformatted_text_is_fenced_too() -> None:
    assert section_markdown(section(Block(i=0, type="pre", text="a  b"))) == "```\na  b\n```"


def test_a_quotation_names_its_source() -> None:
    text = "Time and tide\nwait."
    block = Block(i=0, type="quote", text=text, quote=Quote(text=text, cite="Chaucer"))
    markdown = section_markdown(section(block, links=(link("tide", 9),)))
    assert markdown == "> Time and [tide](https://shore.example/x)\\\n> wait.\n>\n> — Chaucer"


def test_a_picture_has_its_caption_below() -> None:
    block = Block(i=0, type="figure", text="Saint-Malo", figure=IMAGE)
    markdown = section_markdown(section(block))
    assert markdown == "![High \\[tide\\]](https://shore.example/Tide.svg)\n\nSaint-Malo"


def test_a_gallery_lists_its_pictures() -> None:
    image = Image(file=None, src="https://shore.example/a.png", alt="", caption="Ebb", width=9, height=9)
    markdown = section_markdown(section(Block(i=0, type="gallery", text="Ebb\nFlow"), images=(image,)))
    assert markdown == "- ![](https://shore.example/a.png) Ebb\n- Flow"


def article(*sections: Section) -> Article:
    return Article(
        title="Tide #1 *", language="en", dir="ltr", page_type="article", url="", site="", sections=sections,
        fields=Fields(), removals=(), warnings=(), page_id=None, revision_id=None, date_modified=None,
        license=None, license_text=None, license_source=None, cleaner_version="",
    )


WHOLE = article(
    section(paragraph("It rises."), role="lead"),
    section(heading="Causes of #", level=2),
    section(paragraph("The Moon."), heading="*Moon*", level=3, parent=1),
    section(paragraph("[1]"), heading="References", level=2, role="references"),
    section(paragraph("Books."), heading="Books", level=3, parent=3),
)


def test_an_article_has_its_headings() -> None:
    assert article_markdown(WHOLE) == (
        "# Tide #1 *\n\nIt rises.\n\n## Causes of \\#\n\n### \\*Moon\\*\n\nThe Moon.\n\n"
        "## References\n\n[1]\n\n### Books\n\nBooks."
    )
    assert article_text(WHOLE) == (
        "It rises.\n\nCauses of #\n\n*Moon*\n\nThe Moon.\n\nReferences\n\n[1]\n\nBooks\n\nBooks."
    )


def test_a_dropped_role_takes_the_sections_below_it_along() -> None:
    assert article_text(WHOLE, {"references"}) == "It rises.\n\nCauses of #\n\n*Moon*\n\nThe Moon."
    assert article_markdown(WHOLE, {"references"}).endswith("The Moon.")
