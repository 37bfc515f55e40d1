"""Pictures, videos and galleries, as wikis of many generations show them."""

from collections.abc import Callable

import pytest

from sectionary.cleaners.address import file_name
from sectionary.cleaners.article import Article

Framed = Callable[..., Article]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://up.example/commons/a/ab/Tide_gauge.jpg", "Tide gauge.jpg"),
        ("https://up.example/commons/thumb/a/ab/Tide.svg/220px-Tide.svg.png", "Tide.svg"),
        ("https://up.example/commons/thumb/a/ab/A_very_long_name.jpg/220px-thumbnail.jpg", "A very long name.jpg"),
        ("https://static.example/wiki/images/a/ab/Ebb.png/revision/latest/scale-to-width-down/300?cb=1", "Ebb.png"),
        ("https://static.example/wiki/images/a/ab/Ebb.png/revision/latest?cb=1", "Ebb.png"),
        ("/wiki/Datei:Ebbe_und_Flut.jpg", "Ebbe und Flut.jpg"),
        ("/thumb/plain.jpg", "plain.jpg"),
    ],
)
def test_an_address_tells_the_file(url: str, name: str) -> None:
    assert file_name(url) == name


def test_a_picture_is_called_what_its_page_is_called_and_not_what_it_links_to(article: Framed) -> None:
    page = article(
        '<p>Ebb. <a href="/wiki/File:Tide.svg"><img src="/t/220px-x.png" alt=""></a>'
        '<a href="/wiki/Portal:Sea"><img src="/a/Wave.png" alt=""></a>'
        '<a href="mailto:a@tide.me"><img src="/a/Mail.png" alt=""></a></p>'
    )
    assert [image.file for image in page.sections[0].images] == ["Tide.svg", "Wave.png", "Mail.png"]


def test_a_lazy_picture_is_listed_once_with_its_data(article: Framed) -> None:
    page = article(
        '<p>Ebb. <a href="/wiki/File:Ebb.jpg"><noscript><img alt="Low" src="//up.example/220px-Ebb.jpg" width="220" '
        'height="236"></noscript><span class="lazy-image-placeholder" data-src="//up.example/220px-Ebb.jpg" '
        'data-alt="Low" data-width="220" data-height="236">&nbsp;</span></a></p>'
    )
    (image,) = page.sections[0].images
    assert (image.file, image.src, image.alt, image.width, image.height) == (
        "Ebb.jpg", "https://up.example/220px-Ebb.jpg", "Low", 220, 236
    )  # fmt: skip


def test_icons_of_banners_hatnotes_and_magnifiers_are_no_pictures_of_the_section(article: Framed) -> None:
    page = article(
        '<div class="hatnote"><img src="/a/Arrow.png" alt=""> See also: <a href="/wiki/Ebb">Ebb</a></div>'
        '<table class="ambox"><tr><td><img src="/a/Broom.png" alt=""></td><td>Help.</td></tr></table>'
        '<div class="thumb"><div class="thumbinner"><a href="/wiki/File:Ebb.jpg"><img src="/a/Ebb.jpg" alt=""></a>'
        '<div class="thumbcaption"><div class="magnify"><a href="/wiki/File:Ebb.jpg">'
        '<img src="/m/magnify-clip.png" alt=""></a></div>Low water</div></div></div><p>Ebb.</p>'
    )
    assert [(image.file, image.caption) for image in page.sections[0].images] == [("Ebb.jpg", "Low water")]


def test_several_pictures_in_one_frame_have_each_its_caption(article: Framed) -> None:
    single = (
        '<div class="tsingle"><div class="thumbimage"><a href="/wiki/File:{0}.jpg">'
        '<img src="/a/{0}.jpg" alt=""></a></div>'
        '<div class="thumbcaption">{0} water</div></div>'
    )
    page = article(
        '<div class="thumb tmulti tright"><div class="thumbinner multiimageinner"><div class="trow">'
        f'<div class="theader">Tides</div></div><div class="trow">{single.format("High")}{single.format("Low")}'
        "</div></div></div><p>Ebb.</p>"
    )
    section = page.sections[0]
    assert [(block.type, block.text) for block in section.blocks] == [
        ("paragraph", "Tides"), ("figure", "High water"), ("figure", "Low water"), ("paragraph", "Ebb."),
    ]  # fmt: skip
    assert [(image.file, image.caption) for image in section.images] == [
        ("High.jpg", "High water"), ("Low.jpg", "Low water"),
    ]  # fmt: skip


def test_a_video_is_a_picture_by_its_file(article: Framed) -> None:
    page = article(
        '<figure typeof="mw:File/Thumb"><span><video poster="/p.jpg" resource="/wiki/File:Bore.webm" width="220" '
        'height="124"><source src="//up.example/a/ab/Bore.webm" type="video/webm"></video></span>'
        "<figcaption>A bore</figcaption></figure><p>Ebb.</p>"
    )
    (image,) = page.sections[0].images
    assert (image.file, image.src, image.caption) == ("Bore.webm", "https://up.example/a/ab/Bore.webm", "A bore")


def test_a_caption_that_parsoid_keeps_though_nobody_sees_it_is_no_text(article: Framed) -> None:
    figure = (
        '<figure typeof="mw:File{}"><a href="/wiki/File:Ebb.jpg"><img src="/a/Ebb.jpg" alt=""></a>'
        "<figcaption>Low</figcaption></figure>"
    )
    assert [block.text for block in article(figure.format("/Thumb")).sections[0].blocks] == ["Low"]
    for form in ("/Frameless", ""):      # a picture in the line, as the old parser writes it
        lead = article(figure.format(form)).sections[0]
        assert (lead.blocks, [image.file for image in lead.images]) == ((), ["Ebb.jpg"])


def test_a_gallery_has_its_captions_as_text_and_its_pictures(article: Framed) -> None:
    box = (
        '<li class="gallerybox"><div class="thumb"><a href="/wiki/File:{0}.jpg"><img src="/a/{0}.jpg" alt=""></a></div>'
        '<div class="gallerytext">{0} water</div></li>'
    )
    page = article(f'<ul class="gallery mw-gallery-traditional">{box.format("High")}{box.format("Low")}</ul>')
    (block,) = page.sections[0].blocks
    assert (block.type, block.text) == ("gallery", "High water\nLow water")
    assert [(image.file, image.caption) for image in page.sections[0].images] == [
        ("High.jpg", "High water"), ("Low.jpg", "Low water"),
    ]  # fmt: skip


def test_a_caption_that_bears_the_class_of_older_ones_is_one_caption(article: Framed) -> None:
    page = article(
        '<figure class="thumb tleft"><a href="https://static.example/wiki/images/a/ab/Ebb.png/revision/latest?cb=1" '
        'class="image"><img alt="" src="data:image/gif;base64,R0lG" data-image-key="Ebb.png" '
        'data-src="https://static.example/wiki/images/a/ab/Ebb.png/revision/latest/scale-to-width-down/200"></a>'
        '<figcaption class="thumbcaption"><a href="/wiki/File:Ebb.png" class="info-icon"><svg></svg></a>'
        '<p class="caption">Low water</p></figcaption></figure><p>Ebb.</p>'
    )
    (figure, paragraph) = page.sections[0].blocks
    assert (figure.type, figure.text, paragraph.text) == ("figure", "Low water", "Ebb.")
    assert [(image.file, image.caption) for image in page.sections[0].images] == [("Ebb.png", "Low water")]
