"""Shards: an archive that is written on one machine and handed over, file by file, to a folder that others see.

A file is sealed once it is whole: copied under another name, synced, and only then given its own. Nobody ever sees half
of one. Its name is taken in the shared folder when it is begun, so that two that write at once take two.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import BinaryIO

from sectionary.scraper.archive import Archive, next_file, sync_folder
from sectionary.scraper.clock import Clock
from sectionary.scraper.errors import InterruptedRunError


class Shards(Archive):
    """As an Archive, in the folder `near`; its files go to `far` at `size` bytes, after `age` seconds and at the end.

    They do so within a `sync`, so that a batch of pages lies in one file; `sealed` tells how many have gone.
    """

    def __init__(  # noqa: PLR0913  from where, to where, when
        self, near: Path, far: Path, name: str, *, size: int, age: float, clock: Clock
    ) -> None:
        super().__init__(near, name, roll_bytes=sys.maxsize)
        self._far, self._size, self._age, self._clock = far, size, age, clock
        self._begun = 0.0
        self.sealed = 0

    @property
    def is_open(self) -> bool:
        """Whether anything was written that is not sealed."""
        return self._file is not None

    def moment(self) -> float:
        """Give the clock's monotonic time."""
        return self._clock.monotonic()

    def is_old(self, since: float) -> bool:
        """Whether what began at that moment of the clock is to be sealed for its age."""
        return self.moment() - since >= self._age

    def sync(self) -> None:
        """Return when everything appended so far would outlast a power cut; seal what is due."""
        super().sync()
        if self._offset >= self._size or self.is_old(self._begun):
            self._seal()

    def close(self) -> None:
        """Seal the file being written."""
        super().sync()
        self._seal()

    def _seal(self) -> None:
        if self._file is None:
            return
        self._file.close()
        self._file = None
        seal(self._path, self._far / self._path.name)
        self.sealed += 1

    def _new_file(self) -> tuple[Path, BinaryIO]:
        self._far.mkdir(parents=True, exist_ok=True)
        taken, empty = next_file(self._far, self._name)
        empty.close()
        self._begun = self.moment()
        path = self._folder / taken.name
        return path, path.open("wb")

    def _home(self, file: str) -> Path:
        return self._folder if self._file is not None and file == self._path.name else self._far


def seal(near: Path, far: Path) -> None:
    """Move a whole file to where all see it, for good. Raises InterruptedRunError when a disk refuses."""
    part = far.with_name(f".{far.name}.part")
    try:
        far.parent.mkdir(parents=True, exist_ok=True)
        with near.open("rb") as source, part.open("wb") as target:
            shutil.copyfileobj(source, target, 2**20)
            target.flush()
            os.fsync(target.fileno())
        part.replace(far)
        sync_folder(far.parent)
        near.unlink()
    except OSError as error:
        raise InterruptedRunError(f"cannot write {far.parent}: {error.strerror}") from error
