"""Attribution: whom to credit when a text is used, as free licences ask (CC BY 4.0, section 3(a))."""

from msgspec import Struct

from sectionary.cleaners.article import Article


class Attribution(Struct, frozen=True, kw_only=True):
    """Whom to credit: a line to print, the page's history (MediaWiki, Help:History), the version used."""

    text: str
    history_url: str | None
    credit_url: str


def attribution_of(article: Article) -> Attribution:
    """Whom to credit for an article: its wiki, and on MediaWiki its history and this very revision."""
    info = article.site_info
    is_mediawiki = info is not None and (info.engine or "").casefold().startswith("mediawiki")
    parts = [f'"{article.title}"', (info and info.name) or article.site, article.url]
    credit_url = article.url
    if is_mediawiki and article.revision_id is not None:
        parts.append(f"revision {article.revision_id}")
        credit_url = _with_query(article.url, f"oldid={article.revision_id}")
    if article.license:
        parts.append(article.license)
    history_url = _with_query(article.url, "action=history") if is_mediawiki else None
    return Attribution(text=", ".join(parts), history_url=history_url, credit_url=credit_url)


def _with_query(url: str, query: str) -> str:
    address = url.partition("#")[0]
    return f"{address}{'&' if '?' in address else '?'}{query}"
