"""Site lock: one run at a time fetches a site. Runs of other sites go on beside it.

The lock is the kernel's (flock), so it ends with its process whatever ends that, and is the lease of all pages of
the site. Beside it lies a note that names the holder; what it says counts only while the lock is held.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout
from msgspec import Struct

from sectionary.scraper.clock import Clock, SystemClock, stamp
from sectionary.scraper.errors import InterruptedRunError, LockedError
from sectionary.scraper.urls import safe_name

_LOOK_SECONDS = 0.5                      # how often a waiting run tries again


class Holder(Struct, frozen=True, kw_only=True):
    """Who holds a site: a process, since when (RFC 3339)."""

    pid: int
    since: str


@contextmanager
def held(
    work: Path, names: Iterable[str], *, wait: float = 0.0, clock: Clock | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[None]:  # fmt: skip
    """The locks of these sites. Waits at most `wait` seconds in all for who holds one.

    Raises LockedError that names the holder, InterruptedRunError when `stop` says so while waiting.
    """
    clock = clock or SystemClock()
    end = clock.monotonic() + wait
    with ExitStack() as locks:
        for name in sorted(set(names)):
            lock = FileLock(_place(work, name, "lock"))
            while not _acquired(lock):
                if stop():
                    raise InterruptedRunError(f"stopped while waiting for site {name!r}")
                if (left := end - clock.monotonic()) <= 0:
                    raise LockedError(_held_by(work, name))
                clock.sleep(min(left, _LOOK_SECONDS))
            locks.callback(lock.release)
            note = Holder(pid=os.getpid(), since=stamp(clock.now()))
            _place(work, name, "holder").write_bytes(msgspec.json.encode(note))
        yield


def holder(work: Path, name: str) -> Holder | None:
    """Who holds a site now; None where nobody does."""
    place = _place(work, name, "lock")
    if not place.exists():
        return None
    lock = FileLock(place)
    if _acquired(lock):
        lock.release()
        return None
    return _noted(work, name) or Holder(pid=0, since="")


def _acquired(lock: FileLock) -> bool:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    return True


def _held_by(work: Path, name: str) -> str:
    who = _noted(work, name)
    told = f"process {who.pid}, since {who.since}" if who else "it has just begun"
    return f"another run holds site {name!r} ({told}); wait for it with --wait 30m, or stop it"


def _noted(work: Path, name: str) -> Holder | None:
    try:
        return msgspec.json.decode(_place(work, name, "holder").read_bytes(), type=Holder)
    except (OSError, msgspec.MsgspecError):
        return None


def _place(work: Path, name: str, kind: str) -> Path:
    folder = work / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{safe_name(name)}.{kind}"
