r"""HTML: an article as one small, self-contained HTML5 document that reads the same without its wiki.

None of the page's own markup comes through: each text is escaped, each address checked, there is no script.
Formulas stay TeX between \(…\) and \[…\], where renderers look for them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import attrgetter

from sectionary.cleaners.article import Article
from sectionary.cleaners.fields import Infobox, InfoboxField
from sectionary.cleaners.section import Block, Cell, Image, Section
from sectionary.output.htmllist import nested_list
from sectionary.output.htmltext import block_texts, escaped, linked, multiline, safe_url
from sectionary.output.markescape import Text

_STYLE = """\
:root{color-scheme:light;--ink:#202122;--soft:#54595d;--line:#a2a9b1;--fill:#f3f4f6;--link:#2452b5}
@media(prefers-color-scheme:dark){
:root{color-scheme:dark;--ink:#e6e7e9;--soft:#a7abb1;--line:#54595d;--fill:#23262b;--link:#93b5ff}
body{background:#15171a}}
body{max-width:46rem;margin:2rem auto;padding:0 1rem;color:var(--ink);font:1.05rem/1.6 system-ui,sans-serif;
overflow-wrap:break-word}
h1,h2,h3,h4,h5,h6{line-height:1.25;margin:1.6em 0 .5em}
a{color:var(--link)}
img{max-width:100%;height:auto}
table{border-collapse:collapse;font-size:.95em}
th,td{border:1px solid var(--line);padding:.3em .6em;text-align:start;vertical-align:top}
th,caption{font-weight:600}
th,pre{background:var(--fill)}
pre{padding:.8em}
pre,.wide{overflow-x:auto}
.wide,figure{margin:1em 0}
figcaption,footer{color:var(--soft);font-size:.9em}
blockquote{margin:1em 0;padding-inline-start:1em;border-inline-start:3px solid var(--line)}
div.math{overflow-x:auto;text-align:center}
.poem{padding-inline-start:2em}
.gallery{display:flex;flex-wrap:wrap;gap:1em}
.gallery figure{margin:0;flex:0 1 12rem}
.marked{list-style:none}
.infobox{margin:0 0 1em;font-size:.85em}
@media(min-width:46rem){.infobox{float:inline-end;clear:inline-end;max-width:45%;margin-inline-start:1.5em}}
hr,body>footer{clear:both}
body>footer{margin-top:3em;border-top:1px solid var(--line);padding-top:1em}"""


def article_html(article: Article) -> str:
    """`article` as an HTML5 document: title, sections in order under their anchors, source and licence.

    A heading of level n is hn, at least h2. Links stand in running text and list items, where their offsets
    and texts agree; those to a section of the article lead there within the document.
    """
    title = escaped(article.title)
    language = f' lang="{escaped(article.language)}"' if article.language else ""
    local = dict(_local_addresses(article))
    return "\n".join((
        "<!doctype html>",
        f'<html{language} dir="{escaped(article.dir)}">',
        '<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{title or escaped(article.url)}</title>",
        f"<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<article>",
        *([f"<h1>{title}</h1>"] if title else []),
        *(_section(section, boxes, local) for section, boxes in _with_infoboxes(article)),
        "</article>",
        _footer(article),
        "</body>\n</html>\n",
    ))


def _local_addresses(article: Article) -> Iterator[tuple[str, str]]:
    """The full address of each section and its place in this document."""
    for section in article.sections:
        if section.anchor:
            for name in (section.anchor, *section.anchor_aliases):
                yield f"{article.url}#{name}", f"#{section.anchor}"


def _with_infoboxes(article: Article) -> Iterator[tuple[Section, list[Infobox]]]:
    boxes: dict[int, list[Infobox]] = defaultdict(list)
    for box in article.fields.infoboxes:
        boxes[box.section_index].append(box)
    return ((section, boxes[index]) for index, section in enumerate(article.sections))


def _section(section: Section, boxes: Iterable[Infobox], local: Mapping[str, str]) -> str:
    anchor = f' id="{escaped(section.anchor)}"' if section.anchor else ""
    tag = f"h{min(max(section.level, 2), 6)}"
    heading = f"<{tag}>{escaped(section.heading)}</{tag}>" if section.heading else ""
    blocks = (_block(block, text, section.images) for block, text in block_texts(section, local))
    parts = (f"<section{anchor}>", heading, *map(_infobox, boxes), *blocks, "</section>")
    return "\n".join(filter(None, parts))


def _footer(article: Article) -> str:
    url = escaped(article.url)
    href = safe_url(article.url)
    source = f'<a href="{escaped(href)}">{url}</a>' if href else url
    terms = escaped(article.license_text or article.license or "")
    lines = (source, terms, escaped(article.cleaner_version))
    return "\n".join(("<footer>", *(f"<p>{line}</p>" for line in lines if line), "</footer>"))


def _infobox(box: Infobox) -> str:
    name = box.title or box.name
    caption = [f"<caption>{multiline(name)}</caption>"] if name else []
    return "\n".join(('<table class="infobox">', *caption, *_infobox_rows(box), "</table>"))


def _infobox_rows(box: Infobox) -> Iterator[str]:
    for group, fields in groupby(box.fields, key=attrgetter("group")):
        if group:
            yield f'<tr><th colspan="2">{multiline(group)}</th></tr>'
        yield from map(_infobox_row, fields)


def _infobox_row(field: InfoboxField) -> str:
    text = multiline(field.text)
    if not field.label:
        return f'<tr><td colspan="2">{text}</td></tr>'
    return f'<tr><th scope="row">{multiline(field.label)}</th><td>{text}</td></tr>'


def _block(block: Block, text: Text, images: Sequence[Image]) -> str:
    """A block as the table says; its own language and direction around it."""
    written = BLOCKS.get(block.type, _paragraph)(block, text, images)
    own = {"lang": block.lang, "dir": block.dir}
    marks = "".join(f' {name}="{escaped(value)}"' for name, value in own.items() if value)
    return f"<div{marks}>\n{written}\n</div>" if marks and written else written


def _paragraph(_block: Block, text: Text, _images: Sequence[Image]) -> str:
    return f"<p>{linked(text)}</p>" if text.text else ""


def _note(_block: Block, text: Text, _images: Sequence[Image]) -> str:
    return f"<aside><p>{linked(text)}</p></aside>" if text.text else ""


def _poem(_block: Block, text: Text, _images: Sequence[Image]) -> str:
    return f'<p class="poem">{linked(text)}</p>'


def _rule(_block: Block, _text: Text, _images: Sequence[Image]) -> str:
    return "<hr>"


def _math(block: Block, text: Text, _images: Sequence[Image]) -> str:
    tag = "div" if block.math is None or block.math.display else "span"
    return f'<{tag} class="math" dir="ltr">{escaped(text.text)}</{tag}>'


def _code(block: Block, text: Text, _images: Sequence[Image]) -> str:
    language = block.code.language if block.code else None
    name = f' class="language-{escaped(language)}"' if language else ""
    return f'<pre dir="ltr"><code{name}>{escaped(block.code.text if block.code else text.text)}</code></pre>'


def _pre(_block: Block, text: Text, _images: Sequence[Image]) -> str:
    """Preformatted text; a parser takes the line break after the tag away (HTML Standard, 13.2.6.4.7)."""
    return f'<pre dir="auto">\n{escaped(text.text)}</pre>'


def _quote(block: Block, text: Text, _images: Sequence[Image]) -> str:
    """A quotation. Whom it cites stands below; an address (the cite attribute of HTML) is not for reading."""
    cite = block.quote.cite if block.quote else None
    if cite and cite.startswith(("http://", "https://")):
        return f'<blockquote cite="{escaped(cite)}"><p>{linked(text)}</p></blockquote>'
    named = f"\n<footer><cite>{escaped(cite)}</cite></footer>" if cite and cite not in text.text else ""
    return f"<blockquote><p>{linked(text)}</p>{named}</blockquote>"


def _figure(block: Block, text: Text, _images: Sequence[Image]) -> str:
    caption = text if text.text or not block.figure else Text(block.figure.caption or "")
    return _captioned(block.figure, linked(caption))


def _gallery(_block: Block, text: Text, images: Sequence[Image]) -> str:
    """The gallery's captions, each under the section's picture that bears it."""
    figures = [_captioned(image, "<br>".join(map(linked, lines))) for image, lines in _boxes(text, images)]
    return "\n".join(('<div class="gallery">', *figures, "</div>")) if figures else ""


def _boxes(text: Text, images: Sequence[Image]) -> Iterator[tuple[Image | None, list[Text]]]:
    """The lines of a gallery, those of one caption together, with its picture where there is one."""
    pictures: dict[str, list[Image]] = defaultdict(list)
    for picture in reversed(images):
        if picture.caption:
            pictures[picture.caption.partition("\n")[0]].append(picture)
    lines = iter(text.lines() if text.text else ())
    for line in lines:
        found = pictures.get(line.text)
        image = found.pop() if found else None
        others = image.caption.count("\n") if image and image.caption else 0
        yield image, [line, *islice(lines, others)]


def _captioned(image: Image | None, caption: str) -> str:
    """A figure, or what there is of it; `caption` is HTML."""
    parts = (_picture(image) if image else "", f"<figcaption>{caption}</figcaption>" if caption else "")
    return f"<figure>{''.join(parts)}</figure>" if any(parts) else ""


def _picture(image: Image) -> str:
    src = safe_url(image.src)
    if not src or src.lower().startswith("mailto:"):
        return ""
    size = {"width": image.width, "height": image.height}
    sizes = "".join(f' {name}="{pixels}"' for name, pixels in size.items() if pixels)
    return f'<img src="{escaped(src)}" alt="{escaped(image.alt or "")}"{sizes} loading="lazy">'


def _table(block: Block, text: Text, images: Sequence[Image]) -> str:
    table = block.table
    if table is None:
        return _paragraph(block, text, images)
    rows: list[list[str]] = [[] for _ in range(table.n_rows)]
    for cell in sorted(table.cells, key=attrgetter("r", "c")):
        rows[cell.r].append(_cell(cell))
    name = f' id="{escaped(table.id)}"' if table.id else ""
    caption = [f"<caption>{multiline(table.caption)}</caption>"] if table.caption else []
    lines = (f"<tr>{''.join(row)}</tr>" for row in rows)
    return "\n".join((f'<div class="wide"><table{name}>', *caption, *lines, "</table></div>"))


def _cell(cell: Cell) -> str:
    tag = "th" if cell.is_header else "td"
    spans = {"rowspan": cell.rs, "colspan": cell.cs}
    marks = "".join(f' {name}="{span}"' for name, span in spans.items() if span != 1)
    return f"<{tag}{marks}>{multiline(cell.text)}</{tag}>"


def _list(block: Block, text: Text, images: Sequence[Image]) -> str:
    return nested_list(block.list, text) if block.list else _paragraph(block, text, images)


BLOCKS: dict[str, Callable[[Block, Text, Sequence[Image]], str]] = {
    "paragraph": _paragraph,
    "list": _list,
    "definition_list": _list,
    "table": _table,
    "math": _math,
    "code": _code,
    "quote": _quote,
    "figure": _figure,
    "gallery": _gallery,
    "note": _note,
    "poem": _poem,
    "pre": _pre,
    "hr": _rule,
}
