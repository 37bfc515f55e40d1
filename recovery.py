"""Recovery: a ledger that was lost, made anew from the archive and from what the dataset says of the same wikis."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from sectionary.output.formats import FORMATS
from sectionary.output.snapshot import latest_number, load
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.rebuild import rebuild
from sectionary.scraper.rows import Document


class _PageRow(Struct, frozen=True):
    """What is read of a page's row."""

    site: str
    doc_id: str
    canonical_url: str
    page_id: int | None


def recover(ledger: Ledger, site: str, raw: Path, corpus: Path) -> None:
    """Fill the ledger from the archive in `raw` and the dataset in `corpus`, if it knows no page of the site."""
    if rebuild(ledger, site, raw):
        ledger.restore_documents(site, _documents(corpus))


def _documents(corpus: Path) -> Iterator[Document]:
    """The pages of the dataset as it is; none where there is none."""
    number = latest_number(corpus)
    files = [] if number is None else [file for file in load(corpus, number).files() if file.table == "pages"]
    for file in files:
        if file.format == files[0].format:
            for line in FORMATS[file.format].lines(corpus / file.path):
                row = msgspec.json.decode(line, type=_PageRow)
                yield Document(wiki=row.site, doc_id=row.doc_id, canonical_url=row.canonical_url, page_id=row.page_id)
