"""What a section is for, by its heading."""

# ruff: noqa: RUF001 - other scripts are what is tested

import json
from pathlib import Path

import pytest

from sectionary.cleaners import roles
from sectionary.cleaners.roles import role

ROLES = ("see_also", "notes", "references", "bibliography", "further_reading", "external_links", "gallery")
TABLE = json.loads(Path(roles.__file__).with_name("roles.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("See Also", "see_also"),
        ("  REFERENCES: ", "references"),
        ("Weblinks", "external_links"),
        ("Notes et références", "references"),
        ("Véase también", "see_also"),
        ("Collegamenti\u00a0esterni", "external_links"),
        ("Примечания", "references"),
        ("Див. також", "see_also"),
        ("Zobacz też", "see_also"),
        ("Dış bağlantılar", "external_links"),
        ("انظر أيضًا", "see_also"),
        ("انظر أيضاً", "see_also"),
        ("Vinclos externos", "external_links"),
        ("सन्दर्भ सूची", "references"),
        ("ເບິ່ງຕື່ມ", "see_also"),
        ("ឯកសារ\u200bយោង", "references"),
        ("پیوند به بیرون", "external_links"),
        ("קישורים חיצוניים", "external_links"),
        ("外部リンク", "external_links"),
        ("延伸閱讀", "further_reading"),
        ("같이 보기", "see_also"),
        ("Galerie d\N{RIGHT SINGLE QUOTATION MARK}images", "gallery"),
        ("Re\u0301fe\u0301rences", "references"),
    ],
)
def test_a_heading_tells_the_role_in_its_language(heading: str, expected: str) -> None:
    assert role(heading) == expected


@pytest.mark.parametrize("heading", ["Indications", "References in culture", "See", "", "Galleria Umberto"])
def test_any_other_heading_is_body(heading: str) -> None:
    assert role(heading) == "body"


def test_the_language_decides_where_two_languages_disagree() -> None:
    assert role("参考文献", "ja") == "bibliography"
    assert role("参考文献", "zh-Hans") == "references"
    assert role("参考文献") == "references"


@pytest.mark.parametrize(
    ("heading", "language"),
    [("Note", "it"), ("脚注", "ja"), ("각주", "ko"), ("پانویس", "fa"), ("Chú thích", "vi"), ("Jegyzetek", "hu")],
)
def test_footnotes_that_hold_the_citations_are_references(heading: str, language: str) -> None:
    """So they are called where the wiki keeps no other list of them."""
    assert role(heading, language) == "references"


def test_only_one_heading_means_two_things() -> None:
    meanings: dict[str, set[str]] = {}
    for name, languages in TABLE.items():
        for heading in (heading for headings in languages.values() for heading in headings):
            meanings.setdefault(heading.casefold(), set()).add(name)
    assert {heading for heading, names in meanings.items() if len(names) > 1} == {"参考文献"}


def test_the_table_knows_each_role_in_many_languages() -> None:
    assert tuple(TABLE) == ROLES
    assert min(len(languages) for languages in TABLE.values()) >= 30
    assert all(
        role(heading, language) == name
        for name, languages in TABLE.items()
        for language, headings in languages.items()
        for heading in headings
    )
