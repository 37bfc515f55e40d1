"""Listings and the language they are in, as highlighters name it."""

import pytest

from sectionary.cleaners.article import clean, page_of

PROSE = (
    "<p>A tide gauge writes a line a minute; what follows reads such a file and gives the highest water of a day.</p>"
    "<p>It takes the lines in order and forgets all but one of them, so that a year of lines is read in a second.</p>"
)
SOURCE = "high = max(lines)\n  # metres"


@pytest.mark.parametrize(
    ("listing", "language"),
    [
        (f'<pre><code class="language-python">{SOURCE}</code></pre>', "python"),
        (f'<pre class="lang-c++ prettyprint"><code>{SOURCE}</code></pre>', "c++"),
        (f'<div class="highlight-python notranslate"><div class="highlight"><pre>{SOURCE}</pre></div></div>', "python"),
        (f'<div class="highlight-default notranslate"><div class="highlight"><pre>{SOURCE}</pre></div></div>', None),
        (f'<div class="highlight highlight-source-rust"><pre>{SOURCE}</pre></div>', "rust"),
        (f"<pre><code>{SOURCE}</code></pre>", None),
    ],
)
def test_a_listing_of_an_unknown_page_tells_its_language(listing: str, language: str | None) -> None:
    head = "<html><head><title>Gauge</title></head>"
    article = clean(page_of(f"{head}<body><main><h1>Gauge</h1>{PROSE}{listing}{PROSE}</main></body></html>"))
    (block,) = [block for section in article.sections for block in section.blocks if block.code]
    assert block.code is not None
    assert (block.type, block.code.language, block.code.text) == ("code", language, SOURCE)


def test_a_wikis_listing_keeps_the_language_its_highlighter_names() -> None:
    inner = f'<div class="mw-highlight mw-highlight-lang-text mw-content-ltr"><pre>{SOURCE}</pre></div>'
    head = '<html><head><meta name="generator" content="MediaWiki 1.44"></head>'
    (block,) = clean(page_of(f'{head}<body class="mediawiki">{inner}</body></html>')).sections[0].blocks
    assert block.code is not None
    assert block.code.language == "text"
