"""Real WikiMD pages: the page that started it, and two of 2026."""

import gzip
from pathlib import Path

import pytest

from sectionary.cleaners.article import Article, clean
from sectionary.scraper.page import Page

PAGES = {
    "Diabetic_neuropathy": ["Signs and symptoms", "Causes", "Treatment", "See also", "References"],
    "Diabetic_retinopathy": ["Introduction", "Symptoms", "Causes", "Treatment", "Prevention", "See also"],
}


def read(shared_pages: Path, name: str) -> Article:
    body = gzip.decompress((shared_pages / f"wikimd-medik__en__{name}.html.gz").read_bytes())
    return clean(Page(url=f"https://wikimd.org/wiki/{name}", body=body))


@pytest.mark.parametrize("name", PAGES)
def test_the_article_is_its_sections_and_nothing_else(shared_pages: Path, name: str) -> None:
    page = read(shared_pages, name)
    assert [section.heading for section in page.sections[1:]] == PAGES[name]
    whole = "\n".join(section.text for section in page.sections)
    for furniture in (
        "Explore WikiMD", "Advertise on WikiMD", "Translate page", "Share this page", "can only be edited by",
        "professional medical advice", "MEDICAL EDITOR", "[edit", "中文", "Retrieved from",
    ):  # fmt: skip
        assert furniture not in whole


@pytest.mark.parametrize("name", PAGES)
def test_each_piece_of_furniture_is_a_removal_of_its_own(shared_pages: Path, name: str) -> None:
    rules = {removal.rule for removal in read(shared_pages, name).removals}
    assert rules >= {
        "section.edit-link", "wikimd.explore-box", "wikimd.advertisement", "wikimd.translate-menu", "wikimd.qr-code",
        "wikimd.stub-notice", "wikimd.disclaimer", "wikimd.page-footer",
    }  # fmt: skip


def test_the_medical_editor_is_a_contributor(shared_pages: Path) -> None:
    assert read(shared_pages, "Diabetic_retinopathy").fields.contributors == ("Prab R. Tumpati, MD",)


def test_the_seed_is_its_six_sections_and_its_contributor(shared_pages: Path) -> None:
    seed = shared_pages.parent / "seed" / "metastasectomy.txt"
    page = clean(Page(url="file:metastasectomy.txt", body=seed.read_bytes()))
    assert page.title == "Metastasectomy"
    assert [(s.heading, bool(s.blocks)) for s in page.sections] == [
        (None, True), ("Indications", True), ("Procedure", True), ("Outcomes", True),
        ("Risks and Complications", True), ("See Also", False),
    ]  # fmt: skip
    assert page.fields.contributors == ("Prab R. Tumpati, MD",)
    assert page.sections[0].text.startswith("Metastasectomy is a surgical procedure")
    assert page.sections[4].text.endswith("pneumonia or other respiratory complications.")
