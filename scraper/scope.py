"""Scope: which pages of a site its operator wants. Pure."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from urllib.parse import unquote, urlsplit

from sectionary.scraper.settings import SiteSettings

_CATEGORY = re.compile(r"\s*category\s*:[\s_]*(.*?)[\s_]*", re.IGNORECASE | re.DOTALL)


def category_of(rule: str) -> str | None:
    """Give the category that a rule of `include` or `exclude` names ("Category:Oncology"), None for another rule."""
    named = _CATEGORY.fullmatch(rule)
    return named[1] or None if named else None


def categories(rules: Iterable[str]) -> tuple[str, ...]:
    """Give the categories that rules name, in their order."""
    return tuple(name for rule in rules if (name := category_of(rule)))


def patterns(rules: Iterable[str]) -> tuple[str, ...]:
    """Give the rules that are patterns for titles or addresses."""
    return tuple(rule for rule in rules if category_of(rule) is None)


def out_of_scope(site: SiteSettings, url: str, title: str | None, *, in_category: bool | None = None) -> str | None:
    """Say that `include` and `exclude` leave a page out ("scope"), or None.

    A pattern with a slash is held against the address, any other against the title, or where none is known
    against the last part of the address's path; both as in a shell (`*`, `?`, `[…]`), case counting, spaces
    and underscores alike. An empty `include` takes all. `in_category` tells whether the page is in one of the
    categories that `include` names; where that is not known (None) they leave nothing out.
    """
    unknown = in_category is None and bool(categories(site.include))
    chosen = not site.include or in_category or unknown or _matches(patterns(site.include), url, title)
    return None if chosen and not _matches(patterns(site.exclude), url, title) else "scope"


def _matches(rules: tuple[str, ...], url: str, title: str | None) -> bool:
    name = (title or unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])).replace("_", " ")
    return any(
        fnmatchcase(url, rule) if "/" in rule else fnmatchcase(name, rule.replace("_", " ")) for rule in rules
    )
