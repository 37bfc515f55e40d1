"""plan, why and init: what can be said of a site before anything of it is fetched."""

from pathlib import Path
from typing import Annotated, Any

import typer

from sectionary.commands.options import Configured, Contact, Sites, WorkDir, loaded, refuse
from sectionary.commands.printing import say, write
from sectionary.scraper.errors import ConfigError, SectionaryError


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
        refuse("one address was given", site=site)
        settings, chosen = scraper_settings(config, contact), [single_site(url)]
    else:
        whole = loaded(config, contact=contact)
        settings, chosen = whole.scraper, whole.chosen(site)
    lost: list[SectionaryError] = []
    for each in chosen:
        try:
            with _reachable(each) as here:
                write([told(survey(here, settings)).encode("utf-8", "replace")])
        except SectionaryError as error:
            lost.append(error)
            say(f"sectionary: {error}")
    if lost:
        raise typer.Exit(lost[0].exit_code)


def _reachable(site: Any) -> Any:
    from sectionary.errand import reachable

    return reachable(site)


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
    write(f"{name:<11} {value}\n".encode("utf-8", "replace") for name, value in lines)


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
            say(f"not looked at: {error}")
    write_config(output, urls or [], contact, remarks)
    say(f"wrote {output}; read it, then: sectionary run -c {output}")
