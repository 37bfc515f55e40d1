"""Edit marks: the "[edit | edit source]" that text extractors leave behind a heading, in any language.

`editwords.json` holds the words of MediaWiki's edit links by language code: `edit` as `editsection` has
them, `source` as `visualeditor-ca-editsource-section` has them, with what single wikis say instead.
"""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).resolve().with_name("editwords.json")
_OPEN = "[［"    # noqa: RUF001 - full-width, as Chinese and Japanese wikis write them
_CLOSE = "]］"   # noqa: RUF001
BRACKETS, CLOSING = tuple(_OPEN), tuple(_CLOSE)
_DIVIDER = re.compile("[|｜]")  # noqa: RUF001


def split_edit_mark(line: str) -> tuple[str, str]:
    """`line` without the edit marks at its end, and these marks; ("", mark) if it is nothing else.

    A mark is a pair of brackets, plain or full-width, with one or two edit links and nothing besides.
    Other brackets ("array[0]", "[sic]") stay.
    """
    rest = line.rstrip()
    while (start := _last_mark(rest)) is not None:
        rest = rest[:start].rstrip()
    return rest, line[len(rest):].strip()


def split_leading_edit_mark(line: str) -> tuple[str, str]:
    """`line` without the edit mark at its beginning, and this mark: where it stood until MediaWiki 1.21 (2013)."""
    text = line.lstrip()
    end = min((at for close in _CLOSE if (at := text.find(close)) > 0), default=-1)
    if not text.startswith(BRACKETS) or not _is_edit(text[1:end]):
        return line, ""
    return text[end + 1:].lstrip(), text[:end + 1]


def _last_mark(line: str) -> int | None:
    """Where the edit mark begins that ends `line`, if one does."""
    if not line.endswith(CLOSING):
        return None
    start = max(map(line.rfind, _OPEN))
    return start if start >= 0 and _is_edit(line[start + 1:-1]) else None


def _is_edit(inside: str) -> bool:
    """Whether the brackets hold edit words; beside a known "edit source" any short word may stand."""
    edit, source = _words()
    links = [_key(link) for link in _DIVIDER.split(inside)]
    if all(link in edit or link in source for link in links):
        return len(links) < 3
    return len(links) == 2 and links[1] in source and 0 < len(links[0]) < 30


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    """The words for "edit" and for "edit source", folded."""
    table = json.loads(_TABLE.read_text(encoding="utf-8"))
    edit, source = (
        frozenset(_key(word) for words in table[name].values() for word in words)
        for name in ("edit", "source")
    )
    return edit, source


def _key(word: str) -> str:
    return " ".join(unicodedata.normalize("NFC", word).casefold().split())
