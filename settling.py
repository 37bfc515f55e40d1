"""Settling: what was cleaned of a site becomes part of the dataset, and the ledger hears what became of each page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sectionary.config import Config
from sectionary.output.commit import Committed, commit
from sectionary.output.rejected import Rejected
from sectionary.output.tombstone import Departure
from sectionary.scraper import urls
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.rows import Cleaned, Entry, Fetched
from sectionary.worker import Result


def settle(  # noqa: PLR0913  whose, into what
    config: Config, ledger: Ledger, site: str, results: Sequence[Result], *, cleaner: str, created: str
) -> list[Committed]:
    """Commit what was cleaned of a site, once for each wiki that its pages are of, then tell the ledger.

    `created` is the time of writing (RFC 3339). The staged files are gone afterwards. Raises what commit raises.
    """
    lost = [_rejected(entry) for entry in ledger.pages(site, "rejected")]
    found = {wiki for result in results for wiki, _ in result.docs.values()} | set(ledger.wikis(site))
    lost_at = {row.site for row in lost} | {row.site for result in results for row in result.lost.values()}
    wikis = sorted(found) or sorted(lost_at)[:1]
    lost += [row for row in _lost_elsewhere(config, ledger, site) if row.site in wikis]
    current = {doc for result in results for _, doc in result.docs.values()}
    committed = [
        commit(
            config.corpus,
            wiki,
            [result.staged for result in results],
            removed=_departures(ledger, site, wiki, current),
            rejected=_share(lost, wiki, wikis),
            settings=config.output,
            created=created,
        )
        for wiki in wikis
    ]
    flaws = {row.url: row.reason for each in committed for row in each.lost}
    excluded = {doc: reason for each in committed for doc, reason in each.excluded.items()}
    ledger.cleaned(site, _verdicts(results, flaws, excluded), cleaner)
    for result in results:
        result.staged.unlink(missing_ok=True)
    return committed


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


def _departures(ledger: Ledger, site: str, wiki: str, current: set[str]) -> dict[str, Departure]:
    """The documents that leave the dataset and why; one that was cleaned just now does not."""
    return {
        page.doc_id: Departure(state=page.state, reason=page.reason, date=page.date)
        for page in ledger.withdrawn(site, wiki)
        if page.doc_id not in current
    }


def _verdicts(
    results: Iterable[Result], flaws: Mapping[str, str], excluded: Mapping[str, str]
) -> Iterator[Cleaned]:
    """What the ledger is to remember of each page; the commit found `flaws`, by address, and `excluded` documents."""
    for result in results:
        for task in result.tasks:
            if isinstance(task, Fetched):
                wiki, doc = result.docs.get(task.key, (None, None))
                lost = result.lost.get(task.key)
                flaw = lost.reason if lost else flaws.get(task.canonical_url)
                yield Cleaned(page=task, wiki=wiki, doc_id=doc, flaw=flaw, excluded=excluded.get(doc or ""))
