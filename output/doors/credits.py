"""CREDITS.csv: whom to credit, a line a page, as free licences ask (CC BY 4.0, section 3(a))."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sectionary.output.doors.facts import pages
from sectionary.output.snapshot import Snapshot

HEADER = ("title", "url", "permalink", "history_url", "license", "license_text", "contributors", "credit")
_COLUMNS = ("title", "url", "license", "license_text", "contributors", "attribution")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")      # what a spreadsheet would run (OWASP, CSV injection)


def credit_lines(directory: Path, snapshot: Snapshot) -> Iterator[str]:
    """The lines of CREDITS.csv (RFC 4180, with line feeds), the header first."""
    yield _line(HEADER)
    for page in pages(directory, snapshot, _COLUMNS):
        yield _line(_cells(page))


def _cells(page: dict[str, Any]) -> tuple[str, ...]:
    credit = page["attribution"]
    cells = (
        page["title"], page["url"], credit["credit_url"], credit["history_url"], page["license"],
        page["license_text"], "; ".join(page["contributors"]), credit["text"],
    )  # fmt: skip
    return tuple(_plain(cell or "") for cell in cells)


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _line(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()
