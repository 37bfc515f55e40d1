"""Where the article is on a page that no rule knows."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from sectionary.cleaners.article import clean, page_of
from sectionary.cleaners.unknown import content_root

PARAGRAPHS = (
    "Tides are the rise and fall of the sea caused by the pull of the Moon and, to a lesser extent, the Sun.",
    "The predicted times are found in tide tables, which every harbour office hands out to all crews.",
    "Some shorelines experience two nearly equal high and low tides each day, while others have one of each.",
    "Neap tides come seven days after spring tides, when the Sun works at right angles to the Moon.",
)
NAV = '<nav><ul><li><a href="/">Home</a></li><li><a href="/all">All pages</a></li><li>Log in</li></ul></nav>'
FOOTER = "<footer><p>Copyright 2024 The Shore Society. All rights reserved. Imprint. Privacy.</p></footer>"
ASIDE = (
    '<aside class="sidebar"><h3>Popular</h3><ul><li><a href="/1">Ten knots every sailor must know</a></li>'
    '<li><a href="/2">How to dry your boots</a></li></ul><div class="ad">Buy boots now, only today, '
    "three pairs for the price of two pairs.</div></aside>"
)


def page(main: str) -> str:
    return (
        "<!doctype html><html lang=en><head><title>Tide - Shorepedia</title></head>"
        f'<body><header>{NAV}</header><div id="wrap">{main}{ASIDE}</div>{FOOTER}'
        f'<script>var tide = "{PARAGRAPHS[0]}";</script></body></html>'
    )


def root_of(html: str) -> tuple[str | None, str | None]:
    """Tag and id of the content root."""
    root = content_root(LexborHTMLParser(html), html)
    assert root is not None
    return root.tag, root.attributes.get("id")


def paragraphs(texts: tuple[str, ...] = PARAGRAPHS) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def test_a_blog_post_is_its_article_element() -> None:
    post = f'<article id="post-7"><h1>Tides</h1><p class="by">By A. Nauta</p>{paragraphs()}</article>'
    assert root_of(page(post)) == ("article", "post-7")


def test_an_encyclopedia_article_is_what_holds_all_of_its_sections() -> None:
    parts = enumerate(PARAGRAPHS)
    sections = "".join(f"<section><h2>Part {n}</h2>{paragraphs((text,))}</section>" for n, text in parts)
    entry = f'<div id="entry"><h1>Tide</h1>{sections}</div>'
    html = page(f'<main id="m">{entry}<div>Was this helpful?</div></main>')
    assert root_of(html) == ("div", "entry")


def test_a_short_lead_outside_of_the_body_is_not_left_out() -> None:
    lead = f'<div id="lead">{paragraphs(PARAGRAPHS[:1])}</div>'
    stations = (f"Station {n} saw the water rise {n * 7} cm within {n * 3} hours." for n in range(40))
    body = f'<div id="body">{paragraphs((*PARAGRAPHS[1:], *stations))}</div>'
    assert root_of(page(f'<div id="entry">{lead}{body}</div>')) == ("div", "entry")


def test_a_teaser_that_repeats_the_first_lines_does_not_widen_the_root() -> None:
    post = f'<article id="post">{paragraphs()}</article>'
    html = page(f'<div class="teaser">{PARAGRAPHS[0]}</div>{post}')
    assert root_of(html) == ("article", "post")


def test_the_root_can_hold_blocks() -> None:
    assert root_of(page(f'<div id="entry"><p>{"<br>".join(PARAGRAPHS)}</p></div>')) == ("div", "entry")


def test_an_article_may_stand_in_a_cell_of_a_layout_table() -> None:
    cells = f'<td id="menu">{NAV}</td><td id="text">{paragraphs()}</td>'
    assert root_of(page(f"<table><tr>{cells}</tr></table>")) == ("td", "text")


def test_the_root_is_a_node_of_the_given_tree() -> None:
    html = page(f'<article id="post">{paragraphs()}</article>')
    tree = LexborHTMLParser(html)
    root = content_root(tree, html, "https://shore.example/tide")
    assert root is not None
    assert root.mem_id == tree.css("#post")[0].mem_id


@pytest.mark.parametrize("html", ["", " ", "<p>", "<html></html>", "<!-- -->", "\0", "<frameset>", "<svg/>"])
def test_a_page_without_text_has_no_root(html: str) -> None:
    assert content_root(LexborHTMLParser(html), html) is None


def test_deep_nesting_does_no_harm() -> None:
    html = "<div>" * 3000 + paragraphs() + "</div>" * 3000
    root = content_root(LexborHTMLParser(html), html)
    assert root is None or root.tag in {"div", "body"}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["<p>", "</p>", "<div", ">", "<td>", "&#0;", "<!--", *PARAGRAPHS])))
def test_no_html_raises(pieces: list[str]) -> None:
    html = "".join(pieces)
    root = content_root(LexborHTMLParser(html), html)
    assert root is None or root.is_element_node


def test_trafilatura_is_not_loaded_before_a_page_needs_it() -> None:
    code = "import sys, sectionary.cleaners.unknown; print('trafilatura' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("attribute", ["", 'rel="license"'])
def test_a_footer_tells_the_licence(attribute: str) -> None:
    main = f"<article><h1>Tide</h1>{''.join(f'<p>{text}</p>' for text in PARAGRAPHS)}</article>"
    link = f'<a {attribute} href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>'
    html = page(main).replace("All rights reserved.", f"Text under {link}.")
    article = clean(page_of(html, "https://shore.example/tide"))
    assert (article.license, article.license_source) == ("CC-BY-4.0", "footer")
    assert article.license_text == "Copyright 2024 The Shore Society. Text under CC BY 4.0. Imprint. Privacy."


def test_a_question_to_the_reader_is_no_text() -> None:
    asked = '<div class="article-feedback">Was this article about the tides helpful? <button>Yes</button></div>'
    main = f"<article><h1>Tide</h1>{''.join(f'<p>{text}</p>' for text in PARAGRAPHS)}{asked}</article>"
    article = clean(page_of(page(main), "https://shore.example/tide"))
    assert article.sections[0].text == "\n\n".join(PARAGRAPHS)


def test_the_sign_that_links_to_a_heading_and_the_tabs_over_a_part_are_told_from_its_words() -> None:
    bar = '<div role="tablist"><button role="tab">Spring</button><button role="tab">Autumn</button></div>'
    paragraphs = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    sign = '<a href="#causes" class="hash-link" aria-label="Direct link to Causes">\u200b</a>'
    main = f'<article><h1>Tide</h1>{paragraphs}<h2 id="causes">Causes{sign}</h2>{bar}{paragraphs}</article>'
    section = clean(page_of(page(main), "https://shore.example/tide")).sections[1]
    assert section.heading == "Causes"
    assert section.text.split("\n\n")[0] == "Spring\nAutumn"


@pytest.mark.parametrize("name", ["feedback-loops", "helpful-resources"])
def test_a_part_of_the_article_is_no_question_to_the_reader_for_its_name(name: str) -> None:
    told = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    part = f'<section class="{name}"><h2>Loops</h2>{told}<button>Copy</button></section>'
    article = clean(page_of(page(f"<article><h1>Tide</h1>{told}{part}</article>"), "https://shore.example/tide"))
    assert article.sections[1].text == "\n\n".join(PARAGRAPHS)


def sections(main: str) -> list[tuple[str | None, str | None, str]]:
    """Heading, anchor and text of the sections of a page of an unknown site, after the paragraphs it begins with."""
    told = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    found = clean(page_of(page(f"<main><h1>Tide</h1>{told}{main}</main>"), "https://shore.example/tide")).sections
    return [(section.heading, section.anchor, section.text) for section in found[1:]]


GITHUB = (
    '<div class="markdown-heading"><h2 class="heading-element">Causes</h2><a id="user-content-causes" class="anchor" '
    'aria-label="Permalink: Causes" href="#causes"><svg></svg></a></div>'
)
SPHINX = (
    '<section id="causes"><h2><a class="toc-backref" href="#id1" role="doc-backlink">Causes</a>'
    '<a class="headerlink" href="#causes">¶</a></h2></section>'
)


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        (GITHUB, "causes"),
        ('<h2 class="toc-header" id="causes"><a href="#causes" class="toc-anchor">¶</a> Causes</h2>', "causes"),
        ('<h2>Causes <a href="#the%20causes">#</a></h2>', "the causes"),
        (SPHINX, "causes"),
        ('<h2 id="causes"><a class="anchor" href="#causes">Causes</a></h2>', "causes"),
    ],
    ids=["GitHub", "Wiki.js", "without an id", "Sphinx with contents", "a link around the words"],
)  # fmt: skip
def test_a_sign_that_links_to_a_heading_tells_its_anchor_and_is_no_part_of_it(heading: str, anchor: str) -> None:
    told = "".join(f"<p>{text}</p>" for text in PARAGRAPHS[:2])
    body = heading.replace("</section>", f"{told}</section>") if "</section>" in heading else heading + told
    assert sections(body) == [("Causes", anchor, "\n\n".join(PARAGRAPHS[:2]))]


def test_a_heading_that_is_nothing_but_a_sign_is_kept() -> None:
    assert sections(f'<h2><a href="#plus">+</a></h2><p>{PARAGRAPHS[0]}</p>')[0][:2] == ("+", "plus")


def test_tabs_by_role_stand_under_their_labels() -> None:
    bar = '<ul role="tablist"><li role="tab">Oak</li><li role="tab">Iron</li></ul>'
    parts = f'<div role="tabpanel"><p>{PARAGRAPHS[0]}</p></div><div role="tabpanel" hidden><p>{PARAGRAPHS[1]}</p></div>'
    assert sections(f'<h2 id="gates">Gates</h2><div class="tabs">{bar}<div>{parts}</div></div>') == [
        ("Gates", "gates", f"Oak\n\n{PARAGRAPHS[0]}\n\nIron\n\n{PARAGRAPHS[1]}"),
    ]


@pytest.mark.parametrize(
    "after",
    ['<div id="footer"><p>Last edited by Ann, 2025-05-01.</p></div>',
     '<div class="citationarea"><h3>Cite this article</h3><p>Pick a style below.</p><ul><li>MLA</li></ul></div>'],
)  # fmt: skip
def test_what_a_site_says_below_its_articles_is_none_of_it(after: str) -> None:
    assert sections(f'<h2 id="gates">Gates</h2><p>{PARAGRAPHS[0]}</p>{after}') == [("Gates", "gates", PARAGRAPHS[0])]


@pytest.mark.parametrize(
    "foot",
    [
        "<hr><address>Copyright &copy; 1997 Ann Reed.<br>Last updated: 3 May 1997.</address>",
        "<hr><p><small>This page was last modified on 3 May 1998.</small></p><p>You are visitor number 1042.</p>",
        "<hr><div><p>Alle Rechte vorbehalten</p></div>",
        "<p align=center><font size=1>(c) 1997 <a href=up.html>Up</a></font></p>",
    ],
)
def test_the_last_lines_that_say_whose_page_it_is_are_no_part_of_it(foot: str) -> None:
    article = clean(page_of(handmade("", foot), "https://shore.example/tide"))
    assert article.sections[1].text == "\n\n".join(PARAGRAPHS[2:])
    assert [removal.count for removal in article.removals if removal.rule == "unknown.colophon"] in ([1], [2])


@pytest.mark.parametrize("first", ["The law of copyright 1842 was the first.", "It was last changed in the flood."])
def test_words_on_rights_within_an_article_are_its_own(first: str) -> None:
    article = clean(page_of(handmade(f"<p>{first}</p>", ""), "https://shore.example/tide"))
    assert article.sections[1].text.startswith(first)


def handmade(first: str, last: str) -> str:
    """A page as people wrote them by hand, with words before and after those of its section."""
    lead, told = ("".join(f"<p>{text}</p>" for text in part) for part in (PARAGRAPHS[:2], PARAGRAPHS[2:]))
    return f"<html><body><h1>Tide</h1>{lead}<h2>Causes</h2>{first}{told}{last}</body></html>"


def test_a_direction_left_to_the_browser_is_that_of_the_language() -> None:
    told = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    assert clean(page_of(page(f'<main dir="auto"><h1>Tide</h1>{told}</main>'), "https://shore.example/")).dir == "ltr"
