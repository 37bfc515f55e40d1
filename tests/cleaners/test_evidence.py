"""What a page shows of its elements, whatever their classes are called."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from sectionary.cleaners.evidence import ATTRIBUTE
from sectionary.cleaners.unknown import content_root

PROSE = (
    "<p>A lock lifts boats between two levels of a canal; the gates are shut, and water does the work.</p>"
    "<p>Each passage spends a chamber full of water from the upper pound, which rain or pumps must bring back.</p>"
)


def marks(html: str, selector: str) -> set[str]:
    """What the first element that `selector` finds is marked with."""
    tree = LexborHTMLParser(html)
    content_root(tree, html)
    node = tree.css_first(selector)
    assert node is not None
    return set((node.attributes.get(ATTRIBUTE) or "").split())


def page(inner: str, before: str = "", after: str = "") -> str:
    return (
        f"<!doctype html><html><head><title>Lock - Canals</title></head><body>{before}"
        f"<main><h1>Lock</h1>{PROSE}{inner}</main>{after}</body></html>"
    )


def test_links_to_places_of_the_page_with_their_heading_are_its_contents() -> None:
    links = '<ul><li>1 <a href="#gates">Gates and sluices</a></li><li>2 <a href="#pounds">Side pounds</a></li></ul>'
    assert "contents" in marks(page(f'<div id="x"><h4>On this page</h4>{links}</div>'), "#x")
    assert "contents" not in marks(page(f'<div id="x">{PROSE}{links}</div>'), "#x")


def test_links_to_other_pages_are_no_contents() -> None:
    links = '<ul id="x"><li><a href="/gates">Gates and sluices</a></li><li><a href="/p">Side pounds</a></li></ul>'
    assert "contents" not in marks(page(links), "#x")


def test_an_element_is_links_when_most_of_it_is() -> None:
    links = " ".join(f'<a href="/{n}">Canal number {n}</a>' for n in range(4))
    assert "links" in marks(page(f'<div id="x">Also: {links}</div>'), "#x")
    assert "links" not in marks(page(f'<div id="x">{PROSE}{links}</div>'), "#x")


def test_what_stands_beside_the_article_knows_its_side() -> None:
    html = page("", before='<div id="b">Canals</div>', after='<div id="a">Imprint</div>')
    assert "before" in marks(html, "#b")
    assert "after" in marks(html, "#a")
    assert marks(html, "main").isdisjoint({"before", "after"})


@pytest.mark.parametrize("name", ["navigation", "related-works", "Social_structure", "advertising"])
def test_a_section_named_after_its_heading_is_never_held_to_be_furniture(name: str) -> None:
    heading = name.replace("-", " ").replace("_", " ").title()
    section = f'<section id="{name}"><h2>{heading}</h2><ul><li><a href="/1">One</a></li></ul></section>'
    assert "unkept" not in marks(page(section), f"#{name}")


def test_what_trafilatura_left_out_is_unkept() -> None:
    box = '<div id="x" class="social-share">Tell all of your friends about this lock, and about the next one too</div>'
    assert "unkept" in marks(page(box), "#x")
    assert "unkept" not in marks(page(box), "main")


def test_the_title_is_the_articles_own_heading_not_the_sites() -> None:
    html = page("", before="<div><h1>Canals</h1></div>")
    assert "title" in marks(html, "main h1")
    assert "title" not in marks(html, "div h1")
    assert "title" in marks(html.replace("<main><h1>Lock</h1>", "<h1 id=t>Lock</h1><main>"), "#t")


def test_a_pages_own_word_for_it_counts_nothing() -> None:
    assert "title" not in marks(page(f'<p id="x" {ATTRIBUTE}="title contents">{PROSE}</p>'), "#x")
