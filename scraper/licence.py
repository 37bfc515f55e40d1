"""Licences as SPDX identifiers, only where a site names one exactly. Pure.

Identifiers are those of https://spdx.org/licenses/; nothing is guessed: a licence without its version,
or a port that SPDX does not list, is None.
"""

import re
from urllib.parse import unquote

_KINDS = ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")
_VERSIONS = ("1.0", "2.0", "2.5", "3.0", "4.0")

# National and IGO ports that have an identifier of their own.
_PORTS = frozenset({
    "CC-BY-2.5-AU", "CC-BY-3.0-AT", "CC-BY-3.0-AU", "CC-BY-3.0-DE", "CC-BY-3.0-IGO", "CC-BY-3.0-NL",
    "CC-BY-3.0-US", "CC-BY-NC-3.0-DE", "CC-BY-NC-ND-3.0-DE", "CC-BY-NC-ND-3.0-IGO", "CC-BY-NC-SA-2.0-DE",
    "CC-BY-NC-SA-2.0-FR", "CC-BY-NC-SA-2.0-UK", "CC-BY-NC-SA-3.0-DE", "CC-BY-NC-SA-3.0-IGO",
    "CC-BY-ND-3.0-DE", "CC-BY-SA-2.0-UK", "CC-BY-SA-2.1-JP", "CC-BY-SA-3.0-AT", "CC-BY-SA-3.0-DE",
    "CC-BY-SA-3.0-IGO",
})  # fmt: skip

# A mirror has the deed in a folder beside the page's: ../../creativecommons.org/licenses/by-sa/3.0/index.html.
_DEED = re.compile(
    r"(?:(?:https?:)?//|(?:\.\./)+)(?:www\.)?creativecommons\.org/licenses/"
    r"(by(?:-nc|-nd|-sa|-nc-sa|-nc-nd|-nd-nc)?)/(\d\.\d)(?:/([a-z]{2,3}))?"
    r"(?:/(?:deed|legalcode)(?:\.[a-z_-]+)?)?/?(?:index\.html)?",
    re.IGNORECASE,
)
_ZERO = re.compile(
    r"(?:https?:)?//(?:www\.)?creativecommons\.org/publicdomain/zero/1\.0"
    r"(?:/(?:deed|legalcode)(?:\.[a-z_-]+)?)?/?",
    re.IGNORECASE,
)
_FDL = re.compile(
    r"(?:https?:)?//(?:www\.)?gnu\.org/(?:licenses(?:/old-licenses)?|copyleft)/fdl-(1\.[123])"
    r"(?:\.[a-z]{2}(?:-[a-z]{2})?)?\.(?:html|txt)",
    re.IGNORECASE,
)

# A wiki's own page with the text of a licence, called by its full name; German Wikipedia leaves "Creative" out.
_PAGE = re.compile(r"[:/_](?:creative_)?(commons_attribution-.+)", re.IGNORECASE)

_PART_NAMES = {"by": "attribution", "sa": "sharealike", "nd": "noderivatives", "nc": "noncommercial"}
_SPELLINGS = (
    ("share alike", "sharealike"), ("non commercial", "noncommercial"), ("no derivatives", "noderivatives"),
    ("no derivs", "noderivatives"), ("noderivs", "noderivatives"),
)  # fmt: skip
_DECORATION = re.compile(r"^the | international$| unported$| generic$| licen[cs]e$|^licen[cs]e ")


def spdx(url: str | None, text: str | None) -> str | None:
    """Give the SPDX identifier that a licence's address or exact name stands for, else None.

    Where the two name different licences the answer is None. A GNU FDL address cannot say "or later",
    so there the text decides, and without one the version named and no other counts.
    """
    linked = _from_url(url.strip()) if url else None
    named = _from_text(text) if text else None
    if linked is None or named is None or linked == named:
        return linked or named
    fdl = linked.startswith("GFDL") and linked[:8] == named[:8]
    return named if fdl else None


def _from_url(url: str) -> str | None:
    bare = url.partition("#")[0]
    if match := _DEED.fullmatch(bare):
        return _creative_commons(*match.groups())
    if match := _FDL.fullmatch(bare):
        return f"GFDL-{match[1]}-only"
    if _ZERO.fullmatch(bare):
        return "CC0-1.0"
    page = _PAGE.search(unquote(bare))
    return _from_text(f"creative {page[1]}") if page else None


def _creative_commons(kind: str, version: str, port: str | None) -> str | None:
    kind = kind.lower().replace("nd-nc", "nc-nd")
    name = f"CC-{kind}-{version}{'-' + port if port else ''}".upper()
    return name if name in (_PORTS if port else _NAMES.values()) else None


def _from_text(text: str) -> str | None:
    words = re.sub(r"[\s_\u2013-]+", " ", text).strip(" .").casefold()
    for spelling, name in _SPELLINGS:
        words = words.replace(spelling, name)
    while (bare := _DECORATION.sub("", words)) != words:
        words = bare
    return _NAMES.get(words)


def _known_names() -> dict[str, str]:
    names = {"cc0": "CC0-1.0", "cc0 1.0": "CC0-1.0", "cc0 1.0 universal": "CC0-1.0"}
    for kind in _KINDS:
        long = " ".join(_PART_NAMES[part] for part in kind.split("-"))
        for version in _VERSIONS:
            name = f"CC-{kind.upper()}-{version}"
            names[f"cc {kind.replace('-', ' ')} {version}"] = name
            names[f"creative commons {long} {version}"] = name
            names[f"creative commons {long} license {version}"] = name
            if kind != "by":             # as MediaWiki's installer writes it; "attribution" alone would say too little
                names[f"{long} {version}"] = name
            names[f"creative commons {long} {version} (cc {kind.replace('-', ' ')} {version})"] = name
    for version in ("1.1", "1.2", "1.3"):
        for fdl in ("gfdl", "gnu fdl", "gnu free documentation license"):
            names[f"{fdl} {version} or later"] = f"GFDL-{version}-or-later"
            names[f"{fdl} {version} only"] = f"GFDL-{version}-only"
    return names


_NAMES = _known_names()
