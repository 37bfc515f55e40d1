"""Visible text: what a reader sees of a subtree, and how much of it is not white space."""

from selectolax.lexbor import LexborNode

UNSEEN = frozenset({"script", "style", "template", "head", "-comment", "-doctype", "link", "meta"})
_HIDDEN = frozenset({"script", "style"})
_GLANCE = 10                             # nodes that are looked at sooner than a selector has been compiled


def visible_text(node: LexborNode) -> str:
    """The text of a subtree without scripts and styles (Lexbor leaves templates and comments out itself)."""
    text = node.text()
    if text and not _is_plain(node):
        for hidden in node.css("script, style"):
            text = text.replace(hidden.text(), "", 1)
    return text


def _is_plain(node: LexborNode) -> bool:
    """Whether a glance shows that there is no script or style: the subtree is small and has none."""
    only = node.child
    if only is None or (only.tag == "-text" and only.next is None):
        return True
    waiting: list[LexborNode | None] = [only]
    for _ in range(_GLANCE):
        inner = waiting.pop()
        if inner is not None:
            tag = inner.tag
            if tag in _HIDDEN:
                return False
            waiting.append(inner.next)
            if tag != "-text":
                waiting.append(inner.child)
        if not waiting:
            return True
    return False


def ink(text: str) -> int:
    """How many characters of `text` are not white space."""
    return len("".join(text.split()))
