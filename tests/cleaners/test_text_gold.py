"""What trafilatura leaves of real pages as text: which of its headings text mode finds.

`python tests/cleaners/test_text_gold.py` prints recall and precision where no edit mark is left.
"""

import gzip
import os
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html
from trafilatura import extract

from sectionary.cleaners.decode import read_source
from sectionary.cleaners.text import read_text

PARTS = 3                                # in which the saved pages are read, so that none takes long
_HEADINGS = "//h1 | //h2 | //h3 | //h4 | //h5 | //h6"
_MARKS = (
    "descendant::*[contains(@class, 'editsection')][not(ancestor::*[contains(@class, 'editsection')])]"
    " | following-sibling::*[1][self::span][contains(@class, 'editsection')]"
)


def squeezed(text: str) -> str:
    """Without white space and control characters, which trafilatura drops."""
    return "".join(char for char in text if not char.isspace() and unicodedata.category(char)[0] != "C")


def headings(source: str) -> Iterator[tuple[str, str]]:
    """The page's headings with their edit marks as a reader sees them, told by lxml."""
    for node in html.fromstring(source).xpath(_HEADINGS):
        mark = squeezed("".join(each.text_content() for each in node.xpath(_MARKS)))
        heading = squeezed(node.text_content())
        yield heading.removesuffix(mark).removeprefix(mark) if mark else heading, mark


def marked(told: list[tuple[str, str]], text: str) -> Counter[str]:
    """The headings that stand in the text with their mark: behind it, before it, or below it."""
    lines = [line for raw in text.splitlines() if (line := squeezed(raw))]
    pairs = Counter(f"{line}{below}" for line, below in pairwise(lines) if below[0] in "[［")  # noqa: RUF001
    there = Counter(lines) + pairs
    wanted = Counter((heading, mark) for heading, mark in told if heading and mark)
    return Counter({
        heading: min(count, max(there[heading + mark], there[mark + heading]))
        for (heading, mark), count in wanted.items()
    })


def found(text: str) -> Counter[str]:
    return Counter(squeezed(section.heading) for section in read_text(text).sections if section.heading)


def saved(shared_pages: Path) -> list[Path]:
    return [path for path in sorted(shared_pages.glob("*.html.gz")) if ".gold." not in path.name]


def sources(paths: list[Path]) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Name, HTML and headings of saved pages."""
    for path in paths:
        source = read_source(gzip.decompress(path.read_bytes()), None, "").text
        yield path.name, source, list(headings(source))


def with_marks(told: list[tuple[str, str]]) -> bool:
    """Whether any heading of the page has a mark that could be left: of other pages nothing is expected."""
    return any(heading and mark for heading, mark in told)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_heading_with_an_edit_mark_is_found_and_none_is_invented(shared_pages: Path, part: int) -> None:
    wrong = []
    left = 0
    for name, source, told in sources(saved(shared_pages)[part::PARTS]):
        text = extract(source) or "" if with_marks(told) else ""
        expected = marked(told, text)
        got = found(text) if expected.total() else Counter()
        invented = got - Counter(heading for heading, _ in told)
        left += expected.total()
        wrong += [(name, dict(expected - got), dict(invented))] * bool(expected - got or invented)
    assert left > 2000 / PARTS
    assert wrong == []


def report(shared_pages: Path) -> str:
    """Recall and precision over the texts in which no mark is left."""
    count: Counter[str] = Counter()
    for _, source, told in sources(saved(shared_pages)):
        text = extract(source)
        if text and not marked(told, text).total():
            all_headings = Counter(heading for heading, _ in told)
            there = all_headings & Counter(squeezed(line) for line in text.splitlines())
            count.update(pages=1, there=there.total(), found=found(text).total())
            count.update(right=(found(text) & all_headings).total())
    recall, precision = count["right"] / count["there"], count["right"] / count["found"]
    return f"{count['pages']} texts without marks: recall {recall:.3f} of {count['there']}, precision {precision:.3f}"


if __name__ == "__main__":
    default = Path(__file__).resolve().parents[3] / "shared" / "pages"
    print(report(Path(os.environ.get("SECTIONARY_PAGES", default))))  # noqa: T201
