"""What is wanted of bulk inputs, and the one page of them that a worker gets at a time."""

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from sectionary.scraper.errors import ConfigError
from sectionary.scraper.page import Page

HTML = ("text/html", "application/xhtml+xml")


class Wanted(Struct, frozen=True, kw_only=True):
    """What the caller said: addresses (patterns) and types to take, columns, and which share of how many.

    `base_url` is what a name inside a file is joined to where it tells no address.
    """

    base_url: str | None = None
    include: tuple[str, ...] = ()
    mime: tuple[str, ...] = HTML
    html_column: str | None = None
    text_column: str | None = None
    url_column: str | None = None
    shard: tuple[int, int] = (1, 1)

    def takes(self, url: str) -> bool:
        """Whether a page at this address is wanted."""
        return not self.include or any(fnmatchcase(url, pattern) for pattern in self.include)


def wanted(told: dict[str, Any]) -> Wanted:
    """What the command line said, checked: `shard` is "2/16". Raises ConfigError."""
    if (shard := told.get("shard")) is not None:
        number, _, count = shard.partition("/")
        if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
            raise ConfigError(f"--shard {shard}: write which of how many, like 2/16")
        told = {**told, "shard": (int(number), int(count))}
    return msgspec.convert(told, Wanted)


class BulkPage(Struct, frozen=True, kw_only=True):
    """One page in a file of many: its `place`, or its bytes as `data` where none can be gone to.

    `version` tells the file's size and time, so that another file of the same name is another page.
    """

    key: str
    kind: str
    path: Path
    version: str
    place: int
    canonical_url: str
    size: int = 0
    data: bytes | None = None
    wanted: Wanted = Wanted()


class Input(Struct, frozen=True, kw_only=True):
    """A kind of file: how its pages are found, in order, and how a worker reads one (its first `most` bytes).

    `pages` raises OSError or ValueError where the file is damaged; what was found before counts.
    """

    suffixes: tuple[str, ...]
    pages: Callable[[Path, Wanted], Iterator[BulkPage]]
    read: Callable[[BulkPage, int], Page]


def version_of(path: Path) -> str:
    """A file's size and time of change."""
    stat = path.stat()
    return f"{stat.st_size}-{stat.st_mtime_ns}"


def named(path: Path, place: int | str) -> str:
    """An address for a page that tells none: its file's name and its place there."""
    return f"file:{path.name}#{place}"
