"""Hard cases 1 to 7: headings of every generation, their anchors, their levels, and what stands in them."""

from collections.abc import Callable

import pytest

from sectionary.cleaners.article import Article

Framed = Callable[..., Article]

ICON = '<a href="/e" role="button" class="cdx-button cdx-button--icon-only"><span></span><span>edit</span></a>'
LINKS = (
    '<span class="mw-editsection"><span class="mw-editsection-bracket">[</span><a href="/e">edit</a>'
    '<span class="mw-editsection-divider"> | </span><a href="/s">edit source</a>'
    '<span class="mw-editsection-bracket">]</span></span>'
)


def of_2011(level: int, text: str, anchor: str) -> str:
    return (
        f'<h{level}><span class="editsection">[<a href="/e" title="Edit section: {text}">edit</a>]</span> '
        f'<span class="mw-headline" id="{anchor}">{text}</span></h{level}>'
    )


def of_135(level: int, text: str, anchor: str) -> str:
    return f'<h{level}><span class="mw-headline" id="{anchor}">{text}</span>{LINKS}</h{level}>'


def of_143(level: int, text: str, anchor: str) -> str:
    return f'<div class="mw-heading mw-heading{level}"><h{level} id="{anchor}">{text}</h{level}>{LINKS}</div>'


def of_citizen(level: int, text: str, anchor: str) -> str:
    return (
        f'<div class="mw-heading mw-heading{level} citizen-section-heading"><span class="citizen-section-indicator">'
        f'</span><h{level} id="{anchor}">{text}</h{level}><span class="mw-editsection">{ICON}</span></div>'
    )


def bare(level: int, text: str, anchor: str) -> str:
    return f'<h{level} id="{anchor}" style="clear:both">{text}</h{level}>'


GENERATIONS = {"2011": of_2011, "1.35": of_135, "1.43": of_143, "Citizen": of_citizen, "bare": bare}
MARK = '<sup id="cite_ref-8" class="reference"><a href="#cite_note-8"><span class="cite-bracket">[</span>8]</a></sup>'


def outline(page: Article) -> list[tuple[int, str | None, str | None, str]]:
    return [(s.level, s.heading, s.anchor, s.text) for s in page.sections[1:]]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_1_a_heading_is_its_text_and_its_edit_link_is_gone(article: Framed, generation: str) -> None:
    page = article(GENERATIONS[generation](2, "History", "History") + "<p>It began.</p>")
    assert outline(page) == [(2, "History", "History", "It began.")]


def test_1_a_placeholder_of_the_edit_link_that_leaked_is_gone(article: Framed) -> None:
    page = article('<h2 id="History">History<mw:editsection page="P" section="1">History</mw:editsection></h2><p>x</p>')
    assert outline(page) == [(2, "History", "History", "x")]


FURNITURE = ["Navigation", "Antisocial behaviour", "Related works", "Sharecropping", "Comments", "Sidebar", "Print"]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_2_a_heading_whose_id_looks_like_furniture_is_kept(article: Framed, generation: str) -> None:
    page = article("".join(GENERATIONS[generation](2, t, t.replace(" ", "_")) + f"<p>On {t}.</p>" for t in FURNITURE))
    assert outline(page) == [(2, t, t.replace(" ", "_"), f"On {t}.") for t in FURNITURE]


IDS = ["toc", "footer", "catlinks", "coordinates", "siteSub", "stub", "content"]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_2_a_heading_with_the_very_id_of_furniture_is_kept(article: Framed, generation: str) -> None:
    page = article("".join(GENERATIONS[generation](2, f"On {name}", name) + "<p>text</p>" for name in IDS))
    assert outline(page) == [(2, f"On {name}", name, "text") for name in IDS]


def test_3_an_indicators_parser_output_is_not_the_article(whole: Framed) -> None:
    page = whole(
        '<html><head><meta name="generator" content="MediaWiki 1.43.1"></head><body class="mediawiki"><div>'
        '<div class="mw-indicators"><div id="mw-indicator-lock" class="mw-indicator"><div class="mw-parser-output">'
        "<p>This page is locked against new and against old editors, as pages on tides often are.</p></div></div></div>"
        '<h1 id="firstHeading">Ebb</h1><div id="mw-content-text" class="mw-body-content">'
        '<div class="mw-content-ltr mw-parser-output"><p>It falls.</p></div></div></div></body></html>'
    )
    assert [section.text for section in page.sections] == ["It falls."]


WRAPPED = {
    "legacy": of_135(2, "Why", "Why") + "<p>The Moon.</p>" + of_135(3, "How", "How") + "<p>It pulls.</p>",
    "Parsoid": (
        '<section data-mw-section-id="1" id="mwAg"><h2 id="Why">Why</h2><p id="mwAw">The Moon.</p>'
        '<section data-mw-section-id="2" id="mwBA"><h3 id="How">How</h3><p>It pulls.</p></section></section>'
    ),
    "Parsoid, sections it made up": (
        '<section data-mw-section-id="-1"><h2 id="Why">Why</h2><p>The Moon.</p></section>'
        '<section data-mw-section-id="-2"><section data-mw-section-id="1"><h3 id="How">How</h3></section>'
        "<p>It pulls.</p></section>"
    ),
    "Citizen": (
        f'<section class="citizen-section" id="citizen-section-1">{of_citizen(2, "Why", "Why")}'
        '<div class="citizen-section-body" hidden="until-found"><p>The Moon.</p>'
        f'{of_143(3, "How", "How")}<p>It pulls.</p></div></section>'
    ),
    "Minerva": (
        '<div class="mw-heading mw-heading2 section-heading" onclick="mfTempOpenSection(1)">'
        f'<span class="indicator mf-icon"></span><h2 id="Why">Why</h2><span class="mw-editsection">{ICON}</span></div>'
        '<section class="mf-section-1 collapsible-block" id="mf-section-1" style="display: none;"><p>The Moon.</p>'
        f'{of_143(3, "How", "How")}<p>It pulls.</p></section>'
    ),
    "Minerva of 2020": (
        '<h2 class="section-heading"><div class="mw-ui-icon indicator"></div>'
        f'<span class="mw-headline" id="Why">Why</span>{LINKS}</h2>'
        '<section class="mf-section-1 collapsible-block"><p>The Moon.</p>'
        f'{of_135(3, "How", "How")}<p>It pulls.</p></section>'
    ),
}


@pytest.mark.parametrize("form", WRAPPED)
def test_4_sections_in_wrappers_are_those_of_the_plain_page_and_say_nothing_twice(article: Framed, form: str) -> None:
    page = article(f"<p>Ebb falls.</p>{WRAPPED[form]}")
    assert page.sections[0].text == "Ebb falls."
    assert outline(page) == [(2, "Why", "Why", "The Moon."), (3, "How", "How", "It pulls.")]
    assert page.sections[2].path == ("Why",)


def test_5_a_skipped_level_hangs_below_the_nearest_lower_one_with_a_warning(article: Framed) -> None:
    page = article("".join(of_143(level, name, name) for level, name in ((2, "A"), (4, "B"), (3, "C"), (2, "D"))))
    assert [(s.heading, s.level, s.parent, s.path, s.number) for s in page.sections[1:]] == [
        ("A", 2, None, (), "1"), ("B", 4, 1, ("A",), "1.1"), ("C", 3, 1, ("A",), "1.2"), ("D", 2, None, (), "2"),
    ]  # fmt: skip
    assert page.warnings == ("heading of level 4 below level 2: B",)


def test_5_a_heading_of_level_1_in_the_article_is_a_section_above_the_others(article: Framed) -> None:
    page = article("<p>lead</p>" + of_143(1, "A", "A") + "<p>a</p>" + of_143(2, "B", "B") + "<p>b</p>")
    assert [(s.level, s.heading, s.path, s.text) for s in page.sections] == [
        (0, None, (), "lead"), (1, "A", (), "a"), (2, "B", ("A",), "b"),
    ]  # fmt: skip
    assert page.warnings == ("heading of level 1 in the article: A",)


AROUND = {
    "a list in columns": '<div class="div-col">{}<p>t</p></div>',
    "a template's box": '<div class="quotebox-like"><div>{}</div><p>t</p></div>',
    "a centred part": "<center>{}t</center>",
    "a table that lays out": "<table><tr><td>{}<p>t</p></td></tr></table>",
    "a part that folds up": '<div class="mw-collapsible">{}<div class="mw-collapsible-content">t</div></div>',
}


@pytest.mark.parametrize("around", AROUND)
def test_5_a_heading_in_something_opens_a_section(article: Framed, around: str) -> None:
    page = article("<p>lead</p>" + AROUND[around].format(of_143(2, "A", "A")) + "<p>after</p>")
    assert [(s.heading, s.anchor, s.text) for s in page.sections] == [(None, None, "lead"), ("A", "A", "t\n\nafter")]


def test_5_a_heading_in_a_cell_loses_no_cell_and_is_warned_of(article: Framed) -> None:
    page = article(
        f'<table class="wikitable"><tr><th>x</th><td>{of_135(3, "A", "A")}y</td></tr>'
        "<tr><td>1</td><td>2</td></tr></table>"
    )
    assert [(s.heading, s.text) for s in page.sections] == [(None, "x"), ("A", "y\n\n1\n\n2")]
    assert page.warnings == ("heading of level 3 below level 1: A", "heading in a table: A")


def test_5_a_heading_in_a_list_or_a_quotation_is_a_line_of_it(article: Framed) -> None:
    page = article("<ul><li><h3>A</h3>a</li></ul><blockquote><h3>B</h3><p>b</p></blockquote>")
    assert [section.text for section in page.sections] == ["- A\na\n\nB\nb"]
    assert page.warnings == ("heading inside a block: A", "heading inside a block: B")


@pytest.mark.parametrize("generation", GENERATIONS)
def test_6_headings_of_one_name_differ_in_their_anchors(article: Framed, generation: str) -> None:
    make = GENERATIONS[generation]
    page = article(make(2, "Foo", "Foo") + "<p>1</p>" + make(2, "Foo", "Foo_2") + "<p>2</p>" + make(3, "Foo", "Foo_3"))
    assert outline(page) == [(2, "Foo", "Foo", "1"), (2, "Foo", "Foo_2", "2"), (3, "Foo", "Foo_3", "")]
    assert page.sections[3].path == ("Foo",)


ENCODED = ".D0.9F.D1.80.D0.B8.D0.BB.D0.B8.D0.B2"
ALIASED = {
    "1.35": f'<h2><span id="{ENCODED}"></span><span class="mw-headline" id="Прилив">Прилив</span>{LINKS}</h2>',
    "1.43": f'<div class="mw-heading mw-heading2"><h2 id="Прилив"><span id="{ENCODED}"></span>Прилив</h2>{LINKS}</div>',
    "Parsoid": f'<h2 id="Прилив"><span id="{ENCODED}" typeof="mw:FallbackId"></span>Прилив</h2>',
}


@pytest.mark.parametrize("form", ALIASED)
def test_6_the_anchor_in_the_old_encoding_is_an_alias(article: Framed, form: str) -> None:
    section = article(ALIASED[form]).sections[1]
    assert (section.heading, section.anchor, section.anchor_aliases) == ("Прилив", "Прилив", (ENCODED,))


HTML = {
    f'<i>E</i> = <i>mc</i><sup>2</sup>{MARK}<span style="display:none">E</span>': "E = mc²",
    'Range in 10<sup>&minus;6</sup> m, H<sub>2</sub>O &amp; "so"': 'Range in 10⁻⁶ m, H2O & "so"',
    "<span>XIX</span><sup>e</sup>&nbsp;siècle": "XIXe siècle",
    '<a href="/wiki/T">Tides</a> in <b>the</b> <small>North</small><br /><code>Sea</code>': "Tides in the North Sea",
    'Ebb<sup class="noprint Inline-Template">[<i><a href="/w" title="(May 2020)">when?</a></i>]</sup>': "Ebb",
    '<span class="mw-headline-number">1.2</span> Ebb': "Ebb",
    '<span typeof="mw:File"><a href="/wiki/File:F.png"><img src="/f.png" alt="flag"></a></span> Brest': "Brest",
    "<ruby>潮<rp>(</rp><rt>しお</rt><rp>)</rp></ruby>": "潮(しお)",
}


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("inner", HTML)
def test_7_a_heading_is_plain_text_whatever_stands_in_it(article: Framed, generation: str, inner: str) -> None:
    page = article(GENERATIONS[generation](2, inner, "A").replace("Edit section: " + inner, "") + "<p>t</p>")
    assert outline(page) == [(2, HTML[inner], "A", "t")]


def test_every_level_that_html_has_is_one(article: Framed) -> None:
    page = article("".join(f'<h{level} id="L{level}">Level {level}</h{level}><p>x</p>' for level in range(2, 7)))
    assert [section.level for section in page.sections] == [0, 2, 3, 4, 5, 6]
    assert page.sections[-1].path == ("Level 2", "Level 3", "Level 4", "Level 5")
