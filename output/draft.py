"""Draft: a data file being written, which gets its name when its content is known."""

from collections.abc import Sequence
from hashlib import file_digest
from pathlib import Path

from sectionary.output.durable import move_file
from sectionary.output.formats import FORMATS
from sectionary.output.layout import data_path
from sectionary.output.record import SCHEMA_VERSION
from sectionary.output.snapshot import DataFile


class Draft:
    """A file of `table` in `format_name` below `folder`; `number` is its shard, or what else tells it apart."""

    def __init__(self, folder: Path, site: str, table: str, number: int, format_name: str) -> None:
        self.table = table
        self._folder = folder
        self._site = site
        self._number = number
        self._format = format_name
        self._row_bytes = 0
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{table}-{number}.{format_name}.draft"
        self._writer = FORMATS[format_name].open(self._path, table)

    def add(self, lines: Sequence[bytes]) -> None:
        """Append rows, each a JSON object without line end. Raises parquet.UnfitRowError."""
        self._row_bytes += sum(map(len, lines)) + len(lines)
        self._writer.add(lines)

    def close(self) -> None:
        """End the file and make it durable. Raises parquet.UnfitRowError."""
        self._writer.close()

    def named(self) -> DataFile:
        """Move the closed file to where its content says, and describe it."""
        with self._path.open("rb") as file:
            sha256 = file_digest(file, "sha256").hexdigest()
        path = data_path(self.table, self._site, self._number, sha256, FORMATS[self._format].suffix)
        size = self._path.stat().st_size
        move_file(self._path, self._folder / path)
        return DataFile(
            path=path,
            table=self.table,
            format=self._format,
            shard=self._number,
            rows=self._writer.rows,
            bytes=size,
            row_bytes=self._row_bytes,
            sha256=sha256,
            schema_version=SCHEMA_VERSION,
        )


class Drafts:
    """The same rows in several formats; the files are opened with the first row. A context manager."""

    def __init__(self, folder: Path, site: str, table: str, number: int, formats: Sequence[str]) -> None:
        self._place = (folder, site, table, number)
        self._formats = formats
        self._drafts: list[Draft] = []

    def add(self, lines: Sequence[bytes]) -> None:
        """Append rows to each file."""
        if lines and not self._drafts:
            self._drafts = [Draft(*self._place, name) for name in self._formats]
        for draft in self._drafts:
            draft.add(lines)

    def named(self) -> tuple[DataFile, ...]:
        """End the files and name them; none where no row came."""
        for draft in self._drafts:
            draft.close()
        return tuple(draft.named() for draft in self._drafts)
