"""WARC: pages as records of WARC 1.1 (ISO 28500:2017, http://iipc.github.io/warc-specifications). Pure.

Each page is three records on end: the request, the response, and as `metadata` the JSON of the Page without
its body. Each record is a gzip member of its own. Bodies are stored decoded; the headers that told of content
and transfer codings are renamed to `X-Archive-Orig-…`, as web archives do, so that every reader sees a plain
body of the length stated. Bytes that lie in the archive already are not kept twice: the response is a `revisit`
then (section 6.7, identical payload), and the metadata tell the place of the bytes as `same_as`.

What the ledger knows of the page stands in the metadata under `ledger`; a page that is gone, or none, is a
metadata record alone. So the ledger can be rebuilt (rebuild.py).
"""

import base64
import os
import random
import re
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
from isal import igzip
from msgspec import Struct

from sectionary.scraper.clock import stamp
from sectionary.scraper.page import Page
from sectionary.scraper.response import Response

# Level 2 of isal packs pages to a tenth more than zlib's level 9 in a fourteenth of its time.
_GZIP_LEVEL = 2
_RANDOM = random.Random()                # noqa: S311  names records, guards no secret
os.register_at_fork(after_in_child=_RANDOM.seed)
_RENAMED = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_FOLDED = re.compile(r"[\r\n]+")
_IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_ANSWER = "application/http; msgtype=response"

Headers = Iterable[tuple[str, str]]


class Same(Struct, frozen=True, kw_only=True):
    """Where the bytes of a page lie already, the address and time they were fetched at."""

    file: str
    offset: int
    length: int
    url: str
    date: str | None


def exchange(
    page: Page, response: Response | None, digest: bytes, ledger: dict[str, Any] | None = None, same: Same | None = None
) -> bytes:
    """Give the records of a page; `digest` is the SHA-256 of its body, `ledger` goes into the metadata."""
    answer = response or _answer_of(page)
    name = _record_id()
    common = [("WARC-Target-URI", page.url), ("WARC-Date", page.date_fetched or _now())]
    beside = [*common, ("WARC-Concurrent-To", name)]
    payload = [*common, ("WARC-Payload-Digest", f"sha256:{base64.b32encode(digest).decode()}")]
    head = _http_head(f"HTTP/1.1 {answer.status} {answer.reason}", _plain(answer.headers, len(page.body)))
    records = []
    if answer.request_headers:
        asked = _http_head(f"GET {_path(page.url)} HTTP/1.1", answer.request_headers)
        records.append(_record("request", "application/http; msgtype=request", (asked,), beside))
    if same is None:
        records.append(_record("response", _ANSWER, (head, page.body), payload, id_=name))
    else:
        records.append(_record("revisit", _ANSWER, (head,), [*payload, *_refers(same)], id_=name))
    records.append(_record("metadata", "application/json", (_facts(page, ledger, same),), beside))
    return b"".join(records)


def note(url: str, ledger: dict[str, Any]) -> bytes:
    """Give a metadata record that stands alone."""
    headers = [("WARC-Target-URI", url), ("WARC-Date", ledger.get("date") or _now())]
    return _record("metadata", "application/json", (msgspec.json.encode({"ledger": ledger}),), headers)


def beginning(file: str) -> bytes:
    """Give the record that a file begins with."""
    block = b"software: sectionary\r\nformat: WARC File Format 1.1\r\n"
    headers = [("WARC-Date", _now()), ("WARC-Filename", file)]
    return _record("warcinfo", "application/warc-fields", (block,), headers)


def _refers(same: Same) -> Headers:
    yield "WARC-Profile", _IDENTICAL
    yield "WARC-Refers-To-Target-URI", same.url
    if same.date:
        yield "WARC-Refers-To-Date", same.date


def _facts(page: Page, ledger: dict[str, Any] | None, same: Same | None) -> bytes:
    """Write all of a page but its body as JSON, in UTF-8."""
    facts = msgspec.to_builtins(msgspec.structs.replace(page, body=b""))
    del facts["body"]
    if ledger:
        facts["ledger"] = ledger
    if same:
        facts["same_as"] = {"file": same.file, "offset": same.offset, "length": same.length}
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


def _record(kind: str, type_: str, block: tuple[bytes, ...], headers: Headers, *, id_: str | None = None) -> bytes:
    fields = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", id_ or _record_id()),
        *headers,
        ("Content-Type", type_),
        ("Content-Length", str(sum(map(len, block)))),
    ]
    return igzip.compress(b"".join((_lines("WARC/1.1", fields).encode(), *block, b"\r\n\r\n")), _GZIP_LEVEL)


def _http_head(first: str, headers: Headers) -> bytes:
    """Write an HTTP head in the bytes that came: http.client reads them as Latin-1."""
    return _lines(first.rstrip(), headers).encode("latin-1", "replace")


def _lines(first: str, headers: Headers) -> str:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    text = "\n".join(lines)
    if "\r" in text or text.count("\n") >= len(lines):
        text = "\n".join(_FOLDED.sub(" ", line) for line in lines)
    return text.replace("\n", "\r\n") + "\r\n\r\n"


def _now() -> str:
    return stamp(datetime.now(UTC))


def _record_id() -> str:
    return f"<urn:uuid:{uuid.UUID(int=_RANDOM.getrandbits(128), version=4)}>"


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3] if url.count("/") > 2 else "/"
