"""Fifty seeded nights of killed commits, with the first three in the fast tests."""

from pathlib import Path

import pytest

from tests.output import nights


@pytest.mark.timeout(900)
def test_fifty_nights_of_killed_commits_end_in_the_bytes_of_undisturbed_ones(tmp_path: Path) -> None:
    nights.hold(range(3, 50), tmp_path)
