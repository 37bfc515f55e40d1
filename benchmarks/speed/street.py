"""The street: raw archive to Parquet and JSONL on one core; fetch to commit on two, against Scrapy + trafilatura."""

from pathlib import Path

from .extraction import extract, one_core, timed
from .fetching import addresses, net
from .pages import load
from .row import Row, Sizes, ratio
from .runs import configured, installed, ours, scrapy
from .server import Served, serving


def measure(sizes: Sizes, folder: Path) -> list[Row]:
    """Two rows: archive to dataset, and fetch to commit."""
    pages = load(sizes.pages)
    with one_core():
        extract(pages[0])
        alone = timed(extract, pages) / len(pages)
    with serving(pages, sizes.street, folder / "served") as server:
        return [_dataset(server, folder, sizes.street, alone), _whole(server, folder, sizes.street)]


def _dataset(server: Served, folder: Path, count: int, alone: float) -> Row:
    seconds = net(lambda number: _cleaned(server, folder / f"clean-{number}", number), count) or 0.0
    share = alone * count / seconds
    return Row(
        name="raw archive to Parquet and JSONL, one core, of extract's own pages/s",
        text=f"{share:.0%} ({count / seconds:.1f} pages/s of {1 / alone:.1f})",
        bar="≥ 60 %",
        aim="75 %",
        met=share >= 0.6,
        figures={"pages": count, "seconds": seconds, "extract_seconds_a_page": alone},
    )


def _cleaned(server: Served, folder: Path, count: int) -> float:
    """Seconds of cleaning an archive of so many pages on one core; fetching it does not count."""
    config = configured(folder, server.url, workers=1, addresses=addresses(server, count))
    ours("fetch", "-q", "-c", str(config))
    return ours("clean", "-q", "-c", str(config), cores=1).seconds


def _whole(server: Served, folder: Path, count: int) -> Row:
    own = net(lambda number: _run(server, folder / f"run-{number}", number), count) or 0.0
    peer = net(lambda number: _extracting(server, folder / f"scrapy-{number}", number), count)
    rate = f"{count / own:.1f} pages/s"
    return Row(
        name="fetch → archive → clean → commit, two cores, against Scrapy + trafilatura",
        text=f"{ratio(peer / own)} ({rate} against {count / peer:.1f})" if peer else rate,
        bar="≥ 15x",
        aim="25x",
        met=peer / own >= 15 if peer else None,
        figures={"pages": count, "seconds": own, "scrapy_seconds": peer or 0.0},
    )


def _run(server: Served, folder: Path, count: int) -> float:
    config = configured(folder, server.url, workers=2, addresses=addresses(server, count))
    return ours("run", "-q", "-c", str(config), cores=2).seconds


def _extracting(server: Served, folder: Path, count: int) -> float | None:
    if not (installed("scrapy") and installed("trafilatura")):
        return None
    return scrapy("extracting.py", addresses(server, count), folder, cores=2).seconds
