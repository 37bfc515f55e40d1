"""Real saved pages that have the wiki's own list of sections (action=parse) for the same revision."""

import gzip
import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from sectionary.cleaners.article import Article, clean
from sectionary.scraper.page import Page

Sections = list[tuple[int, str, str]]


def gold(shared_pages: Path) -> list[tuple[Path, dict[str, Any]]]:
    """The saved pages of 2014 with what the wiki's API said of them."""
    found = sorted(shared_pages.glob("*2014*.gold.json.gz"))
    return [
        (path.with_name(path.name.replace(".gold.json", ".html")), json.loads(gzip.decompress(path.read_bytes())))
        for path in found
    ]


def expected(said: dict[str, Any]) -> Sections:
    """Level, plain heading without note marks, and anchor, as the API lists them."""
    lines = [(part["level"], plain(part["line"]), part["anchor"]) for part in said["sections"]]
    return [(int(level), line, anchor) for level, line, anchor in lines]


def plain(line: str) -> str:
    """A heading without markup and note marks."""
    return " ".join(re.sub(r"\[\d+\]", "", html.unescape(re.sub("<[^>]+>", "", line))).split())


def sections(article: Article) -> Sections:
    """The same of an article."""
    return [(s.level, s.heading or "", s.anchor or "") for s in article.sections[1:]]


def test_sections_of_the_apis_html_are_those_the_api_lists(shared_pages: Path) -> None:
    wrong = []
    for path, said in gold(shared_pages):
        body = said["text"]["*"] if isinstance(said["text"], dict) else said["text"]
        page = clean(Page(url="https://wiki.example/wiki/Page", body=body.encode(), rules="mediawiki"))
        wrong += [path.name] * (sections(page) != expected(said))
    assert gold(shared_pages)
    assert wrong == []


@pytest.mark.parametrize(("kind", "fields"), [("phpparser2014", 3), ("parsoid2014", 2)])
def test_sections_of_a_saved_page_are_those_the_api_lists(shared_pages: Path, kind: str, fields: int) -> None:
    """Parsoid gave headings no anchors in 2014."""
    wrong = []
    for path, said in gold(shared_pages):
        if kind in path.name:
            page = clean(Page(url="https://wiki.example/wiki/Page", body=gzip.decompress(path.read_bytes())))
            wrong += [path.name] * ([s[:fields] for s in sections(page)] != [s[:fields] for s in expected(said)])
    assert wrong == []
