"""Menus of languages, told from lists of languages."""

import pytest

from sectionary.cleaners.languagemenu import menu_lines

MENU = ["Deutsch,", "français,", "中文,", "日本語,", "한국어,", "русский,", "Ελληνικά,", "ไทย"]


def test_a_run_of_names_in_many_scripts_is_a_menu() -> None:
    assert menu_lines(["The tide rises.", *MENU, "It falls."]) == frozenset(range(1, 9))


def test_titles_of_groups_belong_to_the_menu() -> None:
    lines = [*MENU[:2], "East Asian", *MENU[2:5], "Other languages", *MENU[5:]]
    assert menu_lines(lines) == frozenset(range(10))


def test_a_menu_may_be_one_line_or_a_list() -> None:
    assert menu_lines(["Deutsch · français · 中文 · 日本語 · 한국어 · русский · Ελληνικά · ไทย"]) == {0}
    assert menu_lines([f"- {name}" for name in MENU]) == frozenset(range(8))


@pytest.mark.parametrize(
    "lines",
    [
        MENU[:7],
        ["German", "French", "Chinese", "Japanese", "Korean", "Russian", "Greek", "Thai", "Dutch"],
        [line for name in MENU for line in (name, "is a language", "of many people")],
        [line for name in MENU for line in (name, "which is spoken by a great many people in this world")],
        [],
    ],
)
def test_anything_less_is_text(lines: list[str]) -> None:
    assert menu_lines(lines) == frozenset()
