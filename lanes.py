"""Lanes: the sites of a run side by side, those of one rate-limit domain one after another.

Sites of one domain share its pace, so that going through them at once would gain nothing; all others wait for nobody:
a site that is slow, or does not answer, holds up no other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, nullcontext
from threading import Event
from typing import TypeVar

from sectionary.scraper import urls
from sectionary.scraper.domains import RateLimit, domain_of
from sectionary.scraper.settings import SiteSettings

T = TypeVar("T")


def lanes(sites: Iterable[SiteSettings], limits: Mapping[str, RateLimit]) -> list[list[SiteSettings]]:
    """Put sites in lanes, in the order they are in; a list of addresses has a lane of its own."""
    found: dict[str, list[SiteSettings]] = {}
    for site in sites:
        found.setdefault(lane_of(site, limits), []).append(site)
    return list(found.values())


def lane_of(site: SiteSettings, limits: Mapping[str, RateLimit]) -> str:
    """The name of a site's lane: its rate-limit domain."""
    return domain_of(urls.host(site.url), limits).name if site.url else f"list {site.name}"


def side_by_side(
    lanes: Sequence[Sequence[SiteSettings]], most: int, work: Callable[[SiteSettings], T], halt: Event,
    around: Callable[[Sequence[SiteSettings]], AbstractContextManager[None]] = lambda _: nullcontext(),
) -> list[T]:  # fmt: skip
    """Do `work` for every site, at most so many lanes at once; gives what came of it, lane by lane.

    `around` holds what a lane needs from its first site to its last.

    When one raises, `halt` is set, for the others to come to an end; then the first one's exception is raised.
    """

    def through(lane: Sequence[SiteSettings]) -> list[T]:
        with around(lane):
            return [work(site) for site in lane if not halt.is_set()]

    if len(lanes) == 1:                  # in the caller's own thread, as ever
        return through(lanes[0])
    with ThreadPoolExecutor(max_workers=most, thread_name_prefix="lane") as threads:
        running = [threads.submit(through, lane) for lane in lanes]
        try:
            done, _ = wait(running, return_when=FIRST_EXCEPTION)
            for each in done:
                each.result()
        except BaseException:
            halt.set()
            raise
    return [result for each in running for result in each.result()]
