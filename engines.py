"""The table of engines: who cleans, and who fetches. A new one is a module of its own and a line below."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import MappingProxyType

from sectionary.config import Config
from sectionary.errand import Engine, Errand, fetched
from sectionary.scraper.archive import Archive
from sectionary.scraper.crawl import Progress
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.rows import Fetched
from sectionary.scraper.settings import SiteSettings
from sectionary.worker import Hands


class Here:
    """The run itself fetches, and processes of this machine clean."""

    def __init__(self, config: Config, hands: Hands) -> None:
        self.hands = hands
        self._config = config

    def lane(self, _sites: Sequence[SiteSettings]) -> AbstractContextManager[None]:
        """As an Engine says."""
        return nullcontext()

    def fetch(
        self, errand: Errand, ledger: Ledger, *, stop: Callable[[], bool], progress: Progress
    ) -> Iterator[list[Fetched]]:
        """As an Engine says."""
        archive = Archive(self._config.raw, errand.site.name)
        return fetched(errand, ledger, archive, stop=stop, progress=progress)


@contextmanager
def _local(config: Config) -> Iterator[Engine]:
    with Hands(config.own_rules, config.run.processes()) as hands:       # whose processes begin when needed
        yield Here(config, hands)


@contextmanager
def _ray(config: Config) -> Iterator[Engine]:
    from sectionary.cluster import RayHands  # noqa: PLC0415 - most runs have none
    from sectionary.crawlers import Crawlers  # noqa: PLC0415

    with RayHands(config.run.ray_address, config.run.processes()) as hands:
        yield Crawlers(config, hands)


ENGINES: Mapping[str, Callable[[Config], AbstractContextManager[Engine]]] = MappingProxyType({
    "local": _local,
    "ray": _ray,
})  # fmt: skip
