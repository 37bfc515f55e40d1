"""Staged file: what a worker made of one batch of pages, kept until a commit takes it in.

A page's lines are one Zstandard frame; at the end stands an index of them, then its length and a mark.
So a commit reads of each file just the pages that it needs, in the order of the shards. (Measured on
real pages: lines take 0.3 ms a page to pack and 0.1 to unpack and are a tenth of their size; Arrow columns
beside the lines cost the same in all, and more to merge.)
"""

import os
import struct
from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path

import msgspec
import zstandard
from msgspec import Struct

from sectionary.output.rejected import Rejected
from sectionary.output.rows import Rows
from sectionary.scraper.errors import DatasetError

SUFFIX = ".staged"
_MARK = b"SECTSTG3"
_TAIL = struct.Struct("<Q8s")
_ZSTD_LEVEL = 2


class StagedPage(Struct, frozen=True, kw_only=True, array_like=True):
    """Where a page's rows lie in the file: `size` bytes from `offset`; as JSON lines they take `row_bytes`."""

    doc_id: str
    site: str
    offset: int
    size: int
    row_bytes: int


class Staged(Struct, frozen=True, kw_only=True):
    """A staged file's index: its pages in the order they were cleaned, and the pages lost on the way.

    `receipts` is what whoever cleaned them wants to find again.
    """

    pages: tuple[StagedPage, ...]
    rejected: tuple[Rejected, ...]
    receipts: bytes = b""


class Batch(Struct, frozen=True, kw_only=True):
    """What a worker hands over: the rows of its pages, in the order they were cleaned, the pages lost, its receipts."""

    pages: Sequence[Rows]
    rejected: Sequence[Rejected] = ()
    receipts: bytes = b""


def write_staged(folder: Path, key: str, batch: Batch) -> Path:
    """Write a batch to `folder` under `key`, hex digits that name its content, in one step.

    It is not synced: one that a power cut spoils is told by its mark and checksums, and cleaned again.
    """
    packer = zstandard.ZstdCompressor(level=_ZSTD_LEVEL, write_checksum=True)
    frames = [packer.compress(b"\n".join((rows.page, *rows.sections))) for rows in batch.pages]
    placed = _placed(batch.pages, frames)
    staged = Staged(pages=placed, rejected=tuple(batch.rejected), receipts=batch.receipts)
    index = packer.compress(msgspec.msgpack.encode(staged))
    path = folder / f"{key}{SUFFIX}"
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{path.name}.{os.getpid()}"
    draft.write_bytes(b"".join((*frames, index, _TAIL.pack(len(index), _MARK))))
    return draft.replace(path)


def _placed(pages: Iterable[Rows], frames: Sequence[bytes]) -> tuple[StagedPage, ...]:
    offsets = accumulate(map(len, frames), initial=0)
    return tuple(
        StagedPage(doc_id=rows.doc_id, site=rows.site, offset=offset, size=len(frame), row_bytes=rows.size)
        for rows, frame, offset in zip(pages, frames, offsets, strict=False)
    )


def read_index(path: Path) -> Staged:
    """Index of a staged file. Raises DatasetError where it is none."""
    try:
        with path.open("rb") as file:
            file.seek(-_TAIL.size, os.SEEK_END)
            length, mark = _TAIL.unpack(file.read(_TAIL.size))
            if mark != _MARK:
                raise DatasetError(f"{path} is no staged file")
            file.seek(-_TAIL.size - length, os.SEEK_END)
            packed = file.read(length)
        return msgspec.msgpack.decode(zstandard.ZstdDecompressor().decompress(packed), type=Staged)
    except (OSError, zstandard.ZstdError, msgspec.MsgspecError) as error:
        raise DatasetError(f"{path} cannot be read: {error}") from error


def read_staged(path: Path) -> Batch:
    """The whole batch as it was handed over."""
    index = read_index(path)
    rows = tuple(read_rows(path, page) for page in index.pages)
    return Batch(pages=rows, rejected=index.rejected, receipts=index.receipts)


def read_rows(path: Path, page: StagedPage) -> Rows:
    """Rows of one page of a staged file."""
    with path.open("rb") as file:
        file.seek(page.offset)
        frame = file.read(page.size)
    first, *rest = zstandard.ZstdDecompressor().decompress(frame).split(b"\n")
    return Rows(site=page.site, doc_id=page.doc_id, page=first, sections=tuple(rest))
