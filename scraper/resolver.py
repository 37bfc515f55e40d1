"""Resolver: the addresses of a name, within a bound; the system's own resolver knows none and cannot be stopped."""

import socket
import threading


def resolve(host: str, port: int, seconds: float) -> list[str]:
    """Give the addresses of a host, in the system's order.

    Raises socket.gaierror where it has none, and EAI_AGAIN where the resolver gives no answer within so many seconds:
    whoever still waits for it then is a thread that the process does not wait for.
    """
    found: list[str] = []
    failed: list[Exception] = []

    def ask() -> None:
        try:
            found.extend(str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:  # noqa: BLE001  raised again where it is waited for
            failed.append(error)

    asking = threading.Thread(target=ask, daemon=True, name=f"resolver {host}")
    asking.start()
    asking.join(seconds)
    if asking.is_alive():
        raise socket.gaierror(socket.EAI_AGAIN, "the resolver gives no answer")
    if failed:
        raise failed[0]
    return found
