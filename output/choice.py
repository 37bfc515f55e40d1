"""Choice: which rows of a dataset a reader wants, beside the sites, which are files of their own."""

from collections.abc import Collection, Sequence

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from sectionary.output.schema import schema
from sectionary.scraper.errors import ConfigError


class Choice(Struct, frozen=True, kw_only=True):
    """What a row must be: in one of the `languages`, of one of the `roles`, at or below the headings of `path`.

    None and an empty path choose all. `path` goes from the outermost heading down, without the title.
    """

    languages: frozenset[str] | None = None
    roles: frozenset[str] | None = None
    path: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that deciding needs."""
        asked = {"language": self.languages is not None, "role": self.roles is not None}
        asked |= dict.fromkeys(("path", "heading"), bool(self.path))
        return tuple(name for name, needed in asked.items() if needed)

    def of(self, rows: pa.Table) -> pa.Table:
        """The chosen rows."""
        for column, wanted in (("language", self.languages), ("role", self.roles)):
            if wanted is not None:
                rows = rows.filter(pc.is_in(rows[column], pa.array(sorted(wanted), pa.string())))
        if self.path:
            places = zip(rows["path"].to_pylist(), rows["heading"].to_pylist(), strict=True)
            rows = rows.filter(pa.array([self._is_below(*place) for place in places], pa.bool_()))
        return rows

    def _is_below(self, above: Sequence[str], heading: str | None) -> bool:
        headings = (*above, heading) if heading is not None else tuple(above)
        return headings[: len(self.path)] == self.path


def choice(
    table: str,
    language: str | Collection[str] | None,
    role: str | Collection[str] | None,
    path: str | Sequence[str] | None,
) -> Choice:
    """What a caller chose of a table, one value or several. Raises ConfigError where it has no such column."""
    headings = (path,) if isinstance(path, str) else tuple(path or ())
    chosen = Choice(languages=_several(language), roles=_several(role), path=headings)
    if missing := [name for name in chosen.columns if name not in schema(table).names]:
        raise ConfigError(f"{table} has no column {missing[0]} to choose by; sections has")
    return chosen


def _several(value: str | Collection[str] | None) -> frozenset[str] | None:
    if value is None:
        return None
    return frozenset([value] if isinstance(value, str) else value)
