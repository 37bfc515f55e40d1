"""Links of a page, in bounded time."""

import pytest

from sectionary.scraper.hrefs import MOST_LINKS, links, may_follow, text_of

AT = "https://a.example/wiki/X"


def found(page: str) -> list[str]:
    return [link.url for link in links(page, AT)]


@pytest.mark.parametrize(("page", "urls"), [
    ('<a href="/a">', ["https://a.example/a"]), ("<A HREF='b'>", ["https://a.example/wiki/b"]),
    ("<a\nclass=x href=c>", ["https://a.example/wiki/c"]), ('<a href="//b.example/d">', ["https://b.example/d"]),
    ('<a href="?a=1&amp;b=2">', ["https://a.example/wiki/X?a=1&b=2"]), ('<a href="#x">', []), ("<a>", []),
    ('<base href="/other/"><a href="e">', ["https://a.example/other/e"]), ('<a href="">', []),
    ('<a href="/two words">', ["https://a.example/two%20words"]), ('<a href="http://[bad">', []),
    ('<abbr href="/no"><area href="/no">', []), ('<a data-href="/no" href="/a">', ["https://a.example/a"]),
    ('<!-- <a href="/no"> --><a href="/a"><!-- open <a href="/no">', ["https://a.example/a"]),
])  # fmt: skip
def test_links_are_read_as_browsers_read_them(page: str, urls: list[str]) -> None:
    assert found(page) == urls


def test_a_link_knows_its_classes_title_and_place() -> None:
    (link,) = links('<!--x--><a class="mw-redirect ext" title="A &amp; B" href="/a">', AT)
    assert (link.classes, link.title, link.at) == (frozenset({"mw-redirect", "ext"}), "A & B", 8)


@pytest.mark.parametrize("page", [
    "<a " * 700_000, "<a href=" * 300_000, "<!--" * 500_000, '<a href="' + "x" * 2_000_000, "<a x=y " * 300_000,
    "<a " + "a=" * 1_000_000, "<meta name=robots " * 100_000, "<a " + " " * 2_000_000 + ">",
])  # fmt: skip
def test_hostile_markup_costs_time_by_its_length_alone(page: str) -> None:
    assert list(links(page, AT)) == []
    assert may_follow(page)              # a quadratic reading would take hours


def test_a_page_gives_only_so_many_links() -> None:
    assert len(found('<a href="/a">' * (MOST_LINKS + 10))) == MOST_LINKS


@pytest.mark.parametrize(("meta", "may"), [
    ('<meta name="robots" content="noindex,follow">', True), ('<META NAME=robots CONTENT="noindex, NoFollow">', False),
    ("<meta name='robots' content='none'>", False), ('<meta name="robots" content="max-image-preview:none">', True),
    ("", True),
])  # fmt: skip
def test_a_page_says_whether_its_links_may_be_followed(meta: str, may: bool) -> None:  # noqa: FBT001
    assert may_follow(f"<head>{meta}</head>") is may


@pytest.mark.parametrize(("body", "kind", "text"), [
    ("é".encode(), None, "é"), ("é".encode("latin-1"), "text/html; charset=ISO-8859-1", "é"),
    (b'<meta charset="windows-1252">\x80', "text/html", '<meta charset="windows-1252">€'),
    (b"x", "text/html; charset=no-such-thing", "x"), (b"\xff", None, "\ufffd"),
])  # fmt: skip
def test_pages_are_decoded_as_declared(body: bytes, kind: str | None, text: str) -> None:
    assert text_of(body, kind) == text
