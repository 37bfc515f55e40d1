"""Licences: what a dataset made under several of them asks of whoever passes it on. Pure."""

from collections import Counter
from collections.abc import Mapping

# Creative Commons, "ShareAlike"; GNU FDL 1.3, section 4.
_SHARE_ALIKE = ("-SA-", "GFDL-", "ODbL-", "CERN-OHL-S")
_LIMITS = (("-ND-", "may not be passed on changed"), ("-NC-", "not for commercial use"))


def hub_ids(licenses: Mapping[str | None, int]) -> list[str]:
    """The Hub's names: SPDX identifiers in lower case, `gfdl` for each GNU FDL, `unknown` for none."""
    return sorted({_hub_id(name) for name in licenses}) or ["unknown"]


def _hub_id(name: str | None) -> str:
    if name is None:
        return "unknown"
    return "gfdl" if name.startswith("GFDL-") else name.lower()


def duties(licenses: Counter[str | None]) -> list[str]:
    """A sentence for each thing that the licences in a dataset ask for or forbid."""
    names = sorted(name for name in licenses if name)
    shared = [name for name in names if any(mark in f"{name}-" for mark in _SHARE_ALIKE)]
    said = []
    if names:
        said.append("Credit each page that you use: CREDITS.csv names its permanent address, history and contributors.")
    if shared:
        said.append(f"Share alike: what you adapt from {_listed(shared)} pages must carry the same licence.")
    if len(shared) > 1:
        said.append("These share-alike licences differ: text adapted from pages of two of them may fit neither.")
    for mark, meaning in _LIMITS:
        if found := [name for name in names if mark in f"{name}-"]:
            said.append(f"Pages under {_listed(found)}: {meaning}.")
    if unknown := licenses[None]:
        said.append(f"{unknown:,} pages do not say their licence; `output.licenses` leaves such pages out.")
    return said


def _listed(names: list[str]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
