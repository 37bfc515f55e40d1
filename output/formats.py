"""FORMATS: what a dataset can be written in. A new format is one module and one line here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from msgspec import Struct

from sectionary.output import jsonl, parquet


class Writer(Protocol):
    """One file being written; `rows` counts what it holds."""

    rows: int

    def add(self, lines: Sequence[bytes]) -> None:
        """Append rows, each a JSON object without line end."""

    def close(self) -> None:
        """End the file and make it durable."""


class Format(Struct, frozen=True, kw_only=True):
    """A format: how a file of a table is opened for writing, and its rows read back as JSON objects."""

    suffix: str
    open: Callable[[Path, str], Writer]
    lines: Callable[[Path], Iterator[bytes]]


def _jsonl(suffix: str, writer: jsonl.Wrap, reader: jsonl.Wrap) -> Format:
    return Format(
        suffix=suffix,
        open=lambda path, _table: jsonl.JsonlWriter(path, writer),
        lines=partial(jsonl.lines, wrap=reader),
    )


# Cheapest to read back first: a merge takes the surviving rows from the first that a shard has.
FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "jsonl": _jsonl("jsonl", jsonl.plain, jsonl.plain),
        "jsonl.zst": _jsonl("jsonl.zst", jsonl.zstd_writer, jsonl.zstd_reader),
        "jsonl.gz": _jsonl("jsonl.gz", jsonl.gzip_writer, jsonl.gzip_reader),
        "parquet": Format(suffix="parquet", open=parquet.ParquetWriter, lines=parquet.lines),
    }
)
