"""Residue: furniture that is left in a text, found by the words that the page itself puts on its furniture.

No list of words is needed: each page shows what its edit links, its menus and its footers say, in its own
language. (The furniture's text comes from `gold`; a line that the article has, too, is no furniture.)
"""

import re
from collections import Counter
from collections.abc import Collection

SHORTEST = 3                                          # letters and digits; shorter lines are numbers and signs
EDIT_MARK = re.compile(r"\[[^\[\]]{2,80}\]")


def residue(text: str, article: str, furniture: Collection[str]) -> list[str]:
    """The pieces of furniture in a text: lines that only furniture has, and bracketed marks such as [edit]."""
    pieces = {key(line) for line in furniture} - {key(line) for line in lines(article)}
    pieces = {piece for piece in pieces if len(piece) >= SHORTEST and not piece.isdecimal()}
    whole = [line for line in lines(text) if key(line) in pieces]
    return whole + left_marks(text, article, furniture, whole)


def left_marks(text: str, article: str, furniture: Collection[str], counted: list[str]) -> list[str]:
    """The bracketed marks in a text that furniture consists of, beyond those of the article and of `counted`."""
    marks = {squeezed(line) for line in furniture if EDIT_MARK.fullmatch(line)}
    found = Counter(mark for each in EDIT_MARK.findall(text) if (mark := squeezed(each)) in marks)
    found.subtract(squeezed(each) for each in EDIT_MARK.findall(article) if squeezed(each) in marks)
    found.subtract(squeezed(each) for line in counted for each in EDIT_MARK.findall(line))
    return list((+found).elements())


def lines(text: str) -> list[str]:
    """The lines of a text, cells apart."""
    return [part.strip() for line in text.splitlines() for part in re.split(r"\s\|\s|\t", line) if part.strip()]


def key(line: str) -> str:
    """A line as its letters and digits, case folded: bullets, brackets and spaces do not tell lines apart."""
    return "".join(letter for letter in line.casefold() if letter.isalnum())


def squeezed(mark: str) -> str:
    """A mark without white space, case folded."""
    return "".join(mark.casefold().split())
