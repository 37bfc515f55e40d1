"""Hrefs: the links of a page, read in time that grows with its length alone, whatever its markup is. Pure.

No tree is built: a page that was made to hang a parser must not hang the crawl that only wants its links. Pages are
cleaned elsewhere, in processes that may die.
"""

import html
import re
from collections.abc import Iterator
from urllib.parse import urljoin

from msgspec import Struct

MOST_LINKS = 20_000                      # of one page; what comes after them is not followed

_TAG = re.compile(r"<(a|base)[\s/]([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""([a-z][a-z-]{0,30})\s{0,9}=\s{0,9}(?:"([^"]{0,3000})"|'([^']{0,3000})'|([^\s"'>]{1,3000}))""", re.IGNORECASE
)
_ROBOTS = re.compile(r"""<meta\b[^<>]{0,200}\bname=["']?robots["'\s][^<>]{0,200}""", re.IGNORECASE)
_CHARSET = re.compile(rb"""charset=["']?([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)
_HEAD = 2**16                            # characters in which a page's own robots rule is looked for


class Link(Struct, frozen=True):
    """One link: where it leads, as a whole address, and its element's classes; `at` is its place in the page."""

    url: str
    classes: frozenset[str]
    title: str | None
    at: int


def links(page: str, url: str) -> Iterator[Link]:
    """Give the links of a page at `url` that lead anywhere by http, in its order, without those marked nofollow."""
    base, given = url, 0
    for tag in _TAG.finditer(_uncommented(page)):
        attributes = _attributes(tag[2])
        href = attributes.get("href", "").strip()
        if tag[1].lower() == "base":
            base = _absolute(url, href) or base
        elif href and not href.startswith("#") and "nofollow" not in attributes.get("rel", "").lower().split():
            if (target := _absolute(base, href)) is None:
                continue
            yield Link(target, frozenset(attributes.get("class", "").split()), attributes.get("title"), tag.start())
            given += 1
            if given >= MOST_LINKS:
                return


def may_follow(page: str) -> bool:
    """Tell whether a page's own robots rule lets its links be followed (mediawiki.org, Manual:Noindex)."""
    rule = _ROBOTS.search(page[:_HEAD])
    said = rule[0].lower() if rule else ""
    return "nofollow" not in said and not re.search(r"""content=["']?none\b""", said)


def text_of(body: bytes, content_type: str | None) -> str:
    """Decode a page well enough to read its links: as declared, else as UTF-8."""
    declared = _CHARSET.search((content_type or "").encode("ascii", "replace")) or _CHARSET.search(body[:2048])
    try:
        return body.decode(declared[1].decode() if declared else "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, quoted, single, bare in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), html.unescape(quoted or single or bare))
    return found


def _absolute(base: str, href: str) -> str | None:
    try:
        target = urljoin(base, "".join(href.splitlines()).replace(" ", "%20"))
    except ValueError:
        return None
    return target if target.startswith(("http://", "https://")) else None


def _uncommented(page: str) -> str:
    """Blank out comments, keeping every other character in its place; one that is not closed ends the page."""
    if "<!--" not in page:
        return page
    kept: list[str] = []
    start = 0
    while (opened := page.find("<!--", start)) >= 0:
        kept.append(page[start:opened])
        closed = page.find("-->", opened + 4)
        start = closed + 3 if closed >= 0 else len(page)
        kept.append(" " * (start - opened))
    return "".join((*kept, page[start:]))
