"""Ids can be computed again by anyone, and tell apart what differs."""

import json
from hashlib import blake2b

from hypothesis import given
from hypothesis import strategies as st

from sectionary.output.ids import doc_id, section_id

TEXTS = st.lists(st.text(), max_size=4)


def test_a_page_keeps_its_id_when_it_is_renamed() -> None:
    assert doc_id("w.example", 5, "https://w.example/A") == doc_id("w.example", 5, "https://w.example/B")


def test_the_same_number_on_two_wikis_is_two_pages() -> None:
    assert doc_id("a.example", 5, "https://x/") != doc_id("b.example", 5, "https://x/")


def test_without_a_number_the_address_is_the_page() -> None:
    assert doc_id("w.example", None, "https://w.example/A") != doc_id("w.example", None, "https://w.example/B")


def test_an_id_is_the_hash_of_compact_json() -> None:
    said = json.dumps(["doc", ["Über", 'a"b'], 1], ensure_ascii=False, separators=(",", ":"))
    assert section_id("doc", ["Über", 'a"b'], 1) == blake2b(said.encode(), digest_size=16).hexdigest()


@given(TEXTS, TEXTS)
def test_headings_are_never_run_together(one: list[str], other: list[str]) -> None:
    assert (section_id("doc", one, 0) == section_id("doc", other, 0)) == (one == other)
