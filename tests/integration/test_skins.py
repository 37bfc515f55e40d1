"""One article, one result: whatever skin the wiki shows it in, from Parsoid, and from action=parse.

All that an article says is compared, on all articles. What a form does not carry, and what a form reads
otherwise, stands in the tables below; nothing else may differ.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
import pytest
from encyclopedia import FORMS, PARSE, PARSOID, SERVER, page_in
from gold import Gold, Heading, as_told
from wiki import SKINS, Wiki

import sectionary

Data = dict[str, Any]
Read = Callable[[str, str], Data]
OTHERS = FORMS[1:]

# Minerva shows categories and languages on a click, elsewhere; action=parse answers for the text alone.
WITHOUT_FURNITURE = {"minerva", PARSE}

# Categories that the parser puts pages into for their editors; Parsoid 1.39 lists those alone that the page names.
TRACKING = re.compile("Pages (using|with) .*")

# Sections whose wikitext means nothing definite, so that the parser and Parsoid render it differently.
STARRED_NOTE = "a note begins with *: a list for Parsoid, a star for the parser"
BROKEN_OFF = "a tag, a name or an address is broken off: each of the two mends it in its own way"
ONLYINCLUDE = "a line of nothing but <onlyinclude> ends a paragraph, but not for Parsoid"
HEADING_IN_HTML = "Parsoid 1.39 gives <h3 id> no second anchor made of its text"
READ_OTHERWISE = {
    ("Abraham Lincoln", "References"): STARRED_NOTE,
    ("Afghanistan", "References"): STARRED_NOTE,
    ("Agricultural science", None): ONLYINCLUDE,
    ("Albert Einstein", "References"): BROKEN_OFF,
    ("Alchemy", "Citations"): STARRED_NOTE,
    ("Algorithm", "Notes"): STARRED_NOTE,
    ("American National Standards Institute", "American national standards"): BROKEN_OFF,
    ("American Revolutionary War", "References"): STARRED_NOTE,
    ("Anarchism", "References"): STARRED_NOTE,
    ("Anthropology", "References"): STARRED_NOTE,
    ("Aristotle", "Notes and references"): BROKEN_OFF,
    ("Art", "Notes"): BROKEN_OFF,
    ("Asphalt", "References"): BROKEN_OFF,
    ("Headings of many kinds", "Written by hand"): HEADING_IN_HTML,
    ("International Atomic Time", "Notes"): STARRED_NOTE,
}
NOTES_READ_OTHERWISE = {title for title, _ in READ_OTHERWISE}    # where `references` are compared by their ids alone


@pytest.fixture(scope="module")
def read(wiki: Wiki) -> Read:
    """An article in a form, as plain data."""

    @cache
    def extract(title: str, form: str) -> Data:
        article = sectionary.extract(page_in(wiki, title, form), url=SERVER + wiki.page_url(title))
        found: Data = msgspec.to_builtins(article)
        return found

    return extract


@pytest.fixture(scope="module")
def titles(gold: Gold) -> list[str]:
    """All articles of the wiki."""
    return gold.titles()


@pytest.mark.parametrize("form", [form for form in FORMS if form != PARSOID])
def test_the_heading_tree_is_the_wikis_own_in_each_form(
    read: Read, gold: Gold, titles: list[str], form: str
) -> None:
    assert {title: headings(read(title, form)) for title in titles} == {title: gold.headings(title) for title in titles}


def test_the_heading_tree_is_the_wikis_own_in_parsoids_html(read: Read, gold: Gold, titles: list[str]) -> None:
    """All but the anchors that Parsoid has not."""
    other = {heading for _, heading in READ_OTHERWISE if READ_OTHERWISE[_, heading] == HEADING_IN_HTML}
    for title in titles:
        pairs = zip(headings(read(title, PARSOID)), gold.headings(title), strict=True)
        wrong = [(ours, told) for ours, told in pairs if ours != told and told.text not in other]
        assert wrong == [], title


def headings(article: Data) -> list[Heading]:
    """The headings of an article, as the wiki's API would tell them."""
    return [as_told(one["level"], one["heading"], one["anchor"]) for one in article["sections"][1:]]


@pytest.mark.parametrize("form", OTHERS)
def test_sections_blocks_links_citations_and_pictures_are_the_same_in_each_form(
    read: Read, titles: list[str], form: str
) -> None:
    found = {place for title in titles for place in _differing(read, title, form)}
    assert found == (set(READ_OTHERWISE) if form == PARSOID else set())


def _differing(read: Read, title: str, form: str) -> list[tuple[str, str | None]]:
    """The sections of an article, by its title and their headings, that are not as in the first skin."""
    pairs = zip(read(title, SKINS[0])["sections"], read(title, form)["sections"], strict=True)
    return [(title, one["heading"]) for one, other in pairs if one != other]


@pytest.mark.parametrize("form", OTHERS)
def test_all_else_that_an_article_says_is_the_same_in_each_form(read: Read, titles: list[str], form: str) -> None:
    wrong = {title: _differing_fields(read(title, SKINS[0]), read(title, form), form) for title in titles}
    assert {title: names for title, names in wrong.items() if names} == {}


def _differing_fields(first: Data, other: Data, form: str) -> list[str]:
    one, two = carried(first, form), carried(other, form)
    return [name for name in one if one[name] != two[name]]


def carried(article: Data, form: str) -> Data:
    """Title, language and fields of an article, as far as a form carries them."""
    fields = {**article["fields"], "title": article["title"], "language": article["language"], "dir": article["dir"]}
    if form in WITHOUT_FURNITURE:
        fields = {name: value for name, value in fields.items() if name not in ("categories", "langlinks")}
    if form == PARSE:
        del fields["title"], fields["language"], fields["dir"], fields["wikidata_id"]
    if form == PARSOID:
        del fields["wikidata_id"]
        fields["categories"] = [one for one in fields["categories"] if not TRACKING.fullmatch(one["name"])]
        if article["title"] in NOTES_READ_OTHERWISE:
            fields["references"] = [one["id"] for one in fields["references"]]
    return fields
