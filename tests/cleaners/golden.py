"""Golden files: what must come of a page, in the form that a reader reviews.

`python tests/cleaners/golden.py` (`make golden`) writes the .json file beside every page of `sites/` anew. Read the
difference in git before it is committed: what stands there is what the product promises.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from sectionary.cleaners.article import Article, clean, page_of
from sectionary.cleaners.section import Section

SITES = Path(__file__).resolve().parent / "sites"


def told(page: Path) -> dict[str, Any]:
    """What is cleaned out of the page, told nothing but its bytes. What is empty is left out."""
    article = clean(page_of(page.read_bytes()))
    facts = {
        "rules": rules_of(article),
        "title": article.title,
        "page_type": article.page_type,
        "language": article.language,
        "license": article.license or article.license_text,
        "sections": [_section(section) for section in article.sections],
        **msgspec.to_builtins(article.fields),
        "removals": _characters(article),
        "warnings": list(article.warnings),
    }
    return _filled(facts)


def _characters(article: Article) -> dict[str, int]:
    """How many characters each rule took away, by whichever of its selectors."""
    rules = sorted({removal.rule for removal in article.removals})
    return {rule: sum(each.chars for each in article.removals if each.rule == rule) for rule in rules}


def rules_of(article: Article) -> str:
    """The site file whose rules cleaned the article."""
    return article.cleaner_version.partition("/")[2].rpartition("-")[0]


def _section(section: Section) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "level": section.level,
        "anchor": section.anchor,
        "role": section.role,
        "text": section.text.split("\n"),
        "inline_tags": [tag.type for tag in section.inline_tags],
    }


def _filled(value: Any) -> Any:
    """The value without what is None or empty, all the way down; zero and False stay."""
    if isinstance(value, dict):
        return {key: filled for key, inner in value.items() if (filled := _filled(inner)) not in (None, "", [], {})}
    return [_filled(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def write(pages: Iterable[Path]) -> None:
    """Write the golden file of each page."""
    for page in pages:
        page.with_suffix(".json").write_text(json.dumps(told(page), ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    write([Path(name) for name in sys.argv[1:]] or sorted(SITES.glob("*/*.html")))
