"""Named: which rows of the ledger a listing has named, a bit each, in memory for as long as the listing takes."""

from typing import Final

_ROWS: Final = 4096                      # a piece; rows of a site lie together, wherever they begin


class Named:
    """A set of row numbers. It takes memory for where its numbers lie, not for all that are below them."""

    def __init__(self) -> None:
        self._pieces: dict[int, bytearray] = {}

    def add(self, n: int) -> None:
        """Take in a row."""
        piece, bit = divmod(n, _ROWS)
        if piece not in self._pieces:
            self._pieces[piece] = bytearray(_ROWS // 8)
        self._pieces[piece][bit >> 3] |= 1 << (bit & 7)

    @property
    def held(self) -> int:
        """The bytes that it keeps for its rows."""
        return sum(map(len, self._pieces.values()))

    def __contains__(self, n: int) -> bool:
        piece, bit = divmod(n, _ROWS)
        held = self._pieces.get(piece)
        return held is not None and bool(held[bit >> 3] >> (bit & 7) & 1)
