"""Files that are whole or not there, whatever stops the process or the machine; in folders and in object stores.

A path is a pathlib.Path, or for an fsspec URL a upath.UPath, which has the same methods. An object is whole once
its PUT has returned, so there is nothing to sync; it cannot be renamed, so it is copied and deleted.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, cast

from sectionary.scraper.errors import ConfigError


def located(place: str | Path, folder: Path = Path()) -> Path:
    """The path of a folder, from `folder` where it is relative, or of an fsspec URL such as s3://bucket/corpus.

    Raises ConfigError for a URL whose file system is not installed.
    """
    if "://" not in str(place):
        return folder / place
    from upath import UPath  # noqa: PLC0415 - only for who needs it

    try:
        return cast(Path, UPath(place, use_listings_cache=False).expanduser())
    except (ImportError, ValueError) as error:
        raise ConfigError(f"{place}: {error}; for s3:// install sectionary[s3]") from None


def is_remote(path: Path) -> bool:
    """Whether a path lies in an object store."""
    return not isinstance(path, Path)


def fsync_folder(folder: Path) -> None:
    """Make the names in a folder durable (fsync(2): syncing a file does not sync its name)."""
    if is_remote(folder):
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Put `content`, whole or in parts, at `path` in one step; readers see the old file or the new one."""
    if is_remote(path):
        with path.open("wb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
        return
    _written(path, content).replace(path)
    fsync_folder(path.parent)


def create_file(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step; raises FileExistsError if something is there already."""
    if is_remote(path):
        _store(path).pipe_file(cast(Any, path).path, content, mode="create")   # S3: If-None-Match
        return
    draft = _written(path, content)
    try:
        os.link(draft, path)
    finally:
        draft.unlink()
    fsync_folder(path.parent)


def move_file(source: Path, target: Path) -> None:
    """Move a durable file within one file system or from a folder into an object store, over what may be there."""
    if is_remote(target):
        copy = _store(target).copy if is_remote(source) else _store(target).put_file
        copy(cast(Any, source).path if is_remote(source) else str(source), cast(Any, target).path)
        source.unlink()
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)


def opened(path: Path) -> BinaryIO:
    """A file to read, which stays readable whatever becomes of its name: an object is read as a whole."""
    return BytesIO(path.read_bytes()) if is_remote(path) else path.open("rb")


def remove_folder(folder: Path) -> None:
    """Remove a folder and all in it, if it is there."""
    if not is_remote(folder):
        shutil.rmtree(folder, ignore_errors=True)
        return
    with suppress(FileNotFoundError):
        _store(folder).rm(cast(Any, folder).path, recursive=True)


@contextmanager
def drafting(folder: Path) -> Iterator[Path]:
    """Where files may be written bit by bit before they go to `folder`: there, or for an object store near by."""
    if is_remote(folder):
        with TemporaryDirectory(prefix="sectionary-") as near:
            yield Path(near)
    else:
        yield folder


def _store(path: Path) -> Any:
    return cast(Any, path).fs


def _written(path: Path, content: bytes | Iterable[bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        file.writelines([content] if isinstance(content, bytes) else content)
        file.flush()
        os.fsync(file.fileno())
    return draft
