"""No page breaks the laws: none of a grammar of wiki markup, no tag soup, no bytes. `make fuzz` looks for longer."""

from hypothesis import given, settings
from laws import check
from markup import fragments, pages, soup


@settings(max_examples=100)
@given(pages)
def test_wiki_markup_breaks_no_law(body: bytes) -> None:
    check(body)


@settings(max_examples=30)
@given(fragments)
def test_markup_that_no_site_file_knows_breaks_no_law(body: bytes) -> None:
    check(body)


@settings(max_examples=100)
@given(soup)
def test_bytes_break_no_law(body: bytes) -> None:
    check(body)
