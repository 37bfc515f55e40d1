"""Infoboxes of many generations as groups, labels and values."""

from collections.abc import Callable

import pytest

from sectionary.cleaners.article import Article
from sectionary.cleaners.fields import Infobox

Framed = Callable[..., Article]
Fields = list[tuple[str | None, str | None, str]]


def boxed(article: Framed, rows: str, classes: str = "infobox") -> Infobox:
    page = article(f'<table class="{classes}"><tbody>{rows}</tbody></table><p>Ebb.</p>')
    assert page.sections[0].text == "Ebb."
    return page.fields.infoboxes[0]


def fields(box: Infobox) -> Fields:
    return [(field.group, field.label, field.text) for field in box.fields]


def test_a_label_that_spans_rows_is_the_label_of_each(article: Framed) -> None:
    box = boxed(
        article,
        '<tr><th colspan="2">Bay</th></tr><tr><th rowspan="2">Rivers</th><td>Ebb</td></tr><tr><td>Flow</td></tr>'
        "<tr><td colspan='2'>A note.</td></tr>",
    )
    assert fields(box) == [(None, "Rivers", "Ebb"), (None, "Rivers", "Flow"), (None, None, "A note.")]


def test_a_group_of_bulleted_labels_ends_where_the_bullets_do(article: Framed) -> None:
    box = boxed(
        article,
        '<tr><th colspan="2">Bay</th></tr><tr><th colspan="2">Area</th></tr>'
        "<tr><th>\u2022 Total</th><td>9</td></tr><tr><th>\u2022 Water</th><td>8</td></tr>"
        "<tr><th>Depth</th><td>7</td></tr>"
        "<tr><th>Leader</th><td></td></tr><tr><th>\u2022 first</th><td>Ann</td></tr><tr><th>Motto</th><td>Up</td></tr>",
    )
    assert fields(box) == [
        ("Area", "Total", "9"), ("Area", "Water", "8"), (None, "Depth", "7"), ("Leader", "first", "Ann"),
        (None, "Motto", "Up"),
    ]  # fmt: skip


def test_the_foot_of_a_box_is_in_no_group(article: Framed) -> None:
    box = boxed(
        article,
        '<tr><th colspan="2">Bay</th></tr><tr><th colspan="2">Tides</th></tr><tr><th>Range</th><td>9</td></tr>'
        '<tr><td colspan="2" class="infobox-below">See the chart</td></tr>',
    )
    assert fields(box) == [("Tides", "Range", "9"), (None, None, "See the chart")]


@pytest.mark.parametrize("cell", ["<td><b>Codes</b></td>", "<td style='font-weight: bold'>Codes</td>"])
def test_a_bold_cell_over_labels_is_their_heading_and_over_a_picture_is_not(article: Framed, cell: str) -> None:
    box = boxed(article, f"<tr><th colspan='2'>Bay</th></tr><tr>{cell}</tr><tr><td>ISO</td><td>bay</td></tr>")
    assert fields(box) == [("Codes", "ISO", "bay")]
    chart = "<tr><td colspan='2'><img src='/chart.png' alt=''>A chart</td></tr>"
    box = boxed(article, f"<tr><th colspan='2'>Bay</th></tr><tr>{cell}</tr>{chart}<tr><td>ISO</td><td>bay</td></tr>")
    assert fields(box) == [(None, None, "Codes"), (None, None, "A chart"), (None, "ISO", "bay")]


def test_a_table_in_a_cell_goes_on_with_labels_and_values(article: Framed) -> None:
    inner = "<table><tr><td>Kingdom:</td><td>Algae</td></tr><tr><td>Genus:</td><td><i>Ulva</i></td></tr></table>"
    box = boxed(
        article,
        f"<tr><th colspan='2'>Sea lettuce</th></tr><tr><th>Classification</th></tr><tr><td>{inner}</td></tr>",
    )
    assert fields(box) == [("Classification", "Kingdom", "Algae"), ("Classification", "Genus", "Ulva")]


def test_two_sides_in_one_row_are_a_text_and_no_label(article: Framed) -> None:
    sides = "<table><tr><td>Crabs</td><td>Gulls</td></tr></table>"
    box = boxed(article, f"<tr><th colspan='2'>War</th></tr><tr><th>Sides</th></tr><tr><td>{sides}</td></tr>")
    assert fields(box) == [("Sides", None, "Crabs | Gulls")]


def test_a_field_names_the_references_it_cites(article: Framed) -> None:
    mark = '<sup class="reference"><a href="#cite_note-{0}">[{0}]</a></sup>'
    box = boxed(
        article,
        f"<tr><th colspan='2'>Bay</th></tr><tr><th>Depth{mark.format(1)}</th>"
        f"<td>9 m{mark.format(2)}{mark.format(1)}</td></tr>",
    )
    assert [(field.text, field.citations) for field in box.fields] == [("9 m", ("cite_note-1", "cite_note-2"))]


@pytest.mark.parametrize(
    ("classes", "name"),
    [
        ("infobox ib-settlement vcard", "settlement"), ("infobox biota", "taxobox"),
        ("infobox_v3 large taxobox_v3 bordered", "taxobox"), ("infobox float-right nowrap", None),
        ("portable-infobox pi-background pi-theme-Spell", "Spell"),
    ],
)  # fmt: skip
def test_a_box_is_named_after_the_class_that_tells_its_kind(article: Framed, classes: str, name: str | None) -> None:
    assert boxed(article, "<tr><th>Bay</th></tr><tr><th>Depth</th><td>9</td></tr>", classes).name == name


def test_a_french_box_has_a_title_a_picture_and_tables_of_its_own(article: Framed) -> None:
    page = article(
        '<div class="infobox_v3 large"><div class="entete map"><div>Baie</div></div>'
        '<div class="images"><img src="/baie.png" alt="carte" width="280" height="200"></div>'
        '<table><caption>Administration</caption><tbody><tr><th scope="row">Pays</th><td>Flandre</td></tr>'
        '<tr><th scope="row">Maire</th><td>Anne</td></tr></tbody></table>'
        '<p class="bloc">Relief</p><table><tr><th>Altitude</th><td>9 m</td></tr></table></div><p>Ebb.</p>'
    )
    (box,) = page.fields.infoboxes
    assert box.title == "Baie"
    assert [field for field in fields(box) if field[1]] == [
        ("Administration", "Pays", "Flandre"), ("Administration", "Maire", "Anne"), ("Relief", "Altitude", "9 m"),
    ]  # fmt: skip


def test_a_title_is_the_name_and_what_stands_over_and_under_it_are_rows(article: Framed) -> None:
    under = "<th colspan='2'>Bay<br><span lang='fr'>Baie</span><br>Holocene to present</th>"
    box = boxed(article, f"<tr>{under}</tr><tr><th>Depth</th><td>9</td></tr>")
    assert (box.title, fields(box)) == (
        "Bay", [(None, None, "Baie\nHolocene to present"), (None, "Depth", "9")],
    )  # fmt: skip
    over = "<th colspan='2'><div>The Right Honourable</div><div class='fn'>Ann Ebb</div><div>KG</div></th>"
    box = boxed(article, f"<tr>{over}</tr><tr><th>Born</th><td>1900</td></tr>")
    assert box.title == "Ann Ebb"
    assert fields(box) == [(None, None, "The Right Honourable"), (None, None, "KG"), (None, "Born", "1900")]


def test_a_title_that_is_broken_within_a_phrase_stays_whole(article: Framed) -> None:
    box = boxed(article, "<tr><th colspan='2'>Warden of the<br>Seven Bays</th></tr><tr><th>Seat</th><td>Ebb</td></tr>")
    assert box.title == "Warden of the\nSeven Bays"


def test_the_sides_of_a_battle_are_fields_of_one_group_and_none_is_the_label_of_another(article: Framed) -> None:
    half = "width:50%; border-right:1px dotted #aaa"
    box = boxed(
        article,
        "<tr><th colspan='2'>Battle of the Bay</th></tr><tr><th colspan='2'>Belligerents</th></tr>"
        f"<tr><td style='{half}'><img src='/flag/Crabs.svg' alt=''>Crabs</td><td style='width:50%'>Gulls</td></tr>"
        "<tr><th colspan='2'>Losses</th></tr><tr><td width='50%'>9</td><td width='50%'>none</td></tr>"
        "<tr><th colspan='2'>Place</th></tr><tr><td style='width:50%'>Sea:</td><td style='width:50%'>Ebb</td></tr>",
        "infobox vevent",
    )
    assert fields(box) == [
        ("Belligerents", None, "Crabs"), ("Belligerents", None, "Gulls"), ("Losses", None, "9"),
        ("Losses", None, "none"), ("Place", "Sea", "Ebb"),
    ]  # fmt: skip
    assert [[image.file for image in field.images] for field in box.fields[:2]] == [["Crabs.svg"], []]


def test_what_a_box_says_beside_its_title_is_no_heading(article: Framed) -> None:
    box = boxed(
        article,
        "<tr><th colspan='2'>Ebb</th></tr><tr><th colspan='2' class='description'>Song by Ann</th></tr>"
        "<tr><th colspan='2' class='infobox-subheader'>from Tides</th></tr><tr><th>Length</th><td>3:28</td></tr>",
    )
    assert fields(box) == [(None, None, "Song by Ann"), (None, None, "from Tides"), (None, "Length", "3:28")]


PORTABLE = (
    '<aside role="region" class="portable-infobox pi-background pi-theme-spell pi-layout-default">'
    '<h2 class="pi-item pi-item-spacing pi-title">Ebb Charm</h2>'
    '<figure class="pi-item pi-image" data-source="image"><a href="/wiki/File:Ebb.png" class="image image-thumbnail">'
    '<img src="https://static.example/ebb.png/revision/latest?cb=1" alt="Ebb" width="270" height="152"></a>'
    '<figcaption class="pi-item-spacing pi-caption">The charm at work</figcaption></figure>'
    '<section class="pi-item pi-group pi-border-color"><h2 class="pi-item pi-header">Effect</h2>'
    '<div class="pi-item pi-data" data-source="light"><h3 class="pi-data-label">Light</h3>'
    '<div class="pi-data-value pi-font">Blue</div></div></section>'
    '<section class="pi-item pi-group pi-border-color"><table class="pi-horizontal-group">'
    '<caption class="pi-header pi-secondary-font">Strength</caption><thead><tr>'
    '<th class="pi-horizontal-group-item pi-data-label">Least</th>'
    '<th class="pi-horizontal-group-item pi-data-label">Most</th></tr></thead><tbody>'
    '<tr><td class="pi-horizontal-group-item pi-data-value">1</td>'
    '<td class="pi-horizontal-group-item pi-data-value">9</td></tr></tbody></table></section>'
    '<section class="pi-item pi-smart-group pi-border-color"><section class="pi-smart-group-head">'
    '<h3 class="pi-smart-data-label pi-data-label">Born</h3>'
    '<h3 class="pi-smart-data-label pi-data-label">Died</h3></section>'
    '<section class="pi-smart-group-body"><div class="pi-smart-data-value pi-data-value">1900</div>'
    '<div class="pi-smart-data-value pi-data-value">1999</div></section></section></aside><p>Ebb.</p>'
)


def test_a_portable_box_of_fandom_has_groups_side_by_side(article: Framed) -> None:
    page = article(PORTABLE)
    (box,) = page.fields.infoboxes
    assert (box.name, box.title) == ("spell", "Ebb Charm")
    assert fields(box) == [
        (None, None, "The charm at work"), ("Effect", "Light", "Blue"), ("Strength", "Least", "1"),
        ("Strength", "Most", "9"), (None, "Born", "1900"), (None, "Died", "1999"),
    ]  # fmt: skip
    assert [image.file for image in box.fields[0].images] == ["Ebb.png"]
    assert page.warnings == ()           # its headings are no sections of the article


def test_what_stands_under_a_heading_of_a_french_box_is_in_its_group(article: Framed) -> None:
    page = article(
        '<div class="infobox_v3 taxobox_v3"><p class="entete">Ulva</p><p class="bloc">Nom binominal</p>'
        '<p class="taxobox_classification"><b>Ulva lactuca</b></p><p class="bloc">Synonymes</p>'
        "<ul><li>Ulva fasciata</li></ul></div><p>Ebb.</p>"
    )
    assert fields(page.fields.infoboxes[0]) == [
        ("Nom binominal", None, "Ulva lactuca"), ("Synonymes", None, "- Ulva fasciata"),
    ]  # fmt: skip


def test_the_terms_of_a_list_in_a_box_are_labels(article: Framed) -> None:
    page = article(
        '<div class="infobox"><dl><dt>Born:</dt><dd>1900</dd><dt>Works:</dt><dd>Ebb</dd><dd>Flow</dd>'
        "<div><dt>Died</dt><dd>1999</dd></div></dl></div><p>Ebb.</p>"
    )
    assert fields(page.fields.infoboxes[0]) == [
        (None, "Born", "1900"), (None, "Works", "Ebb\nFlow"), (None, "Died", "1999"),
    ]  # fmt: skip


def test_words_between_the_terms_of_a_box_are_values_and_its_menus_are_not(article: Framed) -> None:
    page = article(
        '<div class="infobox"><dl><dt>Born:</dt>Loose words<dd>1900</dd><dd class="noprint navbar">v t e</dd></dl>'
        "</div><p>Ebb.</p>"
    )
    assert fields(page.fields.infoboxes[0]) == [(None, "Born", "Loose words\n1900")]
    assert any(removal.chars == len("vte") for removal in page.removals)


def test_the_tabs_of_a_box_are_its_groups(article: Framed) -> None:
    def tabs(classes: str, first: str, second: str) -> str:
        labels = "".join(
            f'<li class="wds-tabs__tab"><div class="wds-tabs__tab-label">{label}</div></li>' for label in ("Old", "New")
        )
        parts = "".join(f'<div class="wds-tab__content">{part}</div>' for part in (first, second))
        return (
            f'<div class="{classes} wds-tabber"><div class="wds-tabs__wrapper"><ul class="wds-tabs">{labels}</ul></div>'
            f"{parts}</div>"
        )

    def width(value: str) -> str:
        label = '<h3 class="pi-data-label">Width</h3>'
        return f'<div class="pi-data">{label}<div class="pi-data-value">{value}</div></div>'

    pictures = (f'<figure class="pi-image"><img src="/{name}.png"></figure>' for name in "on")
    page = article(
        '<aside class="portable-infobox pi-theme-wikia"><h2 class="pi-title">Lock</h2>'
        f'{tabs("pi-image-collection", *pictures)}{tabs("pi-panel", width("3 m"), width("4 m"))}</aside><p>Ebb.</p>'
    )
    (box,) = page.fields.infoboxes
    assert (box.name, box.title) == (None, "Lock")      # wikia is the theme of boxes that have none
    assert fields(box) == [("Old", None, ""), ("New", None, ""), ("Old", "Width", "3 m"), ("New", "Width", "4 m")]
    assert [[image.src[-5:] for image in field.images] for field in box.fields[:2]] == [["o.png"], ["n.png"]]
    assert [section.text for section in page.sections] == ["Ebb."]
