"""Facts: what the page says beside its sections, taken out of the text as data."""

from selectolax.lexbor import LexborNode

from sectionary.cleaners.fields import Category
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.visible import ink, visible_text
from sectionary.cleaners.walk import Walk
from sectionary.scraper.licence import spdx

# The link that names a licence, best first: a line may link to the wiki before it.
_LICENCE_LINKS = ("a[href*='creativecommons.org'], a[href*='gnu.org']", "a[href]")


def title(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """The page's title; a second one (sticky headers repeat it) is furniture."""
    if walk.fields.title is None:
        walk.fields.title = " ".join(walk.told("title", walk.run(node)).split()) or None
    else:
        walk.remove("twin.title", node)


def categories(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """The category bar, hidden categories included; its labels are furniture, and so are names told before."""
    kept = 0
    known = {category.name for category in walk.fields.categories}
    for link in node.css(walk.rules.category_links):
        attributes = link.attributes
        name = visible_text(link).strip()
        if name in known:
            continue
        known.add(name)
        kept += ink(walk.take("categories", link))
        url, _, _ = walk.base.link(attributes.get("href") or "", attributes)
        hidden = any(above.id == "mw-hidden-catlinks" for above in _above(link))
        walk.fields.categories.append(Category(name=name, url=url or None, hidden=hidden))
    walk.remove("field.categories", node, kept=kept)


def _above(node: LexborNode) -> list[LexborNode]:
    found: list[LexborNode] = []
    above = node.parent
    while above is not None and len(found) < 5:
        found.append(above)
        above = above.parent
    return found


def footer(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """The page's footer: the licence in the site's own words, the rest is furniture."""
    stated = next((found for name in walk.rules.spec.license if (found := node.css_first(name)) is not None), None)
    kept = _licence(walk, stated) if stated is not None else 0
    walk.remove("field.footer", node, kept=kept)


def _licence(walk: Walk, node: LexborNode) -> int:
    """Note what a page says of its licence. Returns how many characters that is."""
    link = _licence_link(node)
    text = " ".join(walk.take("license", node).split())
    walk.fields.license_text = text or None
    walk.fields.license_url = link.attributes.get("href") if link else None
    walk.fields.license_name = " ".join(visible_text(link).split()) if link else None
    return ink(text)


def _licence_link(node: LexborNode) -> LexborNode | None:
    """The link to a licence. Of several that say they are (a wiki's own page on it, the deed) the exact one."""
    stated = node.css("a[rel~=license]")
    exact = (link for link in stated if spdx(link.attributes.get("href"), visible_text(link)))
    others = (found for name in _LICENCE_LINKS if (found := node.css_first(name)) is not None)
    return next(exact, None) or (stated[0] if stated else next(others, None))


def contributors(walk: Walk, node: LexborNode, attributes: Attributes) -> None:
    """Who wrote the article: the links that a box prints bold, or an element that is an author (schema.org)."""
    named = [node] if attributes.get("itemprop") == "author" else node.css("b a")
    links = {" ".join(visible_text(link).split()): link for link in reversed(named)}
    names = [name for name in reversed(links) if name and name not in walk.fields.contributors]
    for name in names:
        walk.take("contributors", links[name])
    walk.fields.contributors += names
    walk.remove("field.contributors", node, kept=sum(map(ink, names)))


def short_description(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """The one-line description that search results show; a second one is a twin."""
    if walk.fields.short_description is None:
        walk.fields.short_description = " ".join(walk.take("short_description", node).split()) or None
    else:
        walk.remove("twin.short_description", node)


def redirect(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """What a redirect page shows instead of an article: where it leads, which is read as text."""
    walk.fields.page_type = "redirect"
    walk.end_paragraph()
    walk.flow(node)
    walk.end_paragraph()


def soft_404(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """What a wiki says where it has no article, though the server said 200; read as text."""
    walk.fields.page_type = "soft_404"
    walk.end_paragraph()
    walk.flow(node)
    walk.end_paragraph()
