"""Takedown: a page leaves dataset, history and raw archive, and never comes back.

    1  its keys are listed in _meta/takedowns.jsonl: from here on no fetch and no commit takes it in
    2  the dataset is committed without it, 3  earlier snapshots are rewritten without it
    4  the raw archive is rewritten without it, and the ledger follows
    5  what quotes it beside the snapshots goes: rejected, removed, changes, tombstones, reports, staged rows
    6  the list says that it is done

Each step finds what is left to do by the hashed keys alone, so a stopped takedown is finished by the next one.
"""

import re
import shutil
from collections import deque
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sectionary.config import Config
from sectionary.output import purge
from sectionary.output.commit import commit
from sectionary.output.doors.write import write_doors
from sectionary.output.failpoint import reach
from sectionary.output.layout import rejected_path
from sectionary.output.publish import disk_errors
from sectionary.output.rejected import Rejected, read_rejected
from sectionary.output.snapshot import check_ours
from sectionary.output.takedowns import Takedown, takedowns, with_takedown, write_takedowns
from sectionary.output.tombstone import TAKEDOWN, Departure
from sectionary.scraper import rewrite, urls
from sectionary.scraper.barred import Barred, key_of, numbered
from sectionary.scraper.clock import SystemClock, stamp
from sectionary.scraper.errors import ConfigError
from sectionary.scraper.ledger import Entry, Ledger, Outcome
from sectionary.scraper.logbook import follow
from sectionary.scraper.sitelock import held

REASON = "asked"
_DOC_ID = re.compile("[0-9a-f]{32}")


class TakenDown(Struct, frozen=True, kw_only=True):
    """What a takedown came to: pages taken out of the dataset, of the ledger, and raw files rewritten."""

    documents: int
    listed: int
    raw_files: int

    def told(self) -> str:
        """In a line."""
        told = f"{self.documents} documents and {self.listed} listed pages are taken down"
        return f"{told}, {self.raw_files} raw files rewritten"


def take_down(config: Config, url: str | None, reason: str = REASON) -> TakenDown:
    """Take the page at `url` down, and finish takedowns that were stopped; without `url` only these.

    Raises ConfigError for what is no address, LockedError while a run holds one of the sites, DatasetError and
    InterruptedRunError as a commit does.
    """
    check_ours(config.corpus)
    if url and "://" in url and (refused := urls.refusal(url)):
        raise ConfigError(f"{url}: {refused}; write the address of one page")
    config.work.mkdir(parents=True, exist_ok=True)
    with Ledger(config.work / "ledger.sqlite") as ledger:
        names = {*ledger.names(), *(site.name for site in config.scraper.sites)}
        with held(config.work, names), disk_errors(config.corpus):
            for name in names:           # what a run on a cluster left when it was killed
                deque(follow(ledger, name, config.logbooks), maxlen=0)
            if url:
                _list(config, ledger, url, reason)
            open_ = [takedown for takedown in takedowns(config.corpus) if not takedown.done]
            if not open_ and rewrite.unfinished(config.raw) is None:
                return TakenDown(documents=0, listed=0, raw_files=0)
            keys = Barred(frozenset(key for takedown in open_ for key in takedown.keys))
            return _carried_out(config, ledger, keys)


def _list(config: Config, ledger: Ledger, url: str, reason: str) -> None:
    """Step 1, with all keys of the page that dataset, ledger and archive know under this address."""
    first = Barred(frozenset([key_of(url)]))
    found = set(purge.addresses(config.corpus, first))
    keys = _wider(first, found)
    for name in ledger.names():
        for entry in list(_entries(ledger, name, keys)):
            keys = _wider(keys, [entry.url, entry.canonical_url, *_numbers(ledger.wikis(name), entry)])
    new = Takedown(keys=tuple(sorted(keys.keys)), reason=reason, date=stamp(SystemClock().now()))
    write_takedowns(config.corpus, with_takedown(takedowns(config.corpus), new))
    reach("takedown.listed")


def _wider(barred: Barred, found: Iterable[str]) -> Barred:
    """With more addresses, and more doc_ids, which are keys themselves."""
    return Barred(barred.keys | {each if _DOC_ID.fullmatch(each) else key_of(each) for each in found})


def _entries(ledger: Ledger, name: str, barred: Barred) -> Iterator[Entry]:
    """A site's rows of barred pages."""
    wikis = ledger.wikis(name)
    for entry in ledger.pages(name):
        if barred.holds((entry.url, entry.canonical_url), *_numbers(wikis, entry)):
            yield entry


def _numbers(wikis: Iterable[str], entry: Entry) -> list[str]:
    return [number for wiki in wikis if (number := numbered(wiki, entry.page_id))]


def _carried_out(config: Config, ledger: Ledger, barred: Barred) -> TakenDown:
    """Steps 2 to 6 for all takedowns that are not done."""
    gone = purge.documents(config.corpus, barred)
    for site, ids in gone.items():
        left = dict.fromkeys(ids, Departure(state="excluded", reason=TAKEDOWN))
        commit(config.corpus, site, [], removed=left, rejected=_lost(config.corpus, site), settings=config.output)
    reach("takedown.committed")
    drops = purge.Gone(barred, gone)
    purge.purge_history(config.corpus, gone, drops)
    reach("takedown.history")
    listed, files, moved = _raw_purged(config, ledger, barred)
    purge.purge_beside(config.corpus, drops, moved)
    shutil.rmtree(config.staging, ignore_errors=True)
    write_doors(config.corpus)
    done = [replace(takedown, done=True) for takedown in takedowns(config.corpus)]
    if done:
        write_takedowns(config.corpus, done)
    return TakenDown(documents=sum(map(len, gone.values())), listed=listed, raw_files=files)


def _lost(corpus: Path, site: str) -> list[Rejected]:
    return [row for row in read_rejected(corpus / rejected_path(site)) if row.site == site]


def _raw_purged(config: Config, ledger: Ledger, barred: Barred) -> tuple[int, int, purge.Places]:
    """Step 4; gives the pages excluded, the files rewritten, and the new places of pages."""
    raw = config.raw
    if journal := rewrite.unfinished(raw):
        _followed(ledger, raw, journal)
    listed = 0
    for name in ledger.names():
        found = list(_entries(ledger, name, barred))
        ledger.settle(name, (Outcome(key=entry.key, state="excluded", reason=TAKEDOWN) for entry in found))
        listed += len(found)
    if not barred:
        return listed, 0, {}
    mark = blake2b("".join(sorted(barred.keys)).encode(), digest_size=8).hexdigest()
    journal = rewrite.rewrite(raw, mark, barred.page, reach)
    _followed(ledger, raw, journal)
    return listed, len(journal.old), rewrite.moved_places(journal)


def _followed(ledger: Ledger, raw: Path, journal: rewrite.Journal) -> None:
    ledger.moved(journal.moved)
    reach("takedown.followed")
    rewrite.finish(raw, journal)
