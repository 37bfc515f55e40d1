"""Numerals: how the items of an ordered list are numbered (HTML Standard, 4.4.5; CSS Counter Styles 3, section 6)."""

import re

from selectolax.lexbor import LexborNode

from sectionary.cleaners.selector import Attributes

_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*[^;]*?\b(lower|upper)-(alpha|latin|roman|greek)", re.IGNORECASE)
_TYPES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LETTERS = {"alpha": "abcdefghijklmnopqrstuvwxyz", "greek": "αβγδεζηθικλμνξοπρστυφχψω"}
_LETTERS["latin"] = _LETTERS["alpha"]
_MOST = 4_000                            # beyond it no list is numbered in letters


class Numbering:
    """Counts the items of one ordered list."""

    __slots__ = ("_number", "_step", "_style")

    def __init__(self, first: int, step: int, style: str) -> None:
        self._number = first
        self._step = step
        self._style = style

    def marker(self, attributes: Attributes) -> str:
        """What stands before the next item: its number, which a value may set anew, and a point."""
        value = attributes.get("value")
        if value:
            self._number = _integer(value, self._number)
        number = self._number
        self._number += self._step
        return f"{numeral(number, _style(attributes) or self._style)}."


def numbering(node: LexborNode, attributes: Attributes) -> Numbering:
    """The numbering of a list. A reversed one without a start counts down from the number of its items."""
    reversed_ = "reversed" in attributes
    start = attributes.get("start")
    first = _integer(start, 1) if start else sum(1 for item in node.iter() if item.tag == "li") if reversed_ else 1
    return Numbering(first, -1 if reversed_ else 1, _style(attributes) or _style_around(node))


def numeral(number: int, style: str) -> str:
    """A number in a style, `numeral(3, "lower-alpha")` is c; without one, or out of its range, in digits."""
    case, _, system = style.partition("-")
    if not 0 < number < _MOST or not system:
        return str(number)
    text = _roman(number) if system == "roman" else _lettered(number, _LETTERS[system])
    return text.upper() if case == "upper" else text


def _lettered(number: int, letters: str) -> str:
    """From a to z, then aa, ab."""
    text = ""
    while number:
        number, letter = divmod(number - 1, len(letters))
        text = letters[letter] + text
    return text


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def _style(attributes: Attributes) -> str:
    """The style that the attributes of a list or an item ask for, or ""."""
    stated = attributes.get("type")
    if stated and stated in _TYPES:
        return _TYPES[stated]
    found = _STYLE.search(attributes.get("style") or "")
    return f"{found[1]}-{found[2]}".lower() if found else ""


def _style_around(node: LexborNode) -> str:
    """The style of the element right around, from which lists inherit it."""
    around = node.parent
    return _style(around.attributes) if around is not None and around.tag == "div" else ""


def _integer(value: str, otherwise: int) -> int:
    value = value.strip()
    return int(value) if value.removeprefix("-").isdecimal() and len(value) < 10 else otherwise
