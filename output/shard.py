"""Shard: one of the parts that a site is split into, by the leading bits of the doc_id.

So the shards one after the other are sorted by doc_id, and a page stays in its shard for good.
"""

SHARD_BYTES = 32 << 20
MAX_SHARDS = 1 << 16
_KEY_DIGITS = 16


def shard_of(doc_id: str, shards: int) -> int:
    """Which of `shards` parts, a power of two, holds a page."""
    return int(doc_id[:_KEY_DIGITS], 16) * shards >> (4 * _KEY_DIGITS)


def first_key(shard: int, shards: int) -> int:
    """The least value of a doc_id's first 64 bits in a shard."""
    return (shard << (4 * _KEY_DIGITS)) // shards


def shard_count(size: int) -> int:
    """The power of two that makes shards of about 32 MB out of `size` bytes in all."""
    parts = -(-size // SHARD_BYTES)
    return min(1 << max(parts - 1, 0).bit_length(), MAX_SHARDS)
