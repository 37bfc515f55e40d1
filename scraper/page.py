"""Page: the bytes of one page and how they were got. The first of the three nouns."""

from msgspec import Struct


class Signal(Struct, frozen=True, kw_only=True):
    """What a server asks of those who use a page, as it said it.

    `source` is header, meta, robots.txt or tdmrep.json, `name` in lower case: x-robots-tag, robots, tdm-reservation,
    tdm-policy, content-usage or content-signal.
    """

    source: str
    name: str
    value: str


class Http(Struct, frozen=True, kw_only=True):
    """What the server said of the bytes (RFC 9110)."""

    status: int | None = None
    content_type: str | None = None      # the header as sent, parameters included
    content_encoding: str | None = None  # as transferred; `Page.body` is already decoded
    etag: str | None = None
    last_modified: str | None = None     # as sent, an HTTP-date
    signals: tuple[Signal, ...] = ()     # what it asks of those who use the page


class SiteInfo(Struct, frozen=True, kw_only=True):
    """Whose page it is, in the wiki's own words (API:Siteinfo, else the page's head).

    `site` is the host of the wiki's own server, plus a path where wikis share a host.
    `license` is an SPDX identifier or None, never guessed; `license_text` quotes the site;
    `license_source` is api, footer, head or config.
    """

    site: str
    name: str | None = None
    engine: str | None = None
    generator: str | None = None
    language: str | None = None
    license: str | None = None
    license_text: str | None = None
    license_source: str | None = None


class Page(Struct, frozen=True, kw_only=True):
    """One page as the server sent it.

    `url` is the address the bytes came from, after redirects; `canonical_url` the page's address on the
    wiki's own server (the same where nothing else is known); `redirected_from` the addresses or titles
    that led here. `body` is decoded from the transfer encoding but still in the page's own charset.
    `date_fetched` and `date_modified` are RFC 3339 in UTC, whole seconds, "2026-11-22T09:30:00Z".
    What only a wiki's API knows (ids, namespace, title as listed) is None elsewhere.
    """

    url: str
    body: bytes
    canonical_url: str | None = None
    redirected_from: tuple[str, ...] = ()
    http: Http = Http()
    date_fetched: str | None = None
    date_modified: str | None = None
    site_info: SiteInfo | None = None
    page_id: int | None = None
    revision_id: int | None = None
    namespace: int | None = None
    title: str | None = None
    rules: str | None = None             # name of the site file that cleans it; None: find out from the page
