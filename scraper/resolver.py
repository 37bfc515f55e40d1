"""Resolver: the addresses of a name, within a bound; the system's own resolver knows none and cannot be stopped.

Whoever still waits for it when the bound is over is a thread that the process does not wait for. There are only so
many of them: while each has its seat in a resolver that hangs, no other name is asked for.
"""

import socket
import threading
import time

_MOST_ASKING = 32                        # names asked for at once; a run fetches from fewer domains side by side
_seats = threading.BoundedSemaphore(_MOST_ASKING)


class BusyError(OSError):
    """The resolver gives no answer to so many names that no other one is asked for now."""


def resolve(host: str, port: int, seconds: float) -> list[str]:
    """Give the addresses of a host, in the system's order.

    Raises socket.gaierror where it has none, and EAI_AGAIN where the resolver gives no answer within so many seconds;
    BusyError where none of the names that were asked for before has an answer by then.
    """
    end = time.monotonic() + seconds
    if not _seats.acquire(timeout=seconds):
        raise BusyError(f"{_MOST_ASKING} names wait for the resolver")
    found: list[str] = []
    failed: list[Exception] = []

    def ask() -> None:
        try:
            found.extend(str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:  # noqa: BLE001  raised again where it is waited for
            failed.append(error)
        finally:
            _seats.release()

    asking = threading.Thread(target=ask, daemon=True, name=f"resolver {host}")
    try:
        asking.start()
    except RuntimeError:                 # no thread to be had, so none that would leave its seat
        _seats.release()
        raise BusyError("no thread for the resolver") from None
    asking.join(max(end - time.monotonic(), 0.0))
    if asking.is_alive():
        raise socket.gaierror(socket.EAI_AGAIN, "the resolver gives no answer")
    if failed:
        raise failed[0]
    return found
