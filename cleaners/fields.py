"""Fields: what a page says beside its sections, as values."""

from msgspec import Struct

from sectionary.cleaners.section import Image, Link


class InfoboxField(Struct, frozen=True, kw_only=True, gc=False):
    """A row of an infobox, under the sub-heading `group`. Offsets of links count in `text`.

    `citations` are ids of `references`.
    """

    group: str | None
    label: str | None
    text: str
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()
    citations: tuple[str, ...] = ()


class Infobox(Struct, frozen=True, kw_only=True):
    """An infobox as groups, labels and values; `name` is its kind where a class tells it."""

    name: str | None
    title: str | None
    section_index: int
    fields: tuple[InfoboxField, ...]


class Hatnote(Struct, frozen=True, kw_only=True, gc=False):
    """A line that points the reader elsewhere: main, about, redirect, see_also, further, other.

    Offsets of links count in `text`.
    """

    section_index: int
    kind: str
    text: str
    links: tuple[Link, ...] = ()


class Notice(Struct, frozen=True, kw_only=True, gc=False):
    """A banner of the editors about the article: ambox, stub, protection."""

    section_index: int
    type: str
    text: str
    date: str | None


class Identifiers(Struct, frozen=True, kw_only=True, gc=False):
    """Identifiers of a cited work."""

    doi: str | None
    isbn: str | None
    pmid: str | None


class Reference(Struct, frozen=True, kw_only=True):
    """An entry of a reference list; `backlinks` counts the marks that lead to it."""

    id: str | None
    group: str | None
    label: str | None
    text: str
    urls: tuple[str, ...]
    identifiers: Identifiers
    backlinks: int


class Category(Struct, frozen=True, kw_only=True, gc=False):
    """A category as the page names it, without the namespace."""

    name: str
    url: str | None
    hidden: bool


class Coordinates(Struct, frozen=True, kw_only=True, gc=False):
    """Where on the globe the subject lies, in decimal degrees."""

    lat: float
    lon: float
    globe: str | None


class LangLink(Struct, frozen=True, kw_only=True, gc=False):
    """The same subject in another language's edition."""

    lang: str
    title: str | None
    url: str


class Fields(Struct, frozen=True, kw_only=True):
    """What the page says beside its sections, as data."""

    infoboxes: tuple[Infobox, ...] = ()
    hatnotes: tuple[Hatnote, ...] = ()
    notices: tuple[Notice, ...] = ()
    references: tuple[Reference, ...] = ()
    categories: tuple[Category, ...] = ()
    coordinates: Coordinates | None = None
    langlinks: tuple[LangLink, ...] = ()
    contributors: tuple[str, ...] = ()
    wikidata_id: str | None = None
    short_description: str | None = None


class Removal(Struct, frozen=True, kw_only=True, gc=False):
    """What a rule took away from the page: how often, and how many characters (white space not counted).

    `selector` is the one of the site file that chose the elements; a field or a text leaves what no selector names.
    """

    rule: str
    selector: str | None = None
    count: int
    chars: int
