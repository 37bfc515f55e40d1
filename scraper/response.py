"""Response: what a server answered, once its body has arrived whole."""

from urllib.parse import urljoin

from msgspec import Struct

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Response(Struct, frozen=True, kw_only=True):
    """One answer, with its body decoded from transfer and content codings.

    `url` is the address that answered, `redirected_from` the ones that led there, first to last.
    `headers` and `request_headers` are (name, value) pairs as they went over the wire, in order.
    """

    url: str
    redirected_from: tuple[str, ...] = ()
    status: int
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    request_headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Give a header's value, by its name in lower case; several become one with commas."""
        values = [value for key, value in self.headers if key.lower() == name]
        return ", ".join(values) if values else None

    @property
    def location(self) -> str | None:
        """Where a redirect leads, as a whole address without fragment; None where that cannot be told."""
        target = self.header("location") if self.status in _REDIRECTS else None
        if not target:
            return None
        try:
            return urljoin(self.url, _as_utf8(target)).partition("#")[0]
        except ValueError:
            return None


def _as_utf8(value: str) -> str:
    """Read a header's bytes as UTF-8, which servers send against the rules (http.client gives Latin-1)."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
