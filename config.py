"""Config: each folder's settings composed, and found, read and overridden as the command line promises.

Precedence: flag > environment > config.yaml > site file > default. The environment says
SECTIONARY_SCRAPER__CONTACT for `scraper.contact`; its values are read as YAML, so lists and numbers work.
"""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sectionary.cleaners.rules import CleanerRules
from sectionary.output.durable import located
from sectionary.output.settings import OutputSettings
from sectionary.scraper import urls
from sectionary.scraper.errors import ConfigError
from sectionary.scraper.settings import ScraperSettings, SiteSettings, size, span
from sectionary.scraper.site import Site, load_site, sites
from sectionary.scraper.yamlfile import check, read_yaml

EXAMPLE = Path(__file__).resolve().parent / "config.yaml"
_PREFIX = "SECTIONARY_"


class RunSettings(BaseModel):
    """The `run:` section: where work in progress lies, and how many processes clean."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    work_dir: Path = Field(default=Path("work"), description="raw archive, ledger, staging")
    workers: Literal["auto"] | Annotated[int, Field(ge=1)] = "auto"
    sites_at_once: Annotated[int, Field(ge=1)] = 16   # of different rate-limit domains, fetched side by side
    engine: Literal["local", "ray"] = "local"
    shared_dir: Path | None = Field(default=None, description="raw archive and staging, seen by all nodes; work_dir")
    node_dir: Path | None = Field(default=None, description="a node's own, for what is not sealed; $TMPDIR")
    shard_size: Annotated[int, BeforeValidator(size), Field(gt=0)] = 64 * 2**20     # bytes at which a shard is sealed,
    shard_age: Annotated[float, BeforeValidator(span), Field(gt=0)] = 600.0         # seconds after which it is, too
    crawl_on: dict[str, Annotated[float, Field(gt=0)]] = {}     # Ray's resources that a node needs to fetch
    ray_wait: Annotated[float, BeforeValidator(span), Field(gt=0)] = 600.0          # for a node that can fetch
    ray_address: str | None = Field(default=None, description="the head of a cluster; without it $RAY_ADDRESS, or none")
    metrics: Path | None = Field(default=None, description="file for Prometheus' textfile collector")

    def processes(self) -> int:
        """How many processes clean: as many as this one may use processors, where nothing else is said."""
        return self.workers if isinstance(self.workers, int) else _processors()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Config(BaseModel):
    """A whole configuration, checked; `folder` is where its relative paths start."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scraper: ScraperSettings = ScraperSettings()
    cleaners: CleanerRules = CleanerRules()
    output: OutputSettings = OutputSettings()
    run: RunSettings = RunSettings()
    folder: Path = Path()

    @property
    def own_rules(self) -> str:
        """The `cleaners:` section as JSON, the form in which it goes over each site file's."""
        return json.dumps(self.cleaners.model_dump(mode="json", exclude_unset=True), sort_keys=True)

    @property
    def corpus(self) -> Path:
        """Where the dataset lies."""
        return located(self.output.directory, self.folder)

    @property
    def work(self) -> Path:
        """Where the ledger lies and, unless `run.shared_dir` says otherwise, the raw archive and the staged files."""
        return self.folder / self.run.work_dir

    @property
    def shared(self) -> Path:
        """Where lies what all nodes of a cluster must see: the raw archive, the staged files."""
        return self.folder / (self.run.shared_dir or self.run.work_dir)

    @property
    def raw(self) -> Path:
        """Where the raw archive lies."""
        return self.shared / "raw"

    @property
    def staging(self) -> Path:
        """Where the staged files lie."""
        return self.shared / "staging"

    @property
    def logbooks(self) -> Path:
        """Where a cluster's crawlers leave what the ledger has not taken in yet."""
        return self.shared / "logbooks"

    @property
    def metrics(self) -> Path | None:
        """Where figures for Prometheus are written after each run, None for nowhere."""
        return self.folder / self.run.metrics if self.run.metrics else None

    def chosen(self, names: Iterable[str] | None) -> list[SiteSettings]:
        """The sites to run, all or by name. Raises ConfigError for a name that no site has."""
        if not self.scraper.sites:
            raise ConfigError("scraper.sites: no site is configured; `sectionary init URL` writes one")
        wanted = set(names or ())
        known = {site.name for site in self.scraper.sites}
        if unknown := sorted(wanted - known):
            raise ConfigError(f"no site is named {unknown[0]!r}; known are {', '.join(sorted(known))}")
        return [self._with_site_file(site) for site in self.scraper.sites if not wanted or site.name in wanted]

    def _with_site_file(self, site: SiteSettings) -> SiteSettings:
        """The site with its rules found, and with the longer of both delays where it has none of its own."""
        own = site.rules is not None and site.rules.endswith((".yaml", ".yml"))
        named = str(self.folder / (site.rules or "")) if own else site.rules
        file = load_site(named) if named else _owner(urls.hostname(site.url) if site.url else "")
        asked = max(self.scraper.delay, (file.scraper.delay if file else None) or 0.0)
        return site.model_copy(update={"rules": named, "delay": asked if site.delay is None else site.delay})


def _owner(host: str) -> Site | None:
    return next((file for file in sites() if file.owns(host)), None)


def find_config(path: Path | None, environment: Mapping[str, str] | None = None) -> Path:
    """The configuration to use: the one given, else $SECTIONARY_CONFIG, else ./config.yaml.

    Raises ConfigError that names `init` and `demo` where there is none.
    """
    named = path or Path((environment or os.environ).get("SECTIONARY_CONFIG") or "config.yaml")
    if not named.is_file():
        raise ConfigError(
            f"no configuration at {named}; `sectionary init` writes one, `sectionary demo` needs none"
        )
    return named


def load_config(
    path: Path, overrides: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
) -> Config:
    """Read, override and check a configuration. `overrides` are flags, by dotted key.

    Raises ConfigError: one line with file, line, key and what is allowed there.
    """
    data, lines = read_yaml(path)
    folder = path.resolve().parent
    filled = {key: value for key, value in data.items() if value is not None}   # all below it commented out
    whole = _overridden(filled, overrides or {}, environment)
    return check(Config, {**whole, "folder": folder}, source=path, lines=lines)


def _overridden(
    data: dict[str, Any], overrides: Mapping[str, Any], environment: Mapping[str, str] | None = None
) -> dict[str, Any]:
    told = dict(_told(os.environ if environment is None else environment))
    for key, value in {**told, **overrides}.items():
        _set(data, key, value)
    return data


def _told(environment: Mapping[str, str]) -> Iterable[tuple[str, Any]]:
    for name, value in sorted(environment.items()):
        if name.startswith(_PREFIX) and "__" in name:
            try:
                yield name.removeprefix(_PREFIX).lower().replace("__", "."), yaml.safe_load(value)
            except yaml.YAMLError:
                raise ConfigError(f"{name}: {value!r} is no YAML value; put text in quotes") from None


def _set(data: dict[str, Any], dotted: str, value: Any) -> None:
    *above, last = dotted.split(".")
    for key in above:
        inner = data.get(key)
        data[key] = dict(inner) if isinstance(inner, dict) else {}
        data = data[key]
    data[last] = value


def scraper_settings(path: Path | None, contact: str | None) -> ScraperSettings:
    """How to fetch a single page: by the configuration if there is one, by defaults if there is none."""
    told = {"scraper.contact": contact} if contact else {}
    named = path or os.environ.get("SECTIONARY_CONFIG")
    if named or Path("config.yaml").is_file():
        return load_config(find_config(path), told).scraper
    return check(Config, _overridden({}, told), source="the environment", lines={}).scraper


def single_site(url: str) -> SiteSettings:
    """Give the settings of an encyclopedia that stands in no configuration; ConfigError for what is no address."""
    if reason := urls.refusal(url):
        raise ConfigError(f"{urls.shown(url)}: {reason}; write an address like https://wikimd.org/wiki/")
    file = _owner(urls.hostname(url))
    return SiteSettings.model_validate({"url": url, "delay": file.scraper.delay if file else None})


def ledger_path(path: Path | None, work_dir: Path | None) -> Path:
    """Tell where the ledger of a configuration lies, or would lie without one."""
    if work_dir is None and (path or os.environ.get("SECTIONARY_CONFIG") or Path("config.yaml").is_file()):
        work_dir = load_config(find_config(path)).work
    return (work_dir or RunSettings().work_dir) / "ledger.sqlite"


def demo_config(folder: Path) -> Config:
    """A configuration that crawls the example encyclopedia into `folder`."""
    site = SiteSettings(name="strandline", source="demo", delay=0)
    return Config(scraper=ScraperSettings(sites=(site,)), folder=folder.resolve())


def write_config(
    path: Path, addresses: Iterable[str], contact: str | None, remarks: Mapping[str, str] | None = None
) -> None:
    """Write the commented configuration of ours to `path`, for these encyclopedias instead of the example.

    `remarks` are lines by address that go above a site as comments.

    Raises ConfigError for an address that is none and for a file that is there already.
    """
    text = EXAMPLE.read_text("utf-8")
    if addresses := list(addresses):
        head, _, rest = text.partition("  sites:\n")
        _, _, tail = rest.partition("\ncleaners:")
        listed = "".join(
            _remark_lines((remarks or {}).get(address, "")) + _site_lines(address, addresses) for address in addresses
        )
        text = f"{head}  sites:\n{listed}\ncleaners:{tail}"
    if contact:
        text = text.replace("  # contact: you@your.org ", f"  contact: {json.dumps(contact)} ")
    check(Config, yaml.safe_load(text), source="init", lines={})
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ConfigError(f"{path} is there already; move it away or name another file with -o") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}") from None


def _remark_lines(remark: str) -> str:
    """Write what a site says of itself as comments; no character of it can end one."""
    shown = ("".join(char if char.isprintable() else "\ufffd" for char in line) for line in remark.split("\n"))
    return "".join(f"    # {line}\n" for line in shown if line)


def _site_lines(address: str, all_addresses: list[str]) -> str:
    """A site's lines; its name is its host, with the path where two lie on one."""
    if reason := urls.refusal(address):
        raise ConfigError(f"{address}: {reason}; write an address like https://wikimd.org/wiki/")
    host = urls.hostname(address)
    alone = sum(urls.refusal(each) is None and urls.hostname(each) == host for each in all_addresses) == 1
    name = host if alone else address.partition("://")[2].strip("/")
    return f"    - name: {json.dumps(name)}\n      url: {json.dumps(address)}\n"
