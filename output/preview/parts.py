"""Parts: what became of a page's text, piece by piece, and which rule of which site file did it."""

from collections.abc import Iterable, Iterator
from functools import cache
from operator import attrgetter
from typing import Any

from msgspec import Struct

from sectionary.cleaners.article import Article
from sectionary.cleaners.trace import Span, Trace
from sectionary.cleaners.visible import ink
from sectionary.scraper.page import Page
from sectionary.scraper.site import load_site

KINDS = ("block", "field", "removal")    # as the script numbers them


class Part(Struct, frozen=True, kw_only=True, gc=False):
    """A run of text with one owner, from `start` to before `end` in the page's text.

    `kind` is block, field or removal; `name` the block ("3.5": section and block by index), the field
    ("heading:3" for that of a section) or the rule; `group` numbers the names of each kind, so that a rule
    keeps its tint. `chars` leaves white space out.
    """

    number: int
    kind: str
    name: str
    selector: str | None
    group: int
    start: int
    end: int
    chars: int


def parts(trace: Trace) -> list[Part]:
    """The spans of a trace as numbered parts, in the order of the page; neighbours with one owner are one."""
    groups: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
    spans = sorted(trace.spans, key=attrgetter("start"))
    return [_part(number, run, trace.text, groups) for number, run in enumerate(_runs(spans, trace.text))]


def _runs(spans: Iterable[Span], text: str) -> Iterator[list[Span]]:
    """Spans of one owner with nothing but white space between them."""
    run: list[Span] = []
    for span in spans:
        if run and (_owner(run[0]) != _owner(span) or text[run[-1].end : span.start].strip()):
            yield run
            run = []
        run.append(span)
    if run:
        yield run


def _owner(span: Span) -> tuple[str, str | None]:
    return span.owner, span.selector


def _part(number: int, run: list[Span], text: str, groups: dict[str, dict[str, int]]) -> Part:
    kind, _, name = run[0].owner.partition(":")
    if kind == "heading":
        kind, name = "field", run[0].owner
    known = groups[kind]
    start, end = run[0].start, run[-1].end
    return Part(
        number=number,
        kind=kind,
        name=name,
        selector=run[0].selector,
        group=known.setdefault(name, len(known)),
        start=start,
        end=end,
        chars=ink(text[start:end]),
    )


def site_of(page: Page, article: Article) -> str:
    """The site file that cleaned a page: the one named for it, else the article's ("1.0/wikimd-0a1b…")."""
    return page.rules or article.cleaner_version.partition("/")[2].rpartition("-")[0]


@cache
def site_file(site: str, said: str) -> str | None:
    """The file that a selector, or a rule for extracted text, stands in; the oldest of those that `site` extends."""
    found = load_site(site)
    if said not in _said(found.cleaners):
        return None
    return (found.extends and site_file(found.extends, said)) or f"{found.name}.yaml"


def _said(cleaners: dict[str, Any]) -> set[str]:
    """All that a site file selects, and its rules for text.

    A field's selector can remove, too: the second pair of coordinates, a twin.
    """
    tables = (cleaners.get(name, {}) for name in ("remove", "fields", "blocks"))
    selected = (selector for table in tables for selectors in table.values() for selector in selectors)
    return {*selected, *(rule["rule"] for rule in cleaners.get("text", ()))}
