"""JSON Schemas (2020-12) of the tables' rows, made from the record types, and what differs between two of them."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from sectionary.output.last_run import Summary
from sectionary.output.record import SCHEMA_VERSION
from sectionary.output.schema import RECORDS

Columns = dict[str, str]                   # by dotted path: the type, with a question mark where null may stand


@cache
def schema_bytes(table: str) -> bytes:
    """The JSON Schema of a row of a table, or of last_run.json, as it is shipped and kept with a dataset."""
    return msgspec.json.format(msgspec.json.encode(json_schema(table)), indent=2) + b"\n"


def json_schema(table: str) -> dict[str, Any]:
    """The JSON Schema of a row of a table: every key is required, no other is allowed."""
    record = Summary if table == "last_run" else RECORDS[table]
    made = msgspec.json.schema(record)
    for definition in made["$defs"].values():
        definition["required"] = list(definition["properties"])
        definition["additionalProperties"] = False
        for member in definition["properties"].values():
            member.pop("default", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:sectionary:{table}:{SCHEMA_VERSION}",
        "title": table,
        **made,
    }


def columns(schema: Mapping[str, Any]) -> Columns:
    """Type of every column and of every member below it, by dotted path; `[]` stands for the items of a list."""
    return dict(_columns(schema, schema, ""))


def _columns(root: Mapping[str, Any], node: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    kinds = node.get("anyOf", [node])
    null = "?" if {"type": "null"} in kinds else ""
    node = next(kind for kind in kinds if kind != {"type": "null"})
    if "$ref" in node:
        node = root["$defs"][node["$ref"].rpartition("/")[2]]
    if path:
        yield path, node["type"] + null
    if node["type"] == "array":
        yield from _columns(root, node["items"], f"{path}[]")
    for name, member in node.get("properties", {}).items():
        yield from _columns(root, member, f"{path}.{name}".lstrip("."))


def clashes(old: Columns, new: Columns) -> list[str]:
    """What of `old` cannot be read as `new`: another type, no null where there was one, a column that is no more."""
    found = []
    for path, kind in old.items():
        now = new.get(path)
        if now is None:
            found.append(f"{path} is no more")
        elif now not in (kind, kind.rstrip("?") + "?"):
            found.append(f"{path} was {_said(kind)} and is {_said(now)}")
    return found


def _said(kind: str) -> str:
    return f"{kind[:-1]} or null" if kind.endswith("?") else kind
