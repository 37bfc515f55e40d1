"""The example encyclopedia: what the wiki says of its pages, and what a reader must not find in them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sectionary.cleaners.article import Article

GOLD = json.loads((Path(__file__).parent / "example_sections.json").read_text("utf-8"))
Example = Callable[[str], Article]


@pytest.mark.parametrize("title", GOLD)
def test_headings_levels_anchors_and_order_are_those_the_wiki_gives(example: Example, title: str) -> None:
    found = [[s.level, s.heading, s.anchor] for s in example(title).sections[1:]]
    assert found == GOLD[title]


@pytest.mark.parametrize("title", GOLD)
def test_no_furniture_stands_in_any_text(example: Example, title: str) -> None:
    furniture = (
        "edit source", "Advertise", "Translate", "Jump to", "Retrieved from", "Contributors:", "Credits:", "Search ",
        "Strandline is not", "CC BY-SA", "Explore ", "↑", "[1]", "[update]",
    )  # fmt: skip
    texts = [text for s in example(title).sections for text in (s.heading or "", s.text)]
    assert [(mark, text) for text in texts for mark in furniture if mark in text] == []


def test_an_infobox_is_groups_labels_and_values(example: Example) -> None:
    (box,) = example("Limpet").fields.infoboxes
    assert box.title == "Common limpet"
    assert ("Size", "Length", "up to 6 cm") in [(f.group, f.label, f.text) for f in box.fields]


def test_a_short_description_is_told_although_its_style_hides_it(example: Example) -> None:
    assert example("Limpet").fields.short_description == "Sea snail with a conical shell"


def test_nested_lists_keep_depth_and_markers(example: Example) -> None:
    waves = next(s for s in example("Tide pool").sections if s.heading == "Waves")
    (block,) = waves.blocks
    assert block.list is not None
    assert [(item.depth, item.marker) for item in block.list.items] == [
        (0, "1."), (0, "2."), (1, "1."), (1, "2."), (0, "3."),
    ]  # fmt: skip


def test_a_section_with_only_a_heading_is_empty_and_kept(example: Example) -> None:
    empty = next(s for s in example("Spring tide").sections if s.heading == "See also")
    assert (empty.blocks, empty.text, empty.role) == ((), "", "see_also")


def test_a_level_left_out_hangs_below_the_nearest_higher_heading(example: Example) -> None:
    page = example("Spring tide")
    deep = next(s for s in page.sections if s.level == 4)
    assert deep.parent is not None
    assert page.sections[deep.parent].level == 2
    assert deep.path == (page.sections[deep.parent].heading,)


def test_headings_of_one_name_have_anchors_of_their_own(example: Example) -> None:
    anchors = [section.anchor for section in example("Tide gauge").sections[1:]]
    assert len(set(anchors)) == len(anchors)


def test_a_formula_is_tex_once(example: Example) -> None:
    page = example("潮汐")
    formulas = [block for section in page.sections for block in section.blocks if block.math]
    assert [block.math.tex for block in formulas if block.math] == [r"a \approx \frac{2\,G M r}{d^{3}}"]
    assert r"ここで\(M\)は月の質量" in page.sections[1].text


def test_right_to_left_pages_keep_logical_order_and_say_so(example: Example) -> None:
    page = example("مد وجزر")
    assert (page.dir, page.language) == ("rtl", "ar")
    assert page.sections[0].text.startswith("المد")


def test_ruby_gives_base_and_reading(example: Example) -> None:
    assert "満潮(まんちょう)" in example("潮汐").sections[0].text


def test_a_table_has_cells_with_spans_and_a_filled_grid(example: Example) -> None:
    table = next(b.table for s in example("潮汐").sections for b in s.blocks if b.table)
    assert (table.caption, table.n_rows, table.n_cols, table.header_rows) == ("四大分潮", 5, 3, 1)
    assert [row[0] for row in table.grid] == ["種類", "半日周潮", "半日周潮", "日周潮", "日周潮"]
    assert [cell.rs for cell in table.cells if cell.text == "半日周潮"] == [2]


def test_a_gallery_is_a_block_of_captions_and_images(example: Example) -> None:
    gallery = next(s for s in example("Tide pool").sections if s.role == "gallery")
    assert [block.type for block in gallery.blocks] == ["gallery"]
    captions = [image.caption for image in gallery.images]
    assert captions == ["Shell of a limpet", "An anemone, open", "Bands of life on the rock"]


def test_a_disambiguation_page_is_known_for_one(example: Example) -> None:
    title = next(title for title in GOLD if "disambiguation" in title.lower() or title == "Flood")
    assert example(title).page_type == "disambiguation"
