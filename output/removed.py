"""Removed: what each cleaning rule took away from each page, a row a rule, so that it can be counted in SQL."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from sectionary.cleaners.fields import Removal
from sectionary.output.json_bytes import encoded
from sectionary.output.record import SCHEMA_VERSION, CleanerVersion, DocId, SchemaVersion, Site, Title


class RemovedRecord(Struct, frozen=True, kw_only=True):
    """What one rule took away from one page: the same as the page's `removals`, one a row."""

    doc_id: DocId
    position: Annotated[int, Meta(description="Place in the page's `removals`, from 0")]
    site: Site
    title: Title
    url: Annotated[str, Meta(description="Canonical address of the page")]
    rule: Annotated[str, Meta(description="Id of the rule, such as page.toc")]
    selector: Annotated[str | None, Meta(description="The rule's selector that chose the elements")]
    count: Annotated[int, Meta(description="How often")]
    chars: Annotated[int, Meta(description="Unicode code points taken away, white space not counted")]
    cleaner_version: CleanerVersion
    schema_version: SchemaVersion


class _Page(Struct, frozen=True):
    """What is needed of a page's row."""

    doc_id: str
    site: str
    title: str
    url: str
    cleaner_version: str
    removals: tuple[Removal, ...]


_PAGE = msgspec.json.Decoder(_Page)


def removed_lines(page_line: bytes) -> Iterator[bytes]:
    """The lines for the table `removed` that a line of `pages` brings."""
    page = _PAGE.decode(page_line)
    for position, removal in enumerate(page.removals):
        yield encoded(
            RemovedRecord(
                doc_id=page.doc_id,
                position=position,
                site=page.site,
                title=page.title,
                url=page.url,
                rule=removal.rule,
                selector=removal.selector,
                count=removal.count,
                chars=removal.chars,
                cleaner_version=page.cleaner_version,
                schema_version=SCHEMA_VERSION,
            )
        )
