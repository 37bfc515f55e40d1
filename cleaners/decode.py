"""Decode: bytes of a page to text, by the WHATWG's rules where they help and by evidence where pages lie.

Lexbor takes UTF-8 and guesses nothing, so the encoding is found here: a byte order mark, else the
`charset` of the HTTP header, else the page's own declaration, else UTF-8, else windows-1252. Labels mean
what browsers make of them (WHATWG Encoding, "Names and labels"): iso-8859-1 is windows-1252, gb2312 is
gb18030, shift_jis is windows-31j. A label nobody knows, utf-7 among them, counts as no declaration.
"""

import codecs
import re
from functools import cache
from typing import NamedTuple

from sectionary.cleaners.mojibake import mended
from sectionary.scraper.errors import CleanError

# WHATWG name: Python's codec, then the labels that Python would read otherwise or not at all.
_ENCODINGS: dict[str, tuple[str, str]] = {
    "utf-8": ("utf-8", "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 x-unicode20utf8"),
    "utf-16le": ("utf-16-le", "utf-16 unicode ucs-2 iso-10646-ucs-2 csunicode unicodefeff"),
    "utf-16be": ("utf-16-be", "unicodefffe"),
    "windows-1252": ("cp1252", "ascii us-ascii ansi_x3.4-1968 iso-8859-1 iso88591 latin1 l1 ibm819 x-cp1252"),
    "windows-1250": ("cp1250", "x-cp1250"),
    "windows-1251": ("cp1251", "x-cp1251"),
    "windows-1253": ("cp1253", "x-cp1253"),
    "windows-1254": ("cp1254", "iso-8859-9 latin5 l5 x-cp1254"),
    "windows-1255": ("cp1255", "x-cp1255"),
    "windows-1256": ("cp1256", "x-cp1256"),
    "windows-1257": ("cp1257", "x-cp1257"),
    "windows-1258": ("cp1258", "x-cp1258"),
    "windows-874": ("cp874", "dos-874 iso-8859-11 tis-620"),
    "iso-8859-2": ("iso8859-2", ""),
    "iso-8859-3": ("iso8859-3", ""),
    "iso-8859-4": ("iso8859-4", ""),
    "iso-8859-5": ("iso8859-5", ""),
    "iso-8859-6": ("iso8859-6", "iso-8859-6-e iso-8859-6-i asmo-708 ecma-114"),
    "iso-8859-7": ("iso8859-7", "elot_928 ecma-118 sun_eu_greek"),
    "iso-8859-8": ("iso8859-8", "iso-8859-8-e iso-8859-8-i logical visual"),
    "iso-8859-10": ("iso8859-10", ""),
    "iso-8859-13": ("iso8859-13", ""),
    "iso-8859-14": ("iso8859-14", ""),
    "iso-8859-15": ("iso8859-15", ""),
    "iso-8859-16": ("iso8859-16", ""),
    "koi8-r": ("koi8-r", "koi koi8"),
    "koi8-u": ("koi8-u", "koi8-ru"),
    "ibm866": ("cp866", ""),
    "macintosh": ("mac-roman", "mac x-mac-roman"),
    "x-mac-cyrillic": ("mac-cyrillic", "x-mac-ukrainian"),
    "gb18030": ("gb18030", "gbk gb2312 gb_2312 gb_2312-80 chinese x-gbk iso-ir-58"),
    "big5": ("big5hkscs", "big5-hkscs cn-big5 x-x-big5"),
    "euc-jp": ("euc-jp", "x-euc-jp"),
    "iso-2022-jp": ("iso2022-jp", ""),
    "shift_jis": ("cp932", "ms_kanji sjis shift-jis windows-31j x-sjis ms932"),
    "euc-kr": ("cp949", "korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949"),
}
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be"))
_UNMARKED_UTF16 = ((b"<\0", "utf-16le"), (b"\0<", "utf-16be"))
_MAGIC = {
    b"%PDF-": "pdf",
    b"\x89PNG": "png",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"\xff\xd8\xff": "jpeg",
    b"PK\x03\x04": "zip",
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\xfd7zXZ": "xz",
    b"\x7fELF": "elf",
    b"OggS": "ogg",
    b"wOF2": "font",
}
_MAGICS = tuple(_MAGIC)
_PRESCAN = 1024       # bytes in which a page must declare its encoding (HTML, "prescan a byte stream")
_LEGACY_EVIDENCE = 8  # valid UTF-8 sequences that two-byte text in another encoding hardly ever has by chance

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_XML = re.compile(rb"<\?xml\s[^<>]*?encoding\s*=\s*[\"']([^\"'>]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[\s/][^<>]*?charset\s*=\s*[\"']?\s*([^\s\"'/>;]+)", re.IGNORECASE)

_FIRST_TAG = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|!--|(?:html|head|body|title|meta|link|style|script|main|article|"
    r"section|header|nav|div|span|p|h[1-6]|table|tr|td|ul|ol|li|dl|figure|img|blockquote|pre|a|b|i|br|center|"
    r"font|iframe)[\s/>])",
    re.IGNORECASE,
)
_END_TAG = re.compile(
    r"</(?:html|body|div|section|p|table|tr|td|ul|ol|li|dl|h[1-6]|span|a)\s*>", re.IGNORECASE
)


class Source(NamedTuple):
    """A page's text, the same in UTF-8, and whether it had been encoded twice and was mended."""

    text: str
    utf8: bytes
    twice: bool


def read_source(body: bytes, content_type: str | None, url: str) -> Source:
    """The source of a page: decoded, and where it had been encoded twice, mended (`cleaners.mojibake`).

    Raises CleanError as `decode` does.
    """
    text, name = decode(body, content_type, url)
    right = mended(text)
    if right is not text and right != text:
        return Source(right, right.encode("utf-8", "replace"), twice=True)
    whole = name == "utf-8" and "\ufffd" not in text and not body.startswith(codecs.BOM_UTF8)
    return Source(text, body if whole else text.encode("utf-8", "replace"), twice=False)


def decode(body: bytes, content_type: str | None, url: str) -> tuple[str, str]:
    """The text of `body` and the WHATWG name of the encoding that was used.

    `content_type` is the HTTP header as sent. The first declared encoding that decodes without an error is
    taken. Two kinds of evidence overrule declarations: bytes that are UTF-8 although a legacy encoding is
    declared (`_is_utf8_after_all`), and UTF-8 with a few broken bytes, which stays UTF-8. What still cannot
    be decoded, and every NUL, becomes U+FFFD. Raises CleanError: "empty", or "binary: " and what it is.
    """
    if body.startswith(_MAGICS):
        raise CleanError(url, f"binary: {_magic(body)}")
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _text(body[len(bom):], name, url), name
    header = _label(content_type)
    if header == "utf-8":
        try:
            return _checked(body.decode(), body, url), header
        except UnicodeDecodeError:
            pass
    name = _choose(body, header)
    return _text(body, name, url), name


def looks_like_html(text: str) -> bool:
    """Whether `text` is HTML rather than plain text: it begins with a tag, or ends many elements early on."""
    start = text[:4096].removeprefix("\ufeff")
    return bool(_FIRST_TAG.match(start)) or len(_END_TAG.findall(start)) > 2


def _choose(body: bytes, header: str | None) -> str:
    """The encoding of a body without a byte order mark."""
    for start, name in _UNMARKED_UTF16:
        if body.startswith(start):
            return name
    declared = [name for name in (header, _declared_inside(body)) if name]
    if _is_utf8_after_all(body, declared):
        return "utf-8"
    fitting = (name for name in declared if name != "utf-8" and _decodes(body, name))
    return next(fitting, declared[0] if declared else "windows-1252")


def _declared_inside(body: bytes) -> str | None:
    """What the page itself declares: an XML declaration or the first meta element with a known charset.

    A page that could be read so far is not UTF-16, so that label means UTF-8 here (WHATWG HTML, "prescan").
    """
    start = _COMMENT.sub(b"", body[:_PRESCAN])
    found = [*_XML.findall(start)[:1], *_META.findall(start)]
    names = (_encoding(label.decode("ascii", "replace")) for label in found)
    name = next(filter(None, names), None)
    return "utf-8" if name in {"utf-16le", "utf-16be"} else name


def _is_utf8_after_all(body: bytes, declared: list[str]) -> bool:
    """Whether the bytes are UTF-8, whatever `declared` says.

    Latin text in windows-1252 is hardly ever valid UTF-8 by chance, so one sequence proves it; two-byte
    Asian text can be, so it takes several. Damaged UTF-8 (a page cut in a character, one pasted byte) counts
    where no other declaration stands against it and the good sequences outnumber the bad ones. ASCII is
    UTF-8 unless something else is declared.
    """
    text = body.decode("utf-8", "replace")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    bad = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    good = beyond_ascii - bad
    rival = next((name for name in declared if name != "utf-8"), None)
    if rival is None:
        return good > bad or beyond_ascii == 0
    if bad:
        return "utf-8" in declared and good > bad
    if rival.startswith("utf-16"):
        return b"\0" not in body
    return good >= (1 if rival == "windows-1252" else _LEGACY_EVIDENCE)


def _decodes(body: bytes, name: str) -> bool:
    try:
        body.decode(_ENCODINGS[name][0])
    except UnicodeDecodeError:
        return False
    return True


def _text(body: bytes, name: str, url: str) -> str:
    return _checked(body.decode(_ENCODINGS[name][0], "replace"), body, url)


def _checked(text: str, body: bytes, url: str) -> str:
    """`text`, decoded of `body`, with what no page holds replaced or refused."""
    if not text or text.isspace():
        raise CleanError(url, "empty")
    if b"\0" not in body:                # a NUL has one in every encoding, and among bytes it is found at once
        return text
    if _is_binary(text):
        raise CleanError(url, "binary: NUL bytes")
    return text.replace("\0", "\ufffd")


def _is_binary(text: str) -> bool:
    """Whether NULs are more than an accident: one near the start of what is no HTML, or one in a hundred."""
    return text.count("\0") * 100 > len(text) or ("\0" in text[:_PRESCAN] and not looks_like_html(text))


def _magic(body: bytes) -> str:
    return next(kind for magic, kind in _MAGIC.items() if body.startswith(magic))


def _label(content_type: str | None) -> str | None:
    found = _CHARSET.search(content_type or "")
    return _encoding(found[1]) if found else None


@cache
def _labels() -> dict[str, str]:
    """The WHATWG name for every label of the table, under Python's spelling of the label."""
    return {
        _spelled(label): name
        for name, (codec, labels) in _ENCODINGS.items()
        for label in (name, codec, *labels.split())
    }


def _encoding(label: str) -> str | None:
    """The WHATWG name for `label`, or None where it is no encoding that pages are written in."""
    return _labels().get(_spelled(label.strip().lower()))


def _spelled(label: str) -> str:
    """Python's one name for all spellings of a label (latin-1, iso8859_1), where it has one."""
    try:
        return codecs.lookup(label).name
    except (LookupError, ValueError):
        return label
