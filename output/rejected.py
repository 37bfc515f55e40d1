"""Rejected: a page that was lost, where and why."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from sectionary.output.durable import replace_file
from sectionary.output.json_bytes import encoded
from sectionary.output.record import SCHEMA_VERSION, SchemaVersion
from sectionary.scraper.errors import DatasetError, PageError


class Rejected(Struct, frozen=True, kw_only=True):
    """One lost page: never in the other tables until a later run finds it well."""

    url: Annotated[str, Meta(description="Address of the page")]
    site: Annotated[str, Meta(description="The site it belongs to, as in the other tables")]
    stage: Annotated[str, Meta(description="Where it was lost: fetch, clean or record")]
    reason: Annotated[str, Meta(description="Why: a short slug, with a colon and detail where needed")]
    retryable: Annotated[bool, Meta(description="Whether a later run may find it well")]
    date: Annotated[str | None, Meta(description="When it was lost, RFC 3339 in UTC")] = None
    raw_file: Annotated[str | None, Meta(description="File of the raw archive that holds its bytes")] = None
    raw_offset: Annotated[int | None, Meta(description="Where in that file, in bytes")] = None
    schema_version: SchemaVersion = SCHEMA_VERSION


def rejected(
    error: PageError,
    site: str,
    *,
    date: str | None = None,
    raw_file: str | None = None,
    raw_offset: int | None = None,
) -> Rejected:
    """The row of a page's error."""
    return Rejected(
        url=error.url,
        site=site,
        stage=error.stage,
        reason=error.reason,
        retryable=error.retryable,
        date=date,
        raw_file=raw_file,
        raw_offset=raw_offset,
    )


def read_rejected(path: Path) -> list[Rejected]:
    """The rows of a file; none where there is none. Raises DatasetError for a damaged one."""
    try:
        return [msgspec.json.decode(line, type=Rejected) for line in path.read_bytes().split(b"\n") if line]
    except FileNotFoundError:
        return []
    except msgspec.MsgspecError as error:
        raise DatasetError(f"{path} is damaged: {error}") from None


def write_rejected(path: Path, rows: Iterable[Rejected]) -> None:
    """Make `path` hold exactly these rows, one a URL (the last), sorted; no file for no rows."""
    by_url = {row.url: row for row in rows}
    content = b"".join(encoded(by_url[url]) + b"\n" for url in sorted(by_url))
    if not content:
        path.unlink(missing_ok=True)
    elif not path.exists() or path.read_bytes() != content:
        replace_file(path, content)
