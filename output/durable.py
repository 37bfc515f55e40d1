"""Files that are whole or not there, whatever stops the process or the machine."""

import os
from collections.abc import Iterable
from pathlib import Path


def fsync_folder(folder: Path) -> None:
    """Make the names in a folder durable (fsync(2): syncing a file does not sync its name)."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Put `content`, whole or in parts, at `path` in one step; readers see the old file or the new one."""
    _written(path, content).replace(path)
    fsync_folder(path.parent)


def create_file(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step; raises FileExistsError if something is there already."""
    draft = _written(path, content)
    try:
        os.link(draft, path)
    finally:
        draft.unlink()
    fsync_folder(path.parent)


def move_file(source: Path, target: Path) -> None:
    """Move a durable file within one file system, over what may be there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)


def _written(path: Path, content: bytes | Iterable[bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        file.writelines([content] if isinstance(content, bytes) else content)
        file.flush()
        os.fsync(file.fileno())
    return draft
