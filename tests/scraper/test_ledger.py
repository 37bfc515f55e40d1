"""Where each page stands."""

import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sectionary.scraper.archive import ArchiveRef
from sectionary.scraper.errors import DatasetError
from sectionary.scraper.ledger import Cleaned, Fetched, Ledger, Outcome, Stored
from sectionary.scraper.sources.listing import Listed
from sectionary.scraper.urls import quote_title

SITE, NOW = "mini", 1_000_000.0
DOC = "00112233445566778899aabbccddeeff"


def page(number: int, revision: int | None = 1, **facts: str | int | None) -> Listed:
    told = {
        "key": f"page_id:{number}", "url": f"http://127.0.0.1:1/wiki/P{number}",
        "canonical_url": f"https://mini.example/wiki/P{number}", "title": f"P{number}", "page_id": number,
        "revision_id": revision, "namespace": 0,
    }  # fmt: skip
    return Listed(**{**told, **facts})


def stored(number: int, date: str = "2026-11-22T09:30:00Z") -> Stored:
    ref = ArchiveRef(file="mini-000001.warc.gz", offset=number * 100, length=100, digest=f"{number:064x}")
    return Stored(ref=ref, date_fetched=date, etag='"e"')


def fill(ledger: Ledger, *pages: Listed) -> None:
    ledger.begin(SITE)
    ledger.list_pages(SITE, pages)


def finish(ledger: Ledger, *numbers: int) -> list[Fetched]:
    ledger.done(SITE, [(f"page_id:{number}", stored(number)) for number in numbers])
    return ledger.uncleaned(SITE, "c")


def pending(ledger: Ledger, now: float = NOW) -> list[str]:
    return [task.key for task in ledger.pending(SITE, now)]


def counts(ledger: Ledger) -> dict[str, int]:
    return {state: number for state, number in ledger.counts(SITE).items() if number}


def withdrawn(ledger: Ledger) -> list[str]:
    return [each.doc_id for each in ledger.withdrawn(SITE, "mini.example")]


def entry(ledger: Ledger, number: int) -> tuple[str, str, str | None]:
    (row,) = [row for row in ledger.pages(SITE) if row.key == f"page_id:{number}"]
    return row.state, row.stage, row.reason


def postpone(ledger: Ledger, number: int, reason: str, not_before: float = 0.0) -> None:
    told = Outcome(key=f"page_id:{number}", state="pending", reason=reason, attempts=1, not_before=not_before)
    ledger.settle(SITE, [told])


def test_listed_pages_are_pending_in_the_order_of_listing(ledger: Ledger) -> None:
    fill(ledger, page(10), page(9), page(8, excluded="scope"))
    assert pending(ledger) == ["page_id:10", "page_id:9"]
    assert counts(ledger) == {"pending": 2, "excluded": 1}
    assert ledger.listed(SITE) == 3


def test_listing_again_changes_nothing(ledger: Ledger) -> None:
    fill(ledger, page(1), page(2), page(3))
    finish(ledger, 1)
    ledger.gone(SITE, "page_id:2", "http: 404")
    ledger.rejected(SITE, "page_id:3", "not html: application/pdf")
    before = list(ledger.pages(SITE))
    fill(ledger, page(1), page(3))
    assert list(ledger.pages(SITE)) == before


@pytest.mark.parametrize("settle", [Ledger.gone, Ledger.rejected, Ledger.merged])
def test_a_new_revision_makes_any_settled_page_pending_again(ledger: Ledger, settle: object) -> None:
    fill(ledger, page(1), page(2))
    finish(ledger, 1)
    settle(ledger, SITE, "page_id:2", "why")  # type: ignore[operator]
    fill(ledger, page(1, 2), page(2, 2))
    assert pending(ledger) == ["page_id:1", "page_id:2"]


def test_a_page_that_moved_is_fetched_again_and_one_whose_server_moved_is_not(ledger: Ledger) -> None:
    fill(ledger, page(1), page(2))
    finish(ledger, 1, 2)
    fill(ledger, page(1, canonical_url="https://mini.example/wiki/New"), page(2, url="http://127.0.0.1:2/wiki/P2"))
    assert pending(ledger) == ["page_id:1"]


@pytest.mark.parametrize(("before", "again"), [("9999", True), ("2026-11-22T09:30:00Z", True), ("2026-11-21", False),
                                               ("", False)])
def test_a_fresh_page_may_be_left_though_it_changed(ledger: Ledger, before: str, again: bool) -> None:  # noqa: FBT001
    fill(ledger, page(1))
    finish(ledger, 1)
    ledger.list_pages(SITE, [page(1, 2)], refresh_before=before)
    assert bool(pending(ledger)) is again


def test_a_page_taken_out_of_scope_is_excluded_and_comes_back(ledger: Ledger) -> None:
    fill(ledger, page(1))
    finish(ledger, 1)
    fill(ledger, page(1, excluded="scope"))
    assert entry(ledger, 1)[::2] == ("excluded", "scope")
    fill(ledger, page(1))
    assert pending(ledger) == ["page_id:1"]


def test_a_whole_listing_settles_what_it_does_not_name(ledger: Ledger) -> None:
    fill(ledger, page(1), page(2), page(3, namespace=14))
    finish(ledger, 1, 2)
    fill(ledger, page(1))
    ledger.unlisted(SITE, [0], state="gone", reason="not listed")
    assert entry(ledger, 2)[::2] == ("gone", "not listed")
    assert entry(ledger, 3)[::2] == ("excluded", "scope")
    assert entry(ledger, 1)[0] == "done"


def test_a_page_that_is_listed_again_is_no_longer_gone(ledger: Ledger) -> None:
    fill(ledger, page(1), page(2))
    finish(ledger, 1, 2)
    fill(ledger, page(1))
    ledger.unlisted(SITE, [0], state="gone", reason="not listed")
    fill(ledger, page(1), page(2))
    assert pending(ledger) == ["page_id:2"]
    assert entry(ledger, 2)[::2] == ("pending", None)


@pytest.mark.parametrize(("state", "reason", "again"), [
    ("gone", "http: 404", True), ("gone", "http: 410", True), ("rejected", "http: 401", True),
    ("rejected", "http: 403", True), ("rejected", "http: 451", True), ("rejected", "redirect: login.example", True),
    ("rejected", "blocked: redirect to https://mini.example/login", True), ("rejected", "archive: missing", True),
    ("rejected", "http: 400", False), ("rejected", "not html: image/png", False), ("rejected", "too large", False),
    ("merged", "redirect: x", False),
])  # fmt: skip
def test_a_page_that_may_be_there_by_now_is_asked_for_once_a_listing(
    ledger: Ledger, state: str, reason: str, again: bool  # noqa: FBT001
) -> None:
    fill(ledger, page(1))
    for _ in range(2):
        assert pending(ledger) == ["page_id:1"]
        ledger.settle(SITE, [Outcome(key="page_id:1", state=state, reason=reason, attempts=1)])
        (row,) = ledger.pages(SITE)
        assert row.retryable is (again and state == "rejected")
        ledger.list_pages(SITE, [page(1)])
        assert pending(ledger) == []                 # this listing's turn is over
        fill(ledger, page(1))
        assert bool(pending(ledger)) is again
        if not again:
            return


def test_pages_never_asked_for_go_first_then_those_asked_longest_ago(ledger: Ledger) -> None:
    pages = [page(number) for number in (1, 2, 3)]
    for number in (2, 1):
        fill(ledger, *pages)
        ledger.gone(SITE, f"page_id:{number}", "http: 404")
    fill(ledger, *pages, page(4))
    assert pending(ledger) == ["page_id:3", "page_id:4", "page_id:2", "page_id:1"]
    ledger.gone(SITE, "page_id:1", "http: 404")
    fill(ledger, page(1, 2))
    assert pending(ledger)[0] == "page_id:1"


def test_a_row_tells_when_it_was_settled_and_where_its_bytes_lie(ledger: Ledger) -> None:
    fill(ledger, page(1), page(2), page(3))
    first, _ = finish(ledger, 1, 2)
    ledger.cleaned(SITE, [Cleaned(page=first, flaw="no content")], "c")
    ledger.settle(SITE, [
        Outcome(key=key, state="rejected", reason="http: 403", date="2026-11-23T00:00:00Z")
        for key in ("page_id:2", "page_id:3")
    ])  # fmt: skip
    rows = [(row.date, row.raw_file, row.raw_offset, row.retryable) for row in ledger.pages(SITE)]
    assert rows == [
        ("2026-11-22T09:30:00Z", "mini-000001.warc.gz", 100, False),
        ("2026-11-23T00:00:00Z", None, None, True),
        ("2026-11-23T00:00:00Z", None, None, True),
    ]


def test_a_task_knows_what_was_listed(ledger: Ledger) -> None:
    at_home = "https://mini.example/wiki/P2"
    fill(ledger, page(1, date_modified="2026-01-02T03:04:05Z"), page(2, url=at_home), page(3, canonical_url=None))
    first, second, third = ledger.pending(SITE, NOW)
    assert (first.date_modified, second.date_modified) == ("2026-01-02T03:04:05Z", None)
    assert [task.canonical_url for task in (first, second, third)] == ["https://mini.example/wiki/P1", at_home, None]
    assert [row.canonical_url for row in ledger.pages(SITE)][1:] == [at_home, "http://127.0.0.1:1/wiki/P3"]

def test_a_postponed_page_waits_for_its_time_and_keeps_its_reason(ledger: Ledger) -> None:
    fill(ledger, page(1))
    postpone(ledger, 1, "http: 503", NOW + 60)
    fill(ledger, page(1))
    assert (pending(ledger), pending(ledger, NOW + 60)) == ([], ["page_id:1"])
    assert entry(ledger, 1)[::2] == ("pending", "http: 503")
    assert ledger.pending(SITE, NOW + 60)[0].attempts == 1


def test_a_site_that_fails_tells_the_pages_that_know_no_better(ledger: Ledger) -> None:
    fill(ledger, page(1), page(2))
    postpone(ledger, 1, "http: 503")
    ledger.stalled(SITE, "dns")
    assert [row.reason for row in ledger.pages(SITE)] == ["http: 503", "dns"]


def test_a_redirect_to_a_listed_page_adds_nothing(ledger: Ledger) -> None:
    fill(ledger, page(1), page(2))
    ledger.merged(SITE, "page_id:1", "redirect", page(99, canonical_url="http://www.mini.example/wiki/P2"))
    assert counts(ledger) == {"pending": 1, "merged": 1}
    assert ledger.pending(SITE, NOW)[0].redirected_from == ("http://127.0.0.1:1/wiki/P1",)


def test_a_redirect_to_an_unlisted_page_adds_it_until_its_source_names_it(ledger: Ledger) -> None:
    fill(ledger, page(1))
    place = "https://mini.example/wiki/P2"
    ledger.merged(SITE, "page_id:1", "redirect", Listed(key=place, url=place, canonical_url=place))
    assert pending(ledger) == [place]
    fill(ledger, page(1), page(2))
    ledger.unlisted(SITE, [0], state="gone", reason="not listed")
    assert pending(ledger) == ["page_id:2"]
    assert counts(ledger) == {"pending": 1, "merged": 1}
    fill(ledger, page(1))
    assert len(ledger.unlisted(SITE, [0], state="gone", reason="not listed")) == 1


def test_what_led_to_a_page_leads_there_still_when_its_source_names_it(ledger: Ledger) -> None:
    fill(ledger, page(1))
    place = "https://mini.example/wiki/P2"
    ledger.merged(SITE, "page_id:1", "redirect", Listed(key=place, url=place, canonical_url=place))
    fill(ledger, page(1), page(2))
    assert ledger.pending(SITE, NOW)[0].redirected_from == ("http://127.0.0.1:1/wiki/P1",)


def documents(ledger: Ledger, *numbers: int) -> list[str]:
    """Fetch and clean pages; each becomes a document."""
    fill(ledger, *(page(number) for number in numbers))
    made = [
        Cleaned(page=fetched, wiki="mini.example", doc_id=f"{number:032x}")
        for number, fetched in zip(numbers, finish(ledger, *numbers), strict=True)
    ]
    ledger.cleaned(SITE, made, "c")
    return [str(cleaned.doc_id) for cleaned in made]


def lead(ledger: Ledger, number: int, place: str) -> tuple[str, str, str | None]:
    url = f"https://mini.example{place}"
    ledger.merged(SITE, f"page_id:{number}", "redirect", Listed(key=url, url=url, canonical_url=url))
    return entry(ledger, number)


def test_a_merged_page_is_withdrawn_once_the_page_it_leads_to_is_there(ledger: Ledger) -> None:
    doc, *_ = documents(ledger, 1, 2)
    fill(ledger, page(1, 2), page(2, 2))
    assert lead(ledger, 1, "/wiki/P2")[0] == "merged"
    assert withdrawn(ledger) == []
    finish(ledger, 2)
    assert withdrawn(ledger) == [doc]


def test_a_page_fetched_before_keeps_its_place_when_it_leads_to_one_that_no_listing_names(ledger: Ledger) -> None:
    documents(ledger, 1)
    fill(ledger, page(1, 2))
    assert lead(ledger, 1, "/wiki/Login") == ("rejected", "fetch", "blocked: redirect to https://mini.example/wiki/Login")
    assert counts(ledger) == {"rejected": 1}
    assert withdrawn(ledger) == []


@pytest.mark.parametrize("places", [("/login", "/login"), ("/login?to=P1", "/login?to=P2"), ("/login", "/login?to=P2")])
def test_an_address_that_several_pages_lead_to_and_no_listing_names_is_not_taken_in(
    ledger: Ledger, places: tuple[str, str]
) -> None:
    fill(ledger, page(1), page(2), page(3))
    assert lead(ledger, 1, places[0])[0] == "merged"
    blocked = ("rejected", "fetch", f"blocked: redirect to https://mini.example{places[1]}")
    assert lead(ledger, 2, places[1]) == blocked
    assert entry(ledger, 1) == blocked
    assert lead(ledger, 3, places[1]) == blocked
    assert counts(ledger) == {"rejected": 3, "excluded": 1}
    assert pending(ledger) == []
    fill(ledger, page(1), page(2), page(3))
    assert len(pending(ledger)) == 3


def test_pages_fetched_before_that_all_lead_to_one_listed_page_are_blocked(ledger: Ledger) -> None:
    documents(ledger, 1, 2, 3)
    fill(ledger, *(page(number, 2) for number in (1, 2, 3)))
    finish(ledger, 3)
    assert [lead(ledger, number, "/wiki/P3")[0] for number in (1, 2)] == ["merged", "rejected"]
    assert entry(ledger, 1)[0] == "rejected"
    assert withdrawn(ledger) == []
    assert counts(ledger) == {"rejected": 2, "done": 1}


def test_a_page_added_by_a_redirect_is_not_missed_in_a_listing(ledger: Ledger) -> None:
    fill(ledger, page(1))
    place = "https://mini.example/wiki/Elsewhere"
    ledger.merged(SITE, "page_id:1", "redirect", Listed(key=place, url=place))
    fill(ledger, page(1))
    assert ledger.unlisted(SITE, [0], state="gone", reason="not listed") == []


def test_done_pages_are_handed_out_until_this_cleaner_has_cleaned_them(ledger: Ledger) -> None:
    fill(ledger, page(1), page(2), page(3))
    first, second = finish(ledger, 1, 2)
    assert (first.key, first.canonical_url) == ("page_id:1", "https://mini.example/wiki/P1")
    assert first.ref == stored(1).ref
    assert ledger.uncleaned(SITE, "c", after_key="page_id:1") == [second]
    ledger.cleaned(SITE, [Cleaned(page=first, wiki="mini.example", doc_id=DOC)], "c")
    assert ledger.uncleaned(SITE, "c") == [second]
    assert ledger.uncleaned(SITE, "newer") == [first, second]


def test_bytes_fetched_meanwhile_are_still_to_be_cleaned(ledger: Ledger) -> None:
    fill(ledger, page(1))
    (old,) = finish(ledger, 1)
    ledger.done(SITE, [("page_id:1", stored(5))])
    ledger.cleaned(SITE, [Cleaned(page=old, wiki="mini.example", doc_id=DOC)], "c")
    assert [fetched.ref for fetched in ledger.uncleaned(SITE, "c")] == [stored(5).ref]


def test_a_page_with_a_flaw_is_rejected_until_a_new_cleaner_sees_it(ledger: Ledger) -> None:
    fill(ledger, page(1))
    (only,) = finish(ledger, 1)
    ledger.cleaned(SITE, [Cleaned(page=only, flaw="no content")], "c")
    assert entry(ledger, 1) == ("rejected", "clean", "no content")
    assert ledger.uncleaned(SITE, "c") == []
    assert ledger.uncleaned(SITE, "newer") == [only]
    ledger.cleaned(SITE, [Cleaned(page=only, wiki="mini.example", doc_id=DOC)], "newer")
    assert entry(ledger, 1)[0] == "done"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_pages_that_are_one_document_the_later_is_merged(ledger: Ledger, order: tuple[int, int]) -> None:
    fill(ledger, page(1), page(2))
    both = finish(ledger, 1, 2)
    for number in order:
        ledger.cleaned(SITE, [Cleaned(page=both[number], wiki="mini.example", doc_id=DOC)], "c")
    assert entry(ledger, 1)[0] == "done"
    assert entry(ledger, 2)[:2] == ("merged", "clean")
    assert str(entry(ledger, 2)[2]).startswith("duplicate: ")
    assert withdrawn(ledger) == []


def test_documents_of_pages_that_are_no_more_are_withdrawn(ledger: Ledger) -> None:
    fill(ledger, page(1), page(2), page(3), page(4))
    documents = [f"{number:032x}" for number in range(4)]
    ledger.cleaned(SITE, [
        Cleaned(page=fetched, wiki="mini.example", doc_id=doc)
        for fetched, doc in zip(finish(ledger, 1, 2, 3, 4), documents, strict=True)
    ], "c")  # fmt: skip
    assert ledger.wikis(SITE) == ["mini.example"]
    ledger.gone(SITE, "page_id:1", "http: 404")
    ledger.excluded(SITE, "page_id:2", "scope")
    ledger.rejected(SITE, "page_id:3", "http: 403")
    postpone(ledger, 4, "timeout")
    assert withdrawn(ledger) == documents[:2]
    assert ledger.withdrawn(SITE, "other.example") == []


def test_a_document_that_a_page_was_before_is_withdrawn_until_it_is_back(ledger: Ledger) -> None:
    fill(ledger, page(1))
    (only,) = finish(ledger, 1)
    ledger.cleaned(SITE, [Cleaned(page=only, wiki="mini.example", doc_id=DOC)], "c")
    ledger.cleaned(SITE, [Cleaned(page=only, wiki="mini.example", doc_id="ff" * 16)], "d")
    assert withdrawn(ledger) == [DOC]
    ledger.cleaned(SITE, [Cleaned(page=only, wiki="mini.example", doc_id=DOC)], "e")
    assert withdrawn(ledger) == ["ff" * 16]


def test_a_document_that_moved_to_another_page_stays(ledger: Ledger) -> None:
    fill(ledger, page(1), page(2))
    first, second = finish(ledger, 1, 2)
    ledger.cleaned(SITE, [Cleaned(page=first, wiki="mini.example", doc_id=DOC)], "c")
    ledger.done(SITE, [("page_id:1", stored(5))])
    ledger.cleaned(SITE, [Cleaned(page=second, wiki="mini.example", doc_id=DOC)], "c")
    (first,) = ledger.uncleaned(SITE, "c")
    ledger.cleaned(SITE, [Cleaned(page=first, wiki="mini.example", doc_id="ff" * 16)], "c")
    assert counts(ledger) == {"done": 2}
    assert withdrawn(ledger) == []


def test_sites_do_not_see_each_other(ledger: Ledger) -> None:
    fill(ledger, page(1))
    assert ledger.counts("other") == dict.fromkeys(ledger.counts(SITE), 0)
    assert ledger.pending("other", NOW) == []


def test_a_batch_is_settled_whole_or_not_at_all(ledger: Ledger) -> None:
    fill(ledger, page(1))

    def outcomes() -> Iterator[Outcome]:
        yield Outcome(key="page_id:1", state="done", stored=stored(1))
        raise RuntimeError("killed here")

    with pytest.raises(RuntimeError):
        ledger.settle(SITE, outcomes())
    assert counts(ledger) == {"pending": 1}


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from sectionary.scraper.ledger import Ledger\n"
        "from sectionary.scraper.sources.listing import Listed\n"
        "ledger = Ledger(Path(sys.argv[1])); ledger.begin('mini')\n"
        "ledger.list_pages('mini', [Listed(key=k, url='https://a.example/' + k) for k in 'abc'])\n"
        "ledger.gone('mini', 'a', 'http: 404'); os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path / "l.sqlite")], check=False)
    assert killed.returncode == -9
    with Ledger(tmp_path / "l.sqlite") as ledger:
        assert counts(ledger) == {"pending": 2, "gone": 1}


@pytest.mark.parametrize("version", [99, 3, 0, None], ids=["newer", "older", "foreign", "garbage"])
def test_a_file_that_is_no_ledger_of_ours_is_refused_untouched(tmp_path: Path, version: int | None) -> None:
    path = tmp_path / "l.sqlite"
    if version is None:
        path.write_bytes(b"not a database at all, but long enough to be asked" * 30)
    else:
        db = sqlite3.connect(path)
        db.execute("CREATE TABLE mine (x)")
        db.execute(f"PRAGMA user_version = {version}")
        db.close()
    before = path.read_bytes()
    with pytest.raises(DatasetError, match=str(path)):
        Ledger(path)
    assert path.read_bytes()[100:] == before[100:]


class Life(RuleBasedStateMachine):
    """Whatever happens to pages, each is in one state, and nothing listed is ever lost."""

    keys = st.integers(1, 8)

    @initialize()
    def start(self) -> None:
        """Open a ledger in memory."""
        self.ledger = Ledger(Path(":memory:"))
        self.ledger.begin(SITE)
        self.listed: set[int] = set()
        self.ledger.begin(SITE)

    @rule(numbers=st.lists(keys, max_size=5), revision=st.integers(1, 3), excluded=st.sampled_from([None, "scope"]))
    def list_some(self, numbers: list[int], revision: int, excluded: str | None) -> None:
        """List pages, some out of scope."""
        self.ledger.list_pages(SITE, [page(number, revision, excluded=excluded) for number in numbers])
        self.listed |= set(numbers)

    @rule(numbers=st.lists(keys, max_size=5))
    def list_all_and_miss_the_rest(self, numbers: list[int]) -> None:
        """List as if this were all there is."""
        self.ledger.begin(SITE)
        self.list_some(numbers, 1, None)
        self.ledger.unlisted(SITE, [0], state="gone", reason="not listed")

    @rule(state=st.sampled_from(["done", "gone", "excluded", "rejected", "merged", "pending"]), at=st.integers(0, 9))
    def settle_one(self, state: str, at: int) -> None:
        """Let one pending page come out of a run."""
        tasks = self.ledger.pending(SITE, NOW)
        if tasks:
            key = tasks[at % len(tasks)].key
            facts = stored(int(key.removeprefix("page_id:"))) if state == "done" else None
            self.ledger.settle(SITE, [Outcome(key=key, state=state, stored=facts)])

    @rule(document=st.integers(0, 2), flaw=st.sampled_from([None, "no content"]))
    def clean_one(self, document: int, flaw: str | None) -> None:
        """Clean one page, well or not."""
        for fetched in self.ledger.uncleaned(SITE, "c", limit=1):
            made = {"flaw": flaw} if flaw else {"wiki": "mini.example", "doc_id": f"{document:032x}"}
            self.ledger.cleaned(SITE, [Cleaned(page=fetched, **made)], "c")

    @invariant()
    def every_page_is_in_one_state(self) -> None:
        """States add up to what was listed."""
        assert sum(self.ledger.counts(SITE).values()) == len(self.listed)

    @invariant()
    def a_document_has_at_most_one_page_and_is_not_withdrawn_while_it_has(self) -> None:
        """Documents are held by one page."""
        query = "SELECT lower(hex(doc_id)) FROM pages NATURAL JOIN copies WHERE state = 'done' AND cleaned IS NOT NULL"
        held = [row[0] for row in self.ledger._db.execute(query)]
        assert len(held) == len(set(held))
        assert not set(held) & set(withdrawn(self.ledger))

    def teardown(self) -> None:
        """Close the ledger."""
        self.ledger.close()


Life.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestLife = Life.TestCase


@pytest.mark.parametrize("kind", ["wiki", "list", "cyrillic"])
def test_a_page_takes_no_more_than_300_bytes(tmp_path: Path, kind: str) -> None:
    pages = 5000
    name = "Сердечная недостаточность {}" if kind == "cyrillic" else "Carcinoma of the {}"
    with Ledger(tmp_path / "l.sqlite") as ledger:
        fill(ledger, *(listed(name.format(number), number, with_id=kind != "list") for number in range(1, pages + 1)))
        keys = [task.key for task in ledger.pending(SITE, NOW, pages)]
        ledger.done(SITE, [(key, hashed(number)) for number, key in enumerate(keys)])
        ledger.cleaned(SITE, [
            Cleaned(page=fetched, wiki="mini.example", doc_id=hashlib.sha256(fetched.key.encode()).hexdigest()[:32])
            for fetched in ledger.uncleaned(SITE, "c", limit=pages)
        ], "c")  # fmt: skip
    assert (tmp_path / "l.sqlite").stat().st_size <= 300 * pages


def listed(title: str, number: int, *, with_id: bool) -> Listed:
    path = f"/wiki/{quote_title(title)}"
    if not with_id:
        return Listed(key=f"https://mini.example{path}", url=f"https://mini.example{path}")
    home = f"https://mini.example{path}"
    return page(number, 10**9, url=f"http://127.0.0.1:1{path}", canonical_url=home, title=title)


def hashed(number: int) -> Stored:
    ref = ArchiveRef(file="mini-000001.warc.gz", offset=number * 20_000, length=20_000,
                     digest=hashlib.sha256(str(number).encode()).hexdigest())  # fmt: skip
    return Stored(ref=ref, date_fetched="2026-11-22T09:30:00Z", etag='"abc-123456"')


def test_lost_pages_are_due_again_when_the_operator_says_so(ledger: Ledger) -> None:
    fill(ledger, page(1), page(2), page(3), page(4))
    ledger.rejected(SITE, "page_id:1", "http: 403")
    ledger.rejected(SITE, "page_id:2", "not html: image/png")
    postpone(ledger, 3, "http: 503", NOW + 1000)
    ledger.done(SITE, [("page_id:4", stored(4))])
    assert ledger.retry(SITE, "http: *") == 2
    assert pending(ledger) == ["page_id:1", "page_id:3"]
    assert ledger.retry(SITE) == 1
    assert pending(ledger) == ["page_id:1", "page_id:2", "page_id:3"]
