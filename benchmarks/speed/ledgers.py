"""The ledger: its size a page, and what a page costs when there are many already."""

import time
from collections.abc import Iterator
from pathlib import Path

from sectionary.scraper.ledger import Ledger
from sectionary.scraper.sources.listing import Listed

from .row import Row, Sizes, ratio

FEW = 10_000
BATCH = 10_000


def measure(sizes: Sizes, folder: Path) -> list[Row]:
    """One row: bytes a page, and the last batch's cost over the first's."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "ledger.sqlite"
    with Ledger(file) as ledger:
        ledger.begin("speedy")
        costs = [_seconds(ledger, first) for first in range(0, sizes.ledger, BATCH)]
    size = sum(each.stat().st_size for each in folder.iterdir()) / sizes.ledger
    growth = min(costs[-3:]) / min(costs[:3])
    enough = sizes.ledger >= 50 * FEW
    return [
        Row(
            name=f"ledger of {sizes.ledger} listed pages",
            text=f"{size:.0f} bytes a page, {costs[-1] / BATCH * 1e6:.0f} µs a page, {ratio(growth)} that of the first",
            bar="≤ 300 bytes, the same cost",
            met=size <= 300 and growth <= 1.5 if enough else None,
            figures={"bytes_a_page": size, "first_seconds": costs[0], "last_seconds": costs[-1], "pages": sizes.ledger},
        )
    ]


def _seconds(ledger: Ledger, first: int) -> float:
    start = time.perf_counter()
    ledger.list_pages("speedy", _listed(first))
    return time.perf_counter() - start


def _listed(first: int) -> Iterator[Listed]:
    for number in range(first, first + BATCH):
        name = f"An article of the usual length {number}"
        url = f"https://speedy.example/wiki/{name.replace(' ', '_')}"
        yield Listed(
            key=f"page_id:{number}", url=url, canonical_url=url, title=name, page_id=number, revision_id=10 * number,
            namespace=0, date_modified="2026-01-01T00:00:00Z",
        )  # fmt: skip
