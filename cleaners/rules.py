"""Rules: a site file's `cleaners:` part, compiled so that the walk pays one look-up an element.

CSS selectors are matched by Lexbor itself, but a hundred of them over a whole tree cost more than parsing
it. So each selector is filed under the id, class, attribute or tag that an element must have; only an element
that has it is ever asked whether it matches the rest.
"""

from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
from pydantic import BaseModel, ConfigDict, ValidationError
from selectolax.lexbor import LexborNode

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
    fields: dict[str, tuple[str, ...]] = {}
    blocks: dict[str, tuple[str, ...]] = {}
    disambiguation: tuple[str, ...] = ()
    text: tuple[TextRule, ...] = ()


class Action(NamedTuple):
    """What to do with an element: `kind` is remove, field or block; `name` the rule, field or block type."""

    kind: str
    name: str


class Candidate(NamedTuple):
    """An action for elements that match `selector`. The lowest rank is asked first."""

    rank: tuple[int, int]
    number: int                          # breaks ties: the order of the site file
    selector: Selector
    action: Action


Drawer = dict[str, list[Candidate]]
_KINDS = ("field", "block", "remove")    # on equal specificity data wins over removal


class Rules:
    """Compiled rules of one site. `version` names release-independent content: site file and digest."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.spec = _checked(site)
        self.version = f"{site.name}-{_digest(site.cleaners)}"
        self._drawers: dict[str, Drawer] = {"id": {}, "class": {}, "attribute": {}, "tag": {}}
        self._known: dict[str, tuple[Candidate, ...]] = {}
        for number, (action, text) in enumerate(_actions(self.spec)):
            selector = Selector(text)
            rank = (-selector.specificity, _KINDS.index(action.kind))
            table, key = selector.key
            self._drawers[table].setdefault(key, []).append(Candidate(rank, number, selector, action))
        self._ids, self._classes, self._attributes, self._tags = self._drawers.values()

    def action(self, tag: str, attributes: Attributes, node: LexborNode) -> Action | None:
        """What the rules say of this element, or None: it is content."""
        for candidate in self._candidates(tag, attributes):
            if candidate.selector.matches(tag, attributes, node):
                return candidate.action
        return None

    def _candidates(self, tag: str, attributes: Attributes) -> Iterable[Candidate]:
        found: tuple[Candidate, ...] | list[Candidate] = ()
        if attributes:
            classes = attributes.get("class")
            if classes:
                found = self._known.get(classes, ()) if classes in self._known else self._by_class(classes)
            if (own := attributes.get("id")) and own in self._ids:
                found = sorted([*found, *self._ids[own]])
            for name in self._attributes:
                if name in attributes:
                    found = sorted([*found, *self._attributes[name]])
        return sorted([*found, *self._tags[tag]]) if tag in self._tags else found

    def _by_class(self, classes: str) -> tuple[Candidate, ...]:
        """The candidates of a class attribute, remembered: a page repeats few values many times."""
        found = tuple(sorted(each for name in set(classes.split()) for each in self._classes.get(name, ())))
        if len(self._known) < 10_000:
            self._known[classes] = found
        return found


def _actions(spec: CleanerRules) -> Iterable[tuple[Action, str]]:
    """Every selector with its action."""
    fields = {**spec.fields, "title": spec.title, "disambiguation": spec.disambiguation}
    for kind, table in zip(_KINDS, (fields, spec.blocks, spec.remove), strict=True):
        for name, selectors in table.items():
            for selector in selectors:
                yield Action(kind, name), selector


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
