"""Corpus: any number of made-up pages, no two with the same text, written as JSON Lines one after another.

Their markup is that of the example encyclopedia's articles, block by block; every word is drawn anew from all the
words of the example, as often as they are used there, so that what compresses well in one of them does not because
it stood in another one already.
"""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "examples" / "encyclopedia" / "pages"

_MARKUP = re.compile(r"(<[^>]*>|&[^;\s]+;)")
_WORD = re.compile(r"[^\W\d_]{3,}")
_HEAD = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} - Scale</title>'
    '<meta name="generator" content="MediaWiki 1.44.0"><link rel="canonical" href="{url}"></head>'
    '<body class="mediawiki ltr ns-0"><h1 id="firstHeading">{title}</h1><div id="mw-content-text">'
    '<div class="mw-parser-output">'
)
_FOOT = '</div></div><div id="footer"><ul><li>This page was last edited on 1 May 2026.</li></ul></div></body></html>'


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of page, by the bytes of HTML it has at least and at most."""

    name: str
    least: int
    most: int


SMALL = Kind(name="small", least=1_000, most=8_000)
REAL = Kind(name="real", least=20_000, most=300_000)


def write(path: Path, kind: Kind, count: int) -> int:
    """Write `count` pages, columns `url` and `html`; gives the bytes of HTML in them."""
    total = 0
    with path.open("w", encoding="utf-8") as file:
        for url, html in pages(kind, count):
            file.write(json.dumps({"url": url, "html": html}, ensure_ascii=False) + "\n")
            total += len(html.encode())
    return total


def pages(kind: Kind, count: int) -> Iterator[tuple[str, str]]:
    """Address and HTML of each page; the same ones every time."""
    for number in range(count):
        drawn = random.Random(f"{kind.name}/{number}")  # noqa: S311 - no secret
        yield _page(number, drawn, drawn.randint(kind.least, kind.most))


def _page(number: int, drawn: random.Random, size: int) -> tuple[str, str]:
    title = f"{drawn.choice(_words()).capitalize()} {number}"
    url = f"https://scale.example/wiki/{title.replace(' ', '_')}"
    parts = [_HEAD.format(title=title, url=url)]
    left = size - len(parts[0]) - len(_FOOT)
    misses = 0
    while misses < 8:
        block = drawn.choice(_blocks())
        if len(block) <= left:
            parts.append(_said_anew(block, drawn))
            left -= len(block)
        else:
            misses += 1
    return url, "".join([*parts, _FOOT])


def _said_anew(block: str, drawn: random.Random) -> str:
    """The same markup with other words."""
    parts = _MARKUP.split(block)
    words = iter(drawn.choices(_words(), k=sum(len(_WORD.findall(text)) for text in parts[::2])))
    parts[::2] = [_WORD.sub(lambda _: next(words), text) for text in parts[::2]]
    return "".join(parts)


@cache
def _blocks() -> list[str]:
    """The blocks of the example's English articles: paragraphs, headings, lists, tables, boxes."""
    found = []
    for path in sorted(EXAMPLE.glob("*.html")):
        tree = LexborHTMLParser(path.read_bytes())
        root = tree.css_first(".mw-parser-output")
        if root is not None and (tree.html or "").find('lang="en"') != -1:
            found += [each.html or "" for each in root.iter()]
    return [each for each in found if each]


@cache
def _words() -> list[str]:
    """Every word of those blocks, as often as it stands there."""
    return [word for block in _blocks() for text in _MARKUP.split(block)[::2] for word in _WORD.findall(text)]
