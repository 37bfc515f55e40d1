"""Parts: the runs of a trace, and where what took them is said."""

import pytest

from sectionary.cleaners.trace import Span, Trace
from sectionary.output.preview.parts import parts, site_file


def test_neighbours_of_one_owner_are_one_part_in_the_order_of_the_page() -> None:
    trace = Trace(
        text="Tide [ edit ] It rises.",
        spans=(
            Span(start=14, end=23, owner="block:1.0"),
            Span(start=0, end=4, owner="heading:1"),
            Span(start=5, end=6, owner="removal:section.edit-link", selector=".edit"),
            Span(start=7, end=11, owner="removal:section.edit-link", selector=".edit"),
            Span(start=12, end=13, owner="removal:section.edit-link", selector=".edit"),
        ),
    )
    assert [(part.kind, part.name, trace.text[part.start : part.end], part.chars) for part in parts(trace)] == [
        ("field", "heading:1", "Tide", 4),
        ("removal", "section.edit-link", "[ edit ]", 6),
        ("block", "1.0", "It rises.", 8),
    ]


def test_text_between_keeps_two_removals_apart() -> None:
    spans = tuple(Span(start=at, end=at + 1, owner="removal:a.b", selector=".x") for at in (0, 2))
    assert len(parts(Trace(text="a b", spans=spans))) == 1
    assert len(parts(Trace(text="axb", spans=spans))) == 2


@pytest.mark.parametrize(
    ("site", "said", "file"),
    [
        ("wikimd", ".mw-editsection", "mediawiki.yaml"),
        ("wikimd", ".wikimd-page-footer", "wikimd.yaml"),
        ("wikimd", "text.ad", "wikimd.yaml"),
        ("mediawiki", ".geo-multi-punct", "mediawiki.yaml"),
        ("mediawiki", ".wikimd-page-footer", None),
        ("wikimd", "text.edit-marker", None),
    ],
)
def test_a_removal_is_said_by_the_file_that_others_take_it_from(site: str, said: str, file: str | None) -> None:
    assert site_file(site, said) == file
