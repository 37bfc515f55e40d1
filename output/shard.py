"""Shard: one of the parts that a site is split into, by the leading bits of the doc_id.

So the shards one after the other are sorted by doc_id. A site's shards are doubled when it has grown, by what all
its rows take as JSON lines and by nothing else: a crawl that was stopped and went on ends with the same files as one
that was not. They never become fewer, so a site whose size wavers is not written anew each night.
"""

SHARD_BYTES = 128 << 20                    # of JSON lines, about 32 MB of Parquet
MAX_SHARDS = 1 << 16
_KEY_DIGITS = 16


def shard_of(doc_id: str, shards: int) -> int:
    """Which of `shards` parts, a power of two, holds a page."""
    return int(doc_id[:_KEY_DIGITS], 16) * shards >> (4 * _KEY_DIGITS)


def first_key(shard: int, shards: int) -> int:
    """The least value of a doc_id's first 64 bits in a shard."""
    return (shard << (4 * _KEY_DIGITS)) // shards


def shard_count(size: int, shard_bytes: int = SHARD_BYTES) -> int:
    """The power of two that makes shards of at most `shard_bytes` on average out of `size` bytes in all."""
    parts = -(-size // shard_bytes)
    return min(1 << max(parts - 1, 0).bit_length(), MAX_SHARDS)
