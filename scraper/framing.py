"""Framing: where an answer's head and body end, by RFC 9112, so that no byte of one is taken for another.

http.client and urllib3 let pass what can be read in two ways. Whoever reads it wrongly stores one page's bytes as
another's, or the sizes of chunks as text; so it is no answer at all (RFC 9112 6.3: discard it, close the connection).
"""

import io
from collections.abc import Iterable, Iterator
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import Any

_SWITCHED = 101                          # to another protocol, which nobody asked for


class Answer(HTTPResponse):
    """http.client's answer, without interim ones before it; raises HTTPException where its frame is in doubt."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp: Any = _Bounded(self.fp.detach())

    def begin(self) -> None:
        """Read the head of the final answer: others (103 Early Hints) may come first (RFC 9110 15.2)."""
        super().begin()
        while 100 <= self.status < 200:
            if self.status == _SWITCHED:
                raise HTTPException("another protocol")
            self.headers = self.msg = None  # type: ignore[assignment]  # so that the next head is read
            super().begin()
        if _is_chunked(self.headers):
            # Chunks count even where a length is told, and the connection is not used again (RFC 9112 6.1, 6.3).
            self.will_close = self.will_close or self.version < 11 or "content-length" in self.headers


class _Bounded(io.BufferedReader):
    """A socket's bytes; lines end in LF and hold no CR (RFC 9112 2.2), and no chunk has a size below zero."""

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if b"\r" in line[:-2]:
            raise HTTPException("CR within a line")
        return line

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:     # reads to the end, which a server need not come to
            raise HTTPException("no size")
        return super().read(size)


def plain(headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Pass headers on, folded ones on one line: a user agent must read them so (RFC 9112 5.2).

    Raises HTTPException for a NUL (RFC 9110 5.5).
    """
    for name, value in headers:
        if "\x00" in value or "\x00" in name:
            raise HTTPException("NUL in a header")
        yield name, (one_line(value) if "\r" in value or "\n" in value else value).strip(" \t")


def one_line(text: str) -> str:
    """Write a text that may hold ends of lines on one."""
    return " ".join(text.split()) if not text.isprintable() else text


def _is_chunked(headers: HTTPMessage) -> bool:
    """Tell whether a body comes in chunks, from headers that leave no doubt about its end."""
    if _has_lost(headers):
        raise HTTPException("a header that is none")
    lengths = {one_line(value).strip() for value in headers.get_all("content-length", ())}
    if len(lengths) > 1 or not all(value.isascii() and value.isdigit() for value in lengths):
        raise HTTPException("a length that is none")
    codings = ",".join(headers.get_all("transfer-encoding", ()))
    if codings and one_line(codings).strip().lower() != "chunked":
        raise HTTPException("a transfer coding that was not asked for")
    return bool(codings)


def _has_lost(headers: HTTPMessage) -> bool:
    """Tell whether headers stand behind a line that is none: http.client drops them all, what frames a body too."""
    rest = headers.get_payload()
    return isinstance(rest, str) and ":" in rest
