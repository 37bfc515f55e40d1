"""Parquet: zstd, page index, checksums, content-defined chunks, Bloom filters on the ids.

Every byte follows from the rows alone: row groups end where their lines reach a size, not where a batch ends.
"""

import inspect
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.json as pj
import pyarrow.parquet as pq

from sectionary.output.durable import opened
from sectionary.output.json_bytes import encoded
from sectionary.output.schema import schema

GROUP_BYTES = 16 << 20                     # of JSON, about 3 MB of Parquet
GROUP_ROWS = 16_384
_PARSED_BYTES = 4 << 20                    # at once: larger buffers cost more in page faults than they save
_ID_COLUMNS = ("section_id", "doc_id")
_SORTED_BY = ("doc_id", "position")
_REPETITIVE = (
    "site", "language", "title", "role", "page_type", "date_modified", "date_fetched", "license",
    "license_text", "license_source", "cleaner_version",
)  # fmt: skip
_FALSE_POSITIVES = 0.01
_HAS_BLOOM = "bloom_filter_options" in inspect.signature(pq.ParquetWriter).parameters
_READ_ROWS = 256


class UnfitRowError(ValueError):
    """A row that the schema cannot hold; `line` is the row."""

    def __init__(self, line: bytes, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def table_of(lines: Sequence[bytes], table: str) -> pa.Table:
    """Rows given as JSON objects, as an Arrow table of the table's schema. Raises pa.ArrowInvalid."""
    if not lines:
        return schema(table).empty_table()
    block = max(_PARSED_BYTES, max(map(len, lines)) + 2)
    read = pj.read_json(
        pa.BufferReader(b"\n".join(lines)),
        read_options=pj.ReadOptions(use_threads=False, block_size=block),
        parse_options=pj.ParseOptions(explicit_schema=schema(table), unexpected_field_behavior="error"),
    )
    return read.cast(schema(table))


def lines(path: Path) -> Iterator[bytes]:
    """Rows of a file in order as JSON objects, the same bytes as they were written from."""
    with opened(path) as raw, pq.ParquetFile(raw) as file:
        for batch in file.iter_batches(batch_size=_READ_ROWS):
            for row in batch.to_pylist():
                yield encoded(row)


class ParquetWriter:
    """Writes rows in row groups to one file; `close` leaves it durable."""

    def __init__(self, path: Path, table: str) -> None:
        self.rows = 0
        self._path = path
        self._table = table
        self._lines: list[bytes] = []
        self._bytes = 0
        self._writer: pq.ParquetWriter | None = None

    def add(self, lines: Sequence[bytes]) -> None:
        """Append rows, each a JSON object. Raises UnfitRowError."""
        for line in lines:
            self._lines.append(line)
            self._bytes += len(line)
            if self._bytes >= GROUP_BYTES or len(self._lines) >= GROUP_ROWS:
                self._flush()

    def close(self) -> None:
        """Write the last rows, end the file and fsync it. Raises UnfitRowError."""
        try:
            if self._lines or self._writer is None:
                self._flush()
        finally:
            if self._writer is not None:
                self._writer.close()
        with self._path.open("rb") as file:
            os.fsync(file.fileno())

    def _flush(self) -> None:
        group = _fitting(self._lines, self._table)
        self._lines, self._bytes = [], 0
        if self._writer is None:
            self._writer = _opened(self._path, self._table, len(group))
        self.rows += len(group)
        self._writer.write_table(group, row_group_size=GROUP_ROWS)


def _fitting(lines: Sequence[bytes], table: str) -> pa.Table:
    try:
        return table_of(lines, table)
    except (pa.ArrowInvalid, ValueError):
        for line in lines:
            _check(line, table)
        raise


def _check(line: bytes, table: str) -> None:
    try:
        table_of([line], table)
    except (pa.ArrowInvalid, ValueError) as error:
        raise UnfitRowError(line, str(error)) from error


def _opened(path: Path, table: str, rows: int) -> pq.ParquetWriter:
    names = schema(table).names
    options: dict[str, Any] = {}
    if _HAS_BLOOM:
        ids = {"ndv": _power_of_two(rows), "fpp": _FALSE_POSITIVES}
        options["bloom_filter_options"] = {name: ids for name in _ID_COLUMNS if name in names}
    return pq.ParquetWriter(
        path,
        schema(table),
        compression="zstd",
        compression_level=3,
        use_dictionary=[name for name in _REPETITIVE if name in names],
        sorting_columns=[pq.SortingColumn(names.index(name)) for name in _SORTED_BY if name in names],
        write_page_index=True,
        write_page_checksum=True,
        use_content_defined_chunking=True,
        **options,
    )


def _power_of_two(rows: int) -> int:
    return 1 << max(rows - 1, 1).bit_length()
