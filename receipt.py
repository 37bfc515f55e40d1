"""Receipt: what became of each page of a batch, kept at the end of its staged file.

So nothing of a page has to be remembered between its cleaning and the commit, however many there are, and a batch that
is cleaned twice tells the same.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct

from sectionary.output.staged import read_index
from sectionary.scraper.archive import ArchiveRef
from sectionary.scraper.rows import Cleaned, Fetched


class Receipt(Struct, frozen=True, array_like=True):
    """One page: its key and address, where it lies in the archive, if there, and the document or the flaw it became."""

    key: str
    address: str
    ref: ArchiveRef | None = None
    wiki: str | None = None
    doc_id: str | None = None
    flaw: str | None = None

    def cleaned(self, page: ArchiveRef, flaw: str | None, excluded: str | None) -> Cleaned:
        """What the ledger is to know of a page of the archive; the commit may have found a flaw, or excluded it."""
        fetched = Fetched(key=self.key, ref=page, canonical_url=self.address)
        return Cleaned(page=fetched, wiki=self.wiki, doc_id=self.doc_id, flaw=self.flaw or flaw, excluded=excluded)


class Receipts(Struct, frozen=True):
    """All of a batch, in its order."""

    pages: tuple[Receipt, ...]

    @classmethod
    def of(cls, staged: Path) -> Self:
        """Read a staged file's. Raises DatasetError where it is damaged."""
        return msgspec.msgpack.decode(read_index(staged).receipts, type=cls)

    def packed(self) -> bytes:
        """Write them for a staged file."""
        return msgspec.msgpack.encode(self)


def receipts(staged: Iterable[Path]) -> Iterable[Receipt]:
    """The receipts of many staged files, one file after another."""
    return (receipt for path in staged for receipt in Receipts.of(path).pages)
