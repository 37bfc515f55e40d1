"""What an operator may set under `output:` in config.yaml."""

import re
from typing import Literal, cast

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sectionary.output.record import PAGE_TEXT_DROP

Role = Literal["see_also", "notes", "references", "bibliography", "further_reading", "external_links", "gallery"]
FormatName = Literal["parquet", "jsonl", "jsonl.gz", "jsonl.zst"]


_IDENTIFIER = re.compile(r"[A-Za-z0-9.+-]+")     # SPDX specification 2.3, annex D: idstring


class KeepSettings(BaseModel):
    """How much of the past a dataset holds on to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    snapshots: int = Field(default=14, ge=1, description="snapshots that `vacuum` leaves readable")


class OutputSettings(BaseModel):
    """The `output:` section. A relative `directory` counts from the config file; its reader sees to that."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    directory: str = Field(default="corpus", description="where the dataset lies: a folder, or an fsspec URL")
    formats: tuple[FormatName, ...] = Field(
        default=("parquet", "jsonl"), min_length=1, description="parquet, jsonl, jsonl.gz, jsonl.zst"
    )
    licenses: tuple[str, ...] | None = Field(
        default=None, description="SPDX identifiers of the licences allowed in; a page without one is left out then"
    )
    keep: KeepSettings = KeepSettings()
    page_text_drop: tuple[Role, ...] = Field(
        default=cast("tuple[Role, ...]", PAGE_TEXT_DROP),
        description="roles of sections that a page's text and markdown leave out"
    )

    type_changes: Literal["refuse", "convert"] = Field(
        default="refuse", description="what to do where an earlier release wrote a column in another type"
    )

    @field_validator("formats")
    @classmethod
    def _once_each(cls, formats: tuple[FormatName, ...]) -> tuple[FormatName, ...]:
        if len(set(formats)) < len(formats):
            raise ValueError("a format is named twice")
        return formats

    @field_validator("licenses")
    @classmethod
    def _are_identifiers(cls, licenses: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for name in licenses or ():
            if not _IDENTIFIER.fullmatch(name):
                raise ValueError(f"{name!r} is no SPDX identifier; write one like CC-BY-SA-4.0")
        return licenses
