"""Worker: what a cleaning process does with one batch. It reads the archive itself and hands back a file's name.

The street passes references, not pages: no HTML crosses a process boundary, and `run` and `clean` are one path.
"""

import multiprocessing
import os
import resource
import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Protocol, Self

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from pebble import CONSTS, ProcessExpired, ProcessPool

from sectionary.cleaners.article import LOCAL, clean
from sectionary.cleaners.rules import rules_version
from sectionary.output.record import records
from sectionary.output.rejected import Rejected, rejected
from sectionary.output.rows import Rows, rows
from sectionary.output.staged import Batch, write_staged
from sectionary.receipt import Receipt, Receipts
from sectionary.scraper import urls
from sectionary.scraper.archive import read_page
from sectionary.scraper.bulk.table import read
from sectionary.scraper.bulk.task import BulkPage
from sectionary.scraper.errors import CleanError, FetchError, InterruptedRunError, PageError
from sectionary.scraper.files import LocalFile, read_file
from sectionary.scraper.page import Page
from sectionary.scraper.rows import Fetched

BATCH = 25                               # pages a worker gets at once
BATCH_SECONDS = 120                      # before a batch is taken for hung and cleaned page by page
PAGE_SECONDS = 30                        # before a single page is given up
MEMORY = 2 << 30                         # bytes of data that a process may hold
NO_RULES = "{}"                          # of the operator's own
_TERM_SECONDS = 0.1                      # which a process to be stopped gets before it is killed: it will not listen
_OUT_OF_MEMORY = 71                      # what a process exits with that would need more


Task = Fetched | LocalFile | BulkPage    # a page to clean: its key, where its bytes lie, its address


class Orders(Struct, frozen=True, kw_only=True):
    """What all batches of a site have in common; `own_rules`, `rules` and `license` are the operator's."""

    site: str
    raw: Path
    staging: Path
    cleaner: str
    own_rules: str
    rules: str | None
    license: str | None
    page_text_drop: tuple[str, ...]
    max_page_bytes: int


class Result(Struct, frozen=True, kw_only=True):
    """What came of a batch: the staged file, which tells the rest, the pages in it, and those that cleaning lost."""

    staged: Path
    pages: int
    lost: int


def work(orders: Orders, tasks: Sequence[Task]) -> Result:
    """Clean a batch and stage it. A page that fails is a row of `rejected`, never the end of the batch."""
    pages: list[Rows] = []
    lost: list[Rejected] = []
    told: list[Receipt] = []
    for task in tasks:
        try:
            cleaned = _clean(orders, task)
        except PageError as error:
            lost.append(_row(task, error))
            told.append(_receipt(task, flaw=error.reason))
        except MemoryError:              # what the pages before it left behind may have a part in it
            raise
        except Exception as error:  # noqa: BLE001 - a bug of ours costs this page, not the run
            reason = f"bug: {type(error).__name__}: {error}"
            lost.append(_row(task, CleanError(task.canonical_url, reason)))
            told.append(_receipt(task, flaw=reason))
        else:
            pages.append(cleaned)
            told.append(_receipt(task, wiki=cleaned.site, doc_id=cleaned.doc_id))
    return _staged(orders, tasks, Batch(pages=pages, rejected=lost, receipts=Receipts(tuple(told)).packed()))


def _receipt(task: Task, **became: str) -> Receipt:
    return Receipt(task.key, task.canonical_url, task.ref if isinstance(task, Fetched) else None, **became)


def _staged(orders: Orders, tasks: Sequence[Task], batch: Batch) -> Result:
    staged = write_staged(orders.staging, key_of(orders, tasks), batch)
    lost = sum(row.stage == CleanError.stage for row in batch.rejected)
    return Result(staged=staged, pages=len(batch.pages), lost=lost)


def _work_bounded(orders: Orders, tasks: Sequence[Task]) -> Result:
    """`work` in a process of the pool. One that is out of memory ends, so that each page is tried in a fresh one."""
    try:
        return work(orders, tasks)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)


def _clean(orders: Orders, task: Task) -> Rows:
    page = as_told(_read(orders, task), orders.rules, orders.license)
    if len(page.body) > orders.max_page_bytes:
        raise CleanError(page.url, f"too large: more than {orders.max_page_bytes} bytes")
    article = clean(page, orders.own_rules)
    page_row, section_rows = records(article, page, orders.page_text_drop)
    return rows(page_row, section_rows)


def _read(orders: Orders, task: Task) -> Page:
    if isinstance(task, LocalFile):
        return read_file(task, orders.max_page_bytes + 1)
    if isinstance(task, BulkPage):
        return read(task, orders.max_page_bytes + 1)
    try:
        return read_page(orders.raw, task.ref)
    except FetchError as error:          # it knows the place in the archive, not whose page it was
        raise FetchError(task.canonical_url, error.reason, retryable=error.retryable) from error


def _row(task: Task, error: PageError) -> Rejected:
    ref = task.ref if isinstance(task, Fetched) else None
    wiki = urls.host(task.canonical_url) or LOCAL
    if ref is None:
        return rejected(error, wiki)
    return rejected(error, wiki, raw_file=ref.file, raw_offset=ref.offset)


def as_told(page: Page, rules: str | None, license_id: str | None) -> Page:
    """The page with what the operator's configuration says of it: its site file, its licence."""
    info = page.site_info
    if license_id and info and not info.license:
        info = replace(info, license=license_id, license_source="config")
    return replace(page, rules=rules or page.rules, site_info=info)


def key_of(orders: Orders, tasks: Sequence[Task]) -> str:
    """A name for the batch: the same pages under the same rules have the same."""
    digest = blake2b(orders.cleaner.encode(), digest_size=16)
    for task in tasks:
        digest.update(msgspec.json.encode(task, enc_hook=str))
    return digest.hexdigest()


class BrokenBatchError(Exception):
    """A batch came to nothing: its process took too long, died, or would need more memory; `reason` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Pending(Protocol):
    """A batch that is being cleaned."""

    def result(self) -> Result:
        """Wait for what comes of it. Raises BrokenBatchError, InterruptedRunError where all hands are gone."""


class Workforce(Protocol):
    """What cleans batches, here or elsewhere: so many at once."""

    processes: int

    def clean(self, orders: Orders, tasks: Sequence[Task], seconds: float) -> Pending:
        """Have a batch cleaned within so many seconds. Raises InterruptedRunError where all hands are gone."""


class Hands:
    """The processes that clean, shared by all sites of a run; a context manager, leaving it early stops them.

    Each may hold `memory` bytes of data. They begin with the first batch that is submitted.
    """

    def __init__(self, own_rules: str, processes: int, *, memory: int = MEMORY) -> None:
        context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
        if sys.platform == "linux":
            context.set_forkserver_preload([f"{__package__}.steadfast", __name__, f"{__package__}.compiled"])
        CONSTS.term_timeout = _TERM_SECONDS
        prepared = [memory, own_rules]
        self.memory = memory
        self.processes = processes
        self._pool = ProcessPool(max_workers=processes, initializer=prepare, initargs=prepared, context=context)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._pool.close()
        else:
            self.stop()
        self._pool.join()

    def stop(self) -> None:
        """End all processes at once."""
        self._pool.stop()

    def clean(self, orders: Orders, tasks: Sequence[Task], seconds: float) -> Pending:
        """Have a batch cleaned within so many seconds."""
        with _pool_trouble():
            return _Scheduled(self._pool.schedule(_work_bounded, args=[orders, tasks], timeout=seconds), seconds, self)


class _Scheduled:
    """A batch with a process of this machine, or on its way to one."""

    def __init__(self, future: Future[Result], seconds: float, hands: Hands) -> None:
        self._future, self._seconds, self._hands = future, seconds, hands

    def result(self) -> Result:
        """As a Pending says."""
        try:
            with _pool_trouble():
                return self._future.result()
        except TimeoutError:
            raise BrokenBatchError(too_long(self._seconds)) from None
        except ProcessExpired as error:
            spent = error.exitcode == _OUT_OF_MEMORY
            raise BrokenBatchError(too_much(self._hands.memory) if spent else KILLED) from None


KILLED = "killed its process"


def too_long(seconds: float) -> str:
    """Say of a page that it took too long."""
    return f"took longer than {seconds:g} s"


def too_much(memory: int) -> str:
    """Say of a page that it needs too much memory, in bytes."""
    return f"needs more than {memory >> 20} MiB of memory"


class Crew:
    """One site's batches, with a bounded backlog: `submit` waits while the hands are full (back-pressure).

    A batch that takes too long or kills its process is cleaned again page by page, so that only the page
    that did it is lost.
    """

    def __init__(
        self, orders: Orders, hands: Workforce, *,
        batch_seconds: float = BATCH_SECONDS, page_seconds: float = PAGE_SECONDS,
    ) -> None:  # fmt: skip
        self._orders = orders
        self._hands = hands
        self._most = 2 * hands.processes
        self._seconds = (page_seconds, batch_seconds)
        self._open: deque[tuple[Sequence[Task], Pending]] = deque()
        self.results: list[Result] = []

    def submit(self, tasks: Sequence[Task]) -> None:
        """Have a batch cleaned; waits for an earlier one where the backlog is full."""
        while len(self._open) >= self._most:
            self._take()
        seconds = self._seconds[len(tasks) > 1]
        self._open.append((tasks, self._hands.clean(self._orders, tasks, seconds)))

    def finish(self) -> list[Result]:
        """Wait for all batches and give what came of them, in the order they were submitted or retried."""
        while self._open:
            self._take()
        return self.results

    def _take(self) -> None:
        tasks, pending = self._open.popleft()
        try:
            self.results.append(pending.result())
        except BrokenBatchError as error:
            self._split(tasks, error.reason)

    def _split(self, tasks: Sequence[Task], reason: str) -> None:
        if len(tasks) > 1:
            for task in tasks:
                self.submit([task])
            return
        self.results.append(_lost(self._orders, tasks[0], reason))


def _lost(orders: Orders, task: Task, reason: str) -> Result:
    row = _row(task, CleanError(task.canonical_url, reason))
    told = Receipts((_receipt(task, flaw=reason),)).packed()
    return _staged(orders, [task], Batch(pages=(), rejected=(row,), receipts=told))


@contextmanager
def _pool_trouble() -> Iterator[None]:
    """All processes gone at once: somebody stopped them, as a service manager does that ends a whole group."""
    try:
        yield
    except (BrokenExecutor, RuntimeError) as error:
        if isinstance(error, ProcessExpired):
            raise
        raise InterruptedRunError("the cleaning processes were stopped; run again to go on") from error


def prepare(memory: int, own_rules: str) -> None:
    """Make ready a process that cleans: signals are for the one that hands out work, and its memory is bounded.

    The rules of all sites are compiled here, where they are not yet (compiled.py) or the operator has some besides,
    since that takes a second which the first page's deadline has not.

    Ctrl-C reaches every process of a terminal, a service manager's SIGTERM every process of a service; what was
    fetched by then is still to be cleaned and committed. Linux counts private memory against RLIMIT_DATA (since
    4.7), which leaves out the libraries and files that RLIMIT_AS would count; where it does not hold, the deadline
    does.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    bound_memory(memory)
    rules_version(own_rules)


def bound_memory(memory: int) -> None:
    """Let this process hold at most so many bytes of data."""
    most = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (memory if most < 0 else min(memory, most), most))
