"""Reasons for what the layers below raise."""

import inspect
import socket
from types import ModuleType

import pytest
import requests.exceptions
import urllib3.exceptions

from sectionary.scraper.failures import _MEANINGS, meaning

KNOWN = tuple(kind for row in _MEANINGS for kind in (row[0] if isinstance(row[0], tuple) else (row[0],)))


@pytest.mark.parametrize("library", [requests.exceptions, urllib3.exceptions])
def test_no_exception_of_the_libraries_is_unknown(library: ModuleType) -> None:
    kinds = [kind for _, kind in inspect.getmembers(library, inspect.isclass) if kind.__module__ == library.__name__]
    kinds = [kind for kind in kinds if issubclass(kind, Exception) and not issubclass(kind, Warning)]
    unknown = [kind.__name__ for kind in kinds if not issubclass(kind, KNOWN)]
    assert [name for name in unknown if not name.startswith("Proxy")] == []      # no proxies are used
    assert len(kinds) > 20


def test_the_cause_behind_the_cause_is_told() -> None:
    outer = requests.exceptions.ConnectionError(urllib3.exceptions.ProtocolError("aborted", socket.gaierror(-2, "x")))
    error = meaning("https://a.example/", outer, late=False)
    assert (error.reason, error.retryable) == ("dns", True)
    assert meaning("https://a.example/", outer, late=True).reason == "timeout"


def test_a_circle_of_causes_ends() -> None:
    first, second = OSError("a"), OSError("b")
    first.__context__, second.__context__ = second, first
    assert meaning("https://a.example/", first, late=False).reason == "network"


def test_a_mistake_of_ours_stays_one() -> None:
    with pytest.raises(ZeroDivisionError):
        meaning("https://a.example/", ZeroDivisionError(), late=False)
