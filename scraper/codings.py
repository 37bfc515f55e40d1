"""Content codings (RFC 9110 8.4), undone whole or not at all: a cut stream is an error, a bomb is stopped."""

import zlib
from collections.abc import Callable

import brotli
from isal import isal_zlib

ACCEPTED = "gzip, deflate, br"

_MOST_CODINGS = 3                        # gzip of gzip happens by mistake, more only on purpose
_GZIP_MAGIC = b"\x1f\x8b"
_DAMAGED: type[Exception] = isal_zlib.IsalError  # type: ignore[assignment]  # its stub says instance
_ZLIB_METHOD = 8                         # low half of a zlib stream's first byte (RFC 1950 2.2)


class CodingError(ValueError):
    """The body is too large, or in a coding that was not asked for; the message is a slug."""


class BrokenError(CodingError):
    """The body is cut or damaged; the next one may be whole."""


def decode(body: bytes, codings: str, limit: int) -> bytes:
    """Undo a Content-Encoding header's codings, the last one first.

    `limit` is the most bytes that any step may give. Raises BrokenError, "truncated body" or "damaged body",
    and CodingError, "too large", "unknown coding: zstd" or "too many codings".
    """
    names = [name.strip().lower() for name in codings.split(",") if name.strip()]
    if len(names) > _MOST_CODINGS:
        raise CodingError("too many codings")
    for name in reversed(names):
        body = _decoder(name)(body, limit)
    return body


def _decoder(name: str) -> Callable[[bytes, int], bytes]:
    try:
        return _DECODERS[name]
    except KeyError:
        raise CodingError(f"unknown coding: {name[:20]}") from None


def _gunzip(body: bytes, limit: int) -> bytes:
    """Undo gzip of one or more members; what follows the last one is ignored, as browsers do."""
    parts: list[bytes] = []
    room = limit
    while body.startswith(_GZIP_MAGIC) or not parts:
        part, body = _stream(body, room, 16 + zlib.MAX_WBITS)
        parts.append(part)
        room -= len(part)
    return b"".join(parts)


def _inflate(body: bytes, limit: int) -> bytes:
    """Undo deflate, which is a zlib stream by RFC 9110, but a bare one from many servers."""
    wrapped = len(body) > 1 and body[0] & 15 == _ZLIB_METHOD and int.from_bytes(body[:2]) % 31 == 0
    return _stream(body, limit, zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)[0]


def _stream(body: bytes, limit: int, wbits: int) -> tuple[bytes, bytes]:
    decoder = isal_zlib.decompressobj(wbits)
    try:
        text = decoder.decompress(body, limit + 1)
    except _DAMAGED:
        raise BrokenError("damaged body") from None
    if len(text) > limit:
        raise CodingError("too large")
    if not decoder.eof:
        raise BrokenError("truncated body")
    return text, decoder.unused_data


def _unbrotli(body: bytes, limit: int) -> bytes:
    decoder = brotli.Decompressor()
    text = bytearray()
    try:
        while not decoder.is_finished():
            part = decoder.process(body, output_buffer_limit=limit + 1 - len(text))
            text += part
            if len(text) > limit:
                raise CodingError("too large")
            if not part and decoder.can_accept_more_data() and not decoder.is_finished():
                raise BrokenError("truncated body")
            body = b""
    except brotli.error:
        raise BrokenError("damaged body") from None
    return bytes(text)


def _same(body: bytes, _limit: int) -> bytes:
    return body


_DECODERS = {
    "gzip": _gunzip, "x-gzip": _gunzip, "deflate": _inflate, "br": _unbrotli, "identity": _same,
}  # fmt: skip
