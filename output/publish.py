"""Publishing: how a snapshot becomes the dataset that readers see, in one step.

    1  the new files are written and synced in _meta/staging/
    2  _meta/snapshots/N.json is created, if there is none yet: this is the commit
    3  new files move to their places, superseded ones into _meta/history/
    4  _meta/LATEST names N

Stopped before 2, nothing has happened; after it, the next writer does the rest first. Readers take the files
of the snapshot that LATEST names, from their places or from history.

In an object store new files are uploaded to staging before 2, and moving is copying and deleting. Nobody can be
locked out there, so whoever is second at 2 begins anew.
"""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from sectionary.output import layout, snapshot
from sectionary.output.durable import create_file, fsync_folder, is_remote, move_file, remove_folder, replace_file
from sectionary.output.failpoint import reach
from sectionary.output.snapshot import Snapshot
from sectionary.scraper.errors import DatasetError, InterruptedRunError, LockedError

LOCK_WAIT = 600.0                          # seconds; commits are short


@contextmanager
def locked(directory: Path, wait: float = LOCK_WAIT) -> Iterator[None]:
    """Hold the dataset for one writer; the kernel lets go of the lock when its process dies.

    Raises DatasetError for a folder that is not ours, LockedError after waiting `wait` seconds in vain.
    """
    snapshot.check_ours(directory)
    if is_remote(directory):             # nobody can lock it; the snapshot's exclusive creation decides
        yield
        return
    (directory / layout.SNAPSHOTS).mkdir(parents=True, exist_ok=True)
    lock = FileLock(directory / layout.LOCK, timeout=wait)
    try:
        lock.acquire()
    except Timeout as error:
        raise LockedError(f"another process commits to {directory}") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def disk_errors(directory: Path) -> Iterator[None]:
    """Turn a full or read-only disk into InterruptedRunError."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES):
            raise
        raise InterruptedRunError(f"{directory} cannot be written: {error.strerror}") from error


def recovered(directory: Path) -> Snapshot | None:
    """The last committed snapshot, after finishing what a stopped commit left; None before the first one.

    Raises DatasetError where it is damaged, or lost: a commit beside it would make a dataset without its pages.
    """
    latest = snapshot.latest_number(directory)       # read first: another writer may commit meanwhile
    number = snapshot.highest_number(directory)
    if latest is not None and latest > (number or 0):
        lost = directory / layout.snapshot_path(latest)
        raise DatasetError(f"{lost} is lost; put it back from a copy, or write to a new folder")
    current = None if number is None else snapshot.load(directory, number)
    if current is not None and latest != number:
        finish(directory, current)
    for leftover in (directory / layout.STAGING).glob("commit-*"):
        if not _may_be_live(leftover, number):
            remove_folder(leftover)
    if not is_remote(directory):
        _drop_drafts(directory)
    return current


def _drop_drafts(directory: Path) -> None:
    """Delete what `replace_file` had begun where a process died: it may quote pages, and nobody else would."""
    for name in ("", "rejected", layout.META, layout.SNAPSHOTS, layout.SCHEMAS):
        for draft in (directory / name).glob(".*.*"):
            pid = draft.name.rpartition(".")[2]
            if pid.isdecimal() and not _is_running(int(pid)):
                draft.unlink(missing_ok=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass                             # somebody else's
    return True


def _may_be_live(staging: Path, number: int | None) -> bool:
    """Whether another writer may be filling it: without a lock, that is so for each number yet to be committed."""
    return is_remote(staging) and int(staging.name.removeprefix("commit-")) > (number or 0)


def finish(directory: Path, new: Snapshot) -> None:
    """Steps 3 and 4 for a snapshot that is committed; doing them again does no harm."""
    staging = layout.staging_folder(directory, new.number)
    _place([file.path for file in (*new.files(), *new.changes)], staging, directory)
    reach("commit.placed")
    _retire(_superseded(directory, new), directory)
    reach("commit.retired")
    replace_file(directory / layout.LATEST, f"{new.number}\n".encode("ascii"))
    reach("commit.latest")
    remove_folder(staging)


def publish(directory: Path, new: Snapshot, folder: Path) -> None:
    """Steps 1 to 4 for a snapshot whose new files are written and closed below `folder`."""
    reach("commit.full")
    for path, _, names in os.walk(folder):
        fsync_folder(Path(path))
        if is_remote(directory):
            _upload(Path(path), folder, names, layout.staging_folder(directory, new.number))
    reach("commit.staged")
    content = msgspec.json.format(msgspec.json.encode(new), indent=1)
    create_file(directory / layout.snapshot_path(new.number), content)
    reach("commit.snapshot")
    finish(directory, new)


def _upload(path: Path, folder: Path, names: Iterable[str], staging: Path) -> None:
    for name in names:
        move_file(path / name, staging / (path / name).relative_to(folder).as_posix())


def _place(paths: Iterable[str], staging: Path, directory: Path) -> None:
    """Move staged files to their places. A name tells its content, so what is there already stays."""
    folders = set()
    for path in paths:
        source, target = staging / path, directory / path
        if source.exists() and not target.exists():
            _move_once(source, target)
            folders.add(target.parent)
            reach("commit.moved")
    for folder in folders:
        fsync_folder(folder)


def _superseded(directory: Path, new: Snapshot) -> list[str]:
    if new.parent is None:
        return []
    current = {file.path for file in new.files()}
    parent = snapshot.load(directory, new.parent)
    return [file.path for file in parent.files() if file.path not in current]


def _retire(paths: Iterable[str], directory: Path) -> None:
    for path in paths:
        if (directory / path).exists():
            _move_once(directory / path, directory / layout.history_path(path))


def _move_once(source: Path, target: Path) -> None:
    """Move a file that another writer, who rolls the same snapshot forward, may have moved just now."""
    try:
        move_file(source, target)
    except FileNotFoundError:
        if not target.exists():
            raise
