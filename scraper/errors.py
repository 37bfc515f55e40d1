"""Everything that can go wrong, drawn.

SectionaryError
├── ConfigError        the run cannot start: usage, configuration, input      exit 2
├── DatasetError       the dataset is foreign, newer or damaged               exit 2
├── LockedError        another run holds the site                             exit 3
├── InterruptedRunError   a signal, a full disk, a read-only folder            exit 4
├── SiteError          one site cannot be fetched now, the others go on        exit 5
└── PageError          this page is lost, the run goes on                     a row in rejected/
    ├── FetchError     the server's answer is no page (retryable or not)
    ├── CleanError     the bytes hold no article
    └── RecordError    the article fits no record
"""

from typing import ClassVar


class SectionaryError(Exception):
    """Any error that sectionary raises on purpose; `exit_code` is the process's answer to it."""

    exit_code: ClassVar[int] = 1


class ConfigError(SectionaryError):
    """Wrong usage, configuration or input: nothing was started."""

    exit_code = 2


class DatasetError(SectionaryError):
    """The output folder is not a dataset of ours, or of a newer sectionary, or damaged."""

    exit_code = 2


class LockedError(SectionaryError):
    """Another run holds what this one needs; the message names the holder."""

    exit_code = 3


class InterruptedRunError(SectionaryError):
    """The run had to stop; running again goes on where it stood."""

    exit_code = 4


class SiteError(SectionaryError):
    """A site cannot be fetched now; its pages stay pending and other sites go on."""

    exit_code = 5

    def __init__(self, site: str, reason: str) -> None:
        super().__init__(f"{site}: {reason}")
        self.site = site
        self.reason = reason

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process boundary whole, as a PageError does."""
        return type(self), (self.site, self.reason)


class PageError(SectionaryError):
    """One page is lost.

    `reason` is a short stable slug with a colon and detail where needed ("http: 403", "empty"),
    for counting; `retryable` says whether a later run may find the page well.
    """

    exit_code = 2
    stage: ClassVar[str] = "page"

    def __init__(self, url: str, reason: str, *, retryable: bool = False) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason
        self.retryable = retryable

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process boundary whole (BaseException would replay only `args`)."""
        return _rebuild, (type(self), self.url, self.reason, self.retryable)


def _rebuild(kind: type[PageError], url: str, reason: str, retryable: bool) -> PageError:  # noqa: FBT001
    return kind(url, reason, retryable=retryable)


class FetchError(PageError):
    """The server gave no page."""

    stage = "fetch"


class CleanError(PageError):
    """The bytes hold no article: binary, empty, not HTML, or without content."""

    stage = "clean"


class RecordError(PageError):
    """An article that fits no record; always a bug of ours, and never the end of a run."""

    stage = "record"
