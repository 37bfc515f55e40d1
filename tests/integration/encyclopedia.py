"""The one large wiki of the tests: a hundred articles of the English Wikipedia, and those written for this project.

It is built once and kept, with every article in every form that MediaWiki 1.39 gives it in.
"""

import hashlib
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from urllib.parse import quote

from articles import EXAMPLES, LANGUAGES, PICTURES, articles, dump, settings
from wiki import CODE, HERE, ROBOTS, SKINS, Wiki, require_mediawiki

SERVER = "https://encyclopedia.example"
FORBIDDEN = "Aa River"  # the one article of the dump that its wiki's robots.txt keeps for itself
DUMP = "gensim/test/test_data/enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"
GENSIM = "gensim==4.4.0"
PARSOID, PARSE = "parsoid", "parse"
FORMS = (*SKINS, PARSE, PARSOID)


def built_wiki(cache: Path) -> Path:
    """The folder of the wiki, kept in `cache`; two minutes to build, then none."""
    kept = cache / f"wiki-{version_key()}"
    if not kept.exists():
        gensim = gensim_dump(cache)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            robots = f"{ROBOTS}Disallow: /wiki/{FORBIDDEN.replace(' ', '_')}\n"
            own = articles()
            with Wiki(Path(folder) / "wiki", server=SERVER, robots=robots, settings=settings(own)) as wiki:
                name_languages(wiki.folder / "data/wiki.sqlite")
                wiki.import_images(PICTURES)
                wiki.maintain("importDump.php", "--no-local-users", text=dump(own).encode())
                wiki.import_dump(gensim)
            (Path(folder) / "wiki").rename(kept)
    return kept


def name_languages(database: Path) -> None:
    """Let links such as [[de:Deich]] lead to editions in other languages (mediawiki.org, Manual:Interwiki)."""
    rows = [(code, f"https://{code}.{SERVER.rpartition('/')[2]}/wiki/$1") for code in LANGUAGES]
    with sqlite3.connect(database) as connection:
        connection.executemany(
            "INSERT INTO interwiki (iw_prefix, iw_url, iw_api, iw_wikiid, iw_local, iw_trans) "
            "VALUES (?, ?, '', '', 1, 0)",
            rows,
        )


def version_key() -> str:
    """What a built wiki depends on: MediaWiki's version, its settings, these modules, the dump, our articles."""
    require_mediawiki()
    modules = (HERE / name for name in ("LocalSettings.php", "wiki.py", "articles.py", "encyclopedia.py"))
    written = sorted(path for folder in (EXAMPLES, HERE / "wikitext") for path in folder.rglob("*") if path.is_file())
    digest = hashlib.sha256(GENSIM.encode())
    for source in (CODE / "includes/Defines.php", *modules, *written):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def page_in(wiki: Wiki, title: str, form: str) -> bytes:
    """An article as a skin's page, as Parsoid's HTML, or as the text of action=parse; kept beside the wiki."""
    kept = wiki.folder / "forms" / form / quote(title, safe="")
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_name(f"{kept.name}.part")
        part.write_bytes(_fetched(wiki, title, form))
        part.replace(kept)
    return kept.read_bytes()


def _fetched(wiki: Wiki, title: str, form: str) -> bytes:
    if form == PARSOID:
        return wiki.get(f"/w/rest.php/v1/page/{quote(title.replace(' ', '_'), safe='')}/html")
    if form == PARSE:
        text: str = wiki.api(action="parse", page=title, prop="text")["parse"]["text"]
        return text.encode()
    return wiki.get(wiki.page_url(title, useskin=form))


def gensim_dump(cache: Path) -> Path:
    """The shortened English Wikipedia dump out of gensim's wheel, kept in `cache`."""
    kept = cache / Path(DUMP).name
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            wheel = download_wheel(GENSIM, Path(folder))
            part = Path(folder) / kept.name
            part.write_bytes(zipfile.ZipFile(wheel).read(DUMP))
            part.replace(kept)
    return kept


def download_wheel(requirement: str, folder: Path) -> Path:
    """The wheel of one requirement, without its dependencies, by this interpreter's pip."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*command, "-d", str(folder), requirement], check=True)
    return next(folder.glob("*.whl"))
