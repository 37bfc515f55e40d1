"""Rows: one page as the lines of both tables, which is all that staging and merging handle."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec
from msgspec import Struct

from sectionary.output.json_bytes import encoded
from sectionary.output.record import PageRecord, SectionRecord
from sectionary.output.removed import removed_lines
from sectionary.scraper.errors import DatasetError, RecordError
from sectionary.scraper.page import Http

_ID_DIGITS = 32
# An id stands at the same place in every line of its table: behind '{"doc_id":"', and in sections behind
# the section's own id.
_PAGE_ID_AT = len('{"doc_id":"')
_SECTION_ID_AT = len('{"section_id":"') + _ID_DIGITS + len('","doc_id":"')


class Rows(Struct, frozen=True, kw_only=True):
    """A page's line of the table pages and its lines of sections, each a JSON object without line end."""

    site: str
    doc_id: str
    page: bytes
    sections: tuple[bytes, ...]

    def of(self, table: str) -> tuple[bytes, ...]:
        """Lines for the table pages, sections or removed."""
        if table == "removed":
            return tuple(removed_lines(self.page))
        return (self.page,) if table == "pages" else self.sections

    @property
    def size(self) -> int:
        """Bytes that both tables take as JSON lines."""
        return len(self.page) + sum(map(len, self.sections)) + len(self.sections) + 1


class _Volatile(Struct, frozen=True, kw_only=True):
    """What a page's rows say of their fetching; alone it makes no change."""

    date_fetched: str | None
    html_sha256: str | None
    http: Http


_VOLATILE = msgspec.json.Decoder(_Volatile)


def rows(page: PageRecord, sections: Sequence[SectionRecord]) -> Rows:
    """The records of a page as lines. Raises RecordError where a value has no place in JSON."""
    try:
        lines = tuple(encoded(section) for section in sections)
        return Rows(site=page.site, doc_id=page.doc_id, page=encoded(page), sections=lines)
    except (OverflowError, TypeError, ValueError) as error:
        raise RecordError(page.url, f"record: {error}") from error


def doc_id_of(line: bytes) -> str:
    """doc_id of a line of either table."""
    at = _SECTION_ID_AT if line.startswith(b'{"section_id":"') else _PAGE_ID_AT
    return line[at : at + _ID_DIGITS].decode("ascii")


def paired(site: str, pages: Iterable[bytes], sections: Iterable[bytes]) -> Iterator[Rows]:
    """Lines of both tables, each sorted by doc_id, put together page by page. Raises DatasetError."""
    grouped = groupby(sections, doc_id_of)
    try:
        for page, (doc_id, lines) in zip(pages, grouped, strict=True):
            if doc_id_of(page) != doc_id:
                raise DatasetError(f"{site}: the tables pages and sections do not match at {doc_id}")
            yield Rows(site=site, doc_id=doc_id, page=page, sections=tuple(lines))
    except ValueError as error:
        raise DatasetError(f"{site}: the tables pages and sections do not match: {error}") from error


def same_content(old: Rows, new: Rows) -> bool:
    """Whether two versions of a page differ in nothing but when and how they were fetched."""
    if len(old.sections) != len(new.sections):
        return False
    was, now = _VOLATILE.decode(old.page), _VOLATILE.decode(new.page)
    return _dated(new.page, now, was) == old.page and all(
        _dated(line, now, was) == other for line, other in zip(new.sections, old.sections, strict=True)
    )


def _dated(line: bytes, now: _Volatile, was: _Volatile) -> bytes:
    """The line as it would read had the page been fetched as `was`.

    A key in quotes followed by a colon is nowhere but at its place: quotes inside a string are escaped.
    """
    for key in _Volatile.__struct_fields__:
        line = line.replace(_member(key, getattr(now, key)), _member(key, getattr(was, key)))
    return line


def _member(key: str, value: object) -> bytes:
    return b'"' + key.encode() + b'":' + encoded(value)
