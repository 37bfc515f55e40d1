"""What stands in the way of a dataset: each gets one clear line and its exit code, and the last good snapshot stays.

What a kill, a device or two at once are about is run in a process of its own.
"""

import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import sectionary
from sectionary.output.verify import verify
from sectionary.scraper.errors import DatasetError
from tests.program import Ended, called, started

PAGE = """<!DOCTYPE html><html lang="en"><head><title>{0}</title></head><body><main><h1>{0}</h1>
<p>{0} lives by the sea and eats what the tide leaves behind.</p><h2>Habitat</h2><p>Shores, {0} likes.</p></main></body>
</html>"""


def run(*arguments: object) -> tuple[int, str]:
    """The exit code and all that was said."""
    return told(called(*arguments, cwd=Path.cwd()))


def told(ended: Ended) -> tuple[int, str]:
    return ended.returncode, (ended.stdout + ended.stderr).strip()


def pages(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.html").write_text(PAGE.format(name), "utf-8")
    return folder


def clean(folder: Path, corpus: Path) -> tuple[int, str]:
    return run(*_cleaning(folder, corpus))


def clean_apart(folder: Path, corpus: Path, **environment: str) -> tuple[int, str]:
    """The same in a process of its own."""
    return told(started(*_cleaning(folder, corpus), cwd=Path.cwd(), **environment))


def _cleaning(folder: Path, corpus: Path) -> tuple[object, ...]:
    return "clean", folder, "--base-url", "https://wiki.example/", "-q", "-o", corpus


def at_rest(corpus: Path) -> dict[str, bytes]:
    found = [path for part in ("sections", "pages", "jsonl") for path in (corpus / part).rglob("*") if path.is_file()]
    return {path.relative_to(corpus).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    assert clean(pages(folder / "in", "Otter", "Seal", "Limpet"), folder / "corpus") == (0, "")
    return folder / "corpus"


@pytest.fixture
def corpus(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "corpus"))


@pytest.mark.parametrize("pattern", ["sections/*/*.parquet", "pages/*/*.parquet", "jsonl/sections-*", "jsonl/pages-*"])
def test_a_corrupt_file_is_named_by_verify(corpus: Path, pattern: str) -> None:
    (file,) = corpus.glob(pattern)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)
    code, said = run("verify", corpus)
    assert (code, said.count(file.name)) == (6, 1)


def test_a_commit_onto_a_corrupt_shard_is_refused_and_spreads_no_damage(corpus: Path, tmp_path: Path) -> None:
    for file in [*corpus.glob("sections/*/*.parquet"), *corpus.glob("jsonl/sections-*")]:
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 0xFF
        file.write_bytes(content)
    before = at_rest(corpus)
    code, said = clean(pages(tmp_path / "more", "Whelk"), corpus)
    assert code == 2
    assert len(said.splitlines()) == 1
    assert "is damaged" in said
    assert "put it back from a copy, or clean into a new folder" in said
    assert at_rest(corpus) == before
    assert (corpus / "_meta/LATEST").read_text() == "1\n"


def test_a_missing_shard_is_named_by_every_door(corpus: Path, tmp_path: Path) -> None:
    for file in [*corpus.glob("sections/*/*"), *corpus.glob("jsonl/sections-*")]:
        file.unlink()
    assert run("verify", corpus)[0] == 6
    code, said = clean(pages(tmp_path / "more", "Whelk"), corpus)
    assert (code, len(said.splitlines())) == (2, 1)
    assert "is lost" in said
    with pytest.raises(DatasetError, match="is lost"):
        sectionary.read(corpus)


def test_a_snapshot_of_a_newer_version_is_read_by_nobody_and_written_over_by_nobody(
    corpus: Path, tmp_path: Path
) -> None:
    listed = corpus / "_meta/snapshots/1.json"
    listed.write_bytes(listed.read_bytes().replace(b'"layout_version": 1', b'"layout_version": 99'))
    before = at_rest(corpus)
    code, said = clean(pages(tmp_path / "more", "Whelk"), corpus)
    assert (code, len(said.splitlines())) == (2, 1)
    assert "newer sectionary; update" in said
    assert at_rest(corpus) == before
    for command in ("verify", "changes", "vacuum"):
        code, said = run(command, corpus)
        assert (code, "newer sectionary; update" in said, len(said.splitlines())) == (2, True, 1), command
    with pytest.raises(DatasetError, match="newer sectionary"):
        sectionary.read(corpus)


@pytest.mark.parametrize("damage", ["damaged", "lost"])
def test_the_list_of_the_last_snapshot_is_missed_by_everybody(corpus: Path, tmp_path: Path, damage: str) -> None:
    """Nobody begins anew beside files that the list would have named, or tells anyone to move them away."""
    listed = corpus / "_meta/snapshots/1.json"
    content = listed.read_bytes()
    if damage == "lost":
        listed.unlink()
    else:
        listed.write_bytes(content[:100])
    before = at_rest(corpus)
    for arguments in (["changes", corpus], ["vacuum", corpus]):
        code, said = run(*arguments)
        assert (code, len(said.splitlines())) == (2, 1), arguments
    code, said = clean(pages(tmp_path / "more", "Whelk"), corpus)
    assert (code, len(said.splitlines())) == (2, 1)
    assert f"1.json is {damage}" in said
    assert "put it back from a copy, or write to a new folder" in said
    code, said = run("verify", corpus)
    assert code == 6
    assert "move it away" not in said
    assert at_rest(corpus) == before
    listed.write_bytes(content)
    assert verify(corpus).flaws == ()
    assert clean(tmp_path / "more", corpus) == (0, "")


@pytest.mark.parametrize(
    ("name", "told"), [
        ("_meta/LATEST", "should hold one number"), ("_meta/takedowns.jsonl", "mend it"),
        ("_meta/schemas/sections-1.json", "delete it if the dataset verifies"),
        ("rejected/wiki.example.jsonl", "is damaged"),
    ],
)  # fmt: skip
def test_a_corrupt_file_beside_the_data_stops_a_commit_in_one_line(
    corpus: Path, tmp_path: Path, name: str, told: str
) -> None:
    (corpus / name).parent.mkdir(exist_ok=True)
    (corpus / name).write_text("garbage\n", "utf-8")
    before = at_rest(corpus)
    code, said = clean(pages(tmp_path / "more", "Whelk"), corpus)
    assert (code, len(said.splitlines())) == (2, 1)
    assert f"{name} is damaged" in said
    assert told in said
    assert at_rest(corpus) == before


def test_a_foreign_folder_given_as_dataset_is_left_as_it_is(tmp_path: Path) -> None:
    thesis = tmp_path / "documents" / "thesis.txt"
    thesis.parent.mkdir()
    thesis.write_text("years of work", "utf-8")
    code, said = clean(pages(tmp_path / "in", "Otter"), thesis.parent)
    assert (code, len(said.splitlines())) == (2, 1)
    assert str(thesis.parent) in said
    assert [path.name for path in thesis.parent.iterdir()] == ["thesis.txt"]
    for command in ("verify", "changes", "vacuum"):
        assert run(command, thesis.parent)[0] == 2, command


def test_a_place_where_no_folder_can_be_is_told_in_one_line(tmp_path: Path) -> None:
    code, said = clean(pages(tmp_path / "in", "Otter"), Path("/proc/corpus"))
    assert code in {2, 4}
    assert len(said.splitlines()) == 1
    assert "/proc/corpus" in said


def test_two_writers_at_once_take_turns_and_lose_nothing(corpus: Path, tmp_path: Path) -> None:
    folders = [pages(tmp_path / f"in{number}", f"Whelk{number}", f"Ebb{number}") for number in range(2)]
    with ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda folder: clean_apart(folder, corpus), folders))
    assert done == [(0, ""), (0, "")]
    assert sectionary.read(corpus)["title"].nunique() == 7
    assert verify(corpus).flaws == ()


def test_staged_files_that_a_crash_spoilt_are_made_anew(tmp_path: Path) -> None:
    folder, corpus = pages(tmp_path / "in", "Otter", "Seal"), tmp_path / "corpus"
    assert clean_apart(folder, corpus, SECTIONARY_FAILPOINT="commit.staged")[0] == -signal.SIGKILL
    staged = list(corpus.glob("_meta/staging/clean-*/*"))
    assert staged
    for file in staged:
        os.truncate(file, file.stat().st_size // 2)
    assert clean(folder, corpus) == (0, "")
    assert sectionary.read(corpus)["title"].nunique() == 2
    assert verify(corpus).flaws == ()


def test_a_full_disk_in_the_middle_of_a_commit_leaves_the_last_snapshot(corpus: Path, tmp_path: Path) -> None:
    before = at_rest(corpus)
    more = pages(tmp_path / "more", "Whelk")
    code, said = clean_apart(more, corpus, SECTIONARY_FAILPOINT="commit.full=ENOSPC")
    assert (code, len(said.splitlines())) == (4, 1)
    assert "No space left on device" in said
    assert at_rest(corpus) == before
    assert clean(more, corpus) == (0, "")
    assert sectionary.read(corpus)["title"].nunique() == 4


def test_records_that_go_to_a_full_device_end_in_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sectionary.cli", "clean", str(pages(tmp_path / "in", "Otter")), "-q"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    said = done.stderr.decode().strip()
    assert (done.returncode, len(said.splitlines())) == (4, 1)
    assert "No space left on device" in said
