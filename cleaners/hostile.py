"""Hostile pages: markup that would cost far more time and memory than its length, refused for what it is.

The HTML Standard lets a page of 40 KB stand for millions of nodes: formatting elements that are never closed
are opened again in every paragraph ("reconstruct the active formatting elements", section 13.2.4.3), and
looking for an element in scope goes through all that are open (13.2.4.2), so nesting costs its square. Lexbor
does as the Standard says, and keeps attributes and names in lists that it searches from the start. No limit
here is a matter of time, which would make a dataset depend on the machine: what is refused, and why, follows
from the page alone.

Ordinary pages pay for a glance: samples, in which begin tags have their end tags. Only a page where they have
not is read tag by tag, by `_Reading`, which keeps the parser's lists without its tree. In the samples of real
encyclopedia pages (288, of forty wikis) at most 10 elements stay open; these pages are nested up to 68 levels
deep, give an element up to 56 attributes and use up to 153 names of tags and attributes.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NoReturn

from sectionary.cleaners.section import Section
from sectionary.scraper.errors import CleanError

MAX_NESTED = 256          # elements in one another, as libxml2 has it; Blink and WebKit stop at 512
MAX_PASSED = 100_000_000  # open elements that the parser may have to look at, all tags together
MAX_REOPENED = 200_000    # formatting elements that it opens again by itself
MAX_ATTRIBUTES = 500      # of one element
MAX_NAMES = 5_000         # different names of tags and attributes
MAX_SECTIONS = 20_000     # each is a record, which says of the page what all of them say
MAX_REPEATED = 50_000_000  # characters of title, address, licence and headings above that the records repeat

_FIRST, _EVERY, _SAMPLE = 1024, 1 << 14, 512     # characters before the first sample, from each to the next, in each
_ORDINARY = 8             # elements that begin in a sample and do not end there
_SUSPECT = 12             # elements beyond that, in all samples
_NAMES_EVERY, _NAMES_SAMPLE, _ORDINARY_NAMES = 1 << 18, 1024, 60

_BEGINS = re.compile(r"<([a-zA-Z][^\s/>]*)")
_ENDS = re.compile(r"</([a-zA-Z][^\s/>]*)")
_NAME = r"[^\s/>][^\s/>=]*+"
_VALUE = r"(?:\s*+=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>\"'][^\s>]*+)?+)?+"
_ATTRIBUTE = re.compile(f"({_NAME}){_VALUE}")
_TAG = re.compile(rf"<(/?)([a-zA-Z][^\s/>]*+)((?:[\s/]*+{_NAME}{_VALUE})*+)[\s/]*+(?:>|\Z)")
_MARKUP = re.compile(rf"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?][^>]*+|</[^a-zA-Z>][^>]*+|{_TAG.pattern}", re.DOTALL)
_RAW = {                                 # elements that hold text alone, by what ends it (13.2.5.2 and 13.2.5.3)
    name: re.compile(rf"</{name}(?=[\s/>])|\Z", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}



def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Names by what the Standard's tree construction makes of them (13.1.2, 13.2.4.2, 13.2.4.3 and 13.2.6.4.7).
_VOID = _set("area base bgsound br col embed frame hr img image input link meta param source track wbr")
_SINGLE = _set("html head body")
_FORMATTING = _set("a b big code em font i nobr s small strike strong tt u")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MARKERS = _set("applet caption marquee object td template th")
_FOREIGN = _set("svg math")
_ISLANDS = _set("annotation-xml desc foreignobject mi mn mo ms mtext")     # where HTML goes on in SVG and MathML
_SCOPES = _MARKERS | _ISLANDS | {"table", "select"}
_BUTTON_SCOPES = _SCOPES | {"button"}
_BLOCKS = _set(
    "address article aside blockquote center details dialog dd dir div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup li listing main menu nav ol p plaintext pre search section summary table ul"
)
_LEAVES_FOREIGN = (_BLOCKS | _FORMATTING | _set("body br embed head hr img meta ruby span sub sup var")) - _set(
    "a address article aside details dialog dir fieldset figcaption figure footer form header hgroup main search "
    "section summary"
)
_TABLE_PARTS: dict[str, tuple[str, ...]] = {             # and what they stand in, if not in the table itself
    "td": ("tr",),
    "th": ("tr",),
    "tr": ("tbody", "thead", "tfoot"),
    **dict.fromkeys(("tbody", "thead", "tfoot", "caption", "colgroup"), ()),
}
_SPECIAL = _BLOCKS | _SCOPES | frozenset(_TABLE_PARTS) | {"button", "iframe"}
_ITEMS = {"li": ("li",), "dd": ("dd", "dt"), "dt": ("dd", "dt")}
_KEEPS_ITEM = _SPECIAL - {"address", "div", "p"}
_ENDS_ABOVE = {"option": ("option",), "optgroup": ("option", "optgroup"), **dict.fromkeys(_HEADINGS, _HEADINGS)}


def refuse_bomb(html: str, url: str) -> None:
    """Raise CleanError for a page whose markup would hold the parser; the reason says what, and the limit."""
    if _left_open(html, url) > _SUSPECT or _most_names(html) > _ORDINARY_NAMES:
        _Reading(url).read(html)


def refuse_repetition(sections: Sequence[Section], common: Iterable[str | None], url: str) -> None:
    """Raise CleanError for an article whose records would repeat far more than it says.

    Every record tells what is `common` to all of the page and the headings above its own, however long they are.
    """
    if len(sections) > MAX_SECTIONS:
        raise CleanError(url, f"hostile: {len(sections)} sections, at most {MAX_SECTIONS} are kept")
    repeated = len(sections) * sum(len(each or "") for each in common)
    repeated += sum(len(heading) for section in sections for heading in section.path)
    if repeated > MAX_REPEATED:
        raise CleanError(url, f"hostile: records that repeat {repeated} characters, at most {MAX_REPEATED}")


def _left_open(html: str, url: str) -> int:
    """How many elements begin in samples and do not end, beyond the ordinary. Refuses long tags on its way."""
    found = checked = 0
    for at in range(_FIRST, len(html), _EVERY):
        begun = _BEGINS.findall(html, at, at + _SAMPLE)
        if len(begun) > _ORDINARY:
            found += max(_unended(begun, _ENDS.findall(html, at, at + _SAMPLE)) - _ORDINARY, 0)
        elif not begun and at >= checked:
            checked = _past_long_tag(html, at, url)
    return found


def _unended(begun: list[str], ended: list[str]) -> int:
    ends = Counter(ended)
    return sum(max(number - ends[name], 0) for name, number in Counter(begun).items() if name not in _VOID)


def _most_names(html: str) -> int:
    """How many different names of tags and attributes are in the sample that has most, of a long page."""
    most = 0
    for at in range(_NAMES_EVERY // 2, len(html), _NAMES_EVERY):
        names: set[str] = set()
        for _, name, attributes in _TAG.findall(html, at, at + _NAMES_SAMPLE):
            names.add(name)
            names.update(_ATTRIBUTE.findall(attributes))
        most = max(most, len(names))
    return most


def _past_long_tag(html: str, at: int, url: str) -> int:
    """Where the next markup begins behind `at`, which may lie in a tag: in one with too many attributes, it refuses."""
    tag = _TAG.match(html, max(html.rfind("<", 0, at), 0))
    if tag and tag.end() > at:
        _check_attributes(len(_ATTRIBUTE.findall(tag[3])), url)
    following = html.find("<", at)
    return following if following >= 0 else len(html)


def _check_attributes(number: int, url: str) -> None:
    if number > MAX_ATTRIBUTES:
        raise CleanError(url, f"hostile: {number} attributes of one element, at most {MAX_ATTRIBUTES} are read")


class _Reading:
    """What the parser would have to keep, tag by tag: elements that are open, and formatting to open again.

    Where the Standard's rules differ in cases that cost the same, one rule stands for them.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._open: list[tuple[str, int]] = []                   # names of the elements, each with its number
        self._held: dict[str, int] = {}                          # how many of a name are open
        self._formatting: list[dict[int, tuple[str, str]]] = [{}]     # in each scope: number → tag
        self._standing: set[int] = set()                         # formatting elements that are open
        self._names: set[str] = set()
        self._number = self._passed = self._reopened = self._merged = 0

    def read(self, html: str) -> None:
        """Go through the page's tags. Raises CleanError at the one that is too many."""
        at, search, names = 0, _MARKUP.search, self._names
        while found := search(html, at):
            if found.start() > at:
                self._reopen()
            at = found.end()
            ends, name, attributes = found.groups()
            if name is None:
                continue
            name = name.lower()
            if attributes or name not in names:
                self._count(name, attributes)
            self._passed += len(self._open)
            if self._passed > MAX_PASSED:
                self._refuse(MAX_PASSED, "steps through open elements")
            if ends:
                self._end(name)
                continue
            self._start(name, attributes)
            if name in _RAW and not self._is_foreign():
                end = _RAW[name].search(html, at)
                at = end.start() if end else len(html)

    def _count(self, name: str, attributes: str) -> None:
        found = _ATTRIBUTE.findall(attributes)
        if name in _SINGLE:              # all that a page has are one
            self._merged += len(found)
        _check_attributes(self._merged if name in _SINGLE else len(found), self._url)
        self._names.add(name)
        self._names.update(found)
        if len(self._names) > MAX_NAMES:
            self._refuse(MAX_NAMES, "different names of tags and attributes")

    def _refuse(self, most: int, what: str) -> NoReturn:
        raise CleanError(self._url, f"hostile: more than {most} {what}")

    def _start(self, name: str, attributes: str) -> None:
        if self._is_foreign() and not self._leaves_foreign(name, attributes):
            return
        if name in _VOID:
            self._reopen()
            return
        if name in _SINGLE or (name in _TABLE_PARTS and not self._makes_room(name)):
            return
        if name in _ITEMS:
            self._close(_ITEMS[name], _KEEPS_ITEM)
        elif self._open and self._open[-1][0] in _ENDS_ABOVE.get(name, ()):
            self._pop(len(self._open) - 1)
        elif name in {"a", "nobr"}:
            self._end_formatting(name)
        if name in _BLOCKS:
            self._close(("p",), _BUTTON_SCOPES)
        elif name not in _TABLE_PARTS:
            self._reopen()
        self._push(name, attributes)

    def _end(self, name: str) -> None:
        if self._held.get(foreign := _foreign(name)) and self._is_foreign():
            self._close((foreign,), _ISLANDS)
            return
        if name in _FORMATTING and self._end_formatting(name):
            return
        if name in _TABLE_PARTS:
            self._close((name,), frozenset(("table", "template")))
        elif name == "table":
            self._close((name,), frozenset(("template",)))
        else:
            names = _HEADINGS if name in _HEADINGS else (name,)
            self._close(names, _SCOPES if name in _SPECIAL else _SPECIAL)

    def _makes_room(self, part: str) -> bool:
        """Close what stands between a table, or a row, and its new part. False where there is no table."""
        if not self._held.get("table"):
            return False
        above = len(self._open)
        while self._open[above - 1][0] not in ("table", *_TABLE_PARTS[part]):
            above -= 1
        self._pop(above)
        return True

    def _close(self, names: tuple[str, ...], until: frozenset[str]) -> None:
        """Close the innermost element of these names, and all in it, if none of `until` is nearer."""
        held = self._held
        for name in names:
            if held.get(name):
                break
        else:
            return
        for at in range(len(self._open) - 1, -1, -1):
            name = self._open[at][0]
            if name in names:
                self._pop(at)
                return
            if name in until:
                return

    def _end_formatting(self, name: str) -> bool:
        """End a formatting element, if the list has one; blocks in it stay open (13.2.6.4.7, adoption agency)."""
        scope = self._formatting[-1]
        number = next((number for number in reversed(scope) if scope[number][0] == name), None)
        if number is None:
            return False
        del scope[number]
        if number in self._standing:
            at = self._open.index((name, number))
            if _SPECIAL.isdisjoint(above for above, _ in self._open[at:]):
                self._pop(at)
            else:
                del self._open[at]
                self._held[name] -= 1
                self._standing.discard(number)
        return True

    def _pop(self, above: int) -> None:
        """Close all elements from the one at `above` on. Formatting stays listed, unless its scope ends."""
        for name, number in self._open[above:]:
            self._held[name] -= 1
            self._standing.discard(number)
            if name in _MARKERS:
                self._formatting.pop()
        del self._open[above:]

    def _push(self, name: str, attributes: str) -> None:
        self._number += 1
        self._stand(name, self._number)
        if name in _MARKERS:
            self._formatting.append({})
        elif name in _FORMATTING:
            scope, tag = self._formatting[-1], (name, attributes)
            same = [number for number, other in scope.items() if other == tag]
            if len(same) > 2:            # the Standard's "Noah's Ark clause"
                del scope[same[0]]
            scope[self._number] = tag
            self._standing.add(self._number)

    def _stand(self, name: str, number: int) -> None:
        self._open.append((name, number))
        self._held[name] = self._held.get(name, 0) + 1
        if len(self._open) > MAX_NESTED:
            self._refuse(MAX_NESTED, "elements in one another")

    def _reopen(self) -> None:
        """Open formatting elements again that were closed with their blocks."""
        scope = self._formatting[-1]
        if scope and next(reversed(scope)) not in self._standing:
            for number, (name, _) in scope.items():
                if number not in self._standing:
                    self._standing.add(number)
                    self._stand(name, number)
                    self._reopened += 1
            if self._reopened > MAX_REOPENED:
                self._refuse(MAX_REOPENED, "formatting elements to open again")

    def _is_foreign(self) -> bool:
        """Whether the innermost element is one of SVG or MathML (13.2.6.5)."""
        if not (self._held.get("svg") or self._held.get("math")):
            return False
        around = (name for name, _ in reversed(self._open) if name in _ISLANDS or name in _FOREIGN)
        return next(around, "") in _FOREIGN

    def _leaves_foreign(self, name: str, attributes: str) -> bool:
        """Whether a tag ends the SVG or MathML that it stands in; else it is an element of that."""
        if name not in _LEAVES_FOREIGN:
            if not attributes.endswith("/"):
                self._number += 1
                self._stand(name if name in _ISLANDS or name in _FOREIGN else _foreign(name), self._number)
            return False
        above = len(self._open)
        while self._open[above - 1][0] not in _FOREIGN:
            above -= 1
        self._pop(above - 1)
        return True


def _foreign(name: str) -> str:
    """A name that HTML's rules are not about."""
    return f"{name} in SVG or MathML"
