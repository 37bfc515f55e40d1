"""Door: where sockets are opened, only to addresses that may be reached, and requests go out, only in their turn.

Which addresses may be reached is decided where the socket is opened, on the address that the name resolved
to, and the connection goes to that very address: a name cannot change its mind between check and use.
"""

import socket
from collections.abc import Callable, Collection
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.connection import create_connection

from sectionary.scraper import addresses, framing
from sectionary.scraper.addresses import AddressError
from sectionary.scraper.deadline import Deadline
from sectionary.scraper.pace import Pace
from sectionary.scraper.resolver import resolve

_RESOLVING = 10.0                        # seconds for a name, where a connection has no bound of its own


class Door:
    """The one way out: opens sockets, lets requests through, and cuts those that take too long (`watch`)."""

    def __init__(self, private_hosts: Collection[str], pace: Pace, seconds: float) -> None:
        self.watch = Deadline(self._shut, seconds)
        self._pace = pace
        self._private = frozenset(host.strip("[]").lower() for host in private_hosts)
        self._open: list[tuple[HTTPConnection, socket.socket]] = []
        self._sent = ("", 0.0)           # whom the last request went to, and when

    def connect(self, connection: HTTPConnection) -> socket.socket:
        """Open a connection's socket, to the first of its host's addresses that is allowed and answers."""
        self._sweep()
        failure: OSError | None = None
        for address in self._reachable(connection):
            try:
                opened = create_connection(
                    (address, connection.port), connection.timeout, socket_options=connection.socket_options
                )
            except OSError as error:
                failure = error
                continue
            # A second handle on the same socket; urllib3 gives the first one away to TLS and to the response.
            self._open.append((connection, opened.dup()))
            return opened
        raise failure or OSError("no address")

    def send(self, host: str, connection: HTTPConnection, request: Callable[[], None], *, at_once: bool) -> bool:
        """Let a request out when it is its turn, over a connection that the server has not closed meanwhile.

        `at_once` is for one that need not go now: it goes where nothing has to be waited for, and else False is given.
        """

        def out() -> None:
            self.watch.resume()
            if not connection.is_connected:
                connection.close()
                connection.connect()
            request()
            self._sent = (host, self._pace.now())

        if connection.sock is None:
            if at_once:
                return False
            connection.connect()
        self.watch.pause()
        if at_once:
            return self._pace.send_at_once(host, out)
        self._pace.send(host, out)
        return True

    def took(self, *, well: bool) -> None:
        """Hear that the head of an answer to the last request is there."""
        host, moment = self._sent
        self._pace.took(host, self._pace.now() - moment, well=well)

    def _shut(self) -> None:
        """Cut every open connection; whoever reads from one sees its end at once."""
        for _, handle in list(self._open):
            try:
                handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue                 # the server was faster

    def _sweep(self) -> None:
        """Let go of the sockets whose connections are closed."""
        for item in [item for item in self._open if item[0].sock is None]:
            item[1].close()
            self._open.remove(item)

    def close(self) -> None:
        """Let go of all sockets."""
        self.watch.close()
        for _, handle in self._open:
            handle.close()
        self._open.clear()

    def _reachable(self, connection: HTTPConnection) -> list[str]:
        host, seconds = connection.host, connection.timeout
        found = resolve(host, connection.port, seconds if isinstance(seconds, int | float) else _RESOLVING)
        if host.lower() in self._private:
            return found
        allowed = [address for address in found if addresses.is_public(address)]
        if not allowed:
            raise AddressError(f"private address: {found[0]}" if found else "dns")
        return allowed


class Plain(HTTPConnection):
    """A connection whose socket the door opens."""

    response_class = framing.Answer

    def __init__(self, door: Door, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._door = door

    def _new_conn(self) -> socket.socket:
        return self._door.connect(self)


class Secure(Plain, HTTPSConnection):
    """The same, with TLS over it."""
