"""Hard case 9: formulas of chemistry stand on one line, charges behind counts."""

from collections.abc import Callable

import pytest

from sectionary.cleaners.article import Article

Framed = Callable[..., Article]

BOX = 'style="display:inline-block;margin-bottom:-0.3em;vertical-align:-0.4em;line-height:1em;font-size:80%"'
FORMS = {
    "lowered": ("H<sub>2</sub>O", "H2O"),
    "raised and lowered in turn": ("SO<sub>4</sub><sup>2\u2212</sup>", "SO4^2\u2212"),
    "sup, br, sub": ("SO<sup>2\u2212</sup><br><sub>4</sub>", "SO4^2\u2212"),
    "a box with a break": (f'<span class="chemf nowrap">SO<span {BOX}>2\u2212<br>\n4</span></span>', "SO4^2\u2212"),
    "a box with nothing above": (
        f'<span class="chemf nowrap">C<span {BOX}><br>\n<i>n</i></span>H<span {BOX}><br>2<i>n</i>+2</span></span>',
        "CnH2n+2",
    ),
    "sup and sub in a box": (
        f'<span class="chemf nowrap">NH<span {BOX}><sup>+</sup><br><sub>4</sub></span></span>',
        "NH4^+",
    ),
}


@pytest.mark.parametrize(("markup", "expected"), FORMS.values(), ids=FORMS.keys())
def test_a_formula_of_chemistry_stands_on_one_line(article: Framed, markup: str, expected: str) -> None:
    found = article(f"<p>The ion {markup} dissolves.</p>")
    assert found.sections[0].text == f"The ion {expected} dissolves."
