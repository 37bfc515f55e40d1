"""Content codings (RFC 9110 8.4), undone whole or not at all: a cut stream is an error, a bomb is stopped."""

import zlib
from collections.abc import Callable

import brotli
import zstandard
from isal import isal_zlib

ACCEPTED = "gzip, deflate, br, zstd"

_MOST_CODINGS = 3                        # gzip of gzip happens by mistake, more only on purpose
_GZIP_MAGIC = b"\x1f\x8b"
_DAMAGED: type[Exception] = isal_zlib.IsalError  # type: ignore[assignment]  # its stub says instance
_MOST_WINDOW = 2**23                     # bytes of memory that a zstd stream may ask for (RFC 9659)
_ZLIB_METHOD = 8                         # low half of a zlib stream's first byte (RFC 1950 2.2)


class CodingError(ValueError):
    """The body is too large, or in a coding that was not asked for; the message is a slug."""


class BrokenError(CodingError):
    """The body is cut or damaged; the next one may be whole."""


def decode(body: bytes, codings: str, limit: int) -> bytes:
    """Undo a Content-Encoding header's codings, the last one first.

    `limit` is the most bytes that any step may give. Raises BrokenError, "truncated body" or "damaged body",
    and CodingError, "too large", "unknown coding: lzma" or "too many codings".
    """
    for decoder in _decoders(codings):
        body, whole = decoder(body, limit + 1)
        if len(body) > limit:
            raise CodingError("too large")
        if not whole:
            raise BrokenError("truncated body")
    return body


def beginning(body: bytes, codings: str, limit: int, *, cut: bool) -> bytes:
    """Undo codings as `decode` does, but of a body that is too large give the first `limit` bytes.

    `cut` says that this is not all of the body; then its streams may break off.
    """
    for decoder in _decoders(codings):
        body, whole = decoder(body, limit + 1)
        if not whole and len(body) <= limit and not cut:
            raise BrokenError("truncated body")
        cut = cut or not whole
    return body[:limit]


Decoder = Callable[[bytes, int], tuple[bytes, bool]]     # at most so many bytes, and whether the stream ended


def _decoders(codings: str) -> list[Decoder]:
    names = [name.strip().lower() for name in codings.split(",") if name.strip()]
    if len(names) > _MOST_CODINGS:
        raise CodingError("too many codings")
    try:
        return [_DECODERS[name] for name in reversed(names)]
    except KeyError as error:
        raise CodingError(f"unknown coding: {str(error.args[0])[:20]}") from None


def _gunzip(body: bytes, most: int) -> tuple[bytes, bool]:
    """Undo gzip of one or more members; what follows the last one is ignored, as browsers do."""
    parts: list[bytes] = []
    whole = True
    while most > 0 and whole and (body.startswith(_GZIP_MAGIC) or not parts):
        part, whole, body = _stream(body, most, 16 + zlib.MAX_WBITS)
        parts.append(part)
        most -= len(part)
    return b"".join(parts), whole


def _inflate(body: bytes, most: int) -> tuple[bytes, bool]:
    """Undo deflate, which is a zlib stream by RFC 9110, but a bare one from many servers."""
    wrapped = len(body) > 1 and body[0] & 15 == _ZLIB_METHOD and int.from_bytes(body[:2]) % 31 == 0
    return _stream(body, most, zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)[:2]


def _stream(body: bytes, most: int, wbits: int) -> tuple[bytes, bool, bytes]:
    decoder = isal_zlib.decompressobj(wbits)
    try:
        text = decoder.decompress(body, most)
    except _DAMAGED:
        raise BrokenError("damaged body") from None
    return text, decoder.eof, decoder.unused_data


def _unbrotli(body: bytes, most: int) -> tuple[bytes, bool]:
    decoder = brotli.Decompressor()
    text = bytearray()
    try:
        while not decoder.is_finished() and len(text) < most:
            part = decoder.process(body, output_buffer_limit=most - len(text))
            if not part and decoder.can_accept_more_data():
                break
            text += part
            body = b""
    except brotli.error:
        raise BrokenError("damaged body") from None
    return bytes(text), decoder.is_finished()


def _unzstd(body: bytes, most: int) -> tuple[bytes, bool]:
    """Undo zstd of one or more frames (RFC 8878)."""
    parts: list[bytes] = []
    whole = True
    try:
        while most > 0 and whole and (body or not parts):
            part, whole, body = _frame(body, most)
            parts.append(part)
            most -= len(part)
    except zstandard.ZstdError:
        raise BrokenError("damaged body") from None
    return b"".join(parts), whole


def _frame(body: bytes, most: int) -> tuple[bytes, bool, bytes]:
    """Undo one frame: first only as much as may be, for its end can only be found by undoing all of it."""
    packer = zstandard.ZstdDecompressor(max_window_size=_MOST_WINDOW)
    with packer.stream_reader(body) as reader:
        text = reader.read(most)
    if len(text) == most:
        return text, False, b""
    frame = packer.decompressobj()
    return frame.decompress(body), frame.eof, frame.unused_data


def _same(body: bytes, _most: int) -> tuple[bytes, bool]:
    return body, True


_DECODERS: dict[str, Decoder] = {
    "gzip": _gunzip, "x-gzip": _gunzip, "deflate": _inflate, "br": _unbrotli, "zstd": _unzstd, "identity": _same,
}  # fmt: skip
