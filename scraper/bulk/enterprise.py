"""Wikimedia Enterprise HTML dumps: NDJSON in tar.gz, an article a line (its data dictionary, "Article").

A gzip stream cannot be gone into, so the lines themselves go to the workers, still packed as JSON.
"""

import tarfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from sectionary.scraper import urls
from sectionary.scraper.bulk.streams import unpacked
from sectionary.scraper.bulk.task import BulkPage, Wanted, named, version_of
from sectionary.scraper.errors import FetchError
from sectionary.scraper.licence import spdx
from sectionary.scraper.page import Http, Page, SiteInfo

SUFFIXES = (".tar.gz", ".tar", ".tgz", ".ndjson", ".ndjson.gz", ".ndjson.zst")
_LINES = (".ndjson", ".json", ".jsonl")  # members of a dump that hold articles


class _Licence(Struct):
    name: str | None = None
    identifier: str | None = None
    url: str | None = None


class _Version(Struct):
    identifier: int | None = None


class _Named(Struct):
    """A language, a wiki, a namespace, a redirect."""

    identifier: str | int | None = None
    name: str | None = None
    url: str | None = None


class _Body(Struct):
    html: str = ""


class _Article(Struct):
    name: str
    url: str
    identifier: int | None = None
    date_modified: str | None = None
    version: _Version = msgspec.field(default_factory=_Version)
    in_language: _Named = msgspec.field(default_factory=_Named)
    namespace: _Named = msgspec.field(default_factory=_Named)
    is_part_of: _Named = msgspec.field(default_factory=_Named)
    license: list[_Licence] = []
    redirects: list[_Named] = []
    article_body: _Body = msgspec.field(default_factory=_Body)


class _Address(Struct):
    url: str | None = None


def pages(path: Path, wanted: Wanted) -> Iterator[BulkPage]:
    """The articles of a dump, in order."""
    version = version_of(path)
    for number, line in enumerate(_lines(path)):
        url = _url(line) or named(path, number)
        if wanted.takes(url):
            yield BulkPage(
                key=f"{path}@{number}", kind="enterprise", path=path, version=version, place=number,
                canonical_url=url, data=line,
            )  # fmt: skip


def read(task: BulkPage, most: int) -> Page:
    """The page of an article. Raises FetchError for a line that is none."""
    try:
        article = msgspec.json.decode(task.data or b"", type=_Article)
    except msgspec.MsgspecError as error:
        raise FetchError(task.canonical_url, f"no article: {error}") from None
    namespace = article.namespace.identifier
    return Page(
        url=article.url,
        body=article.article_body.html.encode("utf-8", "replace")[:most],
        canonical_url=article.url,
        redirected_from=tuple(each.url or each.name or "" for each in article.redirects),
        http=Http(content_type="text/html; charset=utf-8"),
        date_modified=article.date_modified[:19] + "Z" if article.date_modified else None,
        site_info=_site_info(article),
        page_id=article.identifier,
        revision_id=article.version.identifier,
        namespace=namespace if isinstance(namespace, int) else None,
        title=article.name,
    )


def _site_info(article: _Article) -> SiteInfo:
    """The wiki, and the first licence that SPDX knows; all of them are quoted."""
    found = [name for each in article.license if (name := spdx(each.url, None) or spdx(None, each.name))]
    told = [each.name or each.identifier or each.url or "" for each in article.license]
    language = article.in_language.identifier
    return SiteInfo(
        site=urls.host(article.is_part_of.url or article.url),
        engine="mediawiki",
        language=str(language) if language else None,
        license=found[0] if found else None,
        license_text=", ".join(filter(None, told)) or None,
        license_source="dump" if told else None,
    )


def _lines(path: Path) -> Iterator[bytes]:
    with unpacked(path) as stream:
        if ".ndjson" in path.name and ".tar" not in path.name:
            yield from filter(None, (line.strip() for line in stream))
            return
        try:
            with tarfile.open(fileobj=stream, mode="r|gz" if path.suffix == ".tgz" else "r|") as tar:
                for member in tar:
                    if member.isfile() and member.name.endswith(_LINES) and (file := tar.extractfile(member)):
                        yield from filter(None, (line.strip() for line in file))
        except tarfile.TarError as error:
            raise ValueError(str(error)) from None


def _url(line: bytes) -> str | None:
    try:
        return msgspec.json.decode(line, type=_Address).url
    except msgspec.MsgspecError:
        return None
