"""The table tells what an extractor cannot do from what it does badly."""

from quality.scores import Scores
from quality.table import behind, cells, markdown, plain


def scores(words: float, tables: tuple[int, int] | None = None, residue: int = 0) -> Scores:
    return Scores(
        tree=1, headings=1, words=words, blocks=None, loss=0, tables=tables, formulas=None, snippets=None,
        residue=residue,
    )  # fmt: skip


def line(table: list[list[str]], title: str) -> list[str]:
    return next(row for row in table if row[0].startswith(title))


def test_a_row_that_an_extractor_cannot_do_is_a_dash() -> None:
    table = cells({"a": {"ours": scores(1, (0, 2)), "theirs": scores(0.5)}}, ["ours", "theirs"])
    assert line(table, "table grids") == ["table grids, found", "0.000", "–"]  # noqa: RUF001


def test_means_are_over_pages_and_counts_over_all_tables() -> None:
    results = {"a": {"ours": scores(1, (1, 1))}, "b": {"ours": scores(0.5, (0, 3))}}
    table = cells(results, ["ours"])
    assert (line(table, "words, F1")[1], line(table, "table grids")[1]) == ("0.750", "0.250")


def test_an_extractor_for_some_of_the_pages_is_marked() -> None:
    table = cells({"a": {"ours": scores(1), "theirs": None}, "b": {"ours": scores(1), "theirs": scores(1)}}, ["theirs"])
    assert table[0] == ["", "theirs*"]


def test_being_behind_is_told_on_the_pages_that_both_read() -> None:
    results = {
        "a": {"ours": scores(0.1, residue=9), "theirs": None},
        "b": {"ours": scores(0.8, residue=1), "theirs": scores(0.9, residue=2)},
    }
    assert behind(results, "ours", ["ours", "theirs"]) == [("words, F1", "theirs", 0.9, 0.8)]


def test_markdown_and_plain_hold_the_same_cells() -> None:
    table = [["", "ours"], ["words, F1", "1.000"]]
    assert markdown(table) == "|  | ours |\n| --- | ---: |\n| words, F1 | 1.000 |"
    assert plain(table) == "            ours\nwords, F1  1.000"
