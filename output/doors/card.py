"""README.md: the dataset card. The metadata at its head are the Hub's (hub-docs, "Dataset Cards")."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
from jinja2 import Environment, PackageLoader, StrictUndefined

from sectionary.output import dataset
from sectionary.output.doors.croissant import pattern
from sectionary.output.doors.facts import Facts
from sectionary.output.doors.licences import duties, hub_ids
from sectionary.output.schema import descriptions, schema
from sectionary.scraper.version import VERSION

_SIZES = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"), (10**7, "1M<n<10M"),
          (10**8, "10M<n<100M"), (10**9, "100M<n<1B"), (10**10, "1B<n<10B"))  # fmt: skip
_TABLES = ("sections", "pages")          # the first is what a reader gets who names none
_MOST_VALUES = 20                        # of a breakdown
_SAMPLE_CHARS = 600
_MARKUP = re.compile(r"([\\`*_{}\[\]<>|#])")


def card(directory: Path, facts: Facts, name: str, description: str, bibtex: str) -> str:
    """The card's text."""
    environment = Environment(
        loader=PackageLoader("sectionary.output.doors", "."), undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True, autoescape=False,  # noqa: S701 - it is Markdown, see `cell`
    )  # fmt: skip
    environment.filters.update(cell=cell, line=cell)
    return environment.get_template("card.md.jinja").render(
        name=name,
        description=description,
        version=VERSION,
        facts=facts,
        folder="corpus",
        parquet="parquet" in facts.formats,
        hub_languages=sorted(language for language in facts.languages if language) or ["und"],
        hub_licenses=hub_ids(facts.licenses),
        size_category=next((label for limit, label in _SIZES if facts.sections < limit), "10B<n<100B"),
        tables=[_table(table, facts.formats) for table in _TABLES],
        breakdowns=[
            ("site", _most(facts.sites)), ("language", _most(facts.languages)),
            ("licence", _most(facts.licenses)), ("page type", _most(facts.page_types)),
        ],
        sites=facts.last_run.sites if facts.last_run else (),
        rules=sorted(facts.taken.items(), key=lambda item: (-item[1].chars, item[0])),
        duties=duties(facts.licenses),
        sample=_sample(directory, facts),
        bibtex=bibtex,
    )  # fmt: skip


def cell(value: object) -> str:
    """A value for one cell or line of Markdown: no markup of its own, no line ends."""
    return "not known" if value is None else _MARKUP.sub(r"\\\1", " ".join(str(value).split()))


def _table(table: str, formats: list[str]) -> dict[str, Any]:
    kinds = schema(table)
    words = descriptions(table)
    columns = [{"name": each.name, "type": _kind(each.type), "description": words[each.name]} for each in kinds]
    return {"name": table, "pattern": pattern(table, formats[0] if formats else "parquet"), "columns": columns}


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"list of {_kind(kind.value_type)}"
    return "struct" if pa.types.is_struct(kind) else str(kind)


def _most(counts: Counter[Any]) -> list[tuple[object, int]]:
    """The most frequent values, and the others as one."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    rest = sum(count for _, count in ranked[_MOST_VALUES:])
    return ranked[:_MOST_VALUES] + ([("others", rest)] if rest else [])


def _sample(directory: Path, facts: Facts) -> str:
    """The first section that has text, its flat columns as indented JSON, a long text cut; a fence no text can end."""
    for part in dataset.tables(directory, 100, snapshot=facts.snapshot.number):
        for row in part.to_pylist():
            if row["text"]:
                row["text"] = row["text"][:_SAMPLE_CHARS] + ("…" if len(row["text"]) > _SAMPLE_CHARS else "")
                told = msgspec.json.format(msgspec.json.encode(row), indent=2).decode()
                fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", told)), 3)
                return f"{fence}json\n{told}\n{fence}"
    return "No section has text."
