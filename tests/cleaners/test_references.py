"""References: entries of reference lists as data, and the marks in text and fields that lead to them."""

from collections.abc import Callable

import pytest

from sectionary.cleaners.article import Article, clean
from sectionary.cleaners.numerals import numeral
from sectionary.scraper.page import Page

Framed = Callable[..., Article]


def mark(name: str, label: str, number: int = 0) -> str:
    """A reference mark as Cite writes it."""
    return f'<sup id="cite_ref-{name}_{number}" class="reference"><a href="#cite_note-{name}">[{label}]</a></sup>'


def entry(name: str, text: str, *, backlinks: str | None = None) -> str:
    """An entry of a list as Cite writes it."""
    back = backlinks or f'<span class="mw-cite-backlink"><b><a href="#cite_ref-{name}_0">^</a></b></span>'
    return f'<li id="cite_note-{name}">{back} <span class="reference-text">{text}</span></li>'


def listed(*entries: str, attributes: str = "") -> str:
    return f'<div class="mw-references-wrap"><ol class="references"{attributes}>{"".join(entries)}</ol></div>'


def test_a_mark_names_its_entry_though_its_address_is_percent_encoded(article: Framed) -> None:
    page = article(
        '<p>Ebb.<sup class="reference"><a href="#cite_note-%E6%BD%AE-1">[1]</a></sup> '
        'Half.<sup class="reference"><a href="#cite_note-50%25-2">[2]</a></sup></p>'
        + listed(entry("潮-1", "Tide."), entry("50%-2", "Half."))
    )
    assert [cited.ref_id for cited in page.sections[0].citations] == ["cite_note-潮-1", "cite_note-50%-2"]
    assert [found.id for found in page.fields.references] == ["cite_note-潮-1", "cite_note-50%-2"]


def test_an_id_may_hold_a_number_sign(article: Framed) -> None:
    page = article(f"<p>Ebb.{mark('No.#7-1', '1')}</p>" + listed(entry("No.#7-1", "Seven.")))
    assert page.sections[0].citations[0].ref_id == page.fields.references[0].id


def test_backlinks_are_the_marks_that_lead_to_an_entry_those_in_fields_too(article: Framed) -> None:
    page = article(
        '<table class="infobox"><tr><th colspan="2">Bay</th></tr>'
        f'<tr><th>Depth</th><td>9 m{mark("a-1", "1")}</td></tr></table>'
        f"<p>Ebb.{mark('a-1', '1', 1)} Flow.{mark('b-2', '2')}</p>"
        + listed(entry("a-1", f"Chart.{mark('b-2', '2', 1)}"), entry("b-2", "Table."), entry("c-3", "Never cited."))
    )
    assert [(found.label, found.backlinks) for found in page.fields.references] == [("1", 2), ("2", 2), ("3", 0)]


def test_labels_are_what_the_marks_show(article: Framed) -> None:
    notes = listed(entry("n-1", "A note."), entry("n-2", "Another."), attributes=' data-mw-group="note"')
    page = article(
        f"<p>Ebb.{mark('n-1', 'note 1')}{mark('x-3', '1')} Flow.{mark('n-2', 'note 2')}</p>{notes}"
        + listed(entry("x-3", "A book."))
    )
    found = [(each.group, each.label) for each in page.fields.references]
    assert found == [("note", "note 1"), ("note", "note 2"), (None, "1")]
    assert [cited.label for cited in page.sections[0].citations] == ["note 1", "1", "note 2"]


GROUPED = {
    "parser, letters by the wiki's own message": (
        "[b]", '<div class="reflist" style="list-style-type: lower-alpha;"><ol class="references">{}</ol></div>'
    ),
    "parser": ("[lower-alpha 2]", '<ol class="references" data-mw-group="lower-alpha">{}</ol>'),
    "parsoid": (
        '<span class="mw-reflink-text">[lower-alpha 2]</span>',
        '<ol class="mw-references references" data-mw-group="lower-alpha">{}</ol>',
    ),
    "parsoid of 2014": (
        "[lower-alpha 2]",
        """<ol class="references" data-mw='{{"attrs":{{"group":"lower-alpha"}}}}'>{}</ol>""",
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", GROUPED)
def test_a_group_that_is_a_counter_style_has_letters_whoever_wrote_the_page(article: Framed, form: str) -> None:
    shown, wrap = GROUPED[form]
    sup = f'<sup class="mw-ref reference"><a href="#cite_note-2">{shown}</a></sup>'
    page = article(f"<p>Ebb.{sup}</p>" + wrap.format(entry("1", "One.") + entry("2", "Two.")))
    assert [(found.group, found.label) for found in page.fields.references] == [
        ("lower-alpha", "a"), ("lower-alpha", "b"),
    ]  # fmt: skip
    assert page.sections[0].citations[0].label == "b"


@pytest.mark.parametrize(
    ("number", "style", "shown"),
    [
        (1, "lower-alpha", "a"), (27, "lower-alpha", "aa"), (52, "upper-latin", "AZ"), (703, "lower-alpha", "aaa"),
        (4, "lower-roman", "iv"), (1999, "upper-roman", "MCMXCIX"), (24, "lower-greek", "ω"),
        (12, "decimal", "12"),
    ],
)  # fmt: skip
def test_counter_styles_count_as_style_sheets_do(number: int, style: str, shown: str) -> None:
    assert numeral(number, style) == shown


def test_a_mark_without_a_link_adds_a_page_to_the_one_before(article: Framed) -> None:
    page = article(
        f"<p>Ebb.{mark('a-1', '12')}"
        '<sup class="reference nowrap"><span title="Page / location: 45">:\u200a45\u200a</span></sup> Flow.</p>'
        + listed(entry("a-1", "Chart."))
    )
    section = page.sections[0]
    assert section.text.startswith("Ebb. Flow.")
    assert [(cited.ref_id, cited.label) for cited in section.citations] == [("cite_note-a-1", "12: 45")]
    assert page.fields.references[0].backlinks == 1


def test_marks_typed_by_hand_are_citations_of_their_own_that_lead_nowhere(article: Framed) -> None:
    page = article('<p>Ebb.<sup class="reference">[1]</sup><sup class="reference">[2]</sup></p>')
    assert [(cited.ref_id, cited.label) for cited in page.sections[0].citations] == [("", "1"), ("", "2")]


def test_a_comma_between_two_marks_is_no_citation(article: Framed) -> None:
    comma = '<sup class="reference cite_virgule">,</sup>'
    page = article(f"<p>Ebb.{mark('a-1', '1')}{comma}{mark('b-2', '2')}</p>")
    assert [cited.label for cited in page.sections[0].citations] == ["1", "2"]
    assert "field.citation" in {removal.rule for removal in page.removals}


BACKLINKS = {
    "today": (
        '<span class="mw-cite-backlink">^ <a href="#cite_ref-a_1-0"><span class="cite-accessibility-label">Jump up to: '
        '</span><sup><i><b>a</b></i></sup></a> <a href="#cite_ref-a_1-1"><sup><i><b>b</b></i></sup></a></span>'
    ),
    "2011": (
        '^ <a href="#cite_ref-a_1-0"><sup><i><b>a</b></i></sup></a> '
        '<a href="#cite_ref-a_1-1"><sup><i><b>b</b></i></sup></a>'
    ),
    "French": (
        '<span class="noprint renvois_vers_le_texte">↑ <sup><a href="#cite_ref-a_1-0">a</a>, '
        '<a href="#cite_ref-a_1-1">b</a> et <a href="#cite_ref-a_1-2">c</a></sup></span>'
    ),
    "parsoid": (
        '<span rel="mw:referencedBy"><a href="./Page#cite_ref-a_1-0"><span class="mw-linkback-text">1 </span></a>'
        '<a href="./Page#cite_ref-a_1-1"><span class="mw-linkback-text">2 </span></a></span>'
    ),
}


@pytest.mark.parametrize("form", BACKLINKS)
def test_the_links_back_into_the_text_are_no_part_of_an_entry(article: Framed, form: str) -> None:
    page = article("<p>Ebb.</p>" + listed(entry("a-1", "Chart of a bay.", backlinks=BACKLINKS[form])))
    assert [found.text for found in page.fields.references] == ["Chart of a bay."]
    assert page.sections[0].blocks[-1].text == "1. Chart of a bay."


def test_the_links_back_of_2008_go_though_no_element_holds_the_text(article: Framed) -> None:
    item = '<li id="_note-0"><b><a href="#_ref-0" title="">^</a></b> See <a href="/wiki/Chart">a chart</a> of it.</li>'
    page = article(
        '<p>Ebb.<sup id="_ref-0" class="reference"><a href="#_note-0" title="">[1]</a></sup></p>'
        f'<ol class="references">{item}</ol>'
    )
    (found,) = page.fields.references
    assert (found.id, found.text, found.backlinks) == ("_note-0", "See a chart of it.", 1)


def test_several_lists_give_their_entries_in_order_and_lists_in_an_entry_none(article: Framed) -> None:
    page = article(
        "<p>Ebb.</p>"
        + listed(entry("a-1", "First, with points: <ul><li>one</li><li>two</li></ul>"))
        + listed(entry("b-2", "Second."))
    )
    assert [found.text for found in page.fields.references] == ["First, with points: one two", "Second."]


def test_sub_references_are_entries_of_their_own_below_the_work_they_cite(article: Framed) -> None:
    part = f'<ol class="mw-subreference-list">{entry("a-1-1", "p. 12")}</ol>'
    work = entry("a-1", "A long book.").replace("</li>", f"{part}</li>")
    page = article(
        f"<p>Ebb.{mark('a-1-1', '1.1')} Flow.{mark('b-2', '2')}</p>" + listed(work, entry("b-2", "Chart."))
    )
    assert [(found.id, found.label, found.text, found.backlinks) for found in page.fields.references] == [
        ("cite_note-a-1", "1", "A long book.", 0), ("cite_note-a-1-1", "1.1", "p. 12", 1),
        ("cite_note-b-2", "2", "Chart.", 1),
    ]  # fmt: skip
    assert page.sections[0].blocks[-1].text == "1. A long book.\n  1. p. 12\n2. Chart."


def test_a_list_of_books_is_no_reference_list(article: Framed) -> None:
    page = article('<h2 id="Works">Works</h2><ol><li id="CITEREFReed2001">Reed, <i>Tides</i>, 2001.</li></ol>')
    assert page.fields.references == ()


def test_an_entry_that_says_nothing_is_an_entry_all_the_same(article: Framed) -> None:
    broken = '<span class="error mw-ext-cite-error">Cite error: no text was provided</span>'
    page = article(f"<p>Ebb.{mark('a-1', '1')}</p>" + listed(entry("a-1", broken), entry("b-2", "Chart.")))
    assert [(found.text, found.label) for found in page.fields.references] == [("", "1"), ("Chart.", "2")]


IDENTIFIED = {
    "links": (
        """<a class="external text" href="//doi.org/10.1000%2Ftide.7">doi</a>
        <a class="external text" href="https://pubmed.ncbi.nlm.nih.gov/1234567">seen</a>
        <a href="/wiki/Spezial:ISBN-Suche/9783161484100">978-3-16-148410-0</a>""",
        ("10.1000/tide.7", "978-3-16-148410-0", "1234567"),
    ),
    "text": (
        "doi:10.1000/tide.7. ISBN 3-16-148410-X, 2005. PMID 1234567.",
        ("10.1000/tide.7", "3-16-148410-X", "1234567"),
    ),
    "text of thirteen digits before a year": ("ISBN 978 3 16 148410 0 2005", (None, "978 3 16 148410 0", None)),
    "none": ("A map of 1999, <a href='/wiki/Isbn/12'>12</a>.", (None, None, None)),
}


@pytest.mark.parametrize("form", IDENTIFIED)
def test_identifiers_come_from_links_and_text(article: Framed, form: str) -> None:
    text, expected = IDENTIFIED[form]
    found = article("<p>Ebb.</p>" + listed(entry("a-1", text))).fields.references[0].identifiers
    assert (found.doi, found.isbn, found.pmid) == expected


def test_addresses_of_an_entry_are_whole_and_those_of_other_sites(article: Framed) -> None:
    text = (
        '<a class="external text" href="//archive.example/a">A</a> <a class="external text" href="http://b.example/">B</a>'
        ' <a class="external text" href="http://b.example/">again</a> <a href="/wiki/C">C</a>'
    )
    found = article("<p>Ebb.</p>" + listed(entry("a-1", text))).fields.references[0]
    assert found.urls == ("https://archive.example/a", "http://b.example/")


def test_marks_and_entries_of_parsoid_are_those_of_the_parser(article: Framed) -> None:
    parser = article(f"<p>Ebb.{mark('a-1', '1')}</p>" + listed(entry("a-1", "Chart.")))
    html = (
        '<html about="https://wiki.example/wiki/Special:Redirect/revision/7"><head>'
        '<base href="https://wiki.example/wiki/"></head><body class="mw-body-content parsoid-body mw-parser-output">'
        '<p>Ebb.<sup about="#mwt1" class="mw-ref reference" id="cite_ref-a_1-0" rel="dc:references" '
        'typeof="mw:Extension/ref"><a href="./Page#cite_note-a-1"><span class="mw-reflink-text">'
        '<span class="cite-bracket">[</span>1<span class="cite-bracket">]</span></span></a></sup></p>'
        '<div class="mw-references-wrap" typeof="mw:Extension/references"><ol class="mw-references references">'
        '<li about="#cite_note-a-1" id="cite_note-a-1" data-mw-footnote-number="1">'
        '<a href="./Page#cite_ref-a_1-0" rel="mw:referencedBy"><span class="mw-linkback-text">↑ </span></a>'
        '<span id="mw-reference-text-cite_note-a-1" class="mw-reference-text">Chart.</span></li></ol></div>'
    )
    parsoid = clean(Page(url="https://wiki.example/wiki/Page", body=html.encode()))
    assert parsoid.fields.references == parser.fields.references
    assert parsoid.sections[0].citations == parser.sections[0].citations


def test_a_note_outside_of_any_list_is_a_reference_and_its_own_number_no_mark() -> None:
    article = clean(
        Page(
            url="https://notes.example/tide",
            body=b'<html><head><meta name="generator" content="DokuWiki"></head><body><div id="dokuwiki__content">'
            b'<div class="page"><h1 class="sectionedit1" id="tide">Tide</h1><p>High<sup><a href="#fn__1" id="fnt__1" '
            b'class="fn_top">1)</a></sup> and low.</p><div class="footnotes"><div class="fn"><sup><a href="#fnt__1" '
            b'id="fn__1" class="fn_bot">1)</a></sup> <div class="content">Twice a day.</div></div></div></div></div>',
        )
    )
    (reference,) = article.fields.references
    assert (reference.id, reference.text, reference.backlinks) == ("fn__1", "Twice a day.", 1)
    assert [(mark.ref_id, mark.offset) for mark in article.sections[0].citations] == [("fn__1", 4)]
    assert article.sections[0].text == "High and low.\n\nTwice a day."
