"""Rules about addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sectionary.scraper import urls

ONE_FORM = [
    ("HTTP://Example.ORG:80/a", "http://example.org/a"),
    ("https://example.org:443", "https://example.org/"),
    ("https://example.org:8443/a", "https://example.org:8443/a"),
    ("https://example.org./a#part", "https://example.org/a"),
    ("https://example.org/a/../b/./c", "https://example.org/b/c"),
    ("https://example.org/a/%2e%2e/../b", "https://example.org/b"),
    ("https://example.org/%7euser/caf%c3%a9", "https://example.org/~user/caf%C3%A9"),
    ("https://example.org/café", "https://example.org/caf%C3%A9"),
    ("https://example.org/AC%2FDC", "https://example.org/AC%2FDC"),
    ("https://example.org/C%2B%2B", "https://example.org/C%2B%2B"),
    ("https://example.org/100%", "https://example.org/100%25"),
    ("https://example.org/a?utm_source=x&oldid=5&fbclid=y", "https://example.org/a?oldid=5"),
    ("https://example.org/a?b=2&a=1", "https://example.org/a?b=2&a=1"),
    ("https://straße.example/a", "https://xn--strae-oqa.example/a"),
    ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
]

REFUSED = [
    ("file:///etc/passwd", "scheme file"),
    ("ftp://example.org/", "scheme ftp"),
    ("javascript:alert(1)", "scheme javascript"),
    ("data:text/html,x", "scheme data"),
    ("/wiki/A", "scheme missing"),
    ("http://127.0.0.1\\@example.com/", "backslash"),
    ("http://example.com\t.evil/", "control character"),
    ("http://example.com /", "white space"),
    ("https://user:secret@example.org/", "credentials"),
    ("https:///path", "no host"),
    ("https://example.org:99999/", "no address"),
    ("http://[::1/", "no address"),
]


@pytest.mark.parametrize(("given_", "form"), ONE_FORM)
def test_an_address_has_one_form(given_: str, form: str) -> None:
    assert urls.normalise(given_) == form


@pytest.mark.parametrize(("url", "why"), REFUSED)
def test_what_parsers_may_differ_on_is_refused_with_the_reason(url: str, why: str) -> None:
    assert why in str(urls.refusal(url))
    with pytest.raises(ValueError, match=why):
        urls.normalise(url)


@given(st.from_regex(r"https?://[a-z]{1,5}\.example(:[0-9]{1,4})?(/[ -~é%]{0,8}){0,4}(\?[!-~]{0,8})?", fullmatch=True))
def test_the_one_form_is_a_fixed_point(url: str) -> None:
    if urls.refusal(url) is None:
        once = urls.normalise(url)
        assert urls.normalise(once) == once


@pytest.mark.parametrize("other", [
    "http://www.example.org/wiki/C%2B%2B", "https://example.org/wiki/C++/", "https://example.org/wiki/C%2b+#x",
])  # fmt: skip
def test_spellings_of_one_page_share_an_identity(other: str) -> None:
    assert urls.identity(other) == urls.identity("https://example.org/wiki/C++")


def test_different_pages_differ_in_identity() -> None:
    places = ["http://a.example/x", "http://b.example/x", "http://a.example/y", "http://a.example/x?a=1"]
    assert len({urls.identity(place) for place in places}) == len(places)


@pytest.mark.parametrize(("title", "path"), [
    ("Foo bar", "Foo_bar"), ("A & B", "A_%26_B"), ("AC/DC", "AC/DC"), ("C++", "C%2B%2B"), ("What?", "What%3F"),
    ("Café", "Caf%C3%A9"), ("Talk:A (b), c", "Talk:A_(b),_c"), ("It's ~1;2@3$4!5*6", "It%27s_~1;2@3$4!5*6"),
    ('"x"', "%22x%22"), ("日本", "%E6%97%A5%E6%9C%AC"),
])  # fmt: skip
def test_titles_are_written_as_mediawiki_writes_them(title: str, path: str) -> None:
    assert urls.article_url("https://a.example", "/wiki/$1", title) == f"https://a.example/wiki/{path}"


def test_a_server_without_a_scheme_is_reached_by_https() -> None:
    assert urls.article_url("//a.example", "/wiki/$1", "X") == "https://a.example/wiki/X"


@pytest.mark.parametrize(("articles", "scripts", "key"), [
    ("/wiki/$1", "/w", "a.example"), ("/wiki/$1", "", "a.example"), ("/$1", "/w", "a.example"),
    ("/wiki/$1", "/wiki", "a.example"), ("/index.php?title=$1", "", "a.example"),
    ("/de/wiki/$1", "/de", "a.example/de"), ("/one/index.php/$1", "/one", "a.example/one"),
    ("/wiki/$1", "/mediawiki", "a.example"),
])  # fmt: skip
def test_a_site_is_its_host_and_a_path_where_wikis_share_one(articles: str, scripts: str, key: str) -> None:
    assert urls.site_key("https://A.example:443", articles, scripts) == key


@pytest.mark.parametrize(("name", "own"), [
    ("localhost", True), ("LOCALHOST.", True), ("a.localhost", True), ("127.0.0.1", True), ("127.9.9.9", True),
    ("[::1]", True), ("example.org", False), ("10.0.0.1", False), ("localhost.example", False),
])  # fmt: skip
def test_loopback_is_known_by_name_and_by_number(name: str, own: bool) -> None:  # noqa: FBT001
    assert urls.is_loopback(name) is own


@given(st.text(max_size=200))
def test_a_safe_name_is_one_harmless_path_part(text: str) -> None:
    name = urls.safe_name(text)
    assert 0 < len(name) <= 60
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")
    assert name not in {".", ".."}
