"""Archive: what was fetched, kept in WARC files (warc.py), so that cleaning never needs the network.

A page is three records on end and can be read from its place alone. One whose bytes are those it had before is
kept as a `revisit` that tells where these lie.

An Archive never writes to a file that was there before: what a crash left torn at a file's end stays there,
and no reference leads to it.
"""

import contextlib
import hashlib
import os
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Self

import msgspec
from fastwarc.warc import ArchiveIterator
from msgspec import Struct

from sectionary.scraper import warc
from sectionary.scraper.errors import FetchError, InterruptedRunError
from sectionary.scraper.failpoint import reach
from sectionary.scraper.page import Page
from sectionary.scraper.response import Response
from sectionary.scraper.urls import safe_name

_ROLL_BYTES = 2**30
_BUFFER = 2**20                          # bytes written at once: each write lets other threads go first


class ArchiveRef(Struct, frozen=True, kw_only=True):
    """Where one page lies: `length` bytes at `offset` of `file`, a path from the archive's folder.

    `digest` is the SHA-256 of the decoded body, in hex.
    """

    file: str
    offset: int
    length: int
    digest: str


class Archive:
    """Appends pages to WARC files named `<name>-<NNNNNN>.warc.gz`; a context manager.

    A new file is begun at the first page and whenever one has reached `roll_bytes`. What was appended is on
    disk for good once `sync` has returned. Raises InterruptedRunError when the disk refuses.
    """

    def __init__(self, folder: Path, name: str = "pages", *, roll_bytes: int = _ROLL_BYTES) -> None:
        self._folder = folder
        self._site = name
        self._name = safe_name(name)
        self._roll_bytes = roll_bytes
        self._file: BinaryIO | None = None
        self._path = Path()
        self._offset = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(
        self, page: Page, response: Response | None = None, *,
        facts: dict[str, Any] | None = None, before: ArchiveRef | None = None,
    ) -> ArchiveRef:  # fmt: skip
        """Add a page and the exchange that brought it; without one, the page's own facts stand for it.

        `facts` are what the ledger knows besides and may be rebuilt from. `before` is where the page lay so far.
        """
        digest = hashlib.sha256(page.body)
        same = self._same(page, before, digest.hexdigest())
        told = None if facts is None else {**facts, "site": self._site}
        data = warc.exchange(page, response, digest.digest(), told, same)
        place = self._placed(data)       # which may begin another file
        return ArchiveRef(file=self._path.name, **place, digest=digest.hexdigest())

    def note(self, url: str, facts: dict[str, Any]) -> None:
        """Add what became of a page that brought no bytes to keep: gone, or no page."""
        self._placed(warc.note(url, {**facts, "site": self._site}))

    def _placed(self, data: bytes) -> dict[str, int]:
        try:
            return {"offset": self._write(data), "length": len(data)}
        except OSError as error:
            raise self._failed(error) from error

    def _same(self, page: Page, before: ArchiveRef | None, digest: str) -> warc.Same | None:
        """Find the bytes of a page where they lie already, whole and equal."""
        if before is None or before.digest != digest:
            return None
        if self._file is not None and before.file == self._path.name:
            self._file.flush()
        try:
            original, place = _read(self._home(before.file), before)
        except FetchError:
            return None
        if original.body != page.body:
            return None
        return warc.Same(
            file=place.file, offset=place.offset, length=place.length, url=original.url, date=original.date_fetched
        )

    def read(self, ref: ArchiveRef) -> Page:
        """Give back a page that was appended, now or before. Raises FetchError as `read_page` does."""
        if self._file is not None:
            self._file.flush()
        return read_page(self._home(ref.file), ref)

    def _home(self, _file: str) -> Path:
        """The folder that a file lies in."""
        return self._folder

    def sync(self) -> None:
        """Return when everything appended so far would outlast a power cut."""
        if self._file is None:
            return
        try:
            reach("archive.sync")
            self._file.flush()
            os.fsync(self._file.fileno())
            reach("archive.synced")
        except OSError as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Sync and close the file being written."""
        if self._file is not None:
            self.sync()
            self._file.close()
            self._file = None

    def _write(self, data: bytes) -> int:
        if self._file is None or self._offset >= self._roll_bytes:
            self.close()
            self._begin()
        assert self._file is not None  # noqa: S101  for the type checker
        place = self._offset
        reach("archive.write")
        self._file.write(data)
        self._offset += len(data)
        return place

    def _begin(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._path, self._file = self._new_file()
        sync_folder(self._folder)
        self._offset = self._file.write(warc.beginning(self._path.name))

    def _new_file(self) -> tuple[Path, BinaryIO]:
        return next_file(self._folder, self._name)

    def _failed(self, error: OSError) -> InterruptedRunError:
        """Give up the file: what is still in its buffer has no place to go."""
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                file.close()
        return InterruptedRunError(f"cannot write {self._folder}: {error.strerror}")


def read_page(folder: Path, ref: ArchiveRef) -> Page:
    """Give back an archived page, from its bytes alone.

    Raises FetchError "archive: missing" or "archive: damaged" when the bytes are not those that were written.
    """
    return _read(folder, ref)[0]


def _read(folder: Path, ref: ArchiveRef) -> tuple[Page, ArchiveRef]:
    """Give an archived page and the place of the response that has its body."""
    blocks = _blocks(folder, ref)
    try:
        facts = msgspec.json.decode(blocks["metadata"])
        place = ref
        if "revisit" in blocks:
            place = msgspec.convert({**facts["same_as"], "digest": ref.digest}, ArchiveRef)
            blocks = _blocks(folder, place)
        body = blocks["response"]
        page = msgspec.convert({**facts, "body": body}, Page)
    except (LookupError, msgspec.MsgspecError) as error:
        raise _lost(ref, "archive: damaged") from error
    if hashlib.sha256(body).hexdigest() != ref.digest:
        raise _lost(ref, "archive: damaged")
    return page, place


def _blocks(folder: Path, ref: ArchiveRef) -> dict[str, bytes]:
    """Take the blocks of a page's records apart, by their type."""
    try:
        with (folder / ref.file).open("rb") as file:
            file.seek(ref.offset)
            data = file.read(ref.length)
    except OSError as error:
        raise _lost(ref, "archive: missing") from error
    try:
        records = ArchiveIterator(BytesIO(data), parse_http=True)
        return {record.headers["WARC-Type"]: record.reader.read() for record in records}
    except (OSError, LookupError) as error:
        raise _lost(ref, "archive: damaged") from error


def _lost(ref: ArchiveRef, reason: str) -> FetchError:
    return FetchError(f"{ref.file}@{ref.offset}", reason, retryable=True)


def archive_files(folder: Path, name: str) -> list[Path]:
    """Give the files of one name, in the order they were written, those that were rewritten (rewrite.py) too."""
    numbered = f"{safe_name(name)}-{'[0-9]' * 6}"
    rewritten = folder.glob(f"{numbered}-{'[0-9a-f]' * 8}.warc.gz")
    return sorted([*folder.glob(f"{numbered}.warc.gz"), *rewritten])


def next_file(folder: Path, name: str) -> tuple[Path, BinaryIO]:
    """Begin the next file of a name; two that ask at once get two."""
    begin = len(name) + 1
    number = max((int(path.name[begin : begin + 6]) for path in archive_files(folder, name)), default=0)
    while True:
        number += 1
        path = folder / f"{name}-{number:06d}.warc.gz"
        with contextlib.suppress(FileExistsError):
            return path, path.open("xb", buffering=_BUFFER)


def sync_folder(folder: Path) -> None:
    """Return when a folder's names would outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
