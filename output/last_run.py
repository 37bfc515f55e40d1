"""Last run: what a run came to, a row a site, as printed and as written to _meta/last_run.json."""

import shlex
import sys
from pathlib import Path

import msgspec
from msgspec import Struct

from sectionary.output.durable import located, replace_file
from sectionary.output.layout import schema_path
from sectionary.output.record import SCHEMA_VERSION

LAST_RUN = "_meta/last_run.json"


class SiteSummary(Struct, frozen=True, kw_only=True):
    """One site's part. Every listed page is in exactly one of the counts from `written` to `pending`.

    `outcome` is done, limit (stopped where it was told to), interrupted or failed, `reason` says why.
    `unchanged` pages were in the dataset already, `merged` ones are another page's (redirects, duplicates).
    `sections` and `snapshot` are those of the dataset after this run, `removed` the pages that it took out.
    `requests` are this run's by status, or by why there was none, `bytes` those of their bodies as transferred.
    `last_success` is when a run last did all it was asked, `oldest_pending` since when a page waits; all times
    RFC 3339 in UTC. `conditions` are those of --fail-on that hold.
    """

    name: str
    site: str | None
    outcome: str
    reason: str | None
    complete: bool
    listed: int
    written: int
    unchanged: int
    merged: int
    gone: int
    excluded: int
    rejected: int
    pending: int
    sections: int
    snapshot: int | None
    seconds: float
    removed: int = 0
    requests: dict[str, int] = {}
    bytes: int = 0
    finished: str | None = None
    last_success: str | None = None
    oldest_pending: str | None = None
    conditions: tuple[str, ...] = ()


class Summary(Struct, frozen=True, kw_only=True):
    """A whole run. `complete` is False while any page is pending; `exit_code` is the process's answer.

    `budget` tells which bound of --budget ended it, None for none.
    """

    version: str
    started: str
    finished: str
    exit_code: int
    complete: bool
    corpus: str
    sites: tuple[SiteSummary, ...]
    budget: str | None = None


def write_last_run(directory: Path, summary: Summary, schema: bytes) -> None:
    """Replace _meta/last_run.json, and its JSON Schema (jsonschema.py) beside those of the tables."""
    replace_file(directory / LAST_RUN, msgspec.json.format(msgspec.json.encode(summary), indent=2) + b"\n")
    path = directory / schema_path("last_run", SCHEMA_VERSION)
    if not path.exists() or path.read_bytes() != schema:
        replace_file(path, schema)


COUNTS = ("listed", "written", "unchanged", "merged", "gone", "excluded", "rejected", "pending")


def told(summary: Summary) -> str:
    """The summary as a person reads it: counts a site, what failed, where the data lies and how to open it."""
    rows: list[tuple[str, ...]] = [("site", *COUNTS)]
    rows += [(site.name, *(f"{getattr(site, name):,}" for name in COUNTS)) for site in summary.sites]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    table = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    failed = [f"{site.name}: {site.outcome}: {site.reason}" for site in summary.sites if site.reason]
    return "\n".join((*table, *failed, "", *_where(located(summary.corpus)))) + "\n"


def _where(corpus: Path) -> list[str]:
    """A line for each part of the dataset that is there: where it lies, and a command that opens it."""
    python = shlex.quote(sys.executable)
    read = shlex.quote(f"import sectionary; print(sectionary.read({str(corpus)!r}))")
    shown = {
        "Parquet": ("sections/*/*.parquet", f"{python} -c {read}"),
        "JSONL": ("jsonl/sections-*", f"head -n 1 {{}} | {python} -m json.tool --no-ensure-ascii"),
        "rejected": ("rejected/*", "cat {}"),
    }
    lines = []
    for name, (pattern, command) in shown.items():
        found = sorted(corpus.glob(pattern))
        lines.append(f"{name:9}{corpus / pattern.partition('/')[0]}{'' if found else ' (none)'}")
        lines += [f"{'':9}{command.replace('{}', shlex.quote(str(path)))}" for path in found[:1]]
    return lines
