"""The same article in every generation of MediaWiki's markup gives the same sections."""

from collections.abc import Callable

import pytest

from sectionary.cleaners.article import Article
from sectionary.cleaners.fields import Category, LangLink
from sectionary.cleaners.rules import AFTER, BEFORE

GENERATIONS = [
    "skin-2011",                 # MonoBook, edit links before the headline
    "mobile-2020",               # MobileFrontend, headlines in a bare h2, folded sections behind it
    "parse-2025",                # action=parse, headings in a wrapper
    "citizen-2026",              # Citizen, folded sections with hidden=until-found
    "mobile-2026",               # MobileFrontend, headings in a wrapper that folds
    "skin-2026",                 # Vector 2022
    "parsoid",                   # the REST API
    "parsoid-read-2026",         # Vector 2022 around Parsoid's sections, headings in a wrapper
]
Written = Callable[..., Article]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_headings_levels_anchors_and_texts_are_the_articles_own(written: Written, generation: str) -> None:
    found = [(s.level, s.heading, s.anchor, s.path, s.text) for s in written(generation).sections]
    assert found == [
        (0, None, None, (), "A lichen is a fungus that lives with an alga."),
        (2, "Growth", "Growth", (), "Slow."),
        (3, "On rock", "On_rock", ("Growth",), "- grey\n- orange"),
        (2, "References", "References", (), "1. Acharius, Erik. Methodus. 1803."),
    ]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_blocks_and_title_are_the_same_and_no_warning_is_given(written: Written, generation: str) -> None:
    found, first = written(generation), written("skin-2026")
    assert [section.blocks for section in found.sections] == [section.blocks for section in first.sections]
    assert found.warnings == ()
    assert generation == "parse-2025" or found.title == "Lichen"      # a fragment does not say its title


@pytest.mark.parametrize("generation", GENERATIONS)
def test_no_word_of_a_folding_heading_or_an_edit_button_is_left_to_its_place(written: Written, generation: str) -> None:
    rules = {removal.rule: removal.chars for removal in written(generation).removals}
    assert rules.get(BEFORE, 0) == rules.get(AFTER, 0) == 0
    assert generation == "parsoid" or rules["section.edit-link"] > 0


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_reference_mark_is_a_citation_at_its_place(written: Written, generation: str) -> None:
    lead = written(generation).sections[0]
    assert [(c.ref_id, c.label, c.offset) for c in lead.citations] == [("cite_note-1", "1", len(lead.text))]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_reference_is_data_without_its_backlink(written: Written, generation: str) -> None:
    (reference,) = written(generation).fields.references
    assert (reference.id, reference.text) == ("cite_note-1", "Acharius, Erik. Methodus. 1803.")


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_link_is_absolute_and_stands_where_its_text_does(written: Written, generation: str) -> None:
    lead = written(generation, url="https://wiki.example/wiki/Lichen").sections[0]
    (link,) = lead.links
    assert (link.url, link.kind) == ("https://wiki.example/wiki/Alga", "internal")
    assert lead.text[link.offset : link.offset + len(link.text)] == "alga"


def test_a_page_of_today_tells_its_ids_licence_categories_and_languages(written: Written) -> None:
    page = written("skin-2026")
    assert (page.page_id, page.revision_id, page.fields.wikidata_id) == (12, 77, "Q43142")
    assert (page.license, page.license_source) == ("CC-BY-SA-4.0", "footer")
    assert page.fields.categories == (
        Category(name="Fungi", url="https://wiki.example/wiki/Category:Fungi", hidden=False),
    )
    assert page.fields.langlinks == (
        LangLink(lang="de", title="Flechte", url="https://de.wiki.example/wiki/Flechte"),
    )


@pytest.mark.parametrize("generation", ["mobile-2020", "citizen-2026", "mobile-2026", "skin-2026", "parsoid-read-2026"])
def test_a_page_tells_its_licence_in_its_skin_s_footer(written: Written, generation: str) -> None:
    page = written(generation)
    assert (page.license, page.license_source) == ("CC-BY-SA-4.0", "footer")


def test_a_page_tells_what_made_it_where_no_api_was_asked(written: Written) -> None:
    info = written("skin-2026").site_info
    assert info is not None
    assert (info.site, info.engine, info.generator) == ("wiki.example", "mediawiki", "MediaWiki 1.46.0")


def test_parsoid_tells_its_ids_and_date_in_its_head(written: Written) -> None:
    page = written("parsoid")
    assert (page.page_id, page.revision_id, page.date_modified) == (12, 77, "2026-05-01T10:00:00Z")


def test_an_indicator_is_never_taken_for_the_article(written: Written) -> None:
    page = written("skin-2026")
    assert not any("Semi-protected" in section.text for section in page.sections)
    assert "page.indicators" in {removal.rule for removal in page.removals}


def test_parsoid_links_to_its_categories_instead_of_showing_them(written: Written) -> None:
    assert [category.name for category in written("parsoid").fields.categories] == ["Fungi of rock"]
