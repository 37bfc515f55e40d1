"""Evolution: rows of an earlier release in the columns of this one.

A column that came since is null (or empty) in rows that were written before. A column whose type is another is
refused, unless the operator asks for its conversion. The schemas of all releases that wrote a dataset are kept
in it, so nothing has to be guessed.
"""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from sectionary.output.durable import replace_file
from sectionary.output.json_bytes import encoded
from sectionary.output.jsonschema import clashes, columns, json_schema, schema_bytes
from sectionary.output.layout import schema_path
from sectionary.output.record import SCHEMA_VERSION
from sectionary.output.schema import RECORDS, bare, only_member
from sectionary.output.snapshot import Snapshot
from sectionary.scraper.errors import DatasetError


def keep_schemas(directory: Path) -> None:
    """Leave the JSON Schemas of this release in the dataset."""
    for table in RECORDS:
        path = directory / schema_path(table, SCHEMA_VERSION)
        if not path.exists() or path.read_bytes() != schema_bytes(table):
            replace_file(path, schema_bytes(table))


def check_types(directory: Path, current: Snapshot) -> None:
    """Raise DatasetError where a column of the dataset's files has another type than in this release."""
    for table, version in sorted({(file.table, file.schema_version) for file in current.files()}):
        path = directory / schema_path(table, version)
        try:
            old = columns(msgspec.json.decode(path.read_bytes()))
        except FileNotFoundError:
            continue
        except (msgspec.DecodeError, KeyError, TypeError, AttributeError, StopIteration):
            raise DatasetError(f"{path} is damaged; delete it if the dataset verifies") from None
        if found := clashes(old, columns(json_schema(table))):
            raise DatasetError(
                f"{directory}: {table}: {'; '.join(found)}: write to a new folder, or set output.type_changes to "
                "convert to rewrite what is there"
            )


def upgraded(line: bytes, table: str) -> bytes:
    """A row of an earlier release as this one would write it. Raises DatasetError where a value has no such form."""
    record = RECORDS[table]
    try:
        value = {**msgspec.json.decode(line), "schema_version": SCHEMA_VERSION}
        return encoded(msgspec.convert(_filled(value, inspect.type_info(record)), record, strict=False))
    except (msgspec.MsgspecError, TypeError, AttributeError) as error:
        raise DatasetError(f"a row of {table} has no form in this release: {error}") from error


def _filled(value: Any, kind: inspect.Type) -> Any:
    """The value with the members that its type has and it has not."""
    kind = bare(kind)
    if isinstance(kind, inspect.UnionType):
        return None if value is None else _filled(value, only_member(kind))
    if isinstance(kind, inspect.VarTupleType):
        return [_filled(item, kind.item_type) for item in value]
    if isinstance(kind, inspect.StructType):
        return {
            field.name: _filled(value[field.name], field.type) if field.name in value else _missing(field)
            for field in kind.fields
        }
    return str(value) if isinstance(kind, inspect.StrType) else value


def _missing(field: inspect.Field) -> Any:
    """What stands in a column that a row has no value for."""
    kind = bare(field.type)
    if field.default is not msgspec.NODEFAULT:
        return field.default
    if isinstance(kind, inspect.UnionType):
        return None
    if isinstance(kind, inspect.VarTupleType):
        return ()
    raise TypeError(f"{field.name} is missing")
