"""A page as one document: its sections under their headings, in order, without those of the roles that are left out."""

from collections.abc import Callable, Collection
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sectionary.config import demo_config
from sectionary.output.dataset import tables_of_all
from sectionary.output.record import PAGE_TEXT_DROP, SectionRecord, records
from sectionary.pipeline import run
from tests.output.conftest import a_page, a_section, an_article

Make = Callable[..., Any]
ROLES = ("body", "see_also", "references", "external_links", "gallery")
COLUMNS = {
    "pages": ("doc_id", "title", "text", "markdown"),
    "sections": ("section_id", "doc_id", "parent_id", "heading", "role", "text"),
}
WORDS = st.sampled_from(["Otters swim.", "Rivers.\n\nAnd *lakes*.", "", "# no heading", "a | b"])


def shown(sections: list[SectionRecord], drop: Collection[str]) -> list[SectionRecord]:
    """The sections that have no dropped role and stand below none, told by the rows' own parent_id."""
    by_id = {section.section_id: section for section in sections}

    def dropped(section: SectionRecord | None) -> bool:
        return section is not None and (section.role in drop or dropped(by_id.get(section.parent_id or "")))

    return [section for section in sections if not dropped(section)]


def joined(sections: list[SectionRecord]) -> str:
    return "\n\n".join(part for section in sections for part in (section.heading, section.text) if part)


@st.composite
def articles(draw: st.DrawFn) -> Any:
    """Sections of any role, text and depth, each below the nearest shallower one before it."""
    sections = [a_section(None, draw(WORDS))]
    open_: list[tuple[int, int]] = []    # level and index of the sections that the next one may stand below
    for index in range(1, draw(st.integers(1, 8))):
        level = draw(st.integers(2, 4))
        open_ = [each for each in open_ if each[0] < level]
        parent = open_[-1][1] if open_ else None
        role, text = draw(st.sampled_from(ROLES)), draw(WORDS)
        sections.append(a_section(f"Part {index}", text, level=level, parent=parent, role=role))
        open_.append((level, index))
    return an_article("Otter", *sections)


@given(articles(), st.sets(st.sampled_from(ROLES)))
def test_the_text_of_a_page_is_its_sections_under_their_headings(article: Any, drop: set[str]) -> None:
    page, sections = records(article, a_page(article), tuple(drop))
    assert page.text == joined(shown(sections, drop))


@given(articles(), st.sets(st.sampled_from(ROLES)))
def test_the_markdown_of_a_page_is_its_title_and_the_markdown_of_the_same_sections(
    article: Any, drop: set[str]
) -> None:
    page, sections = records(article, a_page(article), tuple(drop))
    parts = ["# Otter"]
    for section in shown(sections, drop):
        parts += [f"{'#' * section.level} {section.heading}" if section.heading else "", section.markdown]
    assert page.markdown == "\n\n".join(filter(None, parts))


def test_a_page_leaves_out_references_and_external_links_unless_told_otherwise() -> None:
    said = {role: f"Number {number} of it." for number, role in enumerate(ROLES)}
    sections = [a_section(role.title(), said[role], role=role) for role in ROLES]
    article = an_article("Otter", a_section(None, "A lead."), *sections)
    default, bare = (records(article, a_page(article), *drop)[0] for drop in ((), ((),)))
    assert set(PAGE_TEXT_DROP) == {"references", "external_links"}
    for page, there in ((default, {"body", "see_also", "gallery"}), (bare, set(ROLES))):
        for told in (page.text, page.markdown):
            assert {role for role in ROLES if said[role] in told} == there


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Every page of the example encyclopedia with its sections, as a reader of the dataset gets them."""
    config = demo_config(tmp_path_factory.mktemp("demo"))
    assert run(config).exit_code == 0
    tables = (tables_of_all(config.corpus, [1], table, COLUMNS[table]) for table in ("pages", "sections"))
    pages, sections = ([row for part in table for row in part.to_pylist()] for table in tables)
    return [(page, [row for row in sections if row["doc_id"] == page["doc_id"]]) for page in pages]


def test_the_pages_of_a_dataset_say_what_its_sections_say(pages: list[tuple[Any, list[Any]]]) -> None:
    assert len(pages) > 20
    for page, sections in pages:
        by_id = {section["section_id"]: section for section in sections}
        parts = []
        for section in sections:
            above: Any = section
            while above is not None and above["role"] not in PAGE_TEXT_DROP:
                above = by_id.get(above["parent_id"])
            parts += [section["heading"], section["text"]] if above is None else []
        assert page["text"] == "\n\n".join(filter(None, parts)), page["title"]
        assert page["markdown"].startswith("# "), page["title"]
