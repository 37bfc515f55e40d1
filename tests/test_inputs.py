"""Bulk inputs on their way into records: shares, resumption, loss."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

import sectionary
from sectionary import inputs
from sectionary.scraper.bulk.task import Wanted, wanted
from sectionary.scraper.errors import ConfigError
from tests.program import called

COLUMNS = {"html_column": "html", "url_column": "url"}


def a_jsonl(path: Path, count: int, words: int = 20) -> Path:
    more = "word " * words
    rows = (
        {"url": f"https://w.example/wiki/P{n}", "html": f"<body><h1>Page {n}</h1><p>It is {n}. {more}</p></body>"}
        for n in range(count)
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def cleaned(path: Path, corpus: Path, **more: object) -> inputs.Cleaned:
    told = msgspec.convert({**COLUMNS, **more}, Wanted)
    with inputs.cleaned_files(
        [path], base_url=None, site_file=None, processes=2, wanted=told, dataset=corpus
    ) as results:
        return inputs.into_dataset(results, corpus)


def test_each_row_becomes_a_page_of_the_dataset(tmp_path: Path) -> None:
    came_to = cleaned(a_jsonl(tmp_path / "a.jsonl", 120), tmp_path / "corpus")
    assert (came_to.pages, came_to.written, came_to.rejected) == (120, 120, ())
    pages = sectionary.read(tmp_path / "corpus", table="pages")
    assert set(pages["url"]) == {f"https://w.example/wiki/P{n}" for n in range(120)}
    assert not list((tmp_path / "corpus" / "_meta" / "staging").glob("clean-*"))
    assert cleaned(tmp_path / "a.jsonl", tmp_path / "corpus").written == 0


def test_shares_are_disjoint_and_together_the_whole(tmp_path: Path) -> None:
    path = a_jsonl(tmp_path / "a.jsonl", 100)
    parts = []
    for number in (1, 2, 3):
        cleaned(path, tmp_path / f"corpus{number}", shard=(number, 3))
        parts.append(set(sectionary.read(tmp_path / f"corpus{number}", table="pages")["url"]))
    assert sum(map(len, parts)) == len(set().union(*parts)) == 100


@pytest.mark.parametrize("wrong", ["0/2", "3/2", "2", "a/b"])
def test_a_share_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(ConfigError, match="--shard"):
        wanted({"shard": wrong})


def test_a_run_that_was_killed_goes_on_with_what_was_cleaned(tmp_path: Path) -> None:
    path = a_jsonl(tmp_path / "a.jsonl", 800, words=2000)
    corpus = tmp_path / "corpus"
    command = [sys.executable, "-m", "sectionary.cli", "clean", path, "-o", corpus]
    command += ["--html-column", "html", "--url-column", "url"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
    while len(list(corpus.glob("_meta/staging/clean-*/*.staged"))) < 5 and process.poll() is None:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    before = {file: file.stat().st_mtime_ns for file in corpus.glob("_meta/staging/clean-*/*.staged")}
    assert before
    told = wanted({**COLUMNS})
    with inputs.cleaned_files(
        [path], base_url=None, site_file=None, processes=2, wanted=told, dataset=corpus
    ) as results:
        came_to = inputs.into_dataset(results, corpus)
        assert {file: file.stat().st_mtime_ns for file in before} == before
    assert (came_to.pages, came_to.written) == (800, 800)


def test_a_file_that_breaks_off_is_told_and_what_came_before_is_kept(tmp_path: Path) -> None:
    good = a_jsonl(tmp_path / "good.jsonl", 300)
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_bytes(gzip.compress(good.read_bytes().replace(b"/P", b"/Q"))[:-400])
    corpus = tmp_path / "corpus"
    with inputs.cleaned_files(
        [broken, good], base_url=None, site_file=None, processes=2, wanted=wanted({**COLUMNS}), dataset=corpus
    ) as results:
        came_to = inputs.into_dataset(results, corpus)
    assert 300 < came_to.pages < 600
    assert came_to.rejected[-1].url == "file:broken.jsonl.gz"
    assert came_to.rejected[-1].reason.startswith("damaged")
    lost = sectionary.read(tmp_path / "corpus", table="rejected")
    assert "file:broken.jsonl.gz" in set(lost["url"])


def test_rows_are_printed_as_they_come(tmp_path: Path) -> None:
    path = a_jsonl(tmp_path / "a.jsonl", 60)
    told: list[inputs.Done] = []
    asked = wanted({**COLUMNS})
    with inputs.cleaned_files([path], base_url=None, site_file=None, processes=1, wanted=asked) as results:
        rows = [json.loads(line) for line in inputs.lines(results, told)]
    assert len({row["doc_id"] for row in rows}) == inputs.printed(told).pages == 60


def test_a_licence_that_was_not_named_keeps_files_out_of_a_dataset(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, license_ in (("free", "https://creativecommons.org/licenses/by-sa/4.0/"), ("other", "https://a.example/")):
        head = f'<html><head><link rel="license" href="{license_}"></head>'
        body = f"{head}<body><h1>{name}</h1><p>Text of it.</p></body>"
        (tmp_path / "in" / f"{name}.html").write_text(body, "utf-8")
    done = called("clean", "in", "-o", "corpus", "--license", "CC-BY-SA-4.0", cwd=tmp_path)
    assert done.returncode == 0
    assert "2 cleaned, 1 written" in done.stderr
    assert "excluded: 1: licence: not known" in done.stderr
    assert sectionary.read(tmp_path / "corpus")["title"].unique().tolist() == ["free"]
