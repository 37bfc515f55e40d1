"""Hard cases 9 and 16 to 19: chemistry, ruby, numbers and dates, coordinates, marks that are no words."""

from collections.abc import Callable

import pytest

from sectionary.cleaners.article import Article

Framed = Callable[..., Article]


def said(page: Article) -> str:
    return page.sections[0].text


INLINE = "display:inline-block;margin-bottom:-0.3em;vertical-align:-0.4em;line-height:1em;font-size:80%"
RAISED = {
    "H<sub>2</sub>O": "H2O",
    "SO<sup>2\u2212</sup><br><sub>4</sub> ions": "SO4^2\u2212 ions",
    "SO<span><sup>2\u2212</sup>\n<br />\n<sub>4</sub></span> ions": "SO4^2\u2212 ions",
    f'<span class="chemf nowrap">SO<span class="nowrap"><span style="{INLINE}"><sup>2\u2212</sup><br /><sub>4</sub></span>'
    "</span></span> ions": "SO4^2\u2212 ions",
    '<span class="chemf">SO<span class="template-chem2-su"><span>2\u2212</span><span>4</span></span></span> ions': (
        "SO4^2\u2212 ions"
    ),
    '[Fe(CN)<sub>6</sub>]<span class="template-chem2-su"><span>4\u2212</span></span>': "[Fe(CN)6]^4\u2212",
    "SO<sub>4</sub><sup>2\u2212</sup>": "SO4^2\u2212",
    "Na<sup>+</sup> and e<sup>\u2212</sup>": "Na+ and e\u2212",
    f'the <span style="{INLINE}"><sup>238</sup><br /><sub>92</sub></span>U nucleus': "the 238 92U nucleus",
    "of <sup>14</sup>C": "of 14C",
    f'5.1<span style="{INLINE}">+0.2<br />\u22120.1</span> m': "5.1+0.2 \u22120.1 m",
    "10<sup>6</sup> m<sup>2</sup>, 2<sup>n</sup>, 2<sup><i>k</i></sup>, 3<sup>e</sup>, 1<sup>st</sup>": (
        "10^6 m2, 2^n, 2^k, 3e, 1st"
    ),
    '<span class="frac">2<span class="sr-only">+</span><span class="num">1</span>\u2044<span class="den">3</span></span>': (
        "2+1\u20443"
    ),
    '2<span style="display:none">+</span><sup>1</sup>\u2044<sub>3</sub> cups': "2 1\u20443 cups",
    '<span class="sfrac"><span class="num">1</span><span class="sr-only">/</span><span class="den">2</span></span>': "1/2",
}


@pytest.mark.parametrize("markup", RAISED)
def test_9_what_stands_raised_lowered_or_stacked_is_read_on_one_line(article: Framed, markup: str) -> None:
    assert said(article(f"<p>{markup}</p>")) == RAISED[markup]


RUBY = {
    "<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>と": "漢字(かんじ)と",
    "<ruby><rb>漢</rb><rp>（</rp><rt>かん</rt><rp>）</rp></ruby><ruby>字<rt>じ</rt></ruby>": "漢(かん)字(じ)",
    "<ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby>": "東(とう)京(きょう)",
    "<ruby><rb>東</rb><rb>京</rb><rt>とう</rt><rt>きょう</rt></ruby>": "東京(とうきょう)",
    "<ruby><rb>東</rb><rb>京</rb><rtc><rt>とう</rt><rt>きょう</rt></rtc><rtc>Tokyo</rtc></ruby>": "東京(とうきょう)(Tokyo)",
    "<ruby><ruby>攻殻<rt>こうかく</rt></ruby><rt>Ghost</rt></ruby>": "攻殻(こうかく)(Ghost)",
    '<ruby class="zhuyin">北<rt>ㄅㄟˇ</rt></ruby>': "北(ㄅㄟˇ)",
    "<ruby>送<rt></rt>り<rt> </rt></ruby>": "送り",
    '<ruby><a href="/wiki/K">漢字</a><rt><a href="/wiki/H">かんじ</a></rt></ruby>': "漢字(かんじ)",
}  # fmt: skip


@pytest.mark.parametrize("markup", RUBY)
def test_16_a_reading_stands_in_brackets_behind_its_base(article: Framed, markup: str) -> None:
    assert said(article(f"<p>{markup}</p>", language="ja")) == RUBY[markup]


PLAIN = {
    'Launched on <time datetime="1969-07-16">16&nbsp;July 1969</time> from <abbr title="Kennedy">KSC</abbr>.': (
        "Launched on 16 July 1969 from KSC."
    ),
    "3,476.2&nbsp;km (2,160.0&#160;mi), 12&#8201;345&#8239;678": "3,476.2 km (2,160.0 mi), 12 345 678",
    '<span class="nowrap">3<span style="margin-left:.25em;">000</span></span> m': "3000 m",
    "super<wbr>cali<wbr/>frag": "supercalifrag",
    "co&shy;operate": "co\u00adoperate",
    "می\u200cخواهم، क्\u200dष": "می\u200cخواهم، क्\u200dष",
    "<kbd>Ctrl</kbd>+<kbd>C</kbd>, <ins>new</ins> <del>old</del>, <var>x</var>, <bdi>b</bdi>, <mark>m</mark>": (
        "Ctrl+C, new old, x, b, m"
    ),
    "He said <q>go <q>on</q></q>.": 'He said "go "on"".',
    "use <code>f(x)</code> and <code class='mw-highlight mw-highlight-lang-c'>int  x;</code>": "use f(x) and int  x;",
    "&lt;b&gt; &amp;amp; 1 &lt; 2": "<b> &amp; 1 < 2",
    "a<span aria-hidden='true'>·</span>b": "a·b",
}


@pytest.mark.parametrize("markup", PLAIN)
def test_17_words_numbers_and_dates_stand_as_a_reader_sees_them(article: Framed, markup: str) -> None:
    assert said(article(f"<p>{markup}</p>")) == PLAIN[markup]


GEO = (
    '<span class="plainlinks"><a class="external text" href="//geohack.toolforge.org/geohack.php?params=48_N_4_W">'
    '<span class="geo-default"><span class="geo-dms"><span class="latitude">48°24′N</span> '
    '<span class="longitude">4°30′W</span></span></span><span class="geo-multi-punct">\ufeff / \ufeff</span>'
    '<span class="geo-nondefault"><span class="geo-dec">48.4°N 4.5°W</span><span style="display:none">\ufeff / '
    '<span class="geo">48.4; -4.5</span></span></span></a></span>'
)


def test_18_the_pages_coordinates_are_one_pair_and_no_text(article: Framed) -> None:
    page = article(f'<p><span id="coordinates"><a href="/wiki/G">Coordinates</a>: {GEO}</span></p><p>Brest is a port.</p>')
    assert page.fields.coordinates is not None
    assert (page.fields.coordinates.lat, page.fields.coordinates.lon) == (48.4, -4.5)
    assert said(page) == "Brest is a port."


def cite(number: str, label: str) -> str:
    return f'<sup id="cite_ref-{number}" class="reference"><a href="#cite_note-{number}">{label}</a></sup>'


def test_19_reference_marks_and_remarks_leave_the_text_for_fields_at_their_offsets(article: Framed) -> None:
    needed = (
        '<sup class="noprint Inline-Template Template-Fact">[<i><a href="/wiki/W:C" title="Wikipedia:Citation needed">'
        '<span title="This claim needs references (May 2020)">citation needed</span></a></i>]</sup>'
    )
    update = '<sup class="noprint plainlinks"><a href="/w/index.php?action=edit">[update]</a></sup>'
    marks = f"{cite('12', '[12]')}{cite('n', '[note 1]')}{cite('a', '&#91;a&#93;')}"
    section = article(
        f'<p>It ebbs.{marks} So{needed} now,{update} <sup>[src]</sup> as in array[0], "[sic]" and [[1,2]].</p>'
    ).sections[0]
    assert section.text == 'It ebbs. So now, as in array[0], "[sic]" and [[1,2]].'
    assert [(c.ref_id, c.label, c.offset) for c in section.citations] == [
        ("cite_note-12", "12", 8), ("cite_note-n", "note 1", 8), ("cite_note-a", "a", 8),
    ]  # fmt: skip
    assert [(t.type, t.offset, t.date) for t in section.inline_tags] == [
        ("citation needed", 11, "May 2020"), ("update", 16, None), ("src", 16, None),
    ]  # fmt: skip


REMARKS = {
    "de": '<sup style="color:red"><a href="/wiki/W" title="Wikipedia:Belege">[Beleg?]</a></sup>',
    "fr": '<sup class="need_ref_tag"><a href="/wiki/A" title="Aide:Référence">[réf.&#160;nécessaire]</a></sup>',
    "es": '<sup>[<i><a href="/wiki/W" title="Wikipedia:Verificabilidad">cita&#160;requerida</a></i>]</sup>',
    "it": '<sup class="noprint chiarimento-apice">[<a href="/wiki/W"><i>senza&#160;fonte</i></a>]</sup>',
    "pt": '<sup class="noprint">[<i><a href="/wiki/W">carece&#160;de&#160;fontes</a></i>]</sup>',
    "ru": '<sup class="ts-fact"><span>[<i><a href="/wiki/W">источник не указан 55 дней</a></i>]</span></sup>',
    "ja": '<sup class="noprint Template-Fact">[<i><a href="/w" title="Wikipedia:「要出典」">要出典</a></i>]</sup>',
    "zh": '<sup class="noprint Inline-Template"><span>[<a href="/w">來源請求</a>]</span></sup>',
    "pl": '<sup class="noprint"><a href="/wiki/W">[potrzebny przypis]</a></sup>',
    "nl": '<sup class="noprint"><a href="/wiki/W">[bron?]</a></sup>',
    "ar": '<sup class="Template-Fact">[<a href="/w">بحاجة لمصدر</a>]</sup>',
    "uk": '<sup>[<i><a href="/w" title="Вікіпедія:Джерело">джерело?</a></i>]</sup>',
}  # fmt: skip


@pytest.mark.parametrize("language", REMARKS)
def test_19_a_remark_is_taken_out_in_any_language(article: Framed, language: str) -> None:
    section = article(f"<p>1969{REMARKS[language]}, m</p>", language=language).sections[0]
    assert section.text == "1969, m"
    (tag,) = section.inline_tags
    assert tag.offset == 4
    assert not {"[", "]", "\u00a0"} & set(tag.type)


MARKS = {
    "plain (2011)": cite("1", "[1]"),
    "brackets of their own (1.43)": cite("1", '<span class="cite-bracket">[</span>1<span class="cite-bracket">]</span>'),
    "Parsoid": (
        '<sup class="mw-ref reference" about="#mwt1" id="cite_ref-1" rel="dc:references" typeof="mw:Extension/ref">'
        '<a href="./Page#cite_note-1"><span class="mw-reflink-text">[1]</span></a></sup>'
    ),
    "no class": '<sup><a href="#cite_note-1">[1]</a></sup>',
    "no class, brackets outside": '<sup>[<a href="#cite_note-1">1</a>]</sup>',
    "no brackets": '<sup><a href="#cite_note-1">1</a></sup>',
}


@pytest.mark.parametrize("form", MARKS)
def test_19_a_mark_that_leads_to_a_note_is_a_citation(article: Framed, form: str) -> None:
    section = article(f"<p>It ebbs{MARKS[form]}.</p>").sections[0]
    assert section.text == "It ebbs."
    assert [(c.ref_id, c.label, c.offset) for c in section.citations] == [("cite_note-1", "1", 7)]


KEPT = {
    "array[0] and [sic] and [the Moon]": "array[0] and [sic] and [the Moon]",
    "x<sup>[n]</sup>": "x[n]",
    "<sup>[2+]</sup>": "[2+]",
    '<sup><a href="/wiki/Two">2</a></sup>': "2",
    '<a class="external autonumber" href="https://tide.example/">[1]</a>': "[1]",
}


@pytest.mark.parametrize("markup", KEPT)
def test_19_brackets_and_powers_that_are_content_stay(article: Framed, markup: str) -> None:
    section = article(f"<p>a {markup} b</p>").sections[0]
    assert section.text == f"a {KEPT[markup]} b"
    assert (section.citations, section.inline_tags) == ((), ())


def test_a_remark_of_before_2012_is_dated_in_words(article: Framed) -> None:
    page = article(
        '<p>Tides rise<sup class="Template-Fact">[<i><a href="/wiki/W:C" title="Wikipedia:Citation needed"><span '
        'title="This claim needs references to reliable sources from August 2007">citation needed</span></a></i>]</sup>.'
    )
    assert [(tag.type, tag.date) for tag in page.sections[0].inline_tags] == [("citation needed", "August 2007")]
