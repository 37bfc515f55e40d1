"""Whatever two sites go through, night after night, the dataset is what was last said of each page, and whole."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from sectionary.cleaners.article import Article
from sectionary.output.commit import commit
from sectionary.output.ids import doc_id
from sectionary.output.shard import shard_of
from sectionary.output.snapshot import SiteFiles, latest_number, load
from sectionary.output.tombstone import Departure
from sectionary.output.verify import verify
from tests.output.conftest import Desk, a_section, an_article

SITES = ("a.example", "b.example:8080/x")
SMALL = 12_000                           # bytes of JSON lines a shard, so that a few pages more double the shards
GONE = Departure(state="gone", reason="http: 404", date="2026-11-23T00:00:00Z")


class Night(NamedTuple):
    """A commit: pages by number with what they say, and the numbers of those that go."""

    site: str
    pages: dict[int, str]
    gone: frozenset[int]


NUMBERS = st.integers(0, 39)
NIGHTS = st.lists(
    st.builds(
        Night,
        st.sampled_from(SITES),
        st.dictionaries(NUMBERS, st.sampled_from(["The sea.", "A river.", "A lake."]), max_size=25),
        st.frozensets(NUMBERS, max_size=25),
    ),
    min_size=1,
    max_size=5,
)


def page(site: str, number: int, said: str) -> Article:
    sections = (a_section(None, said), a_section("Habitat", f"Number {number}."))
    return an_article(f"Otter {number}", *sections, site=site, page_id=number)


def committed(desk: Desk, night: Night) -> None:
    staged = desk.stage([page(night.site, number, said) for number, said in night.pages.items()])
    gone = {doc_id(night.site, number, ""): GONE for number in night.gone - night.pages.keys()}
    commit(desk.corpus, night.site, staged, removed=gone, shard_bytes=SMALL)


def by_glob(corpus: Path) -> dict[str, dict[int, str]]:
    """What each site's pages say in the files that a plain glob finds, each read by itself."""
    found: dict[str, dict[int, str]] = {site: {} for site in SITES}
    for path in corpus.glob("pages/**/*.parquet"):
        rows = pq.read_table(path, columns=["site", "page_id", "text"]).to_pylist()
        (site,) = {row["site"] for row in rows}          # no file is shared
        assert not found[site].keys() & {row["page_id"] for row in rows}
        found[site] |= {row["page_id"]: row["text"].split("\n")[0] for row in rows}
    return found


def inodes(corpus: Path, held: SiteFiles | None) -> dict[str, int]:
    return {file.path: (corpus / file.path).stat().st_ino for file in held.files} if held else {}


def after_each(nights: list[Night], look: Callable[[Desk, Night, dict[str, SiteFiles]], None]) -> None:
    """Commit night after night; `look` is told what each left, and the sites as they were before it."""
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        before: dict[str, SiteFiles] = {}
        for night in nights:
            kept = {site: inodes(desk.corpus, before.get(site)) for site in SITES}
            committed(desk, night)
            other = next(site for site in SITES if site != night.site)
            assert kept[other] == inodes(desk.corpus, before.get(other))
            look(desk, night, before)
            number = latest_number(desk.corpus)
            before = load(desk.corpus, number).sites if number else {}


@settings(max_examples=15)
@given(NIGHTS)
def test_a_glob_finds_what_was_last_said_of_each_page_and_one_site_never_touches_another(nights: list[Night]) -> None:
    model: dict[str, dict[int, str]] = {site: {} for site in SITES}

    def look(desk: Desk, night: Night, _before: dict[str, SiteFiles]) -> None:
        for number in night.gone:
            model[night.site].pop(number, None)
        model[night.site] |= night.pages
        assert by_glob(desk.corpus) == model
        assert verify(desk.corpus).flaws == ()

    after_each(nights, look)


@settings(max_examples=15)
@given(NIGHTS)
def test_shards_only_ever_double_and_each_page_is_in_its_own(nights: list[Night]) -> None:
    def look(desk: Desk, night: Night, before: dict[str, SiteFiles]) -> None:
        number = latest_number(desk.corpus)
        held = load(desk.corpus, number).sites.get(night.site) if number else None
        if held is None:
            return
        assert held.shards.bit_count() == 1
        assert held.shards >= (before[night.site].shards if night.site in before else 1)
        for file in held.files:
            if (file.table, file.format) == ("pages", "parquet"):
                ids = pq.read_table(desk.corpus / file.path, columns=["doc_id"])["doc_id"].to_pylist()
                assert {shard_of(id_, held.shards) for id_ in ids} <= {file.shard}
                assert ids == sorted(ids)

    after_each(nights, look)


@settings(max_examples=10)
@given(NIGHTS, st.randoms(use_true_random=False))
def test_pages_that_come_in_many_nights_end_in_the_bytes_of_one(nights: list[Night], drawn: Any) -> None:
    """As long as none goes: shards that were many once stay so, for a site whose size wavers."""
    model: dict[str, dict[int, str]] = {}
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        many, once = Desk(Path(one)), Desk(Path(other))
        for night in nights:
            new = {number: said for number, said in night.pages.items() if number not in model.get(night.site, {})}
            committed(many, Night(night.site, new, frozenset()))
            model.setdefault(night.site, {}).update(new)
        for site, pages in model.items():
            shuffled = list(pages.items())
            drawn.shuffle(shuffled)
            committed(once, Night(site, dict(shuffled), frozenset()))
        assert many.at_rest() == once.at_rest()


def test_the_files_of_a_host_that_is_asked_no_more_stay_as_they_are(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    vanished, goes_on = SITES
    committed(desk, Night(vanished, dict.fromkeys(range(20), "The sea."), frozenset()))
    files = inodes(desk.corpus, load(desk.corpus, 1).sites[vanished])
    for said in ("A river.", "A lake."):
        committed(desk, Night(goes_on, dict.fromkeys(range(20), said), frozenset()))
    last = load(desk.corpus, 3)
    assert inodes(desk.corpus, last.sites[vanished]) == files
    assert by_glob(desk.corpus)[vanished] == dict.fromkeys(range(20), "The sea.")


def test_a_host_whose_pages_all_went_leaves_tombstones_and_no_other_file(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for site in SITES:
        committed(desk, Night(site, dict.fromkeys(range(5), "The sea."), frozenset()))
    committed(desk, Night(SITES[0], {}, frozenset(range(5))))
    assert by_glob(desk.corpus) == {SITES[0]: {}, SITES[1]: dict.fromkeys(range(5), "The sea.")}
    assert {path.parts[0] for path in map(Path, desk.at_rest()) if "a.example" in str(path)} == {"jsonl", "tombstones"}
    assert not list(desk.corpus.glob("jsonl/[ps]*-a.example-*"))
    assert verify(desk.corpus).flaws == ()
