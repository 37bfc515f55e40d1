"""Inputs: pages that a caller has in hand, files for `clean PATH` and one page for `page`; they need no ledger."""

import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sectionary.cleaners.article import clean, page_of
from sectionary.cleaners.rules import rules, rules_version
from sectionary.output.commit import commit
from sectionary.output.doors.write import write_doors
from sectionary.output.durable import replace_file
from sectionary.output.html import article_html
from sectionary.output.layout import rejected_path
from sectionary.output.markdown import article_markdown, article_text
from sectionary.output.preview.document import document, is_preview
from sectionary.output.preview.view import PageView, page_view
from sectionary.output.record import records
from sectionary.output.rejected import Rejected, read_rejected
from sectionary.output.settings import OutputSettings
from sectionary.output.staged import read_staged
from sectionary.scraper import urls
from sectionary.scraper.clock import SystemClock, stamp
from sectionary.scraper.errors import ConfigError, FetchError, SectionaryError
from sectionary.scraper.files import KINDS, local_files
from sectionary.scraper.http import Client
from sectionary.scraper.pace import Pace
from sectionary.scraper.page import Http, Page
from sectionary.scraper.robots import Rulebook
from sectionary.scraper.settings import MAX_PAGE_BYTES, ScraperSettings, SiteSettings, require_contact
from sectionary.scraper.version import VERSION
from sectionary.worker import BATCH, Crew, Orders, Result


class Cleaned(Struct, frozen=True, kw_only=True):
    """What came of a set of files: pages cleaned, pages that made a change, pages lost."""

    pages: int
    written: int
    rejected: tuple[Rejected, ...]
    excluded: dict[str, int] = {}

    def told(self) -> str:
        """What came of it, in a line for the whole and a line for every page that was lost."""
        lost = (f"{row.url}: {row.stage}: {row.reason}" for row in self.rejected)
        left_out = [f"excluded: {count}: {reason}" for reason, count in sorted(self.excluded.items())]
        whole = f"{self.pages} cleaned, {self.written} written, {len(self.rejected)} rejected"
        return "\n".join((whole, *left_out, *lost))


@contextmanager
def cleaned_files(
    paths: Sequence[Path], *, base_url: str | None, site_file: str | None, processes: int
) -> Iterator[list[Result]]:
    """What comes of cleaning the pages in files and folders; the staged files live as long as the context.

    Raises ConfigError for a path that is not there and for paths that hold no page.
    """
    files = local_files(paths, base_url)
    with TemporaryDirectory(prefix="sectionary-") as folder:
        with Crew(_orders(Path(folder), site_file), processes) as crew:
            while batch := list(islice(files, BATCH)):
                crew.submit(batch)
            results = crew.finish()
        if not results:
            raise ConfigError(f"{paths[0]}: no page in it; known are files ending in {', '.join(KINDS)}")
        yield results


def _orders(staging: Path, site_file: str | None) -> Orders:
    return Orders(
        site="local",
        raw=staging,
        staging=staging,
        cleaner=f"{VERSION}/{rules(site_file).version if site_file else rules_version()}",
        own_rules="{}",
        rules=site_file,
        license=None,
        page_text_drop=OutputSettings().page_text_drop,
        max_page_bytes=MAX_PAGE_BYTES,
    )


def lines(results: Iterable[Result]) -> Iterator[bytes]:
    """The JSONL rows of the sections of cleaned files."""
    for result in results:
        for rows in read_staged(result.staged).pages:
            yield from rows.sections


def into_dataset(results: Sequence[Result], directory: Path) -> Cleaned:
    """Commit cleaned files to the dataset at `directory`: pages it has already are replaced, others stay.

    Raises DatasetError for a folder that is not ours.
    """
    cleaned = {task.canonical_url for result in results for task in result.tasks}
    wikis = {wiki for result in results for wiki, _ in result.docs.values()}
    wikis |= {row.site for result in results for row in result.lost.values()}
    created = stamp(SystemClock().now())
    staged = [result.staged for result in results]
    committed = [
        commit(directory, wiki, staged, rejected=_lost_before(directory, wiki, cleaned), created=created)
        for wiki in sorted(wikis)
    ]
    write_doors(directory)
    excluded = Counter(reason for each in committed for reason in each.excluded.values())
    return replace(printed(results), written=sum(each.written for each in committed), excluded=dict(excluded))


def _lost_before(directory: Path, wiki: str, cleaned: Collection[str]) -> list[Rejected]:
    """What the dataset says was lost of a wiki, apart from the pages that were cleaned just now."""
    rows = read_rejected(directory / rejected_path(wiki))
    return [row for row in rows if row.site == wiki and row.url not in cleaned]


def printed(results: Iterable[Result]) -> Cleaned:
    """What came of files whose rows were printed."""
    results = list(results)
    pages = sum(len(result.docs) for result in results)
    lost = tuple(row for result in results for row in result.lost.values())
    return Cleaned(pages=pages, written=pages, rejected=lost)


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
        Pace(clock, scraper.delay),
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
