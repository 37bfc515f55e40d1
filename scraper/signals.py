"""Signals: what a page and its host ask of those who fetch it, beside robots.txt's rules. Pure.

Whether it may be indexed (X-Robots-Tag, the robots meta element; https://developers.google.com/search/docs/
crawling-indexing/robots-meta-tag) is obeyed. What its text may be used for is recorded as it was said: noai and
noimageai, TDMRep (https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/), Content-Usage
(draft-ietf-aipref-attach) and Content-Signal (https://contentsignals.org). What its host says in a file is tdmrep.py's.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape

from msgspec import Struct

from sectionary.scraper.page import Signal
from sectionary.scraper.response import Response
from sectionary.scraper.version import PRODUCT

_HEAD = 2**15                            # bytes in which a head stands
_MOST = 30                               # signals of a page that are kept
_LONGEST = 500                           # characters of each

_META = re.compile(rb"<meta\b([^<>]{0,2000})>")
_UNSEEN = re.compile(rb"<!--.*?(?:-->|\Z)|<(script|style|noscript|template)\b.*?(?:</\1|\Z)", re.DOTALL)
_BODY = re.compile(rb"<body\b|</head")
_ATTRIBUTE = re.compile(rb"""\b(name|content)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)

_ROBOTS_METAS = frozenset({"robots", PRODUCT})
_AI_METAS = frozenset({"tdm-reservation", "tdm-policy", "content-usage", "content-signal"})
_USUAL = frozenset({"all", "index", "follow", "max-image-preview", "max-snippet", "max-video-preview"})
_GLANCE = (b"robots", b"tdm-", b"content-usage", b"content-signal", PRODUCT.encode())
_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})


class Signals(Struct, frozen=True, kw_only=True):
    """What an answer asks for: not to be kept, its links not to be followed, and what else it said."""

    noindex: bool = False
    nofollow: bool = False
    said: tuple[Signal, ...] = ()


def signals(answer: Response, rules: Iterable[tuple[str, str]] = (), *, now: datetime | None = None) -> Signals:
    """Read an answer's headers and the head of its page; `rules` are the lines of robots.txt on the use of pages.

    `now` is what an `unavailable_after` is held against.
    """
    metas = list(_metas(answer.body))
    told = [value for key, value in answer.headers if key.lower() == "x-robots-tag"]
    asked = {word for value in told for word in _directives(value, now)}
    asked |= {word for name, value in metas if name in _ROBOTS_METAS for word in _directives(value, now)}
    said = (
        *(Signal(source="header", name="x-robots-tag", value=value) for value in told),
        *(Signal(source="header", name=key.lower(), value=value) for key, value in answer.headers
          if key.lower() in _AI_METAS),
        *(Signal(source="meta", name=name, value=value) for name, value in metas),
        *(Signal(source="robots.txt", name=name, value=value) for name, value in rules),
    )  # fmt: skip
    return Signals(
        noindex=bool(asked & {"noindex", "none"}),
        nofollow=bool(asked & {"nofollow", "none"}),
        said=tuple(dict.fromkeys(_short(signal) for signal in said if not _is_usual(signal)))[:_MOST],
    )


def _directives(value: str, now: datetime | None) -> Iterator[str]:
    """Give the words of one header or element that are for us: those behind another crawler's name are not.

    "noindex, otherbot: nofollow, sectionary: noai" holds noindex for all, nofollow for another, noai for us.
    """
    ours = True
    for part in re.split(r",(?!\s*\d)", value.lower()):
        name, colon, rest = (piece.strip() for piece in part.partition(":"))
        if colon and name not in _VALUED:
            ours = name in {PRODUCT, "*"}
            name, colon, rest = (piece.strip() for piece in rest.partition(":"))
        if ours and name == "unavailable_after":
            if _is_past(rest, now):
                yield "noindex"
        elif ours:
            yield from name.split()


def _is_past(date: str, now: datetime | None) -> bool:
    moment = _moment(date)
    return moment is not None and now is not None and moment <= now


def _moment(date: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(date.strip().upper())
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _metas(body: bytes) -> Iterator[tuple[str, str]]:
    """Give name and content of the elements in a page's head that are about robots and uses."""
    head = body[:_HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "replace").encode()
    low = head.lower()                   # much faster than a search that ignores case
    metas = [meta for meta in _META.finditer(low) if any(map(meta[1].__contains__, _GLANCE))]
    if not metas:
        return
    low = low[: metas[-1].end()]         # what stands behind cannot hide what stands before
    unseen = [(gap.start(), gap.end()) for gap in _UNSEEN.finditer(low)]
    end = next((m.start() for m in _BODY.finditer(low) if not _within(m.start(), unseen)), len(low))
    for meta in metas:
        if meta.start() > end or _within(meta.start(), unseen):
            continue
        told = {
            key.lower(): _text(b"".join(values))
            for key, *values in _ATTRIBUTE.findall(head[meta.start(1) : meta.end(1)])
        }
        name = told.get(b"name", "").lower().strip()
        if name in _ROBOTS_METAS or name in _AI_METAS:
            yield name, told.get(b"content", "")


def _within(place: int, gaps: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in gaps)


def _is_usual(signal: Signal) -> bool:
    """Tell whether a signal asks for nothing but what is done anyway, as many wikis say on every page."""
    if signal.name not in _ROBOTS_METAS and signal.name != "x-robots-tag":
        return False
    return all(part.partition(":")[0].strip() in _USUAL for part in signal.value.lower().split(","))


def _text(value: bytes) -> str:
    return unescape(value.decode("utf-8", "replace"))


def _short(signal: Signal) -> Signal:
    return Signal(source=signal.source, name=signal.name, value=" ".join(signal.value.split())[:_LONGEST])
