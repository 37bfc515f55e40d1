"""A dataset in an object store: the same dataset, by the same commands, on a real S3 server."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import polars as pl
import pytest
from moto.server import ThreadedMotoServer

import sectionary
from sectionary import inputs
from sectionary.config import Config, demo_config, load_config
from sectionary.output import snapshot as snapshots
from sectionary.output.commit import commit
from sectionary.output.durable import create_file, located
from sectionary.output.layout import LATEST, snapshot_path, staging_folder
from sectionary.output.rows import Rows
from sectionary.output.staged import Batch, read_staged, write_staged
from sectionary.output.takedowns import takedowns
from sectionary.pipeline import run
from sectionary.scraper.errors import ConfigError, DatasetError
from sectionary.takedown import take_down

SITE = "strandline.example"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """An S3 server on loopback."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    told = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }  # fmt: skip
    os.environ.update(told)
    yield told["AWS_ENDPOINT_URL"]
    for name in told:
        del os.environ[name]
    server.stop()


@pytest.fixture
def bucket(endpoint: str, request: pytest.FixtureRequest) -> str:
    """A bucket of the test's own."""
    name = f"bucket-{abs(hash((endpoint, request.node.name))) % 10**12}"
    boto3.client("s3").create_bucket(Bucket=name)
    return name


def in_bucket(folder: Path, bucket: str) -> Config:
    config = demo_config(folder)
    output = config.output.model_validate({"directory": f"s3://{bucket}/corpus"})
    return config.model_copy(update={"output": output})


def objects(bucket: str) -> dict[str, bytes]:
    client = boto3.client("s3")
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    keys = [item["Key"] for page in pages for item in page.get("Contents", ())]
    return {key: client.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}


def local_files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder.parent).as_posix(): path.read_bytes() for path in found}


def data_files(found: dict[str, bytes]) -> dict[str, bytes]:
    return {key: data for key, data in found.items() if key.split("/")[1] in ("sections", "pages", "jsonl", "rejected")}


DATA = ("sections", "pages", "removed", "changes", "tombstones", "jsonl")


def listed(corpus: Path, number: int) -> set[str]:
    snapshot = snapshots.load(corpus, number)
    return {f"corpus/{file.path}" for file in (*snapshot.files(), *snapshot.changes)}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")


def test_a_run_into_a_bucket_gives_what_a_run_into_a_folder_gives(bucket: str, tmp_path: Path) -> None:
    config = in_bucket(tmp_path, bucket)
    (site,) = run(config).sites
    found = objects(bucket)
    parts = {key.split("/")[1] for key in found}
    assert parts >= {"sections", "pages", "jsonl", "rejected", "README.md", "croissant.json"}
    assert not any("/staging/" in key for key in found)
    again = config.model_copy(update={"output": demo_config(tmp_path).output})
    run(again, fetch=False)
    ours = data_files(local_files(again.corpus))
    assert {key: data for key, data in data_files(found).items() if "/rejected/" not in key} == {
        key: data for key, data in ours.items() if "/rejected/" not in key
    }
    assert site.sections == len(sectionary.read(f"s3://{bucket}/corpus"))


def test_a_second_run_puts_nothing(bucket: str, tmp_path: Path) -> None:
    config = in_bucket(tmp_path, bucket)
    run(config)
    before = data_files(objects(bucket))
    (site,) = run(config).sites
    assert (site.written, site.snapshot) == (0, None)
    assert data_files(objects(bucket)) == before


def test_rules_that_change_make_a_snapshot_and_the_old_one_stays_readable(bucket: str, tmp_path: Path) -> None:
    config = in_bucket(tmp_path, bucket)
    run(config)
    first = sectionary.read(f"s3://{bucket}/corpus")
    own = type(config.cleaners).model_validate({"remove": {"own.lists": ["ul"]}})
    run(config.model_copy(update={"cleaners": own}), fetch=False)
    assert not sectionary.read(f"s3://{bucket}/corpus").equals(first)
    assert sectionary.read(f"s3://{bucket}/corpus", snapshot=1).equals(first)
    found = objects(bucket)
    assert {key for key in found if key.split("/")[1] in DATA} == listed(config.corpus, 2)
    parts = list(sectionary.read(f"s3://{bucket}/corpus", batch_rows=50))
    assert sum(map(len, parts)) == len(sectionary.read(f"s3://{bucket}/corpus"))


def test_other_tools_open_it_where_it_lies(bucket: str, tmp_path: Path, endpoint: str) -> None:
    run(in_bucket(tmp_path, bucket))
    options = {"aws_endpoint_url": endpoint, "aws_allow_http": "true", "aws_region": "us-east-1"}
    scanned = pl.scan_parquet(f"s3://{bucket}/corpus/sections/**/*.parquet", storage_options=options)
    assert scanned.select(pl.len()).collect().item() == len(sectionary.read(f"s3://{bucket}/corpus"))


def staged(folder: Path, titles: list[str], number: int) -> Path:
    """One staged file of pages of the example, by title."""
    taken = [rows for path in sorted((folder / "all").glob("*.staged")) for rows in read_staged(path).pages]
    chosen: list[Rows] = [rows for rows in taken if any(f'"title":"{title}"'.encode() in rows.page for title in titles)]
    assert len(chosen) == len(titles)
    return write_staged(folder / "staging", f"{number:032x}", Batch(pages=chosen))


@pytest.fixture
def batches(tmp_path: Path) -> list[Path]:
    """Two staged files with a page each."""
    pages = Path(__file__).parents[2] / "examples" / "encyclopedia" / "pages"
    with inputs.cleaned_files(
        [pages / "limpet.html", pages / "tide.html"], base_url=None, site_file=None, processes=1
    ) as results:
        (tmp_path / "all").mkdir()
        for result in results:
            (tmp_path / "all" / result.staged.name).write_bytes(result.staged.read_bytes())
    return [staged(tmp_path, ["Limpet"], 1), staged(tmp_path, ["Tide"], 2)]


def test_of_two_writers_at_once_none_is_lost(bucket: str, batches: list[Path]) -> None:
    corpus = located(f"s3://{bucket}/corpus")
    errors: list[BaseException] = []

    def write(path: Path) -> None:
        try:
            commit(corpus, SITE, [path])
        except BaseException as error:  # noqa: BLE001 - told below
            errors.append(error)

    threads = [threading.Thread(target=write, args=[path]) for path in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert set(sectionary.read(f"s3://{bucket}/corpus", table="pages")["title"]) == {"Limpet", "Tide"}
    assert (corpus / LATEST).read_text().strip() == "2"


def test_a_snapshot_is_created_by_one_writer_alone(bucket: str) -> None:
    path = located(f"s3://{bucket}/corpus") / snapshot_path(1)
    create_file(path, b"first")
    with pytest.raises(FileExistsError):
        create_file(path, b"second")
    assert path.read_bytes() == b"first"


POINTS = ("staged", "snapshot", "moved", "placed", "retired", "latest")


@pytest.mark.parametrize("point", POINTS)
def test_a_commit_killed_at_any_point_is_rolled_forward_or_never_was(
    bucket: str, batches: list[Path], point: str
) -> None:
    corpus = located(f"s3://{bucket}/corpus")
    commit(corpus, SITE, [batches[0]], created="2026-11-27T08:00:00Z")
    code = (
        "import sys; from pathlib import Path; from sectionary.output.commit import commit;"
        "from sectionary.output.durable import located;"
        f"commit(located(sys.argv[1]), {SITE!r}, [Path(sys.argv[2])], created='2026-11-27T09:00:00Z')"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code, f"s3://{bucket}/corpus", batches[1]],
        env={**os.environ, "SECTIONARY_FAILPOINT": f"commit.{point}"}, check=False, timeout=100,
    )  # fmt: skip
    assert killed.returncode == -9
    seen = set(sectionary.read(f"s3://{bucket}/corpus", table="pages")["title"])
    assert seen in ({"Limpet"}, {"Limpet", "Tide"})
    commit(corpus, SITE, [batches[1]], created="2026-11-27T09:00:00Z")
    assert set(sectionary.read(f"s3://{bucket}/corpus", table="pages")["title"]) == {"Limpet", "Tide"}
    found = objects(bucket)
    assert {key for key in found if key.split("/")[1] in DATA} == listed(corpus, 2)
    assert not any("/staging/" in key for key in found)


def test_what_another_writer_is_staging_is_left_alone(bucket: str, batches: list[Path]) -> None:
    corpus = located(f"s3://{bucket}/corpus")
    commit(corpus, SITE, [batches[0]])
    (staging_folder(corpus, 9) / "pages/live").write_bytes(b"live")
    (staging_folder(corpus, 1) / "pages/dead").write_bytes(b"dead")
    commit(corpus, SITE, [batches[1]])
    left = [key for key in objects(bucket) if "/staging/" in key]
    assert left == ["corpus/_meta/staging/commit-9/pages/live"]


def holding(bucket: str) -> list[str]:
    """The files of rows that hold a section of the page."""
    return [key for key, data in objects(bucket).items() if b'"breadcrumb":"Limpet' in data]


def test_a_takedown_leaves_nothing_in_the_bucket(bucket: str, tmp_path: Path) -> None:
    config = in_bucket(tmp_path, bucket)
    run(config)
    own = type(config.cleaners).model_validate({"remove": {"own.lists": ["ul"]}})
    run(config.model_copy(update={"cleaners": own}), fetch=False)
    assert len(holding(bucket)) >= 2
    url = f"https://{SITE}/wiki/Limpet"
    take_down(config, url)
    for number in (1, 2, 3):
        assert "Limpet" not in set(sectionary.read(f"s3://{bucket}/corpus", snapshot=number)["title"])
    assert holding(bucket) == []
    assert takedowns(config.corpus)[0].done


def test_a_configuration_names_a_bucket(bucket: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"scraper: {{sites: [{{name: s, source: demo}}]}}\noutput: {{directory: 's3://{bucket}/x'}}\n")
    assert str(load_config(path).corpus) == f"s3://{bucket}/x"


def test_a_bucket_prefix_with_other_objects_is_never_written_to(bucket: str, batches: list[Path]) -> None:
    (located(f"s3://{bucket}/corpus") / "thesis.doc").write_bytes(b"mine")
    with pytest.raises(DatasetError, match="no sectionary dataset"):
        commit(located(f"s3://{bucket}/corpus"), SITE, batches)


@pytest.mark.usefixtures("endpoint")
def test_a_file_system_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ConfigError, match="nowhere://"):
        located("nowhere://bucket/corpus")


def test_files_are_cleaned_into_a_bucket_from_the_command_line(bucket: str, tmp_path: Path) -> None:
    (tmp_path / "ebb.txt").write_text("Ebb\nIt falls.\nCauses[edit | edit source]\nThe Moon.\n")
    command: list[Any] = [sys.executable, "-m", "sectionary.cli", "clean", "ebb.txt", "-o", f"s3://{bucket}/corpus"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100)
    assert (shown.returncode, "1 cleaned, 1 written" in shown.stderr) == (0, True), shown.stderr
    assert len(sectionary.read(f"s3://{bucket}/corpus")) == 2
