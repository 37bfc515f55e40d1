"""Snapshot: the files that make up the dataset at one moment; a file that none lists is no part of it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from sectionary.output.layout import LATEST, LAYOUT_VERSION, META, SNAPSHOTS, snapshot_path
from sectionary.output.record import SCHEMA_VERSION
from sectionary.scraper.errors import DatasetError


class DataFile(Struct, frozen=True, kw_only=True):
    """One immutable file: where it lies, what it holds, and how to tell that it is whole.

    `row_bytes` is what its rows take as JSON lines, the same in any format. `schema_version` is that of its columns.
    """

    path: str
    table: str
    format: str
    shard: int
    rows: int
    bytes: int
    row_bytes: int
    sha256: str
    schema_version: int


class SiteFiles(Struct, frozen=True, kw_only=True):
    """A site's part: into how many shards it is split, its files, and the rows of its pages and sections."""

    shards: int
    pages: int
    sections: int
    files: tuple[DataFile, ...]


class Snapshot(Struct, frozen=True, kw_only=True):
    """All sites at one moment. `created` is when it was committed, RFC 3339 in UTC.

    `changes` are the files that tell what changed since the snapshot before; they stay in their places when
    another snapshot follows.
    """

    layout_version: int
    number: int
    parent: int | None
    created: str
    sites: dict[str, SiteFiles]
    changes: tuple[DataFile, ...] = ()

    def files(self) -> Iterator[DataFile]:
        """Files of all sites, without the changes."""
        for site in self.sites.values():
            yield from site.files


def row_count(files: Iterable[DataFile], table: str) -> int:
    """Rows of a table, each shard counted once: every format holds it in full."""
    return sum({file.shard: file.rows for file in files if file.table == table}.values())


class _Version(Struct):
    layout_version: int


class NewerError(DatasetError):
    """A snapshot whose layout or columns this release does not know."""


def check_ours(directory: Path) -> None:
    """Raise DatasetError unless the folder is a dataset of ours, empty, or not there yet."""
    if not directory.exists() or (directory / SNAPSHOTS).is_dir():
        return
    if not directory.is_dir():
        raise DatasetError(f"{directory} is not a folder")
    if any(entry.name != META and not entry.name.startswith(".") for entry in directory.iterdir()):
        raise DatasetError(f"{directory} holds files but is no sectionary dataset; name an empty folder")


def latest_number(directory: Path) -> int | None:
    """Number of the snapshot that readers see; None before the first commit."""
    try:
        return int((directory / LATEST).read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except ValueError:
        raise DatasetError(f"{directory / LATEST} is damaged: it should hold one number") from None


def highest_number(directory: Path) -> int | None:
    """Number of the last committed snapshot, whose files may not be in place yet."""
    return max(kept_numbers(directory), default=None)


def load(directory: Path, number: int) -> Snapshot:
    """Read a snapshot. Raises DatasetError where there is none, it is damaged or of a newer sectionary."""
    path = directory / snapshot_path(number)
    try:
        content = path.read_bytes()
        newer = msgspec.json.decode(content, type=_Version).layout_version > LAYOUT_VERSION
        found = None if newer else msgspec.json.decode(content, type=Snapshot)
    except FileNotFoundError:
        raise DatasetError(f"{directory} has no snapshot {number}") from None
    except msgspec.MsgspecError as error:
        raise DatasetError(f"{path} is damaged: {error}; put it back from a copy, or write to a new folder") from error
    if found is None or any(file.schema_version > SCHEMA_VERSION for file in found.files()):
        raise NewerError(f"{directory} was written by a newer sectionary; update to read or extend it")
    return found


def kept_numbers(directory: Path) -> list[int]:
    """Numbers of the snapshots that are there, ascending."""
    return sorted(int(path.stem) for path in (directory / SNAPSHOTS).glob("*.json") if path.stem.isdecimal())
