"""The figures of benchmarks/quality are what their definitions say."""

from hypothesis import given
from hypothesis import strategies as st
from quality.gold import Gold
from quality.reading import Block, Reading
from quality.scores import Scores, scores_of

TYPES = ("heading", "paragraph", "list", "table", "quote", "code")
LINES = st.text("abcdeö漢字かก012 .[]", min_size=1, max_size=30)
BLOCKS = st.lists(st.builds(Block, st.sampled_from(TYPES), LINES, st.integers(2, 6)), max_size=8).map(tuple)


def gold(*blocks: Block, aside: str = "", furniture: tuple[str, ...] = (), **more: object) -> Gold:
    """Gold with these blocks; its headings are those among them."""
    headings = tuple((block.level, block.text) for block in blocks if block.type == "heading")
    rest = {"tables": (), "formulas": (), "wanted": (), "unwanted": ()} | more
    return Gold(headings=headings, blocks=blocks, aside=aside, furniture=furniture, **rest)  # type: ignore[arg-type]


def scored(*blocks: Block, right: Gold) -> Scores:
    return scores_of(Reading(blocks, ()), right)


@given(BLOCKS)
def test_a_reading_equal_to_the_gold_is_right_in_every_row(blocks: tuple[Block, ...]) -> None:
    scores = scores_of(Reading(blocks, ()), gold(*blocks))
    assert (scores.tree, scores.words, scores.blocks, scores.residue) == (1, 1, 1, 0)
    assert scores.headings in {None, 1}
    assert scores.loss in {None, 0}


@given(BLOCKS, BLOCKS, LINES)
def test_every_share_lies_between_0_and_1(found: tuple[Block, ...], wanted: tuple[Block, ...], aside: str) -> None:
    scores = scores_of(Reading(found, ()), gold(*wanted, aside=aside))
    for value in (scores.tree, scores.headings, scores.words, scores.blocks, scores.loss):
        assert value is None or 0 <= value <= 1


@given(BLOCKS, BLOCKS)
def test_words_under_their_type_are_never_more_than_words(found: tuple[Block, ...], wanted: tuple[Block, ...]) -> None:
    scores = scores_of(Reading(found, ()), gold(*wanted))
    assert scores.words is not None
    assert scores.blocks is not None
    assert scores.blocks <= scores.words + 1e-9


def test_an_empty_reading_has_lost_every_word() -> None:
    scores = scored(right=gold(Block("paragraph", "the tide rises")))
    assert (scores.words, scores.loss) == (0, 1)


def test_word_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    right = gold(Block("paragraph", "the tide rises twice"))
    scores = scored(Block("paragraph", "the tide rises daily then falls"), right=right)
    precision, recall = 3 / 6, 3 / 4
    assert scores.words == 2 * precision * recall / (precision + recall)
    assert scores.loss == 1 / 4


def test_aside_words_count_neither_for_nor_against() -> None:
    right = gold(Block("paragraph", "the tide"), aside="Height 12 m")
    assert scored(Block("paragraph", "the tide Height 12"), right=right).words == 1
    assert scored(Block("paragraph", "the tide"), right=right).words == 1


def test_an_aside_word_beyond_its_count_is_wrong() -> None:
    right = gold(Block("paragraph", "tide"), aside="Height")
    assert scored(Block("paragraph", "tide Height Height"), right=right).words == 2 / 3


def test_a_word_in_a_block_of_another_type_is_not_found() -> None:
    right = gold(Block("list", "limpet"), Block("paragraph", "tide"))
    scores = scored(Block("paragraph", "limpet"), Block("paragraph", "tide"), right=right)
    assert (scores.words, scores.blocks) == (1, 1 / 2)


def test_aside_words_are_left_out_under_any_type() -> None:
    right = gold(Block("paragraph", "tide"), aside="Height 12 m")
    assert scored(Block("paragraph", "tide"), Block("table", "Height 12 m"), right=right).blocks == 1


def test_a_doubtful_tables_words_may_stand_under_any_type() -> None:
    right = gold(Block("paragraph", "tide"), Block("layout", "ebb flow"))
    for kind in ("table", "paragraph", "list"):
        scores = scored(Block("paragraph", "tide"), Block(kind, "ebb flow"), right=right)
        assert (scores.words, scores.blocks) == (1, 1)


def test_scripts_without_spaces_are_compared_letter_by_letter() -> None:
    right = gold(Block("paragraph", "潮汐"))
    assert scored(Block("paragraph", "潮の"), right=right).words == 1 / 2


def test_a_heading_tree_is_exact_only_with_order_level_and_text() -> None:
    right = gold(Block("heading", "Cause", 2), Block("heading", "Moon", 3))
    exact = (Block("heading", "Cause", 2), Block("heading", "Moon", 3))
    assert scored(*exact, right=right).tree == 1
    assert scored(*reversed(exact), right=right).tree == 0
    assert scored(Block("heading", "Cause", 2), Block("heading", "Moon", 2), right=right).tree == 0
    assert scored(Block("heading", "Cause[edit]", 2), Block("heading", "Moon", 3), right=right).tree == 0


def test_headings_f1_tells_how_much_of_a_tree_is_right() -> None:
    right = gold(Block("heading", "Cause", 2), Block("heading", "Moon", 3))
    assert scored(Block("heading", "Cause", 2), Block("heading", "Sun", 3), right=right).headings == 1 / 2


def test_the_title_before_the_headings_may_stand_there_or_not() -> None:
    right = gold(Block("heading", "Cause", 2))
    assert scored(Block("heading", "Tide", 1), Block("heading", "Cause", 2), right=right).tree == 1


def test_note_marks_in_headings_do_not_count() -> None:
    right = gold(Block("heading", "Cause", 2))
    assert scored(Block("heading", "Cause[1] [note 2]", 2), right=right).tree == 1


def test_a_table_is_found_when_every_cell_is_equal_and_only_once() -> None:
    grid = (("a", "b"), ("c", "d"))
    right = gold(tables=(grid, grid))
    assert scores_of(Reading((), (grid,)), right).tables == (1, 2)
    assert scores_of(Reading((), ((("a", "b"), ("c", "x")),)), right).tables == (0, 2)


def test_an_extractor_without_tables_has_no_such_row() -> None:
    assert scores_of(Reading((), None), gold(tables=((("a", "b"), ("c", "d")),))).tables is None


def test_a_formula_is_found_as_tex_whatever_its_spaces() -> None:
    right = gold(formulas=(r"\frac{a}{b}+c", r"x^{2}+y^{2}"))
    assert scored(Block("paragraph", r"so \( \frac {a} {b} + c \) holds"), right=right).formulas == (1, 2)


def test_snippets_are_right_when_wanted_ones_are_there_and_unwanted_ones_are_not() -> None:
    right = gold(wanted=("high water", "low water"), unwanted=("Log in", "Menu"))
    assert scored(Block("paragraph", "High: high  water. Menu"), right=right).snippets == (2, 4)
