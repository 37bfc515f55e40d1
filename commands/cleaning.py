"""clean: files, or again what lies in the raw archive."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sectionary.commands.crawling import street
from sectionary.commands.options import (
    BaseUrl,
    CleanedBy,
    Configured,
    Log,
    LogFormat,
    Quiet,
    Rules,
    WorkDir,
    loaded,
    refuse,
)
from sectionary.commands.printing import say, write
from sectionary.scraper.errors import ConfigError

if TYPE_CHECKING:
    from sectionary.output.settings import OutputSettings


def clean(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="HTML, text, WARC, ZIM, dumps, JSONL, Parquet, folders, - (stdin); none: the archive"),
    ] = None,
    output: Annotated[str | None, typer.Option("-o", help="Dataset to write, a folder or URL; else JSONL")] = None,
    base_url: BaseUrl = None,
    rules: Rules = None,
    html_column: Annotated[str | None, typer.Option("--html-column", help="Of JSONL, Parquet: pages")] = None,
    text_column: Annotated[str | None, typer.Option("--text-column", help="Of JSONL, Parquet: extracted text")] = None,
    url_column: Annotated[str | None, typer.Option("--url-column", help="Of JSONL, Parquet: addresses")] = None,
    include: Annotated[list[str] | None, typer.Option("--include", help="Take addresses like this; repeatable")] = None,
    mime: Annotated[list[str] | None, typer.Option("--mime", help="Take this type of WARC, ZIM [HTML]")] = None,
    shard: Annotated[str | None, typer.Option("--shard", help="I/N: every Nth page from the Ith")] = None,
    license: Annotated[  # noqa: A002
        list[str] | None, typer.Option("--license", help="Let only this SPDX licence into the dataset; repeatable")
    ] = None,
    config: Configured = None,
    work_dir: WorkDir = None,
    engine: CleanedBy = None,
    quiet: Quiet = False,
    log_format: Log = LogFormat.text,
) -> None:
    """Clean files, or again what lies in the raw archive; never uses the network."""
    asked: dict[str, Any] = {"include": include, "mime": mime, "shard": shard, "html_column": html_column}
    asked |= {"text_column": text_column, "url_column": url_column}
    if not paths:
        why = "without PATH the archive is cleaned, by its configuration"
        refuse(why, o=output, base_url=base_url, rules=rules, license=license, **asked)
        street(loaded(config, work_dir, engine=engine), None, None, quiet=quiet, log_format=log_format, fetch=False)
    refuse("files are cleaned without a configuration", config=config, work_dir=work_dir, engine=engine)
    if output is None:
        refuse("it is for a dataset, and records go to stdout without -o", license=license)
    _clean_files(paths or [], output, base_url, rules, asked, license or [], quiet=quiet)


def _clean_files(
    paths: list[Path], output: str | None, base_url: str | None, rules: str | None, told: dict[str, Any],
    licenses: list[str], *, quiet: bool,
) -> None:  # fmt: skip
    from sectionary.config import RunSettings
    from sectionary.output.durable import located
    from sectionary.output.settings import OutputSettings
    from sectionary.scraper.bulk.stdin import spooled
    from sectionary.scraper.bulk.task import wanted
    from sectionary.scraper.yamlfile import check

    processes, dataset = RunSettings().processes(), located(output) if output else None
    asked = wanted({name: value for name, value in told.items() if value is not None})
    settings = check(OutputSettings, {"licenses": licenses} if licenses else {}, source="--license")
    with TemporaryDirectory(prefix="sectionary-") as folder:
        files = [spooled(sys.stdin.buffer, Path(folder)) if str(path) == "-" else path for path in paths]
        options = {"base_url": base_url, "site_file": rules, "processes": processes, "wanted": asked}
        report = _cleaned_into(files, dataset, settings, **options)
    if report.rejected or not quiet:
        say(report.told())
    raise typer.Exit(0 if report.pages else ConfigError.exit_code)


def _cleaned_into(files: list[Path], dataset: Path | None, settings: "OutputSettings", **options: Any) -> Any:
    """Clean into a dataset, or to stdout; gives what came of it."""
    from sectionary import inputs

    with inputs.cleaned_files(files, dataset=dataset, **options) as results:
        done: list[inputs.Done] = []
        if dataset is None:
            write(line + b"\n" for line in inputs.lines(results, done))
        return inputs.into_dataset(results, dataset, settings) if dataset else inputs.printed(done)
