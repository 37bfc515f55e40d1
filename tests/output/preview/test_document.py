"""The one file: that it holds all it must show, and lets nothing be loaded."""

import re
from base64 import b64encode
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import msgspec
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from sectionary.cleaners.article import clean, page_of
from sectionary.output.preview.document import document, is_preview
from sectionary.output.preview.view import PageView, page_view

EXAMPLES = Path(__file__).parents[3] / "examples" / "encyclopedia" / "pages"
LEAKING = re.compile(r"\b(?:src|srcset|href|action|poster|data|background|style|on\w+)\s*=", re.IGNORECASE)
LOADING = re.compile(r"@import|url\s*\(|https?:|fetch|import\s*\(|XMLHttp|WebSocket|Beacon", re.IGNORECASE)


def view(name: str) -> PageView:
    page = page_of((EXAMPLES / name).read_bytes(), f"https://strandline.example/wiki/{name}")
    return page_view(name, page, clean(page, trace=True))


@pytest.fixture(scope="module")
def limpet() -> PageView:
    return view("limpet.html")


@pytest.fixture(scope="module")
def file(limpet: PageView) -> str:
    return "".join(document([limpet, view("ar-birka.html")]))


@pytest.fixture(scope="module")
def tree(file: str) -> LexborHTMLParser:
    return LexborHTMLParser(file)


def text(tree: LexborHTMLParser, selector: str) -> str:
    found = tree.css_first(selector)
    assert found is not None, selector
    return found.text()


def node(tree: LexborHTMLParser, selector: str) -> LexborNode:
    found = tree.css_first(selector)
    assert found is not None, selector
    return found


def test_the_policy_allows_this_style_and_this_script_and_nothing_else(tree: LexborHTMLParser) -> None:
    policy = node(tree, "meta[http-equiv=Content-Security-Policy]").attributes["content"] or ""
    for kind in ("style", "script"):
        held = text(tree, f"head > {kind}, body > {kind}")
        assert f"{kind}-src 'sha256-{b64encode(sha256(held.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_no_element_of_the_file_names_anything_to_load(tree: LexborHTMLParser) -> None:
    for each in tree.css("*"):
        opening = (each.html or "").partition(">")[0]
        assert not LEAKING.search(re.sub(r'"[^"]*"', '""', opening)), opening
    for asset in ("head > style", "body > script"):
        assert not LOADING.search(text(tree, asset)), asset


def test_every_rule_that_removed_something_is_listed_with_count_and_characters(
    limpet: PageView, tree: LexborHTMLParser
) -> None:
    listed = {" ".join(rule.text().split()) for rule in tree.css("#page-0 [data-r], #page-0 .rule")}
    removals = sorted(limpet.row.removals, key=attrgetter("rule"))
    for name, same in groupby(removals, key=attrgetter("rule")):
        count, chars = map(sum, zip(*((each.count, each.chars) for each in same), strict=True))
        times = f" \u00d7{count}" if count > 1 else ""
        assert f"{name}{times} {chars:,}" in listed


def test_every_rule_marks_what_it_removed(limpet: PageView, tree: LexborHTMLParser) -> None:
    data = msgspec.json.decode(text(tree, "#page-0 > script"))
    marked = {int(each.attributes["data-p"] or "") for each in tree.css("#page-0 del")}
    rules = {data["names"][2][data["parts"][number][1]] for number in marked}
    assert rules == {removal.rule for removal in limpet.row.removals if removal.chars}


def test_a_removal_names_its_selector_and_the_site_file_that_says_it(tree: LexborHTMLParser) -> None:
    data = msgspec.json.decode(text(tree, "#page-0 > script"))
    assert [".mw-editsection", "mediawiki.yaml"] in data["selectors"]


def test_a_removal_names_the_readers_own_site_file(tmp_path: Path) -> None:
    own = tmp_path / "shore.yaml"
    own.write_text("extends: mediawiki\ncleaners: {remove: {shore.tides: [.tides]}}\n", encoding="utf-8")
    page = page_of('<body class="mediawiki"><p>Ebb.</p><p class="tides">High 6:12</p>', site_file=str(own))
    shown = msgspec.json.decode(page_view("ebb.html", page, clean(page, trace=True)).data)
    assert [".tides", "shore.yaml"] in shown["selectors"]


def test_no_text_of_a_page_or_of_a_site_file_becomes_markup(tmp_path: Path) -> None:
    own = tmp_path / "shore.yaml"
    own.write_text("extends: mediawiki\ncleaners: {remove: {'x.</script><b>': [.tides]}}\n", encoding="utf-8")
    words = "&lt;/script>&lt;b>bold&lt;/b>"
    body = f"""<body class="mediawiki" lang="en"><h1 id="firstHeading">{words}</h1><div id="mw-content-text">
        <div class="hatnote">{words}</div><table class="infobox"><tr><th>{words}<td>{words}</table><p>{words}
        <p class="tides">{words}<h2 id="{words}">{words}</h2><table class="wikitable"><caption>{words}
        <tr><th>A<th>B<tr><td>{words}<td>1<tr><td>2<td>3</table>
        <ul><li>{words}</ul><div id="catlinks"><a href="/c">{words}</a></div></div>"""
    page = page_of(body, site_file=str(own))
    shown = "".join(document([page_view(words, page, clean(page, trace=True))]))
    assert "</script><b>" not in shown
    assert "<b>bold" not in shown
    assert shown.count("</script>") == 2


@pytest.mark.parametrize(("name", "number"), [("limpet.html", 0), ("ar-birka.html", 1)])
def test_the_left_side_has_the_text_of_the_page_as_it_was(name: str, number: int, tree: LexborHTMLParser) -> None:
    trace = clean(page_of((EXAMPLES / name).read_bytes()), trace=True).trace
    assert trace is not None
    assert text(tree, f"#page-{number} .original") == trace.text


def test_the_right_side_has_every_record_as_it_will_be_written(limpet: PageView, tree: LexborHTMLParser) -> None:
    shown = tree.css("#page-0 .record")
    assert len(shown) == len(limpet.sections)
    for section, record in zip(limpet.sections, shown, strict=True):
        for words in (section.row.breadcrumb, section.row.role, f"level {section.row.level}", section.row.anchor or ""):
            assert words in record.text()
        for block, own in zip(section.row.blocks, record.css(".block"), strict=True):
            assert own.text() == block.text or block.table


def test_a_text_shows_its_furniture_as_a_page_does() -> None:
    page = page_of("Ebb\nIt falls.\nCauses[edit | edit source]\nThe Moon < the Sun.", "https://shore.example/wiki/Ebb")
    tree = LexborHTMLParser("".join(document([page_view("ebb.txt", page, clean(page, trace=True))])))
    assert [each.text() for each in tree.css("del")] == ["[edit | edit source]"]
    assert [each.text() for each in tree.css("mark")] == ["Ebb", "Causes"]
    assert text(tree, ".original") == page.body.decode()


def test_a_preview_is_known_again_and_nothing_else_is(file: str, tmp_path: Path) -> None:
    (tmp_path / "preview.html").write_text(file, encoding="utf-8")
    assert is_preview(tmp_path / "preview.html")
    assert not is_preview(EXAMPLES / "limpet.html")
