"""Mojibake: UTF-8 that was once read as Latin-1 or windows-1252 and written as UTF-8 again, by tools that save sites.

Each character beyond ASCII is two to four then, of U+0080 to U+00F4. Half of these are control characters (C1, U+0080
to U+009F) that no page has: HTML lets nobody write them, a reference to one means windows-1252 (HTML Standard, section
13.2.5.80). So they prove it, and a page without them is left alone. Savers leave some characters as they were;
therefore each sequence is mended by itself.

Read as windows-1252, the controls are letters and signs (\u20ac, \u0178, \u201e). Then it proves it that nearly every
character beyond ASCII is part of a sequence, which no page in any language comes near to.
"""

import re

_SEQUENCE = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROL = re.compile("[\x80-\x9f]")
_HINT = "\x80"                           # the middle of every dash and quotation mark that was read so
_EVIDENCE = 3                            # control characters that are no accident
_WORD_ENDS = frozenset("\xc8\xc9\xcb\xd9\xdc\xdf\xe0\xe1\xe2\xe7\xe8\xe9\xea\xeb\xed\xee")   # letters that end words,
_QUOTING = frozenset("\xa0\xab\xbb")     # and what stands behind words in quotation marks
_EAST_ASIAN = frozenset("\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed")     # kana, ideographs and Hangul
_STRAY = 20                              # one in so many may be one all the same

_SIGNS = {ord(sign): byte for byte in range(0x80, 0xa0) if (sign := bytes([byte]).decode("cp1252", "ignore"))}
_REST = "[\x80-\xbf" + "".join(map(chr, _SIGNS)) + "]"
_WINDOWS = re.compile(f"[\xc2-\xdf]{_REST}|[\xe0-\xef]{_REST}{{2}}|[\xf0-\xf4]{_REST}{{3}}")
_BEYOND = re.compile(r"[^\x00-\x7f]+")
_NEARLY = 0.95                           # of the characters beyond ASCII
_ASCII = bytes(range(128))
_GLANCE = 2**15                          # characters of a text that tell of most
_FIRST = 300                             # characters beyond ASCII that are looked at

TWICE = "text was encoded twice, and has been mended"


def mended(text: str) -> str:
    """The text with what was encoded twice decoded once more; most often the text itself.

    The end of a quotation may look like a sequence and be right: \u00e9, a space that keeps it on the line, \u00bb. It
    stays, unless others here that begin like it hold a control character.
    """
    if _HINT not in text:
        return _from_windows(text)
    controls = len(_CONTROL.findall(text))
    if controls < _EVIDENCE:
        return text
    stray = len(_CONTROL.findall(_SEQUENCE.sub("", text)))
    if stray * _STRAY > controls:
        return text
    doubted = _WORD_ENDS - {found[0] for found in _SEQUENCE.findall(text) if _CONTROL.search(found)}
    if len(doubted & _EAST_ASIAN) < len(_WORD_ENDS & _EAST_ASIAN):
        doubted -= _EAST_ASIAN

    def decoded(found: re.Match[str]) -> str:
        is_quoting = found[0][0] in doubted and _QUOTING.issuperset(found[0][1:])
        return found[0] if is_quoting else _decoded(found[0])

    return _SEQUENCE.sub(decoded, text)


def _from_windows(text: str) -> str:
    """The text with what was read as windows-1252 decoded once more."""
    if text.isascii() or _is_plain(text[:_GLANCE]) or not _is_suspect(text):
        return text
    found = [each for each in _WINDOWS.findall(text) if _decoded(each.translate(_SIGNS)) != each.translate(_SIGNS)]
    beyond = sum(map(len, _BEYOND.findall(text))) if len(found) >= _EVIDENCE else 0
    if not beyond or sum(map(len, found)) < _NEARLY * beyond:
        return text
    return _WINDOWS.sub(lambda each: _decoded(each[0].translate(_SIGNS)), text)


def _is_plain(text: str) -> bool:
    """Whether there are characters beyond ASCII, and most of the first ones are in no sequence."""
    first = _first_beyond(text)
    return len(first) >= _EVIDENCE and not _are_sequences(first)


def _is_suspect(text: str) -> bool:
    first = _first_beyond(text)
    return len(first) >= 2 * _EVIDENCE and _are_sequences(first)


def _are_sequences(beyond: str) -> bool:
    return sum(map(len, _WINDOWS.findall(beyond))) * 2 >= len(beyond)


def _first_beyond(text: str) -> str:
    """The first characters beyond ASCII. Taking the others out of the bytes costs a tenth of a look for these."""
    return text.encode(errors="ignore").translate(None, _ASCII)[: 4 * _FIRST].decode(errors="ignore")[:_FIRST]


def _decoded(sequence: str) -> str:
    try:
        return sequence.encode("latin-1").decode()
    except UnicodeDecodeError:
        return sequence
