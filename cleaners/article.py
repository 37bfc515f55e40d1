"""Article: what one page says, in sections of blocks. The second of the three nouns, with its maker.

    decode → parse → whose page is it → where is the article → walk → sections → Article

Pure: no network, no files but the site rules. Text that another extractor left takes the shorter way of
`cleaners.text`.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode, SelectolaxError

from sectionary.cleaners.address import Base
from sectionary.cleaners.decode import looks_like_html, read_source
from sectionary.cleaners.fields import Fields, Removal
from sectionary.cleaners.head import Head, read_head
from sectionary.cleaners.hostile import refuse_bomb, refuse_repetition
from sectionary.cleaners.langlinks import Beside, edition_language, read_beside
from sectionary.cleaners.mojibake import TWICE
from sectionary.cleaners.pagetypes import page_type
from sectionary.cleaners.references import cited
from sectionary.cleaners.rules import rules
from sectionary.cleaners.section import Section
from sectionary.cleaners.sections import finished
from sectionary.cleaners.spoken import DIRECTIONS
from sectionary.cleaners.steps import STEPS
from sectionary.cleaners.survey import Survey, survey
from sectionary.cleaners.text import direction, known_lines, read_text
from sectionary.cleaners.trace import Trace, Tracer
from sectionary.cleaners.unknown import content_root
from sectionary.cleaners.walk import Walk
from sectionary.scraper.errors import CleanError
from sectionary.scraper.licence import spdx
from sectionary.scraper.page import Http, Page, SiteInfo
from sectionary.scraper.site import detect, sites
from sectionary.scraper.urls import host
from sectionary.scraper.version import VERSION

UNKNOWN = "unknown"
LOCAL = "local"                          # the site of files that name none
_BODY_CLASS = re.compile(r"body\.([\w-]+)")
RIGHT_TO_LEFT = frozenset({
    "ar", "arc", "arz", "ckb", "dv", "fa", "glk", "he", "khw", "ks",
    "lrc", "mzn", "nqo", "pnb", "ps", "sd", "ug", "ur", "yi",
})  # fmt: skip


class Article(Struct, frozen=True, kw_only=True):
    """One article. `sections[0]` is always the lead, empty where the page has none.

    `site` is the wiki's own host, `url` the canonical address. `dir` is ltr or rtl. `page_type` is one of
    article, disambiguation, list, category, redirect, main_page, dictionary, soft_404, other.
    `removals` and `warnings` tell what was taken away and what was odd.
    """

    title: str
    language: str | None
    dir: str
    page_type: str
    url: str
    site: str
    sections: tuple[Section, ...]
    fields: Fields
    removals: tuple[Removal, ...]
    warnings: tuple[str, ...]
    page_id: int | None
    revision_id: int | None
    date_modified: str | None
    license: str | None
    license_text: str | None
    license_source: str | None
    cleaner_version: str                 # release, site file and a digest of its rules
    site_info: SiteInfo | None = None
    trace: Trace | None = None           # where it was asked for


def page_of(html: bytes | str, url: str = "", site_file: str | None = None) -> Page:
    """A Page of what a caller has in hand, of a kind yet to be seen."""
    body, kind = (html, None) if isinstance(html, bytes) else (html.encode("utf-8", "replace"), "; charset=utf-8")
    return Page(url=url, body=body, rules=site_file, http=Http(content_type=kind))


def clean(page: Page, own_rules: str = "{}", *, trace: bool = False) -> Article:
    """The article that `page` holds. `own_rules` are the operator's, over every site file's (`rules.rules`).

    With `trace` the article also tells where each character of the page went; that takes twice the time.

    Raises CleanError where there is none: an empty or binary body, or a page without content.
    """
    html, source, twice = read_source(page.body, page.http.content_type, page.url)
    if is_plain(page.http.content_type, html):
        article = _from_text(page, html, own_rules)
        return article if trace else replace(article, trace=None)
    refuse_bomb(html, page.url)
    tree = parsed(source)
    head = read_head(tree, source)
    chosen = rules(_site_file(page, head, source), own_rules)
    asked = [selector for selector in chosen.spec.content if _may_match(selector, head.body_classes)]
    found = survey(tree, asked)
    content = _content(tree, found, asked, html, page.url)
    if content is None or tree.body is None:
        raise CleanError(page.url, "no content")
    base = Base(_address(page, head), head.base, head.variables.get("wgPageName"))
    beside = read_beside(found.beside, base)
    walk = Walk(chosen, STEPS, base, Tracer(tree.body) if trace else None)
    if twice:
        walk.warnings.append(TWICE)
    walk.page(tree.body, content)
    walk.fields.categories = walk.fields.categories or list(beside.categories)
    walk.fields.page_type = walk.fields.page_type or beside.page_type
    article = _article(page, head, walk, content, beside)
    says = (section.blocks or section.heading or section.images for section in article.sections)
    if not any(says) and not article.fields.infoboxes:
        raise CleanError(page.url, "no content")
    refuse_repetition(article.sections, (article.title, article.url, article.license_text), page.url)
    return article


def parsed(html: str | bytes) -> LexborHTMLParser:
    """The tree of a page, of its text or of that in UTF-8.

    Without mutation events: with them, an option costs all before it.

    Raises MemoryError, which is all that Lexbor can find wrong with a page.
    """
    try:
        return LexborHTMLParser(html, options=LexborDocumentOptions.WO_EVENTS)
    except SelectolaxError as error:
        raise MemoryError(str(error)) from error


def is_plain(content_type: str | None, text: str) -> bool:
    """Whether it is text that another extractor left: by the declared type, else because no markup is in it."""
    declared = (content_type or "").partition(";")[0].strip()
    return declared == "text/plain" if declared else not looks_like_html(text)


def _from_text(page: Page, text: str, own_rules: str) -> Article:
    """The article in extracted text, by the rules of the site whose furniture it holds most of."""
    named = [page.rules] if page.rules else [site.name for site in sites()]
    chosen = max((rules(name, own_rules) for name in named), key=lambda each: known_lines(text, each.spec.text))
    found = read_text(text, url=page.url, title=page.title, rules=chosen.spec.text)
    return Article(
        title=found.title,
        language=None,
        dir=found.dir,
        page_type="article",
        url=page.canonical_url or page.url,
        site=page.site_info.site if page.site_info else host(page.canonical_url or page.url) or LOCAL,
        sections=found.sections,
        fields=Fields(contributors=found.contributors),
        removals=found.removals,
        warnings=found.warnings,
        page_id=page.page_id,
        revision_id=page.revision_id,
        date_modified=page.date_modified,
        license=page.site_info.license if page.site_info else None,
        license_text=page.site_info.license_text if page.site_info else None,
        license_source=page.site_info.license_source if page.site_info else None,
        cleaner_version=f"{VERSION}/{chosen.version}",
        site_info=page.site_info,
        trace=found.trace,
    )


def _site_file(page: Page, head: Head, source: bytes) -> str:
    if page.rules:
        return page.rules
    site = detect(_place(page, head).partition(":")[0], head.software, head.body_classes, source)
    return site.name if site else UNKNOWN


def _site_info(page: Page, head: Head) -> SiteInfo:
    """What a page's head says of its site, where no API was asked."""
    engine = "mediawiki" if head.generator.startswith("MediaWiki") else None
    site = _place(page, head) or LOCAL
    return SiteInfo(site=site, name=head.site_name, engine=engine, generator=head.generator or None)


def _address(page: Page, head: Head) -> str:
    """The page's own address. What its head says counts only on the host it came from: many pages lie there."""
    stated, own = head.canonical or "", host(page.url)
    trusted = stated.startswith(("http://", "https://")) and (not own or host(stated) == own)
    return page.canonical_url or (stated if trusted else page.url)


def _place(page: Page, head: Head) -> str:
    """The host of the page's own address, a saved file's as its head has it, with a port that is not the usual."""
    addresses = (page.canonical_url, head.canonical, page.url, head.api, head.base, head.printed)
    return next((found for address in addresses if address and (found := host(address))), "")


def _content(tree: LexborHTMLParser, found: Survey, asked: Iterable[str], html: str, url: str) -> LexborNode | None:
    """The element the article is in: by the selectors `asked` for, else as trafilatura sees it, else the body."""
    for selector in asked if found.content else ():
        if matches := found.matching(selector):
            return max(matches, key=lambda node: len(node.text())) if len(matches) > 1 else matches[0]
    return content_root(tree, html, url) or tree.body


def _may_match(selector: str, body_classes: frozenset[str]) -> bool:
    """False where a selector asks for a class that the page's body does not have; it is not looked for then."""
    asked = _BODY_CLASS.match(selector)
    return asked is None or asked[1] in body_classes


def _article(page: Page, head: Head, walk: Walk, content: LexborNode, beside: Beside) -> Article:
    info = page.site_info
    url = _address(page, head) or head.printed or ""
    title = walk.fields.title or page.title or head.variables.get("wgTitle") or _from_head(head, url)
    license_id, license_text, license_source = _license(page, head, walk)
    language = _language(page, head, content)
    direction = _attribute(content, "dir", DIRECTIONS) or head.direction
    sections = finished(walk, language, direction or "ltr")
    return Article(
        title=title,
        language=language,
        dir=direction or _direction(language, sections),
        page_type=page_type(title, page.namespace, head, walk),
        url=url,
        site=info.site if info else _place(page, head) or LOCAL,
        sections=sections,
        fields=_fields(walk, head, beside),
        removals=_removals(walk),
        warnings=tuple(dict.fromkeys(walk.warnings)),
        page_id=page.page_id or head.number("wgArticleId"),
        revision_id=head.number("wgRevisionId") or head.number("wgCurRevisionId") or page.revision_id,
        date_modified=page.date_modified or head.date_modified,
        license=license_id,
        license_text=license_text,
        license_source=license_source,
        cleaner_version=f"{VERSION}/{walk.rules.version}",
        site_info=info or _site_info(page, head),
        trace=walk.tracer.finished() if walk.tracer else None,
    )


def _language(page: Page, head: Head, content: LexborNode) -> str | None:
    """The language of the content: what the page says of it, then of its wiki; html's may be the reader's interface."""
    return (
        _attribute(content, "lang")
        or head.variables.get("wgPageContentLanguage")
        or (page.site_info.language if page.site_info else None)
        or head.language
        or edition_language(f"https://{_place(page, head)}/")
    )


def _attribute(node: LexborNode | None, name: str, known: frozenset[str] | None = None) -> str | None:
    """The nearest value of an inherited attribute (lang, dir), of those `known`, from `node` up to below html."""
    while node is not None and node.tag != "html":
        value = node.attributes.get(name)
        if value and (known is None or value in known):
            return value
        node = node.parent
    return None


def _direction(language: str | None, sections: Iterable[Section]) -> str:
    """The direction of a page that does not say: that of its language's usual script, else of its letters.

    Unicode CLDR, characterOrder; a page cut from its frame tells no language either.
    """
    if not language:
        return direction("".join(section.text for section in sections))
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def _from_head(head: Head, url: str) -> str:
    """A title from the title element ("Tide - Shorepedia"), else from the address."""
    if head.title:
        return re.split(r"\s[-\u2013\u2014|\u00b7]\s", head.title)[0].replace("_", " ")
    return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]).replace("_", " ") or url


def _license(page: Page, head: Head, walk: Walk) -> tuple[str | None, str | None, str | None]:
    """SPDX id, the site's own words, and where they stand. What the API said of the site counts first."""
    info, found = page.site_info, walk.fields
    if info and (info.license or info.license_text):
        return info.license, info.license_text, info.license_source
    shown = spdx(found.license_url, found.license_name)
    stated = None if shown else spdx(head.license_url, None)
    if found.license_text or found.license_url:
        return shown or stated, found.license_text, "head" if stated else "footer"
    return stated, None, "head" if stated else None


def _fields(walk: Walk, head: Head, beside: Beside) -> Fields:
    found = walk.fields
    return Fields(
        infoboxes=tuple(found.infoboxes),
        hatnotes=tuple(found.hatnotes),
        notices=tuple(found.notices),
        references=cited(found.references, found.citing, found.cited_as),
        categories=tuple(found.categories),
        coordinates=found.coordinates or found.boxed_coordinates,
        langlinks=beside.langlinks,
        contributors=tuple(found.contributors),
        wikidata_id=head.variables.get("wgWikibaseItemId") or beside.wikidata_id,
        short_description=found.short_description,
    )


def _removals(walk: Walk) -> tuple[Removal, ...]:
    return tuple(
        Removal(rule=rule, selector=selector, count=count, chars=walk.removed_chars[rule, selector])
        for (rule, selector), count in sorted(walk.removed.items(), key=str)
    )
