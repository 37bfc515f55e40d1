"""Real pages that have gold, cleaned as if no rule knew their site, against trafilatura's own text of them.

Gold is of four kinds, and each is asked what it can answer. A wiki's own HTML and a reader's view hold the whole
article: words are compared both ways. Enterprise's gold holds its running text, no tables and no references: so is ours
compared. Wiktionary's gold holds a few fields of each entry, a reviewer's only sentences: what of it is found counts.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from trafilatura import extract

from sectionary.cleaners.article import Article, clean
from sectionary.cleaners.section import Block
from sectionary.scraper.page import Page

PARTS = 3                                # in which the saved pages are read, so that none takes long
_WITHOUT_SPACES = "[\u0e00-\u0fff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"  # Thai to Hangul: each
_WORD = re.compile(rf"{_WITHOUT_SPACES}|(?:(?!{_WITHOUT_SPACES})[^\W_])+")
_NO_ARTICLE = (
    "//script | //style | //comment() | //*[contains(@class, 'editsection') or contains(@class, 'cite-backlink')]"
    " | //*[@id='toc' or contains(concat(' ', @class, ' '), ' toc ') or contains(@class, 'navbox')]"
    " | //sup[contains(@class, 'reference') or a[contains(@href, '#cite_note')]] | //a[contains(@href, '#cite_ref')]"
    " | //*[contains(translate(@style, ' ', ''), 'display:none')]"
)
_BLOCKS = "//p | //div | //li | //td | //th | //h2 | //h3 | //h4 | //br | //dd | //dt | //caption"
_EDIT = re.compile(r"\[edit\]|\{?\\displaystyle")     # what a reader's view left of the wiki's interface


def words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


def f1(text: str, gold: str) -> float:
    """How well the words of a text are those of the gold, as often as they are there."""
    ours, theirs = words(text), words(gold)
    return 2 * (ours & theirs).total() / max(1, ours.total() + theirs.total())


def recall(text: str, gold: str) -> float:
    """How many words of the gold are in the text."""
    return (words(text) & words(gold)).total() / words(gold).total()


def whole(article: Article) -> str:
    """Headings and blocks; list markers are ours and on no page's account."""
    parts = ((section.heading or "", *map(plain, section.blocks)) for section in article.sections)
    return "\n".join(part for found in parts for part in found)


def plain(block: Block) -> str:
    return "\n".join(item.text for item in block.list.items) if block.list else block.text


def running(article: Article) -> str:
    """The same without tables and references, which a record tells apart."""
    kept = (section for section in article.sections if section.role != "references")
    parts = ((section.heading or "", *(plain(b) for b in section.blocks if b.type != "table")) for section in kept)
    return "\n".join(part for found in parts for part in found)


def text_of(markup: str) -> str:
    """What a reader of the HTML sees of the article, formulas by their alternative text."""
    tree = html.fromstring(f"<div>{markup}</div>")
    for node in tree.xpath(_NO_ARTICLE):
        node.drop_tree()
    for node in tree.xpath(_BLOCKS):
        node.tail = "\n" + (node.tail or "")
        node.text = "\n" + (node.text or "")
    formulas = tree.xpath("//img[contains(@class, 'tex') or contains(@alt, '\\')]/@alt")
    return _EDIT.sub(" ", "\n".join([tree.text_content(), *formulas]))


def strings(value: Any) -> Iterator[str]:
    """The strings in a JSON value."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, str):
        yield value
    for part in inner:
        yield from strings(part)


def parts(value: Any) -> Iterator[str]:
    """Names of sections and texts of Enterprise's parts."""
    for part in value if isinstance(value, list) else [value]:
        if part.get("type") == "section" and part.get("name") != "Abstract":
            yield part.get("name", "")
        if isinstance(part.get("value"), str):
            yield part["value"]
        yield from parts(part.get("has_parts") or [])


def mobile(said: dict[str, Any]) -> str:
    sections = [*said["lead"]["sections"], *said["remaining"]["sections"]]
    return "".join(f"<h2>{part.get('line', '')}</h2>{part.get('text', '')}" for part in sections)


def scored(name: str, gold: str, article: Article, theirs: str) -> tuple[float, float]:
    """Our score and theirs, by what this gold can tell."""
    if name.endswith(".html.gz"):
        return both(f1, whole(article), theirs, text_of(gold))
    said = json.loads(gold)
    if "article_sections" in said:
        return both(f1, running(article), theirs, "\n".join(parts(said["article_sections"])))
    if "lead" in said:
        return both(f1, whole(article), theirs, text_of(mobile(said)))
    if "text" in said:
        rendered = said["text"]["*"] if isinstance(said["text"], dict) else said["text"]
        return both(f1, whole(article), theirs, text_of(rendered))
    if name.startswith("wiktionary"):
        return both(recall, whole(article), theirs, "\n".join(strings(said)))
    (entry,) = said.values()
    return both(snippets, whole(article), theirs, json.dumps([entry["with"], entry["without"]]))


def both(score: Callable[[str, str], float], ours: str, theirs: str, gold: str) -> tuple[float, float]:
    return score(ours, gold), score(theirs, gold)


def snippets(text: str, gold: str) -> float:
    """Sentences that must be there, less those that must not."""
    wanted, unwanted = json.loads(gold)
    return float(sum(each in text for each in wanted) - sum(each in text for each in unwanted))


def gold_files(shared_pages: Path) -> list[Path]:
    return sorted(shared_pages.glob("*.gold.*"))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))
def test_an_unknown_page_is_never_read_worse_than_trafilatura_reads_it(shared_pages: Path, part: int) -> None:
    worse = []
    for path in gold_files(shared_pages)[part::PARTS]:
        body = gzip.decompress(path.with_name(re.sub(r"\.gold\.\w+\.gz$", ".html.gz", path.name)).read_bytes())
        theirs = extract(body.decode("utf-8", "replace")) or ""
        article = clean(Page(url="https://wiki.example/wiki/Page", body=body, rules="unknown"))
        ours, score = scored(path.name, gzip.decompress(path.read_bytes()).decode(), article, theirs)
        worse += [(path.name, round(ours, 3), round(score, 3))] * (ours < score)
    assert len(gold_files(shared_pages)) > 50
    assert worse == []
