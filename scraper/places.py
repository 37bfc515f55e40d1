"""Places: how the ledger keeps keys and addresses short, and finds a page by any spelling of its address. Pure.

A wiki's pages differ in their titles alone, so an address is kept as a base that all of them share
("https://wiki.example/wiki/$1") and the title that stands for `$1`; any other as its origin and the rest.
"""

import hashlib
from typing import Any

from sectionary.scraper import urls
from sectionary.scraper.sources.listing import Listed

_PAGE_ID = "page_id:"
_TITLE = "$1"


def key_number(key: str) -> int:
    """Turn a page's key into the number that the ledger finds it by: its page id, else a hash below zero."""
    number = key.removeprefix(_PAGE_ID)
    if number != key and number.isdecimal():
        return int(number)
    return -(_hash(key) >> 1) - 1


def columns(page: Listed) -> dict[str, Any]:
    """Give the ledger's columns of a listed page. `name` is its key, None where the other columns tell it."""
    base, path = _split(page.url, page.title)
    home, canonical = (None, None) if page.canonical_url is None else _split(page.canonical_url, page.title)
    if home and canonical != path and canonical is None:
        home, canonical = _split(str(page.canonical_url), None)
    told = f"{_PAGE_ID}{page.page_id}" if page.page_id else page.canonical_url or page.url
    return {
        "key": key_number(page.key),
        "name": None if page.key == told else page.key,
        "base": base,
        "path": path,
        "home": home,
        "canonical": None if canonical == path else canonical,
        "place": place(page.canonical_url or page.url),
        "title": page.title,
        "namespace": page.namespace,
        "revision_id": page.revision_id,
        "date_modified": page.date_modified,
        "touched": page.touched,
        "depth": page.depth,
        "excluded": page.excluded,
    }


def address(base: str | None, path: str | None, title: str | None) -> str | None:
    """Put an address together again."""
    if base is None or path is not None:
        return None if base is None else f"{base}{path}"
    return base.replace(_TITLE, urls.quote_title(title or ""))


def place(url: str) -> int:
    """Give a number that is equal for two spellings of one address (64 bits, signed)."""
    number = _hash(urls.identity(url))
    return number - 2**64 if number >= 2**63 else number


def origin(url: str) -> str:
    """Give scheme and authority as they are spelled in the address."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def _split(url: str, title: str | None) -> tuple[str, str | None]:
    """Give base and path; no path where the title stands for it."""
    spelled = urls.quote_title(title) if title else ""
    if spelled and url.endswith(spelled) and _TITLE not in url:
        return url[: len(url) - len(spelled)] + _TITLE, None
    base = origin(url)
    return base, url.removeprefix(base)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
