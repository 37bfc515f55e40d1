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
