"""Archived: from a raw archive to Parquet and JSONL, with the most that all processes hold (PSS), few pages and many.

The archive is written here, without a fetch, and the ledger made anew from it, as for a user who lost his; so that
hundreds of thousands of pages take minutes, and what is measured is cleaning and committing alone.
"""

from pathlib import Path

from msgspec import structs

from sectionary.scraper.archive import Archive
from sectionary.scraper.page import Http, Page, SiteInfo
from sectionary.scraper.sources.listing import Listed

from .pages import small
from .row import Row, Sizes
from .runs import Run, configured, ours

BODIES = 500
MIB = 2**20
SITE = "speedy.example"


def measure(sizes: Sizes, folder: Path) -> list[Row]:
    """One row: how high, how flat, how fast."""
    few, many = (_run(folder / str(count), count) for count in (sizes.small, sizes.archived))
    growth = many.memory / few.memory - 1
    enough = sizes.archived >= 5 * sizes.small
    return [
        Row(
            name="memory from raw archive to Parquet and JSONL, two workers",
            text=f"{many.memory / MIB:.0f} MB at {sizes.archived} pages, {growth:+.0%} from {sizes.small}, "
            f"{sizes.archived / many.seconds:.0f} pages/s",
            bar="≤ 800 MB, within 10 %",
            aim="500 MB",
            met=many.memory <= 800 * MIB and growth <= 0.1 if enough else None,
            figures={"few_bytes": few.memory, "many_bytes": many.memory, "seconds": many.seconds},
        )
    ]


def _run(folder: Path, count: int) -> Run:
    config = configured(folder, f"https://{SITE}", workers=2)
    fill(folder / "work" / "raw", count)
    return ours("clean", "-q", "-c", str(config))


def fill(raw: Path, count: int) -> None:
    """An archive of so many small pages, as a fetch would leave it."""
    bodies = small(BODIES)
    info = SiteInfo(site=SITE, name="Speedy", engine="mediawiki", license="CC-BY-SA-4.0")
    with Archive(raw, "speedy") as archive:
        for number in range(count):
            url = f"https://{SITE}/wiki/Page_{number}"
            page = Page(
                url=url,
                body=bodies[number % BODIES],
                canonical_url=url,
                http=Http(status=200, content_type="text/html; charset=utf-8"),
                date_fetched="2026-11-22T09:30:00Z",
                site_info=info,
                page_id=number + 1,
                revision_id=number + 1,
                title=f"Page {number}",
            )
            listed = Listed(
                key=f"page_id:{number + 1}", url=url, canonical_url=url, title=page.title, page_id=page.page_id,
                revision_id=page.revision_id,
            )  # fmt: skip
            archive.append(page, facts=structs.asdict(listed))
