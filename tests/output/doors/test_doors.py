"""The card, the description for machines and the credits of a dataset."""

import csv
import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from sectionary.cleaners.article import Article
from sectionary.cleaners.fields import Fields, Removal
from sectionary.output.commit import commit
from sectionary.output.dataset import read
from sectionary.output.doors.licences import duties
from sectionary.output.doors.write import write_doors
from sectionary.output.layout import snapshot_path
from sectionary.output.schema import flat_columns, schema
from sectionary.output.settings import OutputSettings

Make = Callable[..., Any]
SITE = "wiki.example"
GONE = (Removal(rule="page.toc", selector="#toc", count=2, chars=30),)


@pytest.fixture
def articles(article: Make, section: Make) -> list[Article]:
    """Two pages under a licence and one, by people, without."""
    first = article("Otter", section(None, "A lead."), section("Life", "Fish | and *crabs*."), removals=GONE)
    second = article("Seal", page_id=5, language="de", removals=GONE)
    fields = Fields(contributors=("Ada", "Grace"))
    return [first, second, article("=cmd()", license=None, license_source=None, fields=fields)]


@pytest.fixture
def corpus(desk: Any, articles: list[Article]) -> Path:
    """Their dataset, with its doors."""
    commit(desk.corpus, SITE, desk.stage(articles), created="2026-11-27T08:00:00Z")
    assert write_doors(desk.corpus)
    return Path(desk.corpus)


def front_matter(corpus: Path) -> dict[str, Any]:
    head = (corpus / "README.md").read_text("utf-8").split("---\n")[1]
    loaded: dict[str, Any] = yaml.safe_load(head)
    return loaded


def card(corpus: Path) -> str:
    return (corpus / "README.md").read_text("utf-8")


def test_the_card_begins_with_what_the_hub_reads(corpus: Path) -> None:
    told = front_matter(corpus)
    assert (told["language"], told["license"]) == (["de", "en"], ["cc-by-sa-4.0", "unknown"])
    assert told["size_categories"] == ["n<1K"]
    assert {config["config_name"]: config["data_files"] for config in told["configs"]} == {
        "sections": "sections/*/*.parquet",
        "pages": "pages/*/*.parquet",
    }


def test_the_patterns_of_the_card_name_every_file_once(corpus: Path) -> None:
    for config in front_matter(corpus)["configs"]:
        assert list(corpus.glob(config["data_files"])) == list((corpus / config["config_name"]).rglob("*.parquet"))


def test_the_card_counts_what_is_there(corpus: Path) -> None:
    text = card(corpus)
    pages, sections = read(corpus, table="pages", nested=True), read(corpus)
    chars = int(sections["char_count"].sum())
    for line in (
        f"| pages | {len(pages)} |", f"| sections | {len(sections)} |", f"| characters of text | {chars} |",
        "| not known | 1 |", "| CC-BY-SA-4.0 | 2 |", f"| in all | 3 | | {chars + 60} |",
        "| `page.toc` | 2 | 4 | \N{MINUS SIGN}60 |", f"| kept as text | 3 | | {chars} |",
    ):  # fmt: skip
        assert line in text, line


def test_the_card_tells_every_column_of_both_tables(corpus: Path) -> None:
    text = card(corpus)
    for table in ("sections", "pages"):
        part = text.split(f"### {table}\n")[1].split("\n#")[0]
        assert [line.split("|")[1].strip() for line in part.splitlines()[3:] if line] == schema(table).names


def test_the_sample_is_a_row_of_the_dataset(corpus: Path) -> None:
    sample = json.loads(card(corpus).split("```json\n")[1].split("\n```")[0])
    assert list(sample) == list(flat_columns("sections"))
    assert sample["section_id"] in set(read(corpus)["section_id"])


def test_the_doors_are_the_same_bytes_for_the_same_data_and_follow_new_ones(desk: Any, articles: list[Article]) -> None:
    commit(desk.corpus, SITE, desk.stage(articles), created="2026-11-27T08:00:00Z")
    write_doors(desk.corpus)
    names = ("README.md", "croissant.json", "CREDITS.csv")
    before = {name: (desk.corpus / name).read_bytes() for name in names}
    assert not write_doors(desk.corpus)
    for name in names:
        os.unlink(desk.corpus / name)  # noqa: PTH108 - a reader would have lost them so
    assert write_doors(desk.corpus)
    assert {name: (desk.corpus / name).read_bytes() for name in names} == before
    commit(desk.corpus, SITE, desk.stage([replace(articles[0], title="Sea otter")]))
    assert write_doors(desk.corpus)
    assert "Sea otter" in (desk.corpus / "CREDITS.csv").read_text()


def test_each_page_is_credited_with_address_history_licence_and_people(corpus: Path) -> None:
    with (corpus / "CREDITS.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["title"]: row for row in csv.DictReader(file)}
    assert len(rows) == 3
    assert rows["Otter"]["permalink"] == f"https://{SITE}/wiki/Otter?oldid=7"
    assert rows["Otter"]["history_url"] == f"https://{SITE}/wiki/Otter?action=history"
    assert rows["Otter"]["license"] == "CC-BY-SA-4.0"
    assert rows["'=cmd()"]["contributors"] == "Ada; Grace"


@pytest.mark.case("S13")
def test_a_title_that_a_spreadsheet_would_run_is_no_formula(corpus: Path) -> None:
    with (corpus / "CREDITS.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert "'=cmd()" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_the_description_for_machines_names_each_flat_column_and_the_snapshot(corpus: Path) -> None:
    told = json.loads((corpus / "croissant.json").read_bytes())
    assert told["version"] == "1.0.0"
    for records in told["recordSet"]:
        assert [field["name"] for field in records["field"]] == list(flat_columns(records["name"]))
    assert (corpus / snapshot_path(1)).exists()


def test_a_dataset_in_json_lines_alone_has_its_doors_too(desk: Any, articles: list[Article]) -> None:
    commit(desk.corpus, SITE, desk.stage(articles), settings=OutputSettings(formats=("jsonl.gz",)))
    assert write_doors(desk.corpus)
    for config in front_matter(desk.corpus)["configs"]:
        assert len(list(desk.corpus.glob(config["data_files"]))) == 1
    assert "pandas.read_parquet" not in card(desk.corpus)


def test_a_dataset_without_a_commit_has_none(tmp_path: Path) -> None:
    assert not write_doors(tmp_path)


def test_markup_in_a_title_is_no_markup_in_the_card(desk: Any, article: Make, section: Make) -> None:
    made = article("Otter", section(None, "```\n<script>x</script>\n```"), site="a|b<i>.example")
    commit(desk.corpus, made.site, desk.stage([made]))
    write_doors(desk.corpus)
    assert "\n| a\\|b\\<i\\>.example | 1 |\n" in card(desk.corpus)
    assert "\n````json\n" in card(desk.corpus)


@pytest.mark.parametrize(
    ("licenses", "said"),
    [
        ({"CC-BY-SA-4.0": 1}, "Share alike: what you adapt from CC-BY-SA-4.0 pages must carry the same licence."),
        ({"CC-BY-SA-4.0": 1, "GFDL-1.3-or-later": 1}, "two of them may fit neither"),
        ({"CC-BY-NC-ND-3.0": 1}, "not for commercial use"),
        ({None: 1200}, "1,200 pages do not say their licence"),
    ],
)
def test_the_card_says_what_the_licences_ask(licenses: dict[str | None, int], said: str) -> None:
    assert any(said in sentence for sentence in duties(Counter(licenses)))


def test_a_licence_that_asks_for_nothing_more_brings_no_share_alike() -> None:
    assert not any("Share alike" in sentence for sentence in duties(Counter({"CC-BY-4.0": 3})))
