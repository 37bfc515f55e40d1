"""Head: what a page says of itself before its body: language, generator, canonical address, MediaWiki's variables.

MediaWiki prints its variables as JSON into a script (RLCONF, earlier mw.config.set); Parsoid says the same in meta
elements and attributes of html (mediawiki.org, Manual:Interface/JavaScript and Specs/HTML).
"""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from sectionary.cleaners.address import encoded, usable

_VARIABLE = re.compile(
    rb'"(wg(?:ArticleId|RevisionId|CurRevisionId|NamespaceNumber|PageContentLanguage|Title|IsMainPage|WikibaseItemId'
    rb'|CanonicalNamespace|PageName|UserVariant|ArticlePath))"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+|true|false)'
)
_NAMESPACE = re.compile(r"ns-(-?[0-9]{1,5})")
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_MODIFIED = re.compile(rb'"dateModified"\s*:\s*"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:Z|\+00:00)"')
_REVISION = re.compile(r"/revision/(\d+)")
_ADDRESS = re.compile(r"https?://[^\s\"\u00ab\u00bb\u201c\u201d\u201e]+")
_WIKIMEDIA = re.compile(
    r"\.(?:wikipedia|wiktionary|wikibooks|wikinews|wikiquote|wikisource|wikiversity|wikivoyage|wikimedia)\.org$"
)
_SCRIPTS = 200_000                       # characters of a page in which the variables are looked for


class Head(Struct, frozen=True, kw_only=True):
    """Facts from a page's head. `variables` holds MediaWiki's own, as strings."""

    language: str | None
    direction: str | None
    generator: str
    software: str                        # the same, and Parsoid's pages are MediaWiki's though they do not say it
    site_name: str | None
    body_classes: frozenset[str]
    canonical: str | None
    api: str | None                      # where the wiki's API is described (Really Simple Discovery)
    printed: str | None                  # the page's address as its foot prints it, where the head tells none
    base: str | None                     # what relative addresses start from, where it is not the page's own
    title: str | None
    license_url: str | None
    variables: dict[str, str]
    date_modified: str | None

    @property
    def namespace(self) -> int:
        """The number of the page's namespace: a variable, else a class that every skin gives the body, else 0."""
        stated = self.integer("wgNamespaceNumber")
        if stated is not None:
            return stated
        return next((int(found[1]) for name in self.body_classes if (found := _NAMESPACE.fullmatch(name))), 0)

    def number(self, name: str) -> int | None:
        """A variable as a positive number, or None."""
        value = self.integer(name)
        return value if value and value > 0 else None

    def integer(self, name: str) -> int | None:
        """A variable as a number that 64 bits hold, or None."""
        value = self.variables.get(name, "")
        return int(value) if _INTEGER.fullmatch(value) else None


def read_head(tree: LexborHTMLParser, source: bytes) -> Head:
    """The head of a parsed page; `source` is what it was parsed of, in UTF-8."""
    root = tree.root
    document = root.attributes if root else {}
    body = tree.body.attributes if tree.body else {}
    metas, links, title = _entries(tree.head)
    variables = dict(_variables(source))
    variables |= _parsoid(metas, document)
    untold = not links.get("canonical", "").startswith(("http", "//")) and b"printfooter" in source
    return Head(
        language=document.get("lang") or None,
        direction=document.get("dir") or body.get("dir"),
        generator=metas.get("generator", ""),
        software=metas.get("generator") or ("MediaWiki" if _REVISION.search(document.get("about") or "") else ""),
        site_name=metas.get("og:site_name"),
        body_classes=frozenset((body.get("class") or "").split()),
        canonical=_address(links, "canonical"),
        api=_address(links, "EditURI"),
        printed=_printed(tree, variables.get("wgArticlePath")) if untold else None,
        base=_address(links, "base"),
        title=title,
        license_url=links.get("license") or links.get("copyright"),
        variables=variables,
        date_modified=_modified(metas, source),
    )


def _address(links: dict[str, str], relation: str) -> str | None:
    href = links.get(relation)
    return href if href and usable(href) else None


def _printed(tree: LexborHTMLParser, articles: str | None) -> str | None:
    """The address that MediaWiki prints below each page, without its revision, in the form `articles` if that is known.

    "Retrieved from https://host/w/index.php?title=Tide&oldid=7" is all that copies of many pages tell of where they
    are from.
    """
    foot = tree.css_first(".printfooter")
    found = _ADDRESS.search(foot.text()) if foot else None
    if found is None or not usable(found[0]):
        return None
    parts = urlsplit(found[0])
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "oldid"]
    articles = articles or ("/wiki/$1" if _WIKIMEDIA.search(parts.netloc) else "")
    if articles.startswith("/") and query[:1] and query[0][0] == "title":
        return encoded(f"{parts.scheme}://{parts.netloc}{articles.replace('$1', query[0][1])}")
    return encoded(urlunsplit(parts._replace(query=urlencode(query, safe=":/"), fragment="")))


def _entries(head: LexborNode | None) -> tuple[dict[str, str], dict[str, str], str | None]:
    """The metas by name or property, the links by relation, the title."""
    metas: dict[str, str] = {}
    links: dict[str, str] = {}
    title = None
    for node in head.iter() if head is not None else ():
        attributes = node.attributes
        if node.tag == "meta" and (name := attributes.get("name") or attributes.get("property")):
            metas.setdefault(name, attributes.get("content") or "")
        elif node.tag == "link" and (relation := attributes.get("rel")):
            links.setdefault(relation, attributes.get("href") or "")
        elif node.tag == "base":
            links.setdefault("base", attributes.get("href") or "")
        elif node.tag == "title" and title is None:
            title = " ".join(node.text().split()) or None
    return metas, links, title


def _variables(source: bytes) -> list[tuple[str, str]]:
    """MediaWiki's variables by name, from the script that holds the first."""
    start = source.find(b'"wg')
    if start < 0:
        return []
    end = source.find(b"</script", start, start + _SCRIPTS)
    found = _VARIABLE.findall(source, start, end if end >= 0 else start + _SCRIPTS)
    return [(name.decode(), value.decode().strip('"').replace("\\/", "/")) for name, value in found]


def _parsoid(metas: dict[str, str], document: dict[str, str | None]) -> dict[str, str]:
    """Parsoid's ways to say the same."""
    revision = _REVISION.search(document.get("about") or "")
    named = {
        "wgArticleId": metas.get("mw:pageId"),
        "wgNamespaceNumber": metas.get("mw:pageNamespace"),
        "wgRevisionId": revision[1] if revision else None,
    }
    return {name: value for name, value in named.items() if value}


def _modified(metas: dict[str, str], source: bytes) -> str | None:
    """When the revision was saved, if the page says so in UTC."""
    if stated := metas.get("dc:modified"):
        return f"{stated[:19]}Z"
    last = source.rfind(b'"dateModified"')
    found = _MODIFIED.match(source, last) if last >= 0 else None
    return f"{found[1].decode()}Z" if found else None
