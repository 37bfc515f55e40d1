"""A detector of residue that knows nothing of the site files: lxml finds a page's furniture, then it is looked for.

What is furniture is told by where links lead, by roles and by words in ids and classes, never by a rule of ours.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from lxml import html

from sectionary.cleaners.article import Article

READ = ".//text()[not(parent::style or parent::script)]"
_WINDOW = 6      # words; a text this long hardly stands twice on a page by chance
_SHARE = 0.5     # of a piece of furniture must be found to call it residue


FURNITURE = {
    "jump link": "//a[starts-with(@href, '#')][contains(@class, 'jump') or contains(@class, 'skip')]"
                 " | //div[contains(@id, 'jump-to')]",
    "table of contents": "//*[self::div or self::table or self::nav or self::aside]"
                         "[contains(@id, 'toc') or contains(concat(' ', @class, ' '), ' toc ')]"
                         "[count(.//a[starts-with(@href, '#')]) > 2]",
    "language menu": "//ul[count(li/a[@hreflang]) > 2] | //*[starts-with(@id, 'p-lang')]",
    "category bar": "//*[contains(@id, 'catlinks') or contains(@class, 'categories')][.//a[contains(@href, ':')]]",
    "navigation box": "//*[@role='navigation' or self::nav or contains(concat(' ', @class, ' '), ' navbox ')]",
    "advertisement": "//ins[@data-ad-client]"
                     " | //*[self::div or self::aside or self::section or self::center or self::iframe]"
                     "[re:test(concat(@class, ' ', @id), '(^|[ _-])(ads?|adsbygoogle|adverts?|sponsored)([ _-]|$)')]",
    "search": "//form[.//input[@name='search']]",
    "tagline": "//*[@id='siteSub' or @id='siteNotice' or contains(@class, 'printfooter')]",
    "footer": "//footer | //*[@id='footer' or @role='contentinfo']",
}  # fmt: skip
_REGEXP = {"re": "http://exslt.org/regular-expressions"}


def residue(body: bytes, article: Article) -> list[str]:
    """What of the page's furniture stands in the article's sections, as "kind: text"; none is clean."""
    tree = html.fromstring(body, parser=html.HTMLParser(encoding="utf-8"))
    lines = [line for section in article.sections for line in (section.heading or "", *section.text.split("\n"))]
    labels = _edit_labels(tree)
    found = [f"edit link: {line}" for line in lines if _has_edit_mark(line, labels)]
    running = frozenset(_windows(_folded(" ".join(lines)).split()))
    single = Counter(_folded(cell) for line in lines for cell in line.lstrip("-# ").split(" | "))
    pieces = {kind: tree.xpath(path, namespaces=_REGEXP) for kind, path in FURNITURE.items()}
    rest = _rest(tree, {node for nodes in pieces.values() for node in nodes})
    for kind, nodes in pieces.items():
        texts = (_folded(" ".join(node.xpath(READ))) for node in nodes)
        found += [f"{kind}: {text[:60]}" for text in texts if text and _stands(text, single, running, rest)]
    return found


class _Rest(NamedTuple):
    """The text of the page that stands in no furniture: what the article may say as well."""

    text: str
    windows: frozenset[str]


def _rest(tree: html.HtmlElement, furniture: set[html.HtmlElement]) -> _Rest:
    inside: set[html.HtmlElement] = set()
    texts: list[str] = []
    for node in tree.iter():
        above = node.getparent()
        if node in furniture or above in inside:
            inside.add(node)
        if node not in inside and node.tag not in ("script", "style"):
            texts.append(node.text or "")
        if above not in inside:
            texts.append(node.tail or "")
    text = _folded(" ".join(texts))
    return _Rest(f" {text} ", frozenset(_windows(text.split())))


def _edit_labels(tree: html.HtmlElement) -> frozenset[str]:
    """The texts of the links that open an editor for a section."""
    links = tree.xpath("//a[contains(@href, 'action=edit') and contains(@href, 'section=')]"
                       "[not(contains(@href, 'section=new'))]")
    return frozenset(text for link in links if (text := _folded(link.text_content())))


def _has_edit_mark(line: str, labels: frozenset[str]) -> bool:
    """Whether an edit label stands in brackets, or alone."""
    words = _folded(line)
    return words in labels or any(f"[{label}" in line or f"{label}]" in line for label in labels)


def _stands(text: str, single: Counter[str], running: frozenset[str], rest: _Rest) -> bool:
    """Whether the text is found more often than the page has it elsewhere.

    A short one is looked for as a line or a cell of its own, a long one by most of its windows.
    """
    if len(words := text.split()) < _WINDOW:
        return single[text] > rest.text.count(f" {text} ")
    windows = [window for window in _windows(words) if window not in rest.windows]
    return sum(window in running for window in windows) > _SHARE * max(len(windows), 1)


def _windows(words: list[str]) -> Iterator[str]:
    return (" ".join(words[at:at + _WINDOW]) for at in range(len(words) - _WINDOW + 1))


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
