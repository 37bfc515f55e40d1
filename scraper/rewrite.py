"""Rewriting the raw archive without some pages, so that not a byte of them is left.

What stays is copied as it lies, gzip member by gzip member, so only its place changes; references to it are told
the new place. A page kept as a `revisit` of bytes that go gets them itself (WARC 1.1, section 6.7). What a crash
left torn at a file's end goes, too: nothing refers to it, and nobody can tell what it is of.

    1  the new files are written and synced beside the old ones
    2  a journal tells where each page lies now: from here on the rewriting is finished by whoever comes next
    3  the ledger follows it, 4  the old files are deleted, and then the journal

Stopped before 2, doing it again writes the same files.
"""

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
from fastwarc.warc import ArchiveIterator
from isal import igzip
from msgspec import Struct

from sectionary.scraper.page import Page

JOURNAL = "rewriting.json"
_SUFFIX = ".warc.gz"
_MARKED = re.compile(r"(?<=-\d{6})-[0-9a-f]{8}$")
_HEAD = 65_536
_REVISIT = ("warc-profile", "warc-refers-to")
_GZIP_LEVEL = 2
Place = tuple[str, int]                  # a file's name and an offset in it


class Moved(Struct, frozen=True, kw_only=True):
    """One page's records: from where to where."""

    file: str
    offset: int
    new_file: str
    new_offset: int
    new_length: int


class Journal(Struct, frozen=True, kw_only=True):
    """A rewriting whose new files are written: the old ones, and every page that has another place now."""

    old: tuple[str, ...]
    moved: tuple[Moved, ...]


class _Group(Struct, frozen=True, kw_only=True):
    """The records of one page, or one record alone; `same_as` is where a revisit's bytes lie."""

    offset: int
    end: int
    whole: bool = True
    gone: bool = False
    same_as: Place | None = None


Files = Mapping[str, list[_Group]]


def rewrite(
    folder: Path, mark: str, is_gone: Callable[[Page], bool], reach: Callable[[str], None] = lambda _name: None
) -> Journal:
    """Write every file that holds a page that is to go, or refers into one that does, anew without it.

    `mark` tells one rewriting from another in the new files' names. Ends behind step 2.
    """
    files = {path.name: _groups(path, is_gone) for path in sorted(folder.glob(f"*{_SUFFIX}"))}
    touched = _touched(files)
    names = {name: _new_name(folder / name, mark) for name in touched}
    places = _places(folder, files, names)
    for name in touched:
        _write(folder / names[name], _parts(folder, name, files, places))
        reach("takedown.archive")
    journal = Journal(old=tuple(touched), moved=tuple(places.values()))
    if touched:
        _replace(folder / JOURNAL, msgspec.json.encode(journal))
    reach("takedown.journal")
    return journal


def _new_name(path: Path, mark: str) -> str:
    """A name that no other file gets: each begins with a record whose id is its own."""
    with path.open("rb") as file:
        told = blake2b(mark.encode() + file.read(_HEAD), digest_size=4).hexdigest()
    return f"{_MARKED.sub('', path.name.removesuffix(_SUFFIX))}-{told}{_SUFFIX}"


def unfinished(folder: Path) -> Journal | None:
    """The journal of a rewriting that was stopped behind step 2."""
    try:
        return msgspec.json.decode((folder / JOURNAL).read_bytes(), type=Journal)
    except FileNotFoundError:
        return None


def finish(folder: Path, journal: Journal) -> None:
    """Step 4, once the ledger has followed."""
    if not journal.old:
        return
    for name in journal.old:
        (folder / name).unlink(missing_ok=True)
    _sync(folder)
    (folder / JOURNAL).unlink(missing_ok=True)


def _groups(path: Path, is_gone: Callable[[Page], bool]) -> list[_Group]:
    """The pages of a file in order. Records before a `metadata` record belong to it, but for the file's own."""
    groups: list[_Group] = []
    begin: int | None = None
    size = path.stat().st_size
    for record, offset, end in _records(path):
        kind = record.headers.get("WARC-Type")
        block = record.reader.read()
        if begin is None:
            begin = offset
        if len(block) != int(record.headers.get("Content-Length") or -1):    # torn, even in its headers
            break
        if kind in ("metadata", "warcinfo"):
            groups.append(_group(begin, end, record.headers.get("WARC-Target-URI"), block, is_gone))
            begin = None
    torn = begin if begin is not None else (groups[-1].end if groups else 0)
    if torn < size and (begin is not None or not groups or groups[-1].end < size):
        groups.append(_Group(offset=torn, end=size, whole=False, gone=True))
    return groups


def _records(path: Path) -> Iterator[tuple[Any, int, int]]:
    """Records with where they begin and end. A record's end is known when the next one is read."""
    starts = [record.stream_pos for record in _iterate(path)]
    ends = [*starts[1:], path.stat().st_size]
    yield from zip(_iterate(path), starts, ends, strict=True)


def _iterate(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        yield from ArchiveIterator(file, parse_http=False)


def _group(begin: int, end: int, url: str | None, block: bytes, is_gone: Callable[[Page], bool]) -> _Group:
    if url is None:                      # warcinfo
        return _Group(offset=begin, end=end)
    facts = msgspec.json.decode(block)
    known = facts.get("ledger") or {}    # of a page that brought no bytes it is all there is
    page = msgspec.convert({"url": url, "canonical_url": known.get("canonical_url"), **facts, "body": b""}, Page)
    same = facts.get("same_as")
    return _Group(
        offset=begin, end=end, gone=is_gone(page), same_as=(same["file"], same["offset"]) if same else None
    )


def _touched(files: Files) -> list[str]:
    """Files with something to go, and those that refer into one of them, and so on."""
    touched = {name for name, groups in files.items() if any(group.gone for group in groups)}
    while True:
        more = {name for name, groups in files.items() if _refers(groups, touched)} - touched
        if not more:
            return sorted(touched)
        touched |= more


def _refers(groups: Iterable[_Group], files: Collection[str]) -> bool:
    return any(group.same_as is not None and group.same_as[0] in files for group in groups)


def _places(folder: Path, files: Files, names: Mapping[str, str]) -> dict[Place, Moved]:
    """Where each page of the touched files will lie. What refers elsewhere changes in length, so it goes by steps.

    A page's place depends on the length of those before it, a revisit's length on the place that it tells: a few
    digits at most, and whoever is referred to is no revisit, so the places settle.
    """
    places: dict[Place, Moved] = {}
    while True:
        settled = {
            (name, group.offset): moved
            for name in names
            for group, moved in _laid(folder, name, files, names, places)
        }
        if settled == places:
            return places
        places = settled


def _laid(
    folder: Path, name: str, files: Files, names: Mapping[str, str], places: Mapping[Place, Moved]
) -> Iterator[tuple[_Group, Moved]]:
    at = 0
    for group in files[name]:
        if group.gone:
            continue
        length = group.end - group.offset
        if group.same_as and group.same_as[0] in names:
            length = len(_referring(folder, name, group, files, places))
        yield group, Moved(file=name, offset=group.offset, new_file=names[name], new_offset=at, new_length=length)
        at += length


def _parts(folder: Path, name: str, files: Files, places: Mapping[Place, Moved]) -> Iterator[bytes]:
    touched = {file for file, _ in places}
    with (folder / name).open("rb") as file:
        for group in files[name]:
            if group.gone:
                continue
            if group.same_as and group.same_as[0] in touched:
                yield _referring(folder, name, group, files, places)
            else:
                file.seek(group.offset)
                yield file.read(group.end - group.offset)


def _referring(folder: Path, name: str, group: _Group, files: Files, places: Mapping[Place, Moved]) -> bytes:
    """The records of a revisit, which tell the new place of its bytes, or have them where that page is to go."""
    assert group.same_as is not None  # noqa: S101  for the type checker
    target = next(each for each in files[group.same_as[0]] if each.offset == group.same_as[1])
    body = _body(folder, group.same_as[0], target) if target.gone else None
    moved = places.get(group.same_as)
    records = ArchiveIterator(BytesIO(_bytes(folder, name, group)), parse_http=False)
    return b"".join(_changed(record, body, moved) for record in records)


def _body(folder: Path, name: str, group: _Group) -> bytes:
    for record in ArchiveIterator(BytesIO(_bytes(folder, name, group)), parse_http=True):
        if record.headers.get("WARC-Type") == "response":
            content: bytes = record.reader.read()
            return content
    raise ValueError(f"{name}@{group.offset} holds no response")


def _bytes(folder: Path, name: str, group: _Group) -> bytes:
    with (folder / name).open("rb") as file:
        file.seek(group.offset)
        return file.read(group.end - group.offset)


def _changed(record: Any, body: bytes | None, moved: Moved | None) -> bytes:
    kind = record.headers.get("WARC-Type")
    block: bytes = record.reader.read()
    headers = [(name, value) for name, value in record.headers if name.lower() != "content-length"]
    if kind == "revisit" and body is not None:
        block += body
        told = [(name, value) for name, value in headers if not name.lower().startswith(_REVISIT)]
        headers = [(name, "response" if name == "WARC-Type" else value) for name, value in told]
    if kind == "metadata":
        block = _metadata(block, moved if body is None else None)
    lines = [*(f"{name}: {value}" for name, value in headers), f"Content-Length: {len(block)}"]
    head = "\r\n".join(["WARC/1.1", *lines, "", ""]).encode()
    return igzip.compress(head + block + b"\r\n\r\n", _GZIP_LEVEL)


def _metadata(block: bytes, moved: Moved | None) -> bytes:
    facts = msgspec.json.decode(block)
    del facts["same_as"]
    if moved is not None:
        facts["same_as"] = {"file": moved.new_file, "offset": moved.new_offset, "length": moved.new_length}
    return msgspec.json.encode(facts)


def _write(path: Path, parts: Iterable[bytes]) -> None:
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("wb") as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync(path.parent)


def _replace(path: Path, content: bytes) -> None:
    _write(path, [content])


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def moved_places(journal: Journal) -> dict[Place, Place]:
    """Old places and new ones."""
    return {(each.file, each.offset): (each.new_file, each.new_offset) for each in journal.moved}
