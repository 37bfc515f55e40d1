"""Articles to look at: those of the example encyclopedia, and whole small pages written after each wiki's markup."""

import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from sectionary.cleaners.article import Article, clean
from sectionary.scraper.page import Http, Page

sys.path.append(str(Path(__file__).resolve().parent))  # golden.py and residue.py are no test modules

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "encyclopedia"
PAGES = Path(__file__).resolve().parent / "pages"
INDEX = json.loads((EXAMPLE / "index.json").read_text("utf-8"))


@cache
def _example(title: str) -> Article:
    entry = next(page for page in INDEX["pages"] if page["title"] == title)
    body = (EXAMPLE / entry["file"]).read_bytes()
    return clean(Page(url=f"{INDEX['server']}{entry['path']}", body=body))


@pytest.fixture
def example() -> Callable[[str], Article]:
    """A page of the example encyclopedia, by its title."""
    return _example


@pytest.fixture
def written() -> Callable[..., Article]:
    """A page written for the tests, by its file's name in `pages/`."""

    def read(name: str, url: str = "https://wiki.example/wiki/Page", rules: str | None = None) -> Article:
        return clean(Page(url=url, body=(PAGES / f"{name}.html").read_bytes(), rules=rules))

    return read


@pytest.fixture
def article() -> Callable[..., Article]:
    """A MediaWiki page with this content, in the frame that a wiki of 1.44 sends."""

    def frame(content: str, *, title: str = "Page", url: str = "https://wiki.example/wiki/Page") -> Article:
        html = (
            '<!DOCTYPE html><html lang="en" dir="ltr"><head><meta charset="utf-8">'
            f'<title>{title} - Wiki</title><meta name="generator" content="MediaWiki 1.44.2"></head>'
            '<body class="mediawiki ltr ns-0 skin-vector-2022"><main id="content" class="mw-body">'
            f'<h1 id="firstHeading" class="firstHeading">{title}</h1><div id="bodyContent">'
            '<div id="siteSub">From Wiki</div><div id="mw-content-text" class="mw-body-content">'
            f'<div class="mw-content-ltr mw-parser-output" lang="en" dir="ltr">{content}</div></div>'
            '<div class="printfooter">Retrieved from</div></div></main>'
            '<footer id="footer"><li id="footer-info-copyright">Content is available under '
            '<a href="https://creativecommons.org/licenses/by-sa/4.0/">CC BY-SA 4.0</a>.</li></footer>'
            "</body></html>"
        )
        return clean(Page(url=url, body=html.encode(), http=Http(content_type="text/html; charset=utf-8")))

    return frame
