"""Every site file proves itself: on pages written after the site's markup, and on real ones where they are kept."""

import gzip
import json
from pathlib import Path

import pytest
from golden import SITES, rules_of, told
from msgspec import structs
from residue import residue
from selectolax.lexbor import LexborHTMLParser

from sectionary.cleaners.article import clean, page_of
from sectionary.scraper.site import Pages, Site, sites

PARTS = 4                                # in which the saved pages are read, so that none takes long
WRITTEN = [(site.name, page) for site in sites() for page in site.pages.written]
SHARED = [(site.name, page) for site in sites() for page in site.pages.shared]


def unproven(site: Site, folder: Path) -> list[str]:
    """What a site file lacks to be proven by the pages in `folder`."""
    if not site.pages.written:
        return [f"{site.name}.yaml names no page under pages.written"]
    files = [folder / site.name / f"{page}{kind}" for page in site.pages.written for kind in (".html", ".json")]
    return [f"{site.name}.yaml: no file {file.relative_to(folder)}" for file in files if not file.is_file()]


@pytest.mark.parametrize("site", sites(), ids=lambda site: site.name)
def test_a_site_file_names_pages_and_they_are_there(site: Site) -> None:
    assert unproven(site, SITES) == []


def test_a_site_file_without_a_page_is_unproven(tmp_path: Path) -> None:
    assert unproven(Site(name="bare"), tmp_path) == ["bare.yaml names no page under pages.written"]
    missing = unproven(Site(name="bare", pages=Pages(written=("tide",))), tmp_path)
    assert missing == ["bare.yaml: no file bare/tide.html", "bare.yaml: no file bare/tide.json"]


def test_every_page_that_lies_there_is_named_by_its_site_file() -> None:
    assert {(path.parent.name, path.stem) for path in SITES.glob("*/*.*")} == set(WRITTEN)


@pytest.mark.parametrize(("site", "page"), WRITTEN)
def test_a_written_page_is_known_as_its_sites_and_gives_what_stands_beside_it(site: str, page: str) -> None:
    path = SITES / site / f"{page}.html"
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert expected["rules"] == site
    assert told(path) == expected


@pytest.mark.parametrize(("site", "page"), SHARED)
def test_a_real_page_is_known_as_its_sites_and_leaves_no_residue(shared_pages: Path, site: str, page: str) -> None:
    body = gzip.decompress((shared_pages / f"{page}.html.gz").read_bytes())
    article = clean(page_of(body))
    assert rules_of(article) == site
    assert residue(body, article) == []


@pytest.mark.parametrize("part", range(PARTS))
def test_no_saved_page_leaves_residue(shared_pages: Path, part: int) -> None:
    found = {}
    for path in sorted(shared_pages.glob("*.html.gz"))[part::PARTS]:
        if ".gold." not in path.name:
            body = gzip.decompress(path.read_bytes())
            found[path.name] = residue(body, clean(page_of(body)))
    assert {name: left for name, left in found.items() if left} == {}


def test_the_detector_finds_the_furniture_of_a_page_that_was_not_cleaned() -> None:
    body = (SITES / "mediawiki" / "timeless.html").read_bytes()
    everything = [" ".join(line.split()) for line in LexborHTMLParser(body).body.text(separator="\n").splitlines()]
    article = clean(page_of(body))
    section = structs.replace(article.sections[0], text="\n".join(filter(None, everything)))
    found = {line.partition(":")[0] for line in residue(body, structs.replace(article, sections=(section,)))}
    assert found >= {"edit link", "table of contents", "category bar", "navigation box", "tagline", "footer"}
