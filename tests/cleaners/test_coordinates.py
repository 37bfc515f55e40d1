"""Coordinates: the page's own as a field, those of other places in the text."""

# ruff: noqa: RUF001 - primes are what is tested

from collections.abc import Callable

import pytest

from sectionary.cleaners.article import Article

Framed = Callable[..., Article]


def coord(dms: str, pair: str, params: str = "") -> str:
    """A place as Template:Coord prints it: in three notations."""
    return (
        f'<span class="geo-inline"><a class="external text" href="https://geohack.example/geohack.php?params={params}">'
        f'<span class="geo-default"><span class="geo-dms">{dms}</span></span>'
        '<span class="geo-multi-punct">\ufeff / \ufeff</span>'
        '<span class="geo-nondefault"><span class="geo-dec">48.85°N</span>'
        f'<span style="display:none">\ufeff / <span class="geo">{pair}</span></span></span></a></span>'
    )


def own(content: str) -> str:
    return f'<span id="coordinates"><a href="/wiki/Geo">Coordinates</a>: {content}</span>'


def read(page: Article) -> tuple[float, float, str | None] | None:
    found = page.fields.coordinates
    return (found.lat, found.lon, found.globe) if found else None


def test_the_page_s_own_are_a_field_once_and_no_text(article: Framed) -> None:
    place = coord("48°51′N 2°21′E", "48.85; 2.35")
    page = article(
        f'<table class="infobox"><tr><th>Coordinates</th><td>{place}<span>{own(place)}</span></td></tr></table>'
        f"<p>Ebb.</p>{own(place)}"
    )
    assert read(page) == (48.85, 2.35, None)
    assert page.sections[0].text == "Ebb."
    assert [(field.label, field.text) for field in page.fields.infoboxes[0].fields] == [
        ("Coordinates", "48°51′N 2°21′E")
    ]


def test_other_places_in_the_text_keep_theirs_in_one_notation_and_are_not_the_page_s(article: Framed) -> None:
    page = article(f"<p>The mill at {coord('48°51′N 2°21′E', '48.85; 2.35')} is old.</p>")
    assert read(page) is None
    assert page.sections[0].text == "The mill at 48°51′N 2°21′E is old."


def test_a_row_of_an_infobox_that_has_nothing_else_tells_them_a_capital_does_not(article: Framed) -> None:
    capital = f"<tr><th>Capital</th><td>Ebbford<br>{coord('1°N 2°E', '1; 2')}</td></tr>"
    row = f"<tr><td colspan='2'>Coordinates: {coord('48°51′N 2°21′E', '48.85; 2.35')}</td></tr>"
    assert read(article(f'<table class="infobox"><tr><th>Bay</th></tr>{capital}{row}</table><p>Ebb.</p>')) == (
        48.85, 2.35, None
    )  # fmt: skip
    assert read(article(f'<table class="infobox"><tr><th>Bay</th></tr>{capital}</table><p>Ebb.</p>')) is None


FORMS = {
    "degrees in an address": ("<a href='//geo.example/geohack.php?params=33_52_10_S_151_12_30_W_type:city'>x</a>",
                              (-33.86944444, -151.20833333, None)),
    "decimals in an address": ("<a href='//geo.example/geohack.php?params=8.5_N_33.4_W_globe:Moon'>x</a>",
                               (8.5, -33.4, "moon")),
    "a pair in an address": ("<a href='//geo.example/geohack.php?params=45.5;-73.5'>x</a>", (45.5, -73.5, None)),
    "a map link": ("<a class='mw-kartographer-maplink' data-lat='48.85' data-lon='2.35'>48° 51′ nord</a>",
                   (48.85, 2.35, None)),
    "an element each": ("<b class='geo'><i class='latitude'>48.85</i><i class='longitude'>2.35</i></b>",
                        (48.85, 2.35, None)),
    "nonsense": ("<span class='geo'>north; east</span><a href='?params=1_2_3'>x</a>", None),
    "off the globe": ("<span class='geo'>148.85; 2.35</span>", None),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_each_notation_is_read(article: Framed, form: str) -> None:
    markup, expected = FORMS[form]
    assert read(article(f"<p>Ebb.</p>{own(markup)}")) == expected
