"""Sitemap files, well formed and hostile."""

import gzip
import operator
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sectionary.scraper import sitemap
from sectionary.scraper.sitemap import Entry, SitemapError, read_sitemap

XML = b'<?xml version="1.0" encoding="UTF-8"?>\n'
URLSET = XML + b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">%s</urlset>'
INDEX = XML + b'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">%s</sitemapindex>'


def one(url: str, more: str = "") -> bytes:
    return f"<url><loc>{url}</loc>{more}</url>".encode()


def test_addresses_come_in_order_with_the_time_of_change_in_utc() -> None:
    body = URLSET % (
        one("https://a.example/1", "<lastmod>2026-11-01T12:00:00+02:00</lastmod>")
        + one(" https://a.example/2?a=1&amp;b=2\n", "<lastmod>2026-11-01</lastmod><priority>0.5</priority>")
        + one("https://a.example/3", "<lastmod>soon</lastmod>")
    )
    assert list(read_sitemap(body)) == [
        Entry("https://a.example/1", "2026-11-01T10:00:00Z", latest="2026-11-01T10:00:00Z"),
        Entry("https://a.example/2?a=1&b=2", latest="2026-11-01T23:59:59Z"), Entry("https://a.example/3"),
    ]  # fmt: skip


def test_an_index_leads_to_sitemaps() -> None:
    body = INDEX % b"<sitemap><loc>https://a.example/s.xml.gz</loc></sitemap>"
    assert list(read_sitemap(body)) == [Entry("https://a.example/s.xml.gz", None, index=True)]


@pytest.mark.parametrize("body", [
    gzip.compress(URLSET % one("https://a.example/1")), b"\xef\xbb\xbf" + URLSET % one("https://a.example/1"),
    b"https://a.example/1\n", XML + b"<urlset><url><loc>https://a.example/1</loc></url></urlset>",
    b'<urlset xmlns="http://www.google.com/schemas/sitemap/0.84"><url><loc>https://a.example/1</loc></url></urlset>',
])  # fmt: skip
def test_gzip_text_and_other_generations_are_read(body: bytes) -> None:
    assert list(read_sitemap(body)) == [Entry("https://a.example/1")]


def test_pictures_news_and_alternates_are_no_pages() -> None:
    body = XML + (
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:i="http://www.google.com/schemas/sitemap-'
        b'image/1.1" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        b'xmlns:x="http://www.w3.org/1999/xhtml"><url><loc>https://a.example/1</loc>'
        b"<i:image><i:loc>https://a.example/p.png</i:loc></i:image><news:news><news:loc>https://a.example/n</news:loc>"
        b'</news:news><x:link rel="alternate" hreflang="de" href="https://a.example/de"/></url></urlset>'
    )
    assert [entry.url for entry in read_sitemap(body)] == ["https://a.example/1"]


@pytest.mark.parametrize(("body", "reason"), [
    (b'<!DOCTYPE urlset [<!ENTITY a "b">]><urlset/>', "document type"),
    (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><urlset/>', "document type"),
    (b"<html><body>Not found</body></html>", "no sitemap"), (b"", "no sitemap"), (b"nothing here", "no sitemap"),
    (b"<rss><channel/></rss>", "no sitemap"), (b"<urlset>" + b"<a>" * 100, "nested too deeply"),
    (b"<urlset><url>", "no XML"), (gzip.compress(URLSET % b"")[:-12], "truncated body"),
])  # fmt: skip
@pytest.mark.case("S10")
def test_what_is_no_sitemap_or_must_not_be_read_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(SitemapError, match=reason):
        list(read_sitemap(body))


@pytest.mark.case("S10")
def test_a_billion_laughs_are_not_laughed() -> None:
    swell = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<!DOCTYPE u [<!ENTITY l0 "ha">{swell}]><urlset><url><loc>&l9;</loc></url></urlset>'.encode()
    with pytest.raises(SitemapError, match="document type"):
        list(read_sitemap(body))


@pytest.mark.case("S10")
def test_a_packed_bomb_is_stopped_at_the_protocols_limit() -> None:
    bomb = gzip.compress(bytes(300 * 2**20), 9)
    tracemalloc.start()
    with pytest.raises(SitemapError, match="too large"):
        list(read_sitemap(bomb))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * sitemap.MOST_BYTES


def test_what_came_before_a_fault_counts() -> None:
    given_: list[str] = []
    body = (URLSET % (one("https://a.example/1") + b" " * 200_000 + one("https://a.example/2")))[:-30]
    with pytest.raises(SitemapError, match="no XML"):
        given_.extend(map(operator.attrgetter("url"), read_sitemap(body)))
    assert given_ == ["https://a.example/1"]


def test_an_endless_address_is_passed_over() -> None:
    body = URLSET % (one("https://a.example/" + "x" * 10_000) + one("https://a.example/2"))
    assert [entry.url for entry in read_sitemap(body)] == ["https://a.example/2"]


@given(st.binary(max_size=200))
def test_any_bytes_give_addresses_or_a_reason(body: bytes) -> None:
    for text in (body, URLSET % body, b"<urlset>" + body):
        try:
            assert all(entry.url for entry in read_sitemap(text))
        except SitemapError as error:
            assert str(error)  # noqa: PT017  either outcome will do
