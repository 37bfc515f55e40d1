"""Notices: banners of the editors about an article, by kind and date."""

import re

from selectolax.lexbor import LexborNode

from sectionary.cleaners.fields import Notice
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.visible import visible_text
from sectionary.cleaners.walk import Walk

_DATED = re.compile(r"[(\uff08]([^()\uff08\uff09]{0,30}(?:19|20)\d\d[^()\uff08\uff09]{0,15})[)\uff09]")
_LEVELS = ("ambox-", "bandeau-niveau-")  # MediaWiki's ambox and its French cousin name how grave it is
_KINDS = {
    "asbox": "stub", "stub": "stub", "bandeau-ebauche": "stub", "ebauche": "stub", "dmbox": "disambiguation",
    "disambigbox": "disambiguation", "disambig": "disambiguation",
}  # fmt: skip


def notice(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """A banner of the editors, with its date where it names one."""
    date = _marked_date(node)
    known = len(walk.sections[-1].images)
    text = " ".join(walk.told("notices", walk.run(node)).replace(" | ", " ").split())
    del walk.sections[-1].images[known:]     # the banner's icons
    kind = kind_of([node.id or "", *(attributes.get("class") or "").split()])
    if text:
        walk.fields.notices.append(
            Notice(section_index=walk.section_index, type=kind, text=text, date=date or _date_in(text))
        )
    if kind == "disambiguation":
        walk.fields.page_type = kind


def disambiguation(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """The box that tells a disambiguation page."""
    walk.fields.page_type = "disambiguation"
    notice(walk, node, attributes)


def kind_of(names: list[str]) -> str:
    """What a banner with this id and these classes is: stub, protection, disambiguation, else what its own say of it.

    That is how grave it is (content, style, move, delete, speedy, notice: en.wikipedia.org, Template:Ambox), else the
    family of boxes it belongs to (ombox, messagebox), else notice.
    """
    if known := next((_KINDS[name] for name in names if name in _KINDS), None):
        return known
    if any("protect" in name.lower() for name in names):
        return "protection"
    levels = (name.removeprefix(start) for name in names for start in _LEVELS if name.startswith(start))
    level = next((level for level in levels if level.isalpha() and level.islower()), None)
    return level or next((name for name in names if name.endswith("box")), "notice")


def _marked_date(node: LexborNode) -> str | None:
    """The date that a template marks as such."""
    dated = node.css_first(".date, .date-container")
    return " ".join(visible_text(dated).split()).strip("() \uff08\uff09") or None if dated is not None else None


def _date_in(text: str) -> str | None:
    """The last brackets of a text that hold hardly more than a year: "(May 2020)", "(2020年5月)"."""
    found = _DATED.findall(text)
    return found[-1].strip() if found else None
