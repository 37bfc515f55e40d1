"""Coordinates: where the subject of the page lies. Those of other places that a text names stay in the text."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from msgspec import structs
from selectolax.lexbor import LexborNode

from sectionary.cleaners.fields import Coordinates
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.visible import ink, visible_text
from sectionary.cleaners.walk import Walk

_PARAMS = re.compile(r"[?&]params=([^&]+)")
_MAPS = (".geo", "[data-lat]", "a[href*='params=']")   # what is printed counts before what a link says
_ROWS = frozenset({"tr", "div", "p", "section"})
_LABELS = (":", "\uff1a")
_SIGNS = {"N": 1, "S": -1, "E": 1, "W": -1, "O": 1}


def coordinates(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """The page's own coordinates, printed two or three times in as many notations: the first is kept."""
    kept = 0
    found = None if walk.fields.coordinates else next(_found(node), None)
    if found is not None:
        source, walk.fields.coordinates = found
        kept = ink(walk.take("coordinates", source))
    walk.remove("twin.coordinates", node, kept=kept)


def boxed(box: LexborNode) -> Coordinates | None:
    """The coordinates in an infobox that are its subject's: those that have a row for themselves.

    Such a row holds nothing beside them but a label; a capital's stand behind its name.
    """
    return next((found for source, found in _found(box) if _alone(source, box)), None)


def _alone(source: LexborNode, box: LexborNode) -> bool:
    """Whether the row of `box` that coordinates stand in holds nothing else but a label."""
    around, row = source, source.parent
    while row is not None and row.mem_id != box.mem_id and row.tag not in _ROWS:
        if row.tag not in ("td", "li"):
            around = row
        row = row.parent
    if row is None or row.mem_id == box.mem_id:
        return False
    cell = around.parent if around.parent is not None else row
    before, _, after = visible_text(cell).partition(visible_text(around))
    return not after.strip() and (not before.strip() or before.strip().endswith(_LABELS))


def _found(node: LexborNode) -> Iterator[tuple[LexborNode, Coordinates]]:
    """Coordinates at or below `node` that can be read, each with the element that says them."""
    for source in (source for selector in _MAPS for source in node.css(selector)):
        attributes = source.attributes
        found = _stated(attributes) or _in_address(attributes.get("href") or "") or _printed(source)
        if found and abs(found.lat) <= 90 and abs(found.lon) <= 360:
            yield source, structs.replace(found, globe=_globe(source))


def _stated(attributes: Attributes) -> Coordinates | None:
    """Those of a map link (mediawiki.org, Extension:Kartographer)."""
    return _pair(attributes.get("data-lat"), attributes.get("data-lon"))


def _printed(source: LexborNode) -> Coordinates | None:
    """Those of the geo microformat: "48.8; 2.3", or an element for each."""
    latitude, longitude = source.css_first(".latitude"), source.css_first(".longitude")
    if latitude is not None and longitude is not None:
        return _pair(visible_text(latitude), visible_text(longitude))
    parts = re.split(r"[;,]\s*", visible_text(source).replace("\ufeff", "").strip())
    return _pair(*parts) if len(parts) == 2 else None


def _pair(latitude: str | None, longitude: str | None) -> Coordinates | None:
    try:
        return _place(float(latitude or ""), float(longitude or ""))
    except ValueError:
        return None


def _place(latitude: float, longitude: float) -> Coordinates | None:
    """The place, unless there is none: beyond the poles, more than once around, not a number."""
    if abs(latitude) <= 90 and abs(longitude) <= 360:
        return Coordinates(lat=latitude, lon=longitude, globe=None)
    return None


def _in_address(href: str) -> Coordinates | None:
    """Those in the address of GeoHack: params=45_30_32_N_73_33_15_W_region:CA, or 45.5;-73.5 (wikitech, Geohack)."""
    found = _PARAMS.search(href)
    if not found:
        return None
    parts = [part for part in unquote(found[1]).split("_") if part and ":" not in part]
    if len(parts) == 1:
        return _pair(*parts[0].split(";")) if parts[0].count(";") == 1 else None
    ends = [index for index, part in enumerate(parts) if part in _SIGNS][:2]
    if len(ends) < 2:
        return None
    first, second = ends
    return _degrees(parts[:first], parts[first], parts[first + 1 : second], parts[second])


def _degrees(latitude: list[str], north: str, longitude: list[str], east: str) -> Coordinates | None:
    """Degrees, minutes and seconds as decimal degrees, to the ten thousandth of a second."""
    if len(latitude) > 3 or len(longitude) > 3:
        return None
    try:
        lat, lon = (sum(float(part) / 60**power for power, part in enumerate(axis)) for axis in (latitude, longitude))
    except ValueError:
        return None
    return _place(round(lat * _SIGNS[north], 8), round(lon * _SIGNS[east], 8))


def _globe(source: LexborNode) -> str | None:
    """The body that coordinates lie on, where the address of their map names one."""
    around: LexborNode | None = source
    for _ in range(4):
        if around is None:
            break
        if found := re.search(r"globe[:=](\w+)", unquote(around.attributes.get("href") or "")):
            return found[1].lower()
        around = around.parent
    return None
