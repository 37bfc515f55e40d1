"""Block elements: what ends a paragraph, what is a block of its own kind."""

import re

from selectolax.lexbor import LexborNode

from sectionary.cleaners.added import BLOCK_SEPARATOR
from sectionary.cleaners.drafts import Draft
from sectionary.cleaners.line import Run, join
from sectionary.cleaners.section import Code, Quote
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.spoken import spoken
from sectionary.cleaners.standing import standing
from sectionary.cleaners.visible import visible_text
from sectionary.cleaners.walk import Walk

# Pygments in MediaWiki, GeSHi before it, `language-` as HTML suggests (section 4.5.15), Prettify, Sphinx, DokuWiki's
# "code python".
_LANGUAGE = re.compile(
    r"(?:\b(?:mw-highlight-lang-|language-|lang-|source-|highlight-(?:source-)?)|^(?:code|file) )"
    r"(?!default\b|none\b|notranslate\b)([\w+#.-]+)"
)
_CITED = ".templatequotecite, .quotebox cite, .rquotecite, .quotecite, blockquote > footer, cite"


def container(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """An element whose content stands on lines of its own."""
    if walk.line.length:
        walk.end_paragraph()
    walk.flow(node)
    if walk.line.length:
        walk.end_paragraph()


def line(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """An element that a style sheet puts on a line of its own, within the paragraph or cell."""
    walk.line.newline()
    walk.flow(node)
    walk.line.newline()


def word(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """A text of a drawing, which stands apart from the next (SVG 2, chapter 11)."""
    walk.line.add(" ")
    walk.flow(node)
    walk.line.add(" ")


def unseen(_walk: Walk, _node: LexborNode, _attributes: Attributes) -> None:
    """Nothing that a reader sees."""


def rule_line(walk: Walk, _node: LexborNode, _attributes: Attributes) -> None:
    """A thematic break."""
    walk.block(Draft("hr", Run("", [])))


def quotation(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """A block quotation; what it quotes may be paragraphs, lists, verse. Whom it cites, stands in its last line."""
    source = node.css_first(_CITED)
    cite = " ".join(visible_text(source).split()) if source is not None else ""
    run = walk.run(node)
    if run.text:
        before, _, after = run.text.rpartition(cite) if cite else (run.text, "", "")
        quoted = run.text if after.strip() or not before.strip() else before.rstrip()
        quote = Quote(text=quoted, cite=cite or attributes.get("cite") or None)
        walk.block(Draft("quote", run, {"quote": quote}))


def preformatted(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """Text whose white space means something."""
    run = standing(walk, node)
    if run.text:
        walk.block(Draft("pre", run))


def code(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """Source code: a listing, or a piece of it within a line, which says no more than that it is read left to right."""
    if node.tag in ("span", "code"):
        run = standing(walk, node)
        if run.text:
            walk.line.splice(run)
    else:
        spoken(_listing)(walk, node, attributes)


def _listing(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """A listing, with its language where a class of it or of the code in it names one."""
    run = standing(walk, node)
    if not run.text:
        return
    inner = node.css_first("code[class], div[class*='source-']")
    named = _LANGUAGE.search(attributes.get("class") or "") or _LANGUAGE.search(_class(inner))
    language = named[1] if named else None
    walk.block(Draft("code", run, {"code": Code(language=language, text=run.text)}))


def _class(node: LexborNode | None) -> str:
    return (node.attributes.get("class") or "") if node is not None else ""


def poem(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """Verse: lines stay lines, stanzas are set apart."""
    run = join([draft.run for draft in walk.captured(node) if draft.run.text], BLOCK_SEPARATOR)
    if run.text:
        walk.block(Draft("poem", run))
