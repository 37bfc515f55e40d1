"""page and preview: single pages, to look at."""

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sectionary.commands.options import BaseUrl, Configured, Contact, Quiet, Rules, refuse
from sectionary.commands.printing import say, write
from sectionary.scraper.errors import SectionaryError


class Format(StrEnum):
    """How `page` prints an article."""

    markdown = "markdown"
    text = "text"
    json = "json"
    html = "html"


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
    write([onepage.rendered(found, format_.value).encode("utf-8", "replace")])


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
        refuse("it is the address of one file, and several were named", base_url=base_url)
    settings = scraper_settings(config, contact)
    load = partial(onepage.load_page, base_url=base_url, site_file=rules, scraper=settings)
    lost: list[SectionaryError] = []

    def tell(error: SectionaryError) -> None:
        lost.append(error)
        say(f"sectionary: {error}")

    onepage.preview(sources, output, load, tell)
    if (shown := len(sources) - len(lost)) and not quiet:
        say(f"{shown} of {len(sources)} pages in {output}; open it in a browser")
    if lost:
        raise typer.Exit(lost[0].exit_code)
