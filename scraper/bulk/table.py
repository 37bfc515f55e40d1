"""INPUTS: the kinds of files that hold many pages. A new kind is one module and one line here."""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import MappingProxyType

import zstandard

from sectionary.scraper.bulk import columns, enterprise, warc, zim
from sectionary.scraper.bulk.task import BulkPage, Input, Wanted
from sectionary.scraper.errors import ConfigError
from sectionary.scraper.files import KINDS, LocalFile, local_files
from sectionary.scraper.page import Page

INPUTS: Mapping[str, Input] = MappingProxyType(
    {
        "warc": Input(suffixes=warc.SUFFIXES, pages=warc.pages, read=warc.read),
        "zim": Input(suffixes=zim.SUFFIXES, pages=zim.pages, read=zim.read),
        "enterprise": Input(suffixes=enterprise.SUFFIXES, pages=enterprise.pages, read=enterprise.read),
        "jsonl": Input(suffixes=columns.JSONL, pages=columns.jsonl_pages, read=columns.read_jsonl),
        "parquet": Input(suffixes=columns.PARQUET, pages=columns.parquet_pages, read=columns.read_parquet),
    }
)
SUFFIXES = (*KINDS, *(suffix for each in INPUTS.values() for suffix in each.suffixes))


class DamagedError(Exception):
    """A file broke off; `path` is the file, the message says how."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(reason)
        self.path = path


def input_of(path: Path) -> Input | None:
    """The kind of a file, by the longest suffix that its name has; None for a page of its own or what is unknown."""
    known = [(len(suffix), each) for each in INPUTS.values() for suffix in each.suffixes if path.name.endswith(suffix)]
    return max(known, key=lambda found: found[0])[1] if known else None


def sources(paths: list[Path]) -> Iterator[Path]:
    """The bulk files among paths, and below folders. Raises ConfigError for a path that is not there."""
    for path in paths:
        if path.is_dir():
            yield from (each for each in sorted(path.rglob("*")) if each.is_file() and input_of(each))
        elif not path.is_file():
            raise ConfigError(f"{path}: no such file or folder")
        elif input_of(path):
            yield path
        elif path.suffix.lower() not in KINDS:
            raise ConfigError(f"{path}: cannot tell what it is; known are {', '.join(SUFFIXES)} and folders of them")


def pages_of(path: Path, wanted: Wanted) -> Iterator[BulkPage]:
    """The pages of one bulk file. Raises DamagedError where it breaks off."""
    kind = input_of(path)
    assert kind is not None  # noqa: S101  `sources` gives no other
    try:
        yield from kind.pages(path, wanted)
    except (OSError, EOFError, ValueError, RuntimeError, zstandard.ZstdError) as error:
        raise DamagedError(path, f"{type(error).__name__}: {error}") from None


def single_pages(paths: list[Path], base_url: str | None) -> Iterator[LocalFile]:
    """The files among paths that are a page each."""
    alone = [path for path in paths if path.is_dir() or not input_of(path)]
    return local_files(alone, base_url)


def share(tasks: Iterator[LocalFile | BulkPage], wanted: Wanted) -> Iterator[LocalFile | BulkPage]:
    """Every nth page from the ith on, so that n machines take each page once."""
    number, count = wanted.shard
    return islice(tasks, number - 1, None, count)


def read(task: BulkPage, most: int) -> Page:
    """The page of a task, in a worker."""
    return INPUTS[task.kind].read(task, most)
