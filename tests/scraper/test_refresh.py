"""What is asked of a site that was crawled before: as little as tells what changed."""

import gzip
import json
from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sectionary.scraper.archive import read_page
from sectionary.scraper.rows import Outcome, Stored
from sectionary.scraper.sources.listing import Listed

HTML = {"Content-Type": "text/html"}


@pytest.fixture
def list_of(street: Any) -> Any:
    """A list of two addresses whose server gives validators and heeds them."""
    served = {"/a": (b"<html><p>A", '"a1"'), "/b": (b"<html><p>B", None)}

    def answer(path: str) -> Any:
        def give(handler: Any) -> Any:
            body, etag = served[path]
            told = {**HTML, "ETag": etag} if etag else {**HTML, "Last-Modified": "Sun, 22 Nov 2026 08:00:00 GMT"}
            asked = handler.headers.get("If-None-Match"), handler.headers.get("If-Modified-Since")
            if etag and asked[0] == etag:
                return 304, {"ETag": etag}, b""
            if not etag and asked[1] == told["Last-Modified"]:
                return 304, {}, b""
            return 200, told, body

        return give

    for path in served:
        street.wiki.answers[path] = answer(path)
    site = {"source": "urls", "urls": [f"{street.wiki.url}{path}" for path in served]}
    return served, lambda **told: street.fetch(**{**site, **told})


def asked(street: Any) -> Counter[str]:
    """Pages asked for since last time."""
    hits = Counter({path: number for path, number in street.wiki.hits.items() if path.startswith("/wiki/P")})
    street.wiki.hits.clear()
    return hits


def test_ten_thousand_pages_that_did_not_change_cost_few_requests_no_body_and_no_byte_of_disk(street: Any) -> None:
    street.wiki.batch = 500
    street.wiki.page("P00000")
    for number in range(1, 10_000):
        street.wiki.pages[f"P{number:05d}"] = number + 1
    street.fetch(limit=1)                # one is fetched,
    mark_as_fetched(street)              # and the others as if
    street.fetch()
    street.wiki.hits.clear()
    before = street.ledger._db.total_changes, sorted(street.raw.iterdir())
    assert street.fetch() == []
    assert street.wiki.hits.total() <= 40
    assert street.wiki.hits.keys() <= {"/robots.txt", "/w/api.php"}      # not even the start page
    changes, files = street.ledger._db.total_changes, sorted(street.raw.iterdir())
    assert files == before[1]
    assert changes - before[0] < 10      # the site's own row, and what is left of the host's rest
    assert street.counts() == {"done": 10_000}


def test_a_wiki_whose_api_has_moved_is_found_again(street: Any) -> None:
    street.wiki.page("P1")
    street.fetch()
    street.wiki.answers["/w/api.php"] = (404, {}, b"")
    head = b'<html><head><link rel="EditURI" href="/new/api.php?action=rsd"></head>'
    street.wiki.answers["/wiki/"] = (200, HTML, head)
    street.wiki.answers["/new/api.php"] = lambda request: api_of(street.wiki, request)
    street.wiki.hits.clear()
    street.fetch()
    street.fetch()
    assert street.counts() == {"done": 1}
    assert street.wiki.hits["/wiki/"] == 1           # and remembered where it is now


def api_of(wiki: Any, request: Any) -> tuple[int, dict[str, str], bytes]:
    query = {key: values[0] for key, values in parse_qs(urlsplit(request.path).query).items()}
    headers, reply = wiki.api(query)
    return 200, {"Content-Type": "application/json", **headers}, json.dumps(reply).encode()


def test_an_address_that_the_operator_changed_leads_to_its_own_wiki(street: Any) -> None:
    street.wiki.page("P1")
    street.fetch()
    assert street.ledger.api("mini", f"{street.wiki.url}/wiki/") == f"{street.wiki.url}/w/api.php"
    assert street.ledger.api("mini", f"{street.wiki.url}/de/wiki/") is None


def mark_as_fetched(street: Any) -> None:
    pages = [
        Listed(
            key=f"page_id:{number}", url=f"{street.wiki.url}/wiki/{title}", title=title, page_id=number,
            canonical_url=f"https://mini.example/wiki/{title}", revision_id=100 + number, namespace=0,
            date_modified="2026-01-01T00:00:00Z",
        ) for title, number in street.wiki.pages.items()
    ]  # fmt: skip
    street.ledger.list_pages(street.name, pages)
    (first,) = street.ledger.uncleaned(street.name, "c")
    stored = Stored(ref=first.ref, date_fetched="2026-11-22T09:30:00Z")
    street.ledger.settle(
        street.name, [Outcome(key=page.key, state="done", stored=stored) for page in pages if page.key != first.key]
    )


def test_a_page_of_a_list_is_asked_for_again_and_not_sent_again(street: Any, list_of: Any) -> None:
    _, fetch = list_of
    assert len(fetch()) == 2
    files = sorted(street.raw.iterdir())
    assert fetch() == []
    assert street.counts() == {"done": 2}
    assert (street.wiki.hits["/a"], street.wiki.hits["/b"]) == (2, 2)
    assert sorted(street.raw.iterdir()) == files


def test_a_page_of_a_list_that_changed_is_fetched(street: Any, list_of: Any) -> None:
    served, fetch = list_of
    fetch()
    served["/a"] = (b"<html><p>Changed", '"a2"')
    (page,) = fetch()
    assert read_page(street.raw, page.ref).body == b"<html><p>Changed"


def test_a_page_that_was_gone_is_asked_for_without_conditions(street: Any, list_of: Any) -> None:
    """Its old bytes are no record any more: a 304 would leave it lost."""
    _, fetch = list_of
    fetch()
    answer = street.wiki.answers["/a"]
    street.wiki.answers["/a"] = (404, {}, b"")
    fetch()
    assert street.counts() == {"done": 1, "gone": 1}
    street.wiki.answers["/a"] = answer
    assert len(fetch()) == 1
    assert street.counts() == {"done": 2}


def test_a_304_that_nobody_asked_for_is_no_page(street: Any) -> None:
    street.wiki.page("A", (304, {}, b""))
    street.fetch()
    assert street.states()["A"] == ("rejected", "http: 304")


def test_the_same_bytes_under_a_new_revision_are_kept_once(street: Any) -> None:
    street.wiki.page("Page")
    (first,) = street.fetch()
    street.wiki.revisions["Page"] = 500
    (second,) = street.fetch()
    one, two = read_page(street.raw, first.ref), read_page(street.raw, second.ref)
    assert (one.body, one.revision_id, two.revision_id) == (two.body, 101, 500)
    assert b"WARC-Type: revisit" in unpacked(street)[-1]


def unpacked(street: Any) -> list[bytes]:
    return [gzip.decompress(file.read_bytes()) for file in sorted(street.raw.iterdir())]


def test_a_template_s_edit_is_seen_where_it_is_asked_for(street: Any) -> None:
    for title in ("Pa", "Pb"):
        street.wiki.page(title)
        street.wiki.touched[title] = "2026-11-01T00:00:00Z"
    street.fetch(refresh="touched")
    assert asked(street) == {"/wiki/Pa": 1, "/wiki/Pb": 1}
    street.wiki.touched["Pa"] = "2026-11-02T00:00:00Z"   # the wiki's clock may be behind ours
    street.fetch()
    assert not asked(street)
    street.fetch(refresh="touched")
    assert asked(street) == {"/wiki/Pa": 1}
    street.fetch(refresh="touched")
    assert not asked(street)


def test_everything_is_fetched_again_when_the_operator_says_so(street: Any) -> None:
    for title in ("Pa", "Pb"):
        street.wiki.page(title)
    street.fetch()
    asked(street)
    street.fetch(full=True)
    assert asked(street) == {"/wiki/Pa": 1, "/wiki/Pb": 1}
    street.fetch()
    assert not asked(street)


def test_since_leaves_out_what_was_not_edited_and_takes_nothing_for_gone(street: Any) -> None:
    for title in ("Pa", "Pb"):
        street.wiki.page(title)
    street.fetch()
    street.wiki.page("Pc")
    street.wiki.page("Pd")
    street.wiki.edited["Pd"] = "2026-11-20T00:00:00Z"
    street.wiki.revisions["Pa"] = 900    # edited, but before
    asked(street)
    street.fetch(since="2026-11-19T00:00:00Z")
    assert asked(street) == {"/wiki/Pd": 1}
    assert street.warnings == [
        "recent changes are not told: reads the whole list for what changed since 2026-11-19T00:00:00Z"
    ]
    assert street.counts() == {"done": 3}
    assert street.ledger.unfinished(street.name)
    street.fetch()
    assert asked(street) == {"/wiki/Pa": 1, "/wiki/Pc": 1}


def test_a_page_that_moved_is_the_same_page(street: Any) -> None:
    street.wiki.page("Pold", page_id=7)
    street.fetch()
    del street.wiki.pages["Pold"]
    street.wiki.page("Pnew", page_id=7)
    street.fetch()
    (row,) = street.ledger.pages(street.name)
    assert (row.key, row.title, row.state) == ("page_id:7", "Pnew", "done")


def test_pages_younger_than_refresh_after_are_left_alone(street: Any) -> None:
    street.wiki.page("Pa")
    street.refresh_after = 3600.0
    street.fetch()
    street.wiki.revisions["Pa"] = 900
    asked(street)
    street.fetch()
    assert not asked(street)
    street.clock.start += timedelta(hours=2)
    street.fetch()
    assert asked(street) == {"/wiki/Pa": 1}
