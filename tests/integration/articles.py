"""The articles written for this project, as a dump that a wiki imports: the example encyclopedia's, and harder ones.

The dump of the English Wikipedia that the wiki begins with was made in 2016 and without templates, so it holds few
tables, formulas, pictures and notes that come out whole. These hold them all.
"""

import json
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1] / "examples/source"
PICTURES = EXAMPLES / "images"
LANGUAGES = ("ar", "de", "fr", "ja", "zh")
_NAMESPACES = {"Template": 10, "Category": 14}


class Written(NamedTuple):
    """A page of the wiki in wikitext."""

    title: str
    language: str
    text: str


def articles() -> list[Written]:
    """All of them, templates first; one of ours takes the place of an example's of the same title."""
    folders = {EXAMPLES: EXAMPLES / "wikitext", HERE / "wikitext": HERE / "wikitext"}
    found = {page.title: page for index, texts in folders.items() for page in _listed(index, texts)}
    del found["Main Page"]
    return sorted(found.values(), key=lambda page: -_namespace(page.title))


def _listed(index: Path, texts: Path) -> list[Written]:
    rows = json.loads((index / "index.json").read_text(encoding="utf-8"))["pages"]
    return [
        Written(row["title"], row["language"], (texts / row["file"]).read_text(encoding="utf-8")) for row in rows
    ]


def dump(pages: list[Written]) -> str:
    """The pages as importDump.php reads them (mediawiki.org, Help:Export, schema 0.11)."""
    return (
        '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">\n'
        + "".join(map(_page, pages))
        + "</mediawiki>\n"
    )


def _page(page: Written) -> str:
    return (
        f"<page><title>{escape(page.title)}</title><ns>{_namespace(page.title)}</ns><revision>"
        "<timestamp>2026-05-01T06:00:00Z</timestamp><contributor><username>Mara Ostrand</username></contributor>"
        f'<model>wikitext</model><format>text/x-wiki</format><text xml:space="preserve">'
        f"{escape(page.text.rstrip(chr(10)))}</text></revision></page>\n"
    )


def _namespace(title: str) -> int:
    """The number of a title's namespace (mediawiki.org, Help:Namespaces); 0 for articles."""
    return _NAMESPACES.get(title.partition(":")[0], 0)


def settings(pages: list[Written]) -> str:
    """PHP that tells the wiki in which language each page is, where it is not the wiki's own."""
    table = {page.title: page.language for page in pages if page.language != "en"}
    return (
        f"$articleLanguages = json_decode( <<<'JSON'\n{json.dumps(table)}\nJSON\n, true );\n"
        "$wgHooks['PageContentLanguage'][] = static function ( Title $title, &$language ) use ( $articleLanguages ) {\n"
        "\t$language = $articleLanguages[$title->getPrefixedText()] ?? $language;\n};\n"
    )
