"""Document: the one HTML file of a preview, written page by page.

Nothing in it is loaded from outside: style and script stand inside and are named by their digests in the
Content-Security-Policy (W3C CSP Level 3, 6.7.3.3), which allows nothing else, so that even a page that got
something past `original` could load and run nothing.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from sectionary.output.preview.view import PageView
from sectionary.scraper.version import VERSION

_PACKAGE = "sectionary.output.preview"
_TEMPLATE = "preview.html.jinja"
_MARK = '<meta name="generator" content="sectionary '
_HEAD_BYTES = 2_000


def document(pages: Iterable[PageView]) -> Iterator[str]:
    """The file for `pages`, piece by piece; a page is asked for when the one before it has been written."""
    style, script = _asset("preview.css"), _asset("preview.js")
    template = _environment().get_template(_TEMPLATE)
    return template.generate(
        pages=pages, policy=_policy(style, script), style=style, script=script, version=VERSION
    )


def is_preview(path: Path) -> bool:
    """Whether the file at `path` is one of these, which may be written anew."""
    with path.open("rb") as file:
        return _MARK.encode() in file.read(_HEAD_BYTES)


def _policy(style: str, script: str) -> str:
    kinds = {"style-src": style, "script-src": script}
    allowed = "; ".join(f"{name} 'sha256-{_digest(text)}'" for name, text in kinds.items())
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


@cache
def _asset(name: str) -> str:
    return files(_PACKAGE).joinpath(name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("sectionary", "output/preview"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["groupby_in_order"] = _in_order
    return environment


def _in_order(items: Iterable[Any], name: str) -> Iterator[tuple[Any, list[Any]]]:
    """Neighbours with the same value; Jinja's own groupby sorts."""
    return ((value, list(group)) for value, group in groupby(items, attrgetter(name)))
