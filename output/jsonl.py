"""JSON Lines: one self-contained object a line, UTF-8, keys in the schema's order, every key always there."""

import io
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import zstandard
from isal import igzip

from sectionary.output.durable import opened

_ZSTD_LEVEL = 3
_BLOCK = 1 << 20
Wrap = Callable[[IO[bytes]], Any]


def plain(file: IO[bytes]) -> IO[bytes]:
    """No compression."""
    return file


def gzip_writer(file: IO[bytes]) -> Any:
    """Gzip (RFC 1952) without file name and time, so that the same rows give the same bytes."""
    open_gzip: Any = igzip.IGzipFile
    return open_gzip(filename="", mode="wb", fileobj=file, mtime=0)


def gzip_reader(file: IO[bytes]) -> Any:
    """The rows of a gzip file."""
    open_gzip: Any = igzip.IGzipFile
    return open_gzip(mode="rb", fileobj=file)


def zstd_writer(file: IO[bytes]) -> Any:
    """Zstandard (RFC 8878) in one frame with a content checksum."""
    compressor = zstandard.ZstdCompressor(level=_ZSTD_LEVEL, write_checksum=True)
    return compressor.stream_writer(file, closefd=False)


def zstd_reader(file: IO[bytes]) -> Any:
    """The rows of a Zstandard file."""
    return io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(file, closefd=False))


class JsonlWriter:
    """Writes rows to one file as they come; `close` leaves it durable.

    A compressor is fed blocks of one size: what igzip writes depends on how its input is cut.
    """

    def __init__(self, path: Path, wrap: Wrap) -> None:
        self.rows = 0
        self._raw = path.open("wb")
        self._file = wrap(self._raw)
        self._waiting = bytearray()

    def add(self, lines: Sequence[bytes]) -> None:
        """Append rows, each a JSON object without its line end."""
        self.rows += len(lines)
        for line in lines:
            self._waiting += line
            self._waiting += b"\n"
        while len(self._waiting) >= _BLOCK:
            self._file.write(self._waiting[:_BLOCK])
            del self._waiting[:_BLOCK]

    def close(self) -> None:
        """End the file and fsync it."""
        with self._raw:
            self._file.write(self._waiting)
            if self._file is not self._raw:
                self._file.close()
            self._raw.flush()
            os.fsync(self._raw.fileno())


def lines(path: Path, wrap: Wrap) -> Iterator[bytes]:
    """Rows of a file in order, without their line ends."""
    with opened(path) as raw, wrap(raw) as file:
        for line in file:
            yield line.rstrip(b"\n")
