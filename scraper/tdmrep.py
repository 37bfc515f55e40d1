"""Tdmrep: what a host says of text and data mining for all of its pages, in /.well-known/tdmrep.json.

TDM Reservation Protocol, final community group report of 10 May 2024 (https://www.w3.org/community/reports/tdmrep/
CG-FINAL-tdmrep-20240510/): the first rule whose location matches a page's path holds; a page's own header goes over the
file, its meta elements over both. It is recorded, like all that is said of the use of pages, and decides nothing here.
"""

import re
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from sectionary.scraper import urls
from sectionary.scraper.errors import FetchError
from sectionary.scraper.http import Client
from sectionary.scraper.pace import is_passing
from sectionary.scraper.page import Signal
from sectionary.scraper.response import Response
from sectionary.scraper.robots import DAY, HOUR, Rulebook
from sectionary.scraper.robotsfile import RobotsFile

_SOURCE = "tdmrep.json"
_NAMES = _RESERVATION, _POLICY = "tdm-reservation", "tdm-policy"
_MOST_BYTES = 500 * 1024                 # of the file, as of robots.txt
_MOST_RULES = 1000
_LOCATION = re.compile(r"[/*][!-~\u00a1-\uffff]{0,1999}")
_LONGEST_POLICY = 500                    # characters, as of any signal
_MOST_REDIRECTS = 5
_WEIGHTS = {"header": 1, "meta": 2}      # which of two values goes over the other; the file's has 0


class Rule(Struct, frozen=True):
    """One rule: the locations it is for, written as robots.txt writes paths, and what it says of them."""

    location: RobotsFile
    said: tuple[Signal, ...]

    def covers(self, url: str) -> bool:
        """Tell whether the page at `url` is at one of its locations."""
        return not self.location.allows(url)


def read(answer: Response) -> tuple[Rule, ...]:
    """Read the file; an answer that is none has no rules, and what is no rule in one is passed over."""
    if answer.status != 200 or len(answer.body) > _MOST_BYTES:
        return ()
    try:
        told = msgspec.json.decode(answer.body.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ()
    rules = map(_rule, told[:_MOST_RULES]) if isinstance(told, list) else ()
    return tuple(rule for rule in rules if rule)


def said_of(rules: Iterable[Rule], url: str) -> tuple[Signal, ...]:
    """Give what the first rule that covers a page says."""
    return next((rule.said for rule in rules if rule.covers(url)), ())


def prevailing(said: Iterable[Signal], by_file: tuple[Signal, ...]) -> tuple[Signal, ...]:
    """Give what a page says and what its host's file says of it, without the values that others go over."""
    signals = (*said, *by_file)
    top = {name: max((_weight(each) for each in signals if each.name == name), default=0) for name in _NAMES}
    return tuple(each for each in signals if _weight(each) >= top.get(each.name, 0))


def _weight(signal: Signal) -> int:
    return _WEIGHTS.get(signal.source, 0)


def _rule(told: Any) -> Rule | None:
    """Read one rule: a location and a reservation, 0 or 1, must be there; a policy may."""
    if not isinstance(told, dict) or str(told.get(_RESERVATION)) not in {"0", "1"}:
        return None
    location, policy = told.get("location"), told.get(_POLICY)
    if not isinstance(location, str) or not _LOCATION.fullmatch(location):
        return None
    said = {_RESERVATION: str(told[_RESERVATION])}
    if isinstance(policy, str) and policy.strip():
        said[_POLICY] = " ".join(policy.split())[:_LONGEST_POLICY]
    return Rule(
        location=RobotsFile(lines=(("disallow", location.replace("#", "%23")),)),
        said=tuple(Signal(source=_SOURCE, name=name, value=value) for name, value in said.items()),
    )


class Reservations:
    """The tdmrep.json of every host that pages are fetched from, kept as long as its robots.txt.

    It is asked for once, like a page: in its turn, where robots.txt allows it. One that is not to be had says nothing.
    """

    def __init__(self, client: Client, rules: Rulebook) -> None:
        self._client = client
        self._rules = rules
        self._known: dict[str, tuple[float, tuple[Rule, ...]]] = {}

    def of(self, url: str, *, ask: bool = True) -> tuple[Signal, ...]:
        """Give what the host of a page says of it, or said when it was last asked, if it is not to be asked now.

        Raises HeldError where the host asks for a long rest.
        """
        place, now = urls.origin(url), self._client.pace.now()
        until, rules = self._known.get(place, (now, ()))
        if ask and now >= until:
            rules, seconds = self._fetch(f"{place}/.well-known/tdmrep.json")
            self._known[place] = self._client.pace.now() + seconds, rules
        return said_of(rules, url)

    def _fetch(self, url: str) -> tuple[tuple[Rule, ...], float]:
        if not self._rules.of(url).allows(url):
            return (), DAY
        try:
            answer = self._client.get_patiently(url, attempts=1, redirects=_MOST_REDIRECTS, enough=_MOST_BYTES + 1)
        except FetchError:
            return (), HOUR
        return read(answer), HOUR if is_passing(answer.status) else DAY
