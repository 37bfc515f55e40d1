"""Inputs: pages in files, one each or many, cleaned into records for `clean PATH`; they need no ledger.

Batches of references, or of pages where a file cannot be gone into, go to the cleaning processes as the files are
read; what comes back is a staged file each, so memory holds a few batches. Where the staged files lie in the
dataset's own staging, a rerun after a kill finds them there and cleans only the rest.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sectionary.cleaners.article import LOCAL
from sectionary.cleaners.rules import rules, rules_version
from sectionary.output.commit import commit
from sectionary.output.doors.write import write_doors
from sectionary.output.durable import is_remote, remove_folder
from sectionary.output.layout import STAGING
from sectionary.output.rejected import Rejected, read_rejected
from sectionary.output.rejected import rejected as rejected_row
from sectionary.output.settings import OutputSettings
from sectionary.output.snapshot import check_ours
from sectionary.output.staged import SUFFIX, read_index, read_staged
from sectionary.receipt import receipts
from sectionary.scraper.bulk.table import SUFFIXES, DamagedError, pages_of, share, single_pages, sources
from sectionary.scraper.bulk.task import BulkPage, Wanted
from sectionary.scraper.clock import SystemClock, stamp
from sectionary.scraper.errors import ConfigError, DatasetError, FetchError
from sectionary.scraper.files import LocalFile
from sectionary.scraper.settings import MAX_PAGE_BYTES
from sectionary.scraper.version import VERSION
from sectionary.worker import BATCH, NO_RULES, Crew, Hands, Orders, Task, key_of

_MOST_NAMED = 20                         # lost pages that are told by name on the terminal


class Done(Struct, frozen=True, kw_only=True):
    """A batch that was cleaned: its staged file, how many pages are in it, of which wikis, what was lost."""

    staged: Path | None
    pages: int
    wikis: frozenset[str]
    lost: tuple[Rejected, ...]
    addresses: frozenset[str]


class Cleaned(Struct, frozen=True, kw_only=True):
    """What came of a set of files: pages cleaned, pages that made a change, pages lost, pages excluded by reason."""

    pages: int
    written: int
    rejected: tuple[Rejected, ...]
    excluded: dict[str, int] = {}

    def told(self) -> str:
        """What came of it, in a line for the whole and a line for every page that was lost."""
        lost = [f"{row.url}: {row.stage}: {row.reason}" for row in self.rejected[:_MOST_NAMED]]
        if more := len(self.rejected) - len(lost):
            lost.append(f"and {more} more")
        left_out = [f"excluded: {count}: {reason}" for reason, count in sorted(self.excluded.items())]
        whole = f"{self.pages} cleaned, {self.written} written, {len(self.rejected)} rejected"
        return "\n".join((whole, *left_out, *lost))


@contextmanager
def cleaned_files(  # noqa: PLR0913 - options, all by name
    paths: Sequence[Path],
    *,
    base_url: str | None,
    site_file: str | None,
    processes: int,
    wanted: Wanted | None = None,
    dataset: Path | None = None,
) -> Iterator[Iterator[Done]]:
    """What comes of cleaning the pages in files and folders, batch by batch; the staged files live in the context.

    With the `dataset` that they are for they outlive a kill, and this gives those that are there already. Raises
    ConfigError for a path that is not there or of an unknown kind and, when it is read, for paths without a page.
    """
    asked = replace(wanted or Wanted(), base_url=base_url)
    files = list(sources(list(paths)))
    with _staging(paths, asked, site_file, dataset) as folder, Hands(NO_RULES, processes) as hands:
        orders = _orders(folder, site_file)
        yield _cleaned(Crew(orders, hands), orders, _tasks(paths, files, asked), paths)


@contextmanager
def _staging(paths: Sequence[Path], wanted: Wanted, site_file: str | None, dataset: Path | None) -> Iterator[Path]:
    if dataset is None or is_remote(dataset):
        with TemporaryDirectory(prefix="sectionary-") as folder:
            yield Path(folder)
        return
    check_ours(dataset)
    told = msgspec.json.encode([[str(path.resolve()) for path in paths], wanted, site_file], enc_hook=str)
    folder_of_ours = dataset / STAGING / f"clean-{blake2b(told, digest_size=8).hexdigest()}"
    folder_of_ours.mkdir(parents=True, exist_ok=True)
    yield folder_of_ours
    remove_folder(folder_of_ours)        # only where all went well


def _tasks(paths: Sequence[Path], files: Sequence[Path], wanted: Wanted) -> Iterator[Task | DamagedError]:
    """The share of pages that is wanted, and each file that broke off."""
    broken: list[DamagedError] = []

    def every() -> Iterator[LocalFile | BulkPage]:
        yield from single_pages(list(paths), wanted.base_url)
        for path in files:
            try:
                yield from pages_of(path, wanted)
            except DamagedError as error:
                broken.append(error)

    yield from share(every(), wanted)
    yield from broken


def _cleaned(
    crew: Crew, orders: Orders, tasks: Iterator[Task | DamagedError], paths: Sequence[Path]
) -> Iterator[Done]:
    found = False
    while batch := list(islice(tasks, BATCH)):
        found = True
        yield from map(_broken, (each for each in batch if isinstance(each, DamagedError)))
        pages = [each for each in batch if not isinstance(each, DamagedError)]
        if pages and (before := _staged_before(orders, pages)):
            yield before
        elif pages:
            crew.submit(pages)
        yield from _arrived(crew)
    crew.finish()
    yield from _arrived(crew)
    if not found:
        raise ConfigError(f"{paths[0]}: no page in it; known are files ending in {', '.join(SUFFIXES)}")


def _arrived(crew: Crew) -> Iterator[Done]:
    while crew.results:
        result = crew.results.pop(0)
        yield _done(result.staged)


def _done(staged: Path) -> Done:
    index = read_index(staged)
    return Done(
        staged=staged,
        pages=len(index.pages),
        wikis=frozenset(page.site for page in index.pages) | {row.site for row in index.rejected},
        lost=index.rejected,
        addresses=frozenset(receipt.address for receipt in receipts([staged])),
    )


def _staged_before(orders: Orders, tasks: Sequence[Task]) -> Done | None:
    """What an earlier run that was killed made of the same batch."""
    path = orders.staging / f"{key_of(orders, tasks)}{SUFFIX}"
    try:
        return _done(path) if path.exists() else None
    except DatasetError:
        return None


def _broken(error: DamagedError) -> Done:
    lost = rejected_row(FetchError(f"file:{error.path.name}", f"damaged: {error}"), LOCAL)
    return Done(staged=None, pages=0, wikis=frozenset([LOCAL]), lost=(lost,), addresses=frozenset())


def _orders(staging: Path, site_file: str | None) -> Orders:
    return Orders(
        site="local",
        raw=staging,
        staging=staging,
        cleaner=f"{VERSION}/{rules(site_file).version if site_file else rules_version()}",
        own_rules=NO_RULES,
        rules=site_file,
        license=None,
        page_text_drop=OutputSettings().page_text_drop,
        max_page_bytes=MAX_PAGE_BYTES,
    )


def lines(results: Iterable[Done], told: list[Done]) -> Iterator[bytes]:
    """The JSONL rows of the sections of cleaned files, as they come; `told` gathers what came of them."""
    for done in results:
        if done.staged is not None:
            for rows in read_staged(done.staged).pages:
                yield from rows.sections
            done.staged.unlink()
        told.append(replace(done, staged=None, addresses=frozenset()))


def into_dataset(results: Iterable[Done], directory: Path, settings: OutputSettings | None = None) -> Cleaned:
    """Commit cleaned files to the dataset at `directory`: pages it has already are replaced, others stay.

    `settings` say which licences are let in. Raises DatasetError for a folder that is not ours.
    """
    before = {row.url: row for path in (directory / "rejected").glob("*.jsonl") for row in read_rejected(path)}
    every = []
    for done in results:
        for url in done.addresses & before.keys():
            del before[url]
        every.append(replace(done, addresses=frozenset()))
    created = stamp(SystemClock().now())
    staged = [done.staged for done in every if done.staged]
    broken = [row for done in every if not done.staged for row in done.lost]
    wikis = sorted(set().union(*(done.wikis for done in every)))
    committed = [
        commit(
            directory, wiki, staged, created=created, settings=settings,
            rejected=[row for row in chain(before.values(), broken) if row.site == wiki],
        )
        for wiki in wikis
    ]  # fmt: skip
    write_doors(directory)
    excluded = Counter(reason for each in committed for reason in each.excluded.values())
    return replace(printed(every), written=sum(each.written for each in committed), excluded=dict(excluded))


def printed(results: Iterable[Done]) -> Cleaned:
    """What came of files whose rows were printed."""
    results = list(results)
    pages = sum(done.pages for done in results)
    return Cleaned(pages=pages, written=pages, rejected=tuple(row for done in results for row in done.lost))
