"""Staged files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sectionary.output.incoming import Incoming
from sectionary.output.rejected import Rejected
from sectionary.output.rows import Rows
from sectionary.output.shard import shard_of
from sectionary.output.staged import Batch, read_index, read_staged, write_staged
from sectionary.scraper.errors import DatasetError

Make = Callable[..., Any]
LOST = Rejected(url="https://w.example/x", site="w.example", stage="clean", reason="empty", retryable=False)
LINES = st.binary(min_size=1).filter(lambda line: b"\n" not in line)
PAGES = st.lists(
    st.builds(
        Rows,
        site=st.sampled_from(["a.example", "b.example"]),
        doc_id=st.integers(0, 2**128 - 1).map("{:032x}".format),
        page=LINES,
        sections=st.lists(LINES, min_size=1, max_size=3).map(tuple),
    ),
    max_size=5,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(pages=PAGES)
def test_a_batch_comes_back_as_it_was(tmp_path: Path, pages: list[Rows]) -> None:
    batch = Batch(pages=tuple(pages), rejected=(LOST,))
    assert read_staged(write_staged(tmp_path, "5e", batch)) == batch


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(batches=st.lists(PAGES, max_size=3), power=st.integers(0, 3))
def test_shards_hold_each_page_of_the_site_once_in_order(
    tmp_path: Path, batches: list[list[Rows]], power: int
) -> None:
    paths = [write_staged(tmp_path, f"{key}", Batch(pages=pages)) for key, pages in enumerate(batches)]
    last = {rows.doc_id: rows for pages in batches for rows in pages if rows.site == "a.example"}
    incoming = Incoming(paths, "a.example")
    shards = [incoming.shard(number, 1 << power) for number in range(1 << power)]
    found = [incoming.rows(place) for shard in shards for place in shard]
    assert found == [last[doc_id] for doc_id in sorted(last)]
    for number, shard in enumerate(shards):
        assert {shard_of(place.doc_id, 1 << power) for place in shard} <= {number}
    ours = sum(rows.site == "a.example" for pages in batches for rows in pages)
    assert incoming.merged == ours - len(last)


def test_losses_are_told_by_site(tmp_path: Path) -> None:
    path = write_staged(tmp_path, "5e", Batch(pages=(), rejected=(LOST,)))
    assert Incoming([path], "w.example").rejected == (LOST,)
    assert Incoming([path], "a.example").rejected == ()


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 100, (99).to_bytes(8, "little") + b"SECTSTG1"])
def test_another_file_is_no_staged_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.staged"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"a\.staged"):
        read_index(path)


def test_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    path = write_staged(tmp_path / "new", "5e", Batch(pages=()))
    assert list((tmp_path / "new").iterdir()) == [path]
