"""Drafts: blocks, sections and fields while a walk goes on. `cleaners.sections` makes finished ones of them."""

from typing import Any

from msgspec import Struct

from sectionary.cleaners.fields import Category, Coordinates, Hatnote, Infobox, Notice, Reference
from sectionary.cleaners.line import Mark, Run
from sectionary.cleaners.section import Image


class Draft(Struct, gc=False):
    """A block under way: its text with marks, and its data under the name of a member of `Block`."""

    type: str
    run: Run
    data: dict[str, Any] = {}


class Heading(Struct, frozen=True, gc=False):
    """The heading that opens a section."""

    text: str
    level: int
    anchor: str | None
    aliases: tuple[str, ...]


class SectionDraft:
    """A section under way; the lead has no heading."""

    __slots__ = ("blocks", "heading", "images")

    def __init__(self, heading: Heading | None) -> None:
        self.heading = heading
        self.blocks: list[Draft] = []
        self.images: list[Image] = []


class FieldsDraft:
    """What the page says beside its sections, as the walk comes upon it."""

    def __init__(self) -> None:
        self.title: str | None = None
        self.infoboxes: list[Infobox] = []
        self.hatnotes: list[Hatnote] = []
        self.notices: list[Notice] = []
        self.references: list[Reference] = []
        self.cited_as: dict[str, str] = {}       # by id of a reference, the group that its marks name
        self.citing: dict[str, list[str]] = {}   # by id of a reference, what the marks that lead to it show
        self.categories: list[Category] = []
        self.contributors: list[str] = []
        self.coordinates: Coordinates | None = None
        self.boxed_coordinates: Coordinates | None = None   # those of an infobox, where the page has none of its own
        self.short_description: str | None = None
        self.license_text: str | None = None
        self.license_url: str | None = None
        self.license_name: str | None = None
        self.page_type: str | None = None        # where the markup tells it outright


class Apart(Struct, gc=False):
    """What a subtree made, kept apart from the section: blocks, and marks that no block holds."""

    blocks: list[Draft]
    marks: list[Mark]


PARAGRAPH: tuple[str, dict[str, Any]] = ("paragraph", {})
