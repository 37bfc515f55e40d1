"""Options: what several commands take, and how their configuration is read."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sectionary.scraper.errors import ConfigError

if TYPE_CHECKING:
    from sectionary.config import Config


class LogFormat(StrEnum):
    """How progress is told where stderr is no terminal."""

    text = "text"
    json = "json"


class Engine(StrEnum):
    """Who fetches and cleans: this machine, or a Ray cluster."""

    local = "local"
    ray = "ray"


Configured = Annotated[Path | None, typer.Option("-c", "--config", help="Configuration [./config.yaml]")]
WorkDir = Annotated[Path | None, typer.Option("--work-dir", help="Where raw archive and ledger lie")]
Contact = Annotated[str | None, typer.Option("--contact", help="Mail or web address that reaches you")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing when all is well")]
Log = Annotated[LogFormat, typer.Option("--log-format", help="Progress off a terminal: lines of text or JSON")]
Sites = Annotated[list[str] | None, typer.Option("--site", help="Only this site; may be repeated")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Fetch at most so many pages a site")]
Budget = Annotated[
    list[str] | None,
    typer.Option("--budget", help="Stop and commit after 2h, 500pages or 1GiB; may be repeated"),
]
Full = Annotated[bool, typer.Option("--full", help="Fetch every page again, changed or not")]
Since = Annotated[str | None, typer.Option("--since", help="Only pages edited since, by the site: 2026-11-01, 2d")]
Wait = Annotated[str | None, typer.Option("--wait", help="How long to wait for another run that holds a site, 30m")]
FailOn = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on",
        help="What makes exit code 5: drift, blocked, site, incomplete, rejected>2%, none [drift,blocked,site]",
    ),
]
CleanedBy = Annotated[Engine | None, typer.Option("--engine", help="Who fetches and cleans: local, ray [run.engine]")]
BaseUrl = Annotated[str | None, typer.Option("--base-url", help="Address below which local files are pages")]
Rules = Annotated[str | None, typer.Option("--rules", help="Site file, by name or path")]
Dataset = Annotated[Path | None, typer.Argument(help="Folder of the dataset [output.directory]", show_default=False)]


def loaded(
    config: Path | None, work_dir: Path | None = None, contact: str | None = None, engine: Engine | None = None
) -> "Config":
    """The configuration that the command is to follow. Raises ConfigError where there is none, or a faulty one."""
    from sectionary.config import find_config, load_config

    told = {"run.work_dir": work_dir and str(work_dir.absolute()), "scraper.contact": contact}
    told["run.engine"] = engine and engine.value
    return load_config(find_config(config), {key: value for key, value in told.items() if value})


def refuse(why: str, **options: object) -> None:
    """Refuse options that would have no effect, instead of ignoring them."""
    if given := [name for name, value in options.items() if value is not None]:
        name = given[0].replace("_", "-")
        raise ConfigError(f"{'-' if len(name) == 1 else '--'}{name} has no effect here: {why}")
