"""Which shard a page falls in."""

from hypothesis import given
from hypothesis import strategies as st

from sectionary.output.shard import SHARD_BYTES, first_key, shard_count, shard_of

IDS = st.integers(0, 2**128 - 1).map(lambda number: f"{number:032x}")
COUNTS = st.integers(0, 16).map(lambda power: 1 << power)


@given(IDS, COUNTS)
def test_a_page_lies_between_its_shards_bounds(doc_id: str, shards: int) -> None:
    shard = shard_of(doc_id, shards)
    assert first_key(shard, shards) <= int(doc_id[:16], 16) < first_key(shard + 1, shards)


@given(IDS, IDS, COUNTS)
def test_shards_are_in_the_order_of_their_pages(one: str, other: str, shards: int) -> None:
    first, second = sorted((one, other))
    assert shard_of(first, shards) <= shard_of(second, shards)


@given(st.integers(0, 2**40))
def test_shards_are_a_power_of_two_and_about_32_mb(size: int) -> None:
    shards = shard_count(size)
    assert shards.bit_count() == 1
    assert size <= shards * SHARD_BYTES
    assert shards == 1 or shards // 2 * SHARD_BYTES < size
