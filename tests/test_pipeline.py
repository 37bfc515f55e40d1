"""The whole street on the example encyclopedia, over real HTTP on loopback."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import sectionary
from sectionary.config import Config, demo_config
from sectionary.output.last_run import SiteSummary
from sectionary.pipeline import held, run
from sectionary.scraper.errors import ConfigError, LockedError
from sectionary.scraper.ledger import Ledger

INDEX = json.loads((Path(__file__).parents[1] / "examples" / "encyclopedia" / "index.json").read_text("utf-8"))
STATES = ("written", "unchanged", "merged", "gone", "excluded", "rejected", "pending")


def files(corpus: Path) -> dict[str, bytes]:
    """What a reader can see of a dataset, by name."""
    parts = ("sections", "pages", "jsonl", "rejected", "_meta/snapshots")
    found = [path for part in parts for path in (corpus / part).rglob("*") if path.is_file()]
    return {str(path.relative_to(corpus)): path.read_bytes() for path in found}


def rows(corpus: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a table, read as plain JSON Lines."""
    lines = [line for file in sorted((corpus / "jsonl").glob(f"{table}-*")) for line in json_lines(file)]
    return [json.loads(line) for line in lines]


def json_lines(file: Path) -> list[bytes]:
    """The lines of a file; what ends a line in Unicode but not in JSON Lines stays inside."""
    return file.read_bytes().split(b"\n")[:-1]


def only(config: Config, **options: Any) -> SiteSummary:
    """Run a configuration of one site."""
    (site,) = run(config, **options).sites
    return site


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Config, SiteSummary]:
    """The example encyclopedia, crawled once."""
    config = demo_config(tmp_path_factory.mktemp("demo"))
    return config, only(config)


def test_every_listed_page_is_in_exactly_one_count(crawled: tuple[Config, SiteSummary]) -> None:
    _, site = crawled
    assert site.listed == sum(getattr(site, state) for state in STATES) == INDEX["expected"]["listed"]
    assert (site.written, site.merged, site.gone, site.excluded, site.rejected, site.pending) == (
        INDEX["expected"]["written"],
        *(len(INDEX["expected"][state]) for state in ("merged", "gone", "excluded", "rejected")),
        0,
    )


def test_fetch_and_clean_one_after_the_other_are_one_run(crawled: tuple[Config, SiteSummary], tmp_path: Path) -> None:
    whole, told = crawled
    config = demo_config(tmp_path)
    fetched = only(config, clean=False)
    assert (fetched.written, fetched.pending, fetched.complete) == (0, told.written, False)
    assert fetched.listed == sum(getattr(fetched, state) for state in STATES)
    assert not rows_of_all(config.corpus)
    cleaned = only(config, fetch=False)
    assert (cleaned.written, cleaned.pending) == (told.written, 0)
    assert ids(config.corpus) == ids(whole.corpus)


def rows_of_all(corpus: Path) -> list[Path]:
    """The data files of a dataset."""
    return [path for part in ("sections", "pages", "jsonl") for path in (corpus / part).rglob("*") if path.is_file()]


def ids(corpus: Path) -> list[tuple[str, str]]:
    """Each section of a dataset with the hash of its content."""
    return sorted((row["section_id"], row["content_hash"]) for row in rows(corpus, "sections"))


def test_last_run_tells_the_same_as_the_summary(crawled: tuple[Config, SiteSummary]) -> None:
    config, site = crawled
    told = json.loads((config.corpus / "_meta" / "last_run.json").read_text("utf-8"))
    assert (told["exit_code"], told["complete"]) == (0, True)
    assert {state: told["sites"][0][state] for state in STATES} == {state: getattr(site, state) for state in STATES}


def test_each_section_of_each_page_is_a_row(crawled: tuple[Config, SiteSummary]) -> None:
    config, site = crawled
    found = rows(config.corpus, "sections")
    assert len(found) == site.sections == INDEX["expected"]["headings"] + INDEX["expected"]["written"]
    assert {row["site"] for row in found} == {INDEX["site"]}
    assert len({row["section_id"] for row in found}) == len(found)


def test_parquet_and_jsonl_hold_the_same_sections(crawled: tuple[Config, SiteSummary]) -> None:
    config, _ = crawled
    frame = sectionary.read(config.corpus)
    assert list(frame["section_id"]) == [row["section_id"] for row in rows(config.corpus, "sections")]
    assert list(frame["text"]) == [row["text"] for row in rows(config.corpus, "sections")]


def test_a_lost_page_is_a_row_of_rejected_with_stage_and_reason(crawled: tuple[Config, SiteSummary]) -> None:
    config, _ = crawled
    (row,) = map(json.loads, json_lines(config.corpus / "rejected" / f"{INDEX['site']}.jsonl"))
    assert (row["stage"], row["reason"]) == ("fetch", "not html: application/pdf")
    assert row["url"].endswith("/wiki/Almanac_2026")


def test_a_second_run_fetches_nothing_and_touches_no_file(crawled: tuple[Config, SiteSummary]) -> None:
    config, first = crawled
    before = files(config.corpus)
    again = only(config)
    assert (again.written, again.unchanged, again.snapshot) == (0, first.written, None)
    assert files(config.corpus) == before


def test_pages_are_cleaned_again_from_the_archive_when_the_rules_change(tmp_path: Path) -> None:
    config = demo_config(tmp_path)
    only(config)
    own = {"remove": {"own.lists": ["ul"]}}
    changed = config.model_copy(update={"cleaners": type(config.cleaners).model_validate(own)})
    site = only(changed, fetch=False)
    assert site.written > 20
    removed = {removal["rule"] for page in rows(config.corpus, "pages") for removal in page["removals"]}
    assert "own.lists" in removed
    assert not any("\n- " in row["text"] for row in rows(config.corpus, "sections"))


def test_a_limit_is_no_failure_and_the_next_run_goes_on(tmp_path: Path) -> None:
    config = demo_config(tmp_path)
    first = only(config, limit=5)
    assert (first.outcome, first.complete) == ("limit", False)
    assert first.pending > 0
    assert first.listed == sum(getattr(first, state) for state in STATES)
    second = only(config)
    assert (second.outcome, second.complete, second.pending) == ("done", True, 0)
    assert second.written + second.unchanged == INDEX["expected"]["written"]


def test_a_run_that_is_asked_to_stop_commits_what_it_has(tmp_path: Path) -> None:
    config = demo_config(tmp_path)
    settled: list[str] = []

    def hear(_site: str, kind: str, _number: float, detail: str = "") -> None:
        settled.extend([detail] * (kind == "page"))

    summary = run(config, stop=lambda: len(settled) >= 8, progress=hear)
    (site,) = summary.sites
    assert (summary.exit_code, site.outcome, site.complete) == (4, "interrupted", False)
    assert len({row["doc_id"] for row in rows(config.corpus, "pages")}) == site.written > 0


def test_a_site_that_another_run_holds_is_refused_by_name(tmp_path: Path) -> None:
    config = demo_config(tmp_path)
    config.work.mkdir(parents=True)
    with held(config.work, ["strandline"]), pytest.raises(LockedError, match="strandline"):
        run(config)


def test_a_killed_run_and_the_next_give_what_one_run_gives(tmp_path: Path) -> None:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1790000000"}
    demo = [sys.executable, "-m", "sectionary.cli", "demo", "-q", "-o"]
    subprocess.run([*demo, tmp_path / "whole"], env=environment, check=True, timeout=100)
    killed = 0
    for seconds in (0.8, 1.6, 1.2):
        process = subprocess.Popen([*demo, tmp_path / "killed"], env=environment)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
    subprocess.run([*demo, tmp_path / "killed"], env=environment, check=True, timeout=100)
    assert killed > 0
    for table in ("sections", "pages"):
        assert rows(tmp_path / "killed" / "corpus", table) == rows(tmp_path / "whole" / "corpus", table)


def test_a_lock_ends_with_its_run(tmp_path: Path) -> None:
    for _ in range(2):
        with held(tmp_path, ["strandline"]):
            pass


def test_another_choice_of_page_text_reaches_the_records_from_the_archive(tmp_path: Path) -> None:
    config = demo_config(tmp_path)
    only(config)
    assert any("\n\nSee also" in page["text"] for page in rows(config.corpus, "pages"))
    output = config.output.model_validate({"page_text_drop": ["see_also", "references"]})
    site = only(config.model_copy(update={"output": output}), fetch=False)
    assert site.written > 0
    assert not any("\n\nSee also" in page["text"] for page in rows(config.corpus, "pages"))


def test_rules_that_no_step_knows_are_refused_before_anything_is_fetched(tmp_path: Path) -> None:
    config = demo_config(tmp_path)
    wrong = config.model_copy(update={"cleaners": type(config.cleaners).model_validate({"fields": {"bogus": ["p"]}})})
    with pytest.raises(ConfigError, match=r"cleaners\.fields\.bogus: no step makes it; known are categories"):
        run(wrong)
    assert not config.work.exists()


def test_a_page_that_another_site_of_the_configuration_holds_stays(tmp_path: Path) -> None:
    def with_few(*titles: str) -> Config:
        few = {"name": "few", "source": "demo", "delay": 0, "include": titles}
        scraper = {"sites": [{"name": "all", "source": "demo", "delay": 0}, few]}
        config = demo_config(tmp_path)
        return config.model_copy(update={"scraper": type(config.scraper).model_validate(scraper)})

    run(with_few("Limpet", "Tide"))
    whole = {row["title"] for row in rows(tmp_path / "corpus", "pages")}
    run(with_few("Limpet"))
    assert {row["title"] for row in rows(tmp_path / "corpus", "pages")} == whole
    lost = json_lines(tmp_path / "corpus" / "rejected" / f"{INDEX['site']}.jsonl")
    assert len(lost) == len(INDEX["expected"]["rejected"])


def test_a_page_whose_archive_is_damaged_is_lost_by_its_own_address(tmp_path: Path) -> None:
    config = demo_config(tmp_path)
    only(config)
    for file in (config.work / "raw").iterdir():
        file.write_bytes(file.read_bytes()[:9000])
    own = type(config.cleaners).model_validate({"remove": {"own.rule": ["hr"]}})
    site = only(config.model_copy(update={"cleaners": own}), fetch=False)
    lost = map(json.loads, json_lines(config.corpus / "rejected" / f"{INDEX['site']}.jsonl"))
    damaged = [row["url"] for row in lost if row["reason"] == "archive: damaged"]
    assert len(damaged) == site.rejected - 1 > 20
    assert all(url.startswith(f"{INDEX['server']}/wiki/") for url in damaged)
    assert len(rows(config.corpus, "pages")) == INDEX["expected"]["written"]


def test_a_dataset_that_was_removed_is_made_again_from_the_archive(tmp_path: Path) -> None:
    base = demo_config(tmp_path)
    halves = [
        {"name": "first", "source": "demo", "delay": 0, "include": ["L*"]},
        {"name": "second", "source": "demo", "delay": 0, "exclude": ["L*"]},
    ]
    config = base.model_copy(update={"scraper": type(base.scraper).model_validate({"sites": halves})})
    run(config)
    before = rows(config.corpus, "sections")
    shutil.rmtree(config.corpus)
    again = run(config, fetch=False)
    assert all(site.written > 0 for site in again.sites)
    assert rows(config.corpus, "sections") == before


def test_a_selector_that_is_none_is_refused_before_anything_is_fetched(tmp_path: Path) -> None:
    config = demo_config(tmp_path)
    wrong = type(config.cleaners).model_validate({"remove": {"own.rule": ["div[["]}})
    with pytest.raises(ConfigError, match=r"own\.rule: 'div\[\[' is no CSS selector"):
        run(config.model_copy(update={"cleaners": wrong}))


def allowing(config: Config, *licenses: str) -> Config:
    output = config.output.model_validate({"licenses": licenses})
    return config.model_copy(update={"output": output})


def test_pages_under_a_licence_that_is_not_allowed_are_excluded_with_the_reason(tmp_path: Path) -> None:
    config = demo_config(tmp_path)
    site = only(allowing(config, "CC-BY-4.0"))
    assert (site.written, site.excluded) == (0, INDEX["expected"]["written"] + len(INDEX["expected"]["excluded"]))
    assert site.listed == sum(getattr(site, state) for state in STATES)
    with Ledger(config.work / "ledger.sqlite") as ledger:
        reasons = {entry.reason for entry in ledger.pages(site.name, "excluded")}
    assert reasons == {"robots", "licence: CC-BY-SA-4.0"}


def test_a_licence_forbidden_later_takes_its_pages_out_and_one_allowed_later_brings_them_back(tmp_path: Path) -> None:
    config = demo_config(tmp_path)
    first = only(config)
    none = only(allowing(config, "CC-BY-4.0"), fetch=False)
    assert (none.written, none.unchanged) == (0, 0)
    assert rows(config.corpus, "pages") == []
    back = only(allowing(config, "CC-BY-4.0", "CC-BY-SA-4.0"))
    assert (back.written, back.pending) == (first.written, 0)
    assert len(rows(config.corpus, "pages")) == first.written


def test_an_excluded_page_is_not_fetched_again_while_its_revision_is_the_same(tmp_path: Path) -> None:
    config = allowing(demo_config(tmp_path), "CC-BY-4.0")
    before = only(config)
    size = sum(file.stat().st_size for file in (config.work / "raw").iterdir())
    again = only(config)
    assert (again.excluded, again.written, again.pending) == (before.excluded, 0, 0)
    assert sum(file.stat().st_size for file in (config.work / "raw").iterdir()) == size
