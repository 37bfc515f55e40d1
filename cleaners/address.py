"""Addresses in a page: absolute URLs, and what a link leads to."""

import re
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

from sectionary.cleaners.selector import Attributes

_KINDS = {"new": "redlink", "extiw": "interwiki", "external": "external"}    # by class, the surest first
_NAMESPACES = {"file": "file", "image": "file", "category": "category"}
_BESIDE = re.compile(r"[\w%(),'!*~-][\w%(),'!*~.-]*(?:#[^\s#]+)?", re.ASCII)  # a file beside the page: dumps, archives
_ODD_FOLDER = re.compile(r"//|/\.|;")     # what a URL parser would tidy


class Base:
    """The address a page's links are relative to. Wikis link by path, so the common forms need no parser."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.url = url
        self.host = parts.hostname or ""
        self._scheme = f"{parts.scheme}:" if parts.scheme else "https:"
        self._origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
        self._page = url.partition("#")[0]
        self._folder = self._page.partition("?")[0].rpartition("/")[0] + "/" if parts.path else f"{self._origin}/"
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

    def kind(self, url: str, attributes: Attributes) -> str:
        """What a link leads to: internal, external, interwiki, redlink, file or category."""
        classes = attributes.get("class")
        told = _told_by(classes) if classes else None
        if told == "redlink" or "redlink=1" in url:
            return "redlink"
        if told == "interwiki" or attributes.get("rel") == "mw:WikiLink/Interwiki":
            return "interwiki"
        if told == "external" or (not url.startswith(self._origin) and url.startswith(("http://", "https://"))):
            return "external"
        return _by_namespace(url) if url.rfind(":") > url.rfind("/") else "internal"


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
    """The name of the file that a MediaWiki description page or a picture's address is about."""
    if not usable(url):
        return None
    page = unquote(urlsplit(url).path.rpartition("/")[2])
    name = page.partition(":")[2] if ":" in page else page
    width, dash, original = name.partition("px-")
    return (original if dash and width.isdigit() else name).replace("_", " ") or None
