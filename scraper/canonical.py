"""Canonical: from any address of a page to the one it is known by, or to the reason why it is none. Pure.

On a wiki whose names are known the rules are MediaWiki's own (mediawiki.org, Manual:Parameters to index.php,
Manual:Short URL, Manual:$wgVariantArticlePath); elsewhere RFC 3986 and what many engines have in common.
"""

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from msgspec import Struct

from sectionary.scraper import urls
from sectionary.scraper.titles import Names, Title, parse_title

# Parameters that make another thing of it than the page as it is now, and what that is.
_OTHER_THINGS = {
    "oldid": "an old revision", "diff": "a difference of revisions", "direction": "an old revision",
    "veaction": "an editor", "redlink": "a page that does not exist", "curid": "a page by its number",
    "redirect": "a redirect itself", "feed": "a feed", "section": "a section's editor", "preload": "an editor",
    "from": "a part of a list", "until": "a part of a list", "pagefrom": "a part of a list",
    "pageuntil": "a part of a list", "filefrom": "a part of a list", "fileuntil": "a part of a list",
    "subcatfrom": "a part of a list", "subcatuntil": "a part of a list", "search": "a search",
    "do": "an action", "rev": "an old revision", "stable": "a version of it", "stableid": "an old revision",
    "veswitch": "an editor", "undo": "an editor", "printversion": "a print version",
}  # fmt: skip
_VIEWS = frozenset({"", "view"})         # actions that show the page

# The mobile hosts of the wikis whose desktop host is their name without it.
_MOBILE = re.compile(
    r"(?:([a-z0-9-]+)\.)?m\.(wikipedia|wiktionary|wikibooks|wikinews|wikiquote|wikisource|wikiversity|wikivoyage"
    r"|wikimedia|wikidata|mediawiki|wikifunctions)\.org"
)

# What lies at a wiki's root beside its pages, where those do, too.
_FILES = re.compile(
    r"(?:index|load|api|rest|thumb|img_auth|opensearch_desc)\.php|(?:images|skins|extensions|resources)/"
    r"|(?:robots\.txt|favicon\.ico|sitemap[^/]*\.xml(?:\.gz)?)$"
)
_SPECIAL = re.compile(r"(?:/|[?&]title=)Special(?::|%3A)", re.IGNORECASE)    # understood by every MediaWiki


class Wiki(Struct, frozen=True, kw_only=True):
    """How one wiki writes the addresses of its pages.

    `server` is the one that it calls its own ("https://mini.example"), `article_path` "/wiki/$1", `script` the path
    of its index.php; `variants` are the codes of the scripts that its pages can be shown in (zh-tw).
    """

    server: str
    article_path: str
    script: str
    names: Names
    variants: frozenset[str] = frozenset()
    origin: str | None = None            # where it is fetched from, if that is not its server

    def address(self, title: Title) -> str:
        """Give a page's canonical address."""
        return urls.article_url(self.server, self.article_path, title.key)


class Place(Struct, frozen=True, kw_only=True):
    """What an address stands for: the page at `url`, or, where `skip` says why, no page of its own.

    `title` is its name where a wiki's names are known, `anchor` the section that the address led to. A variant is
    no page of its own either: it is the same one in other letters.
    """

    url: str
    title: Title | None = None
    anchor: str | None = None
    skip: str | None = None


def canonicalise(url: str, wiki: Wiki | None = None) -> Place:
    """Bring any spelling of a page's address into the one form.

    `wiki` holds for addresses on its server's host or that host's mobile one; others are written in the form that
    RFC 3986 gives them. Raises ValueError where `urls.refusal` has a reason.
    """
    anchor = unquote(url.partition("#")[2]) or None
    plain = urls.normalise(_desktop(url))
    if wiki is not None and _is_of(plain, wiki):
        return _of_wiki(plain, wiki, anchor)
    return Place(url=plain, anchor=anchor, skip=_skipped(plain))


def _desktop(url: str) -> str:
    """Leave a mobile host for the desktop one of the same wiki."""
    mark, _, rest = url.partition("//")
    place = re.match(r"[^/?#]*", rest)
    assert place is not None  # noqa: S101  the pattern matches nothing, too
    mobile = _MOBILE.fullmatch(place[0].lower().rstrip("."))
    if mobile is None:
        return url
    return f"{mark}//{mobile[1] or 'www'}.{mobile[2]}.org{rest[place.end():]}"


def _is_of(url: str, wiki: Wiki) -> bool:
    if wiki.origin and urls.same_host(url, wiki.origin):
        return True
    own, here = urls.host(urls.absolute(wiki.server, "/")), urls.host(url)
    bare = own.removeprefix("www.")
    language, dot, family = bare.partition(".")
    return here.removeprefix("www.") in {bare, f"m.{bare}", f"mobile.{bare}", f"{language}.m{dot}{family}"}


def _of_wiki(url: str, wiki: Wiki, anchor: str | None) -> Place:
    query = _parameters(url)
    variant, name = _named(unquote(urlsplit(url).path), query, wiki)
    if variant:
        query["variant"] = variant
    here = urls.absolute(wiki.server, url.removeprefix(urls.origin(url)))
    if name is None:
        return Place(url=here, anchor=anchor, skip=_other_thing(query) or "no page of the wiki")
    try:
        title = parse_title(name, wiki.names)
    except ValueError as error:
        return Place(url=here, anchor=anchor, skip=f"no title: {error}")
    return Place(
        url=_with_query(wiki.address(title), query),
        title=title,
        anchor=anchor or title.fragment,
        skip=_other_thing(query) or ("a special page" if title.namespace < 0 else None),
    )


def _named(path: str, query: dict[str, str], wiki: Wiki) -> tuple[str | None, str | None]:
    """Give the variant and the title that an address names, each None where it names none."""
    if "title" in query and path.rstrip("/") in {wiki.script, _folder(wiki.script), _folder(wiki.article_path)}:
        return None, query["title"]
    if path.startswith(wiki.script + "/"):
        return None, path[len(wiki.script) + 1 :]
    variant, slash, name = path.removeprefix("/").partition("/")
    if slash and name and variant.lower() in wiki.variants:
        return variant.lower(), name
    return None, _article(path, wiki)


def _article(path: str, wiki: Wiki) -> str | None:
    """Give the title in an address of the wiki's short form; files lie beside the pages of some wikis."""
    before, _, after = wiki.article_path.partition("$1")
    if "?" in before or path == before or not path.startswith(before) or not path.endswith(after):
        return None
    name = path[len(before) : len(path) - len(after)]
    scripts = _folder(wiki.script).strip("/")
    beside = before == "/" and (_FILES.match(name) or (scripts and name.startswith(f"{scripts}/")))
    return None if beside else name


def _parameters(url: str) -> dict[str, str]:
    """Read a query as PHP does: of two values for one name the last one counts."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def _folder(path: str) -> str:
    return path.partition("$1")[0].rpartition("/")[0]


def _other_thing(query: dict[str, str]) -> str | None:
    if (action := query.get("action", "")) not in _VIEWS:
        return f"an action: {action[:40]}"
    if "variant" in query:
        return f"a variant: {query['variant'][:40]}"
    return next((thing for name, thing in _OTHER_THINGS.items() if name in query), None)


def _with_query(url: str, query: dict[str, str]) -> str:
    """Keep the parameters that make another thing of a page, in order, so that it is not mistaken for the page."""
    kept = sorted(item for item in query.items() if item[0] in _OTHER_THINGS or _is_telling(*item))
    return f"{url}{'&' if '?' in url else '?'}{urlencode(kept)}" if kept else url


def _is_telling(name: str, value: str) -> bool:
    return name == "variant" or (name == "action" and value not in _VIEWS)


def _skipped(url: str) -> str | None:
    """Tell an address that is no page on any wiki, though its names are not known."""
    query = _parameters(url)
    if skip := _other_thing(query):
        return skip
    return "a special page" if _SPECIAL.search(url) else None
