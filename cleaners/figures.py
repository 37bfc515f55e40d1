"""Pictures with captions, and galleries of them."""

from selectolax.lexbor import LexborNode

from sectionary.cleaners.added import ITEM_SEPARATOR
from sectionary.cleaners.drafts import Draft
from sectionary.cleaners.line import Run, join
from sectionary.cleaners.section import Image
from sectionary.cleaners.selector import Attributes
from sectionary.cleaners.visible import UNSEEN
from sectionary.cleaners.walk import Walk

_PICTURES = frozenset({"img", "video", "audio"})
_HEADINGS = frozenset({"h2", "h3", "h4"})
_CAPTIONS = frozenset({"thumbcaption", "gallerytext"})
# in one look; Lexbor tells what fits two of them twice
_HELD = "figcaption:not(.thumbcaption), .thumbcaption, .gallerytext, table, img, video, audio, h2, h3, h4"


def figure(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """A picture with its caption; what stands in it beside both is kept as the caption's text.

    One that holds several with a caption each, or a table and no picture, is only their frame.
    """
    held = [(inner.tag or "", inner.attributes) for inner in node.css(_HELD)]
    tags = {tag for tag, _ in held}
    unclosed = not walk.nested and not _HEADINGS.isdisjoint(tags)
    if unclosed or sum(map(_is_caption, held)) > 1 or ("table" in tags and _PICTURES.isdisjoint(tags)):
        walk.end_paragraph()             # unclosed, it has the rest of the article in it
        walk.flow(node)
        walk.end_paragraph()
        return
    pictures, run = _read(walk, node)
    if not pictures:
        if run.text:
            walk.block(Draft("paragraph", run))
        return
    first, *others = pictures
    walk.block(Draft("figure", run, {"figure": _captioned(first, run.text)}))
    walk.image(_captioned(first, run.text))
    for other in others:
        walk.image(other)


def _is_caption(held: tuple[str, Attributes]) -> bool:
    tag, attributes = held
    return tag == "figcaption" or not _CAPTIONS.isdisjoint((attributes.get("class") or "").split())


def _read(walk: Walk, node: LexborNode) -> tuple[list[Image], Run]:
    """The pictures of a figure and its text."""
    images = walk.sections[-1].images
    known = len(images)
    run = walk.run(node)
    pictures = images[known:]
    del images[known:]
    return pictures, run


def _captioned(picture: Image, caption: str) -> Image:
    return Image(
        file=picture.file,
        src=picture.src,
        alt=picture.alt,
        caption=caption or None,
        width=picture.width,
        height=picture.height,
    )


def gallery(walk: Walk, node: LexborNode, _attributes: Attributes) -> None:
    """A gallery: its captions are its text, its pictures the section's. Until 2010 it was a table of boxes."""
    held = node.css("caption, td") if node.tag == "table" else node.iter()
    boxes = [box for box in held if box.tag not in UNSEEN and not _removed(walk, box)]
    runs = [run for box in boxes if (run := _box(walk, box)).text]
    if boxes:
        walk.block(Draft("gallery", join(runs, ITEM_SEPARATOR)))


def _removed(walk: Walk, box: LexborNode) -> bool:
    """Take away what is no picture's box but a button of the gallery."""
    action = walk.rules.action(box.tag or "", box.attributes, box)
    if action is None or action.kind != "remove":
        return False
    walk.obey(action, box, box.attributes)
    return True


def _box(walk: Walk, box: LexborNode) -> Run:
    pictures, run = _read(walk, box)
    for picture in pictures:
        walk.image(_captioned(picture, run.text))
    return run
