"""Writing the doors of a dataset: README.md, croissant.json and CREDITS.csv, all made from its latest snapshot."""

import re
from pathlib import Path

from sectionary.output import snapshot as snapshots
from sectionary.output.doors.card import card
from sectionary.output.doors.credits import credit_lines
from sectionary.output.doors.croissant import croissant
from sectionary.output.doors.facts import Facts, facts_of, snapshot_digest
from sectionary.output.doors.licences import hub_ids
from sectionary.output.durable import replace_file

CARD, DESCRIPTION, CREDITS = "README.md", "croissant.json", "CREDITS.csv"


def write_doors(directory: Path) -> bool:
    """Bring the three files up to date with the latest snapshot; tells whether they were not.

    A dataset without a commit gets none. Raises DatasetError for a damaged dataset.
    """
    number = snapshots.latest_number(directory)
    if number is None:
        return False
    latest = snapshots.load(directory, number)
    if _is_current(directory, snapshot_digest(latest)):
        return False
    facts = facts_of(directory, latest)
    name, described = _name(facts), _description(facts)
    licenses, cited = hub_ids(facts.licenses), _bibtex(facts, name)
    replace_file(directory / CREDITS, (line.encode("utf-8", "replace") for line in credit_lines(directory, latest)))
    replace_file(directory / DESCRIPTION, croissant(facts, name, described, licenses, cited))
    replace_file(directory / CARD, card(directory, facts, name, described, cited).encode("utf-8", "replace"))
    return True


def _is_current(directory: Path, digest: str) -> bool:
    """The card is written last and names the snapshot's digest."""
    try:
        return f"sha256:{digest}" in (directory / CARD).read_text("utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return False


def _name(facts: Facts) -> str:
    sites = sorted(facts.sites)
    more = f" and {len(sites) - 3} more" if len(sites) > 3 else ""
    return f"Sections of {', '.join(sites[:3])}{more}" if sites else "Sections"


def _description(facts: Facts) -> str:
    return f"{facts.sections:,} sections of {facts.pages:,} encyclopedia pages from {len(facts.sites):,} sites."


def _bibtex(facts: Facts, name: str) -> str:
    """An entry that names the snapshot; a title's braces keep its capitals."""
    key = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    number, created = facts.snapshot.number, facts.snapshot.created
    return f"""\
@misc{{{key}-{number},
  title  = {{{{{name}}}}},
  author = {{{{The contributors named in CREDITS.csv}}}},
  year   = {{{created[:4]}}},
  note   = {{Snapshot {number} of {created}, sha256 {facts.digest}, made with sectionary}}
}}"""
