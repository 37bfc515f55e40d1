"""Sections: the drafts of a walk become sections that know their place in the article."""

from typing import NamedTuple

from sectionary.cleaners.added import BLOCK_SEPARATOR
from sectionary.cleaners.drafts import Draft, SectionDraft
from sectionary.cleaners.editmark import BRACKETS, split_edit_mark
from sectionary.cleaners.line import Mark, Run
from sectionary.cleaners.roles import role
from sectionary.cleaners.rules import EDIT_MARK
from sectionary.cleaners.section import Block, Citation, InlineTag, Link, Section
from sectionary.cleaners.trace import Source
from sectionary.cleaners.walk import Walk

_UNDER_WAY = frozenset({"items", "entries"})   # what only other handlers need to know of a draft


class Place(NamedTuple):
    """Where a section stands: index of its parent, outline number, headings above it."""

    parent: int | None
    number: str
    path: tuple[str, ...]


def finished(walk: Walk, language: str | None, direction: str = "ltr") -> tuple[Section, ...]:
    """The sections of a walk, lead first. A skipped level hangs below the nearest lower one."""
    for draft in walk.sections[1:]:
        _without_edit_mark(walk, draft.blocks)
    _own(walk)
    places = _places(walk.sections)
    usual = {"lang": language, "dir": direction}
    return tuple(_section(draft, place, usual) for draft, place in zip(walk.sections, places, strict=True))


def _without_edit_mark(walk: Walk, blocks: list[Draft]) -> None:
    """Withdraw an edit mark that stands under its heading as a paragraph, as in HTML that another program has left."""
    if blocks and blocks[0].type == "paragraph" and blocks[0].run.text.startswith(BRACKETS):
        rest, found = split_edit_mark(blocks[0].run.text)
        if found and not rest:
            walk.withdraw(EDIT_MARK, blocks.pop(0).run)


def _own(walk: Walk) -> None:
    """Tell a trace which block each place of the page ended in, now that the blocks have their numbers."""
    for number, draft in enumerate(walk.sections if walk.tracer else ()):
        for index, block in enumerate(draft.blocks):
            for mark in block.run.marks:
                if mark.kind == "source" and walk.tracer:
                    source = Source(*mark.data)
                    owner = f"field:{source.aside}" if source.aside else f"block:{number}.{index}"
                    walk.tracer.own([source], owner)


def _places(drafts: list[SectionDraft]) -> list[Place]:
    places: list[Place] = []
    open_: list[tuple[int, int]] = []    # (level, index) from the outermost section to the one under way
    children: dict[int | None, int] = {}
    for index, draft in enumerate(drafts):
        if draft.heading is None:
            places.append(Place(None, "", ()))
            continue
        while open_ and open_[-1][0] >= draft.heading.level:
            open_.pop()
        parent = open_[-1][1] if open_ else None
        children[parent] = children.get(parent, 0) + 1
        places.append(_below(drafts, places, parent, children[parent]))
        open_.append((draft.heading.level, index))
    return places


def _below(drafts: list[SectionDraft], places: list[Place], parent: int | None, nth: int) -> Place:
    if parent is None:
        return Place(None, str(nth), ())
    above, heading = places[parent], drafts[parent].heading
    return Place(parent, f"{above.number}.{nth}", (*above.path, heading.text if heading else ""))


def _section(draft: SectionDraft, place: Place, usual: dict[str, str | None]) -> Section:
    heading = draft.heading
    marked = _marked(draft.blocks)
    return Section(
        heading=heading.text if heading else None,
        level=heading.level if heading else 0,
        anchor=heading.anchor if heading else None,
        anchor_aliases=heading.aliases if heading else (),
        path=place.path,
        number=place.number,
        parent=place.parent,
        role=role(heading.text, usual["lang"]) if heading else "lead",
        text=BLOCK_SEPARATOR.join([block.run.text for block in draft.blocks if block.run.text]),
        blocks=tuple([_block(index, block, draft.blocks, usual) for index, block in enumerate(draft.blocks)]),
        links=tuple(marked.links),
        citations=tuple(marked.citations),
        images=tuple(draft.images),
        inline_tags=tuple(marked.tags),
    )


class _Marked(NamedTuple):
    """What is marked in a section's text."""

    links: list[Link]
    citations: list[Citation]
    tags: list[InlineTag]


def _marked(blocks: list[Draft]) -> _Marked:
    """The marks of all blocks as values, at their offsets in the section's text."""
    marked = _Marked([], [], [])
    start = 0
    for index, block in enumerate(blocks):
        for mark in block.run.marks:
            _add(marked, mark, index, start)
        if block.run.text:
            start += len(block.run.text) + len(BLOCK_SEPARATOR)
    return marked


def _add(marked: _Marked, mark: Mark, block: int, start: int) -> None:
    offset = start + mark.offset
    if mark.kind == "link":
        marked.links.append(_link(mark, offset))
    elif mark.kind == "citation":
        reference, label, _ = mark.data
        marked.citations.append(Citation(ref_id=reference, label=label, block=block, offset=offset))
    elif mark.kind == "tag":
        date, remark = mark.data
        marked.tags.append(InlineTag(type=" ".join(remark.split()).strip("[] "), offset=offset, date=date))


def links(run: Run) -> tuple[Link, ...]:
    """The links of a text that stands by itself."""
    return tuple(_link(mark, mark.offset) for mark in run.marks if mark.kind == "link")


def _link(mark: Mark, offset: int) -> Link:
    text, url, title, kind = mark.data
    return Link(text=text, url=url, title=title, kind=kind, offset=offset)


def _block(index: int, draft: Draft, drafts: list[Draft], usual: dict[str, str | None]) -> Block:
    """A finished block; language and direction are told where they are not those of the page."""
    if not draft.data:
        return Block(i=index, type=draft.type, text=draft.run.text)
    data = {name: value for name, value in draft.data.items() if name not in _UNDER_WAY and usual.get(name) != value}
    if around := data.get("inside"):
        data["inside"] = next(number for number, each in enumerate(drafts) if each is around)
    return Block(i=index, type=draft.type, text=draft.run.text, **data)
