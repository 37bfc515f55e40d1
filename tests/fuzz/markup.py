"""Pages to try: trees from a grammar of wiki markup, tag soup, and bytes."""

from hypothesis import strategies as st

WORDS = (
    "ebb", "flow", "12", "[edit]", "[edit | edit source]", "a|b", "*", r"\(x\)", "$", "漢字", "مد", "\u202e", "\ufeff",
    "\ud800", "\0", "\x85", "&amp;lt;", "&#0;", "&#xD800;", "e\u0301", "\U0001f30a", "ISBN 978-3-16-148410-0",
    "10.1000/182", "1;2", "^", "\n\n", "|}", "(",
)  # fmt: skip
TAGS = (
    "p", "div", "span", "a", "b", "i", "u", "sup", "sub", "br", "hr", "img", "ul", "ol", "li", "dl", "dt", "dd",
    "table", "caption", "tr", "th", "td", "blockquote", "pre", "code", "h1", "h2", "h3", "h4", "h6", "figure",
    "figcaption", "section", "aside", "ruby", "rb", "rt", "rp", "math", "annotation", "svg", "small", "center",
    "abbr", "time", "form", "select", "option", "details", "summary", "noscript", "script", "style", "template",
    "input", "title", "body", "x-tide", "nav", "footer", "header", "main", "article",
)  # fmt: skip
CLASSES = (
    "mw-parser-output", "mw-headline", "mw-heading", "mw-heading mw-heading2", "mw-editsection", "reference",
    "references", "mw-references-wrap", "reflist", "mw-cite-backlink", "reference-text", "infobox", "infobox-label",
    "infobox-data", "portable-infobox", "pi-item pi-data", "pi-data-label", "pi-data-value", "hatnote", "ambox",
    "mbox-text", "navbox", "metadata", "thumb", "thumbcaption", "gallery", "gallerybox", "gallerytext",
    "mwe-math-element", "mw-highlight", "mw-highlight-lang-c", "poem", "geo", "geo-dms", "latitude", "longitude",
    "sortkey", "noprint", "toc", "catlinks", "external", "new", "Inline-Template", "mw-collapsed", "mw-indicators",
    "tright", "wikitable sortable", "mw-empty-elt", "printfooter", "selflink", "image", "mw-file-description",
    "lazy-image-placeholder", "mw-ref reference", "stub",
)  # fmt: skip
ATTRIBUTES = {
    "id": ("toc", "Ebb", "cite_note-1", "cite_ref-1", "catlinks", "firstHeading", "coordinates", "footer", ""),
    "href": ("/wiki/Tide", "#cite_note-1", "#cite_ref-1", "//x.example/?a=b", "http://[", "?params=1_N_2_E"),
    "rowspan": ("0", "2", "999999", "-1", "²"),
    "colspan": ("0", "3", "1001", "x"),
    "style": ("display:none", "text-align:right", "float"),
    "start": ("7", "-3", "9" * 30),
    "value": ("4", "x"),
    "title": ("Tide", "Category:Sea", "\u202eTide"),
    "typeof": ("mw:Extension/ref", "mw:Extension/math", "mw:File/Thumb", "mw:Transclusion"),
    "rel": ("mw:WikiLink", "mw:ExtLink", "dc:references", "mw:PageProp/Category"),
    "alt": (r"{\displaystyle x}", "Ebb", ""),
    "src": ("a.png", "data:image/png;base64,AA", "//h/thumb/a/ab/A.jpg/220px-A.jpg"),
    "encoding": ("application/x-tex",),
    "lang": ("de", "zh-Hant", "-"),
    "dir": ("rtl",),
    "name": ("x",),
    "data-mw": ('{"name":"ref"}', "{"),
    "hidden": ("until-found", ""),
    "role": ("presentation", "note", "navigation"),
}
GENERATORS = ("MediaWiki 1.44.2", "MediaWiki 1.16", "DokuWiki", "WordPress 6", "")

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
attribute = st.sampled_from(sorted(ATTRIBUTES)).flatmap(
    lambda name: st.sampled_from(ATTRIBUTES[name]).map(lambda value: f' {name}="{value}"')
)
classes = st.sampled_from(CLASSES).map(lambda name: f' class="{name}"')
attributes = st.lists(classes | attribute, max_size=3).map("".join)
tags = st.sampled_from(TAGS)


def elements(content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """An element around contents, closed as it should be or not at all."""
    parts = st.lists(content, max_size=5).map("".join)
    ends = st.sampled_from(("</{}>", "</{}>", "</{}>", "", "</p>", "</div></{}>"))
    return st.builds(_element, tags, attributes, parts, ends)


def _element(tag: str, own: str, inner: str, end: str) -> str:
    return f"<{tag}{own}>{inner}{end.format(tag)}"


content = st.lists(st.recursive(texts, elements, max_leaves=30), max_size=6).map("".join)


def _framed(generator: str, body: str, inside: str) -> bytes:
    html = (
        f'<html><head><title>Ebb - Shore</title><meta name="generator" content="{generator}"></head>'
        f'<body class="mediawiki"><h1 id="firstHeading">Ebb</h1>{body}<div id="mw-content-text">'
        f'<div class="mw-parser-output">{inside}</div></div></body></html>'
    )
    return html.encode("utf-8", "surrogatepass")


pages = st.builds(_framed, st.sampled_from(GENERATORS), content, content)
fragments = content.map(lambda html: html.encode("utf-8", "surrogatepass"))
pieces = st.binary(max_size=8) | texts.map(lambda text: text.encode("utf-8", "surrogatepass"))
soup = st.lists(pieces, max_size=30).map(b"".join)
