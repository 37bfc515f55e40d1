"""Where a page is from and in which language it is written, when only little of it tells."""

import pytest

from sectionary.cleaners.article import Article, clean, page_of

FOOT = '<div class="printfooter">Retrieved from "<a dir="ltr" href="{0}">{0}</a>"</div>'


def saved(head: str, foot: str = "", url: str = "") -> Article:
    """A page as a saver left it."""
    return clean(
        page_of(
            f'<html><head><meta name="generator" content="MediaWiki 1.31">{head}</head><body class="mediawiki">'
            f'<h1 id="firstHeading">Tide</h1><div id="mw-content-text"><h2>Causes</h2><p>The moon.</p></div>'
            f"{foot}</body>",
            url,
        )
    )


@pytest.mark.parametrize(
    ("printed", "url", "site"),
    [
        ("https://de.wikipedia.org/w/index.php?title=H\u00f6he&oldid=7", "https://de.wikipedia.org/wiki/H%C3%B6he",
         "de.wikipedia.org"),
        ("http://sea.example/index.php?title=Tide&oldid=7", "http://sea.example/index.php?title=Tide", "sea.example"),
        ("http://sea.example/Tide:Low?oldid=7", "http://sea.example/Tide:Low", "sea.example"),
        ("http://[sea/Tide", "", "local"),
    ],
)  # fmt: skip
def test_a_copy_is_of_the_wiki_whose_address_its_foot_prints(printed: str, url: str, site: str) -> None:
    article = saved('<link rel="canonical" href="Tide.html">', FOOT.format(printed))
    assert (article.url, article.site) == (url, site)


def test_the_path_of_articles_is_known_from_the_variables() -> None:
    head = '<script>mw.config.set({"wgArticlePath":"/sea/$1"});</script>'
    article = saved(head, FOOT.format("http://sea.example/w/index.php?title=Low_tide&oldid=7"))
    assert article.url == "http://sea.example/sea/Low_tide"


def test_an_address_that_is_known_goes_before_what_the_foot_prints() -> None:
    foot = FOOT.format("http://sea.example/index.php?title=Tide&oldid=7")
    assert saved("", foot, "https://coast.example/wiki/Tide").url == "https://coast.example/wiki/Tide"
    assert saved('<link rel="canonical" href="https://shore.example/Tide">', foot).site == "shore.example"


def test_the_foot_tells_the_address_though_the_head_tells_the_site() -> None:
    head = '<link rel="EditURI" type="application/rsd+xml" href="//de.wikipedia.org/w/api.php?action=rsd">'
    article = saved(head, FOOT.format("https://de.wikipedia.org/w/index.php?title=Tide&oldid=7"))
    assert (article.url, article.site) == ("https://de.wikipedia.org/wiki/Tide", "de.wikipedia.org")


def test_a_page_is_in_the_language_of_its_edition_though_only_its_base_names_it() -> None:
    assert saved('<base href="//ko.wikipedia.org/wiki/">').language == "ko"


def test_the_frame_of_the_page_is_no_anchor() -> None:
    assert saved("").sections[1].anchor is None
