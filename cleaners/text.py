"""Text mode: articles that an extractor has already made plain text of, one document a file.

Such text has lost its markup, so only what still shows is used. An edit mark at a line's end (or, on old wikis,
at its beginning) makes a heading, of level 2, since flat text has no levels. Where no mark is left, only a line
that is the usual name of a section in some language ("References", "Siehe auch") is one; no other heading is
guessed. The first line is the title, everything before the first heading is the lead. What a site leaves around
its articles is told by `TextRule`s; every character of the input is in the article or counted under one of its
removals.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated, NamedTuple
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from pydantic import AfterValidator, BaseModel, ConfigDict

from sectionary.cleaners.editmark import split_edit_mark, split_leading_edit_mark
from sectionary.cleaners.fields import Removal
from sectionary.cleaners.languagemenu import menu_lines
from sectionary.cleaners.roles import role
from sectionary.cleaners.section import Block, Section
from sectionary.cleaners.textblocks import TextLine, is_item, text_blocks, text_lines, visible
from sectionary.cleaners.textowners import Owners
from sectionary.cleaners.trace import Trace
from sectionary.scraper.errors import CleanError

_TITLE_BYTES = 255  # MediaWiki's limit for a page title (Manual:Page title)
_SENTENCE = 60      # a line longer than this that ends like a sentence is no title and no heading
_STOPS = (".", ":", ";", ",", "…", "。", "：", "۔", "।")   # noqa: RUF001
_SENTENCE_END = (*_STOPS, "!", "?", "！", "？", "؟")        # noqa: RUF001
_GROUPS = {"contributors"}
_NO_WORDS = "[]"    # what is left of an edit link that was a picture, as on Fandom
_CODE = re.compile(r"[(){};=<>\\\[\]]|\w\.\w")
_PICTURES = 2       # lines with such marks that make them marks; code has brackets, too ("char[]")


def _is_regex(pattern: str) -> str:
    """`pattern` if it compiles and names no group but those that are fields; ValueError otherwise."""
    try:
        unknown = set(re.compile(pattern).groupindex) - _GROUPS
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from None
    if unknown:
        raise ValueError(f"{pattern!r}: no field is called {min(unknown)}; known: {', '.join(_GROUPS)}")
    return pattern


Pattern = Annotated[str, AfterValidator(_is_regex)]


class TextRule(BaseModel):
    """One kind of furniture in a site's text, taken away under the id `rule`.

    `pattern` is a regular expression for a whole line, white space folded to single spaces. With `until`,
    the lines after it go too, up to the line before the first one that `until` matches; if there is none,
    only the first line goes, so that a changed site costs residue and never the article. What a group named
    `contributors` matches becomes that field (names set apart by semicolons); the rest of the line goes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str
    pattern: Pattern
    until: Pattern | None = None


class _Part(NamedTuple):
    """A section under way; `heading` is None for the lead."""

    heading: str | None
    lines: list[TextLine]


class _Hit(NamedTuple):
    """A rule, the line that it matched, and what the line says for a field."""

    rule: TextRule
    line: TextLine
    contributors: list[str]


class _Reading:
    """What has been taken out of the text so far: fields, removals as rule -> [count, characters], and the owners."""

    def __init__(self, text: str) -> None:
        self.owners = Owners(text)
        self.removed: dict[str, list[int]] = {}
        self.contributors: list[str] = []

    def remove(self, rule: str, chars: int) -> None:
        """Count a removal of `chars` visible characters."""
        count = self.removed.setdefault(rule, [0, 0])
        count[0] += 1
        count[1] += chars

    def credit(self, hit: _Hit) -> None:
        """Put the new names of `hit` into the field, and take them back from what its rule removed."""
        names = [name for name in dict.fromkeys(hit.contributors) if name not in self.contributors]
        self.contributors += names
        self.removed[hit.rule.rule][1] -= sum(map(visible, names))
        self.owners.names(names, hit.line, hit.rule.rule)

    def removals(self) -> tuple[Removal, ...]:
        return tuple(
            Removal(rule=rule, count=count, chars=chars)
            for rule, (count, chars) in sorted(self.removed.items())
        )


class Reading(Struct, frozen=True, kw_only=True):
    """What a text says: the parts of an article that text can show."""

    title: str
    dir: str
    sections: tuple[Section, ...]
    contributors: tuple[str, ...]
    removals: tuple[Removal, ...]
    warnings: tuple[str, ...]
    trace: Trace


def read_text(
    text: str,
    *,
    url: str = "",
    title: str | None = None,
    language: str | None = None,
    rules: Sequence[TextRule] = (),
) -> Reading:
    """The article in `text`. `rules` say what its site leaves around articles, in order of precedence.

    The title is `title` where given (a first line that repeats it is the title line), else the first line if
    it can be one (`_is_title`), else the last part of `url`. Raises CleanError ("empty") where nothing but
    furniture is left.
    """
    reading = _Reading(text)
    lines = _without_furniture(text, rules, reading)
    found, rest = _split_title(lines, title)
    reading.owners.lines("field:title", lines[: len(lines) - len(rest)])
    sections = [_section(index, part, language, reading) for index, part in enumerate(_parts(rest, reading))]
    if not any(section.text or section.heading for section in sections):
        raise CleanError(url, "empty")
    name = title or found or _title_in(url)
    return Reading(
        title=name,
        dir=direction(text),
        sections=tuple(sections),
        contributors=tuple(reading.contributors),
        removals=reading.removals(),
        warnings=() if name else ("title: none",),
        trace=reading.owners.trace(),
    )


def known_lines(text: str, rules: Sequence[TextRule]) -> int:
    """How many lines of `text` a site's rules match: tells whose text it is where no address does."""
    return sum(_matching(line, rules) is not None for line in text_lines(text))


def _without_furniture(text: str, rules: Sequence[TextRule], reading: _Reading) -> list[TextLine]:
    """The lines of the article: no blank ones, no furniture that a rule knows, no language menus."""
    lines = list(text_lines(text))
    kept: list[TextLine] = []
    index = 0
    while index < len(lines):
        hit = _matching(lines[index], rules)
        if hit is None:
            kept.append(lines[index])
            index += 1
            continue
        end = _end(lines, index, hit.rule.until)
        for line in lines[index:end]:
            reading.remove(hit.rule.rule, visible(line.text))
        reading.credit(hit)
        reading.owners.lines(f"removal:{hit.rule.rule}", lines[index + 1 : end])
        index = end
    return _without_menus(kept, reading)


def _matching(line: TextLine, rules: Sequence[TextRule]) -> _Hit | None:
    """The first rule that matches `line`, and the contributors it names."""
    for rule in rules:
        if found := _compiled(rule.pattern).fullmatch(line.text):
            names = (found.groupdict().get("contributors") or "").split(";")
            return _Hit(rule, line, [name for part in names if (name := part.strip())])
    return None


def _end(lines: Sequence[TextLine], start: int, until: str | None) -> int:
    """The index behind the last line that goes with the one at `start`."""
    following = range(start + 1, len(lines)) if until else ()
    ends = (index for index in following if _compiled(until or "").fullmatch(lines[index].text))
    return next(ends, start + 1)


def _without_menus(lines: list[TextLine], reading: _Reading) -> list[TextLine]:
    """`lines` without the language menus behind the last heading; lists in the article are its own."""
    wordless = _has_wordless_marks(lines)
    marked = (index for index, line in enumerate(lines) if _split_mark(line.text, wordless=wordless)[1])
    tail = max(marked, default=-1) + 1
    menu = {tail + index for index in menu_lines([line.text for line in lines[tail:]])}
    for index in sorted(menu):
        reading.remove("text.language-menu", visible(lines[index].text))
        reading.owners.lines("removal:text.language-menu", [lines[index]])
    return [line for index, line in enumerate(lines) if index not in menu]


def _split_title(lines: list[TextLine], given: str | None) -> tuple[str | None, list[TextLine]]:
    """The title if the first line is one, and the other lines."""
    first = lines[0].text if lines else ""
    is_title = _folded(first) == _folded(given) if given else _is_title(lines)
    return (first, lines[1:]) if is_title and first else (None, lines)


def _is_title(lines: Sequence[TextLine]) -> bool:
    """Whether the first line is the title: a line like a heading, unmarked, and followed by more."""
    if len(lines) < 2 or not split_edit_mark(lines[1].text)[0]:
        return False
    return not split_edit_mark(lines[0].text)[1] and _is_like_heading(lines[0].text)


def _is_like_heading(line: str) -> bool:
    """Whether a line can be a title or heading: no list item, no table row, no sentence, not too long."""
    if "|" in line or is_item(line) or len(line.encode()) > _TITLE_BYTES:
        return False
    return len(line) <= _SENTENCE or not line.endswith(_SENTENCE_END)


def _split_mark(line: str, *, wordless: bool) -> tuple[str, str]:
    """A heading and its edit mark, or the whole line and ""; brackets without words count where `wordless`."""
    rest, mark = split_edit_mark(line)
    if mark:
        return rest, mark
    rest, mark = split_leading_edit_mark(line)
    if mark and rest and _is_like_heading(rest) and not rest.endswith(_STOPS):
        return rest, mark
    return (line.removesuffix(_NO_WORDS).rstrip(), _NO_WORDS) if wordless and _is_wordless(line) else (line, "")


def _has_wordless_marks(lines: Sequence[TextLine]) -> bool:
    """Whether brackets without words mark headings: on several lines, where no mark has words."""
    found = {line.text for line in lines if _is_wordless(line.text)}
    return len(found) >= _PICTURES and not any(split_edit_mark(line.text)[1] for line in lines)


def _is_wordless(line: str) -> bool:
    """Whether a line may be a heading and a wordless mark: no code, no list item, no row."""
    heading = line.removesuffix(_NO_WORDS)
    return heading != line and heading[:1].isupper() and _is_like_heading(heading) and not _CODE.search(heading)


def _parts(lines: Sequence[TextLine], reading: _Reading) -> list[_Part]:
    """The lead and a part for each heading. A mark on its own line makes a heading of the line before.

    Without any mark, the usual names of sections are headings, if something stands above them.
    """
    parts = [_Part(None, [])]
    wordless = _has_wordless_marks(lines)
    split = [_split_mark(line.text, wordless=wordless) for line in lines]
    unmarked = not any(mark for _, mark in split)
    for line, (rest, mark) in zip(lines, split, strict=True):
        if mark:
            reading.remove("text.edit-marker", visible(mark))
            reading.owners.heading(f"heading:{len(parts)}", line, mark)
            _open_part(parts, rest, reading)
        elif unmarked and parts[0].lines and role(line.text) != "body":
            reading.owners.lines(f"heading:{len(parts)}", [line])
            parts.append(_Part(line.text, []))
        else:
            parts[-1].lines.append(line)
    return parts


def _open_part(parts: list[_Part], heading: str, reading: _Reading) -> None:
    """Open a section under `heading`; where a mark stands alone, under the line above it, if it can be one."""
    above = parts[-1].lines
    if heading:
        parts.append(_Part(heading, []))
    elif above and _is_like_heading(above[-1].text) and not above[-1].text.endswith(_STOPS):
        reading.owners.lines(f"heading:{len(parts)}", above[-1:])
        parts.append(_Part(above.pop().text, []))


def _section(index: int, part: _Part, language: str | None, reading: _Reading) -> Section:
    """The section of `part`; `index` is its place, 0 for the lead."""
    blocks = tuple(_blocks(index, part.lines, reading))
    return Section(
        heading=part.heading,
        level=2 if part.heading else 0,
        anchor=None,
        anchor_aliases=(),
        path=(),
        number=str(index) if part.heading else "",
        parent=None,
        role=role(part.heading, language) if part.heading else "lead",
        text="\n\n".join(block.text for block in blocks),
        blocks=blocks,
        links=(),
        citations=(),
        images=(),
        inline_tags=(),
    )


def _blocks(section: int, lines: Sequence[TextLine], reading: _Reading) -> Iterator[Block]:
    for found in text_blocks(lines):
        if found.rule:
            reading.remove(found.rule, found.chars)
        if found.block:
            yield found.block
        owner = f"block:{section}.{found.block.i}" if found.block else f"removal:{found.rule}"
        if found.block and found.block.table:
            reading.owners.rows(owner, found.lines, f"removal:{found.rule}")
        else:
            reading.owners.lines(owner, found.lines)


def _title_in(url: str) -> str:
    """What the address says of the title: its last part, with spaces for underscores, without ".txt"."""
    last = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    return last.removesuffix(".txt").replace("_", " ").strip()


def direction(text: str) -> str:
    """The direction of most letters that have one (Unicode Bidi_Class L, or R and AL)."""
    classes = [unicodedata.bidirectional(char) for char in text[:4000]]
    return "rtl" if classes.count("R") + classes.count("AL") > classes.count("L") else "ltr"


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
