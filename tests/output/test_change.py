"""What became of a page's sections, told from its rows before and now."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sectionary.cleaners.article import Article
from sectionary.cleaners.fields import Category, Fields
from sectionary.output.change import Change, SectionView, Span, page_changes, section_changes
from sectionary.output.record import records
from sectionary.output.rows import Rows, rows
from sectionary.output.tombstone import Departure

Make = Callable[..., Any]
SPAN = Span(since=1, snapshot=2, since_date="2026-11-01T00:00:00Z")


@pytest.fixture
def lines(page: Make) -> Callable[..., Rows]:
    """An article as lines."""

    def make(article: Article, **fetched: Any) -> Rows:
        return rows(*records(article, page(article, **fetched)))

    return make


@pytest.fixture
def otter(article: Make, section: Make) -> Article:
    """A page with four sections."""
    parts = (("Habitat", "Rivers and coasts."), ("Diet", "Fish, crabs and frogs."), ("Play", "They slide."))
    made: Article = article("Otter", section(None, "A mammal."), *(section(*part) for part in parts), page_id=5)
    return made


def told(changes: list[Change]) -> list[tuple[str, str | None]]:
    """Kind and heading of each change."""
    return [(each.change, each.breadcrumb.rpartition(" > ")[2]) for each in changes]


def test_a_page_that_stayed_has_no_change(lines: Make, otter: Article) -> None:
    assert page_changes(lines(otter), lines(otter), SPAN) == []


def test_an_edited_section_is_told_with_both_hashes(lines: Make, otter: Article, section: Make) -> None:
    edited = section("Diet", "Fish, mostly.")
    new = replace(otter, sections=(*otter.sections[:2], edited, otter.sections[3]), revision_id=8)
    (change,) = page_changes(lines(otter), lines(new), SPAN)
    assert (change.change, change.cause, change.breadcrumb) == ("edited", "edit", "Otter > Diet")
    assert change.old_hash and change.new_hash and change.old_hash != change.new_hash  # noqa: PT018
    assert (change.old_revision_id, change.revision_id) == (7, 8)
    assert change.section_id == change.old_section_id


def test_a_section_put_in_moves_none_behind_it(lines: Make, otter: Article, section: Make) -> None:
    new = replace(otter, sections=(*otter.sections[:1], section("Name", "From Old English."), *otter.sections[1:]))
    assert told(page_changes(lines(otter), lines(new), SPAN)) == [("added", "Name")]


def test_a_section_taken_out_is_told_with_its_old_place(lines: Make, otter: Article) -> None:
    (change,) = page_changes(lines(otter), lines(replace(otter, sections=otter.sections[:3])), SPAN)
    assert (change.change, change.old_position, change.position, change.new_hash) == ("removed", 3, None, None)


def test_a_section_in_another_order_is_moved_and_the_rest_is_not(lines: Make, otter: Article) -> None:
    lead, habitat, diet, play = otter.sections
    new = replace(otter, sections=(lead, play, habitat, diet))
    (change,) = page_changes(lines(otter), lines(new), SPAN)
    assert (change.change, change.title, change.old_position, change.position) == ("moved", "Otter", 3, 1)


def test_a_heading_that_is_another_is_a_rename(lines: Make, otter: Article, section: Make) -> None:
    new = replace(otter, sections=(*otter.sections[:2], section("Food", "Fish, crabs and frogs."), otter.sections[3]))
    (change,) = page_changes(lines(otter), lines(new), SPAN)
    assert (change.change, change.old_breadcrumb, change.breadcrumb) == ("renamed", "Otter > Diet", "Otter > Food")
    assert change.old_section_id != change.section_id


def test_a_rename_with_a_small_edit_is_one_change(lines: Make, otter: Article, section: Make) -> None:
    new = replace(otter, sections=(*otter.sections[:2], section("Food", "Fish, crabs and newts."), otter.sections[3]))
    assert told(page_changes(lines(otter), lines(new), SPAN)) == [("renamed", "Food")]


def test_another_section_in_the_place_of_one_is_no_rename(lines: Make, otter: Article, section: Make) -> None:
    new = replace(otter, sections=(*otter.sections[:2], section("Fur", "Two dense layers."), otter.sections[3]))
    assert told(page_changes(lines(otter), lines(new), SPAN)) == [("added", "Fur"), ("removed", "Diet")]


def test_a_heading_above_that_is_another_renames_what_is_below(lines: Make, article: Make, section: Make) -> None:
    def page(name: str) -> Article:
        below = section("Wild", "Rivers.", level=3, path=(name,))
        made: Article = article("Otter", section(None, "A mammal."), section(name), below, page_id=5)
        return made

    changes = page_changes(lines(page("Habitat")), lines(page("Range")), SPAN)
    assert told(changes) == [("renamed", "Range"), ("renamed", "Wild")]


def test_a_page_that_was_moved_moves_its_sections(lines: Make, otter: Article) -> None:
    new = replace(otter, title="Lutra", url="https://wiki.example/wiki/Lutra")
    changes = page_changes(lines(otter), lines(new), SPAN)
    assert [(change.change, change.cause) for change in changes] == [("moved", "edit")] * 4
    assert changes[1].old_url == "https://wiki.example/wiki/Otter#Habitat"
    assert changes[1].url == "https://wiki.example/wiki/Lutra#Habitat"


def test_a_change_beside_the_sections_is_told_of_the_page(lines: Make, otter: Article) -> None:
    fields = Fields(categories=(Category(name="Mammals", url=None, hidden=False),))
    (change,) = page_changes(lines(otter), lines(replace(otter, fields=fields)), SPAN)
    assert (change.change, change.section_id, change.position) == ("edited", None, None)


@pytest.mark.parametrize(
    ("before", "now", "cause"),
    [
        ({}, {}, "edit"),
        ({}, {"cleaner_version": "1"}, "rules"),
        ({}, {"cleaner_version": "1", "revision_id": 8}, "edit"),
        ({"revision_id": None}, {"revision_id": None, "cleaner_version": "1"}, "rules"),
        ({"date_modified": "2026-01-01T00:00:00Z", "revision_id": None},
         {"date_modified": "2026-11-11T00:00:00Z", "revision_id": None, "cleaner_version": "1"}, "edit"),
    ],
)  # fmt: skip
def test_the_cause_is_the_source_where_it_changed_and_else_the_rules(
    lines: Make, otter: Article, section: Make, *, before: Any, now: Any, cause: str
) -> None:
    new = replace(otter, sections=(section(None, "A fish."), *otter.sections[1:]), **now)
    (change,) = page_changes(lines(replace(otter, **before)), lines(new), SPAN)
    assert change.cause == cause


@pytest.mark.parametrize(("body", "cause"), [(b"<p>one", "rules"), (b"<p>two", "edit")])
def test_where_nothing_else_tells_the_bytes_do(
    lines: Make, otter: Article, section: Make, body: bytes, cause: str
) -> None:
    old = replace(otter, revision_id=None)
    new = replace(old, sections=(section(None, "A fish."), *otter.sections[1:]), cleaner_version="1")
    (change,) = page_changes(lines(old, body=b"<p>one"), lines(new, body=body), SPAN)
    assert change.cause == cause


@pytest.mark.parametrize(
    ("modified", "cause"), [(None, "edit"), ("2026-11-02T00:00:00Z", "edit"), ("2020-01-01T00:00:00Z", "scope")]
)
def test_a_page_that_came_was_written_since_or_is_covered_now(
    lines: Make, otter: Article, modified: str | None, cause: str
) -> None:
    changes = page_changes(None, lines(replace(otter, date_modified=modified)), SPAN)
    assert [(change.change, change.cause) for change in changes] == [("added", cause)] * 4


@pytest.mark.parametrize(("state", "cause"), [("gone", "edit"), ("merged", "edit"), ("excluded", "scope")])
def test_a_page_that_left_tells_why(lines: Make, otter: Article, state: str, cause: str) -> None:
    changes = page_changes(lines(otter), None, SPAN, Departure(state=state))
    assert [(change.change, change.cause) for change in changes] == [("removed", cause)] * 4


def views(ids: list[str]) -> list[SectionView]:
    """Sections whose ids tell their text."""
    return [
        SectionView(section_id=each, title="T", breadcrumb=each, level=2, position=position, text=f"text of {each}",
                    url=f"https://w/#{each}", content_hash=each)
        for position, each in enumerate(ids)
    ]  # fmt: skip


IDS = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(before=IDS, after=IDS)
def test_changes_applied_to_the_old_sections_give_the_new_ones(before: list[str], after: list[str]) -> None:
    found = list(section_changes(views(before), views(after)))
    lost = {was.section_id for _, was, now in found if was and (now is None or now.section_id != was.section_id)}
    came = {now.section_id for _, was, now in found if now and (was is None or now.section_id != was.section_id)}
    assert (set(before) - lost) | came == set(after)
    moved = {now.section_id for kind, _, now in found if kind == "moved" and now}
    stayed = [each for each in after if each in before and each not in moved]
    assert stayed == [each for each in before if each in stayed]
