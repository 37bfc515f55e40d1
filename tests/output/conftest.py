"""Articles made by hand, and the way from them into a dataset."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from sectionary.cleaners.article import Article
from sectionary.cleaners.fields import Fields
from sectionary.cleaners.section import Block, Section
from sectionary.output.record import records
from sectionary.output.rows import Rows, rows
from sectionary.output.staged import Batch, write_staged
from sectionary.scraper.page import Http, Page, SiteInfo

SITE = "wiki.example"
FETCHED = "2026-11-22T09:30:00Z"


def a_section(heading: str | None = None, *paragraphs: str, **fields: Any) -> Section:
    """A section of plain paragraphs; the lead where it has no heading."""
    blocks = tuple(Block(i=i, type="paragraph", text=text) for i, text in enumerate(paragraphs))
    defaults: dict[str, Any] = {
        "heading": heading,
        "level": 0 if heading is None else 2,
        "anchor": heading and heading.replace(" ", "_"),
        "anchor_aliases": (),
        "path": (),
        "number": "",
        "parent": None,
        "role": "lead" if heading is None else "body",
        "text": "\n\n".join(paragraphs),
        "blocks": blocks,
        "links": (),
        "citations": (),
        "images": (),
        "inline_tags": (),
    }
    return Section(**{**defaults, **fields})


def an_article(title: str = "Otter", *sections: Section, **fields: Any) -> Article:
    """An article on `SITE`; one short lead where no sections are given."""
    defaults: dict[str, Any] = {
        "title": title,
        "language": "en",
        "dir": "ltr",
        "page_type": "article",
        "url": f"https://{SITE}/wiki/{title.replace(' ', '_')}",
        "site": SITE,
        "sections": sections or (a_section(None, f"{title} is a word."),),
        "fields": Fields(),
        "removals": (),
        "warnings": (),
        "page_id": None,
        "revision_id": 7,
        "date_modified": None,
        "license": "CC-BY-SA-4.0",
        "license_text": None,
        "license_source": "api",
        "cleaner_version": "0 test",
        "site_info": SiteInfo(site=SITE, name="Example Wiki", engine="mediawiki"),
    }
    return Article(**{**defaults, **fields})


def a_page(article: Article, **fields: Any) -> Page:
    """The page an article came from."""
    defaults: dict[str, Any] = {"url": article.url, "body": b"", "date_fetched": FETCHED}
    return Page(**{**defaults, **fields})


def rows_of(article: Article, **page: Any) -> Rows:
    """An article as lines."""
    return rows(*records(article, a_page(article, **page)))


class Desk:
    """A folder with a corpus to be, and staged files on their way into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.corpus = folder / "corpus"
        self._staged = 0

    def stage(self, articles: Sequence[Article], batch: int = 100, **page: Any) -> list[Path]:
        """Staged files of `batch` pages each, all fetched as `page` says."""
        made = [rows_of(article, **page) for article in articles]
        return [self.stage_rows(made[begin : begin + batch]) for begin in range(0, len(made), batch)]

    def stage_rows(self, pages: Sequence[Rows]) -> Path:
        """One staged file."""
        self._staged += 1
        return write_staged(self.folder / "staging", f"{self._staged:032x}", Batch(pages=pages))

    def at_rest(self, corpus: Path | None = None) -> dict[str, bytes]:
        """Data files in their places, by path; neither what _meta holds nor what tells of changes."""
        root = corpus or self.corpus
        found = (path for path in root.rglob("*") if path.is_file())
        names = {path: path.relative_to(root).as_posix() for path in found}
        aside = ("_meta/", "changes/", "jsonl/changes-")
        return {name: path.read_bytes() for path, name in names.items() if not name.startswith(aside)}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty desk."""
    return Desk(tmp_path)


@pytest.fixture
def section() -> Callable[..., Section]:
    """Makes a section by hand."""
    return a_section


@pytest.fixture
def article() -> Callable[..., Article]:
    """Makes an article by hand."""
    return an_article


@pytest.fixture
def page() -> Callable[..., Page]:
    """Makes the page of an article."""
    return a_page


@pytest.fixture
def http() -> Http:
    """An answer as a server gives it."""
    return Http(status=200, content_type="text/html", etag='"a"')
