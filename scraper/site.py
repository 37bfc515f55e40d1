"""Site: what we know of one encyclopedia, as data. One YAML file each, in `sites/`.

A file may extend another; lists of selectors are then added to the inherited ones, and an empty list
takes an inherited rule away. Its `scraper:` part is checked here, its `cleaners:` part by `cleaners.rules`.
"""

from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from sectionary.scraper.errors import ConfigError
from sectionary.scraper.yamlfile import check, read_yaml

FOLDER = Path(__file__).resolve().parent / "sites"


class Detect(BaseModel):
    """How a page shows whose it is: its generator's beginning, a class of its body, a piece of source.

    The source is asked last: it is what remains of a page cut from its frame (an API's reply, a dump).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    generator: str | None = None
    body_class: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


class SiteScraper(BaseModel):
    """How to fetch the site, where its operator's configuration says nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = "auto"
    delay: float | None = None


class Pages(BaseModel):
    """What proves a site file: pages written after the site's markup, and real saved ones that are not ours to ship.

    `written` are names in `tests/cleaners/sites/<site>/`, each an .html file with what must come of it beside it in
    a .json file; `shared` are names of files in the folder of saved pages, which must leave no residue.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    written: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


class Site(BaseModel):
    """One site file, with what it inherits."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    extends: str | None = None
    hosts: tuple[str, ...] = ()
    detect: Detect = Detect()
    pages: Pages = Pages()
    scraper: SiteScraper = SiteScraper()
    cleaners: dict[str, Any] = {}

    def owns(self, host: str) -> bool:
        """Whether `host` is one of the site's own."""
        return any(fnmatchcase(host, pattern) for pattern in self.hosts)

    def made(self, generator: str, body_classes: frozenset[str]) -> bool:
        """Whether a page with this generator and these body classes is of this software."""
        named = self.detect.generator
        return bool(named and generator.startswith(named)) or not body_classes.isdisjoint(self.detect.body_class)

    def left(self, source: bytes) -> bool:
        """Whether a page's source, in UTF-8, shows the software's hand."""
        return any(piece.encode() in source for piece in self.detect.evidence)


def merge(inherited: Any, own: Any) -> Any:
    """`own` over `inherited`: mappings key by key, lists added up (own first), an empty list empties."""
    if isinstance(inherited, dict) and isinstance(own, dict):
        shared = {key: merge(inherited[key], own[key]) for key in inherited.keys() & own.keys()}
        return {**inherited, **own, **shared}
    if isinstance(inherited, list) and isinstance(own, list) and own:
        return [*own, *(item for item in inherited if item not in own)]
    return own


def _read(path: Path) -> dict[str, Any]:
    data, lines = read_yaml(path)
    check(Site, {"name": path.stem, **data}, source=path, lines=lines)
    if base := data.get("extends"):
        data = merge(_inheritable(_read(FOLDER / f"{base}.yaml")), data)
    return {**data, "name": path.stem}


def _inheritable(data: dict[str, Any]) -> dict[str, Any]:
    """What a site takes over from the file it extends: not its hosts, its means of detection, its pages."""
    return {key: data[key] for key in ("scraper", "cleaners") if key in data}


@cache
def load_site(name: str) -> Site:
    """The site file called `name` (or at that path, if it ends in .yaml), merged with what it extends.

    Raises ConfigError when there is no such file or it does not check.
    """
    path = Path(name) if name.endswith((".yaml", ".yml")) else FOLDER / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in FOLDER.glob("*.yaml")))
        raise ConfigError(f"no site file {name!r}; known are {known}, or give the path of a .yaml file")
    return Site.model_validate(_read(path))


@cache
def sites() -> tuple[Site, ...]:
    """Every site file of ours, the ones for single hosts before those for whole kinds of software."""
    known = (load_site(path.stem) for path in sorted(FOLDER.glob("*.yaml")))
    return tuple(sorted(known, key=lambda site: not site.hosts))


def detect(host: str, generator: str, body_classes: frozenset[str], source: bytes) -> Site | None:
    """The site file for a page: by its host, else by what it says made it, else by its markup, else None.

    What tells a single site (a skin that only it has) counts before what tells the software that many run. The
    source is searched only where nothing else tells.
    """
    ours, engines = [site for site in sites() if site.hosts], [site for site in sites() if not site.hosts]
    tests: tuple[tuple[list[Site], Callable[[Site], bool]], ...] = (
        (ours, lambda site: site.made(generator, body_classes)),
        (engines, lambda site: site.made(generator, body_classes)),
        (ours, lambda site: site.left(source)),
        (engines, lambda site: site.left(source)),
    )
    return _owner(host) or next((site for asked, test in tests for site in asked if test(site)), None)


@lru_cache(maxsize=1_000)
def _owner(host: str) -> Site | None:
    """The site file of a host's own."""
    return next((site for site in sites() if site.owns(host)), None)
