"""Bucket: when a rate-limit domain was last asked for anything, by any process of this machine.

One small file a domain, in the user's state directory (XDG Base Directory: $XDG_STATE_HOME, else
~/.local/state), so that runs in different work directories keep one pace. A request is sent while the file is
locked: whoever has the lock sees when the last one went out, waits if it is too early, and else sends.

Times are monotonic, with the boot they belong to: a change of the machine's date moves nothing. After a reboot
the wall clock tells how much of a pause has passed, and never makes it longer.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sectionary.scraper.clock import Clock
from sectionary.scraper.errors import ConfigError

_ROOM = 512                              # bytes of a file, always written in one piece
_POLL = 0.005                            # seconds between two looks at a lock that another process has
_SKEW = 2.0                              # seconds by which the clocks of two machines may differ
_WISH = 60.0                             # seconds for which a slower process is waited for, beyond two delays


class State(Struct, frozen=True, kw_only=True):
    """What a file holds; times are seconds of the monotonic clock, `at` and `wall` are when it was written.

    `sent` is the last request, `held` until when none may follow, `delay` what the slowest process wants
    between two, for as long as it seems to be there (`wanted`).
    """

    domain: str = ""
    boot: str = ""
    at: float = 0.0
    wall: float = 0.0
    sent: float | None = None
    held: float = 0.0
    delay: float = 0.0
    wanted: float = 0.0


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(State)


class Wait(Struct, frozen=True, kw_only=True):
    """The seconds until a request may go out; `held` are those for which nobody may send any."""

    seconds: float
    held: float


Send = Callable[[], Wait | None]


class Bucket:
    """One domain's file, opened for one process. Raises ConfigError where the state directory refuses."""

    def __init__(self, folder: Path, domain: str, clock: Clock, boot: str) -> None:
        self._domain, self._clock, self._boot = domain, clock, boot
        self._path = folder / f"{hashlib.sha256(domain.encode()).hexdigest()[:24]}.json"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _refused(folder, error) from error

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def send(self, delay: float, action: "Send | None") -> Wait | None:
        """Do `action`, which sends a request, if one may go out now; else, and without one, tell what is to wait.

        An action that gives a Wait itself has sent nothing.
        The time is noted before and after: before, because a process may be killed between; after, because it
        may take a while to get there.
        """
        with self._locked():
            now = self._clock.monotonic()
            state = _wishing(self._read(), delay, now)
            next_ = state.held if state.sent is None else max(state.held, state.sent + state.delay)
            if next_ > now or action is None:
                self._write(state)
                return Wait(seconds=next_ - now, held=state.held - now) if next_ > now else None
            self._write(replace(state, sent=now))
            if declined := action():
                self._write(state)
                return declined
            self._write(replace(state, sent=self._clock.monotonic()))
            return None

    def leave(self, delay: float) -> None:
        """Ask for `delay` no longer than after the last request."""
        with self._locked():
            state = self._read()
            if state.delay == delay:
                self._write(replace(state, wanted=(state.sent or 0.0) + delay))

    def hold(self, seconds: float) -> None:
        """Let no process send anything for `seconds`."""
        with self._locked():
            state = self._read()
            self._write(replace(state, held=max(state.held, self._clock.monotonic() + seconds)))

    def held(self) -> float:
        """Give the seconds for which nothing may be sent."""
        with self._locked():
            return max(self._read().held - self._clock.monotonic(), 0.0)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        while not self._try_lock():
            self._clock.sleep(_POLL)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _try_lock(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise _refused(self._path, error) from error
        return True

    def _read(self) -> State:
        """Read what is there; what cannot be read counts as a request sent just now."""
        data = os.pread(self._file, _ROOM, 0)
        now = self._clock.monotonic()
        if not data:
            return State()
        try:
            state = _DECODER.decode(data)
        except msgspec.DecodeError:
            return State(sent=now)
        if state.boot == self._boot and state.at <= now:
            return state
        return _carried_over(state, now, self._clock.now().timestamp())

    def _write(self, state: State) -> None:
        state = replace(
            state, domain=self._domain[:200], boot=self._boot, at=self._clock.monotonic(),
            wall=self._clock.now().timestamp(),
        )  # fmt: skip
        try:
            os.pwrite(self._file, _ENCODER.encode(state).ljust(_ROOM), 0)
        except OSError as error:
            raise _refused(self._path, error) from error


class Both:
    """Two files of one domain, this machine's and a cluster's: a request goes out when both let it."""

    def __init__(self, near: Bucket, far: Bucket) -> None:
        self._near, self._far = near, far

    def close(self) -> None:
        """As a Bucket does."""
        self._near.close()
        self._far.close()

    def send(self, delay: float, action: Send | None) -> Wait | None:
        """As a Bucket does."""
        if action is None:
            return self._near.send(delay, None) or self._far.send(delay, None)
        return self._near.send(delay, lambda: self._far.send(delay, action))

    def leave(self, delay: float) -> None:
        """As a Bucket does."""
        self._near.leave(delay)
        self._far.leave(delay)

    def hold(self, seconds: float) -> None:
        """As a Bucket does."""
        self._near.hold(seconds)
        self._far.hold(seconds)

    def held(self) -> float:
        """As a Bucket does."""
        return max(self._near.held(), self._far.held())


def _wishing(state: State, delay: float, now: float) -> State:
    """Give the state with this process's delay in it, unless a slower one was there lately."""
    if now < state.wanted and delay < state.delay:
        return state
    return replace(state, delay=delay, wanted=now + 2 * delay + _WISH)


def _carried_over(state: State, now: float, wall: float) -> State:
    """Give what another boot's state means on this one's clock, by the time that has passed on the wall.

    It may be another machine's, whose wall clock is not quite this one's: a request that went out lately counts as
    one of this moment.
    """
    shift = now - state.at - max(wall - state.wall, 0.0)
    sent = None if state.sent is None else min(state.sent + shift, now)
    if sent is not None and now - sent < state.delay + _SKEW:
        sent = now
    return replace(state, sent=sent, held=state.held + shift, wanted=state.wanted + shift)


def _refused(path: Path, error: OSError) -> ConfigError:
    return ConfigError(
        f"{path}: {error.strerror}; the pace of requests is kept there for all runs of this machine: "
        "set XDG_STATE_HOME to a folder that can be written"
    )


def state_folder() -> Path:
    """Give the folder of the buckets; a relative $XDG_STATE_HOME does not count, as its standard says."""
    told = Path(os.environ.get("XDG_STATE_HOME", ""))
    with suppress(RuntimeError):
        return (told if told.is_absolute() else Path.home() / ".local" / "state") / "sectionary" / "pace"
    raise ConfigError("no home directory to keep the pace of requests in: set XDG_STATE_HOME to a folder")


@cache
def boot_id() -> str:
    """Name the time since the machine was started, for which its monotonic clock runs."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    if sys.platform != "darwin":
        return ""
    told = subprocess.run(
        ["/usr/sbin/sysctl", "-n", "kern.bootsessionuuid"], capture_output=True, check=False, text=True
    )
    return told.stdout.strip()
