"""Counting words in any script.

A word is what white space separates. Two exceptions: the mark between table cells, ` | `, is none; and in
scripts written without spaces each Han ideograph and each kana is a word, and each started run of five Thai,
Lao, Burmese or Khmer code points (their words are four to five long on average). CJK and full-width
punctuation separates words and is none.
"""

import re

_CELL_MARK = "|"
_PUNCTUATION = re.compile(
    "[\u3000-\u3004\u3008-\u303f\u30fb\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+"
)
_IDEOGRAPHS = re.compile(
    "[\u3005-\u3007\u3041-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003ffff]+"
)
_LETTERS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{1,5}")
# UTF-8 begins every code point above with one of these bytes; a text without them needs no pattern.
_NO_IDEOGRAPH = bytes(set(range(256)) - {*range(0xE3, 0xEA), 0xEF, 0xF0})
_NO_LETTER = bytes(set(range(256)) - {0xE0, 0xE1})


def word_count(text: str) -> int:
    """Number of words in `text`, by the rule above."""
    return _spaced_count(text) if text.isascii() else _mixed_count(text)


def _mixed_count(text: str) -> int:
    utf8 = text.encode("utf-8", "replace")
    words = 0
    if utf8.translate(None, _NO_IDEOGRAPH):
        rest, runs = _IDEOGRAPHS.subn(" ", text)
        words += len(text) - len(rest) + runs
        text = _PUNCTUATION.sub(" ", rest)
    if utf8.translate(None, _NO_LETTER):
        text, chunks = _LETTERS.subn(" ", text)
        words += chunks
    return words + _spaced_count(text)


def _spaced_count(text: str) -> int:
    words = text.split()
    return len(words) - words.count(_CELL_MARK) if _CELL_MARK in text else len(words)
