"""Editions in other languages, and what else a page says in menus and in links that nobody sees."""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from selectolax.lexbor import LexborNode

from sectionary.cleaners.address import Base, encoded, usable
from sectionary.cleaners.fields import Category, LangLink
from sectionary.cleaners.selector import Attributes

_PROPERTY = "mw:PageProp/"               # Parsoid's (mediawiki.org, Specs/HTML)
LINKS = (
    "a.interlanguage-link-target, #p-lang li > a, #t-wikibase a, .page-header__languages a, .WikiaArticleInterlang a, "
    f"link[rel^='{_PROPERTY}'], meta[property='{_PROPERTY}disambiguation']"
)
_TRACKED = re.compile(r"(?:lang-|top-)?([a-z]{2,3}(?:-[a-z]{2,8})?)")
_ITEM = re.compile(r"/(Q[1-9]\d*)$")
# Hosts that begin with something else than their language's code (meta.wikimedia.org, Special language codes).
_CODES = {
    "als": "gsw", "bat-smg": "sgs", "be-x-old": "be-tarask", "cbk-zam": "cbk", "fiu-vro": "vro", "map-bms": "jv-x-bms",
    "no": "nb", "nrm": "nrf", "roa-rup": "rup", "roa-tara": "nap-x-tara", "simple": "en", "zh-classical": "lzh",
    "zh-min-nan": "nan", "zh-yue": "yue",
}  # fmt: skip
_EDITION = re.compile(
    r"((?!www)[a-z]{2,3}(?:-[a-z-]+)?|simple)\.(?:m\.|zero\.)?"
    r"(?:wikipedia|wiktionary|wikibooks|wikinews|wikiquote|wikisource|wikiversity|wikivoyage)\.org"
)


class Beside(Struct, frozen=True, kw_only=True):
    """What a page says beside its text: other editions, Parsoid's categories, its item in Wikidata, its page type."""

    langlinks: tuple[LangLink, ...]
    categories: tuple[Category, ...]
    wikidata_id: str | None
    page_type: str | None


def read_beside(found: Iterable[LexborNode], base: Base) -> Beside:
    """What the links of menus and Parsoid's page properties tell, which are elements that `LINKS` finds."""
    editions: dict[str, LangLink] = {}
    categories: dict[str, Category] = {}
    item = page_type = None
    for node in found:
        attributes = node.attributes
        said = attributes.get("rel") or attributes.get("property") or ""
        if edition := _edition(node, attributes, said, base):
            editions.setdefault(edition.lang, edition)
        elif said.startswith(f"{_PROPERTY}Category") and (category := _category(attributes.get("href") or "", base)):
            categories.setdefault(category.name, category)
        elif said in _TYPES:
            page_type = _TYPES[said]
        elif node.tag == "a" and (known := _ITEM.search(attributes.get("href") or "")):
            item = known[1]
    return Beside(
        langlinks=tuple(editions.values()),
        categories=tuple(categories.values()),
        wikidata_id=item,
        page_type=page_type,
    )


_TYPES = {f"{_PROPERTY}redirect": "redirect", f"{_PROPERTY}disambiguation": "disambiguation"}


def _edition(node: LexborNode, attributes: Attributes, said: str, base: Base) -> LangLink | None:
    """A link to another edition: in a menu of any skin, or Parsoid's."""
    if said.startswith(f"{_PROPERTY}Language"):
        url = base.absolute(attributes.get("href") or "")
        language = edition_language(url) or _subdomain(url)
        return LangLink(lang=language, title=_page_of(url), url=encoded(url)) if language else None
    if node.tag != "a":
        return None
    url = base.absolute(attributes.get("href") or "")
    language = attributes.get("hreflang") or attributes.get("lang")
    if not language:
        language = _tracked(attributes)
    if not language and _old_menu(node):
        language = edition_language(url)
    if not language:
        return None
    title = attributes.get("data-title") or _titled(attributes.get("title") or "") or _page_of(url)
    return LangLink(lang=language, title=title, url=url)


def _tracked(attributes: Attributes) -> str | None:
    """The language in what Fandom counts clicks by: "lang-de", until 2020 "top-de" and "de"."""
    found = _TRACKED.fullmatch(attributes.get("data-tracking-label") or attributes.get("data-tracking") or "")
    return found and found[1]


def _old_menu(node: LexborNode) -> bool:
    """Whether it is an item of a language menu of before 2014, whose links name no language."""
    item = node.parent
    return item is not None and "interwiki-" in (item.attributes.get("class") or "")


def _titled(tooltip: str) -> str | None:
    """The title in a tooltip such as "Gezeiten \u2013 German"."""
    return tooltip.rpartition(" \u2013 ")[0].strip() or None


def _page_of(url: str) -> str | None:
    """The title of a wiki page by its address, /wiki/Title, /de/wiki/Title or ./Title."""
    path = urlsplit(url).path if usable(url) else ""
    _, known, title = path.partition("/wiki/")
    return unquote(title if known else path.lstrip("/")).replace("_", " ") or None


def _category(href: str, base: Base) -> Category | None:
    """A category that Parsoid links to instead of showing it."""
    name = unquote(href.partition("#")[0].partition(":")[2]).replace("_", " ")
    return Category(name=name, url=base.link(href.partition("#")[0], {})[0], hidden=False) if name else None


def edition_language(url: str) -> str | None:
    """The language of a Wikimedia edition by its address, as BCP 47 has it: nb for no.wikipedia.org."""
    found = _EDITION.fullmatch(urlsplit(url).hostname or "") if usable(url) else None
    return _CODES.get(found[1], found[1]) if found else None


def _subdomain(url: str) -> str | None:
    """The first label of an edition's host, where a wiki has one for each language."""
    label, dot, rest = (urlsplit(url).hostname or "").partition(".") if usable(url) else ("", "", "")
    return label if dot and "." in rest else None
