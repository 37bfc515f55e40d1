"""Takedowns: the pages that a dataset must never hold again, in _meta/takedowns.jsonl.

A line each: hashed keys (scraper/barred.py), the reason, the date, and whether all traces are gone. Every commit
obeys it, and every fetch of a run that writes here.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from sectionary.output.durable import replace_file
from sectionary.output.json_bytes import encoded
from sectionary.scraper.barred import Barred
from sectionary.scraper.errors import DatasetError

TAKEDOWNS = "_meta/takedowns.jsonl"


class Takedown(Struct, frozen=True, kw_only=True):
    """One page taken down. `done` is False while traces of it may be left."""

    keys: tuple[str, ...]
    reason: str
    date: str
    done: bool = False


def takedowns(directory: Path) -> list[Takedown]:
    """All takedowns of a dataset, oldest first. Raises DatasetError for a damaged list: none may be forgotten."""
    path = directory / TAKEDOWNS
    try:
        return [msgspec.json.decode(line, type=Takedown) for line in path.read_bytes().split(b"\n") if line]
    except FileNotFoundError:
        return []
    except msgspec.MsgspecError as error:
        raise DatasetError(f"{path} is damaged: {error}; mend it, or pages that were taken down come back") from None


def barred(directory: Path) -> Barred:
    """The keys of all pages that were taken down."""
    return Barred(frozenset(key for takedown in takedowns(directory) for key in takedown.keys))


def write_takedowns(directory: Path, listed: Iterable[Takedown]) -> None:
    """Replace the list."""
    replace_file(directory / TAKEDOWNS, b"".join(encoded(takedown) + b"\n" for takedown in listed))


def with_takedown(listed: Sequence[Takedown], new: Takedown) -> list[Takedown]:
    """The list with one more, or with those that share a key with it made one: the first reason and date stay."""
    same = [each for each in listed if set(each.keys) & set(new.keys)]
    if not same:
        return [*listed, new]
    keys = tuple(dict.fromkeys(key for each in (*same, new) for key in each.keys))
    merged = Takedown(keys=keys, reason=same[0].reason, date=same[0].date, done=False)
    return [*(each for each in listed if each not in same), merged]
