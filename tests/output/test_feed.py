"""The change feed of a dataset: as its commits tell it, and between any two snapshots that are kept."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace

from sectionary.cleaners.article import Article
from sectionary.output.change import Change
from sectionary.output.commit import commit
from sectionary.output.feed import changes, summary
from sectionary.output.ids import doc_id
from sectionary.output.settings import OutputSettings
from sectionary.output.tombstone import Departure
from sectionary.output.vacuum import vacuum
from sectionary.scraper.errors import ConfigError, DatasetError

Make = Callable[..., Any]
SITE = "wiki.example"
DAYS = [f"2026-11-{day:02}T03:00:00Z" for day in range(1, 8)]
SMALL = 40_000                             # bytes of JSON lines a shard, so that forty small pages make four
GONE = Departure(state="gone", reason="http: 404", date="2026-11-02T01:00:00Z")


@pytest.fixture
def otters(article: Make, section: Make) -> list[Article]:
    """Forty pages of a lead and a section."""
    return [
        article(f"Otter {n}", section(None, "A lead."), section("Habitat", f"River {n}."), page_id=n, revision_id=n)
        for n in range(1, 41)
    ]


@pytest.fixture
def edited(section: Make) -> Callable[[Article], Article]:
    """Edits the second section of a page."""

    def edit(otter: Article, text: str = "The sea.") -> Article:
        sections = (otter.sections[0], section("Habitat", text))
        return replace(otter, sections=sections, revision_id=(otter.revision_id or 0) + 100)

    return edit


@pytest.fixture
def night(desk: Any) -> Callable[..., Any]:
    """Commits articles as one night's run."""

    def run(day: int, articles: list[Article], **options: Any) -> Any:
        options = {"created": DAYS[day], "shard_bytes": SMALL, **options}
        return commit(desk.corpus, SITE, desk.stage(articles), **options)

    return run


def recorded(corpus: Path, number: int) -> list[dict[str, Any]]:
    """What the commit of a snapshot told, from its JSON lines."""
    lines = [path.read_bytes().splitlines() for path in corpus.glob(f"jsonl/changes-*-{number:05d}-*.jsonl")]
    return [json.loads(line) for part in lines for line in part]


def plain(found: Any) -> list[dict[str, Any]]:
    """Changes as dictionaries, in any order."""
    return sorted(({name: getattr(each, name) for name in Change.__struct_fields__} for each in found), key=str)


def test_a_night_is_told_section_by_section(desk: Any, night: Make, otters: list[Article], edited: Make) -> None:
    night(0, otters)
    moved = replace(otters[9], title="Lutra", url="https://wiki.example/wiki/Lutra", revision_id=900)
    gone = doc_id(SITE, otters[20].page_id, otters[20].url)
    night(1, [*map(edited, otters[:5]), moved], removed={gone: GONE})
    told = {(change.change, change.cause, change.breadcrumb) for change in changes(desk.corpus)}
    assert told == {
        *(("edited", "edit", f"Otter {n} > Habitat") for n in range(1, 6)),
        ("moved", "edit", "Lutra"), ("moved", "edit", "Lutra > Habitat"),
        ("removed", "edit", "Otter 21"), ("removed", "edit", "Otter 21 > Habitat"),
    }  # fmt: skip


def test_a_commit_tells_the_same_in_both_formats_as_is_found_by_comparing(
    desk: Any, night: Make, otters: list[Article], edited: Make
) -> None:
    night(0, otters)
    night(1, [edited(otters[0])], removed={doc_id(SITE, 8, ""): GONE, doc_id(SITE, 9, ""): Departure(state="excluded")})
    rows = recorded(desk.corpus, 2)
    assert len(rows) == 5
    assert sorted(rows, key=str) == plain(changes(desk.corpus))
    assert pq.read_table(next(desk.corpus.glob("changes/**/*.parquet"))).to_pylist() == rows
    assert {row["cause"] for row in rows if row["change"] == "removed"} == {"edit", "scope"}


def test_a_first_commit_tells_no_change_but_can_be_asked(desk: Any, night: Make, otters: list[Article]) -> None:
    night(0, otters)
    assert not list(desk.corpus.glob("changes/**/*"))
    assert {change.change for change in changes(desk.corpus)} == {"added"}
    assert len(list(changes(desk.corpus, "0"))) == 80


def test_other_rules_are_told_as_such(desk: Any, night: Make, otters: list[Article], edited: Make) -> None:
    night(0, otters)
    cleaned = [replace(edited(each), revision_id=each.revision_id, cleaner_version="2") for each in otters[:3]]
    night(1, [*cleaned, *(replace(each, cleaner_version="2") for each in otters[3:])])
    assert [change.cause for change in changes(desk.corpus)] == ["rules"] * 3


def test_any_two_kept_snapshots_can_be_compared(desk: Any, night: Make, otters: list[Article], edited: Make) -> None:
    night(0, otters)
    night(1, [edited(otters[0])])
    night(2, [edited(otters[1])])
    night(3, [otters[0]])
    assert {change.title for change in changes(desk.corpus, "1", 3)} == {"Otter 1", "Otter 2"}
    assert [change.title for change in changes(desk.corpus, "1")] == ["Otter 2"]
    assert list(changes(desk.corpus, "4")) == []


def test_snapshots_with_other_shards_can_be_compared(
    desk: Any, night: Make, otters: list[Article], edited: Make
) -> None:
    night(0, otters[:10])
    night(1, [edited(otters[0]), *otters[10:]])
    kinds = [change.change for change in changes(desk.corpus)]
    assert (kinds.count("edited"), kinds.count("added")) == (1, 60)


def test_a_date_chooses_the_last_snapshot_made_by_then(
    desk: Any, night: Make, otters: list[Article], edited: Make
) -> None:
    night(0, otters)
    night(1, [edited(otters[0])])
    night(2, [edited(otters[1])])
    assert {change.since for change in changes(desk.corpus, "2026-11-03")} == {2}
    assert {change.since for change in changes(desk.corpus, "2026-11-02T05:30:00+02:00")} == {2}
    assert {change.since for change in changes(desk.corpus, "2020-01-01")} == {0}


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", "-3", "2026-11"])
def test_what_is_no_snapshot_and_no_date_is_refused(desk: Any, night: Make, otters: list[Article], since: str) -> None:
    night(0, otters)
    with pytest.raises(ConfigError, match="neither the number of a snapshot nor a date"):
        changes(desk.corpus, since)


def test_a_snapshot_that_is_not_kept_is_named(desk: Any, night: Make, otters: list[Article], edited: Make) -> None:
    night(0, otters)
    night(1, [edited(otters[0])])
    night(2, [edited(otters[1])])
    vacuum(desk.corpus, 2)
    with pytest.raises(DatasetError, match="no snapshot 1; kept are 2 to 3"):
        changes(desk.corpus, "1")
    with pytest.raises(DatasetError, match="or before is kept; kept are 2 to 3"):
        changes(desk.corpus, "2026-11-01T12:00:00Z")
    with pytest.raises(DatasetError, match="no snapshot 9"):
        changes(desk.corpus, "2", 9)


def test_a_folder_that_is_no_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no sectionary dataset"):
        changes(tmp_path)


@pytest.mark.parametrize("name", ["parquet", "jsonl", "jsonl.gz", "jsonl.zst"])
def test_a_feed_is_the_same_from_any_format(
    desk: Any, night: Make, otters: list[Article], edited: Make, name: Any
) -> None:
    settings = OutputSettings(formats=(name,))
    night(0, otters, settings=settings)
    night(1, [edited(otters[0])], removed={doc_id(SITE, 9, ""): GONE}, settings=settings)
    found = [(change.change, change.cause, change.title) for change in changes(desk.corpus)]
    assert sorted(found) == [("edited", "edit", "Otter 1"), *[("removed", "edit", "Otter 9")] * 2]


def test_the_summary_counts_and_names(desk: Any, night: Make, otters: list[Article], edited: Make) -> None:
    night(0, otters)
    night(1, [edited(otters[0])])
    assert list(summary(changes(desk.corpus))) == [
        SITE,
        "  edited   edit   Otter 1 > Habitat  https://wiki.example/wiki/Otter_1#Habitat",
        "1 edited (edit)",
    ]
    assert list(summary(changes(desk.corpus, "2"))) == ["nothing changed"]


def tombstones(corpus: Path) -> list[dict[str, Any]]:
    """The tombstones that stand."""
    tables = [pq.read_table(path).to_pylist() for path in corpus.glob("tombstones/**/*.parquet")]
    return [row for table in tables for row in table]


def test_a_page_that_is_gone_has_a_tombstone_until_it_is_back(desk: Any, night: Make, otters: list[Article]) -> None:
    night(0, otters)
    gone = doc_id(SITE, 3, "")
    night(1, [], removed={gone: GONE})
    (stone,) = tombstones(desk.corpus)
    assert (stone["doc_id"], stone["title"], stone["page_id"]) == (gone, "Otter 3", 3)
    assert (stone["reason"], stone["date"]) == ("http: 404", "2026-11-02T01:00:00Z")
    assert night(2, [], removed={gone: GONE}).snapshot is None
    night(3, [otters[2]])
    assert tombstones(desk.corpus) == []


@pytest.mark.parametrize("state", ["excluded", "merged"])
def test_only_what_its_site_says_is_no_more_has_a_tombstone(
    desk: Any, night: Make, otters: list[Article], state: str
) -> None:
    night(0, otters)
    night(1, [], removed={doc_id(SITE, 3, ""): Departure(state=state)})
    night(2, [], removed=[doc_id(SITE, 4, "")])
    assert tombstones(desk.corpus) == []
    assert len(list(changes(desk.corpus, "1"))) == 4


def test_a_page_that_is_lost_to_a_bug_is_not_told_as_changed(
    desk: Any, night: Make, otters: list[Article], section: Make
) -> None:
    from sectionary.cleaners.section import Image  # noqa: PLC0415

    night(0, otters)
    image = Image(file=None, src="", alt=None, caption=None, width=2**70, height=None)
    bad = replace(otters[0], sections=(section(None, "A", images=(image,)),))
    night(1, [bad, replace(otters[1], title="Lutra")])
    assert {row["title"] for row in recorded(desk.corpus, 2)} == {"Lutra"}
