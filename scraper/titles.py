r"""Titles: what a MediaWiki wiki calls its pages, and the one form of each name. Pure.

The rules are those of the manual (mediawiki.org, Manual:Page title, Help:Magic words, Manual:$wgCapitalLinks,
Manual:$wgLegalTitleChars); what differs from wiki to wiki stands in `Names`, which API:Siteinfo fills.
"""

import ipaddress
import re
import unicodedata

from msgspec import Struct

SPECIAL, MEDIA, MAIN, TALK, USER, USER_TALK = -1, -2, 0, 1, 2, 3
_LONGEST, _LONGEST_SPECIAL = 255, 512    # bytes of UTF-8

_SPACES = re.compile("[ _\u00a0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_INVISIBLE = re.compile("[\u200e\u200f\u202a-\u202e]")              # marks of direction
_ILLEGAL = re.compile(r"[\x00-\x1f\x7f<>\[\]{}|\ufffd]")
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9A-Fa-f]+|[A-Za-z0-9\u0080-\U0010ffff]+);")
_DOTS = re.compile(r"(?:^|/)\.{1,2}(?:/|$)")
_LEADING_ZEROS = re.compile(r"\b0+(?=\d)")
_NO_CAPITALS = re.compile("[\u10d0-\u10fa\u10fd-\u10ff]")             # Georgian has none at the head of a word
_DOTTED_I = frozenset({"tr", "az", "kk", "kaa"})                     # languages whose capital of i is İ

# The names that every wiki understands whatever its language is (mediawiki.org, Manual:Namespace).
_ENGLISH = {
    -2: "Media", -1: "Special", 0: "", 1: "Talk", 2: "User", 3: "User talk", 4: "Project", 5: "Project talk",
    6: "File", 7: "File talk", 8: "MediaWiki", 9: "MediaWiki talk", 10: "Template", 11: "Template talk",
    12: "Help", 13: "Help talk", 14: "Category", 15: "Category talk",
}  # fmt: skip
_ENGLISH_ALIASES = {"Image": 6, "Image talk": 7}


class Names(Struct, frozen=True, kw_only=True):
    """What a wiki calls its namespaces and special pages (API:Siteinfo).

    `ids` gives a namespace's number by any of its names, folded; `local` its own name, with underscores.
    `keeps_case` are the namespaces whose titles may begin with a small letter, None for a wiki of which that
    is not known: then no letter is changed. `specials` gives a special page's own name by any of its names,
    folded. `foreign` are prefixes, folded, that lead to other wikis.
    """

    ids: dict[str, int]
    local: dict[int, str]
    keeps_case: frozenset[int] | None = frozenset()
    specials: dict[str, str] = {}
    foreign: frozenset[str] = frozenset()
    language: str = "en"


class Title(Struct, frozen=True, kw_only=True):
    """One page's name: its namespace's number and name, and the text behind that, with underscores."""

    namespace: int
    prefix: str
    text: str
    fragment: str | None = None

    @property
    def key(self) -> str:
        """The whole name as addresses have it: "User_talk:Ann_B"."""
        return f"{self.prefix}:{self.text}" if self.prefix else self.text

    def __str__(self) -> str:
        """Give the whole name as readers see it: "User talk:Ann B"."""
        return self.key.replace("_", " ")


def folded(name: str) -> str:
    """Write a prefix the one way in which prefixes are compared: small letters, single underscores."""
    return _SPACES.sub("_", name).strip("_").lower()


def english(*, keeps_case: frozenset[int] | None = None) -> Names:
    """Give the names that hold on a wiki of which nothing else is known."""
    ids = {folded(name): number for number, name in _ENGLISH.items() if name}
    ids |= {folded(name): number for name, number in _ENGLISH_ALIASES.items()}
    return Names(ids=ids, local=_underscored(_ENGLISH), keeps_case=keeps_case)


def named(local: dict[int, str], aliases: dict[str, int], **facts: object) -> Names:
    """Build the names of a wiki from its own, which go over the English ones; `facts` are fields of Names."""
    known = english()
    ids = {**known.ids, **{folded(name): number for name, number in aliases.items()}}
    ids |= {folded(name): number for number, name in local.items() if name}
    return Names(ids=ids, local={**known.local, **_underscored(local)}, **facts)  # type: ignore[arg-type]


def parse_title(text: str, names: Names) -> Title:
    """Bring a title, as people or addresses (decoded) write it, into its one form.

    Raises ValueError with the reason for what no page can be called.
    """
    tidy = _SPACES.sub("_", unicodedata.normalize("NFC", _INVISIBLE.sub("", text))).strip("_")
    tidy, mark, fragment = tidy.partition("#")
    namespace, name = _split(tidy.rstrip("_"), names)
    if namespace in {USER, USER_TALK}:
        name = _network_address(name)    # which may begin with colons
    _refuse(namespace, name)
    return Title(
        namespace=namespace,
        prefix=names.local.get(namespace, ""),
        text=_in_form(namespace, name, names),
        fragment=fragment.rstrip("_") or None if mark else None,
    )


def capital(name: str, language: str) -> str:
    """Write a title's first letter as a capital; where that would be two letters it stays.

    So do Wikimedia's wikis ($wgOverrideUcfirstCharacters). Others on a newer PHP write SS for ß, which siteinfo does
    not tell; there the address leads on to theirs.
    """
    first, rest = name[:1], name[1:]
    if first == "i" and language in _DOTTED_I:
        return "İ" + rest
    if _NO_CAPITALS.match(first):
        return name
    for written in (first.upper(), first.title()):
        if len(written) == 1:
            return written + rest
    return name


def _underscored(names: dict[int, str]) -> dict[int, str]:
    return {number: name.replace(" ", "_") for number, name in names.items()}


def _split(text: str, names: Names) -> tuple[int, str]:
    """Take a title apart into namespace and name; a colon at the beginning says that nothing is left out."""
    text = text.removeprefix(":").strip("_")
    namespace, name = _prefix(text, names)
    if namespace is None:
        return MAIN, text
    if namespace == TALK and _prefix(name, names)[0] is not None:
        raise ValueError("a talk page of another namespace's page")
    return namespace, name


def _prefix(text: str, names: Names) -> tuple[int | None, str]:
    before, colon, after = text.partition(":")
    prefix = folded(before)
    if not colon or not prefix:
        return None, text
    if prefix in names.ids:
        return names.ids[prefix], after.strip("_")
    if prefix in names.foreign:
        raise ValueError(f"a page of another wiki: {before}")
    return None, text


def _refuse(namespace: int, name: str) -> None:
    """Raise ValueError for what no page can be called (Manual:Page title)."""
    longest = _LONGEST_SPECIAL if namespace == SPECIAL else _LONGEST
    faults = (
        (not name, "no title"),
        (name.startswith(":"), "a colon at the beginning"),
        (_ILLEGAL.search(name), "a character that titles cannot have"),
        (_ESCAPE.search(name), "an escape that is left over"),
        (_ENTITY.search(name), "a character reference"),
        (_DOTS.search(name), "a relative path"),
        ("~~~" in name, "a signature"),
        (len(name.encode("utf-8", "replace")) > longest, f"more than {longest} bytes"),
    )
    for fault, reason in faults:
        if fault:
            raise ValueError(reason)


def _in_form(namespace: int, name: str, names: Names) -> str:
    if names.keeps_case is not None and namespace not in names.keeps_case:
        name = capital(name, names.language)
    return _own_special(name, names) if namespace == SPECIAL else name


def _network_address(name: str) -> str:
    """Write a user who is an IP address as MediaWiki does: all eight words, capitals, no zeros in front."""
    try:
        address = ipaddress.ip_address(_LEADING_ZEROS.sub("", name) if "." in name else name)
    except ValueError:
        return name
    if address.version == 4:
        return str(address)
    return ":".join(f"{int(word, 16):X}" for word in address.exploded.split(":"))


def _own_special(name: str, names: Names) -> str:
    page, slash, rest = name.partition("/")
    return names.specials.get(folded(page), page) + slash + rest
