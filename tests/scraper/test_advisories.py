"""The published advisories of other crawlers and of the libraries below, each tried against a real server."""

import gzip
import zlib
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import brotli
import pytest

from sectionary.scraper.errors import FetchError, SiteError
from sectionary.scraper.http import Client
from tests.scraper.conftest import HTML, Street, Wiki

ZEROS = bytes(20_000_000)


@pytest.fixture
def elsewhere() -> Iterator[Wiki]:
    other = Wiki()
    yield other
    other.close()


def failure(client: Client, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        client.get(url)
    return caught.value.reason


@pytest.mark.parametrize(("advisory", "target"), [
    ("GHSA-76g3-c3x4-crvx", "s3://bucket/key"), ("GHSA-23j4-mw76-5v7h", "file:///etc/passwd"),
    ("GHSA-23j4-mw76-5v7h", "s3://bucket/key"), ("GHSA-23j4-mw76-5v7h", "ftp://a.example/x"),
])  # fmt: skip
@pytest.mark.case("GHSA-76g3-c3x4-crvx", "GHSA-23j4-mw76-5v7h")
def test_scrapy_a_redirect_to_another_kind_of_address_is_not_followed(
    client: Client, wiki: Wiki, advisory: str, target: str
) -> None:
    wiki.answers["/a"] = (302, {"Location": target}, b"")
    assert failure(client, f"{wiki.url}/a").startswith("bad address: scheme"), advisory
    assert wiki.hits.total() == 1


@pytest.mark.case("GHSA-cwxj-rr6w-m6w7")
def test_scrapy_ghsa_cwxj_rr6w_m6w7_a_referrer_policy_is_a_word_and_nobody_is_told_where_we_came_from(
    client: Client, wiki: Wiki
) -> None:
    wiki.answers["/a"] = (302, {"Location": "/b", "Referrer-Policy": "os.system"}, b"")
    wiki.answers["/b"] = (200, HTML, b"<p>b")
    assert client.get(f"{wiki.url}/a").body == b"<p>b"
    assert all("Referer" not in headers for headers in wiki.heard)


@pytest.mark.case("Scrapy 2.14.2")
def test_scrapy_a_redirect_never_sends_a_body_on(client: Client, wiki: Wiki, elsewhere: Wiki) -> None:
    """2.14.2: a 301 kept the body of a POST for another origin; here nothing but GET exists."""
    elsewhere.answers["/b"] = (200, HTML, b"<p>b")
    wiki.answers["/a"] = (301, {"Location": f"{elsewhere.url}/b"}, b"")
    assert client.get(f"{wiki.url}/a").body == b"<p>b"
    assert all("Content-Length" not in headers for headers in (*wiki.heard, *elsewhere.heard))


@pytest.mark.parametrize(("coding", "packed"), [("br", brotli.compress(ZEROS)), ("deflate", zlib.compress(ZEROS))])
@pytest.mark.case("CVE-2025-6176")
def test_scrapy_cve_2025_6176_a_single_packed_piece_does_not_pass_the_limit(
    client: Client, wiki: Wiki, coding: str, packed: bytes
) -> None:
    wiki.answers["/a"] = (200, {**HTML, "Content-Encoding": coding}, packed)
    assert failure(client, f"{wiki.url}/a") == "too large"


@pytest.mark.case("GHSA-7j7m-v7m3-jqm7")
def test_scrapy_ghsa_7j7m_v7m3_jqm7_the_limit_counts_what_is_unpacked(client: Client, wiki: Wiki) -> None:
    packed = gzip.compress(ZEROS)
    assert len(packed) < 100_000         # the client's limit
    wiki.answers["/a"] = (200, {**HTML, "Content-Encoding": "gzip"}, packed)
    assert failure(client, f"{wiki.url}/a") == "too large"


@pytest.mark.parametrize("advisory", [
    "GHSA-4qqq-9vqf-3h3f", "GHSA-cw9j-q3vf-hrrv", "GHSA-cjvr-mfj7-j4j8", "GHSA-mfjm-vh54-3f96",
    "http_auth_domain 2.5.1",
])  # fmt: skip
@pytest.mark.case("GHSA-4qqq-9vqf-3h3f", "GHSA-cw9j-q3vf-hrrv", "GHSA-cjvr-mfj7-j4j8", "GHSA-mfjm-vh54-3f96")
@pytest.mark.case("Scrapy 2.5.1")
def test_scrapy_no_cookie_and_no_credentials_go_to_any_host(
    client: Client, wiki: Wiki, elsewhere: Wiki, advisory: str
) -> None:
    told = [("Set-Cookie", "session=secret; Domain=0.0.1"), ("Set-Cookie", "a=b"), ("WWW-Authenticate", "Basic")]

    def set_and_send_on(handler: Any) -> None:
        handler.send_response(302)
        for name, value in (*told, ("Location", f"{elsewhere.url}/b"), ("Content-Length", "0")):
            handler.send_header(name, value)
        handler.end_headers()

    wiki.answers["/a"] = set_and_send_on
    elsewhere.answers["/b"] = (200, HTML, b"<p>b")
    for _ in range(2):
        client.get(f"{wiki.url}/a")
    assert len(wiki.heard) == len(elsewhere.heard) == 2
    for headers in (*wiki.heard, *elsewhere.heard):
        assert not {"Cookie", "Authorization", "Proxy-Authorization"} & headers.keys(), advisory


@pytest.mark.parametrize("advisory", ["GHSA-jm3v-qxmh-hxwv", "Proxy-Authorization 2.6.2", "CVE-2023-32681"])
@pytest.mark.case("GHSA-jm3v-qxmh-hxwv", "Scrapy 2.6.2", "CVE-2023-32681")
def test_no_proxy_of_the_environment_is_asked(
    client: Client, wiki: Wiki, elsewhere: Wiki, advisory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, elsewhere.url.replace("http://", "http://me:secret@"))
    wiki.answers["/a"] = (200, HTML, b"<p>a")
    assert client.get(f"{wiki.url}/a").body == b"<p>a"
    assert elsewhere.heard == [], advisory


@pytest.mark.case("Scrapy 2.11.2")
def test_scrapy_2_11_2_no_request_of_a_site_leaves_its_host(street: Street, elsewhere: Wiki) -> None:
    """There allowed_domains did not hold for all requests: here neither pages nor sitemaps nor robots lead away."""
    street.wiki.answers["/robots.txt"] = (200, {}, f"Sitemap: {elsewhere.url}/sitemap.xml\n".encode())
    street.wiki.page("A", (302, {"Location": f"{elsewhere.url}/wiki/A"}, b""))
    street.fetch()
    assert street.states()["A"][0] == "rejected"
    assert elsewhere.heard == []


@pytest.mark.parametrize(("advisory", "package", "least"), [
    ("GHSA-mf9v-mfxr-j63j, GHSA-qccp-gfcp-xxvc", "urllib3", (2, 7)), ("brotli below urllib3", "brotli", (1, 2)),
    ("CVE-2024-47081, CVE-2024-35195, CVE-2026-25645", "requests", (2, 33)),
])  # fmt: skip
@pytest.mark.case("GHSA-mf9v-mfxr-j63j", "GHSA-qccp-gfcp-xxvc", "CVE-2024-35195", "CVE-2026-25645")
def test_the_libraries_below_are_at_least_those_that_were_mended(
    advisory: str, package: str, least: tuple[int, int]
) -> None:
    assert tuple(map(int, version(package).split(".")[:2])) >= least, advisory


@pytest.mark.case("GHSA-gm62-xv2j-4w53")
def test_urllib3_ghsa_gm62_xv2j_4w53_more_codings_than_anyone_needs_are_refused(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = (200, {**HTML, "Content-Encoding": ", ".join(["gzip"] * 6)}, b"x")
    assert failure(client, f"{wiki.url}/a") == "too many codings"


@pytest.mark.case("GHSA-38jv-5279-wg99")
def test_urllib3_ghsa_38jv_5279_wg99_what_a_redirect_carries_is_not_unpacked(client: Client, wiki: Wiki) -> None:
    wiki.answers["/a"] = (301, {"Location": "/b", "Content-Encoding": "br"}, brotli.compress(ZEROS))
    wiki.answers["/b"] = (200, HTML, b"<p>b")
    assert client.get(f"{wiki.url}/a").body == b"<p>b"


@pytest.mark.case("CVE-2024-47081")
def test_requests_cve_2024_47081_no_netrc_is_read_for_an_address_that_can_be_misread(
    client: Client, wiki: Wiki, elsewhere: Wiki
) -> None:
    port = elsewhere.url.rpartition(":")[2]
    assert failure(client, f"{wiki.url}:@127.0.0.1:{port}/").startswith("bad address")
    assert wiki.heard == elsewhere.heard == []


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><urlset><url><loc>http://a.example/&c;</loc></url></urlset>"""


@pytest.mark.parametrize(("advisory", "body"), [
    ("GHSA-p5wc-9w9r-m232", LAUGHS), ("GHSA-8823-qg2x-pv9f", gzip.compress(b"<urlset>" + bytes(80_000_000))),
])  # fmt: skip
@pytest.mark.case("GHSA-p5wc-9w9r-m232", "GHSA-8823-qg2x-pv9f")
def test_ultimate_sitemap_parser_a_bomb_for_a_sitemap_ends_the_site_with_its_reason(
    street: Street, advisory: str, body: bytes
) -> None:
    street.wiki.answers["/sitemap.xml"] = (200, {"Content-Type": "application/xml"}, body)
    with pytest.raises(SiteError):
        street.fetch(source="sitemap", url=f"{street.wiki.url}/sitemap.xml")
    assert street.counts() == {}, advisory
