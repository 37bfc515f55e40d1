"""What `verify` finds, and what it leaves in peace."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from sectionary.cleaners.article import Article
from sectionary.output.commit import commit
from sectionary.output.draft import Draft
from sectionary.output.verify import verify
from sectionary.scraper.errors import DatasetError

Make = Callable[..., Any]
SITE = "wiki.example"


@pytest.fixture
def corpus(desk: Any, article: Make, section: Make) -> Path:
    """Two snapshots of twenty pages in a few shards."""
    otters: list[Article] = [
        article(f"Otter {n}", section(None, "A lead."), section("Habitat", "Rivers."), page_id=n) for n in range(20)
    ]
    commit(desk.corpus, SITE, desk.stage(otters), shard_bytes=20_000)
    commit(desk.corpus, SITE, desk.stage([replace(otters[0], language="de")]), shard_bytes=20_000)
    return Path(desk.corpus)


def rewritten(corpus: Path, table: str, change: Callable[[list[bytes]], list[bytes]]) -> None:
    """Commit, as a bug might, a shard's JSON lines of a table after a change, with the right checksum."""
    path = corpus / "_meta/snapshots/2.json"
    snapshot = json.loads(path.read_bytes())
    held = snapshot["sites"][SITE]
    at = next(i for i, f in enumerate(held["files"]) if (f["table"], f["format"]) == (table, "jsonl"))
    file = held["files"][at]
    draft = Draft(corpus, SITE, table, file["shard"], "jsonl")
    draft.add(change((corpus / file["path"]).read_bytes().splitlines()))
    draft.close()
    (corpus / file["path"]).unlink()
    named = draft.named()
    held["files"][at] = {name: getattr(named, name) for name in named.__struct_fields__} | {"rows": file["rows"]}
    path.write_text(json.dumps(snapshot))


def test_a_sound_dataset_has_no_flaw(corpus: Path) -> None:
    found = verify(corpus)
    assert found.flaws == ()
    assert (found.snapshot, found.snapshots, found.pages, found.sections) == (2, 2, 20, 40)
    assert "all well" in found.told()


@pytest.mark.parametrize("pattern", ["sections/**/*.parquet", "jsonl/pages-*", "_meta/history/**/*.parquet"])
def test_a_changed_byte_is_found_anywhere(corpus: Path, pattern: str) -> None:
    path = next(corpus.glob(pattern))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    (flaw,) = verify(corpus).flaws
    assert path.name in flaw
    assert "checksum" in flaw


def test_a_short_and_a_lost_file_are_found(corpus: Path) -> None:
    short, lost = sorted(corpus.glob("jsonl/sections-*"))[:2]
    short.write_bytes(short.read_bytes()[:-10])
    lost.unlink()
    flaws = verify(corpus).flaws
    assert len(flaws) == 2
    assert any(short.name in flaw and "bytes, not" in flaw for flaw in flaws)
    assert any(lost.name in flaw and "is lost" in flaw for flaw in flaws)


def test_a_file_that_nobody_lists_is_found_where_a_glob_would_read_it(corpus: Path) -> None:
    path = next(corpus.glob("sections/**/*.parquet"))
    path.with_name("copy.parquet").write_bytes(path.read_bytes())
    (flaw,) = verify(corpus).flaws
    assert "copy.parquet: no snapshot lists it" in flaw


@pytest.mark.parametrize(
    ("table", "change", "told"),
    [
        ("sections", lambda rows: [*rows, rows[-1]], "rows, not"),
        ("sections", lambda rows: [row.replace(b'"level":', b'"lvl":') for row in rows], "missing required field"),
        ("sections", lambda rows: [b'{"x":1,' + row[1:] for row in rows], "keys are not those of the schema"),
        ("pages", lambda rows: [row.replace(b'"title":"', b'"title":7,"t":"') for row in rows], "Expected `str`"),
        ("pages", lambda rows: [b"not JSON" for _ in rows], "malformed"),
        ("pages", lambda rows: rows[:-1] + rows[:1], "not those of the other formats"),
    ],
)
def test_rows_without_the_form_of_their_schema_are_found(corpus: Path, table: str, change: Any, told: str) -> None:
    rewritten(corpus, table, change)
    flaws = verify(corpus).flaws
    assert any(told in flaw for flaw in flaws), flaws


def test_rows_that_do_not_belong_together_are_found(desk: Any, article: Make, section: Make) -> None:
    made = desk.stage([article("Otter", section(None, "A lead."), section("Habitat"), page_id=1)])
    from sectionary.output.settings import OutputSettings  # noqa: PLC0415

    commit(desk.corpus, SITE, made, settings=OutputSettings(formats=("jsonl",)))
    path = desk.corpus / "_meta/snapshots/2.json"
    path.write_bytes((desk.corpus / "_meta/snapshots/1.json").read_bytes().replace(b'"number": 1', b'"number": 2'))
    (desk.corpus / "_meta/LATEST").write_text("2\n")
    rewritten(desk.corpus, "sections", lambda rows: [rows[0], rows[0]])
    flaws = verify(desk.corpus).flaws
    assert any("is there 2 times" in flaw for flaw in flaws), flaws
    assert any("should have 2 sections, numbered from 0" in flaw for flaw in flaws), flaws


def test_a_commit_that_was_stopped_is_told(corpus: Path) -> None:
    (corpus / "_meta/LATEST").write_text("1\n")
    assert any("names 1, but 2 is committed" in flaw for flaw in verify(corpus).flaws)


def test_a_damaged_list_is_told(corpus: Path) -> None:
    (corpus / "_meta/snapshots/1.json").write_text("{")
    assert any("1.json is damaged" in flaw for flaw in verify(corpus).flaws)


def test_a_foreign_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no sectionary dataset"):
        verify(tmp_path)
    (tmp_path / "thesis.doc").touch()
    with pytest.raises(DatasetError, match="no sectionary dataset"):
        verify(tmp_path)
