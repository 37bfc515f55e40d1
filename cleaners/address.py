"""Addresses in a page: absolute URLs, and what a link leads to."""

import re
from functools import lru_cache
from urllib.parse import parse_qs, quote, unquote, urljoin, urlsplit

from sectionary.cleaners.selector import Attributes

_KINDS = {                               # by class, the surest first: of MediaWiki, DokuWiki, MoinMoin
    "new": "redlink", "wikilink2": "redlink", "nonexistent": "redlink",
    "extiw": "interwiki", "interwiki": "interwiki", "external": "external",
}  # fmt: skip
_EDITING = frozenset({"action", "redlink", "veaction"})      # in the address of a missing page: its editor
_NAMESPACES = {"file": "file", "image": "file", "category": "category"}
_BESIDE = re.compile(r"[\w%(),'!*~-][\w%(),'!*~.-]*(?:#[^\s#]+)?", re.ASCII)  # a file beside the page: dumps, archives
_UNENCODED = ";@$!*(),/~:-_."            # what MediaWiki leaves as it is in a title (wfUrlencode)
_ENCODED = re.compile(r"[\w;@$!*(),/~:.#-]*", re.ASCII)
_ODD_FOLDER = re.compile(r"//|/\.|;")     # what a URL parser would tidy


class Base:
    """The address a page's links are relative to. Wikis link by path, so the common forms need no parser.

    `stated` is the href of the page's base element, which Parsoid needs for its links to leave a subpage; `name`
    is the page's name in its address (MediaWiki's wgPageName), which tells where the titles of other pages go.
    """

    def __init__(self, url: str, stated: str | None = None, name: str | None = None) -> None:
        self._page = url.partition("#")[0]
        self._own = encoded(self._page)
        self._articles = _folder_of_titles(self._page, name)
        if stated:
            url = self._articles = urljoin(url, stated)
        parts = urlsplit(url)
        self.url = url
        self.host = parts.hostname or ""
        self._scheme = f"{parts.scheme}:" if parts.scheme in {"http", "https"} else "https:"   # a saved file's page
        self._origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
        folder = url.partition("#")[0].partition("?")[0].rpartition("/")[0]
        self._folder = f"{folder}/" if parts.path else f"{self._origin}/"
        self._is_odd = _ODD_FOLDER.search(parts.path.rpartition("/")[0] + "/") is not None

    def absolute(self, href: str) -> str:  # noqa: PLR0911 - a form a line
        """`href` as an absolute URL (RFC 3986, section 5.2); as it stands where it is beyond repair."""
        if href.startswith("/"):
            return (self._scheme if href.startswith("//") else self._origin) + href
        if href.startswith(("https://", "http://")):
            return href
        if href.startswith("#"):
            return self._page + href
        if not self._is_odd:
            if href.startswith("./") and "/." not in href[1:]:
                return self._folder + href[2:]
            if self._origin and _BESIDE.fullmatch(href):
                return self._folder + href
        try:
            return urljoin(self.url, href)
        except ValueError:
            return href

    def link(self, href: str, attributes: Attributes) -> tuple[str, str | None, str]:
        """Address, title and kind of a link, the same whichever parser and skin wrote it.

        A missing page has the address it will have (Parsoid's way) and not that of its editor, and its title
        without the remark that it is missing, which comes in the reader's language.
        """
        url, title = self.absolute(href), attributes.get("title")
        kind = self.kind(url, attributes)
        if kind == "redlink":
            url, title = self._missing(url, title)
        elif kind == "interwiki" or href.startswith("./"):
            url = encoded(url)
        return url, title, kind

    def is_own(self, url: str, href: str) -> bool:
        """Whether a link of Parsoid's leads to the page itself, and to no part of it."""
        return url == self._own and href.startswith("./")

    def _missing(self, url: str, title: str | None) -> tuple[str, str | None]:
        page, _, query = url.partition("?")
        asked = parse_qs(query)
        named = asked.get("title")
        if file := asked.get("wpDestFile"):
            return f"{self._articles}Special:FilePath/{quote(file[0], safe=_UNENCODED)}", title
        if not named:
            return encoded((url if _EDITING.isdisjoint(asked) else page).partition("#")[0]), title
        return self._articles + quote(named[0].replace(" ", "_"), safe=_UNENCODED), named[0].replace("_", " ")

    def kind(self, url: str, attributes: Attributes) -> str:
        """What a link leads to: internal, external, interwiki, redlink, file or category."""
        classes = attributes.get("class")
        told = _told_by(classes) if classes else None
        if told == "redlink" or "redlink=1" in url or attributes.get("typeof") == "mw:Error":
            return "redlink"
        if told == "interwiki" or attributes.get("rel") == "mw:WikiLink/Interwiki":
            return "interwiki"
        if told == "external" or (not url.startswith(self._origin) and url.startswith(("http://", "https://"))):
            return "external"
        return _by_namespace(url) if url.rfind(":") > url.rfind("/") else "internal"


def _folder_of_titles(page: str, name: str | None) -> str:
    """Where a wiki's articles lie, by the address of one of them: without its name, which may hold slashes."""
    named = name and unquote(page).removesuffix(name)
    if named and named != unquote(page):
        return named
    before, usual, _ = page.partition("/wiki/")
    return before + usual if usual else page.partition("?")[0].rpartition("/")[0] + "/"


def encoded(url: str) -> str:
    """An address of a wiki page with its title encoded as MediaWiki does; Parsoid leaves most letters alone."""
    if _ENCODED.fullmatch(url):
        return url
    scheme, _, rest = url.partition("//")
    place, _, title = rest.partition("/")
    path, mark, fragment = title.partition("#")
    path, question, query = path.partition("?")
    path = quote(unquote(path).replace(" ", "_"), safe=_UNENCODED)
    return f"{scheme}//{place}/{path}{question}{query}{mark}{fragment}"


@lru_cache(maxsize=1_000)
def _told_by(classes: str) -> str | None:
    """The kind of link that its classes tell. A wiki has few such class attributes, and many links."""
    names = classes.split()
    return next((kind for name, kind in _KINDS.items() if name in names), None)


def _by_namespace(url: str) -> str:
    namespace = url.rpartition("/")[2].partition(":")[0].lower()
    return _NAMESPACES.get(namespace, "internal")


def usable(url: str) -> bool:
    """Whether an address can be taken apart at all (RFC 3986); pages hold some that cannot."""
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True


def file_name(url: str) -> str | None:
    """The name of the file that a MediaWiki description page or a picture's address is about.

    Fandom serves a file's versions and sizes below its name: `Lamp.png/revision/latest/scale-to-width-down/350`.
    """
    if not usable(url):
        return None
    parts = unquote(urlsplit(url).path.partition("/revision/")[0]).split("/")
    page = _original(parts)
    name = page.partition(":")[2] if ":" in page else page
    width, dash, original = name.partition("px-")
    return (original if dash and width.isdigit() else name).replace("_", " ") or None


def _original(parts: list[str]) -> str:
    """The segment of a picture's path that names the file: MediaWiki's thumbnails lie below it."""
    return parts[-2] if "thumb" in parts[:-2] and "." in parts[-2] else parts[-1]
