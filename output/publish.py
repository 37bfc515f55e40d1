"""Publishing: how a snapshot becomes the dataset that readers see, in one step.

    1  the new files are written and synced in _meta/staging/
    2  _meta/snapshots/N.json is created, if there is none yet: this is the commit
    3  new files move to their places, superseded ones into _meta/history/
    4  _meta/LATEST names N

Stopped before 2, nothing has happened; after it, the next writer does the rest first. Readers take the files
of the snapshot that LATEST names, from their places or from history.
"""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from sectionary.output import layout, snapshot
from sectionary.output.durable import create_file, fsync_folder, move_file, replace_file
from sectionary.output.failpoint import reach
from sectionary.output.snapshot import Snapshot
from sectionary.scraper.errors import InterruptedRunError, LockedError

LOCK_WAIT = 600.0                          # seconds; commits are short


@contextmanager
def locked(directory: Path, wait: float = LOCK_WAIT) -> Iterator[None]:
    """Hold the dataset for one writer; the kernel lets go of the lock when its process dies.

    Raises DatasetError for a folder that is not ours, LockedError after waiting `wait` seconds in vain.
    """
    snapshot.check_ours(directory)
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
    """The last committed snapshot, after finishing what a stopped commit left; None before the first one."""
    number = snapshot.highest_number(directory)
    current = None if number is None else snapshot.load(directory, number)
    if current is not None and snapshot.latest_number(directory) != number:
        finish(directory, current)
    for leftover in (directory / layout.STAGING).glob("commit-*"):
        shutil.rmtree(leftover)
    return current


def finish(directory: Path, new: Snapshot) -> None:
    """Steps 3 and 4 for a snapshot that is committed; doing them again does no harm."""
    staging = layout.staging_folder(directory, new.number)
    _place([file.path for file in new.files()], staging, directory)
    reach("commit.placed")
    _retire(_superseded(directory, new), directory)
    reach("commit.retired")
    replace_file(directory / layout.LATEST, f"{new.number}\n".encode("ascii"))
    reach("commit.latest")
    shutil.rmtree(staging, ignore_errors=True)


def publish(directory: Path, new: Snapshot, folder: Path) -> None:
    """Steps 1 to 4 for a snapshot whose new files are written and closed below `folder`."""
    for path, _, _ in os.walk(folder):
        fsync_folder(Path(path))
    reach("commit.staged")
    content = msgspec.json.format(msgspec.json.encode(new), indent=1)
    create_file(directory / layout.snapshot_path(new.number), content)
    reach("commit.snapshot")
    finish(directory, new)


def _place(paths: Iterable[str], staging: Path, directory: Path) -> None:
    """Move staged files to their places. A name tells its content, so what is there already stays."""
    folders = set()
    for path in paths:
        source, target = staging / path, directory / path
        if source.exists() and not target.exists():
            move_file(source, target)
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
            move_file(directory / path, directory / layout.history_path(path))
