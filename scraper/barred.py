"""Barred: pages that must not be fetched, kept or written any more, known by hashes that tell nobody which they are.

A page has a key for each of its addresses, however they are spelled, and its doc_id as another. Pure.
"""

from collections.abc import Iterable
from hashlib import blake2b

import msgspec
from msgspec import Struct

from sectionary.scraper import urls
from sectionary.scraper.page import Page


class Barred(Struct, frozen=True):
    """The keys of all barred pages."""

    keys: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.keys)

    def holds(self, addresses: Iterable[str | None], *ids: str | None) -> bool:
        """Whether one of a page's addresses or ids is barred."""
        if not self.keys:
            return False
        return any(name in self.keys for name in ids) or any(key_of(each) in self.keys for each in addresses if each)

    def page(self, page: Page) -> bool:
        """Whether a page is barred."""
        site = page.site_info.site if page.site_info else None
        return self.holds((page.url, page.canonical_url), numbered(site, page.page_id))


NOBODY = Barred()


def key_of(address: str) -> str:
    """The key of an address: BLAKE2b-128, in hex, of its one spelling; its fragment does not count."""
    try:
        spelled = urls.identity(address)
    except ValueError:                   # file: and what else is no web address
        spelled = address.partition("#")[0]
    return blake2b(spelled.encode("utf-8", "replace"), digest_size=16).hexdigest()


def numbered(site: str | None, page_id: int | None) -> str | None:
    """The doc_id of a page that its wiki numbers (output.ids), by which a renamed page is known."""
    if site is None or page_id is None:
        return None
    return blake2b(msgspec.json.encode([site, page_id]), digest_size=16).hexdigest()
