"""Boxes without a name: made by hand, told by what they hold."""

from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborNode
from test_trace import check

from sectionary.cleaners import boxes
from sectionary.cleaners.article import Article, clean
from sectionary.cleaners.walk import Walk
from sectionary.scraper.page import Page

Framed = Callable[..., Article]
Fields = list[tuple[str | None, str]]

LINKS = ["Sluice", "Weir", "Leat", "Mill race", "Penstock", "Tailrace"]
ROW = " · ".join(f'<a href="/wiki/{name}" title="{name}">{name}</a>' for name in LINKS)
HERE = ROW.replace('<a href="/wiki/Leat" title="Leat">Leat</a>', '<strong class="selflink">Leat</strong>')
FLOATING, ALIGNED = 'style="float: right; width: 12em"', 'align="left"'
RULE = "content.navbox"


def removed(page: Article) -> int:
    return sum(each.chars for each in page.removals if each.rule == RULE)


def navigation(row: str, style: str = "") -> str:
    return (
        f'<table {style} cellpadding="4"><tbody><tr><th colspan="2"><a href="/wiki/Mills">Water mills</a></th></tr>'
        f'<tr><td><b>Works</b></td><td>{row}</td></tr><tr><td><b>Wheels</b></td><td>'
        '<a href="/wiki/Overshot">Overshot</a> • <a href="/wiki/Breastshot">Breastshot</a> • '
        '<a href="/wiki/Undershot">Undershot</a> (<a href="/wiki/Poncelet">Poncelet</a>)</td></tr></tbody></table>'
    )


@pytest.mark.parametrize(
    "content",
    [
        f"<h2>Notes</h2><p>None.</p>{navigation(ROW)}",
        f'<p>Water.</p><h2>Notes</h2><p>None.</p>{navigation(ROW)}<table class="navbox"><tr><td>x</td></tr></table>',
        f"{navigation(HERE)}<p>Water.</p>",
        f"{navigation(ROW, FLOATING)}<p>Water.</p>",
        f"{navigation(ROW, ALIGNED)}<p>Water.</p>",
    ],
    ids=["after the last words", "before other boxes", "with the reader's place", "floating", "at the side"],
)
def test_a_table_of_links_in_rows_leads_elsewhere(article: Framed, content: str) -> None:
    page = article(content)
    assert removed(page) >= 70
    assert not any("Sluice" in section.text for section in page.sections)
    assert not any(block.table for section in page.sections for block in section.blocks)


@pytest.mark.parametrize(
    "content",
    [
        f"{navigation(ROW)}<p>Each of these is kept dry in winter.</p>",
        navigation(HERE).replace("<table ", '<table class="wikitable" '),
        navigation(HERE).replace("<b>Works</b>", "Scoured by hand each spring, when the water is let out"),
        navigation(HERE.replace(" · ", ", ")),
        navigation(HERE.replace(" · ", " \N{EM DASH} ")).replace("•", "\N{EM DASH}"),
        navigation("<b>the weir</b> · the leat · the race"),
    ],
    ids=["in the text", "styled as data", "with words of its own", "as an enumeration", "of spans", "without links"],
)
def test_a_table_that_says_something_is_kept(article: Framed, content: str) -> None:
    page = article(content)
    assert removed(page) == 0
    assert page.sections[0].blocks[0].table is not None


FRAMED = (
    '<div class="NavFrame"><div class="NavHead"><a href="/wiki/Mills">Water mills</a></div><div class="NavContent">'
    "<p>{}</p></div></div>"
)


@pytest.mark.parametrize("row", [ROW, HERE.replace(" · ", " | ")])
def test_a_folded_frame_of_links_below_the_text_leads_elsewhere(article: Framed, row: str) -> None:
    page = article(f"<p>Water.</p>{FRAMED.format(row)}")
    assert (page.sections[0].text, removed(page) > 40) == ("Water.", True)


@pytest.mark.parametrize(
    "content",
    [f"{FRAMED.format(ROW)}<p>Water.</p>", f"<p>Water.</p>{FRAMED.format('Scoured <a href=x>by hand</a>.')}"],
    ids=["in the text", "with words of its own"],
)
def test_a_folded_frame_that_says_something_is_kept(article: Framed, content: str) -> None:
    page = article(content)
    assert removed(page) == 0
    assert "Water mills" in page.sections[0].text


def facts(page: Article) -> Fields:
    (box,) = page.fields.infoboxes
    return [(field.label, field.text) for field in box.fields]


MILL = (
    '<tr><th colspan="2" bgcolor="tan"><big>Ebb Mill</big></th></tr><tr><td>Built</td><td>1742</td></tr>'
    '<tr><td>River</td><td><a href="/wiki/Ebb">Ebb</a></td></tr><tr><td colspan="2">Seen from the weir</td></tr>'
)
SACKS = "".join(f"<tr><td>{year}</td><td>{sacks}</td></tr>" for year, sacks in (("In", "Sacks"), (1742, 9), (1743, 8)))


@pytest.mark.parametrize(
    "form",
    ['align="right" border="1"', 'style="float:right; clear:both"', 'style="width:250px;font-size:85%"', 'width="280"'],
)
def test_a_table_beside_the_lead_with_a_name_and_labels_is_an_infobox(article: Framed, form: str) -> None:
    page = article(f"<table {form}><tbody>{MILL}</tbody></table><p>Ebb Mill grinds.</p>")
    assert page.fields.infoboxes[0].title == "Ebb Mill"
    assert facts(page) == [("Built", "1742"), ("River", "Ebb"), (None, "Seen from the weir")]
    assert page.sections[0].text == "Ebb Mill grinds."


def test_facts_under_a_heading_need_no_labels(article: Framed) -> None:
    told = ("* 1711 in Ebb", "† 1776 in Flood", "miller")
    rows = "".join(f"<tr><td><center>{fact}</center></td></tr>" for fact in told)
    page = article(f'<table style="float: right;"><tr><th>Ann Reed</th></tr>{rows}</table><p>Ann.</p>')
    assert page.fields.infoboxes[0].title == "Ann Reed"
    assert facts(page) == [(None, "* 1711 in Ebb"), (None, "† 1776 in Flood"), (None, "miller")]


@pytest.mark.parametrize(
    "content",
    [
        f'<table width="100%"><tbody>{MILL}</tbody></table><p>x</p>',
        f'<p>x</p><h2>Mill</h2><table align="right"><tbody>{MILL}</tbody></table>',
        f'<table align="right" class="wikitable"><tbody>{MILL}</tbody></table><p>x</p>',
        f'<table align="right"><tbody>{MILL}<tr><td>1</td><td>2</td><td>3</td></tr></tbody></table><p>x</p>',
        f'<table align="right"><tbody>{SACKS}</tbody></table><p>x</p>',
    ],
    ids=["as wide as the page", "below a heading", "styled as data", "of three columns", "without a name"],
)
def test_another_table_beside_the_text_is_a_table(article: Framed, content: str) -> None:
    page = article(content)
    assert not page.fields.infoboxes
    assert any(block.table for section in page.sections for block in section.blocks)


SIGN = '<td><img src="/sign.svg" width="35"></td>'
WORD = '<td>It <b>lacks</b> sources, see <a href="/wiki/Project:Sources" title="Project:Sources">what counts</a>.</td>'


@pytest.mark.parametrize(
    "content",
    [f"<table><tr>{SIGN}{WORD}</tr></table><p>Mills.</p>",
     f"<p>Mills.</p><table><tr>{WORD}{SIGN}</tr></table>"],
)  # fmt: skip
def test_a_sign_and_a_word_on_the_wikis_work_around_the_article_are_a_notice(article: Framed, content: str) -> None:
    page = article(content)
    assert [notice.text for notice in page.fields.notices] == ["It lacks sources, see what counts."]
    assert (page.sections[0].text, page.sections[0].images) == ("Mills.", ())


@pytest.mark.parametrize(
    "content",
    [f"<p>Mills.</p><table><tr>{SIGN}{WORD}</tr></table><p>Weirs.</p>",
     f"<table><tr>{WORD}</tr></table><p>Mills.</p>",
     f"<table><tr>{SIGN}{WORD}</tr><tr>{SIGN}<td>Built 1742</td></tr></table><p>Mills.</p>",
     f"<table><tr>{SIGN}{WORD.replace('Project:Sources', 'Mills: a story')}</tr></table><p>Mills.</p>",
     f"<p>Mills.</p><table><tr>{SIGN}<td><ol><li>{WORD[4:-5]}</li></ol></td></tr></table>"],
    ids=["in the text", "without a sign", "of two rows", "on a subject", "a list"],
)  # fmt: skip
def test_what_says_something_beside_a_picture_is_text(article: Framed, content: str) -> None:
    page = article(content)
    assert page.fields.notices == ()
    assert "lacks sources" in page.sections[0].text


@pytest.mark.parametrize(
    "link",
    ['<a class="extiw" href="https://commons.wikimedia.org/wiki/Mills">Commons</a>',
     '<a rel="mw:WikiLink/Interwiki" href="https://commons.wikimedia.org/wiki/Mills">Commons</a>'],
)  # fmt: skip
def test_a_sister_projects_sign_and_its_link_in_one_row_are_no_table(article: Framed, link: str) -> None:
    box = (
        f'<table border="0"><tr><td><img src="/17px-Commons-logo.svg.png"></td><td>{link} has pictures of mills.</td>'
        "</tr></table>"
    )
    page = article(f"<p>Mills.</p><h2>Links</h2>{box}<ul><li>Other</li></ul>")
    assert [section.text for section in page.sections] == ["Mills.", "- Other"]
    assert [each.chars for each in page.removals if each.rule == "content.sister-projects"] == [26]


def test_a_row_of_portals_is_no_notice(article: Framed) -> None:
    page = article(
        '<p>x</p><div class="noprint metadata navbox" role="navigation"><ul><li><a href="/wiki/Portal:Mills" '
        'title="Portal:Mills">Mills portal</a></li></ul></div>'
        '<ul style="display:table;float:right"><li><a href="/x" title="Portal:Sea">Sea portal</a></li></ul>'
    )
    assert (page.sections[0].text, page.fields.notices) == ("x", ())


def test_a_row_in_which_one_cell_speaks_beside_pictures_only_lays_out(article: Framed) -> None:
    marks = '<td><img src="/open.svg"></td>', '<td><img src="/close.svg"></td>'
    (block,) = article(f"<table><tr>{marks[0]}<td>Mind the sill.</td>{marks[1]}</tr></table>").sections[0].blocks
    assert (block.type, block.text) == ("paragraph", "Mind the sill.")


def test_what_a_box_without_a_name_held_has_its_owner() -> None:
    content = (
        f'<table align="right"><tbody>{MILL}</tbody></table><p>x</p><h2>Notes</h2><p>None.</p>{navigation(HERE)}'
    )
    check(f'<body class="mediawiki"><div class="mw-parser-output">{content}</div></body>'.encode())


def test_a_site_whose_rules_know_no_boxes_keeps_them() -> None:
    content = f'<p>{"The mill stood by the weir and ground until the last flood. " * 4}</p>{navigation(HERE)}'
    page = clean(Page(url="https://mills.example/", body=f"<body><h1>Leat</h1>{content}</body>".encode()))
    assert "Sluice" in page.sections[-1].text


def test_boxes_in_a_row_are_looked_behind_once_however_many_they_are(
    article: Framed, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[LexborNode] = []
    says = boxes._says

    def counted(walk: Walk, node: LexborNode) -> bool:
        looked.append(node)
        return says(walk, node)

    monkeypatch.setattr(boxes, "_says", counted)
    page = article("<p>It grinds.</p>" + navigation(ROW) * 300)
    assert removed(page) > 0
    assert 300 <= len(looked) < 1000
