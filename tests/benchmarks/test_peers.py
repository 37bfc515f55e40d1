"""Every extractor is read in its own form, and the example encyclopedia is read right by an independent gold."""

from pathlib import Path

import pytest
from quality.__main__ import write
from quality.pages import SavedPage, example_pages
from quality.peers import Peer, _joined, _paragraph, everyone, read_justext, read_sectionary, read_trafilatura, reading
from quality.reading import Block, Reading
from quality.run import one_page

EXAMPLES = list(example_pages())
PAGE = SavedPage("page", "example", b"<p>x</p>", "https://wiki.example/", "en")


@pytest.mark.parametrize("page", EXAMPLES, ids=lambda page: page.name)
def test_our_reading_of_the_example_encyclopedia_is_right_in_every_row(page: SavedPage) -> None:
    _, figures, failures = one_page((page, ["sectionary"]))
    scores = figures["sectionary"]
    assert failures == {}
    assert scores is not None
    assert (scores.tree, scores.loss, scores.residue) == (1, 0, 0)
    assert min(scores.words, scores.blocks or 0) > 0.99
    for row in (scores.tables, scores.formulas):
        assert row is None or row[0] == row[1]


def test_lists_are_read_without_their_numbers_and_tables_with_their_grids() -> None:
    found = read_sectionary(next(page for page in EXAMPLES if page.name == "example/tide"))
    assert {"heading", "paragraph", "list", "table"} <= {block.type for block in found.blocks}
    assert found.tables


def test_trafilatura_is_read_with_levels_and_tables() -> None:
    body = b"<html><body><article><h1>Tide</h1><p>%s</p><h2>Cause</h2><p>%s</p>%s</article></body></html>"
    text, table = b"The tide rises and falls twice in a lunar day. " * 9, b"<table><tr><td>a<td>b<tr><td>c<td>d</table>"
    found = read_trafilatura(SavedPage("page", "example", body % (text, text, table), "https://wiki.example/", "en"))
    assert (2, "Cause") in [(block.level, block.text) for block in found.blocks if block.type == "heading"]
    assert found.tables == ((("a", "b"), ("c", "d")),)


def test_justext_has_no_tables_and_types_by_the_path_of_tags() -> None:
    assert read_justext(PAGE).tables is None
    assert _paragraph("html.body.div.ul.li.p", "neap") == Block("list", "neap")
    assert _paragraph("html.body.h3", "Moon") == Block("heading", "Moon", 3)
    assert _paragraph("html.body.p", "The tide") == Block("paragraph", "The tide")


def test_text_nodes_by_kind_become_lines_and_headings_with_their_levels() -> None:
    texts = [("The ", "paragraph"), ("tide", "paragraph"), ("\n", "paragraph"), ("Cau", "heading"), ("se", "heading"),
             ("Moon", "heading"), ("neap", "list")]  # fmt: skip
    headings = [Block("heading", "Cause", 2), Block("heading", "Moon", 3)]
    assert list(_joined(texts, headings)) == [Block("paragraph", "The tide"), *headings, Block("list", "neap")]


def test_an_extractor_that_raises_has_read_nothing_and_says_what_it_raised() -> None:
    def refuse(page: SavedPage) -> Reading:
        raise ValueError(page.name)

    found = reading(Peer("refuser", "refuser", "", refuse), PAGE)
    assert found == Reading((), failure="ValueError('page')")


def test_an_extractor_that_is_not_installed_has_no_version() -> None:
    assert Peer("nobody", "no-such-distribution-anywhere", "", read_justext).version is None
    assert next(peer for peer in everyone() if peer.name == "sectionary").version


def test_figures_replace_figures_and_leave_the_text_around_them(tmp_path: Path) -> None:
    file = tmp_path / "quality.md"
    write(file, "| a |")
    before = file.read_text("utf-8").replace("# Quality", "# Ours") + "\nWhy\n"
    file.write_text(before, "utf-8")
    write(file, "| b |")
    assert file.read_text("utf-8") == before.replace("| a |", "| b |")
