"""The real wiki that the integration tests crawl, built once and kept in .cache/."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE))  # wiki.py and gold.py are no test modules and belong to no package

from encyclopedia import built_wiki  # noqa: E402 - after the path is known
from gold import Gold  # noqa: E402
from wiki import Wiki  # noqa: E402

CACHE = HERE.parent.parent / ".cache"

CONFIG = """\
scraper:
  delay: 0
  private_hosts: [127.0.0.1]
  sites:
    - name: wiki
      url: {url}/wiki/Main_Page
      source: mediawiki
output:
  directory: corpus
run:
  work_dir: work
  workers: 2
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A whole wiki is built and crawled here: minutes, not the seconds of the other tests."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def wiki() -> Iterator[Wiki]:
    """Some hundred articles of the English Wikipedia in a real MediaWiki; where that is missing, an error."""
    with Wiki(built_wiki(CACHE)) as served:
        served.serve()
        yield served


@pytest.fixture(scope="session")
def gold(wiki: Wiki) -> Gold:
    """What the wiki itself says of its pages."""
    return Gold(wiki)


@pytest.fixture(scope="session")
def write_config() -> Callable[[Path, Wiki], Path]:
    """Writes a configuration that crawls a wiki into a folder; gives its path."""

    def write(folder: Path, wiki: Wiki) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "config.yaml"
        path.write_text(CONFIG.format(url=wiki.base_url), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def config_in(wiki: Wiki, write_config: Callable[[Path, Wiki], Path]) -> Callable[[Path], Path]:
    """The same for the one large wiki."""
    return lambda folder: write_config(folder, wiki)
