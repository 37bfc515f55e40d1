"""Ids and hashes: BLAKE2b (RFC 7693), 128 bits, as 32 hex digits.

What is hashed is compact JSON in UTF-8 (RFC 8259, no spaces, only what must be escaped is), so two different
lists of strings never give the same bytes and anyone can compute an id again:

    doc_id       of [site, page_id], or of [url] where the wiki's page id is not known
    section_id   of [doc_id, [headings from the outermost to its own], n], n counting earlier sections of
                 this document with the same headings, from 0
"""

from collections.abc import Sequence
from hashlib import blake2b

from sectionary.output.json_bytes import encoded


def digest(value: object) -> str:
    """Hash of a value's compact JSON."""
    return blake2b(encoded(value), digest_size=16).hexdigest()


def doc_id(site: str, page_id: int | None, url: str) -> str:
    """Id of a page: the wiki's own number for it survives a rename, its canonical URL does not."""
    return digest([url] if page_id is None else [site, page_id])


def section_id(doc: str, headings: Sequence[str], repeat: int) -> str:
    """Id of a section; its position plays no part, so a section put in before it changes nothing."""
    return digest([doc, headings, repeat])
