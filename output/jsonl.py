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

    Rows are handed on in blocks that end where their lines reach a size, not where a batch does: what a
    compressor makes of its input depends on how that is cut.
    """

    def __init__(self, path: Path, wrap: Wrap) -> None:
        self.rows = 0
        self._raw = path.open("wb")
        self._file = wrap(self._raw)
        self._waiting: list[bytes] = []
        self._bytes = 0

    def add(self, lines: Sequence[bytes]) -> None:
        """Append rows, each a JSON object without its line end."""
        self.rows += len(lines)
        for line in lines:
            self._waiting.append(line)
            self._bytes += len(line)
            if self._bytes >= _BLOCK:
                self._flush()

    def close(self) -> None:
        """End the file and fsync it."""
        with self._raw:
            self._flush()
            if self._file is not self._raw:
                self._file.close()
            self._raw.flush()
            os.fsync(self._raw.fileno())

    def _flush(self) -> None:
        self._waiting.append(b"")        # so that the last line ends, too
        self._file.write(b"\n".join(self._waiting))
        self._waiting, self._bytes = [], 0


def lines(path: Path, wrap: Wrap) -> Iterator[bytes]:
    """Rows of a file in order, without their line ends."""
    with opened(path) as raw, wrap(raw) as file:
        for line in file:
            yield line.rstrip(b"\n")
