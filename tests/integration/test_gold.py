"""The measures themselves: a ruler that is wrong proves nothing."""

import pytest
from gold import plain, without_removed, word_f1, words
from hypothesis import given
from hypothesis import strategies as st

TEXTS = st.text(alphabet="ab c")


@given(TEXTS)
def test_a_text_matches_itself_wholly(text: str) -> None:
    assert word_f1(words(text), words(text)) == 1.0


@given(TEXTS, TEXTS)
def test_the_measure_is_symmetric_and_between_none_and_all(one: str, other: str) -> None:
    assert 0.0 <= word_f1(words(one), words(other)) == word_f1(words(other), words(one)) <= 1.0


@pytest.mark.parametrize(
    ("ours", "gold", "expected"),
    [("a b c", "a b", 4 / 5), ("a a", "a", 2 / 3), ("a", "b", 0.0), ("", "a", 0.0), ("A", "a", 0.0)],
)
def test_each_word_too_many_and_each_word_missing_costs(ours: str, gold: str, expected: float) -> None:
    assert word_f1(words(ours), words(gold)) == pytest.approx(expected)


def test_only_what_textextracts_lists_is_taken_out_and_only_from_the_article() -> None:
    page = b"""<html><body><div id="siteNotice">notice</div><div id="mw-content-text">
        <div class="mw-parser-output"><p>one <sup class="reference">[1]</sup><b class="noprint x">two</b>
        three <sup>four</sup></p><div><p>five</p></div><table><tr><td>six</td></tr></table>
        <ul class="gallery"><li>seven</li></ul><ul><li>eight</li></ul></div></div></body></html>"""
    left = plain(without_removed(page).decode())
    assert left == "notice one three four eight"


def test_a_heading_line_of_the_api_becomes_plain_text() -> None:
    assert plain("<i>E</i>&#160;=&nbsp;mc<sup>2</sup> &amp; more") == "E = mc2 & more"
