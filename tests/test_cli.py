"""The command line: what it prints where, and its exit codes."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sectionary.scraper.demo import DemoServer
from tests.program import called, started

EXAMPLE = Path(__file__).parents[1] / "examples" / "encyclopedia" / "pages"


@pytest.mark.parametrize(
    "command",
    [
        "run", "fetch", "clean", "demo", "page", "preview", "init", "plan", "why", "status", "retry", "takedown",
        "verify", "vacuum", "changes",
    ],
)  # fmt: skip
def test_every_command_shows_an_example(tmp_path: Path, command: str) -> None:
    shown = called(command, "--help", cwd=tmp_path)
    assert shown.returncode == 0
    assert f"Example: sectionary {command}" in shown.stdout


def test_the_demo_tells_counts_and_where_the_data_lies(tmp_path: Path) -> None:
    shown = started("demo", "-o", "here", cwd=tmp_path)
    assert shown.returncode == 0
    assert "strandline" in shown.stdout
    for part in ("sections", "jsonl", "rejected"):
        assert str(tmp_path / "here" / "corpus" / part) in shown.stdout
    quiet = called("demo", "-q", "-o", "here", cwd=tmp_path)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


def test_progress_can_be_told_in_json_lines(tmp_path: Path) -> None:
    shown = called("demo", "--log-format", "json", "-o", "here", cwd=tmp_path)
    lines = [json.loads(line) for line in shown.stderr.splitlines()]
    assert lines[-1]["listed"] == 37


def test_files_become_json_lines_on_stdout(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "limpet.html").write_bytes((EXAMPLE / "limpet.html").read_bytes())
    (tmp_path / "pages" / "empty.html").touch()
    shown = called("clean", "pages", "--base-url", "https://shore.example/wiki/", cwd=tmp_path)
    rows = [json.loads(line) for line in shown.stdout.splitlines()]
    assert {row["title"] for row in rows} == {"Limpet"}
    assert rows[0]["url"] == "https://shore.example/wiki/limpet.html"
    assert "https://shore.example/wiki/empty.html: clean: empty" in shown.stderr


def test_files_become_a_dataset_and_are_upserted(tmp_path: Path) -> None:
    text = tmp_path / "ebb.txt"
    text.write_text("Ebb\nIt falls.\nCauses[edit | edit source]\nThe Moon.\n")
    first = called("clean", text, "-o", "corpus", cwd=tmp_path)
    assert "1 cleaned, 1 written, 0 rejected" in first.stderr
    again = called("clean", text, "-o", "corpus", cwd=tmp_path)
    assert "1 cleaned, 0 written, 0 rejected" in again.stderr
    text.write_text("Ebb\nIt falls.\nCauses[edit | edit source]\nMoon and Sun.\n")
    assert "1 cleaned, 1 written" in called("clean", text, "-o", "corpus", cwd=tmp_path).stderr
    (file,) = (tmp_path / "corpus" / "jsonl").glob("sections-*")
    assert [json.loads(line)["text"] for line in file.read_bytes().splitlines()] == ["It falls.", "Moon and Sun."]


@pytest.mark.parametrize(
    ("form", "mark"), [("markdown", "# Limpet"), ("text", "Body"), ("json", "{"), ("html", "<!doctype html>")]
)
def test_one_page_is_printed_in_four_forms(tmp_path: Path, form: str, mark: str) -> None:
    shown = called("page", EXAMPLE / "limpet.html", "--format", form, cwd=tmp_path)
    assert shown.returncode == 0
    assert mark in shown.stdout.splitlines()[:5]
    assert "sucker" in shown.stdout


def test_a_page_is_read_from_stdin(tmp_path: Path) -> None:
    html = '<body class="mediawiki"><h1 id="firstHeading">Ebb</h1><div id="mw-content-text"><p>It falls.</p></div>'
    assert started("page", "-", cwd=tmp_path, text=html).stdout == "# Ebb\n\nIt falls.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run"], "init"),
        (["run", "-c", "nowhere.yaml"], "nowhere.yaml"),
        (["clean", "nowhere.html"], "nowhere.html: no such file"),
        (["clean", "."], "no page in it"),
        (["page", "nowhere.html"], "no such file"),
        (["page", "https://wiki.example/wiki/Ebb"], "scraper.contact"),
        (["page", "http://127.0.0.1:1/"], "private"),
        (["preview", "nowhere.html"], "no such file"),
        (["preview", "https://wiki.example/wiki/Ebb"], "scraper.contact"),
        (["preview", "http://127.0.0.1:1/"], "private"),
        (["preview", "a.html", "b.html", "--base-url", "https://shore.example/"], "one file"),
        (["init", "no address"], "no address"),
    ],
)
def test_wrong_input_is_one_line_and_exit_code_2(tmp_path: Path, arguments: list[str], message: str) -> None:
    shown = called(*arguments, cwd=tmp_path)
    assert shown.returncode == 2
    assert message in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


def test_a_page_without_an_article_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "empty.html").touch()
    shown = called("page", "empty.html", cwd=tmp_path)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr == "sectionary: file:empty.html: empty\n"


def test_a_bad_input_of_a_preview_is_one_line_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "empty.html").touch()
    shown = called("preview", "empty.html", EXAMPLE / "limpet.html", "nowhere.html", ".", cwd=tmp_path)
    assert shown.returncode == 2
    first, *others = shown.stderr.splitlines()
    assert first == "sectionary: file:empty.html: empty"
    assert [line.split(":")[1].strip() for line in others[:-1]] == ["nowhere.html", "."]
    assert others[-1].startswith("1 of 4 pages in preview.html")
    assert "sucker" in (tmp_path / "preview.html").read_text("utf-8")


def test_a_preview_is_written_over_a_preview_and_over_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "limpet.html"
    page.write_bytes((EXAMPLE / "limpet.html").read_bytes())
    for _ in range(2):
        assert called("preview", page, "-o", "shown.html", "-q", cwd=tmp_path).stderr == ""
    refused = called("preview", page, "-o", "limpet.html", cwd=tmp_path)
    assert refused.returncode == 2
    assert "limpet.html is there already" in refused.stderr
    assert page.read_bytes() == (EXAMPLE / "limpet.html").read_bytes()


def test_importing_the_package_loads_nothing_heavy(tmp_path: Path) -> None:
    heavy = "{'pandas', 'pyarrow', 'trafilatura', 'selectolax', 'requests', 'pydantic'}"
    check = f"import sys, sectionary; print(sorted({heavy} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", check], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"


def test_a_reader_that_has_seen_enough_is_no_fault(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number}.txt").write_text("Ebb\nIt falls.\nCauses[edit]\n" + "The Moon. " * 2000)
    command = f"{sys.executable} -m sectionary.cli clean {tmp_path} | head -n 1"
    shown = subprocess.run(
        ["/bin/bash", "-c", f"set -o pipefail; {command}"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (shown.returncode, len(shown.stdout.splitlines())) == (0, 1)
    assert "bug" not in shown.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["clean", "-o", "corpus"], "-o has no effect here"),
        (["clean", "--rules", "wikimd"], "--rules has no effect here"),
        (["clean", "--shard", "1/2"], "--shard has no effect here"),
        (["clean", "--html-column", "html"], "--html-column has no effect here"),
        (["clean", "ebb.txt", "-c", "config.yaml"], "--config has no effect here"),
    ],
)
def test_an_option_without_effect_is_refused(tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "ebb.txt").write_text("Ebb\nIt falls.\n")
    shown = called(*arguments, cwd=tmp_path)
    assert (shown.returncode, message in shown.stderr) == (2, True)


def test_files_that_are_all_lost_are_wrong_input_and_stand_in_rejected(tmp_path: Path) -> None:
    (tmp_path / "empty.html").touch()
    shown = called("clean", "empty.html", "-q", "-o", "corpus", cwd=tmp_path)
    assert (shown.returncode, "file:empty.html: clean: empty" in shown.stderr) == (2, True)
    (file,) = (tmp_path / "corpus" / "rejected").iterdir()
    assert json.loads(file.read_bytes())["reason"] == "empty"
    (tmp_path / "ebb.txt").write_text("Ebb\nIt falls.\n")
    assert called("clean", "ebb.txt", "-o", "corpus", cwd=tmp_path).returncode == 0
    assert json.loads(file.read_bytes())["url"] == "file:empty.html"
    (tmp_path / "empty.html").write_text("<body><h1>Ebb</h1><p>It falls.</p></body>")
    assert called("clean", "empty.html", "-o", "corpus", cwd=tmp_path).returncode == 0
    assert not file.exists()


def test_a_folder_with_other_files_is_never_written_to(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "thesis.doc").write_text("mine")
    shown = called("demo", "-o", ".", cwd=tmp_path)
    assert (shown.returncode, "is no sectionary dataset" in shown.stderr) == (2, True)
    assert [path.name for path in (tmp_path / "corpus").iterdir()] == ["thesis.doc"]


def test_the_second_interrupt_stops_at_once_with_code_4(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sectionary.cli", "demo"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while not list(tmp_path.rglob("*.warc.gz")):
        time.sleep(0.05)                 # until the crawl has begun
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 4
    assert b"stopping: commits" in errors


def test_a_work_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "work").touch()
    shown = called("demo", "-o", "here", cwd=tmp_path)
    assert (shown.returncode, len(shown.stderr.splitlines())) == (2, 1)
    assert "run.work_dir" in shown.stderr


def test_files_of_one_name_in_two_folders_are_two_pages(tmp_path: Path) -> None:
    for folder in ("ebb", "flood"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "index.txt").write_text(f"Tide\nThe {folder}.\n")
    shown = called("clean", "ebb", "flood", cwd=tmp_path)
    assert {json.loads(line)["url"] for line in shown.stdout.splitlines()} == {
        "file:ebb/index.txt",
        "file:flood/index.txt",
    }


def test_plan_why_and_init_look_at_a_site_before_it_is_crawled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECTIONARY_SCRAPER__PRIVATE_HOSTS", "[127.0.0.1]")
    monkeypatch.setenv("SECTIONARY_SCRAPER__DELAY", "0")
    with DemoServer() as server:
        url = f"{server.base_url}/wiki/"
        shown = called("plan", url, cwd=tmp_path)
        assert (shown.returncode, "CC-BY-SA-4.0" in shown.stdout, shown.stderr) == (0, True, "")
        spelled = called("why", f"{server.base_url}/index.php?title=tide%20pool#Fish", cwd=tmp_path)
        assert "canonical   https://strandline.example/wiki/Tide_pool\n" in spelled.stdout
        assert "robots.txt  allowed\n" in spelled.stdout
        written = called("init", url, cwd=tmp_path)
        assert written.returncode == 0
    text = (tmp_path / "config.yaml").read_text("utf-8")
    assert "# licence     CC-BY-SA-4.0" in text
    down = called("plan", cwd=tmp_path)
    assert (down.returncode, len(down.stderr.splitlines())) == (5, 1)


def test_init_writes_what_it_can_where_a_site_cannot_be_asked(tmp_path: Path) -> None:
    shown = called("init", "https://wiki.example/wiki/", cwd=tmp_path)
    assert shown.returncode == 0
    assert "not looked at: scraper.contact is missing" in shown.stderr
    assert "wiki.example" in (tmp_path / "config.yaml").read_text("utf-8")


def test_pages_are_cleaned_from_standard_input(tmp_path: Path) -> None:
    line = json.dumps({"text": "Ebb\nIt falls.\nCauses[edit]\nThe Moon.", "url": "https://w.example/wiki/Ebb"})
    shown = started("clean", "-", "--text-column", "text", "--url-column", "url", cwd=tmp_path, text=line + "\n")
    assert [json.loads(row)["url"] for row in shown.stdout.splitlines()][:1] == ["https://w.example/wiki/Ebb"]
    assert "1 cleaned" in shown.stderr
