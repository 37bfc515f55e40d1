"""The table of engines: who cleans. A new one is a module of its own and a line below."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from types import MappingProxyType

from sectionary.config import Config
from sectionary.worker import Hands, Workforce


def _local(config: Config) -> AbstractContextManager[Workforce]:
    return Hands(config.own_rules, config.run.processes())


def _ray(config: Config) -> AbstractContextManager[Workforce]:
    from sectionary.cluster import RayHands  # noqa: PLC0415 - most runs have none

    return RayHands(config.run.ray_address, config.run.processes())


ENGINES: Mapping[str, Callable[[Config], AbstractContextManager[Workforce]]] = MappingProxyType({
    "local": _local,
    "ray": _ray,
})  # fmt: skip
