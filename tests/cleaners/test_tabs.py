"""Tabs: what a script shows in one place is read part by part, each under its label."""

from collections.abc import Callable

import pytest
from test_trace import check

from sectionary.cleaners.article import Article, clean
from sectionary.scraper.page import Page

Framed = Callable[..., Article]

FORMS = {
    "TabberNeue": (
        '<div class="tabber tabber--init"><header class="tabber__header"><button></button><nav class="tabber__tabs" '
        'role="tablist"><a class="tabber__tab" role="tab">Spring</a><a class="tabber__tab" role="tab">Neap</a></nav>'
        '</header><section><article class="tabber__panel" role="tabpanel"><p>High.</p></article>'
        '<article class="tabber__panel" role="tabpanel" hidden><p>Low.</p></article></section></div>'
    ),
    "Fandom": (
        '<div class="tabber wds-tabber"><div class="wds-tabs__wrapper"><ul class="wds-tabs"><li class="wds-tabs__tab">'
        '<div class="wds-tabs__tab-label"><a>Spring</a></div></li><li class="wds-tabs__tab"><div '
        'class="wds-tabs__tab-label"><a>Neap</a></div></li></ul></div><div class="wds-tab__content"><p>High.</p></div>'
        '<div class="wds-tab__content">Low.</div></div>'
    ),
    "Tabber": (
        '<div class="tabber"><ul class="tabbernav"><li class="tabberactive"><a>Spring</a></li><li><a>Neap</a></li>'
        '</ul><div class="tabbertab"><p>High.</p></div>'
        '<div class="tabbertab" style="display:none">Low.</div></div>'
    ),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_each_part_stands_under_its_label(article: Framed, form: str) -> None:
    blocks = article(f"<p>Tides.</p>{form}<p>Ebb.</p>").sections[0].blocks
    assert [block.text for block in blocks] == ["Tides.", "Spring", "High.", "Neap", "Low.", "Ebb."]


def test_tabs_in_a_part_are_its_own(article: Framed) -> None:
    inner = FORMS["Fandom"].replace("Spring", "Moon").replace("Neap", "Sun")
    blocks = article(FORMS["Fandom"].replace("<p>High.</p>", inner)).sections[0].blocks
    assert [block.text for block in blocks] == ["Spring", "Moon", "High.", "Sun", "Low.", "Neap", "Low."]


def test_labels_without_parts_stay_where_they_stand(article: Framed) -> None:
    form = FORMS["Tabber"].replace("<li><a>Neap</a></li>", "")
    assert [block.text for block in article(form).sections[0].blocks] == ["- Spring", "High.", "Low."]


def test_what_lies_beside_the_parts_of_tabs_is_kept(article: Framed) -> None:
    form = FORMS["Fandom"].replace('<div class="wds-tab__content">Low', 'A word.<div class="wds-tab__content">Low')
    texts = [block.text for block in article(form).sections[0].blocks]
    assert texts == ["Spring", "High.", "A word.", "Neap", "Low."]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_tabs_lose_nothing(form: str) -> None:
    check(f'<body class="mediawiki"><div class="mw-parser-output"><p>x</p>{form}</div></body>'.encode())


def test_a_part_that_waits_for_a_click_is_read_on_any_site() -> None:
    words = "The mill stood by the weir and ground until the last flood came over it. " * 3
    html = (
        f'<body><main><h1>Mill</h1><p>{words}</p><div role="tablist"><button role="tab">Wheel</button>'
        f'<button role="tab">Stones</button></div><div role="tabpanel"><p>Of oak. {words}</p></div>'
        f'<div role="tabpanel" hidden><p>Of lava. {words}</p></div></main></body>'
    )
    assert "Of lava." in clean(Page(url="https://mills.example/", body=html.encode())).sections[-1].text
