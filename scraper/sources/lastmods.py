"""Lastmods: whether a sitemap's dates tell when its pages changed, or only when the sitemap was made.

Many sites write the time of the request, or of the last build, beside every page
(https://www.sitemaps.org/protocol.html#lastmoddef wants the page's own). Dates that say nothing of single pages must
not have all of them fetched again each night, nor go into records.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain, islice

from msgspec.structs import replace

from sectionary.scraper.clock import stamp
from sectionary.scraper.sitemap import Entry, SitemapError

_JUDGED = 1000                           # entries of a file, its first, that its dates are judged by
_FEWEST = 10                             # dates of which a majority says anything
_FRESH = timedelta(minutes=10)


def believable(entries: Iterable[Entry], now: datetime | None) -> Iterator[Entry]:
    """Pass a sitemap's entries on, without their dates where these are none of single pages.

    `now` is when the sitemap was fetched, None where nobody knows. A SitemapError comes after what stands before it.
    """
    rest = iter(entries)
    first: list[Entry] = []
    fault: SitemapError | None = None
    try:
        first.extend(islice(rest, _JUDGED))
    except SitemapError as error:
        fault = error
    keeps = not tell_nothing([entry.latest for entry in first if entry.latest], now)
    for entry in chain(first, rest):
        yield entry if keeps else replace(entry, modified=None, latest=None)
    if fault:
        raise fault


def tell_nothing(dates: list[str], now: datetime | None) -> bool:
    """Tell whether more than half of the dates (RFC 3339) are one and the same, or of these minutes or to come."""
    if len(dates) < _FEWEST:
        return False
    most = Counter(dates).most_common(1)[0][1]
    fresh = 0 if now is None else sum(date > stamp(now - _FRESH) for date in dates)
    return max(most, fresh) * 2 > len(dates)
