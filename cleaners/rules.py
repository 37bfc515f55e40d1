"""Rules: a site file's `cleaners:` part, compiled so that the walk pays one look-up an element.

CSS selectors are matched by Lexbor itself, but a hundred of them over a whole tree cost more than parsing
it. So each selector is filed under the id, class, attribute or tag that an element must have; only an element
that has it is ever asked whether it matches the rest.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
from pydantic import BaseModel, ConfigDict, ValidationError
from selectolax.lexbor import LexborNode

from sectionary.cleaners.compound import Compound
from sectionary.cleaners.compound import selector as compound
from sectionary.cleaners.selector import Attributes, Selector
from sectionary.cleaners.text import TextRule
from sectionary.scraper.errors import ConfigError
from sectionary.scraper.site import Site, load_site, merge, sites


class CleanerRules(BaseModel):
    """The `cleaners:` part of a site file; `sites/mediawiki.yaml` explains each key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    content: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    remove: dict[str, tuple[str, ...]] = {}
    beside: dict[str, tuple[str, ...]] = {}
    fields: dict[str, tuple[str, ...]] = {}
    blocks: dict[str, tuple[str, ...]] = {}
    disambiguation: tuple[str, ...] = ()
    page_type: str = "article"
    content_namespaces: tuple[int, ...] = ()
    other_namespaces: tuple[str, ...] = ()
    list_titles: tuple[str, ...] = ()
    category_links: tuple[str, ...] = ("li a",)
    license: tuple[str, ...] = ()
    backlinks: tuple[str, ...] = ()
    text: tuple[TextRule, ...] = ()


class Action(NamedTuple):
    """What to do with an element: `kind` is remove, field or block; `name` the rule, field or block type."""

    kind: str
    name: str
    selector: str


class Candidate(NamedTuple):
    """An action for elements that match `selector`. The lowest rank is asked first."""

    rank: tuple[int, int]
    number: int                          # breaks ties: the order of the site file
    selector: Selector
    action: Action
    certain: bool                        # tag and classes decide


Drawer = dict[str, list[Candidate]]
# The rules for what no other is for: what the page says before the element that the article is in, and after it.
BEFORE, AFTER = "page.before-article", "page.after-article"
EDIT_MARK = "section.edit-marker"          # "[edit]" by its words, where another program has taken the classes away
PERMALINK = "section.permalink"            # a sign in a heading that links to it
_KINDS = ("field", "block", "remove")    # on equal specificity data wins over removal
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_REMEMBERED = 10_000                     # tags with a class attribute; a page repeats few of them many times


class Filed:
    """Selectors with their actions, filed.

    None is about an element whose tag and class attribute are among `untouched`, whose id is not among `named`, and
    that has none of the attributes `telling`. That is most of them, so the walk looks for itself and asks `action` only
    of the others.
    """

    def __init__(self, actions: Iterable[Action]) -> None:
        drawers: dict[str, Drawer] = {"id": {}, "class": {}, "attribute": {}, "tag": {}}
        for number, action in enumerate(actions):
            selector = Selector(action.selector)
            rank = (-selector.specificity, _KINDS.index(action.kind))
            table, key = selector.key
            drawers[table].setdefault(key, []).append(Candidate(rank, number, selector, action, selector.is_certain))
        self.named, self._classes, self._attributes, self._tags = drawers.values()
        self.telling = frozenset(self._attributes)
        self.untouched: set[tuple[str, str | None]] = set()
        self._known: dict[tuple[str, str | None], tuple[Candidate, ...]] = {}
        self._valued: dict[tuple[str, str | None, str, str | None], tuple[Candidate, ...]] = {}

    def action(self, tag: str, attributes: Attributes, node: LexborNode) -> Action | None:
        """What the rules say of this element, or None: it is content."""
        classes = attributes.get("class")
        found = self._known.get((tag, classes))
        if found is None:
            found = self._by_tag_and_class(tag, classes)
        if attributes.get("id") in self.named or not self.telling.isdisjoint(attributes):
            found = self._with_others(found, tag, attributes)
        for candidate in found:
            if candidate.certain or candidate.selector.matches(attributes, node):
                return candidate.action
        return None

    def _by_tag_and_class(self, tag: str, classes: str | None) -> tuple[Candidate, ...]:
        """The candidates that are filed under a tag and its classes and fit both, remembered."""
        names = frozenset((classes or "").split())
        filed = [*self._tags.get(tag, ()), *(each for name in names for each in self._classes.get(name, ()))]
        found = tuple(sorted(each for each in filed if each.selector.fits(tag, names)))
        if len(self._known) < _REMEMBERED:
            self._known[tag, classes] = found
            if not found:
                self.untouched.add((tag, classes))
        return found

    def _with_others(self, found: tuple[Candidate, ...], tag: str, attributes: Attributes) -> tuple[Candidate, ...]:
        """`found` and the candidates that are filed under an id or under the name of an attribute.

        The id of a heading is its anchor, made of what an author wrote: "footer", "toc". A selector must name the tag
        to be about a heading by its id; of h1 too few are anchors.
        """
        classes = attributes.get("class")
        others = [each for each in self.named.get(attributes.get("id") or "", ()) if _fits(each, tag, classes)]
        if others and (tag in _HEADINGS or "mw-headline" in (classes or "")):
            others = [each for each in others if each.selector.tag]
        for name, value in attributes.items():
            if name in self._attributes:
                others += self._by_attribute(name, value, tag, classes)
        return tuple(sorted((*found, *others))) if others else found

    def _by_attribute(self, name: str, value: str | None, tag: str, classes: str | None) -> tuple[Candidate, ...]:
        """The candidates that are filed under an attribute and pass with this value of it, remembered."""
        key = (name, value, tag, classes)
        found = self._valued.get(key)
        if found is None:
            filed = (each for each in self._attributes[name] if each.selector.passes({name: value}, only=name))
            found = tuple(each for each in filed if _fits(each, tag, classes))
            if len(self._valued) < _REMEMBERED:
                self._valued[key] = found
        return found


class Rules(Filed):
    """Compiled rules of one site. `version` names release-independent content: site file and digest.

    `beside` are rules that are asked only of what lies outside the article, where no other rule is.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.spec = _checked(site)
        self.version = f"{site.name}-{_digest(site.cleaners)}"
        super().__init__(_actions(self.spec))
        self.beside = Filed(_removals(self.spec.beside))
        self.backlinks = tuple(map(_simple, self.spec.backlinks))
        self.category_links = ", ".join(self.spec.category_links)
        self.list_title = _any_of(self.spec.list_titles)

    @property
    def ids(self) -> frozenset[str]:
        """Every rule that a removal can be on the account of: the site file's own, and what a field or block leaves.

        `field.NAME` is what its element says beside the field; `twin.NAME` is the same once more.
        """
        spec = self.spec
        kinds = ["title", "disambiguation", *spec.fields, *spec.blocks]
        left = (f"{of}.{kind}" for of in ("field", "twin") for kind in kinds)
        return frozenset([BEFORE, AFTER, EDIT_MARK, PERMALINK, *spec.remove, *spec.beside, *left])


def _simple(text: str) -> Compound:
    """A selector that is matched without Lexbor. Raises ConfigError for another."""
    found = compound(text)
    if found is None:
        raise ConfigError(f"selector {text!r} asks for more than an element, its attributes and what it lies in")
    return found


def _fits(candidate: Candidate, tag: str, classes: str | None) -> bool:
    return candidate.selector.fits(tag, frozenset((classes or "").split()))


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """One pattern of many, in any case; of none one that nothing matches. Raises ConfigError for what is none."""
    return re.compile("|".join(map(_group, patterns)) or "(?!)", re.IGNORECASE)


def _group(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ConfigError(f"no regular expression: {pattern!r}: {error}") from None
    return f"(?:{pattern})"


def _actions(spec: CleanerRules) -> Iterator[Action]:
    """Every selector with its action."""
    fields = {**spec.fields, "title": spec.title, "disambiguation": spec.disambiguation}
    for kind, table in zip(_KINDS, (fields, spec.blocks, spec.remove), strict=True):
        yield from (Action(kind, name, selector) for name, selectors in table.items() for selector in selectors)


def _removals(table: dict[str, tuple[str, ...]]) -> Iterator[Action]:
    return (Action("remove", rule, selector) for rule, selectors in table.items() for selector in selectors)


def _checked(site: Site) -> CleanerRules:
    try:
        return CleanerRules.model_validate(site.cleaners)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"site file {site.name}: cleaners.{where}: {first['msg']}") from None


def _digest(cleaners: dict[str, Any]) -> str:
    return blake2b(msgspec.json.encode(cleaners, order="deterministic"), digest_size=6).hexdigest()


@cache
def rules(name: str, own: str = "{}") -> Rules:
    """The compiled rules of the site file `name`, with the operator's `own` over them. Raises ConfigError.

    `own` is the `cleaners:` part of a configuration as JSON.
    """
    site = load_site(name)
    return Rules(site.model_copy(update={"cleaners": merge(site.cleaners, msgspec.json.decode(own))}))


@cache
def rules_version(own: str = "{}") -> str:
    """A digest of all site files: what a page's rules can depend on when they are found from the page."""
    versions = "".join(rules(site.name, own).version for site in sites())
    return blake2b(versions.encode(), digest_size=6).hexdigest()
