"""Purging takes a page out of every snapshot and leaves the rest of the dataset as a commit would have it."""

from collections.abc import Callable
from typing import Any

from sectionary.output import purge
from sectionary.output.commit import commit
from sectionary.output.dataset import read
from sectionary.output.ids import doc_id
from sectionary.output.tombstone import Departure
from sectionary.output.verify import verify
from sectionary.scraper.barred import Barred, key_of

Make = Callable[..., Any]
SITE = "wiki.example"


def test_after_a_purge_nothing_is_left_to_commit(desk: Any, article: Make, section: Make) -> None:
    made = [article(title, section("Life", f"{title} lives.")) for title in ("Otter", "Seal", "Stoat")]
    commit(desk.corpus, SITE, desk.stage(made))
    gone = {doc_id(SITE, None, made[1].url): Departure(state="gone", reason="not listed", date="2026-11-01T00:00:00Z")}
    commit(desk.corpus, SITE, [], removed=gone)
    barred = Barred(frozenset([key_of(made[0].url)]))
    documents = purge.documents(desk.corpus, barred)
    assert documents == {SITE: frozenset([doc_id(SITE, None, made[0].url)])}
    commit(desk.corpus, SITE, [], removed=documents[SITE])
    purge.purge_history(desk.corpus, documents, purge.is_gone(barred, documents))
    assert commit(desk.corpus, SITE, []).snapshot is None
    assert verify(desk.corpus).flaws == ()
    assert [set(read(desk.corpus, snapshot=number)["title"]) for number in (1, 2, 3)] == [
        {"Seal", "Stoat"}, {"Stoat"}, {"Stoat"},
    ]  # fmt: skip
    assert set(read(desk.corpus, table="tombstones")["title"]) == {"Seal"}


def test_a_tombstone_of_a_page_that_is_taken_down_goes_with_it(desk: Any, article: Make, section: Make) -> None:
    made = [article(title, section("Life", f"{title} lives.")) for title in ("Otter", "Seal")]
    commit(desk.corpus, SITE, desk.stage(made))
    gone = {doc_id(SITE, None, made[1].url): Departure(state="gone", reason="http: 410")}
    commit(desk.corpus, SITE, [], removed=gone)
    barred = Barred(frozenset([key_of(made[1].url)]))
    documents = purge.documents(desk.corpus, barred)
    purge.purge_history(desk.corpus, documents, purge.is_gone(barred, documents))
    assert read(desk.corpus, table="tombstones").empty
    assert b"Seal" not in b"".join(path.read_bytes() for path in desk.corpus.rglob("*.jsonl"))
    assert verify(desk.corpus).flaws == ()


def test_a_draft_that_a_killed_process_left_is_deleted_by_the_next_commit(desk: Any, article: Make) -> None:
    commit(desk.corpus, SITE, desk.stage([article()]))
    (desk.corpus / "rejected").mkdir(exist_ok=True)
    left = [desk.corpus / name for name in (".CREDITS.csv.99999999", "rejected/.w.example.jsonl.99999999")]
    for draft in left:
        draft.write_text("quoted")
    commit(desk.corpus, SITE, [])
    assert not any(draft.exists() for draft in left)
