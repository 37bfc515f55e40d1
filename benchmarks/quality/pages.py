"""The pages that are read, and what is known of them before anyone reads them."""

import csv
import gzip
import html
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent.parent
ANYWHERE = "https://wiki.example/wiki/Page"      # the address of pages that were saved without one

# The kinds of page that are told apart in the results, by the beginnings of the saved pages' own kinds.
KINDS = {
    "api": ("wikipedia-phpparser", "wikipedia-fragment", "wikipedia-mobile-sections", "wikipedia-talk-oldparser"),
    "parsoid": ("wikipedia-parsoid", "wikipedia-mobilehtml", "wikipedia-talk-parsoid"),
    "dictionary": ("wiktionary",),
    "archive": ("zim",),
    "other wikis": ("cppreference", "fandom", "mediawiki-other", "wikimd"),
    "wikipedia": ("",),
}
EXAMPLE = "example"
FRAME = (
    b'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>%s</title></head>\n'
    b"<body><main><h1>%s</h1>\n<article>\n%s\n</article></main></body></html>\n"
)


@dataclass(frozen=True)
class SavedPage:
    """One page: its bytes, its address, its kind, and what somebody else said of it.

    `answer` is the reply of an API or a checked list of snippets, `sections` the wiki's list of level and
    heading, `wikitext` the page's source.
    """

    name: str
    kind: str
    body: bytes
    url: str
    language: str
    answer: Any = None
    sections: tuple[tuple[int, str], ...] | None = None
    wikitext: str | None = None


def saved_pages() -> list[SavedPage]:
    """The example encyclopedia's pages, then the real ones in $SECTIONARY_PAGES (default ../shared/pages)."""
    shared = Path(os.environ.get("SECTIONARY_PAGES", ROOT.parent / "shared" / "pages"))
    return [*example_pages(), *(real_pages(shared) if shared.is_dir() else ())]


def example_pages() -> Iterator[SavedPage]:
    """The articles of the example encyclopedia, with the wiki's own sections and their source."""
    folder = ROOT / "examples"
    index = json.loads((folder / "encyclopedia" / "index.json").read_text("utf-8"))
    said = json.loads((ROOT / "tests" / "cleaners" / "example_sections.json").read_text("utf-8"))
    for row in index["pages"]:
        if row["title"] in said and row["file"] and row["file"].endswith(".html"):
            source = folder / "source" / "wikitext" / f"{Path(row['file']).stem}.wiki"
            yield SavedPage(
                name=f"{EXAMPLE}/{Path(row['file']).stem}",
                kind=EXAMPLE,
                body=(folder / "encyclopedia" / row["file"]).read_bytes(),
                url=index["server"] + quote(row["path"], safe="/%:"),
                language=row["language"],
                sections=tuple((level, heading) for level, heading, _anchor in said[row["title"]]),
                wikitext=source.read_text("utf-8") if source.is_file() else None,
            )


def real_pages(folder: Path) -> Iterator[SavedPage]:
    """The saved pages of a folder with an INDEX.tsv, each with its gold file's content."""
    with (folder / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        for row in csv.DictReader(index, delimiter="\t"):
            file = folder / f"{row['file']}.gz"
            if file.is_file():
                yield _real_page(file, row)


def kind_of(name: str) -> str:
    """The kind that a saved page's own kind belongs to."""
    return next(kind for kind, starts in KINDS.items() if name.startswith(starts))


def framed(body: bytes, title: str) -> bytes:
    """A fragment (an API's reply, a dump's text) as the main part of a plain HTML page; a page as it is.

    Extractors are made for pages: some leave out all headings of a fragment, and none of the same in this frame.
    """
    if re.search(rb"<(?:html|body)\b", body[:20_000], re.IGNORECASE):
        return body
    name = html.escape(title).encode()
    return FRAME % (name, name, body)


def _real_page(file: Path, row: dict[str, str]) -> SavedPage:
    gold = file.with_name(file.name.replace(".html.gz", ".gold.json.gz"))
    name = file.name.removesuffix(".html.gz")
    url = row["url"] or ""
    return SavedPage(
        name=name,
        kind=kind_of(row["kind"]),
        body=framed(gzip.decompress(file.read_bytes()), row["title"] or name.rpartition("__")[2].replace("_", " ")),
        url=url if url.startswith("http") else ANYWHERE,
        language=row["language"],
        answer=json.loads(gzip.decompress(gold.read_bytes())) if gold.is_file() else None,
    )
