"""Files: pages that lie on disk already, as a source of pages beside the network and the archive."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, urljoin

from msgspec import Struct

from sectionary.scraper.errors import ConfigError, FetchError
from sectionary.scraper.page import Http, Page

KINDS = {".html": "text/html", ".htm": "text/html", ".xhtml": "text/html", ".txt": "text/plain"}


class LocalFile(Struct, frozen=True, kw_only=True):
    """One page on disk. `canonical_url` is its address, as a file's name below `--base-url` tells it."""

    key: str
    path: Path
    canonical_url: str


def local_files(paths: Iterable[Path], base_url: str | None) -> Iterator[LocalFile]:
    """The pages among files and, below folders, in all their folders, in the order of their names.

    A page's address is `base_url` and its path below the folder that was named (with that folder's name where
    there are several), else "file:" and that path, so that it does not depend on where the folder lies.
    Raises ConfigError for a path that is not there, and for a named file of an unknown kind; what else lies
    in a folder is passed over.
    """
    paths = list(paths)
    for path in paths:
        if path.is_dir():
            found = sorted(file for file in path.rglob("*") if file.suffix.lower() in KINDS and file.is_file())
            above = Path(path.name) if len(paths) > 1 else Path()
            yield from (_local(file, above / file.relative_to(path), base_url) for file in found)
        elif not path.is_file():
            raise ConfigError(f"{path}: no such file or folder")
        elif path.suffix.lower() not in KINDS:
            raise ConfigError(f"{path}: cannot tell what it is; known are {', '.join(KINDS)} and folders of them")
        else:
            yield _local(path, Path(path.name), base_url)


def _local(file: Path, name: Path, base_url: str | None) -> LocalFile:
    address = quote(os.fsencode(name.as_posix()))
    return LocalFile(
        key=str(file), path=file, canonical_url=urljoin(base_url, address) if base_url else f"file:{address}"
    )


def read_file(file: LocalFile, most_bytes: int) -> Page:
    """The page in a file, or its first `most_bytes`. Raises FetchError where it cannot be read."""
    try:
        with file.path.open("rb") as opened:
            body = opened.read(min(most_bytes, os.fstat(opened.fileno()).st_size))
    except OSError as error:
        raise FetchError(file.canonical_url, f"unreadable: {error.strerror}") from None
    return Page(
        url=file.canonical_url, body=body, http=Http(content_type=KINDS[file.path.suffix.lower()])
    )
