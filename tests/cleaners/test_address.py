"""Addresses: the short ways give what a URL parser gives."""

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sectionary.cleaners.address import Base, file_name

PAGES = (
    "https://wiki.example",
    "https://wiki.example/wiki/Page",
    "https://wiki.example/wiki/Page?action=view/raw#top",
    "https://wiki.example/a//b/Page",
    "https://wiki.example/a/./b/Page",
    "https://wiki.example/a;v=1/Page;x",
)
BESIDE = st.from_regex(
    r"(\./|\.\./)?([a-z0-9_%(),'!*~-][a-z0-9_%(),'!*~.-]{0,8}/?){1,2}(#[a-z:/?]{1,4})?", fullmatch=True
)


def test_a_saved_page_links_to_other_hosts_on_the_web() -> None:
    assert Base("file:Tide.html").absolute("//shore.example/wiki/Ebb") == "https://shore.example/wiki/Ebb"
    assert Base("http://wiki.example/wiki/Tide").absolute("//shore.example/Ebb") == "http://shore.example/Ebb"


@pytest.mark.parametrize("page", PAGES)
@given(href=BESIDE)
def test_a_file_beside_the_page_has_its_address(page: str, href: str) -> None:
    folder = f"{page}/" if page == PAGES[0] else page    # RFC 3986, section 5.2.3: an empty path is the root
    assert Base(page).absolute(href) == urljoin(folder, href)


@pytest.mark.parametrize(
    ("href", "attributes", "kind"),
    [
        ("/wiki/Tide", {}, "internal"),
        ("/wiki/Tide", {"class": "mw-redirect"}, "internal"),
        ("/wiki/File:Tide.png", {}, "file"),
        ("/wiki/Category:Tides", {}, "category"),
        ("/wiki/Help:Tides", {}, "internal"),
        ("/wiki/Bore?action=edit&redlink=1", {}, "redlink"),
        ("/wiki/Bore", {"class": "external new extiw"}, "redlink"),
        ("/doku.php?id=bore", {"class": "wikilink2"}, "redlink"),
        ("/Bore", {"class": "nonexistent"}, "redlink"),
        ("https://other.example/Tide", {"class": "interwiki iw_other"}, "interwiki"),
        ("https://other.example/wiki/Tide", {"class": "extiw external"}, "interwiki"),
        ("https://other.example/wiki/Tide", {"rel": "mw:WikiLink/Interwiki"}, "interwiki"),
        ("https://wiki.example/wiki/Tide", {"class": "external text"}, "external"),
        ("https://other.example/wiki/Tide", {}, "external"),
    ],
)
def test_a_link_leads_to_what_its_classes_and_address_say(
    href: str, attributes: dict[str, str | None], kind: str
) -> None:
    base = Base("https://wiki.example/wiki/Page")
    assert base.kind(base.absolute(href), attributes) == kind


def test_a_missing_page_has_the_address_it_will_have() -> None:
    base = Base("https://wiki.example/doku.php?id=shore:tide")
    missing = {"class": "wikilink2", "title": "shore:bore"}
    assert base.link("/doku.php?id=shore:bore#top", missing)[0] == "https://wiki.example/doku.php?id=shore:bore"
    assert base.link("/wiki/Bore?action=edit&redlink=1", {"class": "new"})[0] == "https://wiki.example/wiki/Bore"


@pytest.mark.parametrize(
    "url",
    [
        "https://wiki.example/wiki/File:Ebb_tide.png",
        "https://wiki.example/images/thumb/e/eb/Ebb_tide.png/220px-Ebb_tide.png",
        "https://static.wikia.nocookie.net/shore/images/e/eb/Ebb_tide.png/revision/latest/scale-to-width-down/350?cb=2",
    ],
)
def test_a_picture_has_the_name_of_its_file_whatever_address_it_is_served_from(url: str) -> None:
    assert file_name(url) == "Ebb tide.png"
