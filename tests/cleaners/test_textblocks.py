"""Paragraphs, lists and tables in plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sectionary.cleaners.section import Block
from sectionary.cleaners.textblocks import text_blocks, text_line, visible


def blocks(text: str) -> list[Block]:
    lines = [line for raw in text.splitlines() if (line := text_line(raw)).text]
    return [found.block for found in text_blocks(lines) if found.block]


def items(text: str) -> list[tuple[int, str, str]]:
    [block] = blocks(text)
    assert block.list is not None
    return [(item.depth, item.marker, item.text) for item in block.list.items]


def test_each_line_is_a_paragraph() -> None:
    found = blocks("The tide  rises.\nIt falls.\n\n\tSo it goes.")
    assert [(b.i, b.type, b.text) for b in found] == [
        (0, "paragraph", "The tide rises."),
        (1, "paragraph", "It falls."),
        (2, "paragraph", "So it goes."),
    ]


def test_marked_lines_are_one_list_nested_by_indentation() -> None:
    text = "- moon\n    - new\n    - full\n- sun"
    assert items(text) == [(0, "-", "moon"), (1, "-", "new"), (1, "-", "full"), (0, "-", "sun")]
    assert blocks(text)[0].text == "- moon\n  - new\n  - full\n- sun"


@pytest.mark.parametrize("marker", ["-", "*", "•"])
def test_bullets_may_be_any_of_three(marker: str) -> None:
    assert items(f"{marker} moon") == [(0, marker, "moon")]


def test_numbers_are_kept() -> None:
    text = "3. moon\n4. sun"
    assert items(text) == [(0, "3.", "moon"), (0, "4.", "sun")]
    assert [block.list.kind for block in blocks(text) if block.list] == ["ol"]


def test_a_sentence_that_begins_with_a_number_is_no_list() -> None:
    assert [block.type for block in blocks("14. Juli 1789 war ein Dienstag.")] == ["paragraph"]


@pytest.mark.parametrize(
    "text",
    [
        "Port | Metres |\n---|---|\nSaint-Malo | 12 |\nBrest |",
        "| Port | Metres | \n|---|---|\n| Saint-Malo | 12 |\n| Brest | |",
    ],
)
def test_a_ruled_table_has_a_header_and_is_filled_up(text: str) -> None:
    [block] = blocks(text)
    assert block.table is not None
    assert block.table.grid == (("Port", "Metres"), ("Saint-Malo", "12"), ("Brest", ""))
    assert (block.table.n_rows, block.table.n_cols, block.table.header_rows) == (3, 2, 1)
    assert [cell.text for cell in block.table.cells if cell.is_header] == ["Port", "Metres"]
    assert block.text == "Port | Metres\nSaint-Malo | 12\nBrest | "


def test_rows_of_one_width_are_a_table_without_a_header() -> None:
    [block] = blocks("Brest | 7 |\nCalais | 6 |")
    assert block.table is not None
    assert (block.table.grid, block.table.header_rows) == ((("Brest", "7"), ("Calais", "6")), 0)


def test_two_ruled_tables_in_a_row_are_two() -> None:
    found = blocks("A | B\n---|---\n1 | 2\nC | D\n---|---\n3 | 4")
    assert [block.table.grid for block in found if block.table] == [
        (("A", "B"), ("1", "2")),
        (("C", "D"), ("3", "4")),
    ]


def test_a_pipe_alone_makes_no_table() -> None:
    assert [block.type for block in blocks("|x| is never negative\nThe tide rises.")] == ["paragraph"] * 2


def test_the_skeleton_of_a_table_is_no_block() -> None:
    assert blocks("---|---|\n|\n| |") == []


@given(st.lists(st.text(alphabet="ab1.-*|: •)", max_size=12), max_size=12))
def test_every_character_is_in_a_block_or_counted(raws: list[str]) -> None:
    lines = [line for raw in raws if (line := text_line(raw)).text]
    kept = removed = 0
    for found in text_blocks(lines):
        removed += found.chars
        if found.block and found.block.table:
            kept += sum(visible(cell.text) for cell in found.block.table.cells)
        elif found.block:
            kept += visible(found.block.text)
    assert kept + removed == sum(visible(line.text) for line in lines)
