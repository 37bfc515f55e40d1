"""A ledger that was lost, made anew from the archive."""

import gzip
import zlib
from pathlib import Path
from typing import Any

import pytest

from sectionary.scraper.archive import Archive, read_page
from sectionary.scraper.ledger import Cleaned, Ledger
from sectionary.scraper.rebuild import rebuild
from sectionary.scraper.rows import Document

HTML = {"Content-Type": "text/html"}


def lose(street: Any) -> int:
    """Delete the ledger and have it rebuilt; gives how many pages it knows."""
    street.ledger.close()
    for file in street.raw.parent.glob("ledger.sqlite*"):
        file.unlink()
    street.ledger = Ledger(street.raw.parent / "ledger.sqlite")
    return rebuild(street.ledger, street.name, street.raw)


def bodies(street: Any) -> dict[str, bytes]:
    return {page.key: read_page(street.raw, page.ref).body for page in street.ledger.uncleaned(street.name, "x")}


def test_a_lost_ledger_comes_back_without_fetching_a_page(street: Any) -> None:
    for title in ("A", "B"):
        street.wiki.page(title)
    street.wiki.pages["Été"] = 20
    street.wiki.answers["/wiki/%C3%89t%C3%A9"] = (200, HTML, b"<html><p>Text")
    street.wiki.page("Picture", (200, {"Content-Type": "image/png"}, b"\x89PNG\r\n"))
    street.fetch()
    before, told = bodies(street), list(street.ledger.pages(street.name))
    assert lose(street) == 4
    assert bodies(street) == before
    assert list(street.ledger.pages(street.name)) == told
    street.wiki.hits.clear()
    street.fetch()
    assert [path for path in street.wiki.hits if path.startswith("/wiki/") and path != "/wiki/"] == []
    assert street.counts() == {"done": 3, "rejected": 1}


def test_the_last_word_on_a_page_counts(street: Any) -> None:
    for title in ("A", "B", "C"):
        street.wiki.page(title)
    street.fetch()
    street.wiki.revisions["A"] = 900
    street.wiki.answers["/wiki/A"] = (200, HTML, b"<html><body><p>Newer")
    street.wiki.answers["/wiki/B"] = (404, {}, b"")
    street.wiki.revisions["B"] = 901
    street.fetch()
    del street.wiki.pages["C"]
    street.fetch()
    before = street.states()
    assert before["B"] == ("gone", "http: 404")
    assert before["C"] == ("gone", "not listed")
    lose(street)
    assert street.states() == before
    assert bodies(street) == {"page_id:1": b"<html><body><p>Newer"}
    assert next(iter(street.ledger.pages(street.name))).revision_id == 900


def test_a_page_that_went_while_nobody_knew_is_withdrawn(street: Any) -> None:
    street.wiki.page("A")
    street.wiki.page("B")
    street.fetch()
    lose(street)
    documents = [
        Document(wiki="mini.example", doc_id=f"{number:032x}", canonical_url=f"https://mini.example/wiki/{title}",
                 page_id=number)
        for number, title in ((1, "A"), (2, "B"), (3, "Not ours"))
    ]  # fmt: skip
    imported = Document(wiki="mini.example", doc_id="ff" * 16, canonical_url="file:saved.html")
    street.ledger.restore_documents(street.name, [*documents, imported])
    del street.wiki.pages["B"]
    street.fetch()
    (gone,) = street.ledger.withdrawn(street.name, "mini.example")
    assert (gone.doc_id, gone.state, gone.reason) == (f"{2:032x}", "gone", "not listed")


def test_documents_of_another_wiki_are_no_pages_here_though_their_numbers_are_the_same(street: Any) -> None:
    """A dataset holds many wikis, and each counts its pages from one: theirs would have gone with ours."""
    street.wiki.page("A")
    street.wiki.page("B")
    street.fetch()
    lose(street)
    theirs = [
        Document(wiki="other.example", doc_id=f"{number:032x}", canonical_url=f"https://other.example/wiki/{number}",
                 page_id=number)
        for number in (1, 2)
    ]  # fmt: skip
    own = Document(wiki="mini.example", doc_id="0b" * 16, canonical_url="https://mini.example/wiki/B", page_id=2)
    street.ledger.restore_documents(street.name, [own, *theirs])
    del street.wiki.pages["B"]
    street.fetch()
    assert street.counts() == {"done": 1, "gone": 1}
    assert street.ledger.wikis(street.name) == ["mini.example"]
    assert street.ledger.withdrawn(street.name, "other.example") == []
    assert [gone.doc_id for gone in street.ledger.withdrawn(street.name, "mini.example")] == ["0b" * 16]


def test_a_page_of_a_list_that_went_while_nobody_knew_is_withdrawn(street: Any) -> None:
    """Its page id stands in its HTML, and so in the dataset, where the ledger knows it by its address."""
    street.wiki.answers["/a"] = (200, HTML, b"<html><p>Text")
    url = f"{street.wiki.url}/a"
    street.fetch(source="urls", urls=[url])
    lose(street)
    host = street.wiki.url.removeprefix("http://")
    document = Document(wiki=host, doc_id="01" * 16, canonical_url=url, page_id=77)
    street.ledger.restore_documents(street.name, [document])
    street.wiki.answers["/a"] = (410, {}, b"")
    street.fetch(source="urls", urls=[url])
    (gone,) = street.ledger.withdrawn(street.name, host)
    assert (gone.doc_id, gone.state) == ("01" * 16, "gone")


def test_pages_of_a_list_are_known_again_by_their_address_and_validators(street: Any) -> None:
    street.wiki.answers["/a"] = (200, {**HTML, "ETag": '"1"'}, b"<html><p>Text")
    site = {"source": "urls", "urls": [f"{street.wiki.url}/a"]}
    street.fetch(**site)
    lose(street)
    street.wiki.answers["/a"] = (304, {}, b"")
    street.fetch(**site)
    assert street.counts() == {"done": 1}
    assert street.wiki.heard[-1]["If-None-Match"] == '"1"'


def test_what_a_crash_tore_is_passed_over_and_what_stands_before_is_kept(street: Any) -> None:
    for title in ("A", "B"):
        street.wiki.page(title)
    street.fetch()
    (file,) = street.raw.iterdir()
    file.write_bytes(file.read_bytes()[:-20])
    assert lose(street) == 1
    assert list(bodies(street)) == ["page_id:1"]


@pytest.mark.parametrize(("told", "damaged"), [
    (b"WARC-Payload-Digest: sha256", b"WARC-Payload-Digesu: sha256"), (b"sha256:", b"sha256:!"),
    (b"sha256:", b"sha1:"), (b"WARC-Type: response", b"WARC-Typf: response"), (b"/wiki/B", b"/wi i/B"),
])  # fmt: skip
def test_a_damaged_record_costs_no_page_but_its_own(street: Any, told: bytes, damaged: bytes) -> None:
    """Bytes go bad on disks; the run after a loss must not stop at one, this time or ever again."""
    for title in ("A", "B"):
        street.wiki.page(title)
    street.fetch()
    (file,) = street.raw.iterdir()
    data = file.read_bytes()
    begin = street.ledger.uncleaned(street.name, "x")[1].ref.offset
    members = b"".join(gzip.compress(part.replace(told, damaged)) for part in members_of(data[begin:]))
    file.write_bytes(data[:begin] + members)
    lose(street)
    assert "page_id:1" in bodies(street)
    street.fetch()
    assert street.counts() == {"done": 2}
    assert list(bodies(street)) == ["page_id:1", "page_id:2"]


def members_of(data: bytes) -> list[bytes]:
    """The members of a gzip file, unpacked."""
    found = []
    while data:
        member = zlib.decompressobj(wbits=31)
        found.append(member.decompress(data))
        data = member.unused_data
    return found


@pytest.mark.parametrize("rest", [b"\x1f\x8b\x08\x00half a member", b"\x00" * 100])
def test_torn_bytes_behind_the_last_page_do_not_cost_that_page(street: Any, rest: bytes) -> None:
    street.wiki.page("A")
    street.fetch()
    (file,) = street.raw.iterdir()
    file.write_bytes(file.read_bytes() + rest)
    assert lose(street) == 1
    assert list(bodies(street)) == ["page_id:1"]


def test_a_ledger_that_knows_its_site_is_left_alone(street: Any) -> None:
    street.wiki.page("A")
    street.fetch()
    assert rebuild(street.ledger, street.name, street.raw) == 0


def test_sites_whose_names_make_one_file_name_stay_apart(street: Any, tmp_path: Path) -> None:
    street.name = "Mini"
    street.wiki.page("A")
    street.fetch()
    with Ledger(tmp_path / "other.sqlite") as other:
        assert rebuild(other, "mini", street.raw) == 0
        assert rebuild(other, "Mini", street.raw) == 1


def test_a_rebuilt_page_that_is_the_same_is_kept_once(street: Any) -> None:
    """The revisit of a revisit leads to the first bytes."""
    street.wiki.page("A")
    for revision in (1, 2, 3):
        street.wiki.revisions["A"] = revision
        street.fetch()
        lose(street)
    files = sorted(street.raw.iterdir())
    assert len(files) == 3
    files[1].unlink()                    # the second is needed by nobody
    (body,) = bodies(street).values()
    assert b"Text" in body
    fetched = street.ledger.uncleaned(street.name, "x")
    street.ledger.cleaned(street.name, [Cleaned(page=fetched[0], wiki="w", doc_id="00" * 16)], "x")
    with Archive(street.raw, "Mini") as archive:
        archive.close()
