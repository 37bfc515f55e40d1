"""Lost pages as data."""

import json
from pathlib import Path

from sectionary.output.rejected import Rejected, rejected, write_rejected
from sectionary.scraper.errors import FetchError

LOST = Rejected(url="https://w/a", site="w", stage="fetch", reason="http: 500", retryable=True)


def test_an_error_becomes_a_row_with_its_stage_and_reason() -> None:
    error = FetchError("https://w/a", "http: 500", retryable=True)
    assert rejected(error, "w") == LOST


def test_a_page_that_was_lost_twice_is_one_row(tmp_path: Path) -> None:
    later = rejected(FetchError("https://w/a", "http: 404"), "w", date="2026-11-22T09:30:00Z", raw_offset=5)
    write_rejected(tmp_path / "r.jsonl", [LOST, later])
    (row,) = map(json.loads, (tmp_path / "r.jsonl").read_bytes().splitlines())
    assert (row["reason"], row["date"], row["raw_file"], row["raw_offset"]) == (
        "http: 404", "2026-11-22T09:30:00Z", None, 5
    )  # fmt: skip


def test_the_same_losses_leave_the_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    write_rejected(path, [LOST])
    before = path.stat()
    write_rejected(path, [LOST])
    assert path.stat().st_ino == before.st_ino


def test_no_losses_leave_no_file(tmp_path: Path) -> None:
    write_rejected(tmp_path / "r.jsonl", [LOST])
    write_rejected(tmp_path / "r.jsonl", [])
    assert not list(tmp_path.iterdir())
