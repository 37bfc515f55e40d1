"""Row: one figure of the speed table, beside the bar it must reach and the aim beyond it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measured figure. `text` is it as people read it, `bar` and `aim` what the design holds it to.

    `met` is whether the bar is reached, None where this run was too short to tell. `figures` are the raw numbers
    behind it (pages, seconds, bytes), for the record.
    """

    name: str
    text: str
    bar: str
    aim: str = ""
    met: bool | None = None
    figures: dict[str, float | int | str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How much a run measures: pages read, rounds over them, pages fetched, made-up pages for memory and ledger."""

    pages: int
    rounds: int
    fetched: int
    street: int
    small: int
    many: int
    archived: int
    listed: int
    ledger: int


SHORT = Sizes(
    pages=30, rounds=1, fetched=300, street=60, small=1_000, many=3_000, archived=5_000, listed=2_000, ledger=20_000
)
FULL = Sizes(
    pages=100, rounds=5, fetched=2_000, street=200, small=10_000, many=50_000, archived=200_000, listed=10_000,
    ledger=1_000_000,
)  # fmt: skip

Measure = Callable[[Sizes, Path], list[Row]]   # what a row's module offers; the folder is its own to work in


def ratio(figure: float) -> str:
    """A multiple, as people write it."""
    return f"{figure:.2f}x"
