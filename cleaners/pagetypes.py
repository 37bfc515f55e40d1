"""Page types: what kind of page it is, as its markup, categories, namespace and title tell."""

# ruff: noqa: RUF001 - other scripts are data here

import re
from collections.abc import Iterable

from sectionary.cleaners.fields import Category
from sectionary.cleaners.head import Head
from sectionary.cleaners.walk import Walk

_OWN = 100                               # the first number of namespaces that MediaWiki itself has not
CATEGORY_NAMESPACE = 14                  # mediawiki.org, Manual:Namespace
# Words in the names of the categories that wikis put disambiguation pages into.
_DISAMBIGUATION = re.compile(
    "disambig|desambig|dezambig|begriffsklärung|homonymie|homónimos|doorverwijspagina|ujednoznaczniaj|rozcestník"
    "|rozlišovacie|egyértelműsítő|многознач|неоднозначн|багатознач|вишезнач|višeznač|förgrening|täsmennyssi"
    "|flertydig|pekere|anlam ayrımı|曖昧さ回避|消歧|동음이의|صفحات توضيح|ابهام‌زدایی|פירושונים|แก้ความกำกวม|αποσαφήνισ"
    "|định hướng|argipen|täpsustus",
    re.IGNORECASE,
)


def page_type(title: str, namespace: int | None, head: Head, walk: Walk) -> str:
    """The type of a page: what its markup says outright, else its namespace, its categories, its title.

    `namespace` is what the wiki's API said, if it was asked.
    """
    if head.variables.get("wgIsMainPage") == "true":
        return "main_page"
    if walk.fields.page_type:
        return walk.fields.page_type
    number = namespace if namespace is not None else head.namespace
    if number and not _holds_articles(number, title, head, walk):
        return "category" if number == CATEGORY_NAMESPACE else "other"
    if _disambiguates(walk.fields.categories):
        return "disambiguation"
    return "list" if walk.rules.list_title.match(title) else walk.rules.spec.page_type


def _holds_articles(number: int, title: str, head: Head, walk: Walk) -> bool:
    """Whether the pages of a namespace are articles: one the rules name, or that a wiki made for itself.

    Namespaces from 100 are a wiki's own or an extension's, and the odd ones are for talk (mediawiki.org,
    Manual:Namespace, Extension default namespaces).
    """
    if number in walk.rules.spec.content_namespaces:
        return True
    name = (head.variables.get("wgCanonicalNamespace") or title.partition(":")[0]).replace("_", " ")
    return number >= _OWN and number % 2 == 0 and name not in walk.rules.spec.other_namespaces


def _disambiguates(categories: Iterable[Category]) -> bool:
    return any(_DISAMBIGUATION.search(category.name) for category in categories)
