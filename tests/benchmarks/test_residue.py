"""Furniture left in a text is found by the words that the page puts on its furniture."""

from quality.residue import residue


def test_an_edit_mark_after_a_heading_is_found_in_the_pages_own_language() -> None:
    assert residue("Geschichte[Bearbeiten]\nPapier ist alt.", "", ("[Bearbeiten]",)) == ["[bearbeiten]"]


def test_each_mark_counts_once_and_spaces_within_do_not_matter() -> None:
    text = "A[edit | edit source]\nB [edit|edit source]\n[edit | edit source]"
    assert len(residue(text, "", ("[edit | edit source]",))) == 3


def test_brackets_that_the_article_itself_has_are_no_residue() -> None:
    assert residue("Press [edit] to begin.", "Press [edit] to begin.", ("[edit]",)) == []


def test_a_line_of_a_menu_is_found_but_not_within_a_sentence() -> None:
    assert residue("What links here\nShe asked what links here.", "", ("What links here",)) == ["What links here"]


def test_a_line_that_the_article_has_too_is_no_residue() -> None:
    assert residue("- Oceans", "Oceans", ("Oceans",)) == []


def test_a_clean_text_has_no_residue() -> None:
    assert residue("The tide rises.", "The tide rises.", ("[edit]", "Jump to navigation", "Log in")) == []
