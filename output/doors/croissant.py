"""croissant.json: the dataset for machines, in Croissant 1.0 (https://docs.mlcommons.org/croissant/docs/croissant-spec.html).

Flat columns are fields; nested ones are left to Parquet's own schema, which says more of them.
"""

from typing import Any

import msgspec
import pyarrow as pa

from sectionary.output.doors.facts import Facts
from sectionary.output.schema import descriptions, flat_columns, schema

CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {pa.string(): "sc:Text", pa.int64(): "sc:Integer", pa.bool_(): "sc:Boolean", pa.float64(): "sc:Float"}
_KEYS = {"sections": "section_id", "pages": "doc_id"}     # the tables that are data, not reports of them
_ENCODINGS = {
    "parquet": "application/x-parquet", "jsonl": "application/jsonlines", "jsonl.gz": "application/gzip",
    "jsonl.zst": "application/zstd",
}  # fmt: skip


def croissant(facts: Facts, name: str, description: str, licenses: list[str], cite_as: str) -> bytes:
    """The description as JSON-LD."""
    described = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": name,
        "description": description,
        "license": licenses,
        "citeAs": cite_as,
        "creator": {"@type": "Organization", "name": "the contributors of " + ", ".join(sorted(facts.sites))},
        "datePublished": facts.snapshot.created,
        "version": f"{facts.snapshot.number}.0.0",
        "inLanguage": sorted(name for name in facts.languages if name),
        "url": "https://" + (min(facts.sites) if facts.sites else "localhost"),
        "distribution": [_file_set(table, facts.formats[0]) for table in sorted(_KEYS)] if facts.formats else [],
        "recordSet": [_record_set(table) for table in sorted(_KEYS)] if facts.formats else [],
    }
    return msgspec.json.format(msgspec.json.encode(described), indent=2) + b"\n"


def pattern(table: str, format_name: str) -> str:
    """The pattern that names a table's files from the dataset's folder."""
    if format_name == "parquet":
        return f"{table}/*/*.parquet"
    return f"jsonl/{table}-*.{format_name}"


def _file_set(table: str, format_name: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"{table}-files",
        "name": f"{table}-files",
        "description": f"The files of the table {table}: all of them together, no row twice.",
        "encodingFormat": _ENCODINGS[format_name],
        "includes": pattern(table, format_name),
    }


def _record_set(table: str) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "description": f"One row a {table.removesuffix('s')}.",
        "key": {"@id": f"{table}/{_KEYS[table]}"},
        "field": [_field(table, name) for name in flat_columns(table)],
    }


def _field(table: str, name: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{table}/{name}",
        "name": name,
        "description": descriptions(table)[name],
        "dataType": _TYPES[schema(table).field(name).type],
        "source": {"fileSet": {"@id": f"{table}-files"}, "extract": {"column": name}},
    }
