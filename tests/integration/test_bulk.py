"""The same pages as files, in a WARC that a crawl left and in a ZIM that Debian's zim-tools made: the same sections."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from sectionary import inputs
from sectionary.config import demo_config
from sectionary.pipeline import run

PAGES = Path(__file__).parents[2] / "examples" / "encyclopedia" / "pages"
NAMES = ("limpet", "tide", "barnacle")
ICON = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
Sections = dict[tuple[str, int], tuple[str | None, str]]


def sections(path: Path) -> Sections:
    """Heading and text of each section, by title and position."""
    told: list[inputs.Done] = []
    with inputs.cleaned_files([path], base_url=None, site_file=None, processes=1) as results:
        rows = [json.loads(line) for line in inputs.lines(results, told)]
    assert not inputs.printed(told).rejected
    return {(row["title"], row["position"]): (row["heading"], row["text"]) for row in rows}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few pages as files."""
    folder = tmp_path_factory.mktemp("pages")
    for name in NAMES:
        shutil.copy(PAGES / f"{name}.html", folder)
    return folder


def test_a_zim_of_debians_tools_gives_the_sections_of_its_files(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(folder, source)
    (source / "icon.png").write_bytes(base64.b64decode(ICON))
    options = {
        "welcome": "limpet.html", "illustration": "icon.png", "language": "eng", "name": "shore", "title": "Shore",
        "description": "Of the shore", "creator": "Us", "publisher": "Us",
    }  # fmt: skip
    told = [part for name, value in options.items() for part in (f"--{name}", value)]
    command = ["zimwriterfs", *told, source, tmp_path / "shore.zim"]
    subprocess.run(command, check=True, capture_output=True)
    assert sections(tmp_path / "shore.zim") == sections(folder)


def test_the_archive_of_a_crawl_gives_the_sections_of_its_files(folder: Path, tmp_path: Path) -> None:
    config = demo_config(tmp_path)
    run(config)
    (archive,) = (config.work / "raw").glob("*.warc.gz")
    found, expected = sections(archive), sections(folder)
    assert {place: found.get(place) for place in expected} == expected
