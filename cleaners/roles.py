"""Roles: what a section is for, told by its heading in any language that `roles.json` knows."""

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).resolve().with_name("roles.json")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u0640\u064b-\u0652]")


def role(heading: str, language: str | None = None) -> str:
    """The role of a section with this heading; "body" where no table knows it.

    One of body, see_also, notes, references, bibliography, further_reading, external_links, gallery (the lead
    has no heading). The heading must be one of the table's as a whole; letter case, outer white space, a
    final colon, Arabic vowel marks and invisible characters do not count. `language` (BCP 47) decides where
    two languages disagree, as Japanese and Chinese do about 参考文献; without it the table's first role holds.
    """
    by_language, by_heading = _tables()
    key = _key(heading)
    if language and (known := by_language.get((language.lower().partition("-")[0], key))):
        return known
    return by_heading.get(key, "body")


@cache
def _tables() -> tuple[dict[tuple[str, str], str], dict[str, str]]:
    by_language: dict[tuple[str, str], str] = {}
    by_heading: dict[str, str] = {}
    for name, language, heading in _entries():
        by_language.setdefault((language, _key(heading)), name)
        by_heading.setdefault(_key(heading), name)
    return by_language, by_heading


def _entries() -> Iterator[tuple[str, str, str]]:
    """Role, language code and heading of each entry, in the table's order."""
    table = json.loads(_TABLE.read_text(encoding="utf-8"))
    for name, languages in table.items():
        for language, headings in languages.items():
            for heading in headings:
                yield name, language, heading


def _key(heading: str) -> str:
    folded = unicodedata.normalize("NFC", _INVISIBLE.sub("", heading)).casefold()
    words = folded.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split()
    return " ".join(words).rstrip(":：").rstrip()  # noqa: RUF001 - the full-width colon of Chinese text
