"""Committing: what was cleaned of a site becomes part of the dataset, and the ledger hears what became of each page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from sectionary.config import Config
from sectionary.output.commit import Committed, commit
from sectionary.output.rejected import Rejected
from sectionary.output.staged import read_index
from sectionary.output.tombstone import Departure
from sectionary.receipt import receipts
from sectionary.scraper import urls
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.rows import Cleaned, Entry
from sectionary.worker import Result


def commit_cleaned(  # noqa: PLR0913  whose, into what
    config: Config, ledger: Ledger, site: str, results: Sequence[Result], *, cleaner: str, created: str
) -> list[Committed]:
    """Commit what was cleaned of a site, once for each wiki that its pages are of, then tell the ledger.

    `created` is the time of writing (RFC 3339). The staged files are gone afterwards. Raises what commit raises.
    """
    staged = [result.staged for result in results]
    lost = [_rejected(entry) for entry in ledger.pages(site, "rejected")]
    found, lost_at = _wikis(staged)
    wikis = sorted(found | set(ledger.wikis(site))) or sorted(lost_at | {row.site for row in lost})[:1]
    lost += [row for row in _lost_elsewhere(config, ledger, site) if row.site in wikis]
    committed = [
        commit(
            config.corpus,
            wiki,
            staged,
            removed=_departures(ledger, site, wiki, staged),
            rejected=_share(lost, wiki, wikis),
            settings=config.output,
            created=created,
        )
        for wiki in wikis
    ]
    flaws = {row.url: row.reason for each in committed for row in each.lost}
    excluded = {doc: reason for each in committed for doc, reason in each.excluded.items()}
    ledger.cleaned(site, _verdicts(staged, flaws, excluded), cleaner)
    for path in staged:
        path.unlink(missing_ok=True)
    return committed


def _wikis(staged: Iterable[Path]) -> tuple[set[str], set[str]]:
    """The wikis of the pages in staged files, and those of the pages that were lost there."""
    found: set[str] = set()
    lost: set[str] = set()
    for index in map(read_index, staged):
        found.update(page.site for page in index.pages)
        lost.update(row.site for row in index.rejected)
    return found, lost


def _lost_elsewhere(config: Config, ledger: Ledger, site: str) -> Iterator[Rejected]:
    """The lost pages of the other sites of this configuration: two may be views of one wiki."""
    for other in config.scraper.sites:
        if other.name != site:
            yield from map(_rejected, ledger.pages(other.name, "rejected"))


def _rejected(entry: Entry) -> Rejected:
    return Rejected(
        url=entry.canonical_url,
        site=urls.host(entry.canonical_url),
        stage=entry.stage,
        reason=entry.reason or "",
        retryable=entry.retryable,
        date=entry.date,
        raw_file=entry.raw_file,
        raw_offset=entry.raw_offset,
    )


def _share(lost: list[Rejected], wiki: str, wikis: list[str]) -> list[Rejected]:
    """The lost pages to tell of with `wiki`: its own, and with the first those that are of none."""
    return [row for row in lost if (row.site if row.site in wikis else wikis[0]) == wiki]


def _departures(ledger: Ledger, site: str, wiki: str, staged: Iterable[Path]) -> dict[str, Departure]:
    """The documents that leave the dataset and why; one that was cleaned just now does not."""
    leaving = {
        page.doc_id: Departure(state=page.state, reason=page.reason, date=page.date)
        for page in ledger.withdrawn(site, wiki)
    }
    if leaving:
        for index in map(read_index, staged):
            for page in index.pages:
                leaving.pop(page.doc_id, None)
    return leaving


def _verdicts(staged: Iterable[Path], flaws: Mapping[str, str], excluded: Mapping[str, str]) -> Iterator[Cleaned]:
    """What the ledger is to remember of each page; the commit found `flaws`, by address, and `excluded` documents."""
    for receipt in receipts(staged):
        if receipt.ref:
            yield receipt.cleaned(receipt.ref, flaws.get(receipt.address), excluded.get(receipt.doc_id or ""))
