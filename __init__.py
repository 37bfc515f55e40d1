"""sectionary: encyclopedia pages in, clean section records out.

    article = sectionary.extract(html, url="https://…")    one page, in this process
    rows = sectionary.records(article)                     its sections as plain dictionaries
    summary = sectionary.run("config.yaml")                fetch, clean and commit, as the command line does
    df = sectionary.read("corpus/")                        the dataset as a pandas DataFrame

Heavy packages load when a function first needs them, not here.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from sectionary.scraper.version import VERSION

if TYPE_CHECKING:
    import pandas as pd

    from sectionary.cleaners.article import Article
    from sectionary.output.last_run import Summary

__version__ = VERSION
__all__ = ["__version__", "extract", "read", "records", "run"]


def extract(html: bytes | str, url: str = "", *, rules: str | None = None, trace: bool = False) -> "Article":
    """The article in one page.

    `html` is the page as the server sent it (bytes: the encoding is found; str: already decoded) or its text
    as another extractor left it. `url` is its address, needed for absolute links and for its id. `rules`
    names a site file, or the path of one, where the page itself does not show what it is. With `trace` the
    article's `trace` tells which block, field or removal each character of the page went to.
    Raises sectionary.scraper.errors.CleanError where there is no article. The page is read in this process:
    hostile input belongs to `run` and `sectionary clean`, which contain it.
    """
    from sectionary.cleaners.article import clean, page_of

    return clean(page_of(html, url, rules), trace=trace)


def records(article: "Article") -> list[dict[str, Any]]:
    """The sections of an article as plain dictionaries, with the keys and order of the JSONL rows."""
    from sectionary.output.record import plain_rows

    return plain_rows(article)


def run(
    config: str | Path,
    *,
    sites: Iterable[str] | None = None,
    limit: int | None = None,
    stop: Callable[[], bool] | None = None,
) -> "Summary":
    """Fetch, clean and commit what `config` (a path) describes; all its sites, or those named.

    `limit` bounds the pages fetched a site, `stop` is asked between pages. Gives the same figures as
    _meta/last_run.json and never exits the process. Raises ConfigError, DatasetError or LockedError when it
    cannot start. Pages are cleaned in processes of their own, which import the calling script anew: call it
    under `if __name__ == "__main__":`.
    """
    from sectionary.config import load_config
    from sectionary.pipeline import run as run_street

    return run_street(load_config(Path(config)), sites=sites, limit=limit, stop=stop)


@overload
def read(directory: str | Path, *, batch_rows: None = None, **options: Any) -> "pd.DataFrame": ...


@overload
def read(directory: str | Path, *, batch_rows: int, **options: Any) -> "Iterator[pd.DataFrame]": ...


def read(
    directory: str | Path, *, batch_rows: int | None = None, **options: Any
) -> "pd.DataFrame | Iterator[pd.DataFrame]":
    """A dataset as a DataFrame: the flat columns of `sections`; with `batch_rows` an iterator of smaller ones.

    Options: table="sections" | "pages" | "removed" | "tombstones" | "rejected", nested=True for all columns,
    columns=[…], snapshot=N, site=…, language=…, role=… (one value or several), path=… (a heading, or several from the
    outermost down: their sections and those below). Raises DatasetError and ConfigError as
    `sectionary.output.dataset.batches` tells.
    """
    from sectionary.output import dataset

    if batch_rows is None:
        return dataset.read(directory, **options)
    return dataset.batches(directory, batch_rows, **options)
