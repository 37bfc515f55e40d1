"""Addresses in a page: absolute URLs, and what a link leads to."""

from urllib.parse import unquote, urljoin, urlsplit

from sectionary.cleaners.selector import Attributes


class Base:
    """The address a page's links are relative to. Wikis link by path, so the common forms need no parser."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.url = url
        self.host = parts.hostname or ""
        self._scheme = f"{parts.scheme}:" if parts.scheme else "https:"
        self._origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
        self._page = url.partition("#")[0]
        self._folder = self._page.partition("?")[0].rpartition("/")[0] + "/"

    def absolute(self, href: str) -> str:  # noqa: PLR0911 - a form a line
        """`href` as an absolute URL (RFC 3986, section 5.2); as it stands where it is beyond repair."""
        if href.startswith(("https://", "http://")):
            return href
        if href.startswith("//"):
            return self._scheme + href
        if href.startswith("/"):
            return self._origin + href
        if href.startswith("#"):
            return self._page + href
        if href.startswith("./") and "/." not in href[1:]:
            return self._folder + href[2:]
        try:
            return urljoin(self.url, href)
        except ValueError:
            return href

    def kind(self, url: str, attributes: Attributes) -> str:
        """What a link leads to: internal, external, interwiki, redlink, file or category."""
        classes = (attributes.get("class") or "").split()
        if "new" in classes or "redlink=1" in url:
            return "redlink"
        if "extiw" in classes or attributes.get("rel") == "mw:WikiLink/Interwiki":
            return "interwiki"
        if "external" in classes or not self._own(url):
            return "external"
        return _by_namespace(url)

    def _own(self, url: str) -> bool:
        return not self._origin or url.startswith(self._origin) or not url.startswith(("http://", "https://"))


def _by_namespace(url: str) -> str:
    page = url.rpartition("/")[2]
    if ":" not in page:
        return "internal"
    namespace = page.partition(":")[0].lower()
    return {"file": "file", "image": "file", "category": "category"}.get(namespace, "internal")


def file_name(url: str) -> str | None:
    """The name of the file that a MediaWiki description page or a picture's address is about."""
    page = unquote(urlsplit(url).path.rpartition("/")[2])
    name = page.partition(":")[2] if ":" in page else page
    width, dash, original = name.partition("px-")
    return (original if dash and width.isdigit() else name).replace("_", " ") or None
