"""What a listing has named, kept in memory."""

from hypothesis import given
from hypothesis import strategies as st

from sectionary.scraper.named import Named

ROWS = st.integers(0, 20_000)


@given(st.sets(ROWS), st.sets(ROWS))
def test_holds_what_was_added_and_nothing_else(added: set[int], others: set[int]) -> None:
    named = Named()
    for n in added:
        named.add(n)
    assert {n for n in added | others if n in named} == added


def test_a_site_listed_after_ten_million_pages_takes_no_more_memory_than_the_first() -> None:
    first, last = Named(), Named()
    for n in range(1_000):
        first.add(n)
        last.add(10_000_000 + n)
    assert last.held <= first.held + 512  # where they lie over the edge of a piece
