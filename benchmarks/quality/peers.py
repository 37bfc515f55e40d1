"""The extractors, each with the settings that suit the job best: most structure, most of the article.

A reader takes a page and gives a Reading, or None for a page of a kind that it is not made for.
"""

import contextlib
import importlib.metadata
import io
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sectionary

from .pages import SavedPage
from .reading import Block, Grid, Reading, grid_of, normal_grid, reading_of, tree_of

Reader = Callable[[SavedPage], Reading | None]
NOTHING = Reading(())


@dataclass(frozen=True)
class Peer:
    """An extractor: the distribution that holds it, how it is called here, and who reads."""

    name: str
    distribution: str
    settings: str
    read: Reader

    @property
    def version(self) -> str | None:
        """The installed version; None where it is not installed."""
        if self.read is read_sectionary:
            return sectionary.__version__
        try:
            return importlib.metadata.version(self.distribution)
        except importlib.metadata.PackageNotFoundError:
            return None


def text_of(page: SavedPage) -> str:
    """The page as a string, which most extractors want."""
    return page.body.decode("utf-8", "replace")


def read_sectionary(page: SavedPage) -> Reading:
    """Our own: the blocks of all sections, with their headings."""
    blocks: list[Block] = []
    grids: list[Grid] = []
    for section in sectionary.extract(page.body, url=page.url).sections:
        if section.heading is not None:
            blocks.append(Block("heading", section.heading, section.level))
        for block in section.blocks:
            if block.inside is not None:     # read in the block it lies in already
                continue
            blocks.append(Block(SECTIONARY_TYPES.get(block.type, "paragraph"), _own_text(block)))
            if block.table is not None:
                grids.append(normal_grid([list(row) for row in block.table.grid]))
    return Reading(tuple(blocks), tuple(grids))


SECTIONARY_TYPES = {
    "list": "list", "definition_list": "list", "table": "table", "quote": "quote", "code": "code", "pre": "code",
}  # fmt: skip


def _own_text(block: object) -> str:
    """A block's text; of a list its items without their numbers, as the others give them."""
    items = getattr(block, "list", None)
    return "\n".join(item.text for item in items.items) if items else str(getattr(block, "text", ""))


def read_trafilatura(page: SavedPage) -> Reading:
    """With tables and formatting, as HTML, which keeps levels that its Markdown loses."""
    return _trafilatura(page, favor_recall=False)


def read_trafilatura_recall(page: SavedPage) -> Reading:
    """The same with favor_recall."""
    return _trafilatura(page, favor_recall=True)


def _trafilatura(page: SavedPage, *, favor_recall: bool) -> Reading:
    from trafilatura import extract

    markup = extract(
        text_of(page), output_format="html", include_tables=True, include_formatting=True, include_comments=False,
        favor_recall=favor_recall,
    )  # fmt: skip
    return reading_of(tree_of(markup)) if markup else NOTHING


def read_resiliparse(page: SavedPage) -> Reading:
    """Main content as minimal HTML: headings, paragraphs and lists; it has no tables."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse_from_bytes(page.body, "utf-8")
    markup = extract_plain_text(tree, main_content=True, preserve_formatting="minimal_html", alt_texts=False)
    return reading_of(tree_of(markup), tables=False)


def read_readability(page: SavedPage) -> Reading:
    """The summary's HTML."""
    from readability import Document

    return reading_of(tree_of(Document(text_of(page)).summary()))


def read_justext(page: SavedPage) -> Reading:
    """The good paragraphs, each with the type of the elements it stood in; stop words of the page's language."""
    import justext

    language = JUSTEXT_LANGUAGES.get(page.language.partition("-")[0])
    stop_words = justext.get_stoplist(language) if language else frozenset()
    thresholds = {} if language else {"stopwords_low": 0, "stopwords_high": 0}
    if page.language.partition("-")[0] in DENSE:
        thresholds |= {"length_low": 25, "length_high": 70}
    paragraphs = justext.justext(page.body, stop_words, encoding="utf-8", **thresholds)
    return Reading(tuple(_paragraph(each.dom_path, each.text) for each in paragraphs if not each.is_boilerplate))


def _paragraph(path: str, text: str) -> Block:
    """A block of a type that the path of tags (html.body.div.ul.li) tells."""
    tags = path.split(".")
    heading = next((tag for tag in tags if re.fullmatch("h[1-6]", tag)), None)
    if heading:
        return Block("heading", text, int(heading[1]))
    return Block(next((PATH_TYPES[tag] for tag in tags if tag in PATH_TYPES), "paragraph"), text)


PATH_TYPES = {"table": "table", "ul": "list", "ol": "list", "dl": "list", "blockquote": "quote", "pre": "code"}
DENSE = {"ja", "zh"}                                  # a third of the letters says the same as in English
JUSTEXT_LANGUAGES = {
    "ar": "Arabic", "an": "Aragonese", "be": "Belarusian", "cs": "Czech", "de": "German", "en": "English",
    "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "it": "Italian", "ko": "Korean", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ru": "Russian",
    "simple": "English", "sr": "Serbian", "sv": "Swedish", "vi": "Vietnamese",
}  # fmt: skip


def read_newspaper(page: SavedPage) -> Reading:
    """The article's HTML that it keeps on request, else its text; as English where it lacks the language."""
    import newspaper

    language = page.language.partition("-")[0]
    known = language in dict(newspaper.valid_languages()) and language not in NEWSPAPER_LACKS
    article = newspaper.Article(
        page.url, language=language if known else "en", keep_article_html=True, fetch_images=False
    )
    article.download(input_html=text_of(page))
    article.parse()
    if article.article_html:
        return reading_of(tree_of(article.article_html), tables=False)       # it lets no table tag through
    return Reading(tuple(Block("paragraph", line) for line in article.text.splitlines() if line))


NEWSPAPER_LACKS = {"bn", "hi", "ko", "ne", "ta", "th"}       # their tokenizers need data that we do not install


def read_mwparserfromhtml(page: SavedPage) -> Reading | None:
    """Parsoid's HTML only, which is what it is made for: text by kind of element, headings and wikitables."""
    from mwparserfromhtml import Article
    from mwparserfromhtml.parse.plaintext import html_to_plaintext

    if page.kind != "parsoid" or b"<base" not in page.body:
        return None
    stew = Article(text_of(page)).wikistew
    texts = [
        (text, next((named for kind, named in STEW_TYPES if kind in kinds), "paragraph"))
        for text, _transcluded, kinds, _context in html_to_plaintext(stew.tag.body)
        if not NOT_ARTICLE & set(kinds)
    ]
    headings = [Block("heading", each.title, each.level) for each in stew.get_headings() if each.title]
    grids = [grid_of(tree_of(str(table.html_tag)).find(".//table")) for table in stew.get_wikitables()]
    return Reading(tuple(_joined(texts, headings)), tuple(grid for grid in grids if grid))


NOT_ARTICLE = {"Category", "Citation", "Comment", "Infobox", "Messagebox", "Navigation", "Note", "Reference"}
STEW_TYPES = (("Heading", "heading"), ("Wikitable", "table"), ("Table", "table"), ("List", "list"))


def _joined(texts: list[tuple[str, str]], headings: list[Block]) -> Iterator[Block]:
    """Text nodes put together to lines of one type; a heading, with its level, where its own text begins."""
    waiting = list(reversed(headings))
    line, now, heading = "", "paragraph", ""
    for text, kind in texts:
        if kind != now or text.startswith("\n") or line.endswith("\n"):
            yield from [Block(now, line.strip())] * bool(line.strip())
            line, now = "", kind
        if kind != "heading":
            line += text
        elif text.strip():
            if not heading and waiting:
                heading = waiting[-1].text
                yield waiting.pop()
            heading = heading[len(text.strip()) :].lstrip()
    yield from [Block(now, line.strip())] * bool(line.strip())


def everyone() -> list[Peer]:
    """All extractors, ours first."""
    return [
        Peer("sectionary", "sectionary", "blocks of the sections", read_sectionary),
        Peer("trafilatura", "trafilatura", "HTML, tables, formatting", read_trafilatura),
        Peer("trafilatura, recall", "trafilatura", "the same, favor_recall", read_trafilatura_recall),
        Peer("Resiliparse", "resiliparse", "main content, minimal HTML", read_resiliparse),
        Peer("readability-lxml", "readability-lxml", "summary", read_readability),
        Peer("jusText", "jusText", "stop words of the page's language", read_justext),
        Peer("newspaper4k", "newspaper4k", "article HTML", read_newspaper),
        Peer("mwparserfromhtml", "mwparserfromhtml", "text by element, Parsoid pages only", read_mwparserfromhtml),
    ]


def reading(peer: Peer, page: SavedPage) -> Reading | None:
    """What a peer says of a page; nothing where it raises, None where the page is of no kind it is made for."""
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            return peer.read(page)
    except Exception as error:  # noqa: BLE001 - an extractor that raises, whatever it raises, has read nothing
        return Reading((), failure=repr(error)[:200])
