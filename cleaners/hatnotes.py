"""Hatnotes: lines that send the reader elsewhere, and which kind each is, told by its words in many languages."""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path

from selectolax.lexbor import LexborNode

from sectionary.cleaners.fields import Hatnote
from sectionary.cleaners.lists import list_block
from sectionary.cleaners.sections import links
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.visible import visible_text
from sectionary.cleaners.walk import Walk

_TABLE = Path(__file__).resolve().with_name("hatnotes.json")
_LONGEST = 200                           # characters of a hatnote that no class tells
_GAP = "\N{HORIZONTAL ELLIPSIS}"         # stands for any words in a phrase of the table
_BEFORE = r"\W*"                          # arrows, bullets and quotation marks before the first word


def hatnote(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """A line that sends the reader elsewhere."""
    known = len(walk.sections[-1].images)
    run = walk.run(node)
    del walk.sections[-1].images[known:]     # icons
    text = walk.told("hatnotes", run)
    if text:
        walk.fields.hatnotes.append(
            Hatnote(
                section_index=walk.section_index,
                kind=kind(text, attributes.get("class") or ""),
                text=text,
                links=links(run),
            )
        )


def indented(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """A list of definitions; or a hatnote of the time before they had a class, when one was an indented line.

    It stands before the words of its section, sends the reader elsewhere by the words that hatnotes begin with, and
    has nothing beside it.
    """
    named = "hatnote" in walk.rules.spec.fields and not walk.nested
    if named and not any(draft.run.text for draft in walk.blocks if draft.type != "figure") and _sends_elsewhere(node):
        walk.end_paragraph()
        hatnote(walk, node, attributes)
    else:
        list_block(walk, node, attributes)


def _sends_elsewhere(node: LexborNode) -> bool:
    entries = list(node.iter())
    text = visible_text(node).strip()
    return (
        len(entries) == 1
        and entries[0].tag == "dd"
        and len(text) <= _LONGEST
        and node.css_first("a[href]") is not None
        and node.css_first("dd dl, ul, ol, table") is None
        and kind(text) != "other"
    )


def kind(text: str, classes: str = "") -> str:
    """What a hatnote is for: main, see_also, further, redirect, about or other.

    `about` says which subject of several the page is on: other uses, what it is not to be confused with. A class of
    the element counts before the words; these may be of any language, at the hatnote's beginning, or with … in the
    table, anywhere.
    """
    by_class, by_words = _table()
    named = next((by_class[name] for name in classes.split() if name in by_class), None)
    folded = _folded(text)
    return named or next((name for name, words in by_words.items() if words.match(folded)), "other")


@cache
def _table() -> tuple[dict[str, str], dict[str, re.Pattern[str]]]:
    """The kind of each class, and for each kind, the one asked first first, a pattern of its phrases."""
    table = json.loads(_TABLE.read_text(encoding="utf-8"))
    by_class = {name: of for of, names in table.pop("classes").items() for name in names}
    return by_class, {name: _pattern(languages) for name, languages in table.items()}


def _pattern(languages: dict[str, list[str]]) -> re.Pattern[str]:
    phrases = {phrase for phrases in languages.values() for phrase in phrases}
    alternatives = [".*?".join(map(re.escape, _folded(phrase).split(_GAP))) for phrase in sorted(phrases)]
    return re.compile(f"{_BEFORE}(?:{'|'.join(alternatives)})", re.DOTALL)


def _folded(text: str) -> str:
    plain = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("\uff1a", ":").replace("\u00a0", " ")
    return unicodedata.normalize("NFC", plain).casefold()
