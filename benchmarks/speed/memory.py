"""Memory: the most that all processes of a run hold at once (PSS), over few pages and over many."""

from pathlib import Path

from .fetching import addresses
from .pages import small
from .row import Row, Sizes
from .runs import Run, configured, ours
from .server import Served, serving

BODIES = 500
MIB = 2**20


def measure(sizes: Sizes, folder: Path) -> list[Row]:
    """One row: how high, and how flat."""
    with serving(small(BODIES), sizes.many, folder / "served") as server:
        few = _run(server, folder / "few", sizes.small)
        many = _run(server, folder / "many", sizes.many)
    growth = many.memory / few.memory - 1
    enough = sizes.many >= 5 * sizes.small
    return [
        Row(
            name="memory of all processes, two workers",
            text=f"{many.memory / MIB:.0f} MB at {sizes.many} pages, {growth:+.0%} from {sizes.small}",
            bar="≤ 800 MB, within 10 %",
            aim="500 MB",
            met=many.memory <= 800 * MIB and growth <= 0.1 if enough else None,
            figures={"few_bytes": few.memory, "many_bytes": many.memory, "seconds": many.seconds},
        )
    ]


def _run(server: Served, folder: Path, count: int) -> Run:
    config = configured(folder, server.url, workers=2, addresses=addresses(server, count))
    return ours("run", "-q", "-c", str(config))
