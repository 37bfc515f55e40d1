"""Cluster: the processes that clean on Ray, on one machine or many (https://docs.ray.io/en/latest/ray-core/tasks.html).

A batch is one task without state: it reads the raw archive, leaves a staged file named by its content, and gives its
name; so doing it twice, because a process or a node was lost, is doing it once. Archive and staging lie on storage that
all nodes share. Fetching is for crawlers (crawlers.py); the commit stays with the process that was started.
"""

import importlib
import io
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any, Self, TypeVar

from sectionary.scraper.errors import ConfigError, InterruptedRunError
from sectionary.worker import (
    KILLED,
    MEMORY,
    BrokenBatchError,
    Orders,
    Pending,
    Result,
    Task,
    bound_memory,
    key_of,
    too_long,
    too_much,
    work,
)

_ADDRESS = "RAY_ADDRESS"
_REACHED_SECONDS = 5.0                   # for the head of a cluster to take a connection
_HEAD_SECONDS = 20.0                     # for which a head may give no answer; Ray ends the whole process after 60
_LOOK_SECONDS = 1.0                      # between two looks at it
_CALLS = 200                             # batches after which a process is replaced
_RETRIES = 1                             # of a batch whose process or node was lost, before its pages go one by one
_LATE = 72                               # what a process exits with that took too long

T = TypeVar("T")


class RayHands:
    """Ray's processes as hands; a context manager. Without an address a Ray of its own is started on this machine.

    Raises ConfigError where Ray is not installed or the cluster's head does not answer.
    """

    def __init__(self, address: str | None, processes: int, *, memory: int = MEMORY) -> None:
        self.processes = processes
        self.memory = memory
        self.ray = _installed()
        self._address = address or os.environ.get(_ADDRESS)
        self._task: Any = None
        self._watch: _Watch | None = None

    def __enter__(self) -> Self:
        options: dict[str, Any] = {"log_to_driver": False, "configure_logging": False, "include_dashboard": False}
        if self._address in {None, "local"}:
            options |= {"address": "local", "num_cpus": self.processes, "object_store_memory": 100 << 20}
        else:
            _reach(str(self._address))
            options = {"address": self._address, "log_to_driver": False, "configure_logging": False}
        with _own_signals(), redirect_stderr(io.StringIO()), redirect_stdout(io.StringIO()):    # it likes to talk
            try:
                self.ray.init(**options)
            except (ConnectionError, RuntimeError, ValueError) as error:
                raise ConfigError(f"run.ray_address: no Ray at {self._address}: {_first_line(error)}") from error
        self._watch = _Watch(self.ray.get_runtime_context().gcs_address)
        self.processes = max(1, int(self.ray.cluster_resources().get("CPU", 1)))
        self._task = self.ray.remote(num_cpus=1, max_calls=_CALLS, max_retries=_RETRIES)(clean_on_node)
        return self

    def __exit__(self, *_: object) -> None:
        if self._watch:
            self._watch.end()
        with _own_signals():
            self.ray.shutdown()

    def call(self, action: Callable[[], T]) -> T:
        """Do what may wait for the cluster's head for ever. Raises InterruptedRunError where that is gone."""
        done: Future[T] = Future()

        def act() -> None:
            try:
                done.set_result(action())
            except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
                done.set_exception(error)

        threading.Thread(target=act, daemon=True).start()
        while not wait([done], _LOOK_SECONDS).done:
            self._check()
        return done.result()

    def _check(self) -> None:
        if self._watch:
            self._watch.check()

    def wait_for(self, ref: Any) -> Any:
        """Give what comes of a call within a moment, or raise Ray's GetTimeoutError, or what the call raised.

        Raises InterruptedRunError where the cluster's head is gone.
        """
        self._check()
        try:
            return self.ray.get(ref, timeout=_LOOK_SECONDS)
        except self.ray.exceptions.RaySystemError as error:
            said = f"the cluster gives no answer: {_first_line(error)}; run again to go on"
            raise InterruptedRunError(said) from error

    def clean(self, orders: Orders, tasks: Sequence[Task], seconds: float) -> Pending:
        """Have a batch cleaned within so many seconds, by whichever node has a processor free."""
        ref = self.call(lambda: self._task.remote(orders, tuple(tasks), seconds, self.memory))
        return _Remote(self, ref, _late(orders, tasks), seconds)


class _Remote:
    """A batch with some node, or on its way to one."""

    def __init__(self, hands: RayHands, ref: Any, late: Path, seconds: float) -> None:
        self._hands, self._ref, self._late, self._seconds = hands, ref, late, seconds

    def result(self) -> Result:
        """As a Pending says."""
        failures = self._hands.ray.exceptions
        while True:
            try:
                result: Result = self._hands.wait_for(self._ref)
            except failures.GetTimeoutError:
                continue
            except (MemoryError, failures.OutOfMemoryError):
                raise BrokenBatchError(too_much(self._hands.memory)) from None
            except (failures.WorkerCrashedError, failures.NodeDiedError, failures.ObjectLostError):
                was_late = self._late.exists()
                self._late.unlink(missing_ok=True)
                raise BrokenBatchError(too_long(self._seconds) if was_late else KILLED) from None
            return result


class _Watch:
    """Looks now and then whether a cluster's head takes a connection: Ray itself would be silent, then end us."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self._place = (host.strip("[]"), int(port))
        self._address = address
        self._answered = time.monotonic()
        self._ended = threading.Event()
        threading.Thread(target=self._look, name="head", daemon=True).start()

    def check(self) -> None:
        """Raise InterruptedRunError where the head has given no answer for too long."""
        if time.monotonic() - self._answered > _HEAD_SECONDS:
            raise InterruptedRunError(f"the cluster's head at {self._address} is gone; run again to go on")

    def end(self) -> None:
        """Look no more."""
        self._ended.set()

    def _look(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            with suppress(OSError):
                socket.create_connection(self._place, _REACHED_SECONDS).close()
                self._answered = time.monotonic()


def clean_on_node(orders: Orders, tasks: Sequence[Task], seconds: float, memory: int) -> Result:
    """Clean a batch in a process of Ray's, which ends itself where that takes too long: nobody else could stop it."""
    bound_memory(memory)
    watch = threading.Timer(seconds, _end_late, [_late(orders, tasks)])
    watch.daemon = True
    watch.start()
    try:
        return work(orders, tasks)
    finally:
        watch.cancel()


def _end_late(note: Path) -> None:
    note.parent.mkdir(parents=True, exist_ok=True)
    note.touch()
    os._exit(_LATE)


def _late(orders: Orders, tasks: Sequence[Task]) -> Path:
    """Where a task notes that it took too long, since Ray does not tell why a process ended."""
    return orders.staging / f"{key_of(orders, tasks)}.late"


def _installed() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        return importlib.import_module("ray")
    except ImportError:
        raise ConfigError("run.engine: ray is not installed; pip install 'sectionary[ray]'") from None


def _reach(address: str) -> None:
    """Refuse a head that takes no connection: Ray itself would wait for it for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not port.isdecimal():
        return                           # "auto": Ray knows where it is
    try:
        socket.create_connection((host.strip("[]"), int(port)), _REACHED_SECONDS).close()
    except OSError as error:
        told = f"{error.strerror or error}; start one, or leave the address out"
        raise ConfigError(f"run.ray_address: no Ray at {address}: {told}") from error


@contextmanager
def _own_signals() -> Iterator[None]:
    """Keep the handlers that drain a run, which Ray puts its own in the place of."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]
