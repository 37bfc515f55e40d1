"""The shipped JSON Schemas and docs/schema.md, made from the record types: `make schema` writes them anew."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from msgspec import inspect

from sectionary.output.jsonschema import schema_bytes
from sectionary.output.record import SCHEMA_VERSION
from sectionary.output.schema import RECORDS, bare, members

SHIPPED = (*RECORDS, "last_run")
_NAMES = {inspect.StrType: "string", inspect.IntType: "int64", inspect.BoolType: "bool", inspect.FloatType: "double"}
_HEAD = f"""\
# Schema

What the columns of a dataset hold, version {SCHEMA_VERSION}. This page, the Parquet and JSON Schemas and the checks of
`sectionary verify` are made from one definition, the types in `output/` and `cleaners/`; `make schema` writes it.

Every key is always present, in this order, in Parquet and in JSON lines alike; what may be null says so. Flat columns
come first, up to `schema_version`. Offsets and lengths count Unicode code points. The partition key `host=` in a path
is no column: `site` is in every file.

A later release may add columns. Rows that an earlier one wrote are read with null (or an empty list) there, and the
next commit to a site writes its rows anew; that alone is no change. Where a column has another type than in the
dataset's files, or is no more, a commit is refused and touches nothing: write to a new folder, or ask for the
conversion with `output: {{type_changes: convert}}`.
"""


def documents() -> dict[str, bytes]:
    """What is to lie in the repository, by path from its root."""
    schemas = {f"output/schemas/{table}.json": schema_bytes(table) for table in SHIPPED}
    return {**schemas, "docs/schema.md": "\n".join(_page()).encode()}


def _page() -> Iterator[str]:
    yield _HEAD
    nested: dict[str, inspect.StructType] = {}
    for table in ("sections", *(table for table in RECORDS if table != "sections")):
        yield from (f"## {table}", "", _summary(RECORDS[table]), "")
        yield from _rows(members(table), nested)
    yield from ("## Members", "", "What the nested columns are made of.", "")
    for name in sorted(_all(nested)):
        yield from (f"### {name}", "", _summary(nested[name].cls), "")
        yield from _rows(nested[name].fields, nested)


def _all(nested: dict[str, inspect.StructType]) -> dict[str, inspect.StructType]:
    """Add the structs that stand in these structs."""
    for kind in nested.values():
        found: dict[str, inspect.StructType] = {}
        for field in kind.fields:
            _type(field.type, found)
        if new := found.keys() - nested.keys():
            nested.update({name: found[name] for name in new})
            return _all(nested)
    return nested


def _rows(fields: tuple[inspect.Field, ...], nested: dict[str, inspect.StructType]) -> Iterator[str]:
    described = any(_said(field) for field in fields)
    yield "| column | type | null | what it holds |" if described else "| member | type | null |"
    yield "|---|---|---|---|" if described else "|---|---|---|"
    for field in fields:
        null = "yes" if isinstance(bare(field.type), inspect.UnionType) else ""
        cells = [f"`{field.name}`", _type(field.type, nested), null, *([_said(field)] if described else [])]
        yield f"| {' | '.join(cells)} |"
    yield ""


def _type(kind: inspect.Type, nested: dict[str, inspect.StructType]) -> str:
    kind = bare(kind)
    if isinstance(kind, inspect.UnionType):
        return _type(next(each for each in kind.types if not isinstance(each, inspect.NoneType)), nested)
    if isinstance(kind, inspect.VarTupleType):
        return f"list of {_type(kind.item_type, nested)}"
    if isinstance(kind, inspect.StructType):
        nested.setdefault(kind.cls.__name__, kind)
        return f"[{kind.cls.__name__}](#{kind.cls.__name__.lower()})"
    return _NAMES[type(kind)]


def _said(field: inspect.Field) -> str:
    kind = field.type
    told = (kind.extra_json_schema or {}) if isinstance(kind, inspect.Metadata) else {}
    return cast("str", told.get("description", "")).replace("|", "\\|")


def _summary(record: type) -> str:
    return " ".join((record.__doc__ or "").split()).replace("|", "\\|")


def main() -> None:
    """Write what is to lie in the repository."""
    root = Path(__file__).resolve().parent.parent
    for path, content in documents().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


if __name__ == "__main__":
    main()
