"""The benchmark of scale: its pages are what it says, and its crawls are the product's."""

from pathlib import Path

import pytest
from scale import corpus, crawling

from sectionary.cleaners.article import clean
from sectionary.scraper.page import Page


def test_pages_are_of_their_size_differ_and_are_the_same_every_time() -> None:
    pages = list(corpus.pages(corpus.SMALL, 50))
    assert pages == list(corpus.pages(corpus.SMALL, 50))
    assert len({html for _, html in pages}) == len({url for url, _ in pages}) == 50
    assert all(len(html) <= corpus.SMALL.most for _, html in pages)
    assert sum(len(html) for _, html in pages) / 50 > corpus.SMALL.most / 3


def test_pages_are_articles_with_sections() -> None:
    url, html = next(corpus.pages(corpus.REAL, 1))
    article = clean(Page(url=url, body=html.encode()), "{}")
    assert len(article.sections) > 5
    assert sum(len(block.text) for section in article.sections for block in section.blocks) > len(html) / 10


def test_every_domain_is_crawled_whole_and_never_faster_than_is_lawful(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawling, "PAGES", 70)
    few, many = crawling.steps(tmp_path, [2, 5], 2)    # raises where a page is lost
    assert (few.pages, many.pages, many.crawled) == (140, 350, 140)
    assert 1 <= few.paced < 1.5
