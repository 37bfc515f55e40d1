"""Sitemap: what a sitemap file lists (https://www.sitemaps.org/protocol.html). Pure.

Read by expat as it streams, without a tree. A document type is refused, so that no entity can be declared and none
can swell; elements of other namespaces (images, news, videos, alternates) are passed over.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.parsers import expat

from msgspec import Struct

from sectionary.scraper import codings

MOST_BYTES = 50 * 2**20                  # of one file, unpacked: the protocol's own limit
_LONGEST = 4096                          # characters of one address or date
_DEEPEST = 12                            # elements within one another
_CHUNK = 2**16

_GZIP_MAGIC = b"\x1f\x8b"
_OURS = re.compile(r"https?://www\.(?:sitemaps\.org|google\.com)/schemas/sitemap/[\d.]+/? |")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d))?")


class SitemapError(ValueError):
    """The file is no sitemap, or one that must not be read; the message says why."""


class Entry(Struct, frozen=True):
    """One address of a sitemap. `index` says that it is another sitemap.

    `modified` is RFC 3339 in UTC, None where no more than a day is told; `latest` is the same, or the end of that day.
    """

    url: str
    modified: str | None = None
    index: bool = False
    latest: str | None = None


def read_sitemap(body: bytes) -> Iterator[Entry]:
    """Give what a sitemap or an index of sitemaps lists: XML, or text with an address a line, gzipped or not.

    Raises SitemapError where it is neither, breaks off, or is too large; what was given before counts.
    """
    plain = _unpacked(body)
    start = plain[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        yield from _xml(plain)
    elif start.startswith((b"http://", b"https://")):
        yield from (Entry(line) for line in plain.decode("utf-8", "replace").split() if len(line) <= _LONGEST)
    else:
        raise SitemapError("no sitemap")


def _unpacked(body: bytes) -> bytes:
    if body.startswith(_GZIP_MAGIC):
        try:
            body = codings.decode(body, "gzip", MOST_BYTES)
        except codings.CodingError as error:
            raise SitemapError(str(error)) from error
    if len(body) > MOST_BYTES:
        raise SitemapError("too large")
    return body


def _xml(text: bytes) -> Iterator[Entry]:
    reader = _Reader()
    for start in range(0, len(text), _CHUNK):
        reader.feed(text[start : start + _CHUNK])
        yield from reader.take()
    reader.feed(b"", end=True)
    yield from reader.take()
    if not reader.known:
        raise SitemapError("no sitemap")


class _Reader:
    """Takes XML in pieces and gives the entries that were complete."""

    def __init__(self) -> None:
        self.known = False               # whether its outermost element is one of the protocol's
        self._path: list[str] = []
        self._text: list[str] = []
        self._facts: dict[str, str] = {}
        self._entries: list[Entry] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._hear

    def feed(self, piece: bytes, *, end: bool = False) -> None:
        try:
            self._parser.Parse(piece, end)
        except expat.ExpatError as error:
            raise SitemapError(f"no XML: {expat.errors.messages.get(error.code, '')}, line {error.lineno}") from error

    def take(self) -> list[Entry]:
        taken, self._entries = self._entries, []
        return taken

    def _begin(self, name: str, _attributes: object) -> None:
        own = _OURS.match(name)
        assert own is not None  # noqa: S101  the pattern matches nothing, too
        self._path.append(name[own.end() :] if own.end() or " " not in name else "")
        if len(self._path) > _DEEPEST:
            raise SitemapError("nested too deeply")
        if len(self._path) == 1:
            self.known = self._path[0] in {"urlset", "sitemapindex"}
        if self._path in (["urlset", "url"], ["sitemapindex", "sitemap"]):
            self._facts = {}
        self._text = []

    def _hear(self, text: str) -> None:
        if self._path[-1] in {"loc", "lastmod"} and sum(map(len, self._text)) <= _LONGEST:
            self._text.append(text)

    def _end(self, _name: str) -> None:
        name = self._path.pop()
        said = "".join(self._text).strip()
        if name in {"loc", "lastmod"} and self._path in (["urlset", "url"], ["sitemapindex", "sitemap"]):
            self._facts[name] = said
        elif [*self._path, name] in (["urlset", "url"], ["sitemapindex", "sitemap"]):
            self._note(index=name == "sitemap")
        self._text = []

    def _note(self, *, index: bool) -> None:
        url = self._facts.get("loc", "")
        if url and len(url) <= _LONGEST:
            date = self._facts.get("lastmod", "")
            modified = _in_utc(date)
            self._entries.append(Entry(url, modified, index, modified or _end_of_day(date)))


def _refuse_doctype(*_: object) -> None:
    raise SitemapError("has a document type, which sitemaps have no need of")


def _in_utc(date: str) -> str | None:
    """Read a time of W3C's profile of ISO 8601; None for a day without one, which tells no moment."""
    match = _DATE.fullmatch(date)
    if match is None or match[4] is None:
        return None
    try:
        moment = datetime.fromisoformat(date).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _end_of_day(date: str) -> str | None:
    """Give the last second of a day, in UTC, for which a sitemap tells no time."""
    match = _DATE.fullmatch(date)
    if match is None or match[4] is not None or _in_utc(f"{date}T00:00:00Z") is None:
        return None
    return f"{date}T23:59:59Z"
