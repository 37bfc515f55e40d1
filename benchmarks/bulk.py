"""Bulk: so many made-up pages of up to 8 kB through `sectionary clean` into a dataset; `make bulk PAGES=1000000`.

The pages are MediaWiki's markup around words drawn from a seed, so that no two are alike and compression and shards
are those of a real wiki's short articles. Printed are pages a second, the most memory that all processes held at
once (PSS), and the files that came of it. Everything lies below --folder and is deleted afterwards.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from speed.runs import ours

MIB = 2**20
SYLLABLES = ("ti", "de", "lim", "pet", "sho", "re", "kel", "pa", "gul", "mar", "sel", "dun", "ree", "fa", "ost", "win")


def words(drawn: random.Random, count: int) -> str:
    """A text of so many words, some of them common and most of them rare, as in any language."""
    lengths = drawn.choices((1, 2, 3, 4), (4, 8, 5, 2), k=count)
    return " ".join("".join(drawn.choices(SYLLABLES, k=length)) for length in lengths)


def article(number: int) -> str:
    """A page: lead with links, a fact box, sections with a list or a table, references, categories."""
    drawn = random.Random(number)  # noqa: S311 - no secret
    title = words(drawn, 2).title() + f" {number}"
    sections = "".join(section(drawn, place) for place in range(drawn.randint(1, 5)))
    return f"""<!DOCTYPE html><html class="client-nojs" lang="en" dir="ltr"><head><meta charset="UTF-8">
<title>{title} - Bulk</title><meta name="generator" content="MediaWiki 1.43.0"></head>
<body class="mediawiki ltr ns-0"><div id="content" class="mw-body"><h1 id="firstHeading">{title}</h1>
<div id="mw-content-text" class="mw-body-content"><div class="mw-content-ltr mw-parser-output" lang="en" dir="ltr">
<table class="infobox"><tbody><tr><th>Range</th><td>{words(drawn, 3)}</td></tr></tbody></table>
<p><b>{title}</b> is {words(drawn, 30)} <a href="/wiki/{number // 2}">{words(drawn, 2)}</a>
{words(drawn, 40)}.<sup class="reference" id="cite_ref-1"><a href="#cite_note-1">[1]</a></sup></p>
{sections}<h2 id="References">References</h2><ol class="references"><li id="cite_note-1"><a href="#cite_ref-1">↑</a>
<span class="reference-text">{words(drawn, 9)} <a class="external" href="https://a.example/{number}">read</a></span></li>
</ol></div></div><div id="catlinks" class="catlinks"><a href="/wiki/Category:Bulk">Bulk</a></div></div></body></html>"""


def section(drawn: random.Random, place: int) -> str:
    """A section with a heading of its own."""
    heading = words(drawn, 2).capitalize()
    items = "".join(f"<li>{words(drawn, 6)}</li>" for _ in range(drawn.randint(0, 5)))
    cells = "".join(f"<tr><td>{words(drawn, 2)}</td><td>{drawn.randint(1, 999)}</td></tr>" for _ in range(place))
    return (
        f'<div class="mw-heading mw-heading2"><h2 id="{heading.replace(" ", "_")}">{heading}</h2>'
        '<span class="mw-editsection">[<a href="/edit">edit</a>]</span></div>'
        f"<p>{words(drawn, drawn.randint(30, 90))}.</p>"
        + (f"<ul>{items}</ul>" if items else "")
        + (f'<table class="wikitable"><tbody>{cells}</tbody></table>' if place > 2 else "")
    )


def lines(pages: int) -> Iterator[bytes]:
    """The pages as JSON Lines."""
    for number in range(pages):
        row = {"url": f"https://bulk.example/wiki/Page_{number}", "html": article(number)}
        yield json.dumps(row).encode() + b"\n"


def kinds(corpus: Path) -> Counter[str]:
    """How many files there are, by the folder they lie in."""
    found = (path.relative_to(corpus) for path in corpus.rglob("*") if path.is_file())
    return Counter(path.parts[0] if len(path.parts) > 1 else "beside" for path in found)


def size(folder: Path) -> int:
    """Bytes of all files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def measured(pages: int, folder: Path) -> None:
    """Clean so many pages and print what it took."""
    source, corpus = folder / "pages.jsonl", folder / "corpus"
    with source.open("wb") as file:
        file.writelines(lines(pages))
    run = ours("clean", str(source), "--html-column", "html", "--url-column", "url", "-q", "-o", str(corpus))
    print(f"{pages} pages, {source.stat().st_size / pages:.0f} bytes of JSON line each")
    print(f"    {pages / run.seconds:.0f} pages/s ({run.seconds:.0f} s)")
    print(f"    {run.memory / MIB:.0f} MiB at most (PSS of all processes)")
    print(f"    files: {dict(sorted(kinds(corpus).items()))}, {size(corpus) / MIB:.0f} MiB")
    print(f"    {ours('verify', str(corpus)).said.strip()}", flush=True)


def main() -> None:
    """Measure each number of pages that is asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("pages", type=int, nargs="*", default=[10_000, 200_000])
    options.add_argument("--folder", type=Path, help="where there is room: some 20 kB a page")
    chosen = options.parse_args()
    for pages in chosen.pages:
        folder = Path(tempfile.mkdtemp(prefix="sectionary-bulk-", dir=chosen.folder))
        try:
            measured(pages, folder)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
