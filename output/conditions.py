"""Conditions: what of a run's outcome makes its exit code 5, so that whoever watches is told."""

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from sectionary.scraper.errors import ConfigError

NAMES = ("drift", "blocked", "site", "incomplete")
DEFAULT = ("drift", "blocked", "site")
_REJECTED = re.compile(r"rejected\s*>\s*(\d+(?:\.\d+)?)\s*%")


class Condition(Struct, frozen=True, kw_only=True):
    """One condition; `share` is the most that may be rejected, of what is listed."""

    name: str
    share: float | None = None


class Facts(Struct, frozen=True, kw_only=True):
    """What conditions are held against: how one site came out."""

    failed: bool
    blocked: bool
    complete: bool
    rejected: int
    listed: int
    drift: bool = False


def conditions(texts: Iterable[str] | None) -> tuple[Condition, ...]:
    """Read names from a list or with commas between them; None gives the default, "none" no condition.

    Raises ConfigError that tells what is known.
    """
    if texts is None:
        return tuple(Condition(name=name) for name in DEFAULT)
    words = [word.strip() for text in texts for word in text.split(",") if word.strip()]
    return tuple(_condition(word) for word in words if word != "none")


def _condition(word: str) -> Condition:
    if match := _REJECTED.fullmatch(word):
        return Condition(name=word, share=float(match[1]) / 100)
    if word not in NAMES:
        raise ConfigError(f"--fail-on {word}: known are {', '.join(NAMES)}, rejected>2% and none")
    return Condition(name=word)


def holding(wanted: Sequence[Condition], facts: Facts) -> tuple[str, ...]:
    """The conditions that hold, in the order they were given."""
    return tuple(each.name for each in wanted if _holds(each, facts))


def _holds(condition: Condition, facts: Facts) -> bool:
    if condition.share is not None:
        return facts.rejected > condition.share * facts.listed
    return {
        "drift": facts.drift,
        "blocked": facts.blocked,
        "site": facts.failed,
        "incomplete": not facts.complete,
    }[condition.name]
