"""The pages that are read: real ones from $SECTIONARY_PAGES (default ../shared/pages), else the example's."""

import gzip
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def load(limit: int) -> list[bytes]:
    """At most `limit` pages, spread evenly over what there is."""
    files = _files()
    chosen = files[:: max(1, len(files) // limit)][:limit]
    return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in chosen]


def _files() -> list[Path]:
    shared = Path(os.environ.get("SECTIONARY_PAGES", ROOT.parent / "shared" / "pages"))
    saved = sorted(path for path in shared.glob("*.html.gz") if ".gold." not in path.name)
    return saved or sorted((ROOT / "examples" / "encyclopedia" / "pages").glob("*.html"))


def small(count: int) -> list[bytes]:
    """Made-up articles of 2 to 8 KB, no two the same, as most pages of most wikis are."""
    return [_small(number) for number in range(count)]


def _small(number: int) -> bytes:
    paragraphs = "".join(
        f"<h2 id='S{n}'>Part {n} of {number}</h2><p>The tide of day {number + n} came at <b>{n}</b> o'clock, as "
        f"<a href='/wiki/Page_{number * 7 + n}'>page {number * 7 + n}</a> tells, and went with the moon. "
        f"{'Sand. ' * (n * 9)}</p>"
        f"<ul><li>first of {number}</li><li>second of {n}</li></ul>"
        for n in range(3 + number % 6)
    )
    head = "<meta name='generator' content='MediaWiki 1.44.0'>"
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>Page {number}</title>{head}</head><body class='mediawiki'>"
        f"<h1 id='firstHeading'>Page {number}</h1><div id='mw-content-text'><div class='mw-parser-output'>{paragraphs}"
        "</div></div></body></html>"
    ).encode()
