"""Verify: whether a dataset is what was committed, and holds together.

Of every kept snapshot each file is there with the bytes that it was committed with. Of the current one each row has
the form that the schema says; the counts are right, ids unique; each section belongs to a page and each page has
its sections, numbered from 0; each format holds the same rows; and the folders hold no file that is not listed, which
a reader by glob would take in.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from sectionary.output import layout
from sectionary.output.integrity import site_flaws
from sectionary.output.schema import TABLES
from sectionary.output.snapshot import DataFile, NewerError, SiteFiles, check_ours, kept_numbers, latest_number, load
from sectionary.output.stored import checked, located
from sectionary.scraper.errors import DatasetError


class Verified(Struct, frozen=True, kw_only=True):
    """What was looked at, and each flaw that was found, a line."""

    snapshot: int | None
    snapshots: int
    files: int
    pages: int
    sections: int
    flaws: tuple[str, ...]

    def told(self) -> str:
        """The result in words."""
        looked = f"{self.files} files of {self.snapshots} snapshots, {self.pages} pages, {self.sections} sections"
        return "\n".join((*self.flaws, f"{looked}: {len(self.flaws)} flaws" if self.flaws else f"{looked}: all well"))


def verify(directory: Path) -> Verified:
    """Look at all of a dataset. A commit meanwhile makes it begin anew.

    Raises DatasetError for a foreign folder, and for a dataset of a newer release, of which nothing can be said.
    """
    check_ours(directory)
    if not (directory / layout.SNAPSHOTS).is_dir():
        raise DatasetError(f"{directory} is no sectionary dataset")
    while True:
        number = latest_number(directory)
        found = _verified(directory, number)
        if latest_number(directory) == number:
            return found


def _verified(directory: Path, latest: int | None) -> Verified:
    kept = kept_numbers(directory)
    flaws: list[str] = []
    unread: list[int] = []
    last = max(kept, default=None)
    if latest != last:
        flaws.append(_unlike(latest, last))
    files: dict[str, DataFile] = {}
    current: dict[str, SiteFiles] = {}
    for number in kept:
        try:
            snapshot = load(directory, number)
        except NewerError:
            raise
        except DatasetError as error:
            flaws.append(str(error))
            unread.append(number)
            continue
        current = snapshot.sites if number == latest else current
        files |= {file.path: file for file in (*snapshot.files(), *snapshot.changes)}
    in_place = {file.path for held in current.values() for file in held.files}
    in_place |= {path for path, file in files.items() if file.table == "changes"}
    if latest == last and not unread:    # else files may only seem to be nobody's
        flaws += _strays(directory, in_place)
    broken = dict(_broken(directory, files.values()))
    flaws += [f"{path}: {flaw}" for path, flaw in broken.items()]
    for site, held in current.items():
        flaws += site_flaws(directory, site, held, broken.keys())
    return Verified(
        snapshot=latest,
        snapshots=len(kept),
        files=len(files),
        pages=sum(held.pages for held in current.values()),
        sections=sum(held.sections for held in current.values()),
        flaws=tuple(flaws),
    )


def _unlike(latest: int | None, last: int | None) -> str:
    """What it means that LATEST is not the last committed snapshot."""
    if (latest or 0) > (last or 0):
        return f"{layout.snapshot_path(latest or 0)}: is lost, which {layout.LATEST} names"
    return f"{layout.LATEST} names {latest}, but {last} is committed; the next run will finish that"


def _broken(directory: Path, files: Iterable[DataFile]) -> Iterator[tuple[str, str]]:
    """Files whose bytes are not those that were committed, and what is wrong with them."""
    for file in files:
        try:
            if flaw := checked(located(directory, file), file):
                yield file.path, flaw
        except (DatasetError, OSError) as error:
            yield file.path, "is lost" if isinstance(error, DatasetError) else str(error.strerror)


def _strays(directory: Path, listed: set[str]) -> Iterator[str]:
    """Files in the places of data files that no snapshot lists."""
    for folder in (*TABLES, "tombstones", "changes", "jsonl"):
        for path in sorted((directory / folder).rglob("*")):
            name = path.relative_to(directory).as_posix()
            if path.is_file() and name not in listed and not path.name.startswith("."):
                yield f"{name}: no snapshot lists it; move it away"
