"""Scrapy as it comes: it fetches what it is told to and counts it."""

from pathlib import Path

import scrapy


class Bare(scrapy.Spider):
    """Fetch each address; one small item a page, so that nothing is optimised away."""

    name = "bare"

    def __init__(self, listed: str = "", **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.start_urls = Path(listed).read_text("utf-8").split()

    def parse(self, response):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """What came."""
        yield {"url": response.url, "bytes": len(response.body)}
