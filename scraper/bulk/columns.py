"""Columns: JSON Lines and Parquet whose columns hold pages (--html-column) or extracted text (--text-column)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from sectionary.scraper.bulk.streams import unpacked
from sectionary.scraper.bulk.task import BulkPage, Wanted, named, version_of
from sectionary.scraper.errors import ConfigError, FetchError
from sectionary.scraper.page import Http, Page

JSONL = (".jsonl", ".jsonl.gz", ".jsonl.zst")
PARQUET = (".parquet",)
_ROWS = 32


def jsonl_pages(path: Path, wanted: Wanted) -> Iterator[BulkPage]:
    """The rows of a JSON Lines file; of a plain one each is gone to by its offset."""
    _column(path, wanted)
    version, place, plain = version_of(path), 0, path.suffix == ".jsonl"
    with unpacked(path) as stream:
        for number, line in enumerate(stream):
            url = _url(line, wanted) or named(path, number)
            if line.strip() and wanted.takes(url):
                yield BulkPage(
                    key=f"{path}@{number}", kind="jsonl", path=path, version=version, place=place if plain else number,
                    canonical_url=url, size=len(line), data=None if plain else line, wanted=wanted,
                )  # fmt: skip
            place += len(line)


def parquet_pages(path: Path, wanted: Wanted) -> Iterator[BulkPage]:
    """The rows of a Parquet file, a few at a time. Raises ConfigError for a column that it lacks."""
    import pyarrow as pa  # noqa: PLC0415 - heavy
    import pyarrow.parquet as pq  # noqa: PLC0415

    body, version, number = _column(path, wanted), version_of(path), 0
    columns = [name for name in (body, wanted.url_column) if name]
    try:
        with pq.ParquetFile(path) as file:
            if missing := [name for name in columns if name not in file.schema_arrow.names]:
                raise ConfigError(f"{path}: no column {missing[0]}; it has {', '.join(file.schema_arrow.names)}")
            for batch in file.iter_batches(batch_size=_ROWS, columns=columns):
                for row in batch.to_pylist():
                    url = row.get(wanted.url_column or "") or named(path, number)
                    if row[body] is not None and wanted.takes(url):
                        yield BulkPage(
                            key=f"{path}@{number}", kind="parquet", path=path, version=version, place=number,
                            canonical_url=url, data=_bytes(row[body]), wanted=wanted,
                        )  # fmt: skip
                    number += 1
    except pa.ArrowException as error:
        raise ValueError(str(error)) from None


def read_jsonl(task: BulkPage, most: int) -> Page:
    """The page of a line. Raises FetchError for one that has none."""
    column = _column(task.path, task.wanted)
    try:
        value = msgspec.json.decode(task.data if task.data is not None else _line(task))[column]
        body = _bytes(value)
    except (msgspec.MsgspecError, LookupError, TypeError, AttributeError, OSError) as error:
        raise FetchError(task.canonical_url, f"no text in {column}: {type(error).__name__}") from None
    return _page(task, body[:most])


def read_parquet(task: BulkPage, most: int) -> Page:
    """The page of a row."""
    return _page(task, (task.data or b"")[:most])


def _page(task: BulkPage, body: bytes) -> Page:
    kind = "text/html" if task.wanted.html_column else "text/plain"
    return Page(url=task.canonical_url, body=body, http=Http(content_type=f"{kind}; charset=utf-8"))


def _line(task: BulkPage) -> bytes:
    with task.path.open("rb") as file:
        file.seek(task.place)
        return file.read(task.size)


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "replace")


def _column(path: Path, wanted: Wanted) -> str:
    if bool(wanted.html_column) == bool(wanted.text_column):
        raise ConfigError(f"{path}: name the column of its pages, --html-column or --text-column")
    return wanted.html_column or wanted.text_column or ""


def _url(line: bytes, wanted: Wanted) -> str | None:
    """The address that a row tells; what else it holds is not read."""
    try:
        row = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
        return msgspec.json.decode(row[wanted.url_column or ""], type=str)
    except (msgspec.MsgspecError, KeyError):
        return None
