"""Rules: what they say of an element, and that the walk's short way never passes one over."""

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from sectionary.cleaners.rules import Rules, rules


@pytest.fixture
def mediawiki() -> Rules:
    return rules("mediawiki")


def element(html: str) -> LexborNode:
    found = LexborHTMLParser(f"<body>{html}").css_first("body > *")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>x</p>", None),
        ("<p class=lead id=x title=y>x</p>", None),
        ("<noscript>x</noscript>", ("remove", "twin.noscript")),
        ("<div class='x navbox y'>x</div>", ("remove", "content.navbox")),
        ("<sup class=reference id=cite_ref-1>x</sup>", ("field", "citation")),
        ("<span class=reference>x</span>", None),
        ("<div id=toc>x</div>", ("remove", "page.toc")),
        ("<div role=note>x</div>", ("field", "hatnote")),
        ("<div role=main>x</div>", None),
        ("<p style='display:none'>x</p>", ("remove", "content.hidden")),
        ("<p style='color:red'>x</p>", None),
        ("<p hidden=until-found>x</p>", None),
        ("<div class='nowraplinks collapsible autocollapse'>x</div>", ("remove", "content.navbox")),
        ("<div class='nowraplinks collapsible'>x</div>", None),
    ],
)
def test_an_element_is_dealt_with_as_the_site_file_says(
    mediawiki: Rules, html: str, expected: tuple[str, str] | None
) -> None:
    node = element(html)
    for _ in range(2):                   # at first sight, and from memory
        action = mediawiki.action(node.tag or "", node.attributes, node)
        assert (action and (action.kind, action.name)) == expected


def test_an_element_the_walk_passes_over_has_no_rule(mediawiki: Rules) -> None:
    node = element("<p class='navbox'>x</p>")
    mediawiki.action("p", node.attributes, node)
    assert ("p", "navbox") not in mediawiki.untouched
    assert {"style", "hidden", "role"} <= mediawiki.telling
    assert {"toc", "catlinks"} <= mediawiki.named.keys()
