"""Vacuum: forget old snapshots, and delete the files that only they need."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from sectionary.output import layout
from sectionary.output.durable import fsync_folder, is_remote, remove_folder
from sectionary.output.failpoint import reach
from sectionary.output.publish import disk_errors, locked, recovered
from sectionary.output.snapshot import kept_numbers, load


class Vacuumed(Struct, frozen=True, kw_only=True):
    """What went: how many snapshots and files, and the bytes they took; and the snapshots that are left."""

    snapshots: int
    files: int
    bytes: int
    kept: tuple[int, ...]

    def told(self) -> str:
        """The result in words."""
        left = f"{self.kept[0]} to {self.kept[-1]}" if self.kept else "none"
        gone = f"{self.snapshots} snapshots, {self.files} files, {self.bytes / 1e6:.1f} MB removed"
        return f"{gone}; snapshots left: {left}"


def vacuum(directory: Path, keep: int) -> Vacuumed:
    """Leave the last `keep` snapshots readable, and of the files only theirs.

    The list of a snapshot goes before its files, so that a stop in between leaves files that nobody lists, which the
    next vacuum finds, and never a list whose files are lost. A reader that still has an older snapshot open may find
    a file gone. Raises DatasetError for a folder that is not ours or a damaged snapshot, LockedError while a commit
    goes on, InterruptedRunError for a disk that cannot be written.
    """
    with disk_errors(directory), locked(directory):
        recovered(directory)
        numbers = kept_numbers(directory)
        kept, old = numbers[-keep:], numbers[:-keep]
        snapshots = [load(directory, number) for number in kept]
        wanted = {file.path for snapshot in snapshots for file in (*snapshot.files(), *snapshot.changes)}
        for number in old:
            (directory / layout.snapshot_path(number)).unlink()
            reach("vacuum.snapshot")
        if old:
            fsync_folder(directory / layout.SNAPSHOTS)
        gone = list(_removed(directory, wanted))
        _drop_empty(directory / layout.HISTORY)
        if not is_remote(directory):     # where another writer's may be live
            remove_folder(directory / layout.STAGING)
    return Vacuumed(snapshots=len(old), files=len(gone), bytes=sum(gone), kept=tuple(kept))


def _removed(directory: Path, wanted: set[str]) -> Iterator[int]:
    """Delete what no kept snapshot lists, from history and from the changes; gives the size of each file."""
    history = directory / layout.HISTORY
    spare = {path: path.relative_to(history).as_posix() for path in history.rglob("*")}
    told = [*(directory / "changes").rglob("*"), *(directory / "jsonl").glob("changes-*")]
    spare |= {path: path.relative_to(directory).as_posix() for path in told}
    for path, name in sorted(spare.items()):
        if path.is_file() and name not in wanted:
            size = path.stat().st_size
            path.unlink()
            reach("vacuum.file")
            yield size


def _drop_empty(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
