"""Lists of addresses."""

from pathlib import Path
from typing import Any

import pytest

from sectionary.scraper.errors import ConfigError
from sectionary.scraper.http import Client
from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.sources.listing import Listed, Visit
from sectionary.scraper.sources.urls import discover, enumerate_pages


def listing(client: Client, **told: Any) -> list[Listed]:
    site = SiteSettings.model_validate({"source": "urls", **told})
    visit = Visit(client=client, site=site, allows=lambda _: True)
    return list(enumerate_pages(visit, discover(visit)))


def from_file(client: Client, path: Path, text: str) -> list[Listed]:
    path.write_text(text, encoding="utf-8")
    site = SiteSettings.model_validate({"source": "urls", "urls": str(path)})
    visit = Visit(client=client, site=site, allows=lambda _: True)
    return list(enumerate_pages(visit, discover(visit)))


def test_each_address_is_listed_once_in_one_form(client: Client) -> None:
    pages = listing(client, urls=["https://A.example/x#1", "https://a.example:443/x", "https://a.example/y"])
    assert [page.key for page in pages] == ["https://a.example/x", "https://a.example/y"]
    assert all(page.url == page.key for page in pages)


def test_a_file_may_hold_blank_lines_and_remarks(client: Client, tmp_path: Path) -> None:
    text = "\ufeff# ours\n\n https://a.example/é \r\n# https://a.example/no\nhttps://a.example/b\n"
    assert [page.key for page in from_file(client, tmp_path / "l.txt", text)] == [
        "https://a.example/%C3%A9", "https://a.example/b",
    ]  # fmt: skip


def test_every_bad_line_is_told_in_a_line_without_its_secrets(client: Client, tmp_path: Path) -> None:
    text = "https://a.example/ok\nexample.org/x\nhttps://me:secret@a.example/\n"
    with pytest.raises(ConfigError) as caught:
        from_file(client, tmp_path / "l.txt", text)
    first, second = str(caught.value).splitlines()
    assert first.endswith("l.txt:2: example.org/x: scheme missing; only http and https are fetched")
    assert "l.txt:3: " in second
    assert "secret" not in second


def test_a_list_that_is_missing_or_empty_is_told(client: Client, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        listing(client, urls=str(tmp_path / "none.txt"))
    with pytest.raises(ConfigError, match="lists no pages"):
        from_file(client, tmp_path / "l.txt", "# nothing\n")


def test_scope_holds_for_lists_too(client: Client) -> None:
    pages = listing(client, urls=["https://a.example/x", "https://a.example/y"], exclude=["*/y"])
    assert [page.excluded for page in pages] == [None, "scope"]


@pytest.mark.parametrize(("url", "chosen"), [
    ("https://a.example/wiki/Low_tide", True), ("https://a.example/wiki/Low%20tide/?x=1", True),
    ("https://a.example/wiki/Tide", False), ("https://a.example/Low_tide/Tide", False),
])  # fmt: skip
def test_a_title_in_the_scope_of_a_list_is_the_last_part_of_the_path(client: Client, url: str, chosen: bool) -> None:  # noqa: FBT001
    (page,) = listing(client, urls=[url], include=["Low tid*"])
    assert (page.excluded is None) is chosen
