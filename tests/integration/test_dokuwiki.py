"""Pages of a real DokuWiki become the sections that were written in its markup, and nothing else."""

from collections.abc import Iterator

import pytest
from dokuwiki import DokuWiki

import sectionary
from sectionary.cleaners.article import Article
from sectionary.cleaners.rules import AFTER, BEFORE

LIMPET = """====== Limpet ======
A **limpet** is a //snail((Of the order [[https://example.org/p|Patellogastropoda]].))// with a conical shell. See
[[shore:barnacle|barnacles]] and [[https://example.org/limpets|a page elsewhere]]. It weighs 5 [g] at most.

===== Behaviour =====
  * grazes at high water((As [[shore:barnacle]] does not.))
  * goes home:
    * by its own track
    * before low water
  - first
  - second

==== Homing ====
^ Place ^ Tide ^
| upper | high |
| lower | low  |
| :::   | neap |

<code python>
def home():
    return "scar"
</code>

> It is back before low water.

===== Water =====
==== Salt ====
H<sub>2</sub>O and 3.5 % of salt; ''NaCl'' most of it.\\\\ A line of its own.
===== See also =====
  * [[shore:barnacle]]
  * [[shore:nowhere]]
"""
CODE = 'def home():\n    return "scar"'
BARNACLE = "====== Barnacle ======\nA barnacle stays where it is.\n"


@pytest.fixture(scope="module")
def tidepool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DokuWiki]:
    start = "====== Start ======\nTo the [[shore:limpet]]."
    pages = {"start": start, "shore:limpet": LIMPET, "shore:barnacle": BARNACLE}
    with DokuWiki(tmp_path_factory.mktemp("dokuwiki"), pages) as wiki:
        yield wiki


@pytest.fixture(scope="module")
def limpet(tidepool: DokuWiki) -> Article:
    return sectionary.extract(tidepool.html("shore:limpet"), url=tidepool.url("shore:limpet"))


def test_headings_are_those_of_the_source(limpet: Article) -> None:
    assert limpet.title == "Limpet"
    found = [(section.level, section.heading, section.anchor, section.role) for section in limpet.sections]
    assert found == [
        (0, None, None, "lead"),
        (2, "Behaviour", "behaviour", "body"),
        (3, "Homing", "homing", "body"),
        (2, "Water", "water", "body"),
        (3, "Salt", "salt", "body"),
        (2, "See also", "see_also", "see_also"),
    ]


def test_text_is_what_was_written_without_marks_buttons_and_menus(limpet: Article) -> None:
    assert [section.text for section in limpet.sections] == [
        "A limpet is a snail with a conical shell. See barnacles and a page elsewhere. It weighs 5 [g] at most.",
        "- grazes at high water\n- goes home:\n  - by its own track\n  - before low water\n\n1. first\n2. second",
        f"Place | Tide\nupper | high\nlower | low\nneap\n\n{CODE}\n\nIt is back before low water.",
        "",
        "H2O and 3.5 % of salt; NaCl most of it.\nA line of its own.",
        "- barnacle\n- nowhere\n\nOf the order Patellogastropoda.\n\nAs barnacle does not.",
    ]


def test_tables_code_and_quotes_are_data(limpet: Article) -> None:
    table, code, quote = limpet.sections[2].blocks
    assert table.table is not None
    assert table.table.grid == (("Place", "Tide"), ("upper", "high"), ("lower", "low"), ("lower", "neap"))
    assert table.table.header_rows == 1
    assert code.code is not None
    assert (code.code.language, code.code.text) == ("python", CODE)
    assert quote.type == "quote"


def test_footnotes_are_references_and_their_marks_citations(limpet: Article) -> None:
    found = [(each.id, each.label, each.text, each.urls, each.backlinks) for each in limpet.fields.references]
    assert found == [
        ("fn__1", "1", "Of the order Patellogastropoda.", ("https://example.org/p",), 1),
        ("fn__2", "2", "As barnacle does not.", (), 1),
    ]
    marks = [(mark.ref_id, mark.label) for section in limpet.sections for mark in section.citations]
    assert marks == [("fn__1", "1"), ("fn__2", "2")]


def test_links_lead_to_pages_and_tell_which_are_missing(tidepool: DokuWiki, limpet: Article) -> None:
    kinds = {link.url: link.kind for section in limpet.sections for link in section.links}
    assert kinds == {
        tidepool.url("shore:barnacle"): "internal",
        tidepool.url("shore:nowhere"): "redlink",
        "https://example.org/limpets": "external",
        "https://example.org/p": "external",
    }


def test_the_licence_is_the_one_in_the_footer(limpet: Article) -> None:
    assert limpet.license == "CC-BY-SA-4.0"
    assert limpet.license_source == "footer"


def test_what_was_taken_away_went_by_rules_of_dokuwiki_s_own(limpet: Article) -> None:
    unnamed = [removal for removal in limpet.removals if removal.rule in {BEFORE, AFTER} and removal.chars]
    assert not unnamed
