"""Metrics: how sites stand, in the text format that Prometheus reads from files.

Format: https://prometheus.io/docs/instrumenting/exposition_formats; to be put where the node exporter's textfile
collector looks. Values are of the last run of each site, times are seconds since 1970.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from sectionary.output.durable import replace_file
from sectionary.output.last_run import COUNTS, SiteSummary

_HELP = {
    "sectionary_pages": "Pages by what became of them; without listed they add up to it.",
    "sectionary_sections": "Sections in the dataset.",
    "sectionary_requests": "Requests of the last run by status, or by what went wrong.",
    "sectionary_bytes": "Bytes of bodies that the last run received, as transferred.",
    "sectionary_run_seconds": "How long the last run took.",
    "sectionary_complete": "Whether no page is pending.",
    "sectionary_last_run_timestamp_seconds": "When the last run ended.",
    "sectionary_last_success_timestamp_seconds": "When a run last did all it was asked.",
    "sectionary_oldest_pending_timestamp_seconds": "Since when the oldest page waits to be fetched.",
}

Sample = tuple[str, dict[str, str], float]


def write_metrics(path: Path, sites: Iterable[SiteSummary]) -> None:
    """Replace the file at `path` in one step."""
    replace_file(path, metrics(sites).encode())


def metrics(sites: Iterable[SiteSummary]) -> str:
    """Give the text: each metric with all its samples."""
    found: dict[str, list[str]] = {}
    for site in sites:
        for name, labels, value in _samples(site):
            told = ",".join(f'{key}="{_escaped(text)}"' for key, text in {"site": site.name, **labels}.items())
            found.setdefault(name, []).append(f"{name}{{{told}}} {value:.15g}")
    lines = []
    for name, help_ in _HELP.items():
        if name in found:
            lines += [f"# HELP {name} {help_}", f"# TYPE {name} gauge", *found[name]]
    return "\n".join(lines) + "\n" if lines else ""


def _samples(site: SiteSummary) -> Iterator[Sample]:
    for state in COUNTS:
        yield "sectionary_pages", {"outcome": state}, getattr(site, state)
    for status, number in site.requests.items():
        yield "sectionary_requests", {"status": status}, number
    yield "sectionary_sections", {}, site.sections
    yield "sectionary_bytes", {}, site.bytes
    yield "sectionary_run_seconds", {}, site.seconds
    yield "sectionary_complete", {}, float(site.complete)
    for name, moment in (
        ("last_run", site.finished), ("last_success", site.last_success), ("oldest_pending", site.oldest_pending)
    ):  # fmt: skip
        if moment:
            yield f"sectionary_{name}_timestamp_seconds", {}, datetime.fromisoformat(moment).timestamp()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
