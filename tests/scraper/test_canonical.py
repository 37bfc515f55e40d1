"""From any address of a page to the one it is known by."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sectionary.scraper import urls
from sectionary.scraper.canonical import Place, Wiki, canonicalise
from sectionary.scraper.titles import named

NAMES = named({}, {"WP": 4}, keeps_case=frozenset(), specials={"random": "Random", "randompage": "Random"})
ENWIKI = Wiki(
    server="https://en.wikipedia.org", article_path="/wiki/$1", script="/w/index.php", names=NAMES,
)  # fmt: skip
ZHWIKI = Wiki(
    server="https://zh.wikipedia.org", article_path="/wiki/$1", script="/w/index.php", names=NAMES,
    variants=frozenset({"zh-tw", "zh-cn"}),
)  # fmt: skip
ROOT = Wiki(server="https://root.example", article_path="/$1", script="/w/index.php", names=NAMES)
PLAIN = Wiki(server="http://plain.example", article_path="/index.php?title=$1", script="/index.php", names=NAMES)
SLASH = Wiki(server="http://slash.example", article_path="/wiki/index.php/$1", script="/wiki/index.php", names=NAMES)
COPY = Wiki(
    server="https://mini.example", article_path="/wiki/$1", script="/w/index.php", names=NAMES,
    origin="http://127.0.0.1:8080",
)  # fmt: skip
DICTIONARY = Wiki(
    server="https://en.wiktionary.org", article_path="/wiki/$1", script="/w/index.php",
    names=named({}, {}, keeps_case=frozenset(range(16))),
)  # fmt: skip

EN, WIKI = "https://en.wikipedia.org", "https://en.wikipedia.org/wiki"
PAGES = [
    (f"{WIKI}/Foo_bar", f"{WIKI}/Foo_bar"),
    (f"{EN}/w/index.php?title=Foo_bar", f"{WIKI}/Foo_bar"),
    (f"{EN}/w/index.php?title=Foo_bar&action=view", f"{WIKI}/Foo_bar"),
    (f"{EN}/w/index.php?action=&title=foo+bar", f"{WIKI}/Foo_bar"),
    (f"{EN}/w/index.php?title=Foo%20bar&printable=yes", f"{WIKI}/Foo_bar"),
    (f"{EN}/w/index.php/Foo_bar", f"{WIKI}/Foo_bar"),
    (f"{EN}/w/?title=Foo_bar", f"{WIKI}/Foo_bar"),
    (f"{EN}/wiki/?title=Foo_bar", f"{WIKI}/Foo_bar"),
    (f"{WIKI}/Foo%20bar#Sec", f"{WIKI}/Foo_bar"),
    (f"{WIKI}/foo_bar", f"{WIKI}/Foo_bar"),
    (f"{WIKI}/_foo__bar_", f"{WIKI}/Foo_bar"),
    (f"{WIKI}/foo%C2%A0bar", f"{WIKI}/Foo_bar"),
    (f"{WIKI}/Foo%E2%80%8Ebar", f"{WIKI}/Foobar"),
    ("https://en.m.wikipedia.org/wiki/foo_bar?useskin=vector", f"{WIKI}/Foo_bar"),
    ("http://en.m.wikipedia.org/wiki/Foo_bar", f"{WIKI}/Foo_bar"),
    ("http://en.wikipedia.org/wiki/Foo_bar", f"{WIKI}/Foo_bar"),
    ("HTTPS://EN.Wikipedia.ORG:443/wiki/Foo_bar", f"{WIKI}/Foo_bar"),
    ("https://en.wikipedia.org./wiki/Foo_bar", f"{WIKI}/Foo_bar"),
    (f"{WIKI}/Foo_bar?utm_source=a&fbclid=b", f"{WIKI}/Foo_bar"),
    (f"{WIKI}/Foo_bar?wprov=sfla1&uselang=de&mobileaction=toggle_view_desktop", f"{WIKI}/Foo_bar"),
    (f"{WIKI}/Foo_bar?unknown=1", f"{WIKI}/Foo_bar"),
    (f"{WIKI}/AC%2FDC", f"{WIKI}/AC/DC"),
    (f"{WIKI}/AC/DC", f"{WIKI}/AC/DC"),
    (f"{EN}/w/index.php?title=AC/DC", f"{WIKI}/AC/DC"),
    (f"{WIKI}/What%3F", f"{WIKI}/What%3F"),
    (f"{EN}/w/index.php?title=What?", f"{WIKI}/What%3F"),
    (f"{WIKI}/C%2B%2B", f"{WIKI}/C%2B%2B"),
    (f"{WIKI}/C++", f"{WIKI}/C%2B%2B"),
    (f"{EN}/w/index.php?title=C%2B%2B", f"{WIKI}/C%2B%2B"),
    (f"{WIKI}/Caf%C3%A9", f"{WIKI}/Caf%C3%A9"),
    (f"{WIKI}/Cafe%CC%81", f"{WIKI}/Caf%C3%A9"),
    (f"{WIKI}/caf\u00e9", f"{WIKI}/Caf%C3%A9"),
    (f"{WIKI}/A%26B", f"{WIKI}/A%26B"),
    (f"{WIKI}/A&B", f"{WIKI}/A%26B"),
    (f"{EN}/w/index.php?title=A%26B", f"{WIKI}/A%26B"),
    (f"{WIKI}/It%27s", f"{WIKI}/It%27s"),
    (f"{WIKI}/It's", f"{WIKI}/It%27s"),
    (f"{WIKI}/a;b@c$d!e*f(g),h/i:j~k", f"{WIKI}/A;b@c$d!e*f(g),h/i:j~k"),
    (f"{WIKI}/%22x%22", f"{WIKI}/%22x%22"),
    (f"{WIKI}/100%25", f"{WIKI}/100%25"),
    (f"{WIKI}/100%", f"{WIKI}/100%25"),
    (f"{WIKI}/%D1%8F", f"{WIKI}/%D0%AF"),
    (f"{WIKI}/x/../Foo_bar", f"{WIKI}/Foo_bar"),
    (f"{EN}:443/x/../wiki/./Foo_bar", f"{WIKI}/Foo_bar"),
    (f"{WIKI}/talk:foo", f"{WIKI}/Talk:Foo"),
    (f"{WIKI}/Image:foo.png", f"{WIKI}/File:Foo.png"),
    (f"{WIKI}/WP:foo", f"{WIKI}/Project:Foo"),
    (f"{WIKI}/:Category:Foo", f"{WIKI}/Category:Foo"),
    (f"{WIKI}/Foo_bar?title=Other", f"{WIKI}/Foo_bar"),
    (f"{EN}/w/index.php?title=First&title=Foo_bar", f"{WIKI}/Foo_bar"),
    (f"{WIKI}/Foo%23bar", f"{WIKI}/Foo"),
]  # fmt: skip

OTHER_THINGS = [
    (f"{EN}/w/index.php?title=Foo&action=edit", f"{WIKI}/Foo?action=edit", "an action: edit"),
    (f"{WIKI}/Foo?action=history", f"{WIKI}/Foo?action=history", "an action: history"),
    (f"{WIKI}/Foo?action=raw&utm_source=a", f"{WIKI}/Foo?action=raw", "an action: raw"),
    (f"{EN}/w/index.php?title=Foo&oldid=5", f"{WIKI}/Foo?oldid=5", "an old revision"),
    (f"{WIKI}/Foo?utm_source=a&oldid=5", f"{WIKI}/Foo?oldid=5", "an old revision"),
    (f"{EN}/w/index.php?oldid=5", f"{EN}/w/index.php?oldid=5", "an old revision"),
    (f"{WIKI}/Foo?oldid=5&diff=prev", f"{WIKI}/Foo?diff=prev&oldid=5", "an old revision"),
    (f"{WIKI}/Foo?diff=6", f"{WIKI}/Foo?diff=6", "a difference of revisions"),
    (f"{WIKI}/Foo?veaction=edit", f"{WIKI}/Foo?veaction=edit", "an editor"),
    (f"{EN}/w/index.php?title=Foo&action=edit&redlink=1", f"{WIKI}/Foo?action=edit&redlink=1", "an action: edit"),
    (f"{WIKI}/Foo?redlink=1", f"{WIKI}/Foo?redlink=1", "a page that does not exist"),
    (f"{EN}/?curid=12", f"{EN}/?curid=12", "a page by its number"),
    (f"{WIKI}/Foo?redirect=no", f"{WIKI}/Foo?redirect=no", "a redirect itself"),
    (f"{WIKI}/Category:Foo?pagefrom=M", f"{WIKI}/Category:Foo?pagefrom=M", "a part of a list"),
    (f"{WIKI}/Category:Foo?from=M", f"{WIKI}/Category:Foo?from=M", "a part of a list"),
    (f"{WIKI}/Special:Random", f"{WIKI}/Special:Random", "a special page"),
    (f"{WIKI}/special:randompage", f"{WIKI}/Special:Random", "a special page"),
    (f"{EN}/w/index.php?title=Special:Search&search=x", f"{WIKI}/Special:Search?search=x", "a search"),
    (f"{WIKI}/Media:Foo.png", f"{WIKI}/Media:Foo.png", "a special page"),
    (f"{EN}/w/load.php?modules=x", f"{EN}/w/load.php?modules=x", "no page of the wiki"),
    (f"{EN}/", f"{EN}/", "no page of the wiki"),
    (f"{WIKI}/", f"{WIKI}/", "no page of the wiki"),
    (f"{WIKI}/A%5BB", f"{WIKI}/A%5BB", "no title: a character that titles cannot have"),
    (f"{WIKI}/%FF", f"{WIKI}/%FF", "no title: a character that titles cannot have"),
    (f"{WIKI}/A%2541", f"{WIKI}/A%2541", "no title: an escape that is left over"),
    (f"{WIKI}/A%26amp;B", f"{WIKI}/A%26amp;B", "no title: a character reference"),
    (f"{WIKI}/Talk:File:x", f"{WIKI}/Talk:File:x", "no title: a talk page of another namespace's page"),
    (f"{WIKI}/{'a' * 256}", f"{WIKI}/{'a' * 256}", "no title: more than 255 bytes"),
    (f"{WIKI}/~~~~", f"{WIKI}/~~~~", "no title: a signature"),
]  # fmt: skip

ELSEWHERE = [
    (ROOT, "https://root.example/foo", "https://root.example/Foo", None),
    (ROOT, "https://root.example/w/index.php?title=foo", "https://root.example/Foo", None),
    (ROOT, "https://root.example/w/load.php", "https://root.example/w/load.php", "no page of the wiki"),
    (ROOT, "https://root.example/images/a/b.png", "https://root.example/images/a/b.png", "no page of the wiki"),
    (ROOT, "https://root.example/robots.txt", "https://root.example/robots.txt", "no page of the wiki"),
    (ROOT, "https://m.root.example/foo", "https://root.example/Foo", None),
    (ROOT, "https://www.root.example/foo", "https://root.example/Foo", None),
    (PLAIN, "http://plain.example/index.php?title=foo&x=1", "http://plain.example/index.php?title=Foo", None),
    (PLAIN, "https://plain.example/index.php/foo", "http://plain.example/index.php?title=Foo", None),
    (PLAIN, "http://plain.example/?title=foo", "http://plain.example/index.php?title=Foo", None),
    (PLAIN, "http://plain.example/index.php?title=foo&oldid=1", "http://plain.example/index.php?title=Foo&oldid=1",
     "an old revision"),
    (SLASH, "http://slash.example/wiki/index.php?title=foo", "http://slash.example/wiki/index.php/Foo", None),
    (SLASH, "http://slash.example/wiki/index.php/foo", "http://slash.example/wiki/index.php/Foo", None),
    (COPY, "http://127.0.0.1:8080/wiki/foo", "https://mini.example/wiki/Foo", None),
    (COPY, "https://mini.example/w/index.php?title=foo", "https://mini.example/wiki/Foo", None),
    (DICTIONARY, "https://en.wiktionary.org/wiki/ebb", "https://en.wiktionary.org/wiki/ebb", None),
    (DICTIONARY, "https://en.m.wiktionary.org/wiki/Ebb", "https://en.wiktionary.org/wiki/Ebb", None),
    (ZHWIKI, "https://zh.wikipedia.org/zh-tw/foo", "https://zh.wikipedia.org/wiki/Foo?variant=zh-tw",
     "a variant: zh-tw"),
    (ZHWIKI, "https://zh.wikipedia.org/wiki/foo?variant=zh-cn", "https://zh.wikipedia.org/wiki/Foo?variant=zh-cn",
     "a variant: zh-cn"),
    (ZHWIKI, "https://zh.wikipedia.org/zh-xx/foo", "https://zh.wikipedia.org/zh-xx/foo", "no page of the wiki"),
    (None, "https://zh.m.wikipedia.org/wiki/Foo", "https://zh.wikipedia.org/wiki/Foo", None),
    (None, "https://m.mediawiki.org/wiki/Foo", "https://www.mediawiki.org/wiki/Foo", None),
    (None, "https://commons.m.wikimedia.org/wiki/Foo", "https://commons.wikimedia.org/wiki/Foo", None),
    (None, "https://m.example.org/wiki/Foo", "https://m.example.org/wiki/Foo", None),
    (None, "https://a.example/wiki/foo%20bar#x", "https://a.example/wiki/foo%20bar", None),
    (None, "https://a.example/doku.php?id=wiki:syntax", "https://a.example/doku.php?id=wiki:syntax", None),
    (None, "https://a.example/doku.php?id=x&do=edit", "https://a.example/doku.php?id=x&do=edit", "an action"),
    (None, "https://a.example/x?action=edit", "https://a.example/x?action=edit", "an action: edit"),
    (None, "https://a.example/wiki/Special:Random", "https://a.example/wiki/Special:Random", "a special page"),
    (None, "https://a.example/index.php?title=Special%3ARandom", "https://a.example/index.php?title=Special%3ARandom",
     "a special page"),
    (ENWIKI, "https://de.wikipedia.org/wiki/foo", "https://de.wikipedia.org/wiki/foo", None),
]  # fmt: skip


@pytest.mark.parametrize(("written", "url"), PAGES)
def test_every_spelling_of_a_page_has_one_address(written: str, url: str) -> None:
    place = canonicalise(written, ENWIKI)
    assert (place.url, place.skip) == (url, None)


@pytest.mark.parametrize(("written", "url", "why"), OTHER_THINGS)
def test_what_is_no_page_as_it_is_now_keeps_what_makes_it_so_and_says_why(written: str, url: str, why: str) -> None:
    place = canonicalise(written, ENWIKI)
    assert (place.url, place.skip) == (url, why)


@pytest.mark.parametrize(("wiki", "written", "url", "why"), ELSEWHERE)
def test_each_wiki_has_its_own_form(wiki: Wiki | None, written: str, url: str, why: str | None) -> None:
    place = canonicalise(written, wiki)
    assert (place.url, place.skip) == (url, why)


@pytest.mark.parametrize(("written", "anchor"), [
    (f"{WIKI}/Foo#Low_water", "Low_water"), (f"{WIKI}/Foo_#Low%20water", "Low water"), (f"{WIKI}/Foo", None),
    (f"{WIKI}/Foo%23Sec", "Sec"), (f"{WIKI}/Foo#", None),
])  # fmt: skip
def test_a_fragment_is_kept_as_the_section_it_led_to(written: str, anchor: str | None) -> None:
    place = canonicalise(written, ENWIKI)
    assert (place.url, place.anchor) == (f"{WIKI}/Foo", anchor)


def test_a_page_of_a_wiki_knows_its_title_and_namespace() -> None:
    title = canonicalise(f"{EN}/w/index.php?title=user_talk:ann", ENWIKI).title
    assert title is not None
    assert (str(title), title.namespace) == ("User talk:Ann", 3)


@pytest.mark.parametrize("url", ["ftp://en.wikipedia.org/wiki/X", "https://a:b@en.wikipedia.org/wiki/X", "wiki/X", ""])
def test_what_is_no_address_is_refused_with_the_reason(url: str) -> None:
    with pytest.raises(ValueError, match=r"scheme|credentials"):
        canonicalise(url, ENWIKI)


WIKIS = st.sampled_from([ENWIKI, ZHWIKI, ROOT, PLAIN, SLASH, COPY, DICTIONARY, None])
PATHS = st.text(alphabet="fFoO_ :/.%?&=#+'é\u200eA1~", max_size=16)
QUERIES = st.sampled_from(
    ["", "?title=Foo", "?title=foo+bar&oldid=5", "?action=edit", "?variant=zh-tw", "?a=b&utm_x=1"]
)
HEADS = st.sampled_from(["/wiki/", "/w/index.php", "/w/index.php/", "/", "/index.php", "/zh-tw/"])


@given(WIKIS, HEADS, PATHS, QUERIES)
def test_the_canonical_address_is_a_fixed_point(wiki: Wiki | None, head: str, path: str, query: str) -> None:
    server = wiki.server if wiki else "https://a.example"
    url = f"{server}{head}{path}".replace(" ", "%20") + query
    first = canonicalise(url, wiki)
    again = canonicalise(first.url, wiki)
    assert again.url == first.url
    assert (again.title and again.title.key, again.skip) == (first.title and first.title.key, first.skip)
    assert urls.refusal(first.url) is None


@given(st.text(alphabet="abé_ :/.'&+?%", min_size=1, max_size=12))
def test_one_title_has_one_address_by_path_and_by_parameter(name: str) -> None:
    path = canonicalise(f"{WIKI}/{quote(name, safe='')}", ENWIKI)
    parameter = canonicalise(f"{EN}/w/index.php?title={quote(name, safe='')}", ENWIKI)
    slashed = canonicalise(f"{EN}/w/index.php/{quote(name, safe='')}", ENWIKI)
    if path.skip is None:
        assert path.url == parameter.url == slashed.url


def test_a_place_without_a_wiki_has_no_title() -> None:
    assert canonicalise("https://a.example/x") == Place(url="https://a.example/x")
