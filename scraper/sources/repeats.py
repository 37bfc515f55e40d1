"""Repeats: whether a list that goes on and on only says what it said before, known without keeping it."""

from collections.abc import Iterable

_BITS = 2**27                            # 16 MiB: ten million pages take a thirteenth of it
_MOST_BATCHES = 10                       # in a row with nothing new


class Repeats:
    """Remembers the numbers of pages as bits of a table of fixed size.

    Two numbers may share a bit, so one repeat proves nothing; many batches in a row, all of it old, do.
    """

    def __init__(self) -> None:
        self._seen = bytearray(0)
        self._old_batches = 0

    def end(self, batch: Iterable[int]) -> bool:
        """Take a batch in; tell whether it and those before it brought nothing that is new."""
        numbers = [(number * 2_654_435_761) % _BITS for number in batch]
        if not numbers:
            return False
        self._seen = self._seen or bytearray(_BITS // 8)
        fresh = [number for number in numbers if not self._seen[number >> 3] & (1 << (number & 7))]
        for number in fresh:
            self._seen[number >> 3] |= 1 << (number & 7)
        self._old_batches = 0 if fresh else self._old_batches + 1
        return self._old_batches >= _MOST_BATCHES
