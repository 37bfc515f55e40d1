r"""Hard case 8: every formula once, as TeX with balanced braces: \(…\) in a line, \[…\] on a line of its own."""

from collections.abc import Callable

import pytest

from sectionary.cleaners.article import Article

Framed = Callable[..., Article]


def mathml(tex: str, display: str = "inline") -> str:
    """What Extension:Math 1.35 and later prints: hidden MathML with the TeX in it, and a picture."""
    return (
        f'<span class="mwe-math-element"><span class="mwe-math-mathml-{display} mwe-math-mathml-a11y" '
        f'style="display: none;"><math xmlns="http://www.w3.org/1998/Math/MathML" alttext="{{\\displaystyle {tex}}}">'
        '<semantics><mrow class="MJX-TeXAtom-ORD"><mi>d</mi><mo>=</mo><mn>4</mn></mrow><annotation encoding='
        f'"application/x-tex">{{\\displaystyle {tex}}}</annotation></semantics></math></span><img src="/svg/1" '
        f'class="mwe-math-fallback-image-{display}" aria-hidden="true" alt="{{\\displaystyle {tex}}}"></span>'
    )


TEX = '<annotation encoding="application/x-tex">{\\displaystyle d=4}</annotation>'
HIDDEN = (
    '<span class="mwe-math-mathml-inline" style="display: none;">'
    f"<math><semantics><mi>d</mi>{TEX}</semantics></math></span>"
)
FORMS = {
    "hidden MathML beside a picture (1.35)": mathml("d=4"),
    "native MathML (1.43)": (
        '<math class="mwe-math-element mwe-math-element-inline"><semantics><mrow><mi>d</mi><mo>=</mo><mn>4</mn></mrow>'
        f"{TEX}</semantics></math>"
    ),
    "Parsoid": (
        '<span class="mwe-math-element" typeof="mw:Extension/math" about="#mwt3" data-mw="{}">'
        f'{HIDDEN}<img class="mwe-math-fallback-image-inline" alt="{{\\displaystyle d=4}}"></span>'
    ),
    "picture behind MathML, with nothing around both (mobile)": (
        HIDDEN + '<img class="mwe-math-fallback-image-inline" alt="{\\displaystyle d=4}">'
    ),
    "picture alone (2011)": '<img class="tex" alt="d=4" src="/math/a.png">',
    "picture alone, in a style": '<img class="mwe-math-fallback-image-inline" alt="\\displaystyle d=4" src="/a.svg">',
    "source between dollars (2014)": '<span class="tex" dir="ltr">$ d=4 $</span>',
    "MathML that only annotates itself": f"<math><semantics><mi>d</mi>{TEX}</semantics></math>",
    "MathML with alternative text": '<math alttext="d=4"><mi>d</mi><mo>=</mo><mn>4</mn></math>',
    "MathML with nothing": "<math><mrow><mi>d</mi><mo>=</mo><mn>4</mn></mrow></math>",
    "MathML with words for the blind": '<math alttext="d equals four"><mi>d</mi><mo>=</mo><mn>4</mn></math>',
    "KaTeX": (
        '<span class="katex"><span class="katex-mathml"><math><semantics><mrow><mi>d</mi></mrow>'
        '<annotation encoding="application/x-tex">d=4</annotation></semantics></math></span>'
        '<span class="katex-html" aria-hidden="true"><span>d</span><span>=4</span></span></span>'
    ),
    "MathJax 2 before it ran": '<span class="MathJax_Preview">d = 4</span><script type="math/tex">d=4</script>',
    "MathJax 2 when it had run": (
        '<span class="MathJax_Preview"></span><span class="MathJax" id="MathJax-Element-1-Frame"><nobr><span>d</span>'
        '<span>=4</span></nobr><span class="MJX_Assistive_MathML"><math><mi>d</mi></math></span></span>'
        '<script type="math/tex" id="MathJax-Element-1">d=4</script>'
    ),
    "MathJax 4": (
        '<mjx-container class="MathJax" jax="CHTML"><mjx-math data-latex="d=4"><mjx-mi data-latex="d"><mjx-c>d</mjx-c>'
        "</mjx-mi><mjx-mo>=</mjx-mo><mjx-mn>4</mjx-mn></mjx-math></mjx-container>"
    ),
    "MathJax 3": (
        '<mjx-container class="MathJax" jax="CHTML"><mjx-math><mjx-mi></mjx-mi></mjx-math><mjx-assistive-mml>'
        "<math><mi>d</mi><mo>=</mo><mn>4</mn></math></mjx-assistive-mml></mjx-container>"
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_formula_in_a_line_is_told_once_whatever_the_page_shows_beside_it(article: Framed, form: str) -> None:
    page = article(f"<p>where {FORMS[form]} metres of water stand</p>")
    assert page.sections[0].text == r"where \(d=4\) metres of water stand"


DISPLAYED = {
    "alone in an indented line": f"<dl><dd>{mathml('d=4')}</dd></dl>",
    "in an indented line of an indented line": f"<dl><dd><dl><dd>{mathml('d=4')}</dd></dl></dd></dl>",
    "marked as displayed": f"<div>{mathml('d=4', 'display')}</div>",
    "marked as displayed (1.43)": (
        f'<div class="mwe-math-element mwe-math-element-block"><math display="block">{TEX}</math></div>'
    ),
    "alone in a paragraph": f"<p>{mathml('d=4')}\n</p>",
    "alone in the middle of the page": f"<center><big>{mathml('d=4')}</big></center>",
    "a picture in an indented line (2011)": '<dl><dd><img class="tex" alt="d=4" src="/math/a.png"></dd></dl>',
    "KaTeX": f'<span class="katex-display"><span class="katex"><math>{TEX}</math></span></span>',
    "MathJax": '<script type="math/tex; mode=display">d=4</script>',
}


@pytest.mark.parametrize("form", DISPLAYED)
def test_a_formula_on_a_line_of_its_own_is_a_block(article: Framed, form: str) -> None:
    blocks = article(f"<p>The depth is</p>{DISPLAYED[form]}<p>at ebb.</p>").sections[0].blocks
    assert [(b.type, b.text) for b in blocks] == [
        ("paragraph", "The depth is"), ("math", r"\[d=4\]"), ("paragraph", "at ebb."),
    ]  # fmt: skip
    assert (blocks[1].math.tex, blocks[1].math.display) == ("d=4", True) if blocks[1].math else False


def test_the_full_stop_and_the_mark_behind_a_displayed_formula_stay_with_it(article: Framed) -> None:
    mark = '<sup id="cite_ref-1" class="reference"><a href="#cite_note-1">[1]</a></sup>'
    section = article(f"<p>It is</p><dl><dd>{mathml('d=4')},{mark}</dd></dl><p>of water.</p>").sections[0]
    assert section.text == "It is\n\n\\[d=4\\],\n\nof water."
    assert [(c.ref_id, c.block, section.text[: c.offset]) for c in section.citations] == [
        ("cite_note-1", 1, "It is\n\n\\[d=4\\],"),
    ]


def test_an_indented_line_with_words_is_no_formula_and_its_neighbour_is_one(article: Framed) -> None:
    page = article(f"<dl><dd>{mathml('d=4')}</dd><dd>where {mathml('d')} is the depth</dd></dl>")
    assert [(b.type, b.text) for b in page.sections[0].blocks] == [
        ("math", r"\[d=4\]"), ("definition_list", r"where \(d\) is the depth"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "tex",
    [r"{a}+{b}", r"\left\{a\right.", r"a \\{b}", r"\text{if } \}", r"{\ce {H2O}}", r"{\begin{cases}a\\b\end{cases}}"],
)
def test_the_wikis_wrapper_goes_and_every_other_brace_stays(article: Framed, tex: str) -> None:
    assert article(f"<p>x {mathml(tex)} y</p>").sections[0].text == rf"x \({tex}\) y"


def test_formulas_in_cells_links_and_headings_stand_in_their_text(article: Framed) -> None:
    page = article(
        f'<table class="wikitable"><tr><th>depth</th></tr><tr><td>{mathml("d=4")}</td></tr></table>'
        f'<p>See <a href="/wiki/D">the depth {mathml("d")}</a>.</p>'
        f'<div class="mw-heading mw-heading2"><h2 id="Why">Why {mathml("d=4")}</h2></div>'
    )
    assert page.sections[0].text == "depth\n\\(d=4\\)\n\nSee the depth \\(d\\)."
    assert [link.text for link in page.sections[0].links] == [r"the depth \(d\)"]
    assert page.sections[1].heading == r"Why \(d=4\)"


DRAWN = {
    r"\frac{1}{2}x^{2}": "<mfrac><mn>1</mn><mn>2</mn></mfrac><msup><mi>x</mi><mn>2</mn></msup>",
    r"\sqrt[3]{a+b}": "<mroot><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>3</mn></mroot>",
    r"{a+b}_{0}^{n}": "<msubsup><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>0</mn><mi>n</mi></msubsup>",
    r"\sqrt{x}": "<msqrt><mi>x</mi></msqrt>",
    r"\operatorname{sin}x\text{ if }x": "<mi>sin</mi><mo>\u2061</mo><mi>x</mi><mtext> if </mtext><mi>x</mi>",
    r"\begin{matrix} a & b \\ c & d \end{matrix}": (
        "<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr>"
        "<mtr><mtd><mi>c</mi></mtd><mtd><mi>d</mi></mtd></mtr></mtable>"
    ),
}


@pytest.mark.parametrize("tex", DRAWN)
def test_a_formula_that_is_only_drawn_keeps_its_parts_apart(article: Framed, tex: str) -> None:
    assert article(f"<p>so <math>{DRAWN[tex]}</math> is</p>").sections[0].text == rf"so \({tex}\) is"


def test_dollars_and_delimiters_that_the_page_itself_writes_stay(article: Framed) -> None:
    assert article(r"<p>A \(d=4\) costs $5 or $6.</p>").sections[0].text == r"A \(d=4\) costs $5 or $6."
