"""Facts: what a dataset's card, description and credits say of it, counted in one pass over its pages."""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from sectionary.output import dataset
from sectionary.output.last_run import LAST_RUN, Summary
from sectionary.output.snapshot import Snapshot

_ROWS = 2_000
_COLUMNS = ("site", "language", "license", "page_type", "removals", "stats")


class Taken(Struct):
    """What one rule took away: of how many pages, how many elements and characters."""

    pages: int = 0
    count: int = 0
    chars: int = 0


class Facts(Struct):
    """Counts over the pages of one snapshot. `chars` and `words` are those of all sections' texts."""

    snapshot: Snapshot
    digest: str                          # over the names and checksums of its files: equal where the data are
    pages: int = 0
    sections: int = 0
    chars: int = 0
    words: int = 0
    sites: Counter[str] = field(default_factory=Counter)
    languages: Counter[str | None] = field(default_factory=Counter)
    licenses: Counter[str | None] = field(default_factory=Counter)
    page_types: Counter[str] = field(default_factory=Counter)
    taken: dict[str, Taken] = field(default_factory=dict)
    last_run: Summary | None = None

    @property
    def seen(self) -> int:
        """Characters that the pages had: kept and taken away."""
        return self.chars + sum(rule.chars for rule in self.taken.values())

    @property
    def formats(self) -> list[str]:
        """The formats in which the snapshot lies, Parquet first."""
        return sorted({file.format for file in self.snapshot.files()}, key=lambda name: (name != "parquet", name))

    @property
    def bytes(self) -> int:
        """Size of all its files."""
        return sum(file.bytes for file in self.snapshot.files())


def facts_of(directory: Path, snapshot: Snapshot) -> Facts:
    """Count the pages of a snapshot."""
    facts = Facts(snapshot=snapshot, digest=snapshot_digest(snapshot), last_run=_last_run(directory))
    for page in pages(directory, snapshot, _COLUMNS):
        _count(facts, page)
    return facts


def pages(directory: Path, snapshot: Snapshot, columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Columns of the pages of a snapshot, in order."""
    parts = dataset.tables(directory, _ROWS, table="pages", snapshot=snapshot.number, columns=columns)
    return (row for part in parts for row in part.to_pylist())


def snapshot_digest(snapshot: Snapshot) -> str:
    """SHA-256 over `path sha256` lines of the snapshot's files, sorted: it does not depend on time."""
    lines = sorted(f"{file.path} {file.sha256}\n" for file in snapshot.files())
    return sha256("".join(lines).encode()).hexdigest()


def _count(facts: Facts, page: dict[str, Any]) -> None:
    facts.pages += 1
    facts.sections += page["stats"]["sections"]
    facts.chars += page["stats"]["chars"]
    facts.words += page["stats"]["words"]
    facts.sites[page["site"]] += 1
    facts.languages[page["language"]] += 1
    facts.licenses[page["license"]] += 1
    facts.page_types[page["page_type"]] += 1
    for rule in {removal["rule"] for removal in page["removals"]}:
        facts.taken.setdefault(rule, Taken()).pages += 1
    for removal in page["removals"]:
        taken = facts.taken[removal["rule"]]
        taken.count += removal["count"]
        taken.chars += removal["chars"]


def _last_run(directory: Path) -> Summary | None:
    """The last run's figures; None where there are none, or those of another release."""
    try:
        return msgspec.json.decode((directory / LAST_RUN).read_bytes(), type=Summary)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None
