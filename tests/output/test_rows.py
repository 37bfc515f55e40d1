"""A page as lines, and when two versions of it are the same."""

from collections.abc import Callable
from typing import Any

import pytest

from sectionary.output.record import records
from sectionary.output.rows import Rows, doc_id_of, paired, rows, same_content
from sectionary.scraper.errors import DatasetError
from sectionary.scraper.page import Http

Make = Callable[..., Any]


@pytest.fixture
def made(article: Make, page: Make) -> Callable[..., Rows]:
    """Makes the rows of an article fetched in some way."""

    def make(*sections: Any, title: str = "Otter", **fetched: Any) -> Rows:
        otter = article(title, *sections)
        return rows(*records(otter, page(otter, **fetched)))

    return make


def test_both_tables_tell_the_doc_id_in_its_place(made: Make) -> None:
    otter = made()
    assert {doc_id_of(line) for line in (otter.page, *otter.sections)} == {otter.doc_id}


def test_when_and_how_a_page_was_fetched_is_no_change(made: Make, http: Http) -> None:
    before = made(date_fetched=None)
    after = made(date_fetched="2027-01-01T00:00:00Z", http=http)
    assert before != after
    assert same_content(before, after)
    assert same_content(after, before)


@pytest.mark.parametrize(
    "change", [{"canonical_url": "https://else.example/"}, {"redirected_from": ("Lutra",)}]
)
def test_anything_else_is_a_change(made: Make, change: dict[str, Any]) -> None:
    assert not same_content(made(), made(**change))


def test_a_changed_or_new_section_is_a_change(made: Make, section: Make) -> None:
    before = made(section(None, "A"))
    assert not same_content(before, made(section(None, "B")))
    assert not same_content(before, made(section(None, "A"), section("B")))


def test_a_text_that_looks_like_a_date_fetched_is_compared_as_text(made: Make, section: Make) -> None:
    """An article on JSON may hold the very bytes of the member that is left out of the comparison."""
    said = '"date_fetched":"2026-11-22T09:30:00Z","http":'
    before = made(section(None, said))
    assert same_content(before, made(section(None, said), date_fetched=None))
    assert not same_content(before, made(section(None, said.replace("2026", "2027"))))


def test_tables_that_do_not_match_are_a_damaged_dataset(made: Make) -> None:
    one, other = made(), made(title="Beaver")
    pages, sections = [one.page], list(other.sections)
    with pytest.raises(DatasetError, match="do not match"):
        list(paired("wiki.example", pages, sections))


def test_lines_come_back_page_by_page(made: Make, section: Make) -> None:
    both = [made(section(None, "A"), section("B")), made(title="Beaver")]
    lines = [line for page in both for line in page.sections]
    assert list(paired("wiki.example", (page.page for page in both), lines)) == both
