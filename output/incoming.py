"""Incoming: the pages of many staged files that belong to one site, in the order of the dataset.

Kept in 36 bytes a page, so that a commit of millions of pages fits in memory.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from sectionary.output.rejected import Rejected
from sectionary.output.rows import Rows
from sectionary.output.shard import first_key
from sectionary.output.staged import StagedPage, read_index, read_rows

_PLACE = np.dtype(
    [("high", "u8"), ("low", "u8"), ("offset", "u8"), ("size", "u4"), ("file", "u4"), ("row_bytes", "u4")]
)
_AT_ONCE = 4096                          # places turned into objects


class Incoming:
    """Pages of `site` in the staged files; of two with the same doc_id the later one counts.

    `merged` says how many earlier ones there were, `row_bytes` what the rest takes as JSON lines, `rejected` what
    the workers lost.
    """

    def __init__(self, paths: Sequence[Path], site: str) -> None:
        self._paths = tuple(paths)
        self._site = site
        self.rejected: tuple[Rejected, ...] = ()
        every = np.concatenate([np.empty(0, _PLACE), *(self._places(number) for number in range(len(self._paths)))])
        self._sorted = _last_of_each(every)
        self.merged = len(every) - len(self._sorted)
        self.row_bytes = int(self._sorted["row_bytes"].sum())

    def __len__(self) -> int:
        return len(self._sorted)

    def __iter__(self) -> Iterator["Place"]:
        for begin in range(0, len(self._sorted), _AT_ONCE):
            yield from map(_place, self._sorted[begin : begin + _AT_ONCE].tolist())

    def shard(self, number: int, shards: int) -> list["Place"]:
        """Pages of one shard out of `shards`, by doc_id."""
        high = self._sorted["high"]
        begin = int(np.searchsorted(high, np.uint64(first_key(number, shards))))
        end = len(high)
        if number + 1 < shards:
            end = int(np.searchsorted(high, np.uint64(first_key(number + 1, shards))))
        return [_place(row) for row in self._sorted[begin:end].tolist()]

    def rows(self, place: "Place") -> Rows:
        """Rows of one page."""
        facts = {name: getattr(place, name) for name in ("doc_id", "offset", "size", "row_bytes")}
        page = StagedPage(site=self._site, **facts)
        return read_rows(self._paths[place.file], page)

    def _places(self, file: int) -> np.ndarray[Any, Any]:
        index = read_index(self._paths[file])
        self.rejected += tuple(row for row in index.rejected if row.site == self._site)
        ours = [page for page in index.pages if page.site == self._site]
        return np.array(
            [(*_key(page.doc_id), page.offset, page.size, file, page.row_bytes) for page in ours], _PLACE
        )


class Place(Struct, frozen=True, kw_only=True):
    """Where one page's rows wait: `size` bytes from `offset` of a staged file, told by its number.

    As JSON lines they take `row_bytes`.
    """

    doc_id: str
    offset: int
    size: int
    file: int
    row_bytes: int


def _place(row: tuple[int, int, int, int, int, int]) -> Place:
    high, low, offset, size, file, row_bytes = row
    return Place(doc_id=f"{high:016x}{low:016x}", offset=offset, size=size, file=file, row_bytes=row_bytes)


def _key(doc_id: str) -> tuple[int, int]:
    return int(doc_id[:16], 16), int(doc_id[16:], 16)


def _last_of_each(places: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Sorted by doc_id; of the places of one doc_id the last as they came."""
    order = np.lexsort((places["low"], places["high"]))
    is_last = np.ones(len(order), np.bool_)
    is_last[:-1] = False
    for half in ("high", "low"):         # one after the other: all columns at once take four times as much
        column = places[half][order]
        is_last[:-1] |= column[:-1] != column[1:]
    return places[order[is_last]]
