"""WARC (ISO 28500:2017), plain, gzip or zstd (WARC-ZSTD, with its dictionary), Common Crawl's among them.

Each page is gone to by its offset. Answers other than 200, and of other types than those wanted, are passed over.
"""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import zstandard
from fastwarc.warc import ArchiveIterator, WarcRecordType

from sectionary.scraper.bulk.task import BulkPage, Wanted, version_of
from sectionary.scraper.errors import FetchError
from sectionary.scraper.page import Http, Page

SUFFIXES = (".warc", ".warc.gz", ".warc.zst")
_FRAME = struct.Struct("<II")            # a skippable frame's magic and length (RFC 8878, section 3.1.2)
_DICTIONARY_MAGIC = 0x184D2A5D           # the one that WARC-ZSTD 1.0 gives to dictionaries
_HEADERS = 1 << 20                       # bytes that a record's headers take at most


def pages(path: Path, wanted: Wanted) -> Iterator[BulkPage]:
    """The answers of a file that are wanted pages."""
    version = version_of(path)
    with path.open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=True):
            url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
            if _is_page(record, wanted) and wanted.takes(url):
                yield BulkPage(
                    key=f"{path}@{record.stream_pos}", kind="warc", path=path, version=version,
                    place=record.stream_pos, canonical_url=url,
                )  # fmt: skip


def read(task: BulkPage, most: int) -> Page:
    """The page at a place of a file. Raises FetchError where it is cut or damaged."""
    try:
        with _from(task.path, task.place, most) as file:
            record = next(iter(ArchiveIterator(file, parse_http=True, auto_decode="all")))
            body: bytes = record.reader.read(most)
    except (OSError, ValueError, StopIteration, zstandard.ZstdError) as error:
        raise FetchError(task.canonical_url, f"unreadable: {error or 'cut'}") from None
    length = record.http_headers.get("Content-Length")
    if not record.http_headers.get("Content-Encoding") and length and len(body) < min(int(length), most):
        raise FetchError(task.canonical_url, "truncated body")
    date = record.headers.get("WARC-Date")
    return Page(
        url=task.canonical_url,
        body=body,
        date_fetched=f"{date[:19]}Z" if date else None,
        http=Http(
            status=record.http_headers.status_code,
            content_type=record.http_headers.get("Content-Type"),
            etag=record.http_headers.get("ETag"),
            last_modified=record.http_headers.get("Last-Modified"),
        ),
    )


def _is_page(record: Any, wanted: Wanted) -> bool:
    if record.http_headers is None or record.http_headers.status_code != 200:
        return False
    kind = record.headers.get("WARC-Identified-Payload-Type") or record.http_content_type or ""
    return kind.partition(";")[0].strip().lower() in wanted.mime


@contextmanager
def _from(path: Path, place: int, most: int) -> Iterator[IO[bytes]]:
    """A file from one place on; where it is packed by a dictionary, the record there, unpacked as far as asked for."""
    with path.open("rb") as file:
        dictionary = _dictionary(file)
        file.seek(place)
        if dictionary is None:
            yield file
        else:
            packed = zstandard.ZstdDecompressor(dict_data=dictionary).stream_reader(file)
            yield io.BytesIO(packed.read(most + _HEADERS))


def _dictionary(file: IO[bytes]) -> zstandard.ZstdCompressionDict | None:
    """The dictionary that a file begins with, itself packed or not."""
    head = file.read(_FRAME.size)
    if len(head) < _FRAME.size or _FRAME.unpack(head)[0] != _DICTIONARY_MAGIC:
        return None
    content = file.read(_FRAME.unpack(head)[1])
    packed = content.startswith(zstandard.FRAME_HEADER)
    return zstandard.ZstdCompressionDict(zstandard.ZstdDecompressor().decompress(content) if packed else content)
