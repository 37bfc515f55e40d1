"""Edit marks behind headings, in any language."""

# ruff: noqa: RUF001 - other scripts are what is tested

import json
from pathlib import Path

import pytest

from sectionary.cleaners import editmark
from sectionary.cleaners.article import clean, page_of
from sectionary.cleaners.editmark import split_edit_mark, split_leading_edit_mark

TABLE = json.loads(Path(editmark.__file__).with_name("editwords.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("line", "heading", "mark"),
    [
        ("Causes[edit | edit source]", "Causes", "[edit | edit source]"),
        ("Causes [ edit ] ", "Causes", "[ edit ]"),
        ("Causes[edit source]", "Causes", "[edit source]"),
        ("Causes[edit source | edit]", "Causes", "[edit source | edit]"),
        ("Causes[edit][edit source]", "Causes", "[edit][edit source]"),
        ("Ursachen[Bearbeiten | Quelltext bearbeiten]", "Ursachen", "[Bearbeiten | Quelltext bearbeiten]"),
        ("Nedenler[değiştir | kaynağı değiştir]", "Nedenler", "[değiştir | kaynağı değiştir]"),
        ("原因［編集｜ソースを編集］", "原因", "［編集｜ソースを編集］"),
        ("الأسباب[عدل | عدل المصدر]", "الأسباب", "[عدل | عدل المصدر]"),
        ("Causes [a] [edit]", "Causes [a]", "[edit]"),
        ("[edit | edit source]", "", "[edit | edit source]"),
    ],
)
def test_a_mark_is_split_from_its_heading(line: str, heading: str, mark: str) -> None:
    assert split_edit_mark(line) == (heading, mark)


@pytest.mark.parametrize(
    "line",
    ["Causes", "array[0]", "He said [sic]", "see [edit] there", "edit]", "x[]", "x[edit|view|talk]", ""],
)
def test_other_brackets_stay(line: str) -> None:
    assert split_edit_mark(line) == (line, "")


def test_a_known_word_may_stand_beside_one_that_a_wiki_made_up() -> None:
    assert split_edit_mark("Causes[improve | edit source]") == ("Causes", "[improve | edit source]")
    assert split_edit_mark("Causes[improve | enlarge]") == ("Causes[improve | enlarge]", "")


@pytest.mark.parametrize("language", sorted(TABLE["edit"].keys() | TABLE["source"].keys()))
def test_the_edit_marks_of_every_language_are_split_from_headings(language: str) -> None:
    """Behind the heading with one link or two, in either order, and before it, as wikis had it until 2013."""
    edit, source = (TABLE[name].get(language, []) for name in ("edit", "source"))
    pairs = [f"{one} | {other}" for one in edit or ["edit"] for other in source]
    for inside in (*edit, *source, *pairs, *(" | ".join(reversed(pair.split(" | "))) for pair in pairs)):
        assert split_edit_mark(f"A[{inside}]") == ("A", f"[{inside}]")
        assert split_edit_mark(f"A ［{inside}］") == ("A", f"［{inside}］")
        assert split_leading_edit_mark(f"[{inside}] A") == ("A", f"[{inside}]")


def test_the_table_has_all_languages_that_visualeditor_is_translated_to() -> None:
    assert len(TABLE["source"]) >= 466


@pytest.mark.parametrize("line", ["[1] A note", "[sic] A", "edit] A", "[edit", "A [edit]", ""])
def test_a_line_that_begins_otherwise_has_no_leading_mark(line: str) -> None:
    assert split_leading_edit_mark(line) == (line, "")


def test_the_table_holds_words_only() -> None:
    words = [word for table in TABLE.values() for words in table.values() for word in words]
    assert [word for word in words if word != word.strip() or "{" in word or "|" in word or "[" in word] == []
    assert "ase" not in TABLE["source"]


STRIPPED = {
    "in the heading": "<h2>Cut[edit]</h2>",
    "linked in the heading": '<h2>Cut<span>[</span><a href="/e">edit</a><span>]</span></h2>',
    "in another language": '<h2>Cut[<a href="/e">Bearbeiten</a> | <a href="/s">Quelltext bearbeiten</a>]</h2>',
    "in a paragraph": "<h2>Cut</h2><p>[edit]</p>",
    "beside the heading": '<h2>Cut</h2><span>[<a href="/e">edit</a>]</span>',
}


@pytest.mark.parametrize("form", STRIPPED)
def test_an_edit_mark_without_its_classes_is_known_by_its_words(form: str) -> None:
    html = f"<html><body><h1>Slate</h1><p>It splits.</p>{STRIPPED[form]}<p>Always in halves.</p></body></html>"
    page = clean(page_of(html), trace=True)
    section = page.sections[1]
    assert (section.heading, section.text, section.links) == ("Cut", "Always in halves.", ())
    assert [removal.rule for removal in page.removals] == ["section.edit-marker"]


@pytest.mark.parametrize("heading", ["Arrays [0]", "So [sic]", "[edit]"])
def test_other_brackets_of_a_heading_stay(heading: str) -> None:
    page = clean(page_of(f"<html><body><p>It splits.</p><h2>{heading}</h2><p>[sic]</p></body></html>"))
    assert (page.sections[1].heading, page.sections[1].text) == (heading, "[sic]")
