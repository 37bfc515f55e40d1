"""What kind a hatnote is, by class and by words."""

# ruff: noqa: RUF001 - other scripts are what is tested

from collections.abc import Callable

import pytest

from sectionary.cleaners.article import Article
from sectionary.cleaners.hatnotes import kind

Framed = Callable[..., Article]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Main article: Tide", "main"),
        ("Main articles: Ebb and Flow", "main"),
        ("→ Hauptartikel: Gezeiten", "main"),
        ("Article détaillé : Marée.", "main"),
        ("Lo stesso argomento in dettaglio: Marea.", "main"),
        ("Основная статья: Прилив", "main"),
        ("詳細は「潮汐」を参照", "main"),
        ("主条目：潮汐", "main"),
        ("- مقالة مفصلة: مد وجزر", "main"),
        ("Zie Getijde voor het hoofdartikel over dit onderwerp.", "main"),
        ("See also: Ebb", "see_also"),
        ("Véase también: Marea", "see_also"),
        ("「潮汐」も参照", "see_also"),
        ("Xem thêm: Thủy triều", "see_also"),
        ("Further information: Ebb", "further"),
        ("更多資訊：潮汐", "further"),
        ("Pour plus d\N{RIGHT SINGLE QUOTATION MARK}informations, voir Marée.", "further"),
        ("“Ebb” redirects here. For the village, see Ebb (village).", "redirect"),
        ("Ebbe ist eine Weiterleitung auf diesen Artikel. Weitere Bedeutungen sind hier aufgeführt.", "redirect"),
        ("Сюда перенаправляется запрос «отлив».", "redirect"),
        ("「退潮」重定向至此。", "redirect"),
        ("This article is about the sea. For other uses, see Tide (disambiguation).", "about"),
        ("For the village, see Ebb (village).", "about"),
        ("Not to be confused with Tied.", "about"),
        ("Dieser Artikel behandelt das Meer.", "about"),
        ("ערך זה עוסק בים.", "about"),
        ("У этого термина существуют и другие значения, см. Прилив (значения).", "about"),
        ("この項目では、海の潮について説明しています。", "about"),
        ("This is a dynamic list.", "other"),
        ("The main article was short, see also nobody.", "main"),
        ("Aside: see also Ebb", "other"),
    ],
)
def test_words_tell_the_kind_in_many_languages(text: str, expected: str) -> None:
    assert kind(text) == expected


def test_a_class_counts_before_the_words() -> None:
    assert kind("Tide, a longer account", "hatnote relarticle mainarticle") == "main"
    assert kind("Ebbe", "sieheauch") == "see_also"


def test_a_hatnote_is_data_with_its_links_and_no_text(article: Callable[..., Article]) -> None:
    page = article(
        '<p>Ebb.</p><h2 id="Flow">Flow</h2><div role="note" class="hatnote navigation-not-searchable">Main article: '
        '<a href="/wiki/Flood_tide" title="Flood tide">Flood tide</a></div><p>It rises.</p>'
    )
    (note,) = page.fields.hatnotes
    assert (note.kind, note.section_index, note.text) == ("main", 1, "Main article: Flood tide")
    assert [(link.text, link.url, link.offset) for link in note.links] == [
        ("Flood tide", "https://wiki.example/wiki/Flood_tide", 14)
    ]
    assert page.sections[1].text == "It rises."


MAIN = '<dl><dd><i>Main article: <a href="/wiki/Tide">Tide</a></i></dd></dl>'


@pytest.mark.parametrize(
    ("line", "kind"),
    [(MAIN, "main"), ('<dl><dd>Siehe auch: <a href="/wiki/Tide">Tide</a></dd></dl>', "see_also"),
     ('<dl><dd><img src="/i.png"> ערך מורחב – <b><a href="/wiki/Tide">Tide</a></b></dd></dl>', "main")],
)  # fmt: skip
def test_an_indented_line_that_sends_elsewhere_before_the_first_words_is_a_hatnote(
    article: Framed, line: str, kind: str
) -> None:
    page = article(f"<p>Ebb.</p><h2>Flood</h2>{line}<p>It rises.</p>")
    assert [(note.kind, note.section_index, [link.text for link in note.links]) for note in page.fields.hatnotes] == [
        (kind, 1, ["Tide"]),
    ]
    assert (page.sections[1].text, page.sections[1].images) == ("It rises.", ())


@pytest.mark.parametrize(
    "content",
    [f"<p>It rises.</p>{MAIN}",
     MAIN.replace("Main article: ", "Said by "),
     MAIN.replace("</dd>", "</dd><dd>And more.</dd>"),
     MAIN.replace("<dd>", "<dt>Note</dt><dd>"),
     MAIN.replace("</i>", f"</i>{' and so on' * 30}"),
     f"<ul><li>a{MAIN}</li></ul>"],
    ids=["after words", "other words", "two lines", "a term", "long", "in a list"],
)  # fmt: skip
def test_another_indented_line_is_text(article: Framed, content: str) -> None:
    page = article(content)
    assert page.fields.hatnotes == ()
    assert "Tide" in page.sections[0].text
