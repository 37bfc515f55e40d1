"""Purging: a page's rows leave every snapshot that a dataset keeps, and the tables beside them.

The current snapshot loses them by an ordinary commit, which the change feed tells of. Earlier ones are the one
exception to immutable files: their shards are written anew without the page, and their lists name the new files.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from msgspec.structs import replace

from sectionary.output import dataset, layout
from sectionary.output import snapshot as snapshots
from sectionary.output.durable import drafting, move_file, opened, remove_folder, replace_file
from sectionary.output.failpoint import reach
from sectionary.output.formats import FORMATS
from sectionary.output.merge import ShardPlace, write_shard
from sectionary.output.publish import disk_errors, locked, recovered
from sectionary.output.rows import Rows, paired
from sectionary.output.shard import shard_of
from sectionary.output.snapshot import DataFile, SiteFiles, row_count
from sectionary.scraper.barred import Barred

Documents = Mapping[str, frozenset[str]]   # doc_ids by site
Places = Mapping[tuple[str, int], tuple[str, int]]
BESIDE = ("rejected", "removed", "changes", "tombstones")
_ADDRESSES = ("url", "canonical_url", "old_url", "new_url")


def documents(directory: Path, barred: Barred) -> dict[str, frozenset[str]]:
    """The barred pages that any kept snapshot holds: doc_ids by site."""
    found: dict[str, set[str]] = {}
    for number in sorted(kept(directory)):
        for row in _pages(directory, number):
            if barred.holds((row["url"], row["canonical_url"]), row["doc_id"]):
                found.setdefault(row["site"], set()).add(row["doc_id"])
    return {site: frozenset(ids) for site, ids in found.items()}


def addresses(directory: Path, barred: Barred) -> Iterator[str]:
    """All addresses, and the ids, of pages that a barred address is one of, or led to."""
    for number in sorted(kept(directory)):
        for row in _pages(directory, number):
            if barred.holds((row["url"], row["canonical_url"], *row["redirected_from"]), row["doc_id"]):
                yield from filter(None, (row["url"], row["canonical_url"]))
                yield row["doc_id"]


def _pages(directory: Path, number: int) -> Iterator[dict[str, Any]]:
    columns = ("doc_id", "site", "url", "canonical_url", "redirected_from")
    for part in dataset.tables(directory, 4096, table="pages", snapshot=number, columns=columns):
        yield from part.to_pylist()


def kept(directory: Path) -> list[int]:
    """Numbers of the snapshots that readers can ask for."""
    latest = snapshots.latest_number(directory) or 0
    numbers = (int(path.stem) for path in (directory / layout.SNAPSHOTS).glob("*.json") if path.stem.isdecimal())
    return [number for number in numbers if number <= latest]


def purge_history(directory: Path, gone: Documents) -> None:
    """Take pages out of every snapshot that is kept, and delete each file that none lists any more.

    Doing it again does no harm, and finishes what a stopped one left.
    """
    with disk_errors(directory), locked(directory):
        recovered(directory)
        made: dict[tuple[DataFile, ...], tuple[DataFile, ...]] = {}
        for number in sorted(kept(directory)):
            old = snapshots.load(directory, number)
            sites = {site: _purged(directory, site, held, gone, made) for site, held in old.sites.items()}
            new = replace(old, sites=sites)
            if new != old:
                reach("takedown.rewritten")
                content = msgspec.json.format(msgspec.json.encode(new), indent=1)
                replace_file(directory / layout.snapshot_path(number), content)
        reach("takedown.snapshots")
        _drop_unlisted(directory)


def _purged(
    directory: Path, site: str, held: SiteFiles, gone: Documents, made: dict[tuple[DataFile, ...], tuple[DataFile, ...]]
) -> SiteFiles:
    ids = gone.get(site, frozenset())
    if not ids:
        return held
    touched = {shard_of(doc, held.shards) for doc in ids}
    files: list[DataFile] = []
    for shard, group in _by_shard(held.files).items():
        if shard in touched and group not in made:
            made[group] = _without(directory, site, group, ids)
        files += made.get(group, group) if shard in touched else group
    return replace(held, files=tuple(files), pages=row_count(files, "pages"), sections=row_count(files, "sections"))


def _by_shard(files: Iterable[DataFile]) -> dict[int, tuple[DataFile, ...]]:
    found: dict[int, list[DataFile]] = {}
    for file in files:
        found.setdefault(file.shard, []).append(file)
    return {shard: tuple(group) for shard, group in found.items()}


def _without(directory: Path, site: str, group: tuple[DataFile, ...], ids: frozenset[str]) -> tuple[DataFile, ...]:
    """A shard's files without some pages; the same files where none of these is there."""
    if not any(rows.doc_id in ids for rows in _rows(directory, site, group)):
        return group
    formats = tuple(dict.fromkeys(file.format for file in group))
    with drafting(directory / layout.STAGING / "takedown") as folder:
        place = ShardPlace(site=site, shard=group[0].shard, formats=formats, folder=folder)
        files = write_shard(place, (rows for rows in _rows(directory, site, group) if rows.doc_id not in ids))
        for file in files:
            if not (directory / file.path).exists():
                move_file(folder / file.path, directory / layout.history_path(file.path))
        remove_folder(folder)
    return files


def _rows(directory: Path, site: str, group: tuple[DataFile, ...]) -> Iterator[Rows]:
    by_kind = {(file.table, file.format): file for file in group}
    name = next(name for name in FORMATS if ("pages", name) in by_kind)
    pages, sections = (FORMATS[name].lines(_where(directory, by_kind[table, name])) for table in ("pages", "sections"))
    return paired(site, pages, sections)


def _where(directory: Path, file: DataFile) -> Path:
    place = directory / file.path
    return place if place.exists() else directory / layout.history_path(file.path)


def _drop_unlisted(directory: Path) -> None:
    """Delete what lies in history and is in no snapshot: a purged file must not stay for the next vacuum."""
    listed = {file.path for number in kept(directory) for file in snapshots.load(directory, number).files()}
    history = directory / layout.HISTORY
    for path in list(history.rglob("*")):
        if path.is_file() and _below(path, history) not in listed:
            path.unlink()


def _below(path: Path, folder: Path) -> str:
    return path.as_posix().removeprefix(folder.as_posix()).lstrip("/")


def purge_beside(directory: Path, barred: Barred, gone: Documents, moved: Places) -> None:
    """Take a page's rows out of the tables that no snapshot lists, and what may quote it: reports, staged rows.

    `moved` tells where the bytes of lost pages lie now in the raw archive.
    """
    ids = frozenset(doc for each in gone.values() for doc in each)

    def is_gone(row: dict[str, Any]) -> bool:
        return row.get("doc_id") in ids or barred.holds((row.get(name) for name in _ADDRESSES), row.get("doc_id"))

    for folder in BESIDE:
        for path in sorted((directory / folder).rglob("*")):
            if path.is_file():
                _filter_file(path, is_gone, moved)
    for folder in ("reports", layout.STAGING, "_meta/receipts"):
        remove_folder(directory / folder)


def _filter_file(path: Path, is_gone: Callable[[dict[str, Any]], bool], moved: Places) -> None:
    kind = next((name for name in sorted(FORMATS, key=len, reverse=True) if path.name.endswith(f".{name}")), None)
    if kind == "parquet":
        _filter_parquet(path, is_gone)
    elif kind is not None:
        _filter_lines(path, kind, is_gone, moved)


def _filter_lines(path: Path, kind: str, is_gone: Callable[[dict[str, Any]], bool], moved: Places) -> None:
    before = [msgspec.json.decode(line) for line in FORMATS[kind].lines(path)]
    after = [_at_new_place(row, moved) for row in before if not is_gone(row)]
    if after == before:
        return
    if not after:
        path.unlink()
        return
    with drafting(path.parent) as folder:
        draft = folder / f".{path.name}.draft"
        writer = FORMATS[kind].open(draft, "")
        writer.add([msgspec.json.encode(row) for row in after])
        writer.close()
        move_file(draft, path)


def _at_new_place(row: dict[str, Any], moved: Places) -> dict[str, Any]:
    old = row.get("raw_file"), row.get("raw_offset")
    if old not in moved:
        return row
    file, offset = moved[old]  # type: ignore[index]  # the two are a key of it
    return {**row, "raw_file": file, "raw_offset": offset}


def _filter_parquet(path: Path, is_gone: Callable[[dict[str, Any]], bool]) -> None:
    with opened(path) as raw, pq.ParquetFile(raw) as file:
        columns = [name for name in ("doc_id", *_ADDRESSES) if name in file.schema_arrow.names]
        stays = [not is_gone(row) for row in file.read(columns=columns).to_pylist()]
        if all(stays):
            return
        table = file.read().filter(pa.array(stays, pa.bool_()))
    if not table.num_rows:
        path.unlink()
        return
    with drafting(path.parent) as folder:
        draft = folder / f".{path.name}.draft"
        pq.write_table(table, draft, compression="zstd")
        move_file(draft, path)
