"""Purging takes a page out of every snapshot and leaves the rest of the dataset as a commit would have it."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from sectionary.output import purge
from sectionary.output.commit import commit
from sectionary.output.dataset import read
from sectionary.output.feed import changes
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
    purge.purge_history(desk.corpus, documents, purge.Gone(barred, documents))
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
    purge.purge_history(desk.corpus, documents, purge.Gone(barred, documents))
    assert read(desk.corpus, table="tombstones").empty
    assert b"Seal" not in b"".join(path.read_bytes() for path in desk.corpus.rglob("*.jsonl"))
    assert verify(desk.corpus).flaws == ()


def test_the_feed_keeps_of_a_page_only_that_it_was_taken_down(desk: Any, article: Make, section: Make) -> None:
    otter, seal = (article(title, section("Life", f"{title} lives."), page_id=n) for n, title in enumerate(("A", "B")))
    commit(desk.corpus, SITE, desk.stage([otter, seal]))
    commit(desk.corpus, SITE, desk.stage([replace(otter, sections=(section("Life", "Edited."), section("Death")))]))
    commit(desk.corpus, SITE, desk.stage([replace(seal, url=f"https://{SITE}/wiki/C"), article("D", page_id=9)]))
    commit(desk.corpus, SITE, [], removed={doc_id(SITE, 0, ""): Departure(state="gone", reason="http: 404")})
    barred = Barred(frozenset([key_of(otter.url), key_of(seal.url)]))     # an address that another page had once
    gone = {SITE: frozenset([doc_id(SITE, 0, "")])}
    for _ in range(2):                   # doing it again changes nothing
        purge.purge_history(desk.corpus, gone, purge.Gone(Barred(barred.keys), gone))
        silenced = ("removed", "takedown", doc_id(SITE, 0, ""), "", "", None)
        for number in (2, 4):
            (told,) = changes(desk.corpus, str(number - 1), number)
            assert (told.change, told.cause, told.doc_id, told.title, told.url, told.old_hash) == silenced
        assert {told.title for told in changes(desk.corpus, "2", 3)} >= {"D"}
        assert [told.doc_id for told in changes(desk.corpus, "1") if told.cause == "takedown"] == [silenced[2]]
        assert not [told for told in changes(desk.corpus, "0") if told.cause == "takedown"]
        recorded = b"".join(path.read_bytes() for path in desk.corpus.glob("jsonl/changes-*"))
        assert recorded.count(b'"takedown"') == 2
        assert b"Edited" not in recorded
    assert verify(desk.corpus).flaws == ()


def test_a_draft_that_a_killed_process_left_is_deleted_by_the_next_commit(desk: Any, article: Make) -> None:
    commit(desk.corpus, SITE, desk.stage([article()]))
    (desk.corpus / "rejected").mkdir(exist_ok=True)
    left = [desk.corpus / name for name in (".CREDITS.csv.99999999", "rejected/.w.example.jsonl.99999999")]
    for draft in left:
        draft.write_text("quoted")
    commit(desk.corpus, SITE, [])
    assert not any(draft.exists() for draft in left)
