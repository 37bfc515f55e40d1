"""What Parsoid writes in its own way (mediawiki.org, Specs/HTML) is read as what the parser writes."""

from collections.abc import Callable

import pytest

from sectionary.cleaners.anchors import authored
from sectionary.cleaners.article import Article, clean
from sectionary.scraper.page import Page

Written = Callable[..., Article]
BASE = '<base href="https://wiki.example/wiki/">'


def parsoid(content: str, title: str = "Page") -> Article:
    """A page in Parsoid's frame."""
    html = (
        f'<!DOCTYPE html><html about="https://wiki.example/wiki/Special:Redirect/revision/7"><head>{BASE}'
        f'<title>{title}</title></head><body class="mw-body-content parsoid-body mw-parser-output" lang="en">'
        f'<section data-mw-section-id="0" id="mwAQ">{content}</section></body></html>'
    )
    return clean(Page(url=f"https://wiki.example/wiki/{title}", body=html.encode()))


LINKED = {
    "parser": (
        '<a href="/w/index.php?title=Bore_%27n%27_surge&amp;action=edit&amp;redlink=1" class="new" '
        'title="Bore \'n\' surge (Seite nicht vorhanden)">surge</a>'
    ),
    "parsoid": '<a rel="mw:WikiLink" href="./Bore_\'n\'_surge#Top" class="new" title="Bore \'n\' surge">surge</a>',
    "parsoid of today": (
        '<a rel="mw:WikiLink" href="./Bore_\'n\'_surge?action=edit&amp;redlink=1#Top" class="new" '
        'title="Bore \'n\' surge">surge</a>'
    ),
}


@pytest.mark.parametrize("form", LINKED)
def test_a_missing_page_has_the_address_it_will_have_and_its_bare_title(article: Written, form: str) -> None:
    content = f"<p>{LINKED[form]}</p>"
    page = article(content) if form == "parser" else parsoid(content)
    (link,) = page.sections[0].links
    address = "https://wiki.example/wiki/Bore_%27n%27_surge"
    assert (link.url, link.title, link.kind) == (address, "Bore 'n' surge", "redlink")


def test_links_of_a_subpage_start_from_where_the_page_says() -> None:
    page = parsoid('<p><a rel="mw:WikiLink" href="./Tide">tide</a></p>', title="Tide/Archive")
    assert [link.url for link in page.sections[0].links] == ["https://wiki.example/wiki/Tide"]


def test_missing_pages_linked_from_a_subpage_lie_beside_the_wikis_own() -> None:
    html = (
        '<html><head><meta name="generator" content="MediaWiki 1.39.1"><script>RLCONF={"wgPageName":"A/B"};</script>'
        '</head><body class="mediawiki"><div id="mw-content-text"><div class="mw-parser-output"><p>'
        '<a class="new" href="/w/index.php?title=Bore&amp;action=edit&amp;redlink=1">bore</a></p></div></div></body>'
    )
    (link,) = clean(Page(url="https://wiki.example/wiki/A/B", body=html.encode())).sections[0].links
    assert link.url == "https://wiki.example/wiki/Bore"


def test_a_link_of_the_page_to_itself_is_no_link() -> None:
    page = parsoid('<p><a rel="mw:WikiLink" href="./Page" class="mw-selflink selflink">Page</a></p>')
    assert (page.sections[0].text, page.sections[0].links) == ("Page", ())


def test_letters_of_a_title_are_encoded_as_the_wiki_encodes_them() -> None:
    page = parsoid('<p><a rel="mw:WikiLink" href="./Marée_d\'équinoxe#Côte">tide</a></p>')
    (link,) = page.sections[0].links
    assert link.url == "https://wiki.example/wiki/Mar%C3%A9e_d%27%C3%A9quinoxe#Côte"


def test_bare_addresses_in_brackets_are_numbered_as_a_reader_sees_them() -> None:
    link = '<a rel="mw:ExtLink" href="https://{}.example/" class="external autonumber">{}</a>'
    one, two = link.format("one", ""), link.format("two", "")
    section = parsoid(f"<p>See {one} and</p><ul><li>{two}</li></ul>").sections[0]
    assert section.text == "See [1] and\n\n- [2]"
    assert [(found.text, found.url) for found in section.links] == [
        ("[1]", "https://one.example/"), ("[2]", "https://two.example/"),
    ]  # fmt: skip
    shown = section.text, section.links
    parser = parsoid(f"<p>See {link.format('one', '[1]')} and</p><ul><li>{link.format('two', '[2]')}</li></ul>")
    assert (parser.sections[0].text, parser.sections[0].links) == shown


@pytest.mark.parametrize("name", ["mwAQ", "mwA6o", "mwBd_", "mwAAA-"])
def test_a_number_of_parsoids_is_no_anchor(name: str) -> None:
    assert authored(name) is None


@pytest.mark.parametrize("name", ["Mwanza", "mw", "mwamba-kofi", "tides", None])
def test_what_an_author_wrote_is_an_anchor(name: str | None) -> None:
    assert authored(name) == name


def test_a_heading_may_read_like_a_number_of_parsoids() -> None:
    page = parsoid('<h2 id="mwana">mwana</h2><h2 id="mwBQ">Nyota</h2>')
    assert [(section.heading, section.anchor) for section in page.sections[1:]] == [("mwana", "mwana"), ("Nyota", None)]


def test_tables_and_inner_elements_lose_the_numbers_and_keep_their_own_ids() -> None:
    cells = "<tr><td>a</td><td>b</td></tr>"
    page = parsoid(
        f'<h2 id="Tides"><span id="mwBw">T</span><span id="Ebb">ides</span></h2>'
        f'<table id="mwCA">{cells}</table><table id="sizes">{cells}</table>'
    )
    assert page.sections[1].anchor_aliases == ("Ebb",)
    assert [block.table.id for block in page.sections[1].blocks if block.table] == [None, "sizes"]


def test_a_row_that_is_removed_counts_for_no_span(article: Written) -> None:
    rows = (
        '<tr><td rowspan="2">a</td><td>b</td></tr><tr class="mw-empty-elt"></tr><tr><td>c</td></tr>'
        "<tr><td>d</td><td>e</td></tr>"
    )
    (block,) = article(f"<table>{rows}</table>").sections[0].blocks
    assert block.table is not None
    assert block.table.grid == (("a", "b"), ("a", "c"), ("d", "e"))


UPLOAD = 'href="/w/index.php?title=Special:Upload&amp;wpDestFile=Ebb_tide.png" class="new" title="File:Ebb tide.png"'
MISSING = {
    "parser": f"<a {UPLOAD}>A shore at ebb</a>",
    "parser of today": (
        f'<span class="mw-default-size" typeof="mw:Error mw:File"><a {UPLOAD}>'
        '<span class="mw-file-element mw-broken-media">A shore at ebb</span></a></span>'
    ),
    "parsoid": (
        '<span class="mw-default-size" typeof="mw:Error mw:File"><a href="./Special:FilePath/Ebb_tide.png">'
        '<span class="mw-broken-media" resource="./File:Ebb_tide.png">File:Ebb tide.png</span></a></span>'
    ),
}


@pytest.mark.parametrize("form", MISSING)
def test_a_picture_the_wiki_has_not_is_noted_by_its_name_and_is_no_text(article: Written, form: str) -> None:
    page = article(f"<p>before {MISSING[form]} after</p>")
    section = page.sections[0]
    assert (section.text, section.links) == ("before after", ())
    assert [(picture.file, picture.src) for picture in section.images] == [("Ebb tide.png", "")]
    assert "content.missing-picture" in {removal.rule for removal in page.removals}


@pytest.mark.parametrize("form", MISSING)
def test_a_missing_picture_keeps_its_caption(article: Written, form: str) -> None:
    caption = '<div class="thumbcaption">Low water</div>'
    page = article(f'<div class="thumb"><div class="thumbinner">{MISSING[form]}{caption}</div></div>')
    (block,) = page.sections[0].blocks
    assert (block.type, block.text, len(page.sections[0].images)) == ("figure", "Low water", 1)
    assert block.figure is not None
    assert (block.figure.file, block.figure.caption) == ("Ebb tide.png", "Low water")


def test_a_link_to_a_missing_sound_stays_in_the_sentence(article: Written) -> None:
    href = "/w/index.php?title=Special:Upload&amp;wpDestFile=Surf.ogg"
    link = f'<a href="{href}" class="new" title="Surf.ogg">the surf</a>'
    assert article(f"<p>Hear {link}.</p>").sections[0].text == "Hear the surf."


def test_a_gallery_names_the_pictures_the_wiki_has_not(article: Written) -> None:
    box = (
        '<li class="gallerybox"><div><div class="thumb" style="height: 150px;">Ebb tide.png</div>'
        '<div class="gallerytext"><p>Low water</p></div></div></li>'
    )
    page = article(f'<ul class="gallery mw-gallery-traditional">{box}</ul>')
    assert page.sections[0].text == "Low water"
    assert [(picture.file, picture.caption) for picture in page.sections[0].images] == [("Ebb tide.png", "Low water")]


def test_a_reference_reads_in_the_data_as_in_its_list(article: Written) -> None:
    formula = (
        '<span class="mwe-math-element"><span style="display: none;"><math><semantics><mi>h</mi>'
        '<annotation encoding="application/x-tex">{\\displaystyle h}</annotation></semantics></math></span></span>'
    )
    entry = f'<li id="cite_note-1"><span class="reference-text">Let {formula} be low.<ul><li>p. 3</li></ul></span></li>'
    page = article(f'<ol class="references">{entry}<li id="cite_note-2"><span>Other</span></li></ol>')
    assert [reference.text for reference in page.fields.references] == [r"Let \(h\) be low. p. 3", "Other"]


def test_words_for_each_script_are_read_once_and_in_the_first() -> None:
    told = '{"twoway":[{"l":"zh-hans","t":"陆地 &amp;amp; 海"},{"l":"zh-hant","t":"陸地"}]}'
    page = parsoid(
        f"<p>在<span typeof=\"mw:LanguageVariant\" data-mw-variant='{told}'></span>之间、"
        '<span typeof="mw:LanguageVariant" data-mw-variant=\'{"disabled":{"t":"不变"}}\'></span>。'
        "<meta typeof=\"mw:LanguageVariant\" data-mw-variant='{\"add\":true}'></p>"
    )
    assert page.sections[0].text == "在陆地 & 海之间、不变。"


def test_parsoid_links_to_other_languages_instead_of_showing_them() -> None:
    link = '<link rel="mw:PageProp/Language" href="https://fr.wiki.example/wiki/Marée">'
    (found,) = parsoid(f"<p>Tide</p>{link}").fields.langlinks
    assert (found.lang, found.url) == ("fr", "https://fr.wiki.example/wiki/Mar%C3%A9e")


def test_a_category_is_named_without_the_key_it_is_sorted_by() -> None:
    link = '<link rel="mw:PageProp/Category" href="./Category:Children\'s_shores#%20Tide">'
    (found,) = parsoid(f"<p>Tide</p>{link}").fields.categories
    assert (found.name, found.url) == ("Children's shores", "https://wiki.example/wiki/Category:Children%27s_shores")


@pytest.mark.parametrize("kind", ["mw:File", "mw:File/Frameless", "mw:Image"])
def test_a_picture_without_a_frame_shows_no_caption_and_makes_no_block(kind: str) -> None:
    image = '<a href="./File:Ebb.png"><img src="/images/Ebb.png" alt="Ebb.png"></a>'
    page = parsoid(f'<figure typeof="{kind}">{image}<figcaption>An unseen caption</figcaption></figure><p>Tide</p>')
    section = page.sections[0]
    assert [(block.type, block.text) for block in section.blocks] == [("paragraph", "Tide")]
    assert [(picture.file, picture.alt, picture.caption) for picture in section.images] == [("Ebb.png", None, None)]


def test_a_picture_in_a_frame_shows_its_caption() -> None:
    image = '<a href="./File:Ebb.png"><img src="/images/Ebb.png" alt="Low water"></a>'
    page = parsoid(f'<figure typeof="mw:File/Thumb">{image}<figcaption>Ebb</figcaption></figure>')
    (block,) = page.sections[0].blocks
    assert (block.type, block.text) == ("figure", "Ebb")
    assert block.figure is not None
    assert block.figure.alt == "Low water"


def test_the_place_of_the_contents_ends_a_paragraph() -> None:
    page = parsoid('<p>Before\n<meta property="mw:PageProp/toc" id="mwMw"/>\nafter</p>')
    assert [block.text for block in page.sections[0].blocks] == ["Before", "after"]


def test_what_is_removed_between_two_lines_keeps_them_apart(article: Written) -> None:
    page = article('Before<div class="navbox"><p>Shores</p></div>after')
    assert [block.text for block in page.sections[0].blocks] == ["Before", "after"]


def test_definition_lists_that_follow_on_one_another_are_one(article: Written) -> None:
    one = "<dl><dt>Ebb</dt><dd><ul><li>falls</li></ul></dd><dt>Flood</dt><dd>rises</dd></dl>"
    split = "<dl><dt>Ebb</dt><dd><ul><li>falls</li></ul></dd></dl>\n<dl><dt>Flood</dt><dd>rises</dd></dl>"
    assert article(split).sections[0].blocks == article(one).sections[0].blocks
    assert len(article(split.replace("\n", "<p>or</p>")).sections[0].blocks) == 3


def test_a_remark_has_the_date_that_its_explanation_ends_in(article: Written) -> None:
    remark = (
        '<sup class="noprint Inline-Template">[<i><a href="/w/index.php?title=Sources&amp;action=edit&amp;redlink=1" '
        'class="new" title="Sources (page does not exist)"><span title="This needs a source (May 2026)">source?</span>'
        "</a></i>]</sup>"
    )
    (tag,) = article(f"<p>Tides rise{remark}.</p>").sections[0].inline_tags
    assert (tag.type, tag.date) == ("source?", "May 2026")
    undated = remark.replace(" (May 2026)", "")
    assert article(f"<p>Tides rise{undated}.</p>").sections[0].inline_tags[0].date is None


def test_a_link_to_a_missing_sound_has_one_address_and_kind(article: Written) -> None:
    upload = "/w/index.php?title=Special:Upload&amp;wpDestFile=The_surf.ogg"
    parser = f'<a href="{upload}" class="new" title="The surf.ogg">x</a>'
    other = '<a rel="mw:MediaLink" href="./Special:FilePath/The_surf.ogg" title="The surf.ogg" typeof="mw:Error">x</a>'
    (found,) = article(f"<p>{parser}</p>").sections[0].links
    assert (found.url, found.kind) == ("https://wiki.example/wiki/Special:FilePath/The_surf.ogg", "redlink")
    assert parsoid(f"<p>{other}</p>").sections[0].links == (found,)


def test_a_reference_tells_the_group_that_its_marks_name(article: Written) -> None:
    marks = "".join(
        f'<sup class="reference"><a href="#cite_note-{number}">[{label}]</a></sup>'
        for number, label in ((1, "note 1"), (2, "1"), (3, "lower-alpha 2"))
    )
    entries = "".join(f'<li id="cite_note-{number}"><span>Source {number}</span></li>' for number in (1, 2, 3))
    page = article(f'<p>Tides rise{marks}.</p><ol class="references">{entries}</ol>')
    assert [(reference.group, reference.label) for reference in page.fields.references] == [
        ("note", "note 1"), (None, "1"), ("lower-alpha", "b"),
    ]  # fmt: skip
