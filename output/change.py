"""Change: what became of one section between two snapshots, and how to tell it from a page's two versions.

    added      no section had this id before
    removed    the section is no more
    edited     its content hash is another
    renamed    its heading, or one above it, is another; its text is the same or much like it was
    moved      it says the same elsewhere: at another address (its page was moved), or in another order

A page that changed in nothing that a section's hash covers (its categories, the target of a link) has one row
without a section. A section has one row; of several the first that fits in the order removed, added, renamed,
edited, moved.

A page that was taken down has one row that says so and names it by its doc_id alone, so that mirrors let go of it.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from sectionary.output.record import SCHEMA_VERSION, DocId, SchemaVersion, Site, Title
from sectionary.output.rows import Rows
from sectionary.output.tombstone import TAKEDOWN, Departure

_MUCH_ALIKE = 0.5                          # of all words that either text has, both have so many


class Change(Struct, frozen=True, kw_only=True):
    """One section's change; what begins with `old_` was so before, the rest is so now, or was at last."""

    snapshot: Annotated[int, Meta(description="The snapshot that has the change")]
    since: Annotated[int, Meta(description="The snapshot that it is compared with; 0 for none")]
    change: Annotated[str, Meta(description="added, removed, edited, renamed or moved")]
    cause: Annotated[
        str,
        Meta(
            description="edit: the source changed; rules: the same source, cleaned by other rules or another release; "
            "scope: the crawl covers more or less; takedown: the page was taken down, and only its doc_id is told"
        ),
    ]
    section_id: Annotated[str | None, Meta(description="The section; null where the page itself changed")]
    old_section_id: Annotated[str | None, Meta(description="The id it had; null for added ones")]
    doc_id: DocId
    site: Site
    title: Title
    breadcrumb: Annotated[str, Meta(description="Title and headings down to the section, joined by ' > '")]
    old_breadcrumb: Annotated[str | None, Meta(description="The same before; null for added ones")]
    url: Annotated[str, Meta(description="Canonical address of the page with the section's anchor")]
    old_url: Annotated[str | None, Meta(description="The same before; null for added ones")]
    position: Annotated[int | None, Meta(description="Place in the page, from 0; null for removed ones and pages")]
    old_position: Annotated[int | None, Meta(description="Place before; null for added ones and pages")]
    new_hash: Annotated[str | None, Meta(description="The content hash; null for removed ones")]
    old_hash: Annotated[str | None, Meta(description="The content hash before; null for added ones")]
    revision_id: Annotated[int | None, Meta(description="The wiki's number for the page's version now")]
    old_revision_id: Annotated[int | None, Meta(description="The wiki's number for its version before")]
    date_modified: Annotated[str | None, Meta(description="When the page was last changed, RFC 3339 in UTC")]
    cleaner_version: Annotated[str, Meta(description="Release, site file and digest of the rules that cleaned")]
    schema_version: SchemaVersion


class SectionView(Struct, frozen=True):
    """What is compared of a section's row."""

    section_id: str
    title: str
    breadcrumb: str
    level: int
    position: int
    text: str
    url: str
    content_hash: str


class PageView(Struct, frozen=True):
    """What is compared of a page's row."""

    doc_id: str
    site: str
    title: str
    url: str
    revision_id: int | None
    date_modified: str | None
    html_sha256: str | None
    content_hash: str
    cleaner_version: str


class Span(Struct, frozen=True, kw_only=True):
    """Which snapshots are compared; `since_date` is when the older one was made, RFC 3339 in UTC."""

    since: int
    snapshot: int
    since_date: str = ""


Pair = tuple[str, SectionView | None, SectionView | None]
_PAGE = msgspec.json.Decoder(PageView)
_SECTION = msgspec.json.Decoder(SectionView)


def page_changes(old: Rows | None, new: Rows | None, span: Span, why: Departure | None = None) -> list[Change]:
    """The changes of one page, given as the lines it had and has; `why` tells why it left."""
    was, now = (_PAGE.decode(rows.page) if rows else None for rows in (old, new))
    page = now or was
    if page is None:
        return []
    if now is None and why and why.reason == TAKEDOWN:
        return [taken_down(page.doc_id, page.site, span)]
    cause = _cause(was, now, span, why)
    before, after = ([_SECTION.decode(line) for line in rows.sections] if rows else [] for rows in (old, new))
    pairs: list[Pair] = list(section_changes(before, after))
    made = [_change(pair, page, was, span, cause) for pair in pairs]
    if not made and was and now and _page_changed(was, now):
        made.append(_whole_page(was, now, span, cause))
    return made


def taken_down(doc_id: str, site: str, span: Span) -> Change:
    """The one row that tells of a page that was taken down."""
    return Change(
        snapshot=span.snapshot,
        since=span.since,
        change="removed",
        cause=TAKEDOWN,
        section_id=None,
        old_section_id=None,
        doc_id=doc_id,
        site=site,
        title="",
        breadcrumb="",
        old_breadcrumb=None,
        url="",
        old_url=None,
        position=None,
        old_position=None,
        new_hash=None,
        old_hash=None,
        revision_id=None,
        old_revision_id=None,
        date_modified=None,
        cleaner_version="",
        schema_version=SCHEMA_VERSION,
    )


def section_changes(before: Sequence[SectionView], after: Sequence[SectionView]) -> Iterator[Pair]:
    """What changed between two versions of a page: in the order of the new one, then what is no more."""
    old = {section.section_id: section for section in before}
    new = {section.section_id: section for section in after}
    here = [section.position for section in before if section.section_id in new]
    stayed = _in_order([old[section.section_id].position for section in after if section.section_id in old])
    lost = [section for section in before if section.section_id not in new]
    came = [section for section in after if section.section_id not in old]
    renamed = _renamed(before, after, lost, came) if here or lost else {}
    for section in after:
        was = old.get(section.section_id) or renamed.get(section.section_id)
        if kind := _kind(was, section, stayed):
            yield kind, was, section
    found = {section.section_id for section in renamed.values()}
    yield from (("removed", section, None) for section in lost if section.section_id not in found)


def _kind(was: SectionView | None, now: SectionView, stayed: frozenset[int]) -> str | None:
    if was is None:
        return "added"
    if was.section_id != now.section_id:
        return "renamed"
    if was.content_hash != now.content_hash:
        return "edited"
    return "moved" if (was.url, was.title) != (now.url, now.title) or was.position not in stayed else None


def _in_order(positions: Sequence[int]) -> frozenset[int]:
    """The longest part of a list that rises: what was moved are the others, as few as can be."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for position in positions:
        at = bisect_left(tails, position)
        before[position] = tails[at - 1] if at else None
        tails[at:] = [position, *tails[at + 1 :]]
    chain = set()
    last = tails[-1] if tails else None
    while last is not None:
        chain.add(last)
        last = before[last]
    return frozenset(chain)


def _renamed(
    before: Sequence[SectionView], after: Sequence[SectionView], lost: list[SectionView], came: list[SectionView]
) -> dict[str, SectionView]:
    """By its new id what each renamed section was: the same text first, then one much like it in the same place."""
    found: dict[str, SectionView] = {}
    by_text = defaultdict(list)
    for section in reversed(lost):
        by_text[section.text].append(section)
    for section in came:
        if section.text and by_text[section.text]:
            found[section.section_id] = by_text[section.text].pop()
    left = [section for section in lost if section not in found.values()]
    kept = {section.section_id for section in before} & {section.section_id for section in after}
    old_neighbours, new_neighbours = _neighbours(before, kept), _neighbours(after, kept)
    for section in came:
        for other in () if section.section_id in found else left:
            place = (old_neighbours[other.section_id], other.level)
            if place == (new_neighbours[section.section_id], section.level) and _alike(other.text, section.text):
                found[section.section_id] = other
                left.remove(other)
                break
    return found


def _neighbours(sections: Sequence[SectionView], kept: set[str]) -> dict[str, str | None]:
    """For each section the last one before it that both versions of the page have."""
    last: str | None = None
    found: dict[str, str | None] = {}
    for section in sections:
        found[section.section_id] = last
        last = section.section_id if section.section_id in kept else last
    return found


def _alike(one: str, other: str) -> bool:
    words, others = set(one.split()), set(other.split())
    return len(words & others) >= _MUCH_ALIKE * len(words | others)


def _cause(was: PageView | None, now: PageView | None, span: Span, why: Departure | None) -> str:
    """Why a page changed.

    A page that came is the source's doing if it was written since the older snapshot, or tells no date; else the
    crawl covers more than it did. A page that stayed, and was cleaned in another way, tells by the first of these
    that both versions know: its revision, its date, its bytes.
    """
    if now is None:
        return "scope" if why is None or why.state == "excluded" else "edit"
    if was is None:
        return "scope" if (now.date_modified or "9999") < span.since_date else "edit"
    if was.cleaner_version == now.cleaner_version:
        return "edit"
    pairs = ((getattr(was, known), getattr(now, known)) for known in ("revision_id", "date_modified", "html_sha256"))
    one, other = next((pair for pair in pairs if None not in pair), (None, None))
    return "rules" if one == other else "edit"


def _page_changed(was: PageView, now: PageView) -> bool:
    """Whether a page without a changed section changed: in its fields, or in what no hash covers."""
    return was.content_hash != now.content_hash or was.revision_id != now.revision_id


def _change(pair: Pair, page: PageView, was: PageView | None, span: Span, cause: str) -> Change:
    kind, before, after = pair
    here = after or before
    assert here is not None  # noqa: S101  for the type checker
    return Change(
        snapshot=span.snapshot,
        since=span.since,
        change=kind,
        cause=cause,
        section_id=here.section_id,
        old_section_id=before.section_id if before else None,
        doc_id=page.doc_id,
        site=page.site,
        title=here.title,
        breadcrumb=here.breadcrumb,
        old_breadcrumb=before.breadcrumb if before else None,
        url=here.url,
        old_url=before.url if before else None,
        position=after.position if after else None,
        old_position=before.position if before else None,
        new_hash=after.content_hash if after else None,
        old_hash=before.content_hash if before else None,
        revision_id=page.revision_id,
        old_revision_id=was.revision_id if was else None,
        date_modified=page.date_modified,
        cleaner_version=page.cleaner_version,
        schema_version=SCHEMA_VERSION,
    )


def _whole_page(was: PageView, now: PageView, span: Span, cause: str) -> Change:
    made = _change(("edited", _as_section(was), _as_section(now)), now, was, span, cause)
    return replace(made, section_id=None, old_section_id=None, position=None, old_position=None)


def _as_section(page: PageView) -> SectionView:
    """The page as if it were one section, which has neither an id nor a place."""
    return SectionView("", page.title, page.title, 0, 0, "", page.url, page.content_hash)
