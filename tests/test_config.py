"""Configurations: found, read, overridden, and refused in one line that says what to do."""

from pathlib import Path

import pytest

from sectionary.config import EXAMPLE, Config, demo_config, find_config, load_config, write_config
from sectionary.scraper.errors import ConfigError

SITE = "scraper:\n  sites:\n    - url: https://wiki.example/wiki/\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(SITE)
    return path


def test_the_shipped_configuration_crawls_the_example_encyclopedia() -> None:
    (site,) = load_config(EXAMPLE, environment={}).chosen(None)
    assert (site.name, site.source) == ("strandline", "demo")


def test_paths_start_at_the_configurations_folder(file: Path) -> None:
    config = load_config(file, environment={})
    assert (config.corpus, config.work) == (file.parent / "corpus", file.parent / "work")


def test_a_flag_goes_over_the_environment_and_that_over_the_file(file: Path) -> None:
    file.write_text("scraper:\n  contact: file@shore.example\n  delay: 3\n")
    environment = {"SECTIONARY_SCRAPER__CONTACT": "told@shore.example", "SECTIONARY_SCRAPER__DELAY": "2"}
    config = load_config(file, {"scraper.contact": "flag@shore.example"}, environment)
    assert (config.scraper.contact, config.scraper.delay) == ("flag@shore.example", 2.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scraper:\n  delya: 3\n", r"config.yaml:2: scraper.delya: .*delay"),
        ("scraper:\n  delay: soon\n", r"config.yaml:2: scraper.delay"),
        ("scraper: [\n", r"config.yaml"),
        ("- a\n", r"config.yaml"),
        ("output:\n  formats: [csv]\n", r"config.yaml:2: output.formats"),
        ("cleaners:\n  remoove: {}\n", r"config.yaml:2: cleaners.remoove: .*remove"),
        ("run:\n  workers: 0\n", r"config.yaml:2: run.workers"),
    ],
)
def test_a_fault_is_one_line_with_file_line_and_key(file: Path, text: str, message: str) -> None:
    file.write_text(text)
    with pytest.raises(ConfigError, match=message) as error:
        load_config(file, environment={})
    assert "\n" not in str(error.value)


def test_without_a_configuration_the_message_names_init_and_demo(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"init.*demo"):
        find_config(tmp_path / "config.yaml", {})


def test_the_environment_names_a_configuration(file: Path) -> None:
    assert find_config(None, {"SECTIONARY_CONFIG": str(file)}) == file


def test_an_unknown_site_is_refused_with_the_known_ones(file: Path) -> None:
    with pytest.raises(ConfigError, match=r"'wikimd'.*wiki\.example"):
        load_config(file, environment={}).chosen(["wikimd"])


def test_a_site_waits_the_longer_of_the_operators_and_the_site_files_delay(file: Path) -> None:
    file.write_text("scraper:\n  delay: 0.5\n  sites:\n    - url: https://wikimd.org/wiki/\n")
    assert load_config(file, environment={}).chosen(None)[0].delay == 2.0
    file.write_text("scraper:\n  sites:\n    - url: https://wikimd.org/wiki/\n      delay: 0.1\n")
    assert load_config(file, environment={}).chosen(None)[0].delay == 0.1


def test_init_writes_a_configuration_that_loads(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    write_config(path, ["https://wikimd.org/wiki/", "https://shore.example/"], "me@shore.example")
    config = load_config(path, environment={})
    assert [site.name for site in config.scraper.sites] == ["wikimd.org", "shore.example"]
    assert config.scraper.contact == "me@shore.example"
    assert "#" in path.read_text()


def test_init_overwrites_nothing(file: Path) -> None:
    with pytest.raises(ConfigError, match="is there already"):
        write_config(file, [], None)
    assert file.read_text() == SITE


def test_init_refuses_what_is_no_address(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="wikimd"):
        write_config(tmp_path / "new.yaml", ["wikimd"], None)
    assert not (tmp_path / "new.yaml").exists()


def test_the_demo_needs_no_file(tmp_path: Path) -> None:
    config = demo_config(tmp_path)
    assert isinstance(config, Config)
    assert config.corpus == tmp_path.resolve() / "corpus"


def test_init_names_two_encyclopedias_of_one_host_apart(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    write_config(path, ["https://wikis.example/a/", "https://wikis.example/b/"], None)
    names = [site.name for site in load_config(path, environment={}).chosen(None)]
    assert names == ["wikis.example/a", "wikis.example/b"]


def test_init_refuses_a_contact_that_reaches_nobody(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"scraper\.contact"):
        write_config(tmp_path / "new.yaml", ["https://shore.example/"], "nobody")
    assert not (tmp_path / "new.yaml").exists()


def test_a_section_with_everything_commented_out_is_empty(file: Path) -> None:
    file.write_text(SITE + "cleaners:\noutput:\n")
    assert load_config(file, environment={}).output.formats == ("parquet", "jsonl")
