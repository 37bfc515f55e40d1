"""Lists become items with depth and marker, and lose nothing on the way."""

from collections.abc import Callable

from sectionary.cleaners.article import Article

Framed = Callable[..., Article]


def items(page: Article) -> list[tuple[int, str, bool, str]]:
    (block,) = page.sections[0].blocks
    assert block.list is not None
    return [(item.depth, item.marker, item.term, item.text) for item in block.list.items]


def test_links_in_nested_lists_stand_at_their_offsets(article: Framed) -> None:
    page = article(
        '<ul><li>a <a href="/wiki/A1">A1</a><ul><li>b <a href="/wiki/B1">B1</a>'
        '<ul><li>c <a href="/wiki/C1">C1</a></li></ul></li></ul></li><li><a href="/wiki/D1">D1</a></li></ul>'
    )
    section = page.sections[0]
    assert [section.text[link.offset :][:2] for link in section.links] == ["A1", "B1", "C1", "D1"]


def test_an_ordered_list_counts_from_start_and_obeys_value(article: Framed) -> None:
    page = article('<ol start="4"><li>d</li><li value="9">i</li><li>j</li></ol>')
    assert items(page) == [(0, "4.", False, "d"), (0, "9.", False, "i"), (0, "10.", False, "j")]


def test_terms_and_definitions_stay_pairs(article: Framed) -> None:
    page = article("<dl><dt>ebb</dt><dd>out</dd><dt>flood</dt><dd>in<ul><li>fast</li></ul></dd></dl>")
    assert page.sections[0].blocks[0].type == "definition_list"
    assert items(page) == [
        (0, "", True, "ebb"), (0, "", False, "out"), (0, "", True, "flood"), (0, "", False, "in"),
        (1, "-", False, "fast"),
    ]  # fmt: skip


def test_what_stands_behind_a_nested_list_goes_on_with_its_item(article: Framed) -> None:
    page = article("<ul><li>before<ul><li>inner</li></ul>after</li></ul>")
    assert items(page) == [(0, "-", False, "before"), (1, "-", False, "inner"), (0, "", False, "after")]


def test_a_list_right_inside_a_list_is_one_deeper(article: Framed) -> None:
    page = article("<ul><li>a</li><ul><li>b</li></ul></ul>")
    assert [(depth, text) for depth, _, _, text in items(page) if text] == [(0, "a"), (1, "b")]


def test_text_right_inside_a_list_is_kept(article: Framed) -> None:
    assert "stray" in article("<ul>stray<li>a</li></ul>").sections[0].text


def test_a_formula_alone_in_an_indented_line_is_displayed(article: Framed) -> None:
    page = article(
        '<dl><dd><span class="mwe-math-element"><span class="mwe-math-mathml-inline" style="display: none;">'
        '<math><semantics><mrow><mi>E</mi></mrow><annotation encoding="application/x-tex">'
        '{\\displaystyle E=mc^{2}}</annotation></semantics></math></span>'
        '<img class="mwe-math-fallback-image-inline" alt="{\\displaystyle E=mc^{2}}" aria-hidden="true"></span>'
        "</dd></dl>"
    )
    (block,) = page.sections[0].blocks
    assert (block.type, block.text) == ("math", r"\[E=mc^{2}\]")


def test_a_list_of_nothing_is_no_block(article: Framed) -> None:
    assert article("<p>x</p><ul><li></li><li> </li></ul>").sections[0].text == "x"
