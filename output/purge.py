"""Purging: a page's rows leave every snapshot that a dataset keeps, and the tables beside them.

The current snapshot loses them by an ordinary commit. Earlier ones are the one exception to immutable files: their
shards are written anew without the page, and their lists name the new files. Of all that the change feed told of the
page there stays, for each snapshot, that the doc_id was taken down: whoever mirrors a dataset must let go of it, too.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from sectionary.output import dataset, layout
from sectionary.output import snapshot as snapshots
from sectionary.output.change import Span, taken_down
from sectionary.output.draft import Draft
from sectionary.output.durable import drafting, move_file, remove_folder, replace_file
from sectionary.output.failpoint import reach
from sectionary.output.json_bytes import encoded
from sectionary.output.merge import ShardPlace, write_shard
from sectionary.output.publish import disk_errors, locked, recovered
from sectionary.output.schema import TABLES
from sectionary.output.shard import shard_of
from sectionary.output.snapshot import DataFile, SiteFiles, row_count
from sectionary.output.stored import by_shard, stored_lines, stored_rows
from sectionary.output.stored import located as stored_at
from sectionary.scraper.barred import Barred

Documents = Mapping[str, frozenset[str]]   # doc_ids by site
Places = Mapping[tuple[str, int], tuple[str, int]]
_ADDRESSES = ("url", "canonical_url", "old_url", "new_url")


def documents(directory: Path, barred: Barred) -> dict[str, frozenset[str]]:
    """The barred pages that any kept snapshot holds: doc_ids by site."""
    found: dict[str, set[str]] = {}
    for row in _pages(directory):
        if barred.holds((row["url"], row["canonical_url"]), row["doc_id"]):
            found.setdefault(row["site"], set()).add(row["doc_id"])
    return {site: frozenset(ids) for site, ids in found.items()}


def addresses(directory: Path, barred: Barred) -> Iterator[str]:
    """All addresses, and the ids, of pages that a barred address is one of, or led to."""
    for row in _pages(directory):
        if barred.holds((row["url"], row["canonical_url"], *row["redirected_from"]), row["doc_id"]):
            yield from filter(None, (row["url"], row["canonical_url"]))
            yield row["doc_id"]


def _pages(directory: Path) -> Iterator[dict[str, Any]]:
    """What identifies each page of any kept snapshot; a file that several have is read once."""
    columns = ("doc_id", "site", "url", "canonical_url", "redirected_from")
    for part in dataset.tables_of_all(directory, kept(directory), "pages", columns):
        yield from part.to_pylist()


def kept(directory: Path) -> list[int]:
    """Numbers of the snapshots that readers can ask for."""
    latest = snapshots.latest_number(directory) or 0
    return [number for number in snapshots.kept_numbers(directory) if number <= latest]


class Gone:
    """The pages that were taken down: the `barred` ones, and the documents found of them."""

    def __init__(self, barred: Barred, documents: Documents) -> None:
        self._barred = barred
        self._ids = frozenset(doc for each in documents.values() for doc in each)

    def holds(self, doc_id: str | None) -> bool:
        """Whether this document was taken down."""
        return doc_id in self._ids or self._barred.holds((), doc_id)

    def named_in(self, row: dict[str, Any]) -> bool:
        """Whether a row of any table is about one of them, or tells its address."""
        return self.holds(row.get("doc_id")) or self._barred.holds(row.get(name) for name in _ADDRESSES)


def purge_history(directory: Path, gone: Documents, drops: Gone) -> None:
    """Take pages out of every snapshot that is kept, and delete each file that none lists any more.

    Doing it again does no harm, and finishes what a stopped one left.
    """
    with disk_errors(directory), locked(directory):
        recovered(directory)
        made: dict[tuple[DataFile, ...], tuple[DataFile, ...]] = {}
        for number in reversed(kept(directory)):     # so that what the last one has is in its place
            old = snapshots.load(directory, number)
            sites = {
                site: _purged(directory, site, _told_less(directory, site, held, drops, made), gone, made)
                for site, held in old.sites.items()
            }
            changes = [each for file in old.changes for each in _less(directory, "", file, drops, made)]
            new = replace(old, sites=sites, changes=tuple(changes))
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
    for shard, group in by_shard(file for file in held.files if file.table in TABLES).items():
        if shard in touched and group not in made:
            made[group] = _without(directory, site, group, ids)
        files += made.get(group, group) if shard in touched else group
    files += (file for file in held.files if file.table not in TABLES)       # in the order that a commit gives them
    return replace(held, files=tuple(files), pages=row_count(files, "pages"), sections=row_count(files, "sections"))


def _told_less(
    directory: Path, site: str, held: SiteFiles, drops: Gone, made: dict[tuple[DataFile, ...], tuple[DataFile, ...]]
) -> SiteFiles:
    """The site's files, its tombstones without those of the pages."""
    files: list[DataFile] = []
    for file in held.files:
        files += [file] if file.table in TABLES else _less(directory, site, file, drops, made)
    return replace(held, files=tuple(files))


def _less(
    directory: Path, site: str, file: DataFile, drops: Gone, made: dict[tuple[DataFile, ...], tuple[DataFile, ...]]
) -> tuple[DataFile, ...]:
    """A file of reports (changes, tombstones) without what it tells of the pages; none where nothing is left."""
    if (file,) not in made:
        before = list(stored_lines(directory, file))
        after = list(_silenced(before, drops))
        made[file,] = (file,) if after == before else _rewritten(directory, site, file, after)
    return made[file,]


def _silenced(lines: Iterable[bytes], drops: Gone) -> Iterator[bytes]:
    """Rows of reports without those of the pages; for all changes of one of them, one that says it was taken down."""
    told: set[str] = set()
    for line in lines:
        row = msgspec.json.decode(line)
        if not drops.named_in(row):
            yield line
        elif "change" in row and drops.holds(row["doc_id"]) and row["doc_id"] not in told:
            told.add(row["doc_id"])
            yield encoded(taken_down(row["doc_id"], row["site"], Span(since=row["since"], snapshot=row["snapshot"])))


def _rewritten(directory: Path, site: str, file: DataFile, lines: list[bytes]) -> tuple[DataFile, ...]:
    """The lines in a file of their own, where the old one was."""
    old = stored_at(directory, file)
    found: tuple[DataFile, ...] = ()
    with drafting(directory / layout.STAGING / "takedown") as folder:
        if lines:
            draft = Draft(folder, site or _site_of(lines[0]), file.table, file.shard, file.format)
            draft.add(lines)
            draft.close()
            found = (draft.named(),)
            place = found[0].path if old == directory / file.path else layout.history_path(found[0].path)
            move_file(folder / found[0].path, directory / place)
        remove_folder(folder)
    return found


def _site_of(line: bytes) -> str:
    """The site that a row of the changes is of."""
    return str(msgspec.json.decode(line)["site"])


def _without(directory: Path, site: str, group: tuple[DataFile, ...], ids: frozenset[str]) -> tuple[DataFile, ...]:
    """A shard's files without some pages; the same files where none of these is there."""
    if not any(rows.doc_id in ids for rows in stored_rows(directory, site, group)):
        return group
    formats = tuple(dict.fromkeys(file.format for file in group))
    with drafting(directory / layout.STAGING / "takedown") as folder:
        place = ShardPlace(site=site, shard=group[0].shard, formats=formats, folder=folder)
        files = write_shard(place, (rows for rows in stored_rows(directory, site, group) if rows.doc_id not in ids))
        for file in files:
            if not (directory / file.path).exists():
                move_file(folder / file.path, directory / layout.history_path(file.path))
        remove_folder(folder)
    return files


def _drop_unlisted(directory: Path) -> None:
    """Delete each file of history and reports that is in no snapshot: it must not stay for the next vacuum."""
    kept_ones = [snapshots.load(directory, number) for number in snapshots.kept_numbers(directory)]
    listed = {file.path for each in kept_ones for file in (*each.files(), *each.changes)}
    history = directory / layout.HISTORY
    for path in list(history.rglob("*")):
        if path.is_file() and _below(path, history) not in listed:
            path.unlink()
    for pattern in ("changes/**/*", "tombstones/**/*", "jsonl/changes-*", "jsonl/tombstones-*"):
        for path in list(directory.glob(pattern)):
            if path.is_file() and _below(path, directory) not in listed:
                path.unlink()


def _below(path: Path, folder: Path) -> str:
    return path.as_posix().removeprefix(folder.as_posix()).lstrip("/")


def purge_beside(directory: Path, drops: Gone, moved: Places) -> None:
    """Take a page's rows out of the tables that no snapshot lists, and what may quote it: reports, staged rows.

    `moved` tells where the bytes of lost pages lie now in the raw archive.
    """
    for path in sorted((directory / "rejected").glob("*.jsonl")):
        _filter_lines(path, drops, moved)
    for folder in ("reports", layout.STAGING, "_meta/receipts"):
        remove_folder(directory / folder)


def _filter_lines(path: Path, drops: Gone, moved: Places) -> None:
    before = [msgspec.json.decode(line) for line in path.read_bytes().splitlines()]
    after = [_at_new_place(row, moved) for row in before if not drops.named_in(row)]
    if after == before:
        return
    if not after:
        path.unlink()
        return
    replace_file(path, (msgspec.json.encode(row) + b"\n" for row in after))


def _at_new_place(row: dict[str, Any], moved: Places) -> dict[str, Any]:
    old = row.get("raw_file"), row.get("raw_offset")
    if old not in moved:
        return row
    file, offset = moved[old]  # type: ignore[index]  # the two are a key of it
    return {**row, "raw_file": file, "raw_offset": offset}
