"""Standard input as an input: kept on disk as it comes, packed as it is, under a name that tells its kind."""

import shutil
import zlib
from pathlib import Path
from typing import IO

import zstandard

_HEAD = 65_536
_PACKED = {b"\x1f\x8b": ".gz", b"\x28\xb5\x2f\xfd": ".zst", b"\x5d\x2a\x4d\x18": ".zst"}
_KINDS = ((b"WARC/", ".warc"), (b"{", ".jsonl"), (b"ZIM\x04", ".zim"), (b"PAR1", ".parquet"), (b"\x5d\x2a", ".warc"))
_TAR_MAGIC_AT = 257                      # "ustar" (POSIX.1-2017, pax interchange format)


def spooled(stream: IO[bytes], folder: Path) -> Path:
    """A file below `folder` with all that `stream` gives."""
    head = stream.read(_HEAD)
    path = folder / f"stdin{_suffix(head)}"
    with path.open("wb") as file:
        file.write(head)
        shutil.copyfileobj(stream, file)
    return path


def _suffix(head: bytes) -> str:
    """What a stream is by its first bytes: a WARC, lines of JSON (a dump's or others'), a tar, ZIM, Parquet, a page."""
    packed = next((suffix for magic, suffix in _PACKED.items() if head.startswith(magic)), "")
    start = _unpacked(head, packed).lstrip()
    if start[_TAR_MAGIC_AT : _TAR_MAGIC_AT + 5] == b"ustar":
        return f".tar{packed}"
    kind = next((kind for magic, kind in _KINDS if start.startswith(magic)), ".html")
    if kind == ".jsonl" and b'"article_body"' in start:
        kind = ".ndjson"
    return kind if kind in {".html", ".zim", ".parquet"} else f"{kind}{packed}"


def _unpacked(head: bytes, packed: str) -> bytes:
    try:
        if packed == ".gz":
            return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head)
        if packed == ".zst" and head.startswith(zstandard.FRAME_HEADER):
            return zstandard.ZstdDecompressor().decompressobj().decompress(head)
    except (zlib.error, zstandard.ZstdError):
        return b""
    return head
