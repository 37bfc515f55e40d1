"""Tombstone: a page that was in the dataset until its site said that it is no more."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Annotated

from msgspec import Meta, Struct

from sectionary.output.record import (
    SCHEMA_VERSION,
    DateFetched,
    DocId,
    Language,
    PageId,
    RevisionId,
    SchemaVersion,
    Site,
    Title,
)

GONE = "gone"
TAKEDOWN = "takedown"                    # a reason why a page is excluded


class Departure(Struct, frozen=True, kw_only=True):
    """Why a page leaves the dataset.

    `state` is gone (its site says so: 404, 410, the deletion log, a complete enumeration without it), merged (its
    address leads to another page) or excluded (the operator's scope, a takedown, a licence). `reason` says
    more, `date` when it was learnt (RFC 3339 in UTC).
    """

    state: str
    reason: str | None = None
    date: str | None = None


class Tombstone(Struct, frozen=True, kw_only=True):
    """A page that was in the dataset and that its site says is no more; it goes when the page comes back."""

    doc_id: DocId
    site: Site
    language: Language
    title: Title
    url: Annotated[str, Meta(description="Canonical address that the page had")]
    page_id: PageId
    revision_id: RevisionId
    date_fetched: DateFetched
    reason: Annotated[str | None, Meta(description="Why it is taken for gone, such as http: 404")]
    date: Annotated[str | None, Meta(description="When that was learnt, RFC 3339 in UTC")]
    schema_version: SchemaVersion


class Known(Struct, frozen=True, kw_only=True):
    """What a tombstone keeps of a page's row."""

    doc_id: str
    site: str
    language: str | None
    title: str
    url: str
    page_id: int | None
    revision_id: int | None
    date_fetched: str | None


def tombstone(page: Known, departure: Departure) -> Tombstone:
    """The tombstone of a page that is gone."""
    return Tombstone(
        doc_id=page.doc_id,
        site=page.site,
        language=page.language,
        title=page.title,
        url=page.url,
        page_id=page.page_id,
        revision_id=page.revision_id,
        date_fetched=page.date_fetched,
        reason=departure.reason,
        date=departure.date,
        schema_version=SCHEMA_VERSION,
    )


def standing(before: Iterable[Tombstone], new: Iterable[Tombstone], back: AbstractSet[str]) -> list[Tombstone]:
    """The tombstones that stand from now on, by doc_id: old and new ones but for pages that are `back`."""
    by_doc = {each.doc_id: each for each in (*before, *new) if each.doc_id not in back}
    return [by_doc[doc] for doc in sorted(by_doc)]
