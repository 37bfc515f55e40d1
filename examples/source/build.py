"""Build the example encyclopedia: the articles beside this file, rendered by a real MediaWiki.

`python examples/source/build.py` writes examples/encyclopedia and tests/cleaners/example_sections.json.
It needs Debian's MediaWiki (see tests/integration/wiki.py). Building twice gives the same bytes.
"""
# ruff: noqa: INP001

import html
import importlib.util
import json
import re
import shutil
import sys
import tempfile
import urllib.parse
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TARGET = HERE.parent / "encyclopedia"
GOLD = ROOT / "tests/cleaners/example_sections.json"
SERVER = "https://strandline.example"
PASSWORD = "Loopback-only-1"  # noqa: S105 - of a wiki that lives for a minute
NAMESPACES = {"Template": 10, "Category": 14}

ROBOTS = """# Strandline: articles are free to all, the harbour's notices change too fast
User-agent: *
Disallow: /index.php
Disallow: /wiki/Special:
{forbidden}Crawl-delay: 0.02
"""

Facts = dict[str, Any]

# What MediaWiki writes anew at each request: (pattern, replacement).
NOISE = (
    (re.compile(r'"wgRequestId":"[^"]*"'), '"wgRequestId":"000000000000000000000000"'),
    (re.compile(r'"wgBackendResponseTime":\d+'), '"wgBackendResponseTime":100'),
    (re.compile(r"\n?<!-- Saved in parser cache with key.*?-->\n?", re.DOTALL), ""),
    (re.compile(r"<!-- Served by .*?-->"), ""),
)


def main() -> None:
    """Render every article and put the answers where the demo server finds them."""
    plan: Facts = json.loads((HERE / "index.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder, wiki(Path(folder)) as running:
        fill(running, plan, Path(folder))
        running.serve(workers=1)
        index, pages, gold = harvest(running, plan)
        siteinfo = site_facts(running)
    store(index, pages, siteinfo)
    write_json(GOLD, gold)
    sys.stdout.write(f"{len(pages)} pages, {sum(map(len, pages.values())):,} bytes in {TARGET}\n")


def wiki(folder: Path) -> Any:
    """The test suite's MediaWiki rig with Strandline's surroundings; its module is no package, so by path."""
    spec = importlib.util.spec_from_file_location("wiki", ROOT / "tests/integration/wiki.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("tests/integration/wiki.py")
    rig = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rig)
    settings = f"require {json.dumps(str(HERE / 'chrome.php'))};"
    return rig.Wiki(folder / "wiki", server=SERVER, name="Strandline", settings=settings)


def fill(running: Any, plan: Facts, folder: Path) -> None:
    """Create the authors, upload the pictures and import the articles, each with its own date."""
    for author in sorted({page["author"] for page in plan["pages"]}):
        running.maintain("createAndPromote.php", author, PASSWORD)
    running.maintain("deleteBatch.php", text=b"Main Page\n")
    running.import_images(HERE / "images")
    dump = folder / "strandline.xml"
    dump.write_text(export(plan["pages"]), encoding="utf-8")
    running.maintain("importDump.php", str(dump))
    running.maintain("rebuildall.php")
    running.refresh()


def export(pages: list[Facts]) -> str:
    """The articles as a dump that importDump.php reads (Help:Export, schema 0.11)."""
    return (
        '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">\n'
        + "".join(map(export_page, pages))
        + "</mediawiki>\n"
    )


def export_page(page: Facts) -> str:
    """One article with one revision."""
    text = escape((HERE / "wikitext" / page["file"]).read_text(encoding="utf-8").rstrip("\n"))
    return (
        f"<page><title>{escape(page['title'])}</title><ns>{namespace(page['title'])}</ns>"
        f"<revision><timestamp>{page['timestamp']}</timestamp>"
        f"<contributor><username>{escape(page['author'])}</username></contributor>"
        f'<model>wikitext</model><format>text/x-wiki</format><text xml:space="preserve">{text}</text>'
        f"</revision></page>\n"
    )


def namespace(title: str) -> int:
    """The number of a title's namespace (Help:Namespaces); 0 for articles."""
    return NAMESPACES.get(title.partition(":")[0], 0)


def harvest(running: Any, plan: Facts) -> tuple[Facts, dict[str, str], Facts]:
    """Ask the wiki for its pages: the index, the HTML by file name, and the sections by title."""
    visible = [page for page in plan["pages"] if namespace(page["title"]) != NAMESPACES["Template"]]
    rows = [facts(running, page, plan["answers"].get(page["title"])) for page in visible]
    stale = [stale_row(page, 9001 + number) for number, page in enumerate(plan["stale"])]
    pages = {row["file"]: quiet(running.get(row["path"]).decode()) for row in rows}
    gold = {row["title"]: sections(running, row["title"]) for row in rows if is_article(row)}
    index = {
        "site": urllib.parse.urlsplit(SERVER).hostname,
        "server": SERVER,
        "expected": expected(rows + stale, plan, gold),
        "pages": rows + stale,
    }
    return index, pages, gold


def is_article(row: Facts) -> bool:
    """Whether a crawl of namespace 0 without redirects lists this page."""
    return row["namespace"] == 0 and not row["redirect"]


def facts(running: Any, page: Facts, answer: str | None) -> Facts:
    """What the index holds of a page that the wiki has: ids and length as the wiki gave them."""
    found = running.api(action="query", prop="info", titles=page["title"])["query"]["pages"][0]
    return row_of(
        page,
        page_id=found["pageid"],
        revision_id=found["lastrevid"],
        redirect=found.get("redirect", False),
        length=found["length"],
        file="pages/" + page["file"].removesuffix(".wiki") + ".html",
        answer=answer,
    )


def stale_row(page: Facts, number: int) -> Facts:
    """A page that the listing still names though it has been moved, deleted or is no page."""
    own = row_of(
        page | {"language": "en"},
        page_id=number,
        revision_id=number,
        redirect=False,
        length=100,
        file=page.get("file"),
        answer=page["answer"],
    )
    return own | ({"to": wiki_path(page["to"])} if "to" in page else {})


def row_of(page: Facts, **known: Any) -> Facts:
    """A row of the index, the same keys for every page."""
    return {
        "title": page["title"],
        "path": wiki_path(page["title"]),
        "namespace": namespace(page["title"]),
        "language": page["language"],
        "touched": page["timestamp"],
        **known,
    }


def wiki_path(title: str) -> str:
    """The address of a title, encoded as MediaWiki does (wfUrlencode)."""
    return "/wiki/" + urllib.parse.quote(title.replace(" ", "_"), safe=";@$!*(),/~:-_.")


def expected(rows: list[Facts], plan: Facts, gold: Facts) -> Facts:
    """What a crawl of namespace 0 must end with."""
    listed = [row for row in rows if is_article(row)]
    lost = {page["title"] for page in plan["stale"]} | set(plan["forbidden"])
    written = [row for row in listed if row["title"] not in lost]
    languages = sorted({row["language"] for row in written})
    return {
        "listed": len(listed),
        "written": len(written),
        "merged": [row["title"] for row in listed if row["answer"] == "moved"],
        "gone": [row["title"] for row in listed if row["answer"] == "gone"],
        "excluded": plan["forbidden"],
        "rejected": [row["title"] for row in listed if row["answer"] == "pdf"],
        "by_language": {code: sum(row["language"] == code for row in written) for code in languages},
        "headings": sum(len(gold[row["title"]]) for row in written),
    }


def quiet(page: str) -> str:
    """A page without what differs from request to request."""
    for pattern, replacement in NOISE:
        page = pattern.sub(replacement, page)
    return page


def sections(running: Any, title: str) -> list[list[Any]]:
    """Level, heading and anchor of every section, by the wiki's own account (API:Parsing_wikitext)."""
    found = running.api(action="parse", page=title, prop="sections")["parse"]["sections"]
    return [[int(entry["level"]), plain(entry["line"]), entry["anchor"]] for entry in found]


def plain(line: str) -> str:
    r"""A heading of the table of contents as text: no tags, no note marks, formulas between \( and \)."""
    line = re.sub(r"<sup[^>]*>(<a[^>]*>)?(\[|&#91;).*?</sup>", "", line)
    return re.sub(r"\$\s?(.+?)\s?\$", r"\\(\1\\)", html.unescape(re.sub(r"<[^>]+>", "", line))).strip()


def site_facts(running: Any) -> Facts:
    """The wiki's account of itself, without the time of asking and the machine it runs on."""
    wanted = "general|namespaces|namespacealiases|rightsinfo|statistics"
    query: Facts = running.api(action="query", meta="siteinfo", siprop=wanted)["query"]
    general: Facts = query["general"]
    for name in ("time", "phpversion", "phpsapi", "dbversion", "git-hash", "git-branch"):
        general.pop(name, None)
    return query


def store(index: Facts, pages: dict[str, str], siteinfo: Facts) -> None:
    """Replace examples/encyclopedia by what has been built."""
    shutil.rmtree(TARGET, ignore_errors=True)
    for name, page in pages.items():
        file = TARGET / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, encoding="utf-8")
    shutil.copytree(HERE / "images", TARGET / "images")
    shutil.copy(HERE / "almanac-2026.pdf", TARGET)
    write_json(TARGET / "index.json", index)
    write_json(TARGET / "api/siteinfo.json", siteinfo)
    forbidden = "".join(f"Disallow: {wiki_path(title)}\n" for title in index["expected"]["excluded"])
    (TARGET / "robots.txt").write_text(ROBOTS.format(forbidden=forbidden), encoding="utf-8")


def write_json(file: Path, content: Facts) -> None:
    """Readable JSON, with the letters of all languages as they are."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
