"""The frame: what lies outside the article goes by a rule that says what it was."""

from collections import Counter
from pathlib import Path

import pytest

from sectionary.cleaners.article import Article, clean
from sectionary.cleaners.rules import AFTER, BEFORE
from sectionary.scraper.page import Page

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SAVED = sorted((EXAMPLES / "encyclopedia" / "pages").glob("*.html"))
BESIDE = [path for path in SAVED if not path.stem.startswith("category-")]    # a category's notice stands in its text
OWN = str(EXAMPLES / "strandline.yaml")

LANDMARKS = {
    "page.header": ["<header>{}</header>", '<div role="banner">{}</div>'],
    "page.navigation": ["<nav>{}</nav>", '<ul role="menubar"><li>{}</li></ul>'],
    "page.search": ["<search>{}</search>", '<div role="search">{}</div>'],
    "page.sidebar": ["<aside><p>{}</p></aside>", '<div role="complementary">{}</div>'],
    "page.footer": ['<div role="contentinfo">{}</div>'],
    "page.dialog": ["<dialog>{}</dialog>", '<div aria-live="polite">{}</div>'],
    "page.form": ["<label>{}</label>", '<span role="button">{}</span>'],
}
FORMS = [(rule, form) for rule, forms in LANDMARKS.items() for form in forms]


def framed(before: str = "", after: str = "", content: str = "<p>It ebbs.</p>") -> Article:
    """A page in a skin that no rule knows."""
    html = (
        '<html><head><title>Tide</title><meta name="generator" content="MediaWiki 1.44.2"></head>'
        f'<body class="mediawiki skin-ebb"><div>{before}</div><h1 id="firstHeading">Tide</h1>'
        f'<div id="mw-content-text"><div class="mw-parser-output">{content}</div></div><div>{after}</div></body></html>'
    )
    return clean(Page(url="https://wiki.example/wiki/Tide", body=html.encode()))


def characters(page: Article) -> Counter[str]:
    found: Counter[str] = Counter()
    for removal in page.removals:
        found[removal.rule] += removal.chars
    return +found


@pytest.mark.parametrize(("rule", "form"), FORMS)
@pytest.mark.parametrize("side", ["before", "after"])
def test_a_landmark_beside_the_article_goes_by_its_own_rule(rule: str, form: str, side: str) -> None:
    page = framed(**{side: form.format("Ebb times")})
    assert (page.sections[0].text, characters(page)) == ("It ebbs.", {rule: 8})


@pytest.mark.parametrize(
    "form",
    ["<header><p>{}</p></header>", "<aside><p>{}</p></aside>", "<p><span aria-live='off'>{}</span></p>"],
)
def test_a_landmark_in_the_article_is_content(form: str) -> None:
    page = framed(content=form.format("Ebb times"))
    assert (page.sections[0].text, characters(page)) == ("Ebb times", {})


def test_what_no_landmark_tells_apart_is_told_by_its_place() -> None:
    assert characters(framed(before="<p>Ebb</p>", after="Flow")) == {BEFORE: 3, AFTER: 4}


def test_a_landmark_is_not_asked_for_within_what_a_rule_has_named() -> None:
    page = framed(before='<div id="siteNotice"><header>Give</header> a shell</div>')
    assert characters(page) == {"page.notice": 10}


WORDS = {
    "page.namespace-header": '<div class="mw-subjectpageheader">{}</div>',
    "page.page-notice": '<div class="ext-pagenotice-bottom-notice-ns">{}</div>',
    "page.feedback": '<div id="mw-articlefeedback">{}</div>',
    "page.discussion-tools": '<div class="ext-discussiontools-init-section-bar">{}</div>',
    "page.comments": '<div id="cs-comments">{}</div>',
    "page.factbox": '<div class="smwfact"><h2>{}</h2></div>',
    "page.advertisement": '<ins class="adsbygoogle">{}</ins>',
    "page.after-content": '<div id="mw-data-after-content">{}</div>',
    "content.sidebar": '<table class="sidebar nomobile"><tr><td>{}</td></tr></table>',
    "content.not-searchable": '<div class="navigation-not-searchable">{}</div>',
}


@pytest.mark.parametrize("rule", WORDS)
@pytest.mark.parametrize("place", ["before", "after", "content"])
def test_what_a_wiki_says_around_its_articles_goes_by_name_wherever_it_stands(rule: str, place: str) -> None:
    said = WORDS[rule].format("Ebb times")
    page = framed(**{place: f"<p>It ebbs.</p>{said}" if place == "content" else said})
    assert (page.sections[0].text, characters(page)) == ("It ebbs.", {rule: 8})


def test_a_box_that_a_template_calls_boilerplate_is_text_on_a_wiki_where_metadata_is_none() -> None:
    html = (
        '<html><head><title>Tide</title><meta name="generator" content="MediaWiki 1.44.2"></head>'
        '<body class="mediawiki"><div class="mw-parser-output"><p>It ebbs.</p>'
        '<div class="metadata boilerplate">Ebb times</div>'
        '<div class="metadata">Flow times</div></div></body></html>'
    )
    page = clean(Page(url="https://en.wikipedia.org/wiki/Tide", body=html.encode()))
    assert (page.sections[0].text, characters(page)) == ("It ebbs.\n\nEbb times", {"content.metadata": 9})


@pytest.mark.parametrize("saved", SAVED, ids=lambda path: path.stem)
def test_nothing_of_the_example_is_told_by_its_place_alone(saved: Path) -> None:
    page = clean(Page(url="", body=saved.read_bytes()))
    assert [rule for rule in (BEFORE, AFTER) if characters(page)[rule]] == []


@pytest.mark.parametrize("saved", BESIDE, ids=lambda path: path.stem)
def test_a_site_file_of_ones_own_says_what_its_wiki_put_around_the_article(saved: Path) -> None:
    body = saved.read_bytes()
    general, own = (clean(Page(url="", body=body, rules=rules)) for rules in (None, OWN))
    told, finer = characters(general), characters(own)
    mine = {rule for rule in finer if rule.startswith("strandline.")}
    assert own.sections == general.sections
    assert mine >= {"strandline.advertisement", "strandline.translate-menu", "strandline.disclaimer"}
    assert told["page.page-notice"]
    assert finer["page.page-notice"] == 0
    assert sum(told.values()) == sum(finer.values())
