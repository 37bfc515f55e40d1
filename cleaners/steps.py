"""The table of the walk: which function deals with which tag, block type and field. Add a step here."""

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from sectionary.cleaners import (
    boxes,
    cladograms,
    coordinates,
    facts,
    figures,
    flow,
    formulas,
    hatnotes,
    headings,
    infoboxes,
    inline,
    lists,
    notices,
    raised,
    references,
    tables,
    tabs,
)
from sectionary.cleaners.rules import Rules
from sectionary.cleaners.spoken import spoken
from sectionary.cleaners.visible import UNSEEN
from sectionary.cleaners.walk import Handler, Steps
from sectionary.scraper.errors import ConfigError

_CONTAINERS = (
    "address article aside center dd details dialog div dt fieldset figcaption figure footer header hgroup "
    "legend li main nav p section summary td th"
)

TAGS: dict[str, Handler] = {
    **dict.fromkeys(_CONTAINERS.split(), spoken(flow.container)),
    **dict.fromkeys(UNSEEN, flow.unseen),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), headings.heading),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), spoken(lists.list_block)),
    "a": inline.link,
    "blockquote": spoken(flow.quotation),
    "br": raised.line_break,
    "dl": spoken(hatnotes.indented),
    "hr": flow.rule_line,
    "img": inline.picture,
    "math": formulas.formula,
    "pre": spoken(flow.preformatted),
    "q": inline.quoted,
    "rt": inline.ruby_reading,
    "rtc": inline.ruby_reading,
    "script": formulas.script,
    "sub": raised.lowered,
    "sup": raised.raised,
    "table": spoken(boxes.any_table),
    "text": flow.word,
}

BLOCKS: dict[str, Handler] = {
    "cladogram": spoken(cladograms.cladogram),
    "code": flow.code,
    "figure": figures.figure,
    "frame": boxes.frame,
    "gallery": figures.gallery,
    "heading": headings.heading_of_another_tag,
    "lazy_picture": inline.lazy_picture,
    "line": flow.line,
    "list": spoken(lists.list_block),
    "math": formulas.formula,
    "math_image": formulas.picture,
    "paragraph": flow.container,
    "missing_picture": inline.missing_picture,
    "numbered_link": inline.numbered_link,
    "player": inline.player,
    "poem": spoken(flow.poem),
    "quote": spoken(flow.quotation),
    "stacked": raised.stacked,
    "table": spoken(tables.table_block),
    "tabs": tabs.tabs,
    "variant": inline.variant,
}

FIELDS: dict[str, Handler] = {
    "categories": facts.categories,
    "citation": references.citation,
    "contributors": facts.contributors,
    "coordinates": coordinates.coordinates,
    "disambiguation": notices.disambiguation,
    "footer": facts.footer,
    "hatnote": hatnotes.hatnote,
    "infobox": infoboxes.infobox,
    "inline_tag": inline.inline_tag,
    "note": references.note,
    "notice": notices.notice,
    "redirect": facts.redirect,
    "references": references.references,
    "short_description": facts.short_description,
    "soft_404": facts.soft_404,
    "title": facts.title,
}

STEPS = Steps(tags=TAGS, blocks=BLOCKS, fields=FIELDS)


def check_rules(chosen: Rules) -> None:
    """Refuse rules with a field or block type that no step deals with, or no CSS selector, as a ConfigError."""
    page = LexborHTMLParser("<p>")
    spec = chosen.spec
    named = {**spec.fields, **spec.blocks, **spec.remove, **spec.beside, "content": spec.content}
    for name, selectors in named.items():
        for selector in selectors:
            try:
                page.css(selector)
            except SelectolaxError:
                raise ConfigError(f"cleaners: {name}: {selector!r} is no CSS selector") from None
    for kind, named, known in (
        ("fields", chosen.spec.fields, FIELDS),
        ("blocks", chosen.spec.blocks, BLOCKS),
    ):
        if unknown := sorted(set(named) - set(known)):
            raise ConfigError(f"cleaners.{kind}.{unknown[0]}: no step makes it; known are {', '.join(sorted(known))}")
