"""What a page says of its licence, in the forms that footers and heads have."""

import pytest

from sectionary.cleaners.article import Article, clean
from sectionary.scraper.page import Page

BY_SA = "//creativecommons.org/licenses/by-sa/3.0/"
OWN_PAGE = '<a rel="license" href="/wiki/Wiki:Copyrights">Attribution-ShareAlike License</a>'


def stating(footer: str, head: str = "") -> Article:
    html = (
        f'<html><head><title>Tide</title><meta name="generator" content="MediaWiki 1.35.1">{head}</head>'
        '<body class="mediawiki"><div id="mw-content-text"><div class="mw-parser-output"><p>It ebbs.</p></div></div>'
        f'<div id="footer"><ul><li id="footer-info-copyright">{footer}</li></ul></div></body></html>'
    )
    return clean(Page(url="https://wiki.example/wiki/Tide", body=html.encode()))


def told(page: Article) -> tuple[str | None, str | None, str | None]:
    return page.license, page.license_text, page.license_source


def test_of_two_links_to_a_licence_the_exact_one_counts_though_it_is_not_shown() -> None:
    deed = f'<a rel="license" href="{BY_SA}" style="display:none;"></a>'
    page = stating(f"Text is available under the {OWN_PAGE}{deed}.")
    assert told(page) == ("CC-BY-SA-3.0", "Text is available under the Attribution-ShareAlike License.", "footer")


def test_a_deed_that_is_not_called_the_licence_is_not_taken_for_it() -> None:
    pictures = f'<a href="{BY_SA}">CC BY-SA 3.0</a>'
    page = stating(f"Text is available under the {OWN_PAGE}, pictures under {pictures}.")
    assert page.license is None


@pytest.mark.parametrize("rel", ["license", "copyright"])
def test_where_the_footer_leaves_the_version_out_the_head_tells_it(rel: str) -> None:
    page = stating("Content is available under CC BY-SA.", f'<link rel="{rel}" href="{BY_SA}">')
    assert told(page) == ("CC-BY-SA-3.0", "Content is available under CC BY-SA.", "head")


def test_an_exact_footer_counts_before_the_head() -> None:
    footer = f'Content is available under <a rel="license" href="{BY_SA}">CC BY-SA 3.0</a>.'
    page = stating(footer, '<link rel="license" href="//creativecommons.org/licenses/by/4.0/">')
    assert (page.license, page.license_source) == ("CC-BY-SA-3.0", "footer")


def test_a_line_of_statistics_in_the_licences_place_is_no_licence() -> None:
    page = stating('<div id="footer-info-copyright-stats"><a href="https://stats.example/">Page views</a></div>')
    assert told(page) == (None, None, None)
