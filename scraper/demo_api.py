"""The part of MediaWiki's api.php that a crawler needs, answered out of the example encyclopedia's index.

Errors come as MediaWiki sends them, with status 200 (API:Errors and warnings).
"""

from collections.abc import Iterable
from typing import Any

BATCH = 10  # rows of a listing at a time, so that a crawl has to continue it

Row = dict[str, Any]


def query_api(siteinfo: Row, index: Row, parameters: dict[str, str]) -> dict[str, Any]:
    """The result of action=query: meta=siteinfo, generator=allpages, prop=info and revisions (API:Query)."""
    if parameters.get("action") != "query" or parameters.get("formatversion") != "2":
        return api_error("badvalue", "Only action=query with formatversion=2 is served here.")
    try:
        found = site_part(siteinfo, parameters), *page_part(index, parameters)
    except ValueError as error:
        return api_error("badinteger", str(error))
    site, pages, following = found
    query = site | pages
    return {"batchcomplete": True} | following | ({"query": query} if query else {})


def api_error(code: str, info: str) -> dict[str, Any]:
    """An error in MediaWiki's form."""
    return {"error": {"code": code, "info": info}}


def site_part(siteinfo: Row, parameters: dict[str, str]) -> dict[str, Any]:
    """The parts of siteinfo that `siprop` names (API:Siteinfo)."""
    if parameters.get("meta") != "siteinfo":
        return {}
    wanted = parameters.get("siprop", "general").split("|")
    return {name: siteinfo[name] for name in wanted if name in siteinfo}


def page_part(index: Row, parameters: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The pages of a listing or of `titles`, and what a request for the rest must say (API:Continue)."""
    if parameters.get("generator") == "allpages":
        rows, following = batch(listing(index["pages"], parameters), parameters)
        wanted = parameters.get("prop", "").split("|")
        pages = [page_info(row, index["server"]) | revision_part(row, wanted) for row in rows]
        rest = {"gapcontinue": following, "continue": "gapcontinue||"}
        return {"pages": pages}, {} if following is None else {"continue": rest}
    if "titles" in parameters:
        return {"pages": titles_info(index, parameters["titles"].split("|"))}, {}
    return {}, {}


def listing(pages: Iterable[Row], parameters: dict[str, str]) -> list[Row]:
    """The rows that allpages names, in the order of their database keys (API:Allpages)."""
    namespace = int(parameters.get("gapnamespace", "0"))
    filtered = {"redirects": True, "nonredirects": False}.get(parameters.get("gapfilterredir", "all"))
    chosen = (row for row in pages if row["namespace"] == namespace and filtered in (None, row["redirect"]))
    return sorted(chosen, key=database_key)


def batch(rows: list[Row], parameters: dict[str, str]) -> tuple[list[Row], str | None]:
    """At most `gaplimit` rows from `gapcontinue` on, and the key at which the next batch begins."""
    begin = parameters.get("gapcontinue", parameters.get("gapfrom", "")).replace(" ", "_")
    left = [row for row in rows if database_key(row) >= begin]
    limit = parameters.get("gaplimit", "10")
    size = BATCH if limit == "max" else max(1, min(BATCH, int(limit)))
    return left[:size], database_key(left[size]) if len(left) > size else None


def database_key(row: Row) -> str:
    """The title without its namespace, underscores for spaces; sorts as its UTF-8 bytes do."""
    title: str = row["title"]
    return (title.partition(":")[2] if row["namespace"] else title).replace(" ", "_")


def page_info(row: Row, server: str) -> dict[str, Any]:
    """What prop=info with inprop=url says of a page (API:Info)."""
    address = server + row["path"]
    return {
        "pageid": row["page_id"],
        "ns": row["namespace"],
        "title": row["title"],
        "contentmodel": "wikitext",
        "pagelanguage": row["language"],
        "pagelanguagehtmlcode": row["language"],
        "pagelanguagedir": "rtl" if row["language"] == "ar" else "ltr",
        "touched": row["touched"],
        "lastrevid": row["revision_id"],
        "length": row["length"],
        **({"redirect": True} if row["redirect"] else {}),
        "fullurl": address,
        "editurl": f"{server}/index.php?title={row['path'].removeprefix('/wiki/')}&action=edit",
        "canonicalurl": address,
    }


def revision_part(row: Row, wanted: list[str]) -> dict[str, Any]:
    """What prop=revisions with rvprop=ids|timestamp says of a page: its last revision (API:Revisions)."""
    made = {"revid": row["revision_id"], "parentid": 0, "timestamp": row["touched"]}
    return {"revisions": [made]} if "revisions" in wanted else {}


def titles_info(index: Row, titles: list[str]) -> list[dict[str, Any]]:
    """prop=info of named pages; a deleted or unknown one is "missing"."""
    known = {row["title"]: row for row in index["pages"] if row["answer"] != "gone"}
    absent = {"ns": 0, "missing": True}
    plain = [title.replace("_", " ") for title in titles]
    return [
        page_info(known[title], index["server"]) if title in known else absent | {"title": title}
        for title in plain
    ]
