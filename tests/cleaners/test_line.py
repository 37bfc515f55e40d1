"""White space, breaks and marks of a line of text."""

from hypothesis import given
from hypothesis import strategies as st

from sectionary.cleaners.line import Line, Mark, Run, join, prefixed

PIECES = st.lists(st.text(alphabet=" \t\n\u00a0\u3000ab\u6f6e\u0645", max_size=6), max_size=12)


def line_of(pieces: list[str]) -> Line:
    line = Line()
    for piece in pieces:
        line.add(piece)
    return line


@given(PIECES)
def test_white_space_folds_as_if_the_pieces_had_been_one_text(pieces: list[str]) -> None:
    assert line_of(pieces).run().text == " ".join("".join(pieces).split())


@given(PIECES, PIECES)
def test_a_break_stands_alone_between_its_lines(before: list[str], after: list[str]) -> None:
    line = line_of(before)
    line.newline()
    line.newline()
    for piece in after:
        line.add(piece)
    first, second = (" ".join("".join(pieces).split()) for pieces in (before, after))
    assert line.run().text == "\n".join(filter(None, (first, second)))


@given(st.lists(st.text(alphabet="abc ", min_size=1), min_size=1), st.sampled_from(["", "\n", " | "]))
def test_joined_marks_stand_where_their_texts_do(texts: list[str], separator: str) -> None:
    runs = []
    for text in texts:
        line = Line()
        line.verbatim(text)
        run = line.run()
        runs.append(Run(run.text, [Mark(0, "link", (text,))]))
    for whole in (join(runs, separator), join([join(runs, separator)], "-"), prefixed("1. ", join(runs, separator))):
        assert [whole.text[mark.offset :][: len(mark.data[0] or "")] for mark in whole.marks] == texts


def test_joining_leaves_the_parts_as_they_were() -> None:
    line = Line()
    line.add("text")
    line.mark("tag", "x")
    part = line.run()
    join([Run("before", []), part], "\n")
    assert part.marks[0].offset == len("text")
