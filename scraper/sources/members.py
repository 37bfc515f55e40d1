"""Members: the pages of categories, and of the categories below them (mediawiki.org, API:Categorymembers)."""

from collections.abc import Iterable, Iterator

from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.sources.api import PAGES_A_REQUEST, Api
from sectionary.scraper.sources.replies import Page

_CATEGORY = 14                           # the namespace, on every wiki


class Members:
    """Reads categories of one wiki, down to `category_depth` levels of subcategories.

    Categories may hold one another in a circle; each is read once.
    """

    def __init__(self, api: Api, site: SiteSettings) -> None:
        self._api = api
        self._site = site

    def of(self, categories: Iterable[str]) -> set[int]:
        """Give the numbers of all pages in the categories."""
        return {page.pageid for page in self.pages(categories) if page.pageid is not None}

    def pages(self, categories: Iterable[str]) -> Iterator[Page]:
        """Give the pages of the wanted namespaces, each once; where a page stands in several it counts once."""
        level = [f"Category:{name}" for name in categories]
        known, given = set(level), set[int | None]()
        for depth in range(self._site.category_depth + 1):
            below: list[str] = []
            for category in level:
                for page in self._members(category, deeper=depth < self._site.category_depth):
                    if page.ns == _CATEGORY and page.title and (name := _plain(page.title)) not in known:
                        known.add(name)
                        below.append(name)
                    wanted = page.ns in self._site.namespaces and page.redirect is False
                    if wanted and page.pageid not in given:
                        given.add(page.pageid)
                        yield page
            level = below

    def _members(self, category: str, *, deeper: bool) -> Iterator[Page]:
        spaces = {*self._site.namespaces, *({_CATEGORY} if deeper else ())}
        return self._api.pages(
            generator="categorymembers", gcmtitle=category, gcmlimit=PAGES_A_REQUEST,
            gcmnamespace="|".join(map(str, sorted(spaces))), prop="info|revisions", rvprop="ids|timestamp",
        )  # fmt: skip


def _plain(title: str) -> str:
    """Write a category's title with the name that every wiki understands."""
    return f"Category:{title.partition(':')[2]}"
