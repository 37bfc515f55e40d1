"""What a sitemap's dates have a run ask for again, and what they do not, over real HTTP."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from sectionary.scraper.clock import stamp
from sectionary.scraper.sitemap import Entry, SitemapError
from sectionary.scraper.sources.lastmods import believable, tell_nothing
from tests.scraper.conftest import HTML, Street, ToldClock

PATHS = [f"/p{number:02d}" for number in range(20)]


class Site:
    """Twenty pages and a sitemap that tells a date of each; pages heed conditions."""

    def __init__(self, street: Street) -> None:
        self.street = street
        self.dates: dict[str, str | None] = {
            path: f"2026-11-{number + 1:02d}T08:00:00Z" for number, path in enumerate(PATHS)
        }
        wiki = street.wiki
        wiki.answers["/"] = (200, HTML, b"<html><p>Home")
        wiki.answers["/sitemap.xml"] = lambda _: (200, {}, self.sitemap())
        for path in PATHS:
            wiki.answers[path] = (200, HTML, b"<html><p>Text")

    def sitemap(self) -> bytes:
        """Write the sitemap."""
        return f"<urlset>{''.join(self._entry(path, date) for path, date in self.dates.items())}</urlset>".encode()

    def _entry(self, path: str, date: str | None) -> str:
        told = f"<lastmod>{date}</lastmod>" if date else ""
        return f"<url><loc>{self.street.wiki.url}{path}</loc>{told}</url>"

    def asked(self) -> list[str]:
        """The pages that a run asks for."""
        self.street.wiki.hits.clear()
        self.street.fetch(source="sitemap", url=f"{self.street.wiki.url}/")
        return sorted(path for path in PATHS if self.street.wiki.hits[path])


@pytest.fixture
def site(street: Street) -> Site:
    made = Site(street)
    assert made.asked() == PATHS
    street.clock.start += timedelta(days=1)
    return made


def test_pages_whose_date_stays_are_left_alone_and_one_with_a_newer_date_is_asked_for(site: Site) -> None:
    assert site.asked() == []
    site.dates["/p03"] = "2026-11-21T08:00:00Z"      # later than known, yet before it was fetched: a slow sitemap
    assert site.asked() == ["/p03"]
    assert site.asked() == []
    (row,) = [row for row in site.street.ledger.known(site.street.name) if row.url.endswith("/p03")]
    assert row.date_modified == "2026-11-21T08:00:00Z"


def test_a_newer_date_does_not_wait_for_refresh_after_but_a_corpus_of_one_shot_stays(site: Site) -> None:
    site.street.refresh_after = 30 * 86400.0
    site.dates["/p03"] = "2026-11-23T08:00:00Z"
    assert site.asked() == ["/p03"]
    site.street.refresh_after = None
    site.dates["/p03"] = "2026-11-23T09:00:00Z"
    assert site.asked() == []


def test_that_nothing_changed_is_believed_for_a_week(site: Site) -> None:
    site.street.clock.start += timedelta(days=5)
    assert site.asked() == []
    site.street.clock.start += timedelta(days=1)
    assert site.asked() == PATHS
    assert site.asked() == []


def test_that_nothing_changed_is_believed_for_refresh_after_where_that_is_longer(site: Site) -> None:
    site.street.refresh_after = 30 * 86400.0
    site.street.clock.start += timedelta(days=28)
    assert site.asked() == []
    site.street.clock.start += timedelta(days=1)
    assert site.asked() == PATHS


def test_pages_without_a_date_are_asked_for_at_each_run(site: Site) -> None:
    site.dates["/p05"] = None
    assert site.asked() == ["/p05"]
    assert site.asked() == ["/p05"]


def test_a_day_without_a_time_says_nothing_of_what_came_after_the_fetch_on_that_day(street: Street) -> None:
    made = Site(street)
    made.dates = {path: f"2026-11-{number + 3:02d}" for number, path in enumerate(PATHS)}   # p19: today
    assert made.asked() == PATHS
    street.clock.start += timedelta(days=1)
    assert made.asked() == ["/p19"]
    assert made.asked() == []
    made.dates["/p04"] = "2026-11-23"
    assert made.asked() == ["/p04"]


def test_a_site_that_dates_each_page_now_has_none_fetched_before_refresh_after(site: Site) -> None:
    site.street.refresh_after = 30 * 86400.0
    now = site.street.clock.now()
    site.dates = {path: stamp(now - timedelta(seconds=number)) for number, path in enumerate(PATHS)}
    assert site.asked() == []
    site.dates = dict.fromkeys(PATHS, "2026-11-23T02:00:00Z")        # the night's build
    assert site.asked() == []
    site.street.refresh_after = 0.0
    assert site.asked() == PATHS         # as of a sitemap without dates


def test_dates_that_say_nothing_of_a_page_do_not_go_into_its_record(street: Street) -> None:
    made = Site(street)
    made.dates = dict.fromkeys(PATHS, "2026-11-20T02:00:00Z")
    made.asked()
    assert {row.date_modified for row in street.ledger.known(street.name)} == {None}


def test_a_sitemap_that_breaks_off_gives_what_stands_before(site: Site) -> None:
    whole = site.sitemap()
    site.dates["/p19"] = "2026-11-23T08:00:00Z"
    broken = site.sitemap().removesuffix(b"</urlset>")
    assert broken != whole
    site.street.wiki.answers["/sitemap.xml"] = (200, {}, broken)
    assert site.asked() == ["/p19"]


@pytest.mark.parametrize(("dates", "nothing"), [
    (["2026-11-20T00:00:00Z"] * 9, False), (["2026-11-20T00:00:00Z"] * 10, True), ([], False),
    ([f"2026-11-{day:02d}T00:00:00Z" for day in range(1, 21)], False),
    ([f"2027-11-{day:02d}T00:00:00Z" for day in range(1, 21)], True),
    ([*(["2026-11-20T00:00:00Z"] * 6), *(f"2026-10-{day:02d}T00:00:00Z" for day in range(1, 7))], False),
])  # fmt: skip
def test_dates_are_judged_by_their_majority(clock: ToldClock, dates: list[str], nothing: bool) -> None:  # noqa: FBT001
    assert tell_nothing(dates, clock.now()) is nothing


def test_what_is_wrong_with_a_sitemap_is_told_after_what_stands_before() -> None:
    def broken() -> Iterator[Entry]:
        yield Entry("https://a.example/1")
        raise SitemapError("no XML")

    taken = believable(broken(), None)
    assert next(taken).url == "https://a.example/1"
    with pytest.raises(SitemapError, match="no XML"):
        next(taken)
