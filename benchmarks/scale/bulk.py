"""Bulk: made-up pages in a file through `sectionary clean` into a dataset: pages/s, memory, files, bytes at rest."""

import shutil
from collections import Counter
from pathlib import Path

from speed.runs import ours

from . import corpus

MIB = 2**20


def measure(kind: corpus.Kind, count: int, folder: Path) -> dict[str, float | int | str]:
    """The figures of one run. The pages and the dataset are gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    pages, dataset = folder / "pages.jsonl", folder / "corpus"
    try:
        html = corpus.write(pages, kind, count)
        run = ours("clean", str(pages), "-o", str(dataset), "--html-column", "html", "--url-column", "url")
        return {
            "kind": kind.name, "pages": count, "html_bytes": html, "seconds": round(run.seconds, 1),
            "processor_seconds": round(run.processor, 1), "pages_a_second": round(count / run.seconds, 1),
            "pages_a_processor_second": round(count / run.processor, 1), "memory_mib": round(run.memory / MIB),
            **_at_rest(dataset),
        }  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def told(row: dict[str, float | int | str]) -> str:
    """A line for people."""
    return (
        f"{row['pages']:>9,} {row['kind']} pages, {int(row['html_bytes']) / MIB:,.0f} MiB of HTML: "
        f"{row['pages_a_second']} pages/s, {row['pages_a_processor_second']} a processor second, "
        f"{row['memory_mib']} MiB at most; {row['files']} files, {int(row['bytes']) / MIB:,.0f} MiB "
        f"(Parquet {int(row['bytes_parquet']) / MIB:,.0f}, JSON Lines {int(row['bytes_jsonl']) / MIB:,.0f})"
    )


def _at_rest(dataset: Path) -> dict[str, int]:
    """Files and bytes of the dataset, in all and by ending."""
    files = [path for path in dataset.rglob("*") if path.is_file()]
    sizes: Counter[str] = Counter()
    for path in files:
        sizes[path.suffix] += path.stat().st_size
    return {
        "files": len(files), "data_files": sum(path.suffix in {".parquet", ".jsonl"} for path in files),
        "bytes": sizes.total(), "bytes_parquet": sizes[".parquet"], "bytes_jsonl": sizes[".jsonl"],
    }  # fmt: skip
