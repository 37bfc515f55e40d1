"""One page: at an address, in a file or on stdin, for `page` and `preview`; it needs no dataset and no ledger."""

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

import msgspec

from sectionary.cleaners.article import clean, page_of
from sectionary.output.durable import replace_file
from sectionary.output.html import article_html
from sectionary.output.markdown import article_markdown, article_text
from sectionary.output.preview.document import document, is_preview
from sectionary.output.preview.view import PageView, page_view
from sectionary.output.record import records
from sectionary.scraper import urls
from sectionary.scraper.blocked import block
from sectionary.scraper.clock import SystemClock, stamp
from sectionary.scraper.errors import ConfigError, FetchError, SectionaryError
from sectionary.scraper.http import Client
from sectionary.scraper.pace import Pace
from sectionary.scraper.page import Http, Page
from sectionary.scraper.robots import Rulebook
from sectionary.scraper.settings import ScraperSettings, SiteSettings, require_contact


def load_page(source: str, *, base_url: str | None, site_file: str | None, scraper: ScraperSettings) -> Page:
    """The page at an address, in a file, or on stdin ("-").

    Raises ConfigError for a file that is not there or an address without a contact to name, FetchError for
    an answer that is no page.
    """
    if source.startswith(("http://", "https://")):
        return _fetched(source, site_file, scraper)
    if source == "-":
        return page_of(sys.stdin.buffer.read(), base_url or "", site_file)
    path = Path(source)
    if not path.is_file():
        raise ConfigError(f"{source}: no such file, and no address (they begin with http:// or https://)")
    return page_of(path.read_bytes(), base_url or f"file:{path.name}", site_file)


def _fetched(url: str, site_file: str | None, scraper: ScraperSettings) -> Page:
    clock = SystemClock()
    if reason := urls.refusal(url):
        raise ConfigError(f"{url}: {reason}; write an address like https://wikimd.org/wiki/")
    require_contact(scraper, SiteSettings.model_validate({"url": url}))
    with Client(
        Pace(clock, scraper.delay, limits=scraper.limits()),
        contact=scraper.contact,
        private_hosts=scraper.private_hosts,
        most_bytes=scraper.max_page_bytes,
    ) as client:
        robots = Rulebook(client).of(url)
        if robots.unavailable or not robots.allows(url):
            raise FetchError(url, robots.unavailable or "robots.txt forbids it")
        answer = client.get_patiently(url)
    if answer.status != 200:
        raise FetchError(url, f"http: {answer.status}")
    if reason := block(answer):
        raise FetchError(url, reason)
    return Page(
        url=answer.url,
        body=answer.body,
        redirected_from=answer.redirected_from,
        http=Http(status=answer.status, content_type=answer.header("content-type")),
        date_fetched=stamp(clock.now()),
        rules=site_file,
    )


def rendered(page: Page, form: str) -> str:
    """The article of a page as markdown, text, json or html. Raises CleanError where there is none."""
    article = clean(page)
    if form == "json":
        page_row, section_rows = records(article, page)
        both = msgspec.json.encode({"page": page_row, "sections": section_rows})
        return msgspec.json.format(both, indent=2).decode() + "\n"
    render = {"markdown": article_markdown, "text": article_text, "html": article_html}[form]
    return render(article).rstrip("\n") + "\n"




def preview(
    sources: Iterable[str], output: Path, load: Callable[[str], Page], tell: Callable[[SectionaryError], None]
) -> None:
    """Write the pages that `load` gets from `sources` into one HTML file.

    What cannot be shown is told to `tell`, and the others go on; where nothing is left, nothing is written.
    Raises ConfigError for an output that is there already and is no preview.
    """
    if output.exists() and not is_preview(output):
        raise ConfigError(f"{output} is there already and no preview; move it away or name another file with -o")
    views = _views(sources, load, tell)
    if first := next(views, None):
        replace_file(output, "".join(document(chain((first,), views))).encode("utf-8", "replace"))


def _views(
    sources: Iterable[str], load: Callable[[str], Page], tell: Callable[[SectionaryError], None]
) -> Iterator[PageView]:
    for source in sources:
        try:
            page = load(source)
            yield page_view(source, page, clean(page, trace=True))
        except SectionaryError as error:
            tell(error)
        except OSError as error:
            tell(ConfigError(f"{source}: {error.strerror}"))
