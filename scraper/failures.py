"""Failures: what the layers below raise, as reasons that can be counted. One table for all of them."""

import http.client
import socket
import ssl
from collections.abc import Iterator

import requests
import urllib3.exceptions as below

from sectionary.scraper.addresses import AddressError
from sectionary.scraper.codings import BrokenError, CodingError
from sectionary.scraper.errors import FetchError
from sectionary.scraper.resolver import BusyError


def meaning(url: str, error: Exception, *, late: bool) -> FetchError:
    """Say in our words why no answer came: the first row of the table that anything behind `error` is.

    `late` says that the request was cut at its deadline, whatever that then looked like. What the table does
    not know is a mistake of ours, and is raised again as it is.
    """
    if late:
        return FetchError(url, "timeout", retryable=True)
    chain = list(_chain(error, set()))
    for kind, slug, retryable in _MEANINGS:
        for link in chain:
            if isinstance(link, kind):
                return FetchError(url, slug or str(link), retryable=retryable)
    raise error


def _chain(error: BaseException, seen: set[int]) -> Iterator[BaseException]:
    if id(error) in seen:
        return
    seen.add(id(error))
    yield error
    for link in (error.__cause__, error.__context__, *error.args):
        if isinstance(link, BaseException):
            yield from _chain(link, seen)


# What the layers below may raise, most telling first; "" stands for the error's own words.
_MEANINGS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str, bool], ...] = (
    (AddressError, "", False),
    (BrokenError, "", True),
    (CodingError, "", False),
    (below.DecodeError, "too many codings", False),    # urllib3 counts them before it is asked to undo any
    (socket.gaierror, "dns", True),
    (BusyError, "dns: the resolver hangs", True),
    (ssl.SSLCertVerificationError, "certificate", True),
    ((ssl.SSLError, below.SSLError, requests.exceptions.SSLError), "tls", True),
    ((TimeoutError, below.TimeoutError, requests.exceptions.Timeout), "timeout", True),
    ((below.IncompleteRead, below.InvalidChunkLength, http.client.IncompleteRead), "short body", True),
    (ConnectionRefusedError, "connection refused", True),
    ((ConnectionError, http.client.RemoteDisconnected), "connection lost", True),
    ((below.LocationValueError, requests.exceptions.InvalidURL, UnicodeError), "bad address", False),
    ((http.client.HTTPException, below.InvalidHeader), "bad answer", True),
    ((requests.exceptions.RequestException, below.HTTPError, OSError), "network", True),
)
