"""Sites side by side: nobody waits for a site of another domain, and an error that concerns all ends them in order."""

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest

from sectionary.config import Config
from sectionary.lanes import lanes, side_by_side
from sectionary.output.last_run import SiteSummary
from sectionary.pipeline import run
from sectionary.scraper.domains import LIMITS
from sectionary.scraper.errors import InterruptedRunError
from sectionary.scraper.settings import SiteSettings
from tests.scraper.conftest import HTML, Wiki

PATIENCE = 60.0                          # seconds after which a site that waits for another goes on without it


@pytest.fixture
def two() -> Iterator[tuple[Wiki, Wiki]]:
    pair = Wiki(), Wiki()
    yield pair
    for each in pair:
        each.close()


def sites(*wikis: Wiki, **more: Any) -> list[dict[str, Any]]:
    return [{"name": name, "url": f"{wiki.url}/wiki/", **more} for name, wiki in zip("ab", wikis, strict=False)]


def config_of(folder: Path, listed: list[dict[str, Any]], **scraper: Any) -> Config:
    told = {"delay": 0, "private_hosts": ["127.0.0.1"], "sites": listed, **scraper}
    return Config.model_validate({"folder": folder, "scraper": told, "run": {"workers": 1}})


def by_name(config: Config, **options: Any) -> dict[str, SiteSummary]:
    return {site.name: site for site in run(config, **options).sites}


def waits_for(done: Event, seen: list[bool]) -> Any:
    """An answer that does not come before another site has ended."""

    def answer(_request: Any) -> tuple[int, dict[str, str], bytes]:
        seen.append(done.wait(PATIENCE))
        return 200, HTML, b"<html><body><h1>Slow</h1><p>At last.</p></body></html>"

    return answer


def test_a_site_that_keeps_us_waiting_does_not_hold_up_the_next(two: tuple[Wiki, Wiki], tmp_path: Path) -> None:
    slow, quick = two
    committed, seen = Event(), []
    slow.page("Slow", waits_for(committed, seen))
    for number in range(30):
        quick.page(f"P{number}")

    def progress(site: str, kind: str, _number: float, _detail: str) -> None:
        if (site, kind) == ("b", "ended"):
            committed.set()

    done = by_name(config_of(tmp_path, sites(slow, quick)), progress=progress)
    assert seen == [True]                # the other site was fetched, cleaned and committed meanwhile
    assert (done["a"].written, done["b"].written) == (1, 30)
    assert (done["b"].snapshot, done["a"].snapshot) == (1, 2)


def test_a_site_that_breaks_costs_the_other_nothing(two: tuple[Wiki, Wiki], tmp_path: Path) -> None:
    broken, whole = two
    for number in range(12):
        broken.page(f"P{number}", (500, {}, b""))
        whole.page(f"P{number}")
    ended: list[str] = []

    def progress(site: str, kind: str, _number: float, _detail: str) -> None:
        if kind == "ended":
            ended.append(site)

    done = by_name(config_of(tmp_path, sites(broken, whole)), progress=progress, stop=lambda: "b" in ended)
    assert ended == ["b", "a"]           # one whose answers are errors is tried for minutes
    assert (done["b"].outcome, done["b"].written) == ("done", 12)
    assert (done["a"].outcome, done["a"].pending) == ("interrupted", 12)


def test_a_list_that_fails_is_told_beside_the_sites_that_did_not(two: tuple[Wiki, Wiki], tmp_path: Path) -> None:
    closed, whole = two
    closed.answers["/robots.txt"] = (403, {}, b"")
    closed.answers["/w/api.php"] = (404, {}, b"")
    whole.page("P")
    done = by_name(config_of(tmp_path, sites(closed, whole)))
    assert (done["a"].outcome, done["b"].outcome) == ("failed", "done")


def test_two_sites_of_one_domain_keep_one_pace(two: tuple[Wiki, Wiki], tmp_path: Path) -> None:
    first, second = two
    moments: list[float] = []
    for wiki in two:
        for number in range(4):
            wiki.page(f"P{number}", lambda _request: moments.append(time.monotonic()) or (200, HTML, b"<p>Text</p>"))
    config = config_of(
        tmp_path, sites(first, second), delay=0.2, rate_limits={"farm": {"hosts": ["127.0.0.1"], "delay": 0.2}}
    )
    by_name(config)
    gaps = [after - before for before, after in pairwise(moments)]
    assert len(moments) == 8
    assert min(gaps) > 0.15              # sent 0.2 s apart; when they arrive is the network's


def test_sites_of_one_rate_limit_domain_share_a_lane() -> None:
    told = [
        SiteSettings(name="en", url="https://en.wikipedia.org/wiki/"),
        SiteSettings(name="md", url="https://wikimd.org/wiki/"),
        SiteSettings(name="voyage", url="https://de.wikivoyage.org/wiki/"),
        SiteSettings(name="list", source="urls", urls=["https://en.wikipedia.org/wiki/Tide"]),
    ]
    assert [[site.name for site in lane] for lane in lanes(told, LIMITS)] == [["en", "voyage"], ["md"], ["list"]]


def test_what_came_of_each_site_is_told_in_the_order_of_the_configuration(
    two: tuple[Wiki, Wiki], tmp_path: Path
) -> None:
    for wiki in two:
        wiki.page("P")
    assert list(by_name(config_of(tmp_path, sites(*two)))) == ["a", "b"]


def test_an_error_that_concerns_all_ends_the_others_in_order_and_is_raised() -> None:
    both, halt, ended = Barrier(2, timeout=PATIENCE), Event(), []

    def work(site: SiteSettings) -> str:
        both.wait()
        if site.name == "full":
            raise InterruptedRunError("No space left on device")
        assert halt.wait(PATIENCE)
        ended.append(site.name)
        return site.name

    pair = [[SiteSettings(name=name, url=f"https://{name}.example/")] for name in ("full", "other")]
    pair[1].append(SiteSettings(name="never", url="https://other.example/"))
    with pytest.raises(InterruptedRunError, match="No space left"):
        side_by_side(pair, 4, work, halt)
    assert ended == ["other"]            # and the next one in its lane was not begun


def test_a_full_disk_under_one_site_is_told_once_and_all_goes_on_in_the_next_run(
    two: tuple[Wiki, Wiki], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wiki in two:
        for number in range(5):
            wiki.page(f"P{number}")
    config = config_of(tmp_path, sites(*two))
    monkeypatch.setenv("SECTIONARY_FAILPOINT", "archive.write=ENOSPC")
    with pytest.raises(InterruptedRunError, match="No space left"):
        run(config)
    monkeypatch.delenv("SECTIONARY_FAILPOINT")
    done = by_name(config)
    assert sum(site.written + site.unchanged for site in done.values()) == 10
    assert list((tmp_path / "work" / "staging").iterdir()) == []
