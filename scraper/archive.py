"""Archive: what was fetched, kept as WARC 1.1 (ISO 28500:2017), so that cleaning never needs the network.

Each page is three records on end: the request, the response, and as `metadata` the JSON of the Page without
its body. Each record is a gzip member of its own, so a page can be read from its place alone. Bodies are
stored decoded; the headers that told of content and transfer codings are renamed to `X-Archive-Orig-…`, as
web archives do, so that every reader sees a plain body of the length stated.

An Archive never writes to a file that was there before: what a crash left torn at a file's end stays there,
and no reference leads to it.
"""

import base64
import contextlib
import hashlib
import os
import re
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Self

import msgspec
from fastwarc.warc import ArchiveIterator
from isal import igzip
from msgspec import Struct

from sectionary.scraper.clock import stamp
from sectionary.scraper.errors import FetchError, InterruptedRunError
from sectionary.scraper.page import Page
from sectionary.scraper.response import Response
from sectionary.scraper.urls import safe_name

# Level 2 of isal packs pages to a tenth more than zlib's level 9 in a fourteenth of its time.
_GZIP_LEVEL = 2
_ROLL_BYTES = 2**30
_RENAMED = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_FOLDED = re.compile(r"[\r\n]+")

Headers = Iterable[tuple[str, str]]


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
        self._name = safe_name(name)
        self._roll_bytes = roll_bytes
        self._file: BinaryIO | None = None
        self._path = Path()
        self._offset = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, page: Page, response: Response | None = None) -> ArchiveRef:
        """Add a page and the exchange that brought it; without one, the page's own facts stand for it."""
        digest = hashlib.sha256(page.body)
        data = b"".join(_members(page, response, digest.digest()))
        try:
            place = self._write(data)
        except OSError as error:
            raise self._failed(error) from error
        return ArchiveRef(file=self._path.name, offset=place, length=len(data), digest=digest.hexdigest())

    def sync(self) -> None:
        """Return when everything appended so far would outlast a power cut."""
        if self._file is None:
            return
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
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
        self._file.write(data)
        self._offset += len(data)
        return place

    def _begin(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._path, self._file = _next_file(self._folder, self._name)
        _sync_folder(self._folder)
        self._offset = self._file.write(_warcinfo(self._path.name))

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
    try:
        with (folder / ref.file).open("rb") as file:
            file.seek(ref.offset)
            data = file.read(ref.length)
    except OSError as error:
        raise _lost(ref, "archive: missing") from error
    try:
        body, facts = _parts(data)
        page = msgspec.convert({**msgspec.json.decode(facts), "body": body}, Page)
    except (OSError, LookupError, msgspec.MsgspecError) as error:
        raise _lost(ref, "archive: damaged") from error
    if hashlib.sha256(body).hexdigest() != ref.digest:
        raise _lost(ref, "archive: damaged")
    return page


def _parts(data: bytes) -> tuple[bytes, bytes]:
    """Take response body and metadata block out of a page's records."""
    blocks: dict[str, bytes] = {}
    for record in ArchiveIterator(BytesIO(data), parse_http=True):
        blocks[record.headers["WARC-Type"]] = record.reader.read()
    return blocks["response"], blocks["metadata"]


def _lost(ref: ArchiveRef, reason: str) -> FetchError:
    return FetchError(f"{ref.file}@{ref.offset}", reason, retryable=True)


def _members(page: Page, response: Response | None, digest: bytes) -> Iterable[bytes]:
    answer = response or _answer_of(page)
    name = _record_id()
    common = [("WARC-Target-URI", page.url), ("WARC-Date", page.date_fetched or _now())]
    beside = [*common, ("WARC-Concurrent-To", name)]
    payload = ("WARC-Payload-Digest", f"sha256:{base64.b32encode(digest).decode()}")
    if answer.request_headers:
        asked = _http_head(f"GET {_path(page.url)} HTTP/1.1", answer.request_headers)
        yield _record("request", "application/http; msgtype=request", asked, beside)
    head = _http_head(f"HTTP/1.1 {answer.status} {answer.reason}", _plain(answer.headers, len(page.body)))
    yield _record(
        "response", "application/http; msgtype=response", head + page.body, [*common, payload], id_=name
    )
    yield _record("metadata", "application/json", _facts(page), beside)


def _warcinfo(file: str) -> bytes:
    block = b"software: sectionary\r\nformat: WARC File Format 1.1\r\n"
    headers = [("WARC-Date", _now()), ("WARC-Filename", file)]
    return _record("warcinfo", "application/warc-fields", block, headers)


def _facts(page: Page) -> bytes:
    """Write all of a page but its body as JSON, in UTF-8."""
    facts = msgspec.to_builtins(msgspec.structs.replace(page, body=b""))
    del facts["body"]
    return msgspec.json.encode(facts)


def _answer_of(page: Page) -> Response:
    given = (
        ("Content-Type", page.http.content_type),
        ("ETag", page.http.etag),
        ("Last-Modified", page.http.last_modified),
    )
    headers = tuple((name, value) for name, value in given if value)
    return Response(url=page.url, status=page.http.status or 200, reason="OK", headers=headers)


def _plain(headers: Headers, length: int) -> Headers:
    for name, value in headers:
        yield f"X-Archive-Orig-{name}" if name.lower() in _RENAMED else name, value
    yield "Content-Length", str(length)


def _record(kind: str, type_: str, block: bytes, headers: Headers, *, id_: str | None = None) -> bytes:
    fields = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", id_ or _record_id()),
        *headers,
        ("Content-Type", type_),
        ("Content-Length", str(len(block))),
    ]
    return igzip.compress(_lines("WARC/1.1", fields).encode() + block + b"\r\n\r\n", _GZIP_LEVEL)


def _http_head(first: str, headers: Headers) -> bytes:
    """Write an HTTP head in the bytes that came: http.client reads them as Latin-1."""
    return _lines(first.rstrip(), headers).encode("latin-1", "replace")


def _lines(first: str, headers: Headers) -> str:
    lines = [first, *(f"{name}: {_FOLDED.sub(' ', value)}" for name, value in headers)]
    return "\r\n".join(lines) + "\r\n\r\n"


def _now() -> str:
    return stamp(datetime.now(UTC))


def _record_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3] if url.count("/") > 2 else "/"


def _next_file(folder: Path, name: str) -> tuple[Path, BinaryIO]:
    taken = [int(path.name[-14:-8]) for path in folder.glob(f"{name}-{'[0-9]' * 6}.warc.gz")]
    number = max(taken, default=0)
    while True:
        number += 1
        path = folder / f"{name}-{number:06d}.warc.gz"
        with contextlib.suppress(FileExistsError):
            return path, path.open("xb")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
