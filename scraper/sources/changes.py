"""Changes: what a wiki's own records say happened since a time, so that its whole list need not be read.

Rules from the manual: API:RecentChanges, API:Logevents. Recent changes tell edits and new pages. Pages that were
deleted, restored, moved or imported stand in logs alone: a move makes no edit, and a page that is gone is in no list.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from msgspec import Struct

from sectionary.scraper.errors import SiteError
from sectionary.scraper.sources.api import PAGES_A_REQUEST, TITLES_A_REQUEST, Api
from sectionary.scraper.sources.listing import Visit
from sectionary.scraper.sources.replies import LogEvent, Page

FACTS = {"prop": "info|revisions", "rvprop": "ids|timestamp"}        # asked of every listed page

# Logs of what changes a page but stands in no list of edits, and what they say was done. Protecting a page makes a
# revision of it, behind which its last edit is not the latest any more.
_LOGS = ("delete", "move", "import", "protect")
_DELETED = frozenset({"delete", "delete_redir", "delete_redir2"})
_APPEARED = frozenset({
    "restore", "move", "move_redir", "upload", "interwiki", "protect", "modify", "unprotect", "move_prot",
})  # fmt: skip
_MOST_READ = 5 * PAGES_A_REQUEST         # events that are looked through for why some pages are not listed


class Logged(Struct, frozen=True, kw_only=True):
    """What the log says: why pages are gone, by their numbers, and those that may be there, as they are now."""

    gone: dict[int, str]
    pages: tuple[Page, ...] = ()


def reaches_back(api: Api, visit: Visit, since: str) -> bool:
    """Tell whether a wiki's recent changes go back to a time (RFC 3339), and say if they do not.

    Wikis keep their changes for some weeks only ($wgRCMaxAge, 90 days by default), and do not tell how many.
    """
    oldest = None
    try:
        oldest = api.oldest_change()
        said = f"go back to {oldest} only" if oldest else "are not told"
    except SiteError as error:
        said = f"are not to be had ({error.reason})"
    if oldest and oldest <= since:
        return True
    visit.tell(f"recent changes {said}: reads the whole list for what changed since {since}")
    return False


def recent_changes(api: Api, namespaces: Iterable[int], since: str) -> Iterator[Page]:
    """Give the pages changed or made since a time (RFC 3339), latest change first; deleted ones are not among them."""
    pages = api.pages(
        generator="recentchanges", grcend=since, grcnamespace="|".join(map(str, namespaces)), grctype="edit|new",
        grctoponly=1, grcshow="!redirect", grclimit=PAGES_A_REQUEST, **FACTS,
    )  # fmt: skip
    return (page for page in pages if page.redirect is False and page.pageid is not None)


def logged(api: Api, visit: Visit, since: str) -> Logged:
    """Read what the log tells since a time (RFC 3339) of the visit's namespaces, and how its pages are now.

    What the log says happened is only a hint: a page counts as gone when the wiki does not have it now. A log that
    cannot be read is told, and tells nothing.
    """
    spaces = visit.site.namespaces
    try:
        events = [event for kind in _LOGS for event in _events(api, kind, spaces, since)]
        numbers = _asked_for(visit, spaces, events)
        titles = [title for event in events if (title := _unnumbered(event, spaces))]
        pages = [*_now(api, "pageids", map(str, numbers)), *_now(api, "titles", titles)]
    except SiteError as error:
        visit.tell(f"the log of deleted and moved pages is not to be had: {error.reason}")
        return Logged(gone={})
    missing = {page.pageid for page in pages if page.missing is not False}
    reasons = {number: reason for number, reason in _reasons(events).items() if number in missing}
    return Logged(gone=reasons, pages=tuple(page for page in pages if page.missing is False and page.pageid))


def deletions(api: Api, namespaces: tuple[int, ...], numbers: Iterable[int], since: str | None) -> dict[int, str]:
    """Say why pages are listed no more, by their numbers, as far as the log since a time says it; {} without one.

    Only so much of the log is read, the latest events first.
    """
    wanted = set(numbers)
    try:
        events = list(islice(_events(api, "delete", namespaces, since), _MOST_READ))
    except SiteError:
        return {}
    return {number: reason for number, reason in _reasons(events).items() if number in wanted}


def _events(api: Api, kind: str, namespaces: tuple[int, ...], since: str | None) -> Iterator[LogEvent]:
    """Give the events of one log, latest first; a page may be moved here from any namespace."""
    one = {"lenamespace": namespaces[0]} if kind == "delete" and len(namespaces) == 1 else {}
    until = {"leend": since} if since else {}
    return api.events(letype=kind, leprop="ids|title|type|timestamp|details", lelimit=PAGES_A_REQUEST, **one, **until)


def _asked_for(visit: Visit, namespaces: tuple[int, ...], events: Iterable[LogEvent]) -> list[int]:
    """Give the numbers of pages worth asking after: known ones, and those that may have come to be wanted."""
    come, left = dict[int, None](), dict[int, None]()
    for event in events:
        if event.logpage and event.action in _DELETED | _APPEARED:
            here = event.action in _APPEARED and event.namespace_after in namespaces
            (come if here else left)[event.logpage] = None
    known = visit.knows(left)
    return [*come, *(number for number in left if number in known and number not in come)]


def _unnumbered(event: LogEvent, namespaces: tuple[int, ...]) -> str | None:
    """Give the title of a page that may have come to be there, where an old wiki does not tell its number."""
    here = event.action in _APPEARED and event.namespace_after in namespaces
    return event.title_after if here and not event.logpage else None


def _now(api: Api, by: str, names: Iterable[str]) -> Iterator[Page]:
    asked = [name for name in dict.fromkeys(names) if "|" not in name]
    for first in range(0, len(asked), TITLES_A_REQUEST):
        yield from api.pages(**{by: "|".join(asked[first : first + TITLES_A_REQUEST])}, **FACTS)


def _reasons(events: Iterable[LogEvent]) -> dict[int, str]:
    """Say of each page whose last event is its deletion when that was; events come latest first."""
    last: dict[int, LogEvent] = {}
    for event in events:
        if event.logpage and event.action in _DELETED | {"restore"}:
            last.setdefault(event.logpage, event)
    return {number: f"deleted: {event.timestamp}" for number, event in last.items() if event.action in _DELETED}
