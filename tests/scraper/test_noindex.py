"""Pages that ask not to be indexed: fetched once, remembered, and asked again only as other pages are."""

from datetime import timedelta
from typing import Any

from sectionary.scraper.archive import read_page
from tests.scraper.conftest import HTML, Street
from tests.scraper.test_rebuild import lose

SAID = (200, {**HTML, "X-Robots-Tag": "noindex"}, b"<html><p>Not for records")
PLAIN = (200, HTML, b"<html><p>For records")
EXCLUDED = ("excluded", "robots: noindex")


def wiki_with(street: Street, *titles: str) -> None:
    for title in titles:
        street.wiki.page(title, SAID)
    street.wiki.page("Plain")
    street.fetch()


def asked(street: Street, **told: Any) -> list[str]:
    """The pages that a fetch asks for."""
    street.wiki.hits.clear()
    street.fetch(**told)
    return [path for path in street.wiki.hits.elements() if path.startswith(("/wiki/P", "/a", "/b"))]


def test_a_page_of_a_wiki_is_asked_for_again_only_when_it_was_edited(street: Street) -> None:
    wiki_with(street, "Pa", "Pb")
    assert street.states()["Pa"] == EXCLUDED
    assert asked(street) == []
    street.wiki.revisions["Pa"] = 900
    assert asked(street) == ["/wiki/Pa"]
    assert street.states()["Pa"] == EXCLUDED
    assert asked(street) == []


def test_an_edit_within_refresh_after_waits_as_it_does_for_other_pages(street: Street) -> None:
    street.refresh_after = 3600.0
    wiki_with(street, "Pa")
    street.wiki.revisions["Pa"] = 900
    assert asked(street) == []
    street.clock.start += timedelta(hours=2)
    assert asked(street) == ["/wiki/Pa"]


def test_a_template_s_edit_is_asked_after_where_that_is_asked_for(street: Street) -> None:
    street.wiki.touched["Pa"] = "2026-11-01T00:00:00Z"
    street.wiki.page("Pa", SAID)
    street.fetch(refresh="touched")
    assert asked(street, refresh="touched") == []
    street.wiki.touched["Pa"] = "2026-11-02T00:00:00Z"
    assert asked(street, refresh="touched") == ["/wiki/Pa"]


def test_a_page_that_asks_no_more_is_kept(street: Street) -> None:
    wiki_with(street, "Pa")
    street.wiki.answers["/wiki/Pa"], street.wiki.revisions["Pa"] = PLAIN, 900
    (page,) = street.fetch()
    assert read_page(street.raw, page.ref).body == PLAIN[2]
    assert street.counts() == {"done": 2}


def test_a_page_that_asks_only_now_leaves_and_comes_back_whole(street: Street) -> None:
    """What was kept before is no record any more: no 304 may bring it back."""
    urls = [f"{street.wiki.url}/a"]
    street.wiki.answers["/a"] = (200, {**HTML, "ETag": '"1"'}, b"<html><p>Old")
    street.fetch(source="urls", urls=urls)
    street.wiki.answers["/a"] = (200, {**SAID[1], "ETag": '"2"'}, SAID[2])
    street.fetch(source="urls", urls=urls)
    assert street.states()["/a"] == EXCLUDED
    street.wiki.answers["/a"] = lambda request: (
        (304, {}, b"") if request.headers.get("If-None-Match") else (200, HTML, b"<html><p>New")
    )
    (page,) = street.fetch(source="urls", urls=urls)
    assert read_page(street.raw, page.ref).body == b"<html><p>New"


def test_an_operator_who_keeps_such_pages_gets_them_at_once(street: Street) -> None:
    wiki_with(street, "Pa")
    assert asked(street, noindex="keep") == ["/wiki/Pa"]
    assert street.counts() == {"done": 2}


def tagged(street: Street) -> dict[str, Any]:
    """A list of one address, whose server sends it once to whoever heeds its validator."""
    def answer(request: Any) -> Any:
        told = {**SAID[1], "ETag": '"1"'}
        return (304, told, b"") if request.headers.get("If-None-Match") == '"1"' else (200, told, SAID[2])

    street.wiki.answers["/a"] = answer
    return {"source": "urls", "urls": [f"{street.wiki.url}/a"]}


def sent(street: Street) -> list[str | None]:
    """The conditions under which /a was asked for."""
    return [told.get("If-None-Match") for told in street.wiki.heard]


def test_a_page_of_a_list_is_asked_for_on_condition_and_no_byte_written_where_it_says_the_same(street: Street) -> None:
    site = tagged(street)
    street.fetch(**site)
    files = sorted(street.raw.iterdir())
    street.wiki.heard.clear()
    street.fetch(**site)
    assert '"1"' in sent(street)
    assert street.states()["/a"] == EXCLUDED
    assert sorted(street.raw.iterdir()) == files
    street.wiki.heard.clear()
    street.fetch(**site, noindex="keep")
    assert sent(street)[-1] is None      # a 304 would say the same of what is not there
    assert street.states()["/a"] == ("done", None)


def test_a_lost_ledger_knows_them_again_without_fetching_one(street: Street) -> None:
    wiki_with(street, "Pa", "Pb")
    street.wiki.revisions["Pa"] = 900
    street.fetch()
    before = list(street.ledger.pages(street.name))
    assert lose(street) == 3
    assert list(street.ledger.pages(street.name)) == before
    assert asked(street) == []


def test_a_lost_ledger_knows_their_validators_again(street: Street) -> None:
    site = tagged(street)
    street.fetch(**site)
    assert lose(street) == 1
    street.wiki.heard.clear()
    street.fetch(**site)
    assert '"1"' in sent(street)
    assert street.states()["/a"] == EXCLUDED
