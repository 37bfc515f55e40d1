"""What a wiki's recent changes and logs tell, so that its whole list need not be read, over real HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from tests.scraper.conftest import Street
from tests.scraper.test_rebuild import lose

SINCE, BEFORE, AFTER = "2026-11-20T00:00:00Z", "2026-10-01T00:00:00Z", "2026-11-21T00:00:00Z"


@pytest.fixture
def crawled(street: Street) -> Street:
    """A wiki of five pages that were fetched, whose changes go back for weeks."""
    for title in ("Pa", "Pb", "Pc", "Pd", "Pe"):
        street.wiki.edit(title, BEFORE)
    street.fetch()
    assert street.counts() == {"done": 5}
    street.wiki.queries.clear()
    return street


def asked(street: Street, **told: Any) -> list[str]:
    """The pages that a fetch asks for."""
    street.wiki.hits.clear()
    street.fetch(**{"since": SINCE, **told})
    return sorted(path for path in street.wiki.hits.elements() if path.startswith("/wiki/P"))


def lists(street: Street) -> list[str]:
    """The lists that the wiki was asked for."""
    return [query.get("list") or query.get("generator") or "siteinfo" for query in street.wiki.queries]


def test_ten_thousand_pages_of_which_two_changed_cost_a_handful_of_requests(street: Street) -> None:
    street.wiki.batch = 500
    for number in range(10_000):
        street.wiki.pages[f"P{number:05d}"] = number + 1
    street.wiki.edit("P00001", BEFORE)
    street.wiki.page("P00002", page_id=3)
    street.wiki.page("P00001", page_id=2)
    for title in ("P00001", "P00002"):
        street.wiki.edit(title, AFTER)
    assert asked(street) == ["/wiki/P00001", "/wiki/P00002"]
    assert street.wiki.hits["/w/api.php"] <= 8
    assert street.counts() == {"done": 2}


def test_an_edit_and_a_new_page_are_fetched_and_nothing_else_is_touched(crawled: Street) -> None:
    crawled.wiki.edit("Pa", AFTER)
    crawled.wiki.edit("Pnew", AFTER)
    assert asked(crawled) == ["/wiki/Pa", "/wiki/Pnew"]
    assert crawled.counts() == {"done": 6}
    assert "allpages" not in lists(crawled)
    assert crawled.warnings == []


def test_a_night_without_a_change_is_no_error(crawled: Street) -> None:
    assert asked(crawled) == []
    assert crawled.counts() == {"done": 5}


@pytest.mark.parametrize("kept", [[], [("2026-11-20T00:00:01Z", "Pa")]])
def test_where_the_changes_do_not_go_back_that_far_the_list_is_read_and_that_is_told(
    crawled: Street, kept: list[tuple[str, str]]
) -> None:
    crawled.wiki.edit("Pa", AFTER)
    crawled.wiki.changes = kept
    del crawled.wiki.pages["Pb"]
    assert asked(crawled) == ["/wiki/Pa"]
    (line,) = crawled.warnings
    assert line.startswith("recent changes ")
    assert line.endswith(f": reads the whole list for what changed since {SINCE}")
    assert crawled.states()["Pb"] == ("gone", "not listed")


def test_an_api_that_refuses_its_changes_is_listed_whole(crawled: Street) -> None:
    crawled.wiki.edit("Pa", AFTER)
    crawled.wiki.refuses = {"recentchanges"}
    assert asked(crawled) == ["/wiki/Pa"]
    assert "permissiondenied" in crawled.warnings[0]


def test_a_deleted_page_is_gone_and_the_reason_says_when(crawled: Street) -> None:
    del crawled.wiki.pages["Pb"]
    crawled.wiki.note("delete", "Pb", AFTER, number=2)
    assert asked(crawled) == []
    assert crawled.states()["Pb"] == ("gone", f"deleted: {AFTER}")
    lose(crawled)
    assert crawled.states()["Pb"] == ("gone", f"deleted: {AFTER}")


@pytest.mark.parametrize("told", [True, False])
def test_a_page_that_was_deleted_and_is_there_again_is_not_gone(crawled: Street, told: bool) -> None:  # noqa: FBT001
    crawled.wiki.note("delete", "Pb", AFTER, number=2)
    if told:
        crawled.wiki.note("delete", "Pb", AFTER, number=2, action="restore")
    assert asked(crawled) == []
    assert crawled.counts() == {"done": 5}


def test_a_page_that_was_gone_before_keeps_its_reason(crawled: Street) -> None:
    del crawled.wiki.pages["Pb"], crawled.wiki.pages["Pc"]
    asked(crawled, since=None)
    crawled.wiki.note("delete", "Pb", AFTER, number=2)
    assert asked(crawled) == []
    assert crawled.states()["Pb"] == ("gone", "not listed")


def test_a_page_that_is_missing_without_the_log_s_word_is_not_taken_for_gone(crawled: Street) -> None:
    del crawled.wiki.pages["Pb"]
    crawled.wiki.note("protect", "Pb", AFTER, number=2)
    assert asked(crawled) == []
    assert crawled.counts() == {"done": 5}


def test_a_restored_page_comes_back_though_its_last_edit_is_old(crawled: Street) -> None:
    number = crawled.wiki.pages.pop("Pb")
    crawled.wiki.note("delete", "Pb", AFTER, number=number)
    asked(crawled)
    crawled.wiki.pages["Pb"] = number
    crawled.wiki.note("delete", "Pb", "2026-11-22T00:00:00Z", number=number, action="restore")
    assert asked(crawled) == ["/wiki/Pb"]
    assert crawled.counts() == {"done": 5}


def test_a_moved_page_keeps_its_row_and_is_fetched_at_its_new_place(crawled: Street) -> None:
    number = crawled.wiki.pages.pop("Pb")
    crawled.wiki.page("Pmoved", page_id=number)
    crawled.wiki.note("move", "Pb", AFTER, number=number, to="Pmoved")
    assert asked(crawled) == ["/wiki/Pmoved"]
    (row,) = [row for row in crawled.ledger.pages(crawled.name) if row.page_id == number]
    assert (row.key, row.title, row.state) == (f"page_id:{number}", "Pmoved", "done")
    assert crawled.ledger.listed(crawled.name) == 5


def test_a_page_moved_out_of_the_wanted_namespaces_is_out_of_scope(crawled: Street) -> None:
    number = crawled.wiki.pages.pop("Pb")
    crawled.wiki.page("User:Pb", page_id=number)
    crawled.wiki.note("move", "Pb", AFTER, number=number, to="User:Pb")
    assert asked(crawled) == []
    assert crawled.counts() == {"done": 4, "excluded": 1}


def test_pages_that_were_never_wanted_are_not_asked_after(crawled: Street) -> None:
    crawled.wiki.note("delete", "Unknown", AFTER, number=77)
    crawled.wiki.note("move", "Elsewhere", AFTER, number=78, to="User:Elsewhere")
    asked(crawled)
    assert [query for query in crawled.wiki.queries if "pageids" in query] == []


def test_an_old_wiki_that_tells_no_numbers_is_asked_for_titles(crawled: Street) -> None:
    number = crawled.wiki.pages.pop("Pb")
    crawled.wiki.page("Pmoved", page_id=number)
    crawled.wiki.note("move", "Pb", AFTER, number=0, to="Pmoved")
    assert asked(crawled) == ["/wiki/Pmoved"]
    assert crawled.counts() == {"done": 5}


def test_a_log_that_is_refused_is_told_and_the_changes_are_fetched(crawled: Street) -> None:
    crawled.wiki.edit("Pa", AFTER)
    crawled.wiki.refuses = {"logevents"}
    assert asked(crawled) == ["/wiki/Pa"]
    assert crawled.warnings == [
        "the log of deleted and moved pages is not to be had: the API refuses: permissiondenied: told to"
    ]


def test_a_log_without_an_end_is_left(crawled: Street) -> None:
    crawled.wiki.endless = True
    asked(crawled)
    assert "circle" in crawled.warnings[0]


def test_changed_within_reads_the_same_records(crawled: Street) -> None:
    crawled.wiki.edit("Pa", AFTER)
    del crawled.wiki.pages["Pb"]
    crawled.wiki.note("delete", "Pb", AFTER, number=2)
    assert asked(crawled, since=None, changed_within="2d") == ["/wiki/Pa"]
    assert crawled.states()["Pb"] == ("gone", f"deleted: {AFTER}")
    assert not crawled.ledger.unfinished(crawled.name)


def test_of_two_bounds_the_later_holds(crawled: Street) -> None:
    crawled.wiki.edit("Pa", "2026-11-19T00:00:00Z")
    assert asked(crawled, since=BEFORE, changed_within="2d") == []
    assert asked(crawled, since=BEFORE, changed_within="5d") == ["/wiki/Pa"]


def test_a_whole_listing_asks_the_log_why_only_where_a_page_is_missing(crawled: Street) -> None:
    assert asked(crawled, since=None) == []
    assert "logevents" not in lists(crawled)
    del crawled.wiki.pages["Pb"], crawled.wiki.pages["Pc"]
    crawled.wiki.note("delete", "Pb", AFTER, number=2)
    crawled.wiki.note("delete", "Pc", AFTER, number=3)
    crawled.wiki.note("delete", "Pc", AFTER, number=3, action="restore")     # and then became a redirect
    assert asked(crawled, since=None) == []
    assert crawled.states()["Pb"] == ("gone", f"deleted: {AFTER}")
    assert crawled.states()["Pc"] == ("gone", "not listed")
    assert lists(crawled).count("logevents") == 1


def test_a_chosen_title_that_was_deleted_is_gone_and_not_out_of_scope(street: Street) -> None:
    for title in ("Pa", "Pb"):
        street.wiki.edit(title, BEFORE)
    street.fetch(include=["Pa", "Pb"])
    del street.wiki.pages["Pb"], street.wiki.answers["/wiki/Pb"]
    street.wiki.note("delete", "Pb", AFTER, number=2)
    street.clock.start += timedelta(days=1)
    street.fetch(include=["Pa", "Pb"])
    states = {(row.key, row.state, row.reason) for row in street.ledger.pages(street.name)}
    assert ("page_id:2", "gone", f"deleted: {AFTER}") in states
