"""Domains: which hosts share one rate limit, because one operator's servers answer for all of them.

The projects of Wikimedia count together (https://www.mediawiki.org/wiki/Wikimedia_APIs/Rate_limits), and so do
all wikis of a farm. Elsewhere it is the registrable domain, by the public suffix list that tldextract brings
along; it is never downloaded.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from sectionary.scraper import urls


class RateLimit(Struct, frozen=True, kw_only=True):
    """A limit that several hosts share: these and all below them, and the least seconds between two requests."""

    hosts: tuple[str, ...] = ()
    delay: float = 0.0


class Domain(Struct, frozen=True, kw_only=True):
    """What a host's requests count for: a name that is the same for all hosts of one limit, and its delay."""

    name: str
    delay: float = 0.0


# 200 requests a minute over all projects is what Wikimedia allows a client that says who runs it.
LIMITS: Mapping[str, RateLimit] = MappingProxyType({
    "wikimedia": RateLimit(delay=0.3, hosts=(
        "wikipedia.org", "wiktionary.org", "wikibooks.org", "wikinews.org", "wikiquote.org", "wikisource.org",
        "wikiversity.org", "wikivoyage.org", "wikidata.org", "wikifunctions.org", "wikimedia.org", "mediawiki.org",
        "wikimediafoundation.org", "w.wiki",
    )),
    "fandom": RateLimit(hosts=("fandom.com", "wikia.com", "wikia.org", "gamepedia.com")),
    "miraheze": RateLimit(hosts=("miraheze.org", "mirabeta.org")),
})  # fmt: skip


def combined(own: Mapping[str, RateLimit]) -> dict[str, RateLimit]:
    """Give the limits that hold, the operator's `own` over the known ones; one without hosts keeps the known."""
    known = {name: limit for name, limit in LIMITS.items() if name not in own}
    merged = {
        name: RateLimit(hosts=limit.hosts or LIMITS.get(name, RateLimit()).hosts, delay=limit.delay)
        for name, limit in own.items()
    }
    return {**merged, **known}


def domain_of(host: str, limits: Mapping[str, RateLimit]) -> Domain:
    """Give the domain of a host ("en.wikipedia.org", "127.0.0.1:8080"); a literal address or bare name is its own."""
    name = urls.hostname(f"//{host}")
    for key, limit in limits.items():
        if any(name == each or name.endswith(f".{each}") for each in limit.hosts):
            return Domain(name=key, delay=limit.delay)
    return Domain(name=_registrable(name) or host)


def _registrable(name: str) -> str:
    if ":" in name or name.replace(".", "").isdecimal():
        return ""                        # literal addresses
    return str(_extract()(name).top_domain_under_public_suffix)


@cache
def _extract() -> Any:
    import tldextract  # noqa: PLC0415  a fifth of a second, which a run on loopback need not wait for

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
