"""Integrity: whether the rows of a site have the form of their schemas and belong together."""

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct

from sectionary.output.json_bytes import encoded
from sectionary.output.schema import RECORDS, TABLES
from sectionary.output.shard import shard_of
from sectionary.output.snapshot import DataFile, SiteFiles
from sectionary.output.stored import by_shard, stored_lines
from sectionary.scraper.errors import DatasetError

_MOST_TOLD = 5                             # flaws of one kind in one file


class _Stats(Struct, frozen=True):
    sections: int


class _Row(Struct, frozen=True):
    """What ties a row to others. `digest` is of the whole row, and the same in any format."""

    doc_id: str
    site: str
    section_id: str = ""
    position: int = 0
    stats: _Stats | None = None
    digest: bytes = b""


_ROW = msgspec.json.Decoder(_Row)


def site_flaws(directory: Path, site: str, held: SiteFiles, broken: AbstractSet[str]) -> Iterator[str]:
    """What is wrong with the rows of a site; shards with a `broken` file are left out."""
    counts: Counter[str] = Counter()
    whole = True
    for shard, files in by_shard(held.files).items():
        if broken & {file.path for file in files}:
            whole = False
            continue
        rows: dict[str, list[_Row]] = {}
        for file in files:
            yield from _file_flaws(directory, file, rows)
        counts.update({table: len(rows.get(table, ())) for table in TABLES})
        yield from _first(_shard_flaws(site, shard, held.shards, rows))
    for table, told in {"pages": held.pages, "sections": held.sections}.items():
        if whole and counts[table] != told:
            yield f"{site}: {counts[table]} {table}, not {told} as the snapshot says"


def _file_flaws(directory: Path, file: DataFile, rows: dict[str, list[_Row]]) -> Iterator[str]:
    """What is wrong with a file alone, and beside the same table in another format; its rows go into `rows`."""
    decoder = msgspec.json.Decoder(RECORDS[file.table])
    found: list[_Row] = []
    flaws: list[str] = []
    try:
        for number, line in enumerate(stored_lines(directory, file)):
            flaw = _line_flaw(decoder, line)
            if flaw:
                flaws.append(f"row {number}: {flaw}")
            else:
                digest = blake2b(line, digest_size=8).digest()
                found.append(msgspec.structs.replace(_ROW.decode(line), digest=digest))
    except DatasetError as error:
        flaws.append(str(error))
    if not flaws and len(found) != file.rows:
        flaws.append(f"{len(found)} rows, not {file.rows} as the snapshot says")
    if not flaws and rows.setdefault(file.table, found) != found:
        flaws.append("its rows are not those of the other formats")
    yield from (f"{file.path}: {flaw}" for flaw in _first(iter(flaws)))


def _line_flaw(decoder: "msgspec.json.Decoder[Struct]", line: bytes) -> str | None:
    """What of a row is not as its schema says: every key in its order, no other, each value of its type."""
    try:
        return None if encoded(decoder.decode(line)) == line else "its keys are not those of the schema in order"
    except msgspec.MsgspecError as error:
        return str(error)


def _shard_flaws(site: str, shard: int, shards: int, rows: dict[str, list[_Row]]) -> Iterator[str]:
    """What is wrong between the rows of a shard."""
    pages, sections = rows.get("pages", []), rows.get("sections", [])
    positions: dict[str, list[int]] = {page.doc_id: [] for page in pages}
    for row in (*pages, *sections):
        if row.site != site or shard_of(row.doc_id, shards) != shard:
            yield f"{site}: {row.doc_id} does not belong in shard {shard}"
    for id_, times in _repeated(page.doc_id for page in pages):
        yield f"{site}: page {id_} is there {times} times"
    for id_, times in _repeated(row.section_id for row in sections):
        yield f"{site}: section {id_} is there {times} times"
    for row in sections:
        if row.doc_id not in positions:
            yield f"{site}: section {row.section_id} is of page {row.doc_id}, which is not there"
        else:
            positions[row.doc_id].append(row.position)
    for page in pages:
        told = page.stats.sections if page.stats else 0
        if positions[page.doc_id] != list(range(told)):
            yield f"{site}: page {page.doc_id} should have {told} sections, numbered from 0"


def _repeated(ids: Iterator[str]) -> Iterator[tuple[str, int]]:
    return ((id_, times) for id_, times in Counter(ids).items() if times > 1)


def _first(flaws: Iterator[str]) -> Iterator[str]:
    """The first few, and how many more there are."""
    found: Sequence[str] = list(flaws)
    yield from found[:_MOST_TOLD]
    if len(found) > _MOST_TOLD:
        yield f"{found[_MOST_TOLD - 1].partition(':')[0]}: and {len(found) - _MOST_TOLD} more like these"
