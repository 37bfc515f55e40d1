"""The command line: arguments in, summary and exit code out. What happens stands in the pipeline.

Results go to stdout, all else to stderr. Exit codes: 0 done or stopped at a limit that was set, 1 a bug of
ours, 2 wrong usage, configuration or input, 3 another run holds the site, 4 interrupted, 5 a condition of
--fail-on held, or `status` found a site too old, 6 the dataset does not verify.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sectionary import datacli
from sectionary.scraper.errors import ConfigError, InterruptedRunError, SectionaryError
from sectionary.scraper.version import VERSION

if TYPE_CHECKING:
    from sectionary.config import Config
    from sectionary.pipeline import Bounds

app = typer.Typer(
    help="Encyclopedia pages in, clean section records out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    """How `page` prints an article."""

    markdown = "markdown"
    text = "text"
    json = "json"
    html = "html"


class LogFormat(StrEnum):
    """How progress is told where stderr is no terminal."""

    text = "text"
    json = "json"


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
Since = Annotated[str | None, typer.Option("--since", help="Only pages edited since, as the site says: 2026-11-01")]
Wait = Annotated[str | None, typer.Option("--wait", help="How long to wait for another run that holds a site, 30m")]
FailOn = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on",
        help="What makes exit code 5: drift, blocked, site, incomplete, rejected>2%, none [drift,blocked,site]",
    ),
]
BaseUrl = Annotated[str | None, typer.Option("--base-url", help="Address below which local files are pages")]
Rules = Annotated[str | None, typer.Option("--rules", help="Site file, by name or path")]


def _crawl(says: str, *, clean: bool) -> Callable[..., None]:
    """A command that fetches, and cleans and commits too where `clean`; `says` is its help."""

    def command(
        config: Configured = None,
        site: Sites = None,
        limit: Limit = None,
        budget: Budget = None,
        full: Full = False,
        since: Since = None,
        wait: Wait = None,
        fail_on: FailOn = None,
        work_dir: WorkDir = None,
        contact: Contact = None,
        quiet: Quiet = False,
        log_format: Log = LogFormat.text,
    ) -> None:
        bounds = _bounds(limit, budget, since, wait, fail_on, full=full)
        loaded = _loaded(config, work_dir, contact)
        _street(loaded, site, bounds, quiet=quiet, log_format=log_format, clean=clean)

    command.__doc__ = says
    return command


_RUN = "Fetch, clean and commit: finish what is pending, then ask the sites for what is new."
_FETCH = "Fetch into the raw archive and no further; `clean` or `run` does the rest."
app.command("run", epilog="Example: sectionary run --site wikimd --budget 2h -q")(_crawl(_RUN, clean=True))
app.command("fetch", epilog="Example: sectionary fetch --site wikimd --budget 2h")(_crawl(_FETCH, clean=False))


def _bounds(
    limit: int | None, budget: list[str] | None, since: str | None, wait: str | None, fail_on: list[str] | None,
    *, full: bool,
) -> "Bounds":  # fmt: skip
    from sectionary.output.conditions import conditions
    from sectionary.pipeline import Bounds
    from sectionary.scraper import budget as budgets

    return Bounds(
        limit=limit,
        budget=budgets.Budget.parse(budget or ()),
        full=full,
        since=None if since is None else budgets.moment(since),
        wait=0.0 if wait is None else budgets.seconds("--wait", wait),
        fail_on=conditions(fail_on),
    )


@app.command(epilog="Example: sectionary status --max-age 26h")
def status(
    config: Configured = None,
    site: Sites = None,
    max_age: Annotated[str | None, typer.Option("--max-age", help="Exit 5 where no run succeeded since, 26h")] = None,
    work_dir: WorkDir = None,
    quiet: Quiet = False,
) -> None:
    """Tell of each site how its last run ended, what is pending, and when one last succeeded."""
    from sectionary import standing
    from sectionary.scraper.budget import seconds
    from sectionary.scraper.clock import SystemClock

    age = None if max_age is None else seconds("--max-age", max_age)
    sites = standing.status(_loaded(config, work_dir), site, max_age=age)
    late = any(each.late for each in sites)
    if late or not quiet:
        _write([standing.told(sites, SystemClock().now()).encode("utf-8", "replace")])
    raise typer.Exit(5 if late else 0)


@app.command(epilog="Example: sectionary retry --reason 'http: 403*'")
def retry(
    config: Configured = None,
    site: Sites = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Only those lost for this reason, 'http: 4*'")] = None,
    work_dir: WorkDir = None,
    quiet: Quiet = False,
) -> None:
    """Have the next run ask again for pages that were lost or postponed."""
    from sectionary import standing

    counts = standing.retry(_loaded(config, work_dir), site, reason=reason)
    if not quiet:
        _write(f"{name}: the next run asks for {number:,} pages again\n".encode() for name, number in counts.items())


def _loaded(config: Path | None, work_dir: Path | None = None, contact: str | None = None) -> "Config":
    from sectionary.config import find_config, load_config

    told = {"run.work_dir": work_dir and str(work_dir.absolute()), "scraper.contact": contact}
    return load_config(find_config(config), {key: value for key, value in told.items() if value})


@app.command(epilog="Example: sectionary demo -o /tmp/strandline")
def demo(
    output: Annotated[Path, typer.Option("-o", help="Folder for the dataset and the raw archive")] = Path("strandline"),
    quiet: Quiet = False,
    log_format: Log = LogFormat.text,
) -> None:
    """Crawl the example encyclopedia, which is served on loopback; needs no configuration."""
    from sectionary.config import demo_config

    _street(demo_config(output), None, None, quiet=quiet, log_format=log_format)


@app.command(epilog="Example: sectionary clean pages/ notes.txt -o corpus")
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
    config: Configured = None,
    work_dir: WorkDir = None,
    quiet: Quiet = False,
    log_format: Log = LogFormat.text,
) -> None:
    """Clean files, or again what lies in the raw archive; never uses the network."""
    if not paths:
        given: dict[str, object] = {"o": output, "base_url": base_url, "rules": rules, "html_column": html_column}
        given |= {"text_column": text_column, "url_column": url_column, "include": include, "mime": mime}
        given["shard"] = shard
        _refuse("without PATH the archive is cleaned, by its configuration", **given)
        _street(_loaded(config, work_dir), None, None, quiet=quiet, log_format=log_format, fetch=False)
    else:
        _refuse("files are cleaned without a configuration", config=config, work_dir=work_dir)
        asked: dict[str, Any] = {"include": include, "mime": mime, "shard": shard, "html_column": html_column}
        asked |= {"text_column": text_column, "url_column": url_column}
        _clean_files(paths, output, base_url, rules, asked, quiet=quiet)


def _refuse(why: str, **options: object) -> None:
    """Refuse options that would have no effect, instead of ignoring them."""
    if given := [name for name, value in options.items() if value is not None]:
        name = given[0].replace("_", "-")
        raise ConfigError(f"{'-' if len(name) == 1 else '--'}{name} has no effect here: {why}")


def _clean_files(
    paths: list[Path], output: str | None, base_url: str | None, rules: str | None, told: dict[str, Any], *, quiet: bool
) -> None:
    from sectionary.config import RunSettings
    from sectionary.output.durable import located
    from sectionary.scraper.bulk.stdin import spooled
    from sectionary.scraper.bulk.task import wanted

    processes, dataset = RunSettings().processes(), located(output) if output else None
    asked = wanted({name: value for name, value in told.items() if value is not None})
    with TemporaryDirectory(prefix="sectionary-") as folder:
        files = [spooled(sys.stdin.buffer, Path(folder)) if str(path) == "-" else path for path in paths]
        report = _cleaned_into(files, dataset, base_url=base_url, site_file=rules, processes=processes, wanted=asked)
    if report.rejected or not quiet:
        _say(report.told())
    raise typer.Exit(0 if report.pages else ConfigError.exit_code)


def _cleaned_into(files: list[Path], dataset: Path | None, **options: Any) -> Any:
    """Clean into a dataset, or to stdout; gives what came of it."""
    from sectionary import inputs

    with inputs.cleaned_files(files, dataset=dataset, **options) as results:
        done: list[inputs.Done] = []
        if dataset is None:
            _write(line + b"\n" for line in inputs.lines(results, done))
        return inputs.into_dataset(results, dataset) if dataset else inputs.printed(done)


@app.command(epilog="Example: sectionary page https://en.wikipedia.org/wiki/Tide --contact you@your.org")
def page(
    source: Annotated[str, typer.Argument(help="Address, file, or - for stdin")],
    format_: Annotated[Format, typer.Option("--format", help="How to print it")] = Format.markdown,
    base_url: BaseUrl = None,
    rules: Rules = None,
    contact: Contact = None,
    config: Configured = None,
) -> None:
    """Clean one page and print it."""
    from sectionary import onepage
    from sectionary.config import scraper_settings

    settings = scraper_settings(config, contact)
    found = onepage.load_page(source, base_url=base_url, site_file=rules, scraper=settings)
    _write([onepage.rendered(found, format_.value).encode("utf-8", "replace")])


@app.command(epilog="Example: sectionary preview Limpet.html https://en.wikipedia.org/wiki/Tide -o preview.html")
def preview(
    sources: Annotated[list[str], typer.Argument(help="Addresses, files, or - for stdin")],
    output: Annotated[Path, typer.Option("-o", help="HTML file to write")] = Path("preview.html"),
    base_url: BaseUrl = None,
    rules: Rules = None,
    contact: Contact = None,
    config: Configured = None,
    quiet: Quiet = False,
) -> None:
    """Show pages as they were beside their records: what was cut, and by which rule."""
    from sectionary import onepage
    from sectionary.config import scraper_settings

    if len(sources) > 1:
        _refuse("it is the address of one file, and several were named", base_url=base_url)
    settings = scraper_settings(config, contact)
    load = partial(onepage.load_page, base_url=base_url, site_file=rules, scraper=settings)
    lost: list[SectionaryError] = []

    def tell(error: SectionaryError) -> None:
        lost.append(error)
        _say(f"sectionary: {error}")

    onepage.preview(sources, output, load, tell)
    if (shown := len(sources) - len(lost)) and not quiet:
        _say(f"{shown} of {len(sources)} pages in {output}; open it in a browser")
    if lost:
        raise typer.Exit(lost[0].exit_code)


@app.command(epilog="Example: sectionary plan https://wikimd.org/wiki/ --contact you@your.org")
def plan(
    url: Annotated[str | None, typer.Argument(help="Encyclopedia; none: those of the configuration")] = None,
    site: Sites = None,
    contact: Contact = None,
    config: Configured = None,
) -> None:
    """Tell what a crawl would take: pages, requests and hours at the lawful rate, robots.txt and licence."""
    from sectionary.config import scraper_settings, single_site
    from sectionary.scraper.survey import survey, told

    if url:
        _refuse("one address was given", site=site)
        settings, chosen = scraper_settings(config, contact), [single_site(url)]
    else:
        loaded = _loaded(config, contact=contact)
        settings, chosen = loaded.scraper, loaded.chosen(site)
    lost: list[SectionaryError] = []
    for each in chosen:
        try:
            with _reachable(each) as here:
                _write([told(survey(here, settings)).encode("utf-8", "replace")])
        except SectionaryError as error:
            lost.append(error)
            _say(f"sectionary: {error}")
    if lost:
        raise typer.Exit(lost[0].exit_code)


def _reachable(site: Any) -> Any:
    from sectionary.pipeline import reachable

    return reachable(site)


@app.command(epilog="Example: sectionary why 'https://wikimd.org/index.php?title=Tide' --contact you@your.org")
def why(
    url: Annotated[str, typer.Argument(help="Address of a page, in any spelling")],
    contact: Contact = None,
    config: Configured = None,
    work_dir: WorkDir = None,
) -> None:
    """Tell how an address is seen: its canonical form, scope, robots.txt, rules, and where the page stands."""
    from sectionary.config import ledger_path, scraper_settings
    from sectionary.scraper.why import explain

    lines = explain(url, scraper_settings(config, contact), ledger_path(config, work_dir))
    _write(f"{name:<11} {value}\n".encode("utf-8", "replace") for name, value in lines)


@app.command(epilog="Example: sectionary takedown https://wikimd.org/wiki/Tide --reason 'author asked, ticket 12'")
def takedown(
    url: Annotated[str | None, typer.Argument(help="Address of the page; none: finish what was stopped")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept beside the page's hashed keys")] = "asked",
    config: Configured = None,
    work_dir: WorkDir = None,
    quiet: Quiet = False,
) -> None:
    """Take a page out of dataset, history and raw archive for good; no later run or import takes it in again."""
    from sectionary.takedown import take_down

    came_to = take_down(_loaded(config, work_dir), url, reason)
    if not quiet:
        _say(came_to.told())


@app.command(epilog="Example: sectionary init https://wikimd.org/wiki/ --contact you@example.org")
def init(
    urls: Annotated[list[str] | None, typer.Argument(help="Encyclopedias to crawl; none: the example one")] = None,
    output: Annotated[Path, typer.Option("-o", help="File to write")] = Path("config.yaml"),
    contact: Contact = None,
) -> None:
    """Write a commented configuration, with what the sites say of themselves."""
    from sectionary.config import scraper_settings, single_site, write_config
    from sectionary.scraper.survey import survey, told

    if output.exists():
        raise ConfigError(f"{output} is there already; move it away or name another file with -o")
    remarks: dict[str, str] = {}
    for url in urls or []:
        site = single_site(url)
        try:
            remarks[url] = told(survey(site, scraper_settings(None, contact)))
        except SectionaryError as error:
            _say(f"not looked at: {error}")
    write_config(output, urls or [], contact, remarks)
    _say(f"wrote {output}; read it, then: sectionary run -c {output}")


def _street(
    config: "Config", sites: list[str] | None, bounds: "Bounds | None", *, quiet: bool, log_format: LogFormat,
    fetch: bool = True, clean: bool = True,
) -> None:  # fmt: skip
    from sectionary.output.last_run import told
    from sectionary.pipeline import run as run_street
    from sectionary.progress import reporting

    with _stoppable() as stop, reporting(quiet=quiet, log_format=log_format) as progress:
        summary = run_street(
            config, sites=sites, bounds=bounds, stop=stop, progress=progress, fetch=fetch, clean=clean
        )
    if summary.exit_code or not quiet:
        _write([told(summary).encode("utf-8", "replace")])
    raise typer.Exit(summary.exit_code)


class _Stop:
    """Set by the first SIGINT or SIGTERM, so that the run drains; the second ends it at once."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self) -> bool:
        return self.asked

    def hear(self, _signal: int, _frame: FrameType | None) -> None:
        """Handle a signal."""
        if self.asked:
            _say("stopped at once; run again to go on")
            os._exit(InterruptedRunError.exit_code)      # every file is whole at any moment, and workers follow
        self.asked = True
        _say("stopping: commits what was fetched; once more to stop at once")


@contextmanager
def _stoppable() -> Iterator[_Stop]:
    stop = _Stop()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, stop.hear) for each in signals]
    try:
        yield stop
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)


def _write(chunks: Iterable[bytes]) -> None:
    """Write results to stdout; a reader that has seen enough (`| head`) ends the program, and is no fault."""
    try:
        sys.stdout.buffer.writelines(chunks)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def _say(text: str) -> None:
    from sectionary.progress import printable

    sys.stderr.write("\n".join(map(printable, text.splitlines())) + "\n")


datacli.register(app)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the release and stop")] = False,
) -> None:
    if version:
        sys.stdout.write(f"sectionary {VERSION}\n")
        raise typer.Exit


def main() -> None:
    """Run the command line; ends the process with an exit code."""
    try:
        app()
    except SectionaryError as error:
        _say(f"sectionary: {error}")
        sys.exit(error.exit_code)
    except OSError as error:
        _say(f"sectionary: {error.filename or 'a file'}: {error.strerror or error}; run again when that is mended")
        sys.exit(InterruptedRunError.exit_code)
    except Exception:  # noqa: BLE001 - the last word on a bug of ours
        traceback.print_exc()
        _say(f"sectionary: this is a bug in sectionary {VERSION}; please report it with the lines above")
        sys.exit(1)


if __name__ == "__main__":
    main()
