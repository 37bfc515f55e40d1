"""Page types: what kind of page it is, as its markup, categories, namespace and title tell."""

# ruff: noqa: RUF001 - other scripts are data here

import re
from collections.abc import Iterable

from sectionary.cleaners.fields import Category
from sectionary.cleaners.head import Head
from sectionary.cleaners.walk import Walk

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
    number = namespace if namespace is not None else head.integer("wgNamespaceNumber") or 0
    if number and number not in walk.rules.spec.content_namespaces:
        return "category" if number == CATEGORY_NAMESPACE else "other"
    if _disambiguates(walk.fields.categories):
        return "disambiguation"
    return "list" if walk.rules.list_title.match(title) else walk.rules.spec.page_type


def _disambiguates(categories: Iterable[Category]) -> bool:
    return any(_DISAMBIGUATION.search(category.name) for category in categories)
