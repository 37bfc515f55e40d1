"""The `scraper:` section of a configuration, typed. Each field stands beside its default and its meaning."""

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)

from sectionary.scraper import urls
from sectionary.scraper.domains import RateLimit, combined
from sectionary.scraper.errors import ConfigError

MAX_PAGE_BYTES = 16 * 2**20
STDIN = Path("-")                        # in the place of a file of addresses
_UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_SIZE = re.compile(r"(\d+)\s*([a-z]*)", re.IGNORECASE)
_SPANS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw]?)")

# Nobody reads mail there (RFC 2606), so an address under it identifies no operator.
_PLACEHOLDER = re.compile(r"[@./]example\.(?:com|net|org)\b")


def size(value: object) -> object:
    """Turn "16MiB" or "500 kB" into bytes; leaves anything but text to the model."""
    if not isinstance(value, str):
        return value
    match = _SIZE.fullmatch(value.strip())
    if match is None or match[2].lower() not in _UNITS:
        raise ValueError("write a size in bytes, or like 16MiB or 500kB")
    return int(match[1]) * _UNITS[match[2].lower()]


def span(value: object) -> object:
    """Turn "7d" or "12 h" into seconds and "never" into None; leaves anything but text to the model."""
    if not isinstance(value, str):
        return value
    if value == "never":
        return None
    match = _SPAN.fullmatch(value.strip())
    if match is None:
        raise ValueError("write seconds, or a time like 30m, 12h or 7d, or never")
    return float(match[1]) * _SPANS[match[2]]


def web_address(value: str) -> str:
    """Pass an http or https address on; ValueError with the reason for anything else."""
    if reason := urls.refusal(value):
        raise ValueError(f"write an address like https://example.org/wiki/: {reason}")
    return value


def contact_line(value: str) -> str:
    """Pass on what may stand in a User-Agent header: one line of printable ASCII, a mail or web address."""
    value = value.strip()
    if not (value.isascii() and value.isprintable()) or not ("@" in value or "://" in value):
        raise ValueError("write a mail or web address that reaches you, in plain ASCII")
    return value


def file_or_list(value: object, info: ValidationInfo) -> object:
    """Turn a text into the path of a file, from the configuration's folder, or STDIN; let a list pass."""
    if value == str(STDIN):
        return STDIN
    if isinstance(value, str):
        folder = (info.context or {}).get("folder", Path())
        return Path(folder) / value
    if isinstance(value, list) and not all(isinstance(item, str) for item in value):
        raise ValueError("write a list of addresses, or the path of a file with one a line")
    return tuple(value) if isinstance(value, list) else value


def scope_rule(value: str) -> str:
    """Pass a rule of `include` or `exclude` on; a category is named whole, without signs that stand for others."""
    if value.lower().startswith("category:") and any(sign in value for sign in "*?["):
        raise ValueError("write a category's whole name; `*` and `?` work in titles and addresses only")
    return value


ScopeRule = Annotated[str, Field(min_length=1), AfterValidator(scope_rule)]


class Settings(BaseModel):
    """A section of the configuration: frozen, and without keys that nobody knows."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, arbitrary_types_allowed=True)


class SiteSettings(Settings):
    """One encyclopedia, as its operator describes it. Only `url` is needed, not even that for the demo."""

    name: Annotated[str, Field(default="", pattern=r"^[^\x00-\x1f\x7f]{0,100}$")]  # "": the host of `url`
    url: Annotated[str, AfterValidator(web_address)] | None = None
    source: Literal["auto", "mediawiki", "sitemap", "links", "urls", "demo"] = "auto"
    endpoint: Literal["page", "parse", "rest"] = "page"                 # how a MediaWiki gives its pages
    namespaces: tuple[int, ...] = (0,)
    include: tuple[ScopeRule, ...] = ()  # titles, "Category:Oncology", address patterns; nothing else is fetched
    exclude: tuple[ScopeRule, ...] = ()  # the same; wins over include
    category_depth: Annotated[int, Field(ge=0, le=20)] = 0              # levels of subcategories that count, too
    depth: Annotated[int, Field(ge=0)] = 20      # links away from the start page, at most, where links are followed
    changed_within: Annotated[Annotated[float, Field(gt=0)] | None, BeforeValidator(span)] = None
    max_pages: Annotated[int, Field(gt=0)] = 10_000_000                 # a list that is longer is a trap
    refresh: Literal["revision", "touched"] = "revision"  # touched: also when a template that it uses was edited
    rules: str | None = None             # a site file of the operator's own
    urls: Annotated[tuple[str, ...] | Path | None, BeforeValidator(file_or_list)] = None
    delay: Annotated[float, Field(ge=0)] | None = None
    noindex: Literal["exclude", "keep"] = "exclude"  # pages that ask not to be indexed
    license: str | None = None           # an SPDX identifier, where the site itself names none

    @model_validator(mode="before")
    @classmethod
    def _name_from_host(cls, data: object) -> object:
        if not isinstance(data, dict) or data.get("name"):
            return data
        return {**data, "name": _default_name(data)}

    @model_validator(mode="after")
    def _has_a_place(self) -> "SiteSettings":
        if self.source == "urls" and self.urls is None:
            raise ValueError("source urls needs `urls`: a list of addresses, or a file with one a line")
        if self.source not in {"urls", "demo"} and self.url is None and (self.urls is None or self.source != "auto"):
            raise ValueError("a site needs `url`, the address of the encyclopedia")
        return self


class RateLimitSettings(Settings):
    """A limit that several hosts share: these and all below them, and the least seconds between two requests."""

    hosts: tuple[Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")], ...] = ()
    delay: Annotated[float, Field(ge=0)] = 0.0


class ScraperSettings(Settings):
    """The whole `scraper:` section."""

    contact: Annotated[str, AfterValidator(contact_line)] | None = None
    delay: Annotated[float, Field(ge=0)] = 1.0      # seconds between two requests to one domain, at least
    rate_limits: dict[str, RateLimitSettings] = {}  # hosts that count as one domain, beside those in `domains`
    private_hosts: tuple[str, ...] = ()             # private or loopback hosts that may be fetched
    refresh_after: Annotated[Annotated[float, Field(ge=0)] | None, BeforeValidator(span)] = 0.0
    max_page_bytes: Annotated[int, BeforeValidator(size), Field(gt=0)] = MAX_PAGE_BYTES
    sites: tuple[SiteSettings, ...] = ()

    def limits(self) -> dict[str, RateLimit]:
        """Give the rate limits that hold, these over the known ones."""
        own = {name: RateLimit(hosts=each.hosts, delay=each.delay) for name, each in self.rate_limits.items()}
        return combined(own)

    @model_validator(mode="after")
    def _names_differ(self) -> "ScraperSettings":
        names = [site.name for site in self.sites]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"sites: two are named {twice[0]}; give each a `name` of its own")
        return self


def require_contact(settings: ScraperSettings, site: SiteSettings) -> None:
    """Refuse to crawl beyond this machine for an operator whom nobody can reach.

    Raises ConfigError that says what to write where. Loopback and the demo need no contact.
    """
    if site.source == "demo" or all(urls.is_loopback(name) for name in _hosts(site)):
        return
    if settings.contact is None:
        found = "is missing"
    elif _PLACEHOLDER.search(settings.contact):
        found = f"is still the placeholder {settings.contact}"
    else:
        return
    raise ConfigError(
        f"scraper.contact {found}: to crawl {site.name}, write a mail or web address that reaches you "
        "there (or pass --contact); it goes into the User-Agent, so that the site can tell you to stop"
    )


def _hosts(site: SiteSettings) -> list[str]:
    listed = site.urls if isinstance(site.urls, tuple) else ()
    named = [urlsplit(url).hostname or "" for url in (*listed, *([site.url] if site.url else ()))]
    return named or ["a file of addresses"]


def _default_name(data: dict[str, object]) -> str:
    if data.get("source") == "demo":
        return "demo"
    for url in (data.get("url"), *_first(data.get("urls"))):
        if isinstance(url, str) and urls.refusal(url) is None:
            return urls.host(url)
    return "urls"


def _first(listed: object) -> list[object]:
    return listed[:1] if isinstance(listed, list) else []
