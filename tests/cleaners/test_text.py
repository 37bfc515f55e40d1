"""Articles that come as plain text, edit marks and all."""

# ruff: noqa: RUF001 - other scripts are what is tested

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sectionary.cleaners.section import Section
from sectionary.cleaners.text import Reading, TextRule, known_lines, read_text
from sectionary.scraper.errors import CleanError

RULES = (
    TextRule(rule="text.resource-table", pattern=r".+ Resources \| \|"),
    TextRule(rule="text.search-box", pattern="Search Shorepedia"),
    TextRule(rule="text.ad", pattern=r"Ad\. ?Tired of wet feet\?.*"),
    TextRule(rule="text.language-menu", pattern="Translate this page:.*", until="Shorepedia is no .*"),
    TextRule(rule="text.disclaimer", pattern="Shorepedia is no substitute.*"),
    TextRule(rule="text.credits", pattern="Contributors: ?(?P<contributors>.*)"),
)
PAGE = """\
Spring tide

A spring tide is a tide just after a new or full moon.
Causes[edit | edit source]
Sun and Moon pull along one line:
- at new moon
- at full moon
  - but not at half moon
Heights [edit]
Port | Metres |
---|---|
Saint-Malo | 12.2 |
See Also[edit | edit source]
Spring tide Resources | |
---|---|
|
Search Shorepedia
Ad.Tired of wet feet? Buy boots.
Translate this page: - East Asian
中文,
日本語
Other
Bulgarian
Shorepedia is no substitute for a tide table. See full disclaimer.
Contributors: A. Nauta, MSc; B. Fisher"""


def visible(text: str) -> int:
    return len("".join(text.split()))


def kept(section: Section) -> int:
    """Characters of the input that are in a section; of tables only the cells are."""
    chars = visible(section.heading or "")
    for block in section.blocks:
        cells = block.table.cells if block.table else ()
        chars += sum(visible(cell.text) for cell in cells) if cells else visible(block.text)
    return chars


def owned(article: Reading) -> int:
    fields = sum(map(visible, article.contributors))
    removed = sum(removal.chars for removal in article.removals)
    return fields + removed + sum(map(kept, article.sections))


def check_owners(article: Reading) -> None:
    """The spans tile the text, those of a removal are what it counts, and those of a block or heading its words."""
    text, spans = article.trace.text, article.trace.spans
    ends = [0, *(span.end for span in spans)]
    gaps = [text[end : span.start] for end, span in zip(ends, spans, strict=False)]
    assert "".join((*gaps, text[ends[-1] :])).strip() == ""
    assert all(span.start >= end for end, span in zip(ends, spans, strict=False))
    held: dict[str, str] = {}
    for span in spans:
        held[span.owner] = held.get(span.owner, "") + "".join(text[span.start : span.end].split())
    for index, section in enumerate(article.sections):
        assert held.pop(f"heading:{index}", "") == "".join((section.heading or "").split())
        for block in section.blocks:
            words = "".join(cell.text for cell in block.table.cells) if block.table else block.text
            assert held.pop(f"block:{index}.{block.i}", "") == "".join(words.split())
    removed = {owner.removeprefix("removal:"): len(words) for owner, words in held.items() if "removal:" in owner}
    assert removed == {removal.rule: removal.chars for removal in article.removals if removal.chars}
    assert {owner for owner in held if "removal:" not in owner} <= {"field:title", "field:contributors"}


def headings(article: Reading) -> list[str | None]:
    return [section.heading for section in article.sections]


def test_a_page_gives_its_sections_and_nothing_else() -> None:
    article = read_text(PAGE, rules=RULES, url="https://shore.example/wiki/Spring_tide")
    assert (article.title, article.dir) == ("Spring tide", "ltr")
    assert [(s.heading, s.level, s.number, s.role, s.text) for s in article.sections] == [
        (None, 0, "", "lead", "A spring tide is a tide just after a new or full moon."),
        (
            "Causes", 2, "1", "body",
            "Sun and Moon pull along one line:\n\n- at new moon\n- at full moon\n  - but not at half moon",
        ),
        ("Heights", 2, "2", "body", "Port | Metres\nSaint-Malo | 12.2"),
        ("See Also", 2, "3", "see_also", ""),
    ]
    assert article.contributors == ("A. Nauta, MSc", "B. Fisher")


def test_all_that_was_taken_away_is_counted_under_its_rule() -> None:
    article = read_text(PAGE, rules=RULES)
    assert {removal.rule: (removal.count, removal.chars) for removal in article.removals} == {
        "text.ad": (1, 27),
        "text.credits": (1, 14),
        "text.disclaimer": (1, 56),
        "text.edit-marker": (3, 40),
        "text.empty-table": (2, 9),
        "text.language-menu": (5, 48),
        "text.resource-table": (1, 21),
        "text.search-box": (1, 16),
        "text.table-markup": (1, 12),
    }
    assert owned(article) + visible(article.title) == visible(PAGE)
    check_owners(article)


LINES = st.one_of(
    st.text(max_size=30),
    st.sampled_from([
        *PAGE.splitlines(), "Deutsch", "العربية", "Ελληνικά", "한국어", "ไทย", "| a | b |", "|---|", "a | b",
        "|", "1. one", "2) two", "* three", "History[edit]", "[edit | edit source]", "Histoire［modifier］",
    ]),
)


@given(st.lists(LINES, max_size=40).map("\n".join), st.none() | st.just("Spring tide"))
def test_every_character_has_an_owner(text: str, title: str | None) -> None:
    try:
        article = read_text(text, rules=RULES, title=title)
    except CleanError:
        return
    title_line = visible(text) - owned(article)
    assert title_line in {0, visible(article.title)}
    check_owners(article)
    numbers = [section.number for section in article.sections]
    assert numbers == ["", *(str(n) for n in range(1, len(numbers)))]
    assert all(s.text == "\n\n".join(block.text for block in s.blocks) for s in article.sections)


@given(st.text(alphabet=st.characters(exclude_characters="[]［］|", exclude_categories=["Cs"])))
def test_text_without_marks_is_one_lead(text: str) -> None:
    try:
        article = read_text(text)
    except CleanError:
        return
    assert headings(article) == [None]


@pytest.mark.parametrize(
    ("text", "title", "lead"),
    [
        ("Tide\nIt rises and falls.", "Tide", "It rises and falls."),
        ("\n\n  Tide \n\nIt rises.\nIt falls.", "Tide", "It rises.\n\nIt falls."),
        ("Guess Who's Coming to Dinner?\nA film.", "Guess Who's Coming to Dinner?", "A film."),
    ],
)
def test_the_first_line_is_the_title(text: str, title: str, lead: str) -> None:
    article = read_text(text, url="https://shore.example/wiki/Other")
    assert (article.title, article.sections[0].text) == (title, lead)


@pytest.mark.parametrize(
    "text",
    [
        "It rises and falls.",
        "The tide rises, and the tide falls, and sixty characters are not enough to say so.\nMore.",
        "- Tide\n- Ebb",
        "x" * 256 + "\nMore.",
        "Causes[edit]\nThe Moon.",
        "Causes\n[edit]\nThe Moon.",
    ],
)
def test_a_first_line_that_is_no_title_stays_text(text: str) -> None:
    article = read_text(text, url="https://shore.example/wiki/Spring_tide%3F")
    assert article.title == "Spring tide?"
    assert owned(article) == visible(text)


def test_a_title_that_is_known_takes_only_the_line_that_repeats_it() -> None:
    assert read_text("spring  tide\nIt rises.", title="Spring tide").sections[0].text == "It rises."
    assert read_text("Ebb\nIt falls.", title="Spring tide").sections[0].text == "Ebb\n\nIt falls."


def test_a_page_without_any_title_says_so() -> None:
    article = read_text("It rises and falls.")
    assert (article.title, article.warnings) == ("", ("title: none",))


def test_a_mark_on_its_own_line_makes_a_heading_of_the_line_before() -> None:
    article = read_text("Tide\nIt rises.\n\nCauses\n[edit | edit source]\nThe Moon.\n[edit]\nIt falls.")
    assert headings(article) == [None, "Causes"]
    assert article.sections[1].text == "The Moon.\n\nIt falls."


def test_a_mark_before_a_heading_makes_it_one_as_old_wikis_had_it() -> None:
    note = "[edit] is what a note of hers in the margin of this page said, long ago, in pencil."
    article = read_text(f"Tide\nIt rises.\n[edit] Causes\nThe Moon.\n{note}")
    assert headings(article) == [None, "Causes"]
    assert article.sections[1].text == f"The Moon.\n\n{note}"


def test_brackets_without_words_are_marks_where_several_lines_have_them_and_no_mark_has_words() -> None:
    text = "Tide\nIt rises.\nCauses[]\nThe Moon.\nSpring tides[]\nSun and Moon."
    assert headings(read_text(text)) == [None, "Causes", "Spring tides"]
    assert headings(read_text(text.replace("Causes[]", "Causes[edit]"))) == [None, "Causes"]
    assert headings(read_text("Types\nThey are two.\nString[]\nA list.")) == [None]
    assert headings(read_text("Types\nThey are two.\nchar[]\nA list.\nSystem.Byte[]\nA heap.")) == [None]


def test_without_any_mark_the_usual_names_of_sections_are_headings() -> None:
    text = "Gezeiten\nSie kommen und gehen.\nSiehe auch\nEbbe\nUrsachen\nDer Mond.\nWeblinks\nPegel im Netz"
    article = read_text(text, language="de")
    named = [(section.heading, section.role) for section in article.sections[1:]]
    assert named == [("Siehe auch", "see_also"), ("Weblinks", "external_links")]
    assert headings(read_text(text.replace("Ursachen", "Ursachen[Bearbeiten]"))) == [None, "Ursachen"]
    assert headings(read_text("Gallery\nReferences\nAn inn of that name.", title="Gallery")) == [None]


def test_a_mark_behind_a_long_sentence_is_no_heading() -> None:
    sentence = "The tide rises, and the tide falls, and sixty characters are not enough to say so."
    article = read_text(f"Tide\n{sentence}\n[edit]\nMore.")
    assert headings(article) == [None]
    assert article.sections[0].text == f"{sentence}\n\nMore."


def test_a_rule_whose_end_is_missing_takes_its_own_line_only() -> None:
    article = read_text("Tide\nTranslate this page: here\nThe tide rises.", rules=RULES)
    assert article.sections[0].text == "The tide rises."


def test_a_language_menu_goes_without_any_rule() -> None:
    menu = "Deutsch,\nfrançais,\nEast Asian\n中文,\n日本語,\n한국어,\nOther\nрусский\nΕλληνικά\nไทย"
    article = read_text(f"Tide\nIt rises.\nSee also[edit]\nEbb\n{menu}\nThe end.")
    assert article.sections[1].text == "Ebb\n\nThe end."
    assert {r.rule: r.count for r in article.removals} == {"text.edit-marker": 1, "text.language-menu": 10}


def test_a_list_of_languages_in_the_article_stays() -> None:
    names = "English\nDeutsch\nрусский\n中文\n日本語\n한국어\nไทย\nΕλληνικά\nעברית"
    article = read_text(f"Scripts\nThey are many.\nExamples[edit]\n{names}\nSee also[edit]")
    assert article.sections[1].text.count("\n\n") == 8


def test_the_direction_is_that_of_the_letters() -> None:
    assert read_text("مد وجزر\nالمد ظاهرة طبيعية (tide).").dir == "rtl"


def test_furniture_alone_is_no_article() -> None:
    with pytest.raises(CleanError, match="empty"):
        read_text("Search Shorepedia\n|\n", rules=RULES)


def test_a_site_is_known_by_its_furniture() -> None:
    assert known_lines(PAGE, RULES) == 6
    assert known_lines("Tide\nIt rises.", RULES) == 0


@pytest.mark.parametrize(
    ("pattern", "said"),
    [("(", "no regular expression"), ("(?P<author>.*)", "no field is called author; known: contributors")],
)
def test_a_rule_that_cannot_work_is_refused(pattern: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        TextRule(rule="text.x", pattern=pattern)
    with pytest.raises(ValidationError, match=said):
        TextRule(rule="text.x", pattern="x", until=pattern)
