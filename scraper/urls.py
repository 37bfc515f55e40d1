"""Rules about addresses: which are well formed, which are the same, what a wiki calls its pages. Pure."""

import ipaddress
import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, unquote, urlsplit

import idna

_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "/:@!$&'()*+,;=-._~%"
_QUERY_SAFE = _PATH_SAFE + "?"
_UNFIT = re.compile(r"[\x00-\x20\\\x7f]")
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_CREDENTIALS = re.compile(r"//[^/?#\s]*@")
_BROKEN_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")

# Parameters that tell a site where its visitor came from and change nothing in the page.
_TRACKING = re.compile(
    r"(utm_[a-z_]+|gclid|dclid|fbclid|msclkid|yclid|twclid|igshid|mc_[ce]id|_ga|_gl|wprov)", re.IGNORECASE
)

# Path parts between a wiki's root and its titles: /wiki/Title, /w/index.php/Title.
_ARTICLE_FOLDERS = frozenset({"w", "wiki", "index.php"})

_LONGEST_NAME = 60
_REMEMBERED = 1024                       # addresses whose parts are known: each page's are asked for over and over

# What MediaWiki's wfUrlencode leaves as it is, besides letters, digits and "-._".
_TITLE_SAFE = ";@$!*(),/~:"


@lru_cache(maxsize=_REMEMBERED)
def refusal(url: str) -> str | None:
    r"""Say why nothing may be fetched from `url`; None when it is well formed.

    White space, control characters and backslashes are refused because parsers differ on them: in
    "http://127.0.0.1\@example.com/" some see the first host, some the second.
    """
    if _UNFIT.search(url):
        return "white space, control character or backslash in the address"
    try:
        parts = urlsplit(url)
        _ = parts.port, _ascii_host(parts)
    except ValueError as error:
        return f"no address: {error}"
    if parts.scheme not in _DEFAULT_PORTS:
        return f"scheme {parts.scheme or 'missing'}; only http and https are fetched"
    if "@" in parts.netloc:
        return "credentials in the address"
    return None if parts.hostname else "no host in the address"


def shown(text: str) -> str:
    """Write an address so that it may be shown: without the credentials it should not have had."""
    return _CREDENTIALS.sub("//…@", text)


@lru_cache(maxsize=_REMEMBERED)
def normalise(url: str) -> str:
    """Write `url` in one form: case, default port, dots, escapes, no fragment, no tracking parameters.

    Parameters keep their order. Raises ValueError with the reason where `refusal` has one.
    """
    if reason := refusal(url):
        raise ValueError(reason)
    parts = urlsplit(url)
    path = _escapes(_without_dots(parts.path), _PATH_SAFE) or "/"
    query = _escapes(_without_tracking(parts.query), _QUERY_SAFE)
    return f"{origin(url)}{path}{'?' + query if query else ''}"


@lru_cache(maxsize=_REMEMBERED)
def origin(url: str) -> str:
    """Give scheme, host and, unless it is the scheme's own, port: "https://example.org"."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{_authority(parts)}"


@lru_cache(maxsize=_REMEMBERED)
def host(url: str) -> str:
    """Give the host, lower case, with a port that is not the scheme's own: "example.org:8080"."""
    return _authority(urlsplit(url))


def hostname(url: str) -> str:
    """Give the host alone, lower case, without brackets or port."""
    return _ascii_host(urlsplit(url))


def identity(url: str) -> str:
    """Give a key that is equal for two spellings of one page: scheme, "www." and escapes do not count."""
    parts = urlsplit(normalise(url))
    path = unquote(parts.path).replace(" ", "_").rstrip("/")
    return f"{parts.netloc.removeprefix('www.')}{path}?{unquote(parts.query)}"


def same_host(first: str, second: str) -> bool:
    """Tell whether two addresses lie on one host; "www." does not count, nor does the scheme."""
    return host(first).removeprefix("www.") == host(second).removeprefix("www.")


def is_loopback(name: str) -> bool:
    """Tell whether a host name or literal address is this machine (RFC 6761 6.3, RFC 1122, RFC 4291)."""
    bare = name.strip("[]").rstrip(".").lower()
    if bare == "localhost" or bare.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def quote_title(title: str) -> str:
    """Write a title as MediaWiki does in its links (wfUrlencode): "A & B" is "A_%26_B"."""
    return quote(title.replace(" ", "_"), safe=_TITLE_SAFE)


def article_url(server: str, article_path: str, title: str) -> str:
    """Give a page's address: siteinfo's `server` and `articlepath` ("/wiki/$1") and a title."""
    return absolute(server, article_path.replace("$1", quote_title(title)))


def absolute(server: str, path: str) -> str:
    """Join a wiki's `server`, which may leave its scheme open ("//example.org"), and a path on it."""
    base = f"https:{server}" if server.startswith("//") else server
    return f"{base.rstrip('/')}/{path.lstrip('/')}"


def site_key(server: str, article_path: str, script_path: str) -> str:
    """Name a wiki: the host of its server, and the path that its articles and scripts share, if any.

    "/wiki/$1" with "/w" is a wiki of its own host; "/de/wiki/$1" with "/de" is one of several there.
    """
    articles = _folders(article_path.partition("$1")[0].partition("?")[0])
    shared: list[str] = []
    for here, there in zip(articles, _folders(script_path), strict=False):
        if here != there:
            break
        shared.append(here)
    while shared and shared[-1] in _ARTICLE_FOLDERS:
        shared.pop()
    return "/".join([host(absolute(server, "/")), *shared])


def safe_name(text: str) -> str:
    """Make a file name's beginning of any text; different texts may give the same."""
    return re.sub(r"[^a-z0-9.-]+", "_", text.lower()).strip("._-")[:_LONGEST_NAME] or "site"


def _folders(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _authority(parts: SplitResult) -> str:
    name = _ascii_host(parts)
    name = f"[{name}]" if ":" in name else name
    port = parts.port
    return name if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f"{name}:{port}"


def _ascii_host(parts: SplitResult) -> str:
    name = (parts.hostname or "").rstrip(".")
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f"no host name: {error}") from None


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4, so that robots rules see the path which the server will see."""
    if "/." not in path.lower().replace("%2e", "."):
        return path
    kept: list[str] = []
    parts = [_ESCAPE.sub(_escape, part) for part in path.split("/")]
    for part in parts:
        if part == "..":
            del kept[max(len(kept) - 1, 1) :]
        elif part != ".":
            kept.append(part)
    return "/".join(kept) + ("/" if parts[-1] in (".", "..") else "")


def _without_tracking(query: str) -> str:
    return "&".join(part for part in query.split("&") if not _TRACKING.fullmatch(part.partition("=")[0]))


def _escapes(text: str, safe: str) -> str:
    return quote(_ESCAPE.sub(_escape, _BROKEN_PERCENT.sub("%25", text)), safe=safe)


def _escape(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else match[0].upper()
