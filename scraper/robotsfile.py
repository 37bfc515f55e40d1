"""A robots.txt, line by line: which of its lines are for one crawler (RFC 9309 2.2.1). Pure.

Only the lines that the RFC names make groups, and they must be spelled as it does: a crawler that guesses what
"Dissallow" was meant to say obeys a rule that nobody wrote. Whose path a rule covers is protego's to say.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import quote

from msgspec import Struct
from protego import Protego

MOST_PARSED = 500 * 1024                 # bytes; RFC 9309 2.5

_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")    # which protego would take for ends of lines
_TOKEN = re.compile(r"[A-Za-z_-]+")      # a product token; what follows it in a User-agent line does not count
_RULES = ("allow", "disallow")
_PACES = ("crawl-delay", "request-rate")
_AI_USE = ("content-signal", "content-usage")
_MOST_SIGNALS = 20

Line = tuple[str, str]                   # a field in lower case, and its value


class RobotsFile(Struct, frozen=True, kw_only=True, dict=True):
    """What a file says to one crawler: `lines` are the fields and values of all groups that are for it.

    `ai_use` are the lines about what pages may be used for, by Cloudflare's Content Signals Policy and the IETF's
    AI preferences (draft-ietf-aipref-attach): those of its groups and those outside any.
    """

    lines: tuple[Line, ...] = ()
    ai_use: tuple[Line, ...] = ()

    def allows(self, url: str) -> bool:
        """Tell whether the rules let the page at `url` be fetched."""
        return bool(self._rules.can_fetch(url, "any"))

    @cached_property
    def crawl_delay(self) -> float | None:
        """The seconds that the longest Crawl-delay asks for between two requests, None where none does."""
        told = [seconds for field, value in self.lines if field == "crawl-delay" and (seconds := _seconds(value))]
        return max(told, default=None)

    @cached_property
    def request_delay(self) -> float:
        """The seconds between two requests that Request-rate ("1/10s") asks for, at any time of the day."""
        rates = (_one(line).request_rate("any") for line in self.lines if line[0] == "request-rate")
        return max((rate.seconds / rate.requests for rate in rates if rate), default=0.0)

    @cached_property
    def _rules(self) -> Protego:
        return _one(*(line for line in self.lines if line[0] in _RULES))


def parse(text: str, product: str) -> RobotsFile:
    """Read a file for the crawler that calls itself `product`; the groups for `*` count where none names it."""
    outside: list[Line] = []
    ours: list[Line] = []
    others: list[Line] = []
    named, lines = False, outside
    for agents, group in _groups(text):
        if product.lower() in agents:
            named, lines = True, ours
        else:
            lines = others if "*" in agents else outside if not agents else []
        lines.extend(group)
    mine = ours if named else others
    ai_use = [line for line in (*outside, *mine) if line[0] in _AI_USE]
    return RobotsFile(lines=tuple(mine), ai_use=tuple(dict.fromkeys(ai_use))[:_MOST_SIGNALS])


def _groups(text: str) -> Iterator[tuple[frozenset[str], list[Line]]]:
    """Give each group's agents and lines; the first has no agents and holds what stands before any group.

    A group begins where a User-agent line follows a rule; other lines part nothing (RFC 9309 2.2.4).
    """
    agents: set[str] = set()
    lines: list[Line] = []
    ruled = False
    for field, value in _lines(text):
        if field == "user-agent":
            if ruled or not agents:
                yield frozenset(agents), lines
                agents, lines, ruled = set(), [], False
            agents.add(_agent(value))
        else:
            ruled = ruled or field in _RULES
            lines.append((field, value))
    yield frozenset(agents), lines


def _lines(text: str) -> Iterator[Line]:
    for line in _LINE_END.split(text):
        field, colon, value = line.partition("#")[0].partition(":")
        field = field.strip().lower()
        if colon and (field == "user-agent" or field in _RULES or field in _PACES or field in _AI_USE):
            yield field, _CONTROL.sub(lambda found: quote(found[0]), value.strip())


def _agent(value: str) -> str:
    if value.startswith("*"):
        return "*"
    token = _TOKEN.match(value)
    return token[0].lower() if token else ""


def _seconds(value: str) -> float | None:
    delay = _one(("crawl-delay", value)).crawl_delay("any")
    return None if delay is None or not delay > 0 else float(delay)


def _one(*lines: Line) -> Protego:
    return Protego.parse("\n".join(("user-agent: *", *(f"{field}: {value}" for field, value in lines))))
