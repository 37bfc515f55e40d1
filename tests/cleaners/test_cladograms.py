"""Cladograms: trees of descent that wikis draw by tables in tables, as nested lists."""

from collections.abc import Callable

from sectionary.cleaners.article import Article

Framed = Callable[..., Article]


def branch(label: str, leaf: str, below: str = "&#8239;", bar: str = "") -> str:
    """Two rows, as Wikipedia's Module:Clade writes a branch."""
    bracket = f'<td rowspan="2" class="clade-bar">{bar}</td>' if bar else ""
    return (
        f'<tr><td class="clade-label first">{label}\n</td>\n<td rowspan="2" class="clade-leaf">\n{leaf}\n</td>{bracket}'
        f'</tr>\n<tr><td class="clade-slabel">{below}</td></tr>'
    )


def tree(*branches: str) -> str:
    return f'<div class="clade"><table class="clade">\n\n<tbody>{"".join(branches)}</tbody></table></div>'


SHELLS = tree(
    branch(
        '<a href="/wiki/Mollusca">Mollusca</a>',
        tree(
            branch("", "<p>Chitons</p>"),
            branch("", tree(branch("", "<p><i>Patella</i></p>"), branch("Bivalvia", "<p>Mussels</p>"))),
        ),
    )
)


def told(page: Article) -> list[tuple[int, str, str]]:
    (block,) = page.sections[0].blocks
    assert block.list is not None
    return [(item.depth, item.marker, item.text) for item in block.list.items]


def test_a_branch_is_an_item_and_what_comes_of_it_lies_one_deeper(article: Framed) -> None:
    assert told(article(SHELLS)) == [
        (0, "-", "Mollusca"),
        (1, "-", "Chitons"),
        (1, "-", ""),
        (2, "-", "Patella"),
        (2, "-", "Bivalvia\nMussels"),
    ]


def test_a_cladogram_keeps_its_links_at_their_places(article: Framed) -> None:
    (section,) = article(SHELLS).sections
    (link,) = section.links
    assert (link.text, section.text[link.offset : link.offset + 8]) == ("Mollusca", "Mollusca")


def test_what_stands_under_the_line_follows_the_branch_it_is_under(article: Framed) -> None:
    assert told(article(tree(branch("Chitons", "", below="500 mya"), branch("Limpets", "")))) == [
        (0, "-", "Chitons\n500 mya"),
        (0, "-", "Limpets"),
    ]


def test_a_bracket_beside_a_branch_is_told_with_it(article: Framed) -> None:
    assert told(article(tree(branch("", "<p>Limpets</p>", bar="grazers")))) == [(0, "-", "Limpets\ngrazers")]


def test_a_cladogram_of_pictures_alone_says_nothing(article: Framed) -> None:
    page = article("<p>Shells.</p>" + tree(branch("", '<p><img src="/a.png" alt=""></p>', below="")))
    assert page.sections[0].text == "Shells."


def test_a_cladogram_in_a_cell_has_its_text_there_and_its_data_beside(article: Framed) -> None:
    page = article(f'<table class="wikitable"><tr><th>DNA</th></tr><tr><td>{SHELLS}</td></tr></table>')
    table, inner = page.sections[0].blocks
    assert [line for line in ("Mollusca", "Chitons", "Patella", "Mussels") if line not in table.text] == []
    assert inner.list is not None
    assert (inner.type, inner.inside, len(inner.list.items)) == ("list", 0, 5)


def drawn(label: str, leaf: str) -> str:
    """Two rows, as Wikipedia's Template:Clade drew them by borders alone until 2014."""
    return (
        '<tr><td style="width:1.5em; border-bottom:1px solid black; border-left: 0; padding:0 0.2em;" valign="bottom">'
        f'<span style="white-space:nowrap">&#160;{label}&#160;</span></td><td rowspan="2" style="border: 0">{leaf}</td>'
        '</tr><tr><td style="border-left:1px solid black;" valign="top"><br></td></tr>'
    )


def plain(*branches: str) -> str:
    return f'<table cellspacing="0" cellpadding="0" border="0" style="">{"".join(branches)}</table>'


def test_a_tree_that_was_drawn_by_borders_is_one_without_classes(article: Framed) -> None:
    inner = plain(drawn("<br>", "<p>Chitons</p>"), drawn("Bivalvia", plain(drawn("", "Mussels"), drawn("", "Clams"))))
    assert told(article(plain(drawn("Mollusca", inner)))) == [
        (0, "-", "Mollusca"),
        (1, "-", "Chitons"),
        (1, "-", "Bivalvia"),
        (2, "-", "Mussels"),
        (2, "-", "Clams"),
    ]


def test_a_table_whose_first_cell_has_a_line_is_no_tree(article: Framed) -> None:
    rows = '<tr><td style="border-bottom:1px solid">a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr>'
    (block,) = article(f"<table>{rows}</table>").sections[0].blocks
    assert block.table is not None
