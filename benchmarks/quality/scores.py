"""The figures, each between 0 and 1 unless it says otherwise. Pure functions of a reading and its gold."""

import re
from dataclasses import dataclass

from .gold import Gold, normal_tex
from .reading import Grid, Reading, Words, typed_words, words
from .residue import residue

NOTE_MARK = re.compile(r"\[[^\[\]]*\d+\]")


@dataclass(frozen=True)
class Scores:
    """The figures of one extractor on one page. None where the page has no such gold, or the extractor no such row.

    `tables` and `formulas` are (found, of how many); `residue` is a number of pieces.
    """

    tree: float | None
    headings: float | None
    words: float
    blocks: float | None
    loss: float | None
    tables: tuple[int, int] | None
    formulas: tuple[int, int] | None
    snippets: tuple[int, int] | None
    residue: int


def scores_of(reading: Reading, gold: Gold) -> Scores:
    """All figures of one reading."""
    found = [(block.level, heading_text(block.text)) for block in reading.blocks if block.type == "heading"]
    return Scores(
        tree=tree_match(found, gold) if reading.headings else None,
        headings=heading_f1(found, gold) if reading.headings else None,
        words=words_of(reading, gold),
        blocks=blocks_f1(reading, gold) if reading.typed else None,
        loss=loss_of(reading, gold),
        tables=table_match(reading.tables, gold.tables) if reading.tables is not None else None,
        formulas=formula_recall(reading.text, gold.formulas),
        snippets=snippet_match(reading.text, gold.wanted, gold.unwanted),
        residue=len(residue(reading.text, gold.allowed, gold.furniture)),
    )


def heading_text(text: str) -> str:
    """A heading as it is compared: white space collapsed, note marks gone."""
    return " ".join(NOTE_MARK.sub("", text).split())


def without_title(found: list[tuple[int, str]], gold: Gold) -> list[tuple[int, str]]:
    """Headings without the page's title before them, which an extractor may print or not."""
    titled = bool(found) and found[0][0] == 1 and found[0] not in gold.headings
    return found[1:] if titled else found


def tree_match(found: list[tuple[int, str]], gold: Gold) -> float:
    """Heading tree: 1 if all headings are there, in order, each with level and text, and none besides; else 0."""
    right = [(level, heading_text(text)) for level, text in gold.headings]
    return float(without_title(found, gold) == right)


def heading_f1(found: list[tuple[int, str]], gold: Gold) -> float | None:
    """Headings: F1 = 2·common ÷ (found + gold) over the multisets of (level, text)."""
    if not gold.headings:
        return None
    as_words = [f"{level} {heading_text(text)}" for level, text in gold.headings]
    ours = [f"{level} {text}" for level, text in without_title(found, gold)]
    return f1(Words(ours), Words(as_words), Words())


def f1(found: Words, wanted: Words, aside: Words) -> float:
    """F1 = 2·P·R ÷ (P + R) over multisets; 1 where both are empty.

    R = common ÷ wanted. P = common ÷ found, where what is found beyond the common part does not count as far as it
    is among `aside`.
    """
    common = found & wanted
    beyond = found - common
    counted = common.total() + (beyond - aside).total()
    return 2 * common.total() / (counted + wanted.total()) if counted or wanted else 1.0


def words_of(reading: Reading, gold: Gold) -> float:
    """Word-F1 over the words of the article, aside's words neither wanted nor counted against."""
    return f1(words(reading.text), words(gold.text), words(gold.aside))


def blocks_f1(reading: Reading, gold: Gold) -> float:
    """Block types: F1 over (type, word): a word counts as found only where it stands in a block of its gold type.

    Types are heading, paragraph, list, table, quote, code. Words of aside, and of tables that may as well lay the
    page out as hold data, are left out under whatever type.
    """
    doubtful = "\n".join(block.text for block in gold.blocks if block.type == "layout")
    found = typed_words(reading.blocks)
    wanted = typed_words(tuple(block for block in gold.blocks if block.type != "layout"))
    beyond = found - (found & wanted)
    return f1(found, wanted, _as_typed(beyond, words(f"{gold.aside}\n{doubtful}")))


def _as_typed(beyond: Words, aside: Words) -> Words:
    """The part of `beyond` (type:word) whose words are among `aside`."""
    left = aside.copy()
    allowed = Words()
    for typed, count in beyond.items():
        word = typed.partition(":")[2]
        allowed[typed] = min(count, left[word])
        left[word] -= allowed[typed]
    return +allowed


def loss_of(reading: Reading, gold: Gold) -> float | None:
    """Loss: the share of the article's words (a multiset) that is missing from the text."""
    wanted = words(gold.text)
    if not wanted:
        return None
    return (wanted - words(reading.text)).total() / wanted.total()


def table_match(found: tuple[Grid, ...], wanted: tuple[Grid, ...]) -> tuple[int, int] | None:
    """Tables: how many gold grids there are among the found ones, each used once, equal in every cell's words."""
    if not wanted:
        return None
    left = list(found)
    matched = 0
    for grid in wanted:
        if grid in left:
            left.remove(grid)
            matched += 1
    return matched, len(wanted)


def formula_recall(text: str, wanted: tuple[str, ...]) -> tuple[int, int] | None:
    """Formulas: how many of a page's distinct formulas stand in the text as TeX, white space ignored."""
    if not wanted:
        return None
    squeezed = re.sub(r"\s+", "", text)
    return sum(normal_tex(each) in squeezed for each in wanted), len(wanted)


def snippet_match(text: str, wanted: tuple[str, ...], unwanted: tuple[str, ...]) -> tuple[int, int] | None:
    """Snippets: wanted ones that are in the text plus unwanted ones that are not, by letters and digits alone."""
    if not wanted and not unwanted:
        return None
    letters = "".join(filter(str.isalnum, text))
    right = sum(_letters(each) in letters for each in wanted) + sum(_letters(each) not in letters for each in unwanted)
    return right, len(wanted) + len(unwanted)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
