"""View: what the template shows of one page."""

from collections.abc import Iterable
from itertools import accumulate, groupby
from operator import attrgetter

import msgspec
from msgspec import Struct
from selectolax.lexbor import LexborNode

from sectionary.cleaners.article import Article, is_plain, parsed
from sectionary.cleaners.decode import read_source
from sectionary.cleaners.trace import Trace
from sectionary.output.preview.blocks import ShownBlock, shown_blocks
from sectionary.output.preview.original import original, original_text
from sectionary.output.preview.parts import KINDS, Part, parts, site_file, site_of
from sectionary.output.record import PageRecord, SectionRecord, records
from sectionary.scraper.errors import CleanError
from sectionary.scraper.page import Page

_BAR = 240                               # columns of the strip that shows kept and removed along the text


class ShownRule(Struct, frozen=True, kw_only=True):
    """A rule and what it took; `group` numbers those that took text."""

    name: str
    group: int | None
    count: int
    chars: int


class ShownField(Struct, frozen=True, kw_only=True):
    """A field and how many characters of the page went into it."""

    name: str
    chars: int


class Bar(Struct, frozen=True, kw_only=True):
    """A stretch of the page's text with one fate, in columns of the strip."""

    kind: str
    x: int
    width: int


class ShownSection(Struct, frozen=True, kw_only=True):
    """A record and its blocks in HTML."""

    row: SectionRecord
    blocks: list[ShownBlock]


class PageView(Struct, frozen=True, kw_only=True):
    """One page of a preview. `original` and `data` are ready to stand in HTML, all else is text to escape."""

    source: str
    row: PageRecord
    sections: list[ShownSection]
    original: str
    plain: bool
    rules: list[ShownRule]
    fields: list[ShownField]
    bars: list[Bar]
    total: int
    kept: int
    told: int
    removed: int
    data: str


def page_view(source: str, page: Page, article: Article) -> PageView:
    """What is shown of `page`, as got from `source` (an address, a file name), and of what became of it.

    `article` is the page's, cleaned with a trace.
    """
    html = read_source(page.body, page.http.content_type, page.url).text
    plain = is_plain(page.http.content_type, html)
    pieces = parts(article.trace or Trace(text=html, spans=()))
    row, rows = records(article, page)
    return PageView(
        source=source,
        row=row,
        sections=[
            ShownSection(row=each, blocks=list(shown_blocks(section)))
            for each, section in zip(rows, article.sections, strict=True)
        ],
        original=original_text(html, pieces) if plain else original(_body(html, page.url), pieces),
        plain=plain,
        rules=_rules(pieces, article),
        fields=_fields(pieces),
        bars=_bars(pieces),
        total=_BAR,
        kept=_share(pieces, "block"),
        told=_share(pieces, "field"),
        removed=_share(pieces, "removal"),
        data=_data(pieces, site_of(page, article)),
    )


def _body(html: str, url: str) -> LexborNode:
    """The body of a page, parsed as it was to be cleaned."""
    body = parsed(html).body
    if body is None:
        raise CleanError(url, "no content")
    return body


def _share(pieces: Iterable[Part], kind: str) -> int:
    return sum(part.chars for part in pieces if part.kind == kind)


def _rules(pieces: Iterable[Part], article: Article) -> list[ShownRule]:
    """The rules that took something, the one that took most first; the script knows those with text by group."""
    groups = {part.name: part.group for part in pieces if part.kind == "removal"}
    shown = [_rule(name, groups.get(name), article) for name in dict.fromkeys(each.rule for each in article.removals)]
    return sorted(shown, key=lambda rule: (rule.group is None, -rule.chars, rule.name))


def _rule(name: str, group: int | None, article: Article) -> ShownRule:
    """A rule, with what all its selectors took."""
    own = [each for each in article.removals if each.rule == name]
    count, chars = sum(each.count for each in own), sum(each.chars for each in own)
    return ShownRule(name=name, group=group, count=count, chars=chars)


def _fields(pieces: Iterable[Part]) -> list[ShownField]:
    taken: dict[str, int] = {}
    for part in pieces:
        if part.kind == "field":
            base = part.name.partition(":")[0]
            taken[base] = taken.get(base, 0) + part.chars
    return [ShownField(name=name, chars=n) for name, n in taken.items()]


def _bars(pieces: Iterable[Part]) -> list[Bar]:
    """The strip: what became of the text from its beginning to its end, each character as wide as the next."""
    runs = [(kind, sum(part.chars for part in run)) for kind, run in groupby(pieces, key=attrgetter("kind"))]
    width = max(sum(chars for _, chars in runs), 1) / _BAR
    ends = [round(end / width) for end in accumulate(chars for _, chars in runs)]
    columns = [kind for (kind, _), start, end in zip(runs, [0, *ends], ends, strict=False) for _ in range(start, end)]
    stretches = [(kind, len(list(run))) for kind, run in groupby(columns)]
    starts = accumulate((length for _, length in stretches), initial=0)
    return [Bar(kind=kind, x=x, width=length) for (kind, length), x in zip(stretches, starts, strict=False)]


def _data(pieces: Iterable[Part], site: str) -> str:
    """What the script needs, as JSON in which no tag can begin or end."""
    names: dict[str, list[str]] = {kind: [] for kind in KINDS}
    selectors: dict[str, int] = {}
    rows = []
    for part in pieces:
        if part.group == len(names[part.kind]):
            names[part.kind].append(part.name)
        known = None if part.selector is None else selectors.setdefault(part.selector, len(selectors))
        rows.append((KINDS.index(part.kind), part.group, known, part.chars))
    data = {
        "names": [names[kind] for kind in KINDS],
        "selectors": [(selector, site_file(site, selector)) for selector in selectors],
        "texts": [site_file(site, rule) for rule in names["removal"]],
        "parts": rows,
    }
    return msgspec.json.encode(data).decode("utf-8", "replace").replace("<", "\\u003c")
