"""Cleaning processes: what hurts one page costs that page and nothing else."""

import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from sectionary.output.rejected import Rejected
from sectionary.output.staged import read_index, read_staged
from sectionary.receipt import receipts
from sectionary.scraper.errors import InterruptedRunError
from sectionary.scraper.files import LocalFile
from sectionary.scraper.settings import MAX_PAGE_BYTES
from sectionary.worker import NO_RULES, Crew, Hands, Orders, Result, work

GOOD = b'<body class="mediawiki"><h1 id="firstHeading">Ebb</h1><div id="mw-content-text"><p>It falls.</p></div>'
# Sixteen megabytes of nothing but paragraphs: no bomb, and far more than six seconds of honest work.
LONG = b'<body class="mediawiki"><div id="mw-content-text">' + b"<p>x" * 4_000_000


@pytest.fixture
def orders(tmp_path: Path) -> Orders:
    return Orders(
        site="local",
        raw=tmp_path,
        staging=tmp_path / "staging",
        cleaner="test",
        own_rules="{}",
        rules=None,
        license=None,
        page_text_drop=(),
        max_page_bytes=MAX_PAGE_BYTES,
    )


def local(folder: Path, name: str, body: bytes) -> LocalFile:
    path = folder / name
    path.write_bytes(body)
    return LocalFile(key=name, path=path, canonical_url=f"https://shore.example/{name}")


def docs(result: Result) -> list[str]:
    """The keys of the pages that became documents, in their order."""
    return [receipt.key for receipt in receipts([result.staged]) if receipt.doc_id]


def lost(result: Result) -> list[Rejected]:
    return list(read_staged(result.staged).rejected)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "binary: png"),
        (b"<html><body><p> </p></body></html>", "no content"),
    ],
)
def test_a_page_that_holds_no_article_is_lost_alone(orders: Orders, tmp_path: Path, body: bytes, reason: str) -> None:
    tasks = [local(tmp_path, "good.html", GOOD), local(tmp_path, "bad.html", body)]
    result = work(orders, tasks)
    assert docs(result) == ["good.html"]
    assert [(row.url, row.site, row.stage, row.reason) for row in lost(result)] == [
        ("https://shore.example/bad.html", "shore.example", "clean", reason)
    ]


def test_a_file_that_is_gone_is_lost_alone(orders: Orders, tmp_path: Path) -> None:
    gone = local(tmp_path, "gone.html", GOOD)
    gone.path.unlink()
    result = work(orders, [gone, local(tmp_path, "good.html", GOOD)])
    assert [row.reason for row in lost(result)] == ["unreadable: No such file or directory"]
    assert docs(result) == ["good.html"]


def test_a_staged_file_is_named_by_its_pages_and_their_cleaner(orders: Orders, tmp_path: Path) -> None:
    tasks = [local(tmp_path, "good.html", GOOD)]
    first = work(orders, tasks)
    assert work(orders, tasks).staged == first.staged
    (page,) = read_staged(first.staged).pages
    assert b"It falls." in page.page


def test_a_receipt_tells_what_became_of_each_page(orders: Orders, tmp_path: Path) -> None:
    result = work(orders, [local(tmp_path, "good.html", GOOD), local(tmp_path, "bad.html", b"")])
    good, bad = receipts([result.staged])
    assert (good.key, good.address, good.wiki, good.flaw) == (
        "good.html", "https://shore.example/good.html", "shore.example", None,
    )  # fmt: skip
    assert good.doc_id == read_index(result.staged).pages[0].doc_id
    assert (bad.key, bad.doc_id, bad.flaw) == ("bad.html", None, "empty")
    assert (result.pages, result.lost) == (1, 1)


@pytest.mark.case("F22")
def test_a_page_that_never_ends_is_given_up_and_the_others_are_kept(orders: Orders, tmp_path: Path) -> None:
    tasks = [local(tmp_path, f"{n}.html", LONG if n == 1 else GOOD) for n in range(3)]
    with Hands(NO_RULES, 1) as hands:
        crew = Crew(orders, hands, batch_seconds=8, page_seconds=6)
        crew.submit(tasks)
        results = crew.finish()
    assert sorted(key for result in results for key in docs(result)) == ["0.html", "2.html"]
    assert [row.reason for result in results for row in lost(result)] == ["took longer than 6 s"]


def test_a_cleaning_process_begins_with_the_rules_of_all_sites_compiled() -> None:
    look = "__import__('sectionary.cleaners.rules', fromlist=['rules']).rules_version.cache_info()[:2]"
    with Hands(NO_RULES, 1) as hands:
        hits, misses = hands._pool.schedule(eval, args=[look]).result()
    assert (hits, misses) == (1, 1)


@pytest.mark.case("S11")
def test_a_line_of_50_mb_is_lost_and_its_neighbours_are_kept(orders: Orders, tmp_path: Path) -> None:
    tasks = [local(tmp_path, f"{n}.html", GOOD + b"words " * 9_000_000 * (n == 1)) for n in range(3)]
    result = work(orders, tasks)
    assert docs(result) == ["0.html", "2.html"]
    assert [row.reason for row in lost(result)] == [f"too large: more than {MAX_PAGE_BYTES} bytes"]


def test_a_page_larger_than_allowed_is_lost_before_it_is_parsed(orders: Orders, tmp_path: Path) -> None:
    tasks = [local(tmp_path, "small.html", GOOD), local(tmp_path, "large.html", GOOD + b"x" * 2_000)]
    result = work(replace(orders, max_page_bytes=2_000), tasks)
    assert docs(result) == ["small.html"]
    assert [row.reason for row in lost(result)] == ["too large: more than 2000 bytes"]


@pytest.mark.case("F22", "S11")
def test_a_bomb_is_lost_with_its_reason_and_its_neighbours_are_kept(orders: Orders, tmp_path: Path) -> None:
    tasks = [local(tmp_path, f"{n}.html", GOOD + b"<div>" * 100_000 * (n == 1)) for n in range(3)]
    result = work(orders, tasks)
    assert docs(result) == ["0.html", "2.html"]
    assert [row.reason for row in lost(result)] == ["hostile: more than 256 elements in one another"]


@pytest.mark.case("F22")
def test_a_page_that_needs_too_much_memory_is_given_up_and_the_others_are_kept(orders: Orders, tmp_path: Path) -> None:
    vast = GOOD + b"word " * 12_000_000
    tasks = [local(tmp_path, f"{n}.html", vast if n == 1 else GOOD) for n in range(4)]
    with Hands(NO_RULES, 1, memory=400 << 20) as hands:
        crew = Crew(replace(orders, max_page_bytes=2**30), hands)
        crew.submit(tasks)
        results = crew.finish()
    assert sorted(key for result in results for key in docs(result)) == ["0.html", "2.html", "3.html"]
    assert [row.reason for result in results for row in lost(result)] == ["needs more than 400 MiB of memory"]


def test_cleaning_processes_that_are_stopped_from_outside_end_the_run_in_order(orders: Orders, tmp_path: Path) -> None:
    long = local(tmp_path, "long.html", LONG)
    with Hands(NO_RULES, 1) as hands:
        crew = Crew(orders, hands)
        crew.submit([long])
        time.sleep(1.5)
        hands.stop()
        with pytest.raises(InterruptedRunError, match="run again"):
            crew.submit([long])
