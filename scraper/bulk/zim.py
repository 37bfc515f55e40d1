"""ZIM, the offline encyclopedias' format (openZIM, "ZIM file format"), by libzim: old namespaces (A/…) and new.

A page's address is what its head names as canonical, else its path below --base-url. What the file says of
itself (License, Language, Title, Source) is said of its site where the address is known.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

from sectionary.scraper import urls
from sectionary.scraper.bulk.task import BulkPage, Wanted, version_of
from sectionary.scraper.errors import ConfigError, FetchError
from sectionary.scraper.licence import spdx
from sectionary.scraper.page import Http, Page, SiteInfo

SUFFIXES = (".zim",)


def pages(path: Path, wanted: Wanted) -> Iterator[BulkPage]:
    """The HTML entries of a file, in the order of their paths; redirects are passed over."""
    archive, version = _archive(str(path)), version_of(path)
    for number in range(archive.all_entry_count):
        entry = archive._get_entry_by_id(number)  # noqa: SLF001 - the one way through all entries that libzim has
        if entry.is_redirect or entry.get_item().mimetype.partition(";")[0] not in wanted.mime:
            continue
        url = _address(path, entry.path, wanted.base_url)
        if wanted.takes(url):
            yield BulkPage(
                key=f"{path}@{number}", kind="zim", path=path, version=version, place=number, canonical_url=url,
                wanted=wanted,
            )  # fmt: skip


def read(task: BulkPage, most: int) -> Page:
    """The page of an entry. Raises FetchError where it cannot be read."""
    archive = _archive(str(task.path))
    try:
        entry = archive._get_entry_by_id(task.place)  # noqa: SLF001 - see above
        body = bytes(entry.get_item().content[:most])
    except (RuntimeError, KeyError) as error:
        raise FetchError(task.canonical_url, f"unreadable: {error}") from None
    return Page(
        url=task.canonical_url,
        body=body,
        title=entry.title or None,
        http=Http(content_type=entry.get_item().mimetype),
        site_info=_site_info(archive, task.canonical_url) if task.wanted.base_url else None,
    )


def _address(path: Path, name: str, base_url: str | None) -> str:
    """`name` is the entry's path; the namespace that old files put before it is no part of a page's address."""
    bare = quote(name.removeprefix("A/"))
    return urljoin(base_url, bare) if base_url else f"file:{quote(path.name)}/{bare}"


def _site_info(archive: Any, url: str) -> SiteInfo:
    told = _metadata(archive, "License")
    return SiteInfo(
        site=urls.host(url),
        name=_metadata(archive, "Title"),
        language=_metadata(archive, "Language") if len(_metadata(archive, "Language") or "") == 2 else None,
        license=spdx(told, told),
        license_text=told,
        license_source="zim" if told else None,
    )


def _metadata(archive: Any, name: str) -> str | None:
    if name not in archive.metadata_keys:
        return None
    return str(archive.get_metadata(name).decode("utf-8", "replace")).strip() or None


@lru_cache(maxsize=4)
def _archive(path: str) -> Any:
    try:
        from libzim.reader import Archive  # noqa: PLC0415 - an extra
    except ImportError:
        raise ConfigError(f"{path}: to read ZIM files install sectionary[zim]") from None
    try:
        return Archive(path)
    except RuntimeError as error:
        raise ValueError(str(error)) from None
