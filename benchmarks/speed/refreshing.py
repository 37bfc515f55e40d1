"""Refreshing: what a night costs on which nothing has changed."""

from pathlib import Path

from .pages import small
from .row import Row, Sizes
from .runs import configured, ours
from .server import serving

BODIES = 100


def measure(sizes: Sizes, folder: Path) -> list[Row]:
    """One row: requests, bodies and files of a second run over an unchanged wiki."""
    with serving(small(BODIES), sizes.listed, folder / "served") as server:
        config = configured(folder, server.url)
        ours("run", "-q", "-c", str(config))
        before, files = server.asked(), _files(folder / "corpus")
        again = ours("run", "-q", "-c", str(config))
        after = server.asked()
    asked = {kind: after[kind] - before.get(kind, 0) for kind in after}
    touched = len(_files(folder / "corpus") ^ files)
    requests = sum(asked.values())
    return [
        Row(
            name=f"refresh of an unchanged wiki of {sizes.listed} pages",
            text=f"{requests} requests, {asked.get('page', 0)} bodies, {touched} files",
            bar="≤ 40 requests at 10 000, no body, no file",
            met=requests <= 40 and not asked.get("page") and not touched if sizes.listed >= 10_000 else None,
            figures={"requests": requests, "bodies": asked.get("page", 0), "files": touched, "seconds": again.seconds},
        )
    ]


def _files(corpus: Path) -> set[tuple[str, int, int]]:
    """The files of a dataset's data, and when each was written."""
    found = (file for file in corpus.rglob("*") if file.is_file() and "_meta" not in file.parts)
    return {(str(file), file.stat().st_mtime_ns, file.stat().st_ino) for file in found}
