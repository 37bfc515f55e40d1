"""Section: one heading with what stands below it, in blocks; the values a section is made of."""

from msgspec import Struct


class Link(Struct, frozen=True, kw_only=True, gc=False):
    """A link; `offset` is where its text begins in the section's text, in code points."""

    text: str
    url: str
    title: str | None
    kind: str                            # internal, external, interwiki, redlink, file, category
    offset: int


class Citation(Struct, frozen=True, kw_only=True, gc=False):
    """A reference mark taken out of the text at `offset`; `ref_id` names an entry of `references`."""

    ref_id: str
    label: str
    block: int
    offset: int


class InlineTag(Struct, frozen=True, kw_only=True, gc=False):
    """An editors' remark taken out of the text at `offset`: [citation needed], and the like."""

    type: str
    offset: int
    date: str | None


class Image(Struct, frozen=True, kw_only=True, gc=False):
    """A picture of the section, whether or not it stands in a block of its own."""

    file: str | None
    src: str
    alt: str | None
    caption: str | None
    width: int | None
    height: int | None


class Item(Struct, frozen=True, kw_only=True, gc=False):
    """A list item: `depth` from 0, `marker` as a reader sees it ("•", "3."), `term` for a dt."""

    depth: int
    marker: str
    term: bool
    text: str


class List(Struct, frozen=True, kw_only=True):
    """A list with all that is nested in it, in reading order."""

    kind: str                            # ul, ol or dl: the outermost
    items: tuple[Item, ...]


class Cell(Struct, frozen=True, kw_only=True, gc=False):
    """A table cell at row `r`, column `c` of the grid, `rs` rows high and `cs` columns wide."""

    r: int
    c: int
    rs: int
    cs: int
    is_header: bool
    text: str


class Table(Struct, frozen=True, kw_only=True):
    """A table as its cells with spans, and as a filled grid: a spanning cell's text in each place."""

    id: str | None
    caption: str | None
    n_rows: int
    n_cols: int
    header_rows: int
    header_cols: int
    cells: tuple[Cell, ...]
    grid: tuple[tuple[str, ...], ...]


class Math(Struct, frozen=True, kw_only=True, gc=False):
    r"""A formula as TeX without its delimiters; `display` when it stands on a line of its own."""

    tex: str
    display: bool


class Code(Struct, frozen=True, kw_only=True, gc=False):
    """A listing, white space kept; `language` as the page names it."""

    language: str | None
    text: str


class Quote(Struct, frozen=True, kw_only=True, gc=False):
    """A block quotation and whom it cites."""

    text: str
    cite: str | None


class Block(Struct, frozen=True, kw_only=True):
    """One block of a section, numbered by `i`. `text` is what a person reads; the rest is the same as data.

    `type` is paragraph, list, definition_list, table, math, code, quote, figure, gallery, note, poem,
    pre or hr. Exactly the member of that name is set, where there is one. `lang` and `dir` are set where they are not
    the page's.
    A list, a table, a listing or a formula in a cell or a list item is read there; it follows once more as data alone,
    without text, `inside` the block of that number.
    """

    i: int
    type: str
    text: str
    inside: int | None = None
    lang: str | None = None
    dir: str | None = None
    list: List | None = None
    table: Table | None = None
    math: Math | None = None
    code: Code | None = None
    figure: Image | None = None
    quote: Quote | None = None


class Section(Struct, frozen=True, kw_only=True):
    """One section: its own blocks only, never those of the sections below it.

    `level` is 0 for the lead, else 1 to 6. `path` holds the headings above, outermost first, without its own.
    `parent` is an index into the article's sections. `number` is the outline number ("2.1").
    """

    heading: str | None
    level: int
    anchor: str | None
    anchor_aliases: tuple[str, ...]
    path: tuple[str, ...]
    number: str
    parent: int | None
    role: str
    text: str
    blocks: tuple[Block, ...]
    links: tuple[Link, ...]
    citations: tuple[Citation, ...]
    images: tuple[Image, ...]
    inline_tags: tuple[InlineTag, ...]
