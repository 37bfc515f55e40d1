"""The scribe: a second thread that writes the archive, in order, and stops for good at the first failure."""

from collections import Counter
from concurrent.futures import Future
from pathlib import Path

import pytest

from sectionary.scraper.archive import Archive, ArchiveRef, read_page
from sectionary.scraper.errors import FetchError, InterruptedRunError
from sectionary.scraper.page import Page
from sectionary.scraper.response import Response
from sectionary.scraper.scribe import Scribe


def append(scribe: Scribe, name: str) -> Future[ArchiveRef]:
    url = f"https://a.example/wiki/{name}"
    page = Page(url=url, body=name.encode() * 1000)
    answer = Response(url=url, status=200, body=page.body)
    return scribe.append(page, answer, facts={"key": name}, before=None)


def test_what_was_appended_is_on_disk_when_the_sync_goes_on(tmp_path: Path) -> None:
    with Archive(tmp_path, "mini") as archive, Scribe(archive) as scribe:
        places = [append(scribe, f"P{number}") for number in range(40)]
        bodies = scribe.sync(lambda: [read_page(tmp_path, place.result()).body for place in places]).result()
    assert bodies == [f"P{number}".encode() * 1000 for number in range(40)]


def test_after_a_full_disk_nothing_more_is_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECTIONARY_FAILPOINT", "archive.write:2=ENOSPC")
    monkeypatch.setattr("sectionary.scraper.failpoint._reached", Counter())
    acknowledged: list[str] = []
    with Archive(tmp_path, "mini") as archive, Scribe(archive) as scribe:
        for name in ("kept", "lost", "later"):
            append(scribe, name)
        with pytest.raises(InterruptedRunError, match="No space left"):
            scribe.sync(lambda: acknowledged.append("all")).result()
        later = scribe.sync(lambda: acknowledged.append("later"))
        with pytest.raises(InterruptedRunError, match="No space left"):
            later.result()
    assert not acknowledged


def test_a_page_that_cannot_be_read_again_stops_nobody(tmp_path: Path) -> None:
    with Archive(tmp_path, "mini") as archive, Scribe(archive) as scribe:
        with pytest.raises(FetchError, match="archive: missing"):
            scribe.read(ArchiveRef(file="none.warc.gz", offset=0, length=9, digest="00" * 32))
        place = append(scribe, "P")
        assert scribe.sync(lambda: read_page(tmp_path, place.result()).body).result() == b"P" * 1000
