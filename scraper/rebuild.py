"""Rebuild: a lost ledger made anew from what the archive's metadata records say, without asking any server.

The last record of a page counts. What no record tells, such as pages that never came, the next listing tells
again. Which documents of the dataset the pages became is the caller's to say: the scraper knows no dataset.
"""

import base64
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
from fastwarc.warc import ArchiveIterator, WarcRecord
from msgspec import Struct

from sectionary.scraper import urls
from sectionary.scraper.archive import ArchiveRef, archive_files
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.page import Http
from sectionary.scraper.rows import Known, Stored
from sectionary.scraper.sources.listing import Listed

_CHUNK = 2**16


class _Memory(Listed, frozen=True, kw_only=True):
    """What a metadata record says for the ledger: the page as it was listed, and what became of it."""

    site: str
    state: str = "done"
    reason: str | None = None
    date: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class _Wiki(Struct, frozen=True):
    site: str


class _Metadata(Struct, frozen=True, kw_only=True):
    """The part of a metadata record that is read here. Records of other programs have no `ledger`."""

    ledger: _Memory | None = None
    http: Http = Http()
    site_info: _Wiki | None = None
    date_fetched: str | None = None


def rebuild(ledger: Ledger, site: str, folder: Path) -> int:
    """Fill the ledger, if it knows no page of the site, from the archive in `folder`; gives how many there are."""
    files = archive_files(folder, site)
    if not files or not ledger.is_new(site):
        return 0
    return ledger.restore(site, (known for file in files for known in memories(file, site)))


def memories(file: Path, site: str) -> Iterator[Known]:
    """Give what a file of the archive remembers of a site's pages, in order, up to where a crash may have torn it."""
    with file.open("rb") as stream:
        group = _Group(site)
        for record in _records(stream):
            if group.told:
                yield from group.known(file.name, record.stream_pos)
                group = _Group(site)
            group.add(record)
        if group.told:
            yield from group.known(file.name, _end_of_member(file, group.last))


class _Group:
    """The records of one page, as they come."""

    def __init__(self, site: str) -> None:
        self._site = site
        self.told: _Metadata | None = None
        self.last = 0
        self._begin: int | None = None
        self._digest = ""

    def add(self, record: WarcRecord) -> None:
        kind = record.headers.get("WARC-Type", "")
        self.last = record.stream_pos
        if kind in {"request", "response", "revisit"} and self._begin is None:
            self._begin = record.stream_pos
        if kind in {"response", "revisit"}:
            self._digest = record.headers.get("WARC-Payload-Digest") or ""
        elif kind == "metadata":
            self.told = _told(record.reader.read())

    def known(self, file: str, end: int) -> Iterator[Known]:
        memory = self.told.ledger if self.told else None
        if self.told is None or memory is None or memory.site != self._site or not _is_sound(memory):
            return
        stored = None
        if memory.state == "done":
            if self._begin is None or (digest := _hex(self._digest)) is None:
                return                   # damaged: the page is listed and fetched anew
            stored = Stored(
                ref=ArchiveRef(file=file, offset=self._begin, length=end - self._begin, digest=digest),
                date_fetched=self.told.date_fetched,
                etag=self.told.http.etag,
                last_modified=self.told.http.last_modified,
            )
        yield Known(
            listed=memory, state=memory.state, reason=memory.reason,
            date=memory.date or self.told.date_fetched, stored=stored,
            etag=memory.etag, last_modified=memory.last_modified,
            wiki=self.told.site_info.site if self.told.site_info else None,
        )  # fmt: skip


def _records(stream: BinaryIO) -> Iterator[WarcRecord]:
    try:
        yield from ArchiveIterator(stream, parse_http=False)
    except (OSError, LookupError, ValueError):   # torn by a crash: nothing behind it was acknowledged
        return


def _told(block: bytes) -> _Metadata | None:
    try:
        return msgspec.json.decode(block, type=_Metadata)
    except msgspec.MsgspecError:
        return None


def _is_sound(memory: _Memory) -> bool:
    """Tell whether a page could have been listed at its addresses; damaged bytes may say anything."""
    return all(urls.refusal(url) is None for url in (memory.url, memory.canonical_url) if url is not None)


def _hex(digest: str) -> str | None:
    """Turn "sha256:<base 32>" into hex digits, None where it is no such digest."""
    kind, _, code = digest.partition(":")
    try:
        return base64.b32decode(code).hex() if kind == "sha256" else None
    except ValueError:
        return None


def _end_of_member(file: Path, begin: int) -> int:
    """Give where the gzip member ends that begins there."""
    member = zlib.decompressobj(wbits=31)
    with file.open("rb") as stream:
        stream.seek(begin)
        while not member.eof and (chunk := stream.read(_CHUNK)):
            member.decompress(chunk)
        return stream.tell() - len(member.unused_data)
