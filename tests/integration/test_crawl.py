"""A real MediaWiki crawled from end to end, measured by what the wiki itself says of its pages."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
import pytest
from corpus import Row, rows
from encyclopedia import FORBIDDEN, SERVER
from gold import Gold, as_told, without_removed, word_f1, words
from wiki import Wiki

import sectionary
from sectionary.cleaners.added import RAISED

# The blocks that running text is made of; tables, figures and galleries are on TextExtracts' list.
READ = ("paragraph", "list", "definition_list", "quote", "pre", "code", "math", "poem")
GOAL = 0.99
# Short articles of ours, full of odd cases, in which TextExtracts reads a few words otherwise, and why it does.
OTHERWISE = {
    "Headings of many kinds": "it takes the box away that a heading stands in, and the heading's words with it",
    "Pictures of the shore": "it prints the caption of a picture that the wiki has not",
    "Salt marsh": "it prints coordinates in a notation that a style sheet hides",
    "Scripts and signs": "it prints a sort key",
    "Shapes of lists": "it glues words of neighbouring items",
    "Verse and listings": "it glues words around a line break",
}
SHORT_GOAL = 0.93
PLACES = ("written", "unchanged", "merged", "gone", "excluded", "rejected", "pending")
EDIT = ("editsection", "visualeditor-ca-editsource-section")


class Crawl:
    """One undisturbed run over the whole wiki, and what it left."""

    def __init__(self, folder: Path, config: Path) -> None:
        self.summary = sectionary.run(config)
        assert self.summary.exit_code == 0, self.summary
        self.corpus = folder / "corpus"
        self.sections = rows(self.corpus, "sections")
        self.pages = rows(self.corpus, "pages")
        report = self.corpus / "_meta" / "last_run.json"
        self.report: Row = json.loads(report.read_text(encoding="utf-8"))

    def of(self, title: str) -> list[Row]:
        """A page's section records, in the order of the page."""
        found = [row for row in self.sections if row["title"] == title]
        return sorted(found, key=lambda row: row["position"])


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory, config_in: Callable[[Path], Path]) -> Crawl:
    """The wiki, crawled once for this module."""
    folder = tmp_path_factory.mktemp("crawl")
    return Crawl(folder, config_in(folder))


@pytest.fixture(scope="module")
def titles(gold: Gold) -> list[str]:
    """The articles that robots.txt lets us have."""
    return [title for title in gold.titles() if title != FORBIDDEN]


def test_every_article_that_may_be_fetched_becomes_a_page(crawl: Crawl, titles: list[str]) -> None:
    assert sorted(row["title"] for row in crawl.pages) == sorted(titles)


def test_headings_levels_anchors_and_order_are_the_wikis_own(
    crawl: Crawl, gold: Gold, titles: list[str]
) -> None:
    ours = {
        title: [as_told(row["level"], row["heading"], row["anchor"]) for row in crawl.of(title) if row["level"]]
        for title in titles
    }
    assert ours == {title: gold.headings(title) for title in titles}


def test_every_page_begins_with_one_lead(crawl: Crawl, titles: list[str]) -> None:
    leads = {title: [row["heading"] for row in crawl.of(title) if row["level"] == 0] for title in titles}
    assert leads == {title: [None] for title in titles}


def test_the_text_is_all_that_textextracts_gives_and_no_more(
    crawl: Crawl, gold: Gold, wiki: Wiki, titles: list[str]
) -> None:
    """Word-F1 on every page; only what lies in elements that TextExtracts removes is left out of ours."""
    scores = {title: score(crawl, gold, wiki, title) for title in titles}
    below = {title: round(f1, 4) for title, f1 in scores.items() if f1 < GOAL}
    assert below.keys() == OTHERWISE.keys(), below
    assert min(below.values()) > SHORT_GOAL, below


def score(crawl: Crawl, gold: Gold, wiki: Wiki, title: str) -> float:
    """How well the records' running text of a page matches the wiki's plain text of it."""
    records = crawl.of(title)
    ours = Counter(units(records)) & Counter(units(outside(wiki, title)))
    headings = [row["heading"] for row in records if row["level"]]
    shown = "\n".join([*headings, *ours.elements(), *coordinates(wiki, title)])
    return word_f1(words(comparable(shown)), words(comparable(gold.extract(title))))


def comparable(text: str) -> str:
    r"""A text as both can say it: 10^22 and m² of ours are 1022 and m2 to TextExtracts, which prints {\displaystyle."""
    plain = re.sub(r"\\(?:display|text|script)style\b", "", unicodedata.normalize("NFKC", text))
    return re.sub(rf"(?<=[\d)]){re.escape(RAISED)}(?=[\d+\u2212-])", "", plain)


def coordinates(wiki: Wiki, title: str) -> Iterable[str]:
    """What the page says of its place in all notations: a field of ours, text to TextExtracts."""
    trace = sectionary.extract(wiki.get(wiki.page_url(title)), trace=True).trace
    assert trace is not None
    for span in trace.spans:
        if span.owner in {"field:coordinates", "removal:twin.coordinates"}:
            yield trace.text[span.start : span.end]


def outside(wiki: Wiki, title: str) -> list[Row]:
    """The sections of the page without the elements that TextExtracts removes."""
    path = wiki.page_url(title)
    article = sectionary.extract(without_removed(wiki.get(path)), url=SERVER + path)
    found: list[Row] = msgspec.to_builtins(article.sections)
    return found


def units(sections: list[Row]) -> Iterable[str]:
    """The paragraphs, list items and other pieces of running text, in order."""
    for block in (block for section in sections for block in section["blocks"] if block["type"] in READ):
        for text in [item["text"] for item in block["list"]["items"]] if block["list"] else [block["text"]]:
            yield from text.split("\n")


def test_no_interface_text_is_left_in_any_record(crawl: Crawl, gold: Gold, wiki: Wiki) -> None:
    """The words are asked of the wiki (meta=allmessages); the cleaner's lists have no part in this."""
    residue = re.compile("|".join(furniture(gold.interface(), wiki)), re.IGNORECASE | re.MULTILINE)
    found = [(row["title"], match[0]) for row in crawl.sections for match in residue.finditer(shown(row))]
    assert found == []


def furniture(messages: dict[str, str], wiki: Wiki) -> list[str]:
    """Patterns of the edit, jump and contents furniture in the words of this wiki."""
    edit = "|".join(re.escape(messages[name]) for name in EDIT)
    lines = [messages[name] for name in ("vector-jumptonavigation", "vector-jumptosearch", "toc")]
    tagline = messages["tagline"].replace("{{SITENAME}}", "Example Encyclopedia")
    return [
        rf"[\[\uff3b]\s*(?:{edit})(?:\s*\|\s*(?:{edit}))*\s*[\]\uff3d]",
        rf"(?:{edit})\s*\|\s*(?:{edit})",
        *(rf"^\W*{re.escape(line)}\W*$" for line in [*lines, tagline]),
        re.escape(messages["retrievedfrom"].split("$1")[0].strip()),
        rf"{re.escape(wiki.base_url)}\S*[?&]action=edit",
    ]


def shown(row: Row) -> str:
    """All text of a record that a reader would see."""
    return "\n".join([row["heading"] or "", row["text"], row["markdown"], row["breadcrumb"]])


def test_the_counts_add_up(crawl: Crawl, gold: Gold, titles: list[str]) -> None:
    """Each listed page is in exactly one place, and the place is the right one."""
    (site,) = crawl.report["sites"]
    counts = {place: site[place] for place in PLACES}
    assert sum(counts.values()) == site["listed"] == len(gold.titles())
    assert counts == dict.fromkeys(PLACES, 0) | {"written": len(titles), "excluded": 1}
    assert (site["outcome"], site["complete"], site["sections"]) == ("done", True, len(crawl.sections))


def test_the_summary_is_what_last_run_json_says(crawl: Crawl) -> None:
    assert json.loads(msgspec.json.encode(crawl.summary)) == crawl.report


def test_records_carry_the_wikis_own_address_and_licence(crawl: Crawl) -> None:
    """The wiki is fetched at a loopback address but says that it lives at $wgServer."""
    told = {(row["site"], row["license"], row["license_text"]) for row in crawl.sections}
    assert told == {
        ("encyclopedia.example", "CC-BY-SA-4.0", "Creative Commons Attribution-ShareAlike 4.0"),
    }  # fmt: skip
    assert all(row["url"].startswith(f"{SERVER}/wiki/") for row in crawl.sections)


def test_page_and_revision_numbers_are_the_wikis_own(crawl: Crawl, wiki: Wiki) -> None:
    answer = wiki.api(action="query", generator="allpages", gaplimit=500, prop="info")
    told = {page["title"]: (page["pageid"], page["lastrevid"]) for page in answer["query"]["pages"]}
    ours = {row["title"]: (row["page_id"], row["revision_id"]) for row in crawl.pages}
    assert ours == {title: told[title] for title in ours}


def test_jsonl_and_parquet_hold_the_same_records(crawl: Crawl) -> None:
    lines = [
        json.loads(line)
        for path in sorted((crawl.corpus / "jsonl").glob("sections-*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert {(line["section_id"], line["text"]) for line in lines} == {
        (row["section_id"], row["text"]) for row in crawl.sections
    }
    assert len(lines) == len(crawl.sections)
