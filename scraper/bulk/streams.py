"""Streams: a file's bytes unpacked on the way, by what its name says."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import zstandard
from isal import igzip


@contextmanager
def unpacked(path: Path) -> Iterator[io.BufferedIOBase]:
    """The file's content, from .gz or .zst. What is damaged raises OSError, EOFError or ZstdError when it is read."""
    with path.open("rb") as raw:
        if path.name.endswith(".gz"):
            open_gzip: Any = igzip.IGzipFile
            yield cast(io.BufferedIOBase, open_gzip(fileobj=raw, mode="rb"))
        elif path.name.endswith(".zst"):
            reader = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
            yield cast(io.BufferedIOBase, io.BufferedReader(cast(Any, reader)))
        else:
            yield raw
