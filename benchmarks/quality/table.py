"""The figures as a table: rows are scores, columns are extractors; plain for a terminal, or Markdown."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from .scores import Scores

NONE = "–"                                            # noqa: RUF001 - a dash: the extractor cannot do the row
Results = dict[str, dict[str, Scores | None]]         # page → extractor → figures; None: no page for it


@dataclass(frozen=True)
class Row:
    """A row: its title, how one page's figures give a value, how values become one, whether less is better."""

    title: str
    value: Callable[[Scores], float | tuple[int, int] | None]
    format: str = "{:.3f}"
    less: bool = False


ROWS = (
    Row("heading tree exact, pages", lambda each: each.tree),
    Row("headings, F1", lambda each: each.headings),
    Row("words, F1", lambda each: each.words),
    Row("block types, F1", lambda each: each.blocks),
    Row("table grids, found", lambda each: each.tables),
    Row("formulas, found", lambda each: each.formulas),
    Row("people's snippets, right", lambda each: each.snippets),
    Row("words lost", lambda each: each.loss, less=True),
    Row("furniture left, pieces a page", lambda each: float(each.residue), "{:.2f}", less=True),
)


def figure(row: Row, figures: Iterable[Scores]) -> float | None:
    """The mean over pages; for counts (found, of how many) their ratio over all pages. None without a value."""
    values = [value for each in figures if (value := row.value(each)) is not None]
    counts = [value for value in values if isinstance(value, tuple)]
    if counts:
        return sum(found for found, _ in counts) / sum(of for _, of in counts)
    return fmean(value for value in values if not isinstance(value, tuple)) if values else None


def column(name: str, results: Results) -> list[Scores]:
    """The figures of one extractor on the pages that are for it."""
    return [scores for page in results.values() if (scores := page.get(name)) is not None]


def cells(results: Results, names: Sequence[str]) -> list[list[str]]:
    """The table, its head first. An extractor that read only some of the pages is marked by a star."""
    head = ["", *(name + "*" * (0 < len(column(name, results)) < len(results)) for name in names)]
    body = [[row.title, *(_cell(row, column(name, results)) for name in names)] for row in ROWS]
    return [head, *(line for line in body if any(cell != NONE for cell in line[1:]))]


def _cell(row: Row, figures: list[Scores]) -> str:
    value = figure(row, figures)
    return NONE if value is None else row.format.format(value)


def plain(table: list[list[str]]) -> str:
    """The table in columns of equal width."""
    widths = [max(map(len, part)) for part in zip(*table, strict=True)]
    return "\n".join("  ".join(_aligned(line, widths)) for line in table)


def _aligned(line: list[str], widths: list[int]) -> list[str]:
    """The first cell to the left, figures to the right."""
    return [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]


def markdown(table: list[list[str]]) -> str:
    """The table in Markdown, numbers to the right."""
    head, *body = table
    return "\n".join(map(_line, [head, ["---", *["---:"] * (len(head) - 1)], *body]))


def _line(parts: Sequence[str]) -> str:
    return f"| {' | '.join(parts)} |"


def behind(results: Results, ours: str, names: Sequence[str]) -> list[tuple[str, str, float, float]]:
    """Where another extractor is ahead on the pages that both read: row, name, its figure, ours."""
    found = []
    for name in names:
        both = {page: each for page, each in results.items() if each.get(name) and each.get(ours)}
        for row in ROWS:
            theirs, own = figure(row, column(name, both)), figure(row, column(ours, both))
            if theirs is not None and own is not None and (theirs < own if row.less else theirs > own):
                found.append((row.title, name, theirs, own))
    return found
