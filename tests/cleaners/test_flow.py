"""Quotations and listings."""

from collections.abc import Callable

import pytest

from sectionary.cleaners.article import Article

Framed = Callable[..., Article]

QUOTES = {
    "blockquote": "<blockquote><p>Wait for it.</p><p><cite>Ann Reed</cite></p></blockquote>",
    "template": (
        '<blockquote class="templatequote"><p>Wait for it.</p><div class="templatequotecite">'
        "<cite>Ann Reed</cite></div></blockquote>"
    ),
    "quote box": (
        '<div class="quotebox pullquote floatright"><blockquote class="quotebox-quote">Wait for it.</blockquote>'
        '<div style="padding-bottom:0"><cite class="left-aligned">Ann Reed</cite></div></div>'
    ),
    "table": (
        '<table class="rquote floatright"><tr><td>Wait for it.</td></tr><tr><td class="rquotecite">Ann Reed</td></tr>'
        "</table>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", QUOTES)
def test_a_quotation_tells_whom_it_cites(article: Framed, form: str) -> None:
    (block,) = article(QUOTES[form]).sections[0].blocks
    assert (block.type, block.text) == ("quote", "Wait for it.\nAnn Reed")
    assert block.quote
    assert (block.quote.text, block.quote.cite) == ("Wait for it.", "Ann Reed")


def test_a_work_that_is_cited_within_a_quotation_stays_in_it(article: Framed) -> None:
    (block,) = article("<blockquote>As <cite>Tides</cite> has it, wait.</blockquote>").sections[0].blocks
    assert block.quote
    assert block.quote.text == "As Tides has it, wait."


LISTINGS = {
    "today": '<div class="mw-highlight mw-highlight-lang-c mw-content-ltr" dir="ltr"><pre>{}</pre></div>',
    "with lines": '<div class="mw-highlight mw-highlight-lang-c mw-highlight-lines"><pre>{}</pre></div>',
    "geshi": '<div dir="ltr" class="mw-geshi"><div class="c source-c"><pre class="de1">{}</pre></div></div>',
}


@pytest.mark.parametrize("form", LISTINGS)
def test_a_listing_tells_its_language_and_has_no_line_numbers(article: Framed, form: str) -> None:
    source = '<span class="lineno">1 </span>int tide;\n<span class="lineno">2 </span>  ebb();\n'
    page = article(LISTINGS[form].format(source))
    (block,) = page.sections[0].blocks
    assert (block.type, block.text) == ("code", "int tide;\n  ebb();")
    assert block.code
    assert block.code.language == "c"
    assert [removal.count for removal in page.removals if removal.rule == "content.line-number"] == [2]


def test_a_block_in_another_language_says_so_and_others_do_not(article: Framed) -> None:
    page = article(
        'Before <p lang="he" dir="rtl">\u05d2\u05d0\u05d5\u05ea</p><div lang="en" dir="ltr"><p>Tide.</p>'
        '<blockquote lang="fr"><p>La mar\u00e9e.</p></blockquote></div><ul lang="la"><li>Mare</li></ul>'
        '<div class="mw-highlight mw-highlight-lang-c" dir="ltr"><pre>ebb();</pre></div>'
    )
    assert [(block.type, block.lang, block.dir) for block in page.sections[0].blocks] == [
        ("paragraph", None, None), ("paragraph", "he", "rtl"), ("paragraph", None, None), ("quote", "fr", None),
        ("list", "la", None), ("code", None, None),
    ]  # fmt: skip


def test_the_nearest_element_tells_the_language(article: Framed) -> None:
    page = article('<div lang="fr"><p>Une mar\u00e9e.</p><p lang="br">Ar mor.</p></div>')
    assert [block.lang for block in page.sections[0].blocks] == ["fr", "br"]


STANDING = (
    "address article aside center dd details dialog div dt fieldset header hgroup legend li main nav p section summary"
)


@pytest.mark.parametrize("tag", STANDING.split())
def test_an_element_that_stands_on_lines_of_its_own_is_a_paragraph_of_its_own(article: Framed, tag: str) -> None:
    page = article(f"before<{tag}>within</{tag}>behind")
    assert page.sections[0].text == "before\n\nwithin\n\nbehind"


@pytest.mark.parametrize("tag", ["code", "span"])
def test_code_within_a_line_stays_in_it_whichever_way_it_is_read(article: Framed, tag: str) -> None:
    code = f'<{tag} class="mw-highlight mw-highlight-lang-rust" dir="ltr"><span class="k">let</span></{tag}>'
    (block,) = article(f"<p>With {code} a value\ngets a name.</p>").sections[0].blocks
    assert (block.type, block.text) == ("paragraph", "With let a value gets a name.")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('before<figure typeof="mw:File/Frameless"><a><img src="/mill.png"></a></figure>behind', "before\n\nbehind"),
        ('<figure><img src="/mill.png">Plate<figcaption>The mill</figcaption></figure>', "Plate\nThe mill"),
        ("<blockquote>Wait for it.<footer>Ann Reed</footer></blockquote>", "Wait for it.\nAnn Reed"),
        ('<span>a<div class="metadata boilerplate">b</div>c</span>', "a\n\nb\n\nc"),
    ],
    ids=["an unframed picture", "a caption", "a quotation's foot", "a box that is content"],
)
def test_what_stands_on_lines_of_its_own_within_another_part_is_not_run_together_with_it(
    article: Framed, content: str, expected: str
) -> None:
    assert article(content).sections[0].text == expected


@pytest.mark.parametrize("tag", ["ul", "menu", "dir"])
def test_a_list_by_any_of_its_names_is_a_list(article: Framed, tag: str) -> None:
    (block,) = article(f"<{tag}><li>ebb</li><li>flow</li></{tag}>").sections[0].blocks
    assert (block.type, block.text) == ("list", "- ebb\n- flow")
