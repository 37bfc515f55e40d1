"""Gold: what the wiki itself says of its pages, by ways that share nothing with the cleaner.

Headings come from action=parse (mediawiki.org, API:Parsing_wikitext), plain text from prop=extracts
(Extension:TextExtracts), words of the interface from meta=allmessages.
"""

import re
import unicodedata
from collections import Counter
from html.parser import HTMLParser
from typing import NamedTuple

from lxml import html
from wiki import Wiki

# What TextExtracts takes out before it flattens the rest: $wgExtractsRemoveClasses of its extension.json
# and the media that HtmlFormatter::setRemoveMedia names.
REMOVED_TAGS = ("table", "div", "script", "input", "style", "img", "audio", "video")
REMOVED_CLASSES = ("mw-editsection", "error", "nomobile", "noprint", "noexcerpt", "sortkey")
REMOVED_TAG_CLASSES = (("ul", "gallery"), ("sup", "reference"), ("ol", "references"))
FURNITURE = (
    "editsection", "visualeditor-ca-editsource-section", "vector-jumptonavigation", "vector-jumptosearch",
    "toc", "retrievedfrom", "tagline",
)  # fmt: skip


class Heading(NamedTuple):
    """A heading as the parser numbered it: `level` 1 to 6, its plain text, its anchor."""

    level: int
    text: str
    anchor: str


class Gold:
    """The wiki's own answers, asked once a page."""

    def __init__(self, wiki: Wiki) -> None:
        self._wiki = wiki

    def titles(self) -> list[str]:
        """The titles of all articles that are no redirects, in the API's order."""
        answer = self._wiki.api(action="query", list="allpages", aplimit=500, apfilterredir="nonredirects")
        return [page["title"] for page in answer["query"]["allpages"]]

    def headings(self, title: str) -> list[Heading]:
        """The headings of a page, in order, without the lead."""
        found = self._wiki.api(action="parse", page=title, prop="sections")["parse"]["sections"]
        return [as_told(int(one["level"]), plain(shown(one["line"])), one["anchor"]) for one in found]

    def extract(self, title: str) -> str:
        """The whole of the page as TextExtracts gives it; headings between equals signs."""
        answer = self._wiki.api(
            action="query", titles=title, prop="extracts", explaintext=1, exsectionformat="wiki", exlimit=1
        )
        text: str = answer["query"]["pages"][0]["extract"]
        return re.sub(r"^=+ (.*) =+$", r"\1", text, flags=re.MULTILINE)

    def interface(self) -> dict[str, str]:
        """The words of edit links, jump links and other furniture in the wiki's own language."""
        answer = self._wiki.api(action="query", meta="allmessages", ammessages="|".join(FURNITURE))
        messages = answer["query"]["allmessages"]
        return {one["name"]: one["content"] for one in messages if not one.get("missing")}


def as_told(level: int, heading: str, anchor: str | None) -> Heading:
    """A heading with plain digits for raised ones: `mc<sup>2</sup>` is mc² in a record."""
    return Heading(level, unicodedata.normalize("NFKC", heading), anchor or "")


def shown(line: str) -> str:
    r"""A heading's HTML as a record has it: without note marks, a formula between \( and \)."""
    line = re.sub(r"<sup[^>]*>(<a[^>]*>)?(\[|&#91;).*?</sup>", "", line)
    return re.sub(r"\$\s?(.+?)\s?\$", r"\\(\1\\)", line)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def plain(markup: str) -> str:
    """The text of a line of HTML, white space collapsed."""
    reader = _Text()
    reader.feed(markup)
    reader.close()
    return " ".join("".join(reader.parts).split())


def without_removed(page: bytes) -> bytes:
    """The page without what TextExtracts removes from its article; all else as it was."""
    tree = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    for root in tree.xpath('//*[@id="mw-content-text"]/*[@class="mw-parser-output"]'):
        for node in [node for node in root.iterdescendants() if is_removed(node)]:
            node.drop_tree()
    kept: bytes = html.tostring(tree, encoding="utf-8", doctype="<!DOCTYPE html>")
    return kept


def is_removed(node: html.HtmlElement) -> bool:
    """Whether TextExtracts' list names the element."""
    classes = (node.get("class") or "").split()
    return (
        node.tag in REMOVED_TAGS
        or any(name in classes for name in REMOVED_CLASSES)
        or any(node.tag == tag and name in classes for tag, name in REMOVED_TAG_CLASSES)
    )


def words(text: str) -> Counter[str]:
    """The words of a text, as a multiset."""
    return Counter(re.findall(r"\w+", text))


def word_f1(ours: Counter[str], gold: Counter[str]) -> float:
    """The harmonic mean of precision and recall over two multisets of words; 1 where both are empty."""
    common = (ours & gold).total()
    return 2 * common / (ours.total() + gold.total()) if ours or gold else 1.0
