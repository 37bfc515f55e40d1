"""Scribe: writes pages into the archive beside the fetch, so that one is packed while the next is on its way.

Packing and hashing leave the interpreter to others, so a second thread costs the fetch next to nothing.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Self, TypeVar

from sectionary.scraper.archive import Archive, ArchiveRef
from sectionary.scraper.errors import FetchError
from sectionary.scraper.page import Page
from sectionary.scraper.response import Response

_MOST_OPEN = 8                           # pages held in memory until they are written; then the fetch waits

T = TypeVar("T")


class Scribe:
    """One thread that does what it is told with an archive, in that order; a context manager, not the archive's.

    After a failure, an InterruptedRunError of the archive, nothing more is done: it is raised again by whatever is
    asked for afterwards, so that no page counts as kept whose bytes went down with a file.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._hand = ThreadPoolExecutor(max_workers=1, thread_name_prefix="scribe")
        self._open: deque[Future[Any]] = deque()
        self._failure: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._hand.shutdown(cancel_futures=True)

    def append(
        self, page: Page, response: Response, *, facts: dict[str, Any], before: ArchiveRef | None
    ) -> Future[ArchiveRef]:
        """Add a page, as `Archive.append` does; where it lies is known once it is written."""
        return self._bounded(partial(self._archive.append, page, response, facts=facts, before=before))

    def note(self, url: str, facts: dict[str, Any]) -> None:
        """Add what became of a page that brought no bytes, as `Archive.note` does."""
        self._bounded(partial(self._archive.note, url, facts))

    def read(self, ref: ArchiveRef) -> Page:
        """Give back a page that was appended, now or before, as `Archive.read` does."""
        return self._tell(partial(self._archive.read, ref)).result()

    def sync(self, then: Callable[[], T]) -> Future[T]:
        """Do `then` once everything appended so far would outlast a power cut."""

        def safe() -> T:
            self._archive.sync()
            return then()

        return self._tell(safe)

    def _bounded(self, action: Callable[[], T]) -> Future[T]:
        while len(self._open) >= _MOST_OPEN:
            self._open.popleft().result()
        done = self._tell(action)
        self._open.append(done)
        return done

    def _tell(self, action: Callable[[], T]) -> Future[T]:
        return self._hand.submit(self._unless_failed, action)

    def _unless_failed(self, action: Callable[[], T]) -> T:
        if self._failure is not None:
            raise self._failure
        try:
            return action()
        except FetchError:               # of a page that was asked for, which says nothing of what is written
            raise
        except BaseException as error:
            self._failure = error
            raise
