"""What the editions of Wikipedia call their boxes and banners."""

from collections.abc import Callable

from sectionary.cleaners.article import Article

Framed = Callable[..., Article]


def edition(article: Framed, language: str, content: str) -> Article:
    """An article of the edition in `language`."""
    return article(content, url=f"https://{language}.wikipedia.org/wiki/Page")


def test_french_banners_are_hatnotes_and_notices_though_they_are_called_metadata(article: Framed) -> None:
    page = edition(
        article,
        "fr",
        '<div class="bandeau-container metadata homonymie hatnote"><div class="bandeau-cell">Ne pas confondre avec '
        '<a href="/wiki/Jusant">jusant</a>.</div></div><div class="bandeau-container metadata bandeau-article '
        'bandeau-niveau-modere"><div class="bandeau-cell">Cet article ne cite pas ses sources (mai 2024).</div></div>'
        "<p>La mar\u00e9e monte.</p>",
    )
    assert [hatnote.text for hatnote in page.fields.hatnotes] == ["Ne pas confondre avec jusant."]
    assert [(notice.type, notice.date) for notice in page.fields.notices] == [("modere", "mai 2024")]
    assert page.sections[0].text == "La mar\u00e9e monte."


def test_an_italian_box_is_one_and_its_authority_control_is_not_text(article: Framed) -> None:
    page = edition(
        article,
        "it",
        '<table class="sinottico"><tbody><tr class="sinottico_testata"><th colspan="2">Marea</th></tr><tr><th>Altezza'
        '</th><td>2 m</td></tr></tbody></table><p>La marea sale.</p><table class="CdA"><tbody><tr><th>Controllo di '
        "autorit\u00e0</th><td>GND 1</td></tr></tbody></table>",
    )
    (box,) = page.fields.infoboxes
    assert (box.title, [(field.label, field.text) for field in box.fields]) == ("Marea", [("Altezza", "2 m")])
    assert page.sections[0].text == "La marea sale."


def test_links_to_the_data_behind_a_box_are_no_rows_of_it(article: Framed) -> None:
    link = '<a class="extiw" href="https://www.wikidata.org/wiki/Q1">editar datos en Wikidata</a>'
    page = edition(
        article,
        "es",
        '<table class="infobox"><tbody><tr><th colspan="2">Marea</th></tr><tr><th>Altura</th><td>2 m</td></tr><tr>'
        f'<td colspan="3" style="text-align:right;font-size:smaller">[{link}]</td></tr><tr><td colspan="2" '
        'class="infobox-below"><span class="wikidata-link noprint"><a href="https://www.wikidata.org/wiki/Q1">?</a>'
        "</span></td></tr></tbody></table><p>La marea sube.</p>",
    )
    assert [(field.label, field.text) for field in page.fields.infoboxes[0].fields] == [("Altura", "2 m")]


def test_a_mark_that_leads_to_an_edition_in_another_language_is_no_remark(article: Framed) -> None:
    mark = '<sup class="noprint"><a href="https://en.wikipedia.org/wiki/Ebb" class="extiw">[en]</a></sup>'
    page = edition(article, "ru", f"<p>Tide and ebb{mark}.</p>")
    assert (page.sections[0].text, page.sections[0].inline_tags) == ("Tide and ebb.", ())
