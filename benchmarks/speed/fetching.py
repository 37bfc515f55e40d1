"""Fetching: pages into the archive, synced and acknowledged, against Scrapy that only fetches them.

Both ask the same server on loopback for the same list of addresses, and for its robots.txt first.
"""

from pathlib import Path

from .pages import load
from .row import Row, Sizes, ratio
from .runs import configured, installed, ours, scrapy
from .server import Served, serving

BODIES = 100                             # different pages; each is asked for under many addresses


def measure(sizes: Sizes, folder: Path) -> list[Row]:
    """Pages a second of both, net of starting up, and their ratio."""
    with serving(load(BODIES), sizes.fetched, folder / "served") as server:
        own = net(lambda count: _ours(server, folder / f"ours-{count}", count), sizes.fetched)
        peer = net(lambda count: _scrapy(server, folder / f"scrapy-{count}", count), sizes.fetched)
    figures: dict[str, float | int | str] = {"pages": sizes.fetched, "seconds": own, "scrapy_seconds": peer or 0.0}
    rate = f"{sizes.fetched / own:.0f} pages/s"
    return [
        Row(
            name="fetch with archive, ledger and group fsync, against bare Scrapy",
            text=f"{ratio(peer / own)} ({rate} against {sizes.fetched / peer:.0f})" if peer else rate,
            bar="≥ 1.5x",
            aim="2.5x",
            met=peer / own >= 1.5 if peer else None,
            figures=figures,
        )
    ]


def net(seconds, count: int) -> float | None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Seconds for `count` pages beyond what one page takes; None where there is nobody to measure."""
    one = seconds(1)
    return None if one is None else max(seconds(count) - one, 1e-9)


def addresses(server: Served, count: int) -> list[str]:
    """Where the first pages lie."""
    return [f"{server.url}/wiki/Page_{number}" for number in range(count)]


def _ours(server: Served, folder: Path, count: int) -> float:
    config = configured(folder, server.url, addresses=addresses(server, count))
    return ours("fetch", "-q", "-c", str(config)).seconds


def _scrapy(server: Served, folder: Path, count: int) -> float | None:
    if not installed("scrapy"):
        return None
    return scrapy("bare.py", addresses(server, count), folder).seconds
