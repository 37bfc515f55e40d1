"""The rows of an article."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from sectionary.cleaners.article import Article
from sectionary.cleaners.section import Block
from sectionary.output.json_bytes import encoded
from sectionary.output.record import plain_rows, records
from sectionary.output.rows import rows
from sectionary.scraper.errors import RecordError
from sectionary.scraper.page import Page

Make = Callable[..., Any]


@pytest.fixture
def otter(section: Make, article: Make) -> Article:
    """An article with a lead, a section and one below it, references, and a section twice."""
    made: Article = article(
        "Otter",
        section(None, "Otters swim."),
        section("Habitat", "Rivers.", number="1"),
        section("Europe", "Almost everywhere.", level=3, path=("Habitat",), parent=1, number="1.1"),
        section("References", "1. A book", role="references"),
        section("Web", "A page", level=3, path=("References",), parent=3),
        section("Habitat", "Again."),
        section("See also"),
    )
    return made


def test_a_record_says_where_its_section_stands(otter: Article, page: Make) -> None:
    europe = records(otter, page(otter))[1][2]
    assert (europe.breadcrumb, europe.position, europe.level, europe.number, europe.path) == (
        "Otter > Habitat > Europe", 2, 3, "1.1", ("Habitat",)
    )  # fmt: skip


def test_a_parent_is_named_by_id_and_the_lead_is_nobodys(otter: Article, page: Make) -> None:
    under_lead = replace(otter.sections[1], parent=0)
    article = replace(otter, sections=(otter.sections[0], under_lead, *otter.sections[2:]))
    _, sections = records(article, page(article))
    assert [row.parent_id for row in sections[:3]] == [None, None, sections[1].section_id]


def test_section_ids_do_not_move_when_a_section_is_put_in(otter: Article, section: Make, page: Make) -> None:
    grown = replace(otter, sections=(otter.sections[0], section("Name", "New."), *otter.sections[1:]))
    grown = replace(
        grown,
        sections=tuple(replace(s, parent=None if s.parent is None else s.parent + 1) for s in grown.sections),
    )
    before = [row.section_id for row in records(otter, page(otter))[1]]
    after = [row.section_id for row in records(grown, page(grown))[1]]
    assert after[:1] + after[2:] == before


def test_sections_of_the_same_name_have_their_own_ids(otter: Article, page: Make) -> None:
    ids = [row.section_id for row in records(otter, page(otter))[1]]
    assert len(set(ids)) == len(ids)


def test_an_empty_section_says_so(otter: Article, page: Make) -> None:
    last = records(otter, page(otter))[1][-1]
    assert (last.heading, last.is_empty, last.text, last.word_count) == ("See also", True, "", 0)


def test_the_text_of_a_page_leaves_out_references_and_what_is_below(otter: Article, page: Make) -> None:
    row, _ = records(otter, page(otter))
    assert row.text == (
        "Otters swim.\n\nHabitat\n\nRivers.\n\nEurope\n\nAlmost everywhere.\n\nHabitat\n\nAgain.\n\nSee also"
    )


def test_the_markdown_of_a_page_has_its_title_and_levels(otter: Article, page: Make) -> None:
    row, _ = records(otter, page(otter))
    assert row.markdown == (
        "# Otter\n\nOtters swim.\n\n## Habitat\n\nRivers.\n\n### Europe\n\nAlmost everywhere.\n\n"
        "## Habitat\n\nAgain.\n\n## See also"
    )


def test_nothing_is_left_out_when_no_role_is_named(otter: Article, page: Make) -> None:
    row, _ = records(otter, page(otter), page_text_drop=())
    assert "A book" in row.text
    assert "## References" in row.markdown


def test_an_anchor_is_percent_encoded_in_the_address(section: Make, article: Make, page: Make) -> None:
    made = article("A", section(None), section("Größe 50 % #1", anchor="Größe_50_%_#1"))
    urls = [row.url for row in records(made, page(made))[1]]
    assert urls == ["https://wiki.example/wiki/A", "https://wiki.example/wiki/A#Gr%C3%B6%C3%9Fe_50_%25_%231"]


def test_counts_are_code_points_and_words(section: Make, article: Make, page: Make) -> None:
    made = article("A", section(None, "Zwei \U0001f9a6 Worte"))
    row = records(made, page(made))[1][0]
    assert (row.char_count, row.word_count) == (12, 3)


@pytest.mark.parametrize(
    "change",
    [
        {"revision_id": 8},
        {"date_modified": "2026-01-01T00:00:00Z"},
        {"page_id": 9},
        {"cleaner_version": "1 test"},
        {"title": "Lutra"},
    ],
)
def test_a_content_hash_knows_no_ids_dates_and_versions(
    otter: Article, page: Make, change: dict[str, Any]
) -> None:
    changed = replace(otter, **change)
    before, after = (records(article, page(article))[1] for article in (otter, changed))
    assert [row.content_hash for row in before] == [row.content_hash for row in after]


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Else"},
        {"heading": "Else"},
        {"level": 4},
        {"path": ("Else",)},
        {"blocks": (Block(i=0, type="hr", text=""),)},
    ],
)
def test_a_content_hash_changes_with_what_is_read(otter: Article, page: Make, change: dict[str, Any]) -> None:
    changed = replace(otter, sections=(replace(otter.sections[0], **change), *otter.sections[1:]))
    before, after = (records(article, page(article)) for article in (otter, changed))
    assert before[1][0].content_hash != after[1][0].content_hash
    assert before[1][1].content_hash == after[1][1].content_hash
    assert before[0].content_hash != after[0].content_hash


def test_credit_on_mediawiki_names_history_and_revision(otter: Article, page: Make) -> None:
    credit = records(otter, page(otter))[0].attribution
    assert credit.text == '"Otter", Example Wiki, https://wiki.example/wiki/Otter, revision 7, CC-BY-SA-4.0'
    assert credit.history_url == "https://wiki.example/wiki/Otter?action=history"
    assert credit.credit_url == "https://wiki.example/wiki/Otter?oldid=7"


def test_credit_elsewhere_names_the_page(article: Make, page: Make) -> None:
    made = article("Otter", site_info=None)
    credit = records(made, page(made))[0].attribution
    assert (credit.history_url, credit.credit_url) == (None, "https://wiki.example/wiki/Otter")


def test_a_query_goes_behind_the_one_that_is_there(article: Make, page: Make) -> None:
    made = article("A", url="https://w.example/index.php?title=A")
    credit = records(made, page(made))[0].attribution
    assert credit.history_url == "https://w.example/index.php?title=A&action=history"


def test_figures_of_a_page_are_those_of_its_sections(otter: Article, page: Make) -> None:
    row, sections = records(otter, page(otter))
    assert (row.stats.sections, row.stats.blocks) == (7, 6)
    assert row.stats.words == sum(section.word_count for section in sections)


def test_half_a_surrogate_pair_becomes_a_replacement_character(
    section: Make, article: Make, page: Make
) -> None:
    made = article("A\ud83e", section("B\udda6", "C\ud800D", anchor="B\udda6"))
    cleaned = rows(*records(made, page(made)))
    text = msgspec.json.decode(cleaned.sections[0])
    assert (text["title"], text["heading"], text["text"]) == ("A\ufffd", "B\ufffd", "C\ufffdD")


def test_plain_rows_are_what_the_json_lines_hold(otter: Article) -> None:
    _, sections = records(otter, Page(url=otter.url, body=b""))
    assert plain_rows(otter) == [msgspec.json.decode(encoded(row)) for row in sections]
    assert list(plain_rows(otter)[0]) == list(sections[0].__struct_fields__)


def test_a_value_that_json_cannot_say_is_an_error_of_that_page(article: Make, page: Make) -> None:
    made = article("A", language=object())
    with pytest.raises(RecordError, match=r"https://wiki\.example/wiki/A"):
        rows(*records(made, page(made)))


def test_an_article_that_points_nowhere_is_an_error_of_that_page(
    section: Make, article: Make, page: Make
) -> None:
    made = article("A", section(None), section("B", parent=5))
    with pytest.raises(RecordError, match=r"https://wiki\.example/wiki/A"):
        records(made, page(made))
