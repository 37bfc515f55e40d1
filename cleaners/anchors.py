"""Anchors: the ids that an author gave, told from those that Parsoid numbers its elements by."""

import re

_NUMBERED = re.compile(r"mw[\w-]{2,4}", re.ASCII)    # "mw" and a counter in base64 (mediawiki.org, Parsoid/Ids)


def authored(name: str | None, text: str = "") -> str | None:
    """The id, or None where it is a number of Parsoid's. `text` is what an anchor would be made of, if anything."""
    if name and _NUMBERED.fullmatch(name) and name != text.replace(" ", "_"):
        return None
    return name
