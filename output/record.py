"""Record: one row of the dataset. The third of the three nouns, with its maker.

Two kinds: a row a page and a row a section. The fields stand in the order of the columns, flat ones first;
`schema_version` is the last flat one. What a field holds is said here and nowhere else: the Arrow and JSON
schemas and the documentation are made from these types and their descriptions.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from msgspec import Meta, Struct

from sectionary.cleaners.article import Article
from sectionary.cleaners.fields import Category, Coordinates, Hatnote, Infobox, LangLink, Notice, Reference, Removal
from sectionary.cleaners.section import Block, Citation, Image, InlineTag, Link, Section
from sectionary.output.attribution import Attribution, attribution_of
from sectionary.output.ids import digest, doc_id, section_id
from sectionary.output.json_bytes import encoded
from sectionary.output.markdown import section_markdown
from sectionary.output.pagetext import kept, page_markdown, page_text
from sectionary.output.words import word_count
from sectionary.scraper.errors import RecordError
from sectionary.scraper.page import Http, Page, SiteInfo

SCHEMA_VERSION = 1
PAGE_TEXT_DROP = ("references", "external_links")
_FRAGMENT_SAFE = "!$&'()*+,;=:@/?-._~"     # RFC 3986 section 3.5

# Columns that both tables have.
DocId = Annotated[str, Meta(description="Id of the page: BLAKE2b-128 of site and page id, else of the URL")]
Site = Annotated[str, Meta(description="Host of the wiki's own server, plus a path where wikis share a host")]
Language = Annotated[str | None, Meta(description="Language of the page, BCP 47")]
Title = Annotated[str, Meta(description="Title of the page as its heading shows it")]
PageType = Annotated[
    str,
    Meta(
        description="article, disambiguation, list, category, redirect, main_page, dictionary, soft_404 "
        "or other"
    ),
]
PageId = Annotated[int | None, Meta(description="The wiki's own number for the page")]
RevisionId = Annotated[int | None, Meta(description="The wiki's own number for this version of the page")]
DateModified = Annotated[str | None, Meta(description="When the page was last changed, RFC 3339 in UTC")]
DateFetched = Annotated[str | None, Meta(description="When this content was first fetched, RFC 3339 in UTC")]
License = Annotated[str | None, Meta(description="SPDX identifier of the licence; null where not known")]
LicenseText = Annotated[str | None, Meta(description="The licence in the site's own words")]
CleanerVersion = Annotated[str, Meta(description="Release, site file and digest of the rules that cleaned")]
SchemaVersion = Annotated[int, Meta(description="Version of these columns")]


class Wiki(Struct, frozen=True, kw_only=True):
    """The site in its own words: name, software, the software's own signature, main language."""

    name: str | None
    engine: str | None
    generator: str | None
    language: str | None


class Stats(Struct, frozen=True, kw_only=True):
    """What the page holds, counted over all its sections; `words` and `chars` are those of their texts."""

    sections: int
    blocks: int
    words: int
    chars: int
    links: int
    images: int
    citations: int
    references: int


class SectionRecord(Struct, frozen=True, kw_only=True):
    """One section of one page: its own blocks only, with its place in the page."""

    section_id: Annotated[
        str, Meta(description="Id of the section: BLAKE2b-128 of doc_id, headings and repeat")
    ]
    doc_id: DocId
    site: Site
    language: Language
    title: Title
    heading: Annotated[str | None, Meta(description="Heading of the section; null for the lead")]
    breadcrumb: Annotated[str, Meta(description="Title and headings down to this one, joined by ' > '")]
    level: Annotated[int, Meta(description="0 for the lead, else the heading's level, 1 to 6")]
    position: Annotated[int, Meta(description="Place of the section in the page, from 0")]
    role: Annotated[
        str,
        Meta(
            description="lead, body, see_also, notes, references, bibliography, further_reading, "
            "external_links or gallery"
        ),
    ]
    text: Annotated[
        str, Meta(description="What a person reads here, without the heading; blank lines part the blocks")
    ]
    word_count: Annotated[int, Meta(description="Words of the text; in Han and kana each character is one")]
    char_count: Annotated[int, Meta(description="Unicode code points of the text")]
    is_empty: Annotated[bool, Meta(description="True where the section has no block of its own")]
    page_type: PageType
    url: Annotated[str, Meta(description="Canonical address of the page with the section's anchor")]
    page_id: PageId
    revision_id: RevisionId
    date_modified: DateModified
    date_fetched: DateFetched
    license: License
    license_text: LicenseText
    content_hash: Annotated[
        str, Meta(description="BLAKE2b-128 of heading, level, path, text and blocks: equal where these are")
    ]
    cleaner_version: CleanerVersion
    schema_version: SchemaVersion
    markdown: Annotated[str, Meta(description="The blocks as Markdown, without the heading")]
    path: Annotated[tuple[str, ...], Meta(description="Headings above, outermost first, without its own")]
    anchor: Annotated[str | None, Meta(description="The fragment that leads here, as in the page's HTML")]
    anchor_aliases: Annotated[tuple[str, ...], Meta(description="Other fragments that lead here")]
    number: Annotated[str, Meta(description="Outline number, such as 2.1")]
    parent_id: Annotated[
        str | None, Meta(description="section_id of the section above; null for the lead and top sections")
    ]
    blocks: Annotated[tuple[Block, ...], Meta(description="Paragraphs, lists, tables and the rest, as data")]
    links: Annotated[tuple[Link, ...], Meta(description="Links, with offsets into the text in code points")]
    citations: Annotated[tuple[Citation, ...], Meta(description="Reference marks taken out of the text")]
    images: Annotated[tuple[Image, ...], Meta(description="Pictures of the section")]
    inline_tags: Annotated[tuple[InlineTag, ...], Meta(description="Editors' remarks taken out of the text")]
    attribution: Annotated[Attribution, Meta(description="Whom to credit when the text is used")]


class PageRecord(Struct, frozen=True, kw_only=True):
    """One page as a whole, and what it says beside its sections."""

    doc_id: DocId
    site: Site
    language: Language
    title: Title
    text: Annotated[
        str, Meta(description="The sections joined with their headings, without those that output drops")
    ]
    page_type: PageType
    url: Annotated[str, Meta(description="Canonical address of the page")]
    page_id: PageId
    revision_id: RevisionId
    date_modified: DateModified
    date_fetched: DateFetched
    license: License
    license_text: LicenseText
    license_source: Annotated[
        str | None, Meta(description="Where the licence was found: api, footer or config")
    ]
    wikidata_id: Annotated[str | None, Meta(description="The subject's item in Wikidata, such as Q42")]
    short_description: Annotated[str | None, Meta(description="The page's own line on what it is about")]
    dir: Annotated[str, Meta(description="Direction of the script: ltr or rtl")]
    html_sha256: Annotated[
        str | None, Meta(description="SHA-256 of the bytes that this content was first cleaned from")
    ]
    content_hash: Annotated[
        str, Meta(description="BLAKE2b-128 of title, the sections' content hashes and the page's fields")
    ]
    cleaner_version: CleanerVersion
    schema_version: SchemaVersion
    markdown: Annotated[str, Meta(description="The same as Markdown, the title as its first heading")]
    site_info: Annotated[Wiki | None, Meta(description="The site in its own words")]
    canonical_url: Annotated[str | None, Meta(description="Address that the wiki names as the page's own")]
    redirected_from: Annotated[tuple[str, ...], Meta(description="Addresses or titles that led here")]
    infoboxes: Annotated[tuple[Infobox, ...], Meta(description="Infoboxes as groups, labels and values")]
    hatnotes: Annotated[tuple[Hatnote, ...], Meta(description="Lines that point the reader elsewhere")]
    notices: Annotated[tuple[Notice, ...], Meta(description="Editors' banners about the page")]
    references: Annotated[tuple[Reference, ...], Meta(description="Entries of the reference lists")]
    categories: Annotated[tuple[Category, ...], Meta(description="Categories of the page")]
    coordinates: Annotated[Coordinates | None, Meta(description="Where on the globe the subject lies")]
    langlinks: Annotated[tuple[LangLink, ...], Meta(description="The same subject in other languages")]
    contributors: Annotated[tuple[str, ...], Meta(description="People whom the page credits")]
    http: Annotated[Http, Meta(description="What the server said of the bytes")]
    attribution: Annotated[Attribution, Meta(description="Whom to credit when the text is used")]
    removals: Annotated[tuple[Removal, ...], Meta(description="What each cleaning rule took away")]
    warnings: Annotated[tuple[str, ...], Meta(description="What was odd about the page")]
    stats: Annotated[Stats, Meta(description="What the page holds, counted")]


def records(
    article: Article, page: Page, page_text_drop: Collection[str] = PAGE_TEXT_DROP
) -> tuple[PageRecord, list[SectionRecord]]:
    """The rows of one article, as got from `page`: one of the table pages, the rest of sections, in order.

    Sections of a role in `page_text_drop`, and those below them, are left out of the page's `text` and
    `markdown`. Raises RecordError for an article that fits no record.
    """
    try:
        sections = section_records(article, page)
        return _page_record(article, page, sections, page_text_drop), sections
    except (OverflowError, TypeError, ValueError, IndexError) as error:
        raise RecordError(article.url, f"record: {error}") from error


def section_records(article: Article, page: Page) -> list[SectionRecord]:
    """The rows of an article's sections, in order."""
    doc = doc_id(article.site, article.page_id, article.url)
    ids = section_ids(doc, article.sections)
    attribution = attribution_of(article)
    return [
        SectionRecord(
            section_id=ids[position],
            doc_id=doc,
            site=article.site,
            language=article.language,
            title=article.title,
            heading=section.heading,
            breadcrumb=" > ".join((article.title, *_headings(section))),
            level=section.level,
            position=position,
            role=section.role,
            text=section.text,
            word_count=word_count(section.text),
            char_count=len(section.text),
            is_empty=not section.blocks,
            page_type=article.page_type,
            url=_with_fragment(article.url, section.anchor),
            page_id=article.page_id,
            revision_id=article.revision_id,
            date_modified=article.date_modified,
            date_fetched=page.date_fetched,
            license=article.license,
            license_text=article.license_text,
            content_hash=digest((section.heading, section.level, section.path, section.text, section.blocks)),
            cleaner_version=article.cleaner_version,
            schema_version=SCHEMA_VERSION,
            markdown=section_markdown(section),
            path=section.path,
            anchor=section.anchor,
            anchor_aliases=section.anchor_aliases,
            number=section.number,
            parent_id=_parent_id(section, article.sections, ids),
            blocks=section.blocks,
            links=section.links,
            citations=section.citations,
            images=section.images,
            inline_tags=section.inline_tags,
            attribution=attribution,
        )
        for position, section in enumerate(article.sections)
    ]


def plain_rows(article: Article) -> list[dict[str, Any]]:
    """The rows of an article's sections as plain dictionaries: exactly what their JSON lines hold."""
    page = Page(url=article.url, body=b"")
    return [msgspec.json.decode(encoded(row)) for row in section_records(article, page)]


def section_ids(doc: str, sections: Iterable[Section]) -> list[str]:
    """Id of each section, in order; sections with the same headings are told apart by their repeat."""
    seen: Counter[tuple[str, ...]] = Counter()
    ids = []
    for section in sections:
        headings = _headings(section)
        ids.append(section_id(doc, headings, seen[headings]))
        seen[headings] += 1
    return ids


def _page_record(
    article: Article, page: Page, sections: list[SectionRecord], drop: Collection[str]
) -> PageRecord:
    fields = article.fields
    shown = kept(article.sections, drop)
    markdown = [row.markdown for row in sections]
    return PageRecord(
        doc_id=doc_id(article.site, article.page_id, article.url),
        site=article.site,
        language=article.language,
        title=article.title,
        text=page_text(article.sections, shown),
        page_type=article.page_type,
        url=article.url,
        page_id=article.page_id,
        revision_id=article.revision_id,
        date_modified=article.date_modified,
        date_fetched=page.date_fetched,
        license=article.license,
        license_text=article.license_text,
        license_source=article.license_source,
        wikidata_id=fields.wikidata_id,
        short_description=fields.short_description,
        dir=article.dir,
        html_sha256=sha256(page.body).hexdigest() if page.body else None,
        content_hash=digest((article.title, [row.content_hash for row in sections], fields)),
        cleaner_version=article.cleaner_version,
        schema_version=SCHEMA_VERSION,
        markdown=page_markdown(article.title, article.sections, markdown, shown),
        site_info=_wiki(article.site_info),
        canonical_url=page.canonical_url,
        redirected_from=page.redirected_from,
        infoboxes=fields.infoboxes,
        hatnotes=fields.hatnotes,
        notices=fields.notices,
        references=fields.references,
        categories=fields.categories,
        coordinates=fields.coordinates,
        langlinks=fields.langlinks,
        contributors=fields.contributors,
        http=page.http,
        attribution=attribution_of(article),
        removals=article.removals,
        warnings=article.warnings,
        stats=_stats(article, sections),
    )


def _stats(article: Article, sections: list[SectionRecord]) -> Stats:
    return Stats(
        sections=len(sections),
        blocks=sum(len(row.blocks) for row in sections),
        words=sum(row.word_count for row in sections),
        chars=sum(row.char_count for row in sections),
        links=sum(len(row.links) for row in sections),
        images=sum(len(row.images) for row in sections),
        citations=sum(len(row.citations) for row in sections),
        references=len(article.fields.references),
    )


def _wiki(info: SiteInfo | None) -> Wiki | None:
    if info is None:
        return None
    return Wiki(name=info.name, engine=info.engine, generator=info.generator, language=info.language)


def _headings(section: Section) -> tuple[str, ...]:
    return section.path if section.heading is None else (*section.path, section.heading)


def _parent_id(section: Section, sections: tuple[Section, ...], ids: list[str]) -> str | None:
    if section.parent is None or sections[section.parent].level == 0:
        return None
    return ids[section.parent]


def _with_fragment(url: str, anchor: str | None) -> str:
    if not anchor:
        return url
    return f"{url.partition('#')[0]}#{quote(anchor, safe=_FRAGMENT_SAFE, errors='replace')}"
