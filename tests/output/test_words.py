"""Counting words in any script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sectionary.output.words import word_count


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("two words", 2),
        ("a well-known 3.5 km/h", 4),
        ("don't\n\nstop", 2),
        ("cell | cell | ", 2),
        ("naïve café \u2013 fin", 4),
        ("हिन्दी भाषा", 2),
        ("עברית היא שפה", 3),
        ("猫", 1),
        ("日本語、カタカナ。", 7),
        ("東京 Tower", 3),
        ("中文 English 中文", 5),
        ("한국어 문장", 2),
        ("ภาษาไทย", 2),
        ("မြန်မာ", 2),
        ("「」、。", 0),
        ("\U00020000\U00020001", 2),
    ],
)
def test_a_word_is_what_white_space_parts_and_each_ideograph(text: str, words: int) -> None:
    assert word_count(text) == words


@given(st.text(), st.text())
def test_words_of_two_texts_add_up(one: str, other: str) -> None:
    assert word_count(f"{one}\n{other}") == word_count(one) + word_count(other)


def test_a_lone_surrogate_does_not_stop_the_count() -> None:
    assert word_count("a \ud800 b") == 3
