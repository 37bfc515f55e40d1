"""Beside the list: verse, listings, quotations, players, drawings, forms, and what only a script would show."""

from collections.abc import Callable

import pytest

from sectionary.cleaners.article import Article

Framed = Callable[..., Article]
CASES = {
    "verse": (
        '<div class="poem"><p>Ebb and<br />\nflood<br />\n</p><p>and ebb.<br />\n</p></div>',
        [("poem", "Ebb and\nflood\n\nand ebb.")],
    ),
    "white space that counts": ("<pre>a\n  b\n\nc\n</pre>", [("pre", "a\n  b\n\nc")]),
    "breaks in it": ("<pre>a<br>b</pre>", [("pre", "a\nb")]),
    "a listing (2011)": (
        ('<div dir="ltr" class="mw-geshi mw-code mw-content-ltr"><div class="python source-python"><pre class="de1">'
        '<span class="kw1">def</span> f():\n    <span>pass</span></pre></div></div>'),
        [("code", "def f():\n    pass")],
    ),
    "a listing with a pre for each line": (
        ('<div class="mw-geshi"><div class="c source-c"><ol><li class="li1"><pre class="de1">int a;</pre></li>\n'
        '<li class="li1"><pre class="de1">\n</pre></li>\n<li class="li1"><pre class="de1">int b;</pre></li></ol></div></div>'),
        [("code", "int a;\n\nint b;")],
    ),
    "a listing with numbered lines and a button": (
        ('<div class="mw-highlight mw-highlight-lang-python mw-highlight-lines"><pre><span></span><span id="L-1">'
        '<span class="linenos">1</span><span class="k">def</span> f():</span>\n<span id="L-2"><span class="linenos">2</span>'
        "    pass</span>\n</pre><button>copy</button></div>"),
        [("code", "def f():\n    pass")],
    ),
    "a quotation and whom it is of": (
        '<blockquote class="templatequote"><p>It ebbs.</p><div class="templatequotecite">— <cite>Bede</cite></div></blockquote>',
        [("quote", "It ebbs.\n— Bede")],
    ),
    "a quotation in a box": (
        ('<div class="quotebox"><div class="quotebox-title">Tides</div><blockquote class="quotebox-quote">It ebbs.'
        "</blockquote><div><cite>Bede</cite></div></div>"),
        [("quote", "Tides\nIt ebbs.\nBede")],
    ),
    "a thematic break": ("<p>a</p><hr><p>b</p>", [("paragraph", "a"), ("hr", ""), ("paragraph", "b")]),
    "centred": ("<p>a</p><center>b</center>c", [("paragraph", "a"), ("paragraph", "b"), ("paragraph", "c")]),
    "a film": (
        ('<figure typeof="mw:File/Thumb"><span><video controls poster="/p.jpg"><source src="/v.webm">Your browser cannot.'
        '</video></span><figcaption>Ebb</figcaption></figure>'),
        [("figure", "Ebb")],
    ),
    "a sound in a line": (
        ('<p>Say <audio src="/a.ogg">Your browser cannot.</audio><a href="/a.ogg">ebb</a> <small class="metadata '
        'audiolinkinfo">(<a href="/h">help</a>·<a href="/i">info</a>)</small> aloud</p>'),
        [("paragraph", "Say ebb aloud")],
    ),
    "a player's signs": (
        ('<div class="mediaContainer"><video></video><a class="mw-tmh-play" title="Play"></a><span class="mw-tmh-duration '
        'mw-tmh-label"><span class="sr-only">Duration: 36 seconds.</span>0:36</span></div><p>a</p>'),
        [("paragraph", "a")],
    ),
    "a drawing": (
        "<p>a <svg><title>Icon</title><g><desc>d</desc><text>ebb</text><text>flood</text></g></svg> b</p>",
        [("paragraph", "a ebb flood b")],
    ),
    "a map of links": (
        '<p>a <map name="m"><area href="/wiki/A" alt="A"></map><img usemap="#m" src="/m.png" alt="Map"> b</p>',
        [("paragraph", "a b")],
    ),
    "a frame and its stand-in": (
        '<p>a</p><iframe src="https://video.example/">cannot</iframe><object data="/a.svg">drawn</object>',
        [("paragraph", "a"), ("paragraph", "drawn")],
    ),
    "a group of a form": ("<fieldset><legend>Ebb</legend><p>a</p></fieldset>", [("paragraph", "Ebb"), ("paragraph", "a")]),
    "tabs": (
        ('<div class="tabber"><div class="tabbertab" title="One"><p>a</p></div><div class="tabbertab" title="Two" '
        'style="display:none"><p>b</p></div></div>'),
        [("paragraph", "a"), ("paragraph", "b")],
    ),
    "a link to another edition": (
        ('<p>by <a class="new" href="/x">Ebb</a><span class="noprint"> [<a class="extiw" href="https://de.wiki.example/E">de'
        "</a>]</span></p>"),
        [("paragraph", "by Ebb")],
    ),
    "a link to edit a template": (
        '<p>Ebb <span class="noprint plainlinks"><a href="/w/index.php?title=T&amp;action=edit">edit</a></span></p>',
        [("paragraph", "Ebb")],
    ),
    "an element in a span": ("<span><div>a</div><div>b</div></span>", [("paragraph", "a"), ("paragraph", "b")]),
}


@pytest.mark.parametrize("form", CASES)
def test_blocks_are_what_a_reader_sees(article: Framed, form: str) -> None:
    markup, blocks = CASES[form]
    assert [(block.type, block.text) for block in article(markup).sections[0].blocks] == blocks
