"""Hard cases 20 to 25: references, what stands before the lead, kinds of pages, scripts, other sites, long pages."""

from collections.abc import Callable

import pytest

from sectionary.cleaners.article import Article

Framed = Callable[..., Article]
NOTE = '<span class="reference-text">Doodson, Arthur. <i>Tides</i>. 1921.</span>'
BACK = {
    "1.43": '<span class="mw-cite-backlink"><b><a href="#cite_ref-1" aria-label="Jump up">^</a></b></span> ' + NOTE,
    "several": (
        '<span class="mw-cite-backlink">^ <a href="#cite_ref-1_a"><sup><i><b>a</b></i></sup></a> '
        f'<a href="#cite_ref-1_b"><sup><i><b>b</b></i></sup></a></span> {NOTE}'
    ),
    "spoken": (
        '<span class="mw-cite-backlink"><a href="#cite_ref-1"><span class="cite-accessibility-label">Jump up </span>↑'
        f"</a></span> {NOTE}"
    ),
    "Parsoid": (
        '<span rel="mw:referencedBy" class="mw-cite-backlink"><a href="./Page#cite_ref-1"><span class="mw-linkback-text">↑ '
        f'</span></a></span> <span id="mw-reference-text-1" class="mw-reference-text">{NOTE}</span>'
    ),
    "2010": '<b><a href="#cite_ref-1">^</a></b> Doodson, Arthur. <i>Tides</i>. 1921.',
    "2010, several": (
        '↑ <sup><a href="#cite_ref-1_0">1,0</a></sup> <sup><a href="#cite_ref-1_1">1,1</a></sup> Doodson, Arthur. '
        "<i>Tides</i>. 1921."
    ),
}
NOTES = {"en": "References", "de": "Einzelnachweise", "fr": "Notes et références", "ja": "脚注", "ru": "Примечания"}


@pytest.mark.parametrize("form", BACK)
def test_20_a_reference_is_data_and_a_line_without_what_leads_back(article: Framed, form: str) -> None:
    page = article(
        f'<h2 id="R">References</h2><ol class="references"><li id="cite_note-1">{BACK[form]}</li></ol>'
    )
    assert page.sections[1].text == "1. Doodson, Arthur. Tides. 1921."
    assert [(r.id, r.text) for r in page.fields.references] == [("cite_note-1", "Doodson, Arthur. Tides. 1921.")]


@pytest.mark.parametrize("language", NOTES)
def test_20_a_section_of_references_is_known_in_any_language(article: Framed, language: str) -> None:
    heading = NOTES[language]
    page = article(f'<h2 id="R">{heading}</h2><ol class="references"><li>a</li></ol>', language=language)
    assert page.sections[1].role in {"references", "notes"}


AMBOX = (
    '<table class="plainlinks metadata ambox ambox-content" role="presentation"><tr><td class="mbox-image"></td><td '
    'class="mbox-text"><div class="mbox-text-span">This article needs more sources. <i>(<span>May 2020</span>)</i></div>'
    "</td></tr></table>"
)
BEFORE = (
    '<div class="shortdescription nomobile noexcerpt noprint" style="display:none">Falling tide</div>'
    '<style data-mw-deduplicate="x">.hatnote{}</style><div role="note" class="hatnote">For the band, see '
    f'<a href="/wiki/Ebb_(band)">Ebb (band)</a>.</div>{AMBOX}<p class="mw-empty-elt">\n</p>'
    '<table class="infobox"><caption>Ebb</caption><tr><th>Kind</th><td>tide</td></tr></table><p><br /></p>'
    '<link rel="mw-deduplicated-inline-style" href="x">'
)


def test_21_hatnotes_banners_and_stubs_are_fields_and_no_text(article: Framed) -> None:
    page = article(
        f'{BEFORE}<p>Ebb falls.</p><h2 id="A">A</h2><div role="note" class="hatnote">Main article: <a href="/wiki/M">M</a>'
        '</div><p>a</p><div class="asbox stub"><table><tr><td>This article is a stub.</td></tr></table></div>'
    )
    assert [section.text for section in page.sections] == ["Ebb falls.", "a"]
    assert [(h.section_index, h.kind, h.text) for h in page.fields.hatnotes] == [
        (0, "about", "For the band, see Ebb (band)."), (1, "main", "Main article: M"),
    ]  # fmt: skip
    assert [(n.section_index, n.date) for n in page.fields.notices] == [(0, "May 2020"), (1, None)]


def test_22_the_lead_begins_behind_all_that_stands_before_it(article: Framed) -> None:
    page = article(f"{BEFORE}<p><b>Ebb</b> falls.</p>")
    assert [(s.role, s.text) for s in page.sections] == [("lead", "Ebb falls.")]
    assert page.fields.short_description == "Falling tide"
    assert [box.title for box in page.fields.infoboxes] == ["Ebb"]


TOC = {
    "2011": (
        '<table id="toc" class="toc"><tr><td><div id="toctitle"><h2>Contents</h2></div><ul><li class="toclevel-1">'
        '<a href="#A"><span class="tocnumber">1</span> <span class="toctext">A</span></a></li></ul></td></tr></table>'
    ),
    "1.35": (
        '<div id="toc" class="toc" role="navigation"><input type="checkbox" role="button" id="toctogglecheckbox" />'
        '<div class="toctitle"><h2 id="mw-toc-heading">Contents</h2></div><ul><li><a href="#A">1 A</a></li></ul></div>'
    ),
    "none": "",
}


@pytest.mark.parametrize("form", TOC)
def test_22_a_page_without_a_lead_has_an_empty_one(article: Framed, form: str) -> None:
    page = article(f'{TOC[form]}<h2 id="A">A</h2><p>a</p>')
    assert [(s.role, s.heading, s.text, s.blocks == ()) for s in page.sections] == [
        ("lead", None, "", True), ("body", "A", "a", False),
    ]  # fmt: skip


def test_22_a_page_without_headings_is_all_lead(article: Framed) -> None:
    page = article("<div>In a div.</div>Bare text.<p>A paragraph.</p>")
    assert [(s.role, s.text) for s in page.sections] == [("lead", "In a div.\n\nBare text.\n\nA paragraph.")]


def test_24_each_script_is_told_once_and_the_language_is_the_contents(article: Framed) -> None:
    page = article("<p>潮汐是<span lang='zh-Hant'>海水</span>的運動。</p>", language="zh-Hant-TW")
    assert (page.language, page.sections[0].text) == ("zh-Hant-TW", "潮汐是海水的運動。")


def test_24_text_from_right_to_left_keeps_its_order_and_its_marks(article: Framed) -> None:
    page = article("<p>הגאות <span dir='ltr'>C++ (1985)</span> עולה&rlm;.</p>", language="he")
    assert (page.dir, page.sections[0].text) == ("rtl", "הגאות C++ (1985) עולה\u200f.")


def test_25_a_lazy_picture_and_its_copy_for_browsers_without_scripts_are_one(article: Framed) -> None:
    lazy = '<img src="data:image/gif;base64,R0" data-src="https://img.example/a.png" class="lazyload" alt="ebb">'
    section = article(f'<p>See {lazy}<noscript><img src="https://img.example/a.png" alt="ebb"></noscript> it.</p>').sections[0]
    assert section.text == "See it."
    assert [image.src for image in section.images] == ["https://img.example/a.png"]


def test_25_a_long_paragraph_is_not_cut(article: Framed) -> None:
    words = "The tide comes and goes. " * 2_000
    assert article(f"<p>{words}</p>").sections[0].text == words.strip()
