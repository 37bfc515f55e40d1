"""Content codings, undone whole or not at all."""

import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from sectionary.scraper.codings import CodingError, decode

TEXT = bytes(range(256)) * 200


def bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKERS = {
    "gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress, "Deflate": bare_deflate,
    "br": brotli.compress, "zstd": zstandard.compress,
}  # fmt: skip


@pytest.mark.parametrize("name", PACKERS)
@given(body=st.binary(max_size=2000))
def test_what_was_packed_comes_back(name: str, body: bytes) -> None:
    assert decode(PACKERS[name](body), name, 10_000) == body


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("part", [0.1, 0.5, 0.99])
def test_a_cut_body_is_an_error_and_never_half_a_page(name: str, part: float) -> None:
    packed = PACKERS[name](TEXT)
    with pytest.raises(CodingError, match="truncated body"):
        decode(packed[: int(len(packed) * part)], name, 10**6)


@pytest.mark.parametrize("name", PACKERS)
def test_a_bomb_stops_at_the_limit(name: str) -> None:
    with pytest.raises(CodingError, match="too large"):
        decode(PACKERS[name](bytes(5_000_000)), name, 10**6)


@pytest.mark.parametrize("name", PACKERS)
def test_exactly_the_limit_still_passes(name: str) -> None:
    assert decode(PACKERS[name](TEXT), name, len(TEXT)) == TEXT


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
def test_a_damaged_body_is_an_error(name: str) -> None:
    with pytest.raises(CodingError):
        decode(b"\x1f\x8b\x08\x00garbage that is no stream at all" * 3, name, 10**6)


def test_gzip_members_are_joined_and_what_follows_is_ignored() -> None:
    assert decode(gzip.compress(b"one ") + gzip.compress(b"two") + b"\r\n", "gzip", 100) == b"one two"


def test_codings_are_undone_in_reverse_and_up_to_three() -> None:
    packed = brotli.compress(gzip.compress(b"text"))
    assert decode(packed, "gzip, br, identity", 100) == b"text"
    with pytest.raises(CodingError, match="too many codings"):
        decode(packed, "gzip, gzip, gzip, gzip", 100)


def test_a_coding_nobody_asked_for_is_named() -> None:
    with pytest.raises(CodingError, match="unknown coding: lzma"):
        decode(b"x", "lzma", 100)
