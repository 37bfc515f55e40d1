"""The `scraper:` section."""

from pathlib import Path
from typing import Any

import pytest

from sectionary.scraper.errors import ConfigError
from sectionary.scraper.settings import ScraperSettings, SiteSettings, require_contact
from sectionary.scraper.yamlfile import check


def settings(**told: Any) -> ScraperSettings:
    return check(ScraperSettings, told, source="/etc/wiki/config.yaml")


def site(**told: Any) -> SiteSettings:
    return settings(sites=[told]).sites[0]


def test_a_site_needs_only_an_address_and_is_named_after_its_host() -> None:
    assert site(url="https://Wiki.Example/wiki/").name == "wiki.example"
    assert site(url="http://127.0.0.1:8080/").name == "127.0.0.1:8080"


def test_the_demo_needs_not_even_that() -> None:
    assert (site(source="demo").name, site(source="demo").url) == ("demo", None)


def test_sizes_and_times_are_written_as_people_do() -> None:
    assert settings(max_page_bytes="16MiB").max_page_bytes == 16 * 2**20
    assert settings(max_page_bytes="500 kB").max_page_bytes == 500_000
    assert settings(refresh_after="7d").refresh_after == 7 * 86400
    assert settings(refresh_after="never").refresh_after is None


def test_the_path_of_a_list_starts_at_the_configuration() -> None:
    assert site(urls="lists/pages.txt", source="urls").urls == Path("/etc/wiki/lists/pages.txt")
    assert site(urls=["https://a.example/x"], source="urls").urls == ("https://a.example/x",)


@pytest.mark.parametrize(("told", "message"), [
    ({"sites": [{"url": "https://a.example/", "source": "feed"}]}, "'sitemap', 'links', 'urls' or 'demo'"),
    ({"sites": [{"url": "ftp://a.example/"}]}, "only http and https are fetched"),
    ({"sites": [{"url": "https://me:secret@a.example/"}]}, "credentials in the address"),
    ({"sites": [{"name": "x"}]}, "a site needs `url`"),
    ({"sites": [{"url": "https://a.example/", "source": "urls"}]}, "source urls needs `urls`"),
    ({"sites": [{"url": "https://a.example/"}, {"url": "https://a.example/x"}]}, "two are named a.example"),
    ({"sites": [{"url": "https://a.example/", "include": ["Category:Onc*"]}]}, "write a category's whole name"),
    ({"sites": [{"source": "links", "urls": ["https://a.example/"]}]}, "a site needs `url`"),
    ({"sites": [{"url": "https://a.example/", "name": "a\nb"}]}, "match pattern"),
    ({"delay": -1}, "greater than or equal to 0"),
    ({"delay": float("nan")}, "finite"),
    ({"max_page_bytes": "lots"}, "write a size in bytes, or like 16MiB"),
    ({"refresh_after": "soon"}, "30m, 12h or 7d, or never"),
    ({"contact": "nobody"}, "write a mail or web address"),
    ({"contact": "a@b.test\r\nX-Evil: 1"}, "plain ASCII"),
    ({"contcat": "a@b.test"}, "did you mean contact?"),
])  # fmt: skip
def test_a_wrong_value_is_told_with_what_is_allowed(told: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(**told)
    assert message in str(caught.value)
    assert "secret" not in str(caught.value)


def test_beyond_this_machine_a_contact_is_required() -> None:
    far = site(url="https://wiki.example/")
    with pytest.raises(ConfigError, match=r"scraper\.contact is missing: to crawl wiki\.example, write"):
        require_contact(settings(), far)
    with pytest.raises(ConfigError, match=r"still the placeholder you@example\.org"):
        require_contact(settings(contact="you@example.org"), far)
    require_contact(settings(contact="ops@wiki.test"), far)


@pytest.mark.parametrize("told", [
    {"url": "http://127.0.0.1:8000/wiki/"}, {"url": "http://localhost/"}, {"source": "demo"},
    {"urls": ["http://[::1]/a"], "source": "urls"},
])  # fmt: skip
def test_on_this_machine_it_is_not(told: dict[str, Any]) -> None:
    require_contact(settings(), site(**told))


def test_a_list_with_one_far_address_needs_it_too() -> None:
    with pytest.raises(ConfigError, match="contact"):
        require_contact(settings(), site(urls=["http://127.0.0.1/a", "https://wiki.example/b"], source="urls"))
