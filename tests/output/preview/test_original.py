"""The page as it was: what can never get into it, and that none of its text gets lost or moved."""

import re
from collections.abc import Sequence
from itertools import pairwise

import lxml.html
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from sectionary.cleaners.trace import Tracer
from sectionary.output.preview.original import original
from sectionary.output.preview.parts import Part

HARMLESS = {
    "aria-label", "class", "colspan", "data-alt", "data-p", "dir", "lang", "rowspan", "start", "type", "value",
}  # fmt: skip
LOADS_OR_RUNS = {
    "a", "applet", "audio", "base", "embed", "form", "frame", "iframe", "image", "img", "input", "link", "math", "meta",
    "object", "picture", "script", "source", "style", "svg", "template", "textarea", "title", "track", "use", "video",
}  # fmt: skip
HOSTILE = (
    "<script>fetch('//evil.example')</script>", "<img src=//evil.example/a.png onerror=alert(1)>",
    "<img srcset='//evil.example/b.png 2x' alt='\"><script>alert(1)</script>'>", "<body onload=alert(1)>",
    "<style>@import '//evil.example';</style>", "<p style='background:url(//evil.example/c.png)'>",
    "<iframe src=//evil.example></iframe>", "<base href=//evil.example>", "<embed src=//evil.example>",
    "<object data=//evil.example>fallback</object>", "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<a href=javascript:alert(1)>here",
    "<form action=//evil.example><input name=a formaction=//e>",
    "<button formaction=//evil.example onclick=alert(1)>go", "<textarea><p>",
    "<svg><use href=//evil.example#a></use><style>*{}</style><title>t</title></svg>", "<svg><script>alert(1)</script>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<noscript><p title='</noscript><img src=x>'>",
    "<video src=//evil.example poster=//evil.example><source src=//e></video>", "<table background=//evil.example><td>",
    "<table><tr><td><table><tr><td>", "</table>", "text<td>", "<select><option>one<option>two</select>",
    "<b><i><p></b></i>", "<p>one<p>two", "<h2><h3>", "<li><ul><li>", "<dd><dl><dt>", "<ruby>a<rt>b<rp>c</ruby>", "</p>",
    "<template><img src=x></template>", "<!--<img src=x>-->", "<plaintext>", "<xmp><b></xmp>", "<title></title>",
    "<col>", "<details open=1><summary>s", "<br>", "<pre>\n\nx</pre>", "<x-y onclick=alert(1) class='t1 fold'>",
    "&lt;script&gt;", "&#13;", "\ufeff", " ", "words", "\u202eturned", "<td colspan='2;x' dir='\"ltr'>",
    "<frameset><frame src=//e></frameset>", "<svg><tr><td>", "<math><caption>", "<svg><table-x><tbody>",
)  # fmt: skip
PAGES = st.lists(st.sampled_from(HOSTILE) | st.text("ab <>&\"'\u00a0", max_size=4), max_size=25).map("".join)


def shown(html: str, parts: Sequence[Part] = ()) -> str:
    return original(body_of(html), parts)


def text_of(html: str) -> str:
    return page_text(body_of(html))


def body_of(html: str) -> LexborNode:
    body = LexborHTMLParser(f"<html><body>{html}").body
    assert body is not None
    return body


def page_text(node: LexborNode) -> str:
    return Tracer(node).finished().text


def part(number: int, start: int, end: int, kind: str, group: int) -> Part:
    return Part(number=number, kind=kind, name="a.rule", selector=".x", group=group, start=start, end=end, chars=0)


@st.composite
def covered(draw: st.DrawFn) -> tuple[str, list[Part]]:
    """A hostile page, and parts that tile some of its text."""
    page = draw(PAGES)
    places = sorted(draw(st.sets(st.integers(0, len(text_of(page))), max_size=8)))
    kinds = st.sampled_from(("block", "field", "removal"))
    pairs = pairwise(places)
    return page, [part(number, *pair, draw(kinds), number) for number, pair in enumerate(pairs) if draw(st.booleans())]


@given(covered())
def test_nothing_of_a_page_loads_or_runs(case: tuple[str, list[Part]]) -> None:
    """Read by another parser than ours, so that the two would have to be deceived alike."""
    page, parts = case
    tree = lxml.html.fromstring(f"<div>{shown(page, parts)}</div>")
    for element in tree.iter():
        assert isinstance(element.tag, str), "a comment"
        assert element.tag not in LOADS_OR_RUNS
        assert set(element.keys()) <= HARMLESS
    assert not re.search(r"[\w-]+\s*=\s*[^\"\s]", re.sub(r">[^<]*<", "><", shown(page, parts)))


@given(covered())
def test_the_text_of_a_page_stays_as_it_was(case: tuple[str, list[Part]]) -> None:
    """As a browser will read it: written, and parsed again."""
    page, parts = case
    again = LexborHTMLParser(f"<!doctype html><body><div>{shown(page, parts)}</div>").css_first("body > div")
    assert again is not None
    assert page_text(again) == text_of(page)


@given(covered())
def test_every_part_is_marked_at_its_own_text(case: tuple[str, list[Part]]) -> None:
    page, parts = case
    text, tree = text_of(page), LexborHTMLParser(f"<!doctype html><body>{shown(page, parts)}")
    for each in parts:
        marked = "".join(page_text(node) for node in tree.css(f'[data-p="{each.number}"]'))
        assert "".join(marked.split()) == "".join(text[each.start : each.end].split())
