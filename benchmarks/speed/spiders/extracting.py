"""Scrapy with trafilatura in its spider: how one would build a text corpus today."""

from pathlib import Path

import scrapy
import trafilatura


class Extracting(scrapy.Spider):
    """Fetch each address and extract its text."""

    name = "extracting"

    def __init__(self, listed: str = "", **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.start_urls = Path(listed).read_text("utf-8").split()

    def parse(self, response):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """One document a page."""
        yield {"url": response.url, "text": trafilatura.extract(response.body, url=response.url)}
