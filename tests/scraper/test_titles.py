"""Titles in their one form. The integration tests hold this table to a real MediaWiki."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sectionary.scraper.titles import Names, capital, english, named, parse_title
from tests.scraper.titlepairs import KEPT, PAIRS, REFERENCES, REFUSED

ENGLISH = english(keeps_case=frozenset())


@pytest.mark.parametrize(("written", "key"), PAIRS)
def test_a_title_has_one_form(written: str, key: str) -> None:
    assert parse_title(written, ENGLISH).key == key


@pytest.mark.parametrize("written", [*REFUSED, *REFERENCES])
def test_what_no_page_can_be_called_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_title(written, ENGLISH)


@pytest.mark.parametrize(("written", "reason"), [
    ("", "no title"), ("Talk:", "no title"), ("#x", "no title"), ("Talk:File:x", "talk page"), ("a[b", "character"),
    ("a%41", "escape"), ("a&amp;b", "reference"), ("a/../b", "relative"), ("a~~~", "signature"),
    ("ä" * 128, "255 bytes"), ("Talk::a", "colon"),
])  # fmt: skip
def test_the_reason_is_told(written: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_title(written, ENGLISH)


@pytest.mark.parametrize("title", KEPT)
def test_letters_that_have_no_capital_of_their_own_stay(title: str) -> None:
    assert parse_title(title, ENGLISH).key == title


@pytest.mark.parametrize(("language", "title"), [("tr", "İzmir"), ("az", "İzmir"), ("kk", "İzmir"), ("en", "Izmir")])
def test_the_capital_of_i_depends_on_the_language(language: str, title: str) -> None:
    assert capital("izmir", language) == title


def test_a_wiki_that_keeps_case_keeps_it_where_it_says_so() -> None:
    names = named({0: "", 2: "Benutzer"}, {}, keeps_case=frozenset({0}))
    assert parse_title("ebb", names).key == "ebb"
    assert parse_title("user:ann", names).key == "Benutzer:Ann"


def test_where_nobody_says_whether_case_counts_no_letter_is_changed() -> None:
    assert parse_title("ebb", english()).key == "ebb"


GERMAN = named(
    {-1: "Spezial", 0: "", 1: "Diskussion", 4: "Strandline", 14: "Kategorie"}, {"WP": 4, "Kat": 14},
    specials={"random": "Zufällige_Seite", "zufällige_seite": "Zufällige_Seite"}, foreign=frozenset({"fr"}),
)  # fmt: skip


@pytest.mark.parametrize(("written", "key", "namespace"), [
    ("category: tides", "Kategorie:Tides", 14), ("KAT:tides", "Kategorie:Tides", 14),
    ("kategorie:tides", "Kategorie:Tides", 14), ("wp:hilfe", "Strandline:Hilfe", 4),
    ("project:hilfe", "Strandline:Hilfe", 4), ("special:random/a", "Spezial:Zufällige_Seite/a", -1),
    ("Spezial:zufällige seite", "Spezial:Zufällige_Seite", -1), ("Unbekannt:ebbe", "Unbekannt:ebbe", 0),
])  # fmt: skip
def test_a_prefix_is_the_wikis_own_name_of_its_namespace(written: str, key: str, namespace: int) -> None:
    title = parse_title(written, GERMAN)
    assert (title.key, title.namespace) == (key, namespace)


def test_a_page_of_another_wiki_is_none_of_this_one() -> None:
    with pytest.raises(ValueError, match="another wiki: FR"):
        parse_title("FR:Marée", GERMAN)


def test_a_title_is_shown_with_spaces_and_its_fragment_apart() -> None:
    title = parse_title("user talk:ann_b_#Low  water_", ENGLISH)
    assert (str(title), title.fragment) == ("User talk:Ann b", "Low_water")


NAMES = st.sampled_from([ENGLISH, english(), GERMAN, named({}, {}, language="tr")])


@given(st.text(max_size=30), NAMES)
def test_the_one_form_of_a_title_is_a_fixed_point(text: str, names: Names) -> None:
    try:
        title = parse_title(text, names)
    except ValueError:
        return
    assert parse_title(title.key, names) == parse_title(str(title), names)
    assert parse_title(title.key, names).key == title.key


@given(st.text(alphabet="ab:/#_ .%&~TalkSpecial\u200e\u00a0", max_size=20), NAMES)
def test_spaces_and_underscores_make_no_difference(text: str, names: Names) -> None:
    def form(written: str) -> str:
        try:
            return parse_title(written, names).key
        except ValueError as error:
            return f"refused: {error}"

    assert form(text) == form(text.replace(" ", "_")) == form(f" _{text}_ ")
