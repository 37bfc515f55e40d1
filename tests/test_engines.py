"""The table of engines."""

import sys
from pathlib import Path

import pytest

from sectionary.config import Config
from sectionary.engines import ENGINES
from sectionary.scraper.errors import ConfigError
from sectionary.worker import Hands


def test_the_local_engine_is_this_machines_processes(tmp_path: Path) -> None:
    with ENGINES["local"](Config(folder=tmp_path)) as engine:
        assert isinstance(engine.hands, Hands)


def test_an_engine_that_is_not_installed_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    config = Config.model_validate({"folder": tmp_path, "run": {"engine": "ray"}})
    with pytest.raises(ConfigError, match=r"pip install 'sectionary\[ray\]'"), ENGINES[config.run.engine](config):
        pass


def test_every_engine_that_a_configuration_may_name_is_in_the_table(tmp_path: Path) -> None:
    for name in ("local", "ray"):
        assert Config.model_validate({"folder": tmp_path, "run": {"engine": name}}).run.engine in ENGINES
