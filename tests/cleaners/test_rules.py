"""Rules: selectors of site files, filed, ranked and matched."""

from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from sectionary.cleaners.article import Article
from sectionary.cleaners.rules import rules, rules_version
from sectionary.cleaners.selector import Selector
from sectionary.cleaners.steps import check_rules
from sectionary.scraper.errors import ConfigError
from sectionary.scraper.site import detect, load_site, merge, sites

Framed = Callable[..., Article]
HTML = (
    '<body class="mediawiki ns-0"><div id="a" class="x y" role="note" data-k="left right" style="display:none">'
    '<p class="x">p<b>b</b></p></div><table class="infobox vcard"><tr><td>t</td></tr></table></body>'
)
SELECTORS = [
    "#a", ".x", ".x.y", "div.x", "p.x", "div", "b", "[role=note]", "[role='note']", "[role]", "[data-k~=left]",
    "[data-k~=lef]", "[style*='display:none']", "[style^=disp]", "[style$=none]", "#a.y", "#a.z", "table.infobox",
    "div > p.x", "p > b", "#a>p", "[role=note] > .x", "body > p", "table > td", "[data-k='left right'] > p.x",
    "td b", ".x:not(p)", "div:has(b)", "table:has(b)", "[role=note]:not([hidden])",
    "[data-k~='left'] > p", ".x:not(div, table)", ".x:not(.y)", ".x:not([role=note], .z)", "div:has(> p)",
    "div:has(> b)", "div:has(> b, > p)", "table:has(> tr, td)", "p:not(:has(*))", "b:not(:has(*))", "body .x b",
    "div b", "p p", "td td", "#a:has(b):not(.z)", "p:has(> b:not(.x))", "b:not(p b)", "p + b", "table:first-child",
    ".mediawiki > .x:has(b) b",
]  # fmt: skip


@pytest.mark.parametrize("text", SELECTORS)
def test_a_selector_matches_what_lexbor_says_it_matches(text: str) -> None:
    tree = LexborHTMLParser(HTML)
    every = tree.css("body *")
    expected = {node.mem_id for node in tree.css(text)}
    selector = Selector(text)
    asked = [node for node in every if is_filed_under(selector.key, node)]
    found = {node.mem_id for node in asked if answers(selector, node)}
    assert found == expected


def answers(selector: Selector, node: LexborNode) -> bool:
    """Whether the selector takes the element for its own."""
    classes = frozenset((node.attributes.get("class") or "").split())
    return selector.fits(node.tag or "", classes) and selector.matches(node.attributes, node)


def is_filed_under(key: tuple[str, str], node: LexborNode) -> bool:
    """Whether the element is one that the walk would ask."""
    kind, name = key
    if kind == "class":
        return name in (node.attributes.get("class") or "").split()
    return {"id": node.id == name, "attribute": name in node.attributes, "tag": node.tag == name}[kind]


@pytest.mark.parametrize(
    ("weak", "strong"), [("p", ".x"), (".x", "p.x"), (".x", ".x.y"), (".x.y.z", "#a"), ("b", "p b")]
)
def test_specificity_orders_selectors_as_css_does(weak: str, strong: str) -> None:
    assert Selector(weak).specificity < Selector(strong).specificity


@pytest.mark.parametrize("text", ["*", ":hover", ""])
def test_a_selector_that_cannot_be_filed_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="names no id, class, attribute or tag"):
        Selector(text)


@pytest.mark.parametrize("site", [site.name for site in sites()])
def test_every_site_file_names_only_what_a_step_makes(site: str) -> None:
    check_rules(rules(site))


@pytest.mark.parametrize("site", ["mediawiki", "wikipedia", "wiktionary", "wikivoyage", "fandom", "miraheze"])
def test_no_rule_is_asked_of_every_element_that_has_an_id_or_a_link(site: str) -> None:
    assert rules(site).telling.isdisjoint({"id", "class", "href", "title"})


def test_the_more_specific_rule_wins_and_data_before_removal(article: Framed) -> None:
    page = article('<p>x</p><table class="navbox infobox"><tr><th>T</th></tr><tr><th>a</th><td>b</td></tr></table>')
    assert [box.title for box in page.fields.infoboxes] == ["T"]


def test_a_site_file_takes_over_what_it_extends_but_not_whose_pages_it_cleans() -> None:
    wikimd, mediawiki = load_site("wikimd"), load_site("mediawiki")
    assert wikimd.cleaners["remove"].items() >= mediawiki.cleaners["remove"].items()
    assert wikimd.detect.generator is None


def test_lists_are_added_up_and_an_empty_one_takes_the_rule_away() -> None:
    inherited = {"remove": {"a": [".x"], "b": [".y"]}}
    assert merge(inherited, {"remove": {"a": [".z"], "b": []}}) == {"remove": {"a": [".z", ".x"], "b": []}}


@pytest.mark.parametrize(
    ("host", "generator", "classes", "source", "expected"),
    [
        ("www.wikimd.org", "", "", "", "wikimd"),
        ("any.example", "MediaWiki 1.39", "", "", "mediawiki"),
        ("any.example", "", "mediawiki", "", "mediawiki"),
        ("any.example", "", "", '<h2><span class="mw-headline">', "mediawiki"),
        ("de.wikipedia.org", "MediaWiki 1.45", "mediawiki skin-vector", "", "wikipedia"),
        ("copy.example", "MediaWiki 1.33.3", "mediawiki skin-oasis", "", "fandom"),
        ("any.example", "WordPress 6", "", "<p>", None),
    ],
)
def test_a_page_is_known_by_host_then_by_what_made_it_then_by_its_markup(
    host: str, generator: str, classes: str, source: str, expected: str | None
) -> None:
    found = detect(host, generator, frozenset(classes.split()), source.encode())
    assert (found.name if found else None) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [("List of lichens", "list"), ("Liste der Flechten", "list"), ("日本の地衣類一覧", "list"), ("Listing", "article")],
)
def test_a_list_is_known_by_its_title_in_several_languages(article: Framed, title: str, expected: str) -> None:
    assert article("<p>x</p>", title=title).page_type == expected


def test_a_pattern_that_is_none_is_named() -> None:
    with pytest.raises(ConfigError, match="no regular expression: '\\(list'"):
        rules("mediawiki", '{"list_titles": ["(list"]}')


def test_the_operators_rules_change_the_version_that_records_carry() -> None:
    own = '{"remove": {"own.lists": ["ul"]}}'
    assert rules("mediawiki", own).version != rules("mediawiki").version
    assert rules_version(own) != rules_version()
