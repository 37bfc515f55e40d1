"""Arrow schemas of the tables, made from the record types; no column is named here."""

import types
from functools import cache
from typing import cast

import pyarrow as pa
from msgspec import inspect

from sectionary.output.change import Change
from sectionary.output.record import SCHEMA_VERSION, PageRecord, SectionRecord
from sectionary.output.rejected import Rejected
from sectionary.output.removed import RemovedRecord
from sectionary.output.tombstone import Tombstone

TABLES = types.MappingProxyType({"pages": PageRecord, "sections": SectionRecord, "removed": RemovedRecord})
RECORDS = types.MappingProxyType({**TABLES, "rejected": Rejected, "changes": Change, "tombstones": Tombstone})
LAST_FLAT = "schema_version"
_SCALARS = types.MappingProxyType(
    {
        inspect.StrType: pa.string(),
        inspect.IntType: pa.int64(),
        inspect.BoolType: pa.bool_(),
        inspect.FloatType: pa.float64(),
    }
)


@cache
def schema(table: str) -> pa.Schema:
    """Columns of a table, in order; file metadata name us and the version."""
    metadata = {"sectionary.table": table, "sectionary.schema_version": str(SCHEMA_VERSION)}
    return pa.schema([_column(field.name, field.type) for field in members(table)], metadata=metadata)


@cache
def flat_columns(table: str) -> tuple[str, ...]:
    """Columns that come first and hold no lists: all up to `schema_version`, which is the last of them."""
    names = schema(table).names
    return tuple(names[: names.index(LAST_FLAT) + 1] if LAST_FLAT in names else names)


@cache
def descriptions(table: str) -> types.MappingProxyType[str, str]:
    """What each column holds, in words."""
    return types.MappingProxyType({field.name: _description(field.type) for field in members(table)})


def members(table: str) -> tuple[inspect.Field, ...]:
    """The columns of a table as its record type names them, in order."""
    return cast(inspect.StructType, inspect.type_info(RECORDS[table])).fields


def _column(name: str, kind: inspect.Type) -> pa.Field:
    """A column, nullable where None is among its types.

    Members below it are always nullable: those of a struct that is null are null themselves.
    """
    kind = bare(kind)
    return pa.field(name, _arrow(kind), nullable=isinstance(kind, inspect.UnionType))


def _arrow(kind: inspect.Type) -> pa.DataType:
    kind = bare(kind)
    if isinstance(kind, inspect.UnionType):
        return _arrow(only_member(kind))
    if isinstance(kind, inspect.VarTupleType):
        return pa.list_(pa.field("element", _arrow(kind.item_type)))
    if isinstance(kind, inspect.StructType):
        return pa.struct([pa.field(field.name, _arrow(field.type)) for field in kind.fields])
    return _SCALARS[type(kind)]


def only_member(kind: inspect.UnionType) -> inspect.Type:
    """The type that stands in a column beside null."""
    member, *others = [member for member in kind.types if not isinstance(member, inspect.NoneType)]
    if others:
        raise TypeError(f"a column has one type, or one type and None, not {kind}")
    return member


def bare(kind: inspect.Type) -> inspect.Type:
    """A type without what is said of it."""
    return kind.type if isinstance(kind, inspect.Metadata) else kind


def _description(kind: inspect.Type) -> str:
    described = kind.extra_json_schema if isinstance(kind, inspect.Metadata) else None
    return str((described or {}).get("description", ""))
