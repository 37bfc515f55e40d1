"""Pages of the hard cases. Each is also held to the rule that nothing is lost and nothing told twice."""

from collections.abc import Callable

import pytest
from test_trace import added_characters, check_blocks, check_removals, check_tiles, page_text

from sectionary.cleaners.article import Article, clean
from sectionary.scraper.page import Page


def _cleaned(html: str, url: str = "https://wiki.example/wiki/Page") -> Article:
    body = html.encode()
    found = clean(Page(url=url, body=body), trace=True)
    check_tiles(found, page_text(body))
    check_blocks(found, added_characters(body))
    check_removals(found, found.cleaner_version.partition("/")[2].rpartition("-")[0])
    return found


@pytest.fixture
def whole() -> Callable[..., Article]:
    """The article of a whole page."""
    return _cleaned


@pytest.fixture
def article() -> Callable[..., Article]:
    """The article of a MediaWiki page with this content, in the frame that a wiki of 1.44 sends."""

    def framed(content: str, *, title: str = "Page", language: str = "en") -> Article:
        return _cleaned(
            f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title} - Wiki</title>'
            '<meta name="generator" content="MediaWiki 1.44.2"></head><body class="mediawiki ltr ns-0">'
            f'<main id="content" class="mw-body"><h1 id="firstHeading">{title}</h1><div id="bodyContent">'
            f'<div id="mw-content-text"><div class="mw-parser-output" lang="{language}">{content}</div></div>'
            "</div></main></body></html>"
        )

    return framed
