"""The text of a whole page, joined from its sections with their headings."""

from collections.abc import Collection, Sequence

from sectionary.cleaners.section import Section
from sectionary.output.markescape import one_line


def kept(sections: Sequence[Section], drop: Collection[str]) -> list[int]:
    """Indices of the sections that have no role in `drop` and stand below none that has."""
    dropped: list[bool] = []
    for section in sections:
        below = section.parent is not None and dropped[section.parent]
        dropped.append(below or section.role in drop)
    return [index for index, is_dropped in enumerate(dropped) if not is_dropped]


def page_text(sections: Sequence[Section], indices: Sequence[int]) -> str:
    """Headings and texts of the sections at `indices`, parted by blank lines."""
    shown = (sections[index] for index in indices)
    return "\n\n".join(part for section in shown for part in (section.heading, section.text) if part)


def page_markdown(
    title: str, sections: Sequence[Section], markdown: Sequence[str], indices: Sequence[int]
) -> str:
    """The page under its title, from the `markdown` that each section already has."""
    parts = [f"# {one_line(title)}"]
    for index in indices:
        parts += [_heading(sections[index]), markdown[index]]
    return "\n\n".join(filter(None, parts))


def _heading(section: Section) -> str:
    return f"{'#' * max(section.level, 1)} {one_line(section.heading)}" if section.heading else ""
