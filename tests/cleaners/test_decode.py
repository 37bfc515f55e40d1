"""What the bytes of a page say, whatever its server says of them."""

# ruff: noqa: RUF001 - other scripts are what is tested

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sectionary.cleaners.decode import decode, looks_like_html, read_source
from sectionary.scraper.errors import CleanError

URL = "https://wiki.example/Tide"
GERMAN = "<p>Ebbe und Flut gehören zusammen, heißt es – überall.</p>"
RUSSIAN = "<p>Прилив и отлив: это колебания уровня моря.</p>"
JAPANESE = "<p>潮汐とは、潮位が周期的に上下する現象である。</p>"
CHINESE = "<p>潮汐是海水的周期性涨落现象,由月球引起。</p>"
KOREAN = "<p>조석은 해수면이 주기적으로 오르내리는 현상이다.</p>"


@pytest.mark.parametrize(
    ("text", "codec", "content_type", "expected"),
    [
        (GERMAN, "utf-8", "text/html; charset=utf-8", "utf-8"),
        (GERMAN, "utf-8", 'text/html;charset="UTF8"', "utf-8"),
        (GERMAN, "utf-8", None, "utf-8"),
        (GERMAN, "cp1252", None, "windows-1252"),
        (GERMAN, "cp1252", "text/html; charset=ISO-8859-1", "windows-1252"),
        (GERMAN, "cp1252", "text/html; charset=us-ascii", "windows-1252"),
        (RUSSIAN, "cp1251", "text/html; charset=windows-1251", "windows-1251"),
        (RUSSIAN, "koi8-r", "text/html; charset=KOI8-R", "koi8-r"),
        (JAPANESE, "cp932", "text/html; charset=Shift_JIS", "shift_jis"),
        (JAPANESE, "euc-jp", "text/html; charset=x-euc-jp", "euc-jp"),
        (JAPANESE, "iso2022-jp", "text/html; charset=iso-2022-jp", "iso-2022-jp"),
        (CHINESE, "gb18030", "text/html; charset=gb2312", "gb18030"),
        (CHINESE.replace("涨", "漲").replace("现", "現"), "big5", "text/html; charset=big5", "big5"),
        (KOREAN, "cp949", "text/html; charset=EUC-KR", "euc-kr"),
        (GERMAN, "utf-16-le", "text/html; charset=utf-16", "utf-16le"),
        (GERMAN, "utf-16-be", None, "utf-16be"),
    ],
)
def test_a_page_reads_as_written(text: str, codec: str, content_type: str | None, expected: str) -> None:
    assert decode(text.encode(codec), content_type, URL) == (text, expected)


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="windows-1251">',
        "<META CHARSET=cp1251 />",
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        '<?xml version="1.0" encoding="windows-1251"?>',
        '<!-- <meta charset="koi8-r"> --><meta charset="windows-1251">',
        '<meta charset="no-such-thing"><meta charset="windows-1251">',
    ],
)
def test_a_page_may_declare_its_own_encoding(declaration: str) -> None:
    page = f"{declaration}{RUSSIAN}"
    assert decode(page.encode("cp1251"), "text/html", URL) == (page, "windows-1251")


def test_a_declaration_behind_the_first_kilobyte_does_not_count() -> None:
    page = f'{" " * 1024}<meta charset="windows-1251">{GERMAN}'
    assert decode(page.encode("cp1252"), None, URL) == (page, "windows-1252")


def test_a_byte_order_mark_outranks_the_header_and_is_not_text() -> None:
    body = b"\xef\xbb\xbf" + GERMAN.encode()
    assert decode(body, "text/html; charset=windows-1251", URL) == (GERMAN, "utf-8")
    assert decode(GERMAN.encode("utf-16"), "text/html; charset=utf-8", URL) == (GERMAN, "utf-16le")


def test_the_header_outranks_the_page() -> None:
    page = f'<meta charset="koi8-r">{RUSSIAN}'
    assert decode(page.encode("cp1251"), "text/html; charset=windows-1251", URL)[0] == page


def test_a_header_that_cannot_be_right_gives_way_to_the_page() -> None:
    page = f'<meta charset="windows-1251">{RUSSIAN}'
    assert decode(page.encode("cp1251"), "text/html; charset=utf-8", URL) == (page, "windows-1251")


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1251", "gb2312", "utf-16", "utf-7", "klingon"])
def test_utf8_is_read_as_utf8_whatever_is_declared(declared: str) -> None:
    page = RUSSIAN + JAPANESE
    assert decode(page.encode(), f"text/html; charset={declared}", URL) == (page, "utf-8")


def test_a_meta_that_says_utf16_means_utf8() -> None:
    page = f'<meta charset="utf-16">{GERMAN}'
    assert decode(page.encode(), None, URL) == (page, "utf-8")


@pytest.mark.parametrize("content_type", [None, "text/html; charset=utf-8"])
def test_a_page_cut_within_a_character_stays_utf8(content_type: str | None) -> None:
    text, encoding = decode((RUSSIAN + "ж").encode()[:-1], content_type, URL)
    assert (text, encoding) == (RUSSIAN + "\ufffd", "utf-8")


def test_bytes_outside_the_declared_encoding_become_replacement_characters() -> None:
    text, encoding = decode(b"<p>caf\xe9 \xff</p>", "text/html; charset=utf-8", URL)
    assert (text, encoding) == ("<p>caf\ufffd \ufffd</p>", "utf-8")


def test_a_stray_nul_becomes_a_replacement_character() -> None:
    body = b"<!doctype html><p>" + b"tide " * 100 + b"\0</p>"
    text, _ = decode(body, "text/html; charset=utf-8", URL)
    assert text.endswith("tide \ufffd</p>")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"%PDF-1.7\n...", "binary: pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0", "binary: png"),
        (b"PK\x03\x04\x14\0", "binary: zip"),
        (gzip.compress(b"<p>tide</p>", mtime=0), "binary: gzip"),
        (b"\x78\x9c\0\x01\0\x02", "binary: NUL bytes"),
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        ("\u00a0\n".encode(), "empty"),
    ],
)
def test_what_is_no_page_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    for content_type in (None, "text/html; charset=utf-8"):
        with pytest.raises(CleanError) as caught:
            decode(body, content_type, URL)
        assert (caught.value.url, caught.value.reason) == (URL, reason)


@given(st.binary(), st.none() | st.text())
def test_any_bytes_are_text_or_a_clean_error(body: bytes, content_type: str | None) -> None:
    try:
        text, encoding = decode(body, content_type, URL)
    except CleanError:
        return
    assert "\0" not in text
    assert encoding


@given(st.text(min_size=1).filter(lambda text: text.strip() and "\0" not in text and text[0] != "\ufeff"))
def test_declared_utf8_comes_back_as_it_was(text: str) -> None:
    body = text.encode()
    if not body.startswith((b"%PDF-", b"GIF8", b"PK", b"OggS", b"wOF2")):
        assert decode(body, "text/html; charset=UTF-8", URL) == (text, "utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html>\n<html>",
        "\ufeff  <html lang=en>",
        '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "">',
        "<!-- saved --><p>",
        '<h2 id="a">Tide</h2>',
        "Tide\n<b>Tide</b> is <p>one</p><p>two</p><p>three</p>",
    ],
)
def test_html_is_told_from_text(text: str) -> None:
    assert looks_like_html(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tide\nThe tide is 3 < 4 metres.",
        "<3 is how people write a heart",
        "The p element ends with </p> in HTML.",
        "<pythagoras@samos.example> wrote:",
        "",
    ],
)
def test_text_is_not_taken_for_html(text: str) -> None:
    assert not looks_like_html(text)


@pytest.mark.parametrize("text", [GERMAN, RUSSIAN, JAPANESE, CHINESE, KOREAN])
def test_what_was_encoded_twice_is_decoded_once_more(text: str) -> None:
    page = f"<p>A dash \u2013 and \u201cmarks\u201d.</p>{text}"
    twice = page.encode().decode("latin-1")
    assert read_source(twice.encode(), None, URL) == (page, page.encode(), True)


def _as_windows(text: str) -> str:
    """What UTF-8 is to a program that reads windows-1252; bytes it has not are controls (Encoding Standard)."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("text", [GERMAN, RUSSIAN, JAPANESE, CHINESE, KOREAN])
def test_what_was_read_as_windows_1252_is_decoded_once_more(text: str) -> None:
    page = f"<p>A dash \u2013 and \u201cmarks\u201d, f\xfcr gro\xdfe.</p>{text}"
    assert read_source(_as_windows(page).encode(), None, URL) == (page, page.encode(), True)


@pytest.mark.parametrize(
    "right",
    ["f\xfcr \u201egro\xdfe\u201c Fluten \u2013 \xe4hnlich, \xf6fter, \xfcber \u20ac 5",
     "C'\xe9tait l'\xe9t\xe9 \xe0 No\xebl \u2013 \u0153uvre",
     "IRM\xc3\u201c, M\xc3\u201c, L\xc3\u201c: n\xe3o \xe9 h\xe1 p\xe9s"],
)  # fmt: skip
def test_a_page_with_signs_of_windows_1252_is_left_alone(right: str) -> None:
    text = f"<p>{right}</p>"
    assert read_source(text.encode(), None, URL) == (text, text.encode(), False)


def test_characters_that_a_saver_left_as_they_were_stay_beside_those_it_encoded_twice() -> None:
    saved = "<p>F\xfcr \xe2\x80\x9eFlut\xe2\x80\x9c gro\xc3\x9f und 20 \xc2\xb0C \xe2\x80\x93 caf\xe9</p>"
    right = "<p>F\xfcr \u201eFlut\u201c gro\xdf und 20 \xb0C \u2013 caf\xe9</p>"
    assert read_source(saved.encode(), None, URL).text == right


@pytest.mark.parametrize(
    "text",
    ["<p>Ã¼ber is what über becomes: Ã¼</p>", "<p>a\x80b\x80c\x80d</p>", "<p>Ebb \xe2\x80\x93</p>"],
)
def test_a_page_that_shows_such_sequences_or_holds_a_stray_control_is_left_alone(text: str) -> None:
    assert read_source(text.encode(), None, URL) == (text, text.encode(), False)


DASHES = "\xe2\x80\x93" * 30                # proof that a part of the page was encoded twice


@pytest.mark.parametrize("right", ["\xab\xa0\xe9t\xe9\xa0\xbb", "LIBERT\xc9\xa0\xbb", "\xbbSpa\xdf\xab"])
def test_what_is_right_on_a_page_that_is_mended_stays(right: str) -> None:
    assert read_source(f"<p>{right} {DASHES}</p>".encode(), None, URL).text == f"<p>{right} {chr(0x2013) * 30}</p>"


def test_a_page_is_mended_where_a_text_was_cut_in_the_middle_of_a_character() -> None:
    source = read_source(f"<p>{DASHES} cut: \xe2\x80</p>".encode(), None, URL)
    assert source.text == f"<p>{chr(0x2013) * 30} cut: \xe2\x80</p>"
    assert source.utf8 == source.text.encode()
    assert source.twice


def test_chinese_that_holds_the_bytes_of_a_control_is_not_mended() -> None:
    text = "<p>\u8059 \u8059 \u8059 \u8059</p>"
    assert not read_source(text.encode("gb18030"), "text/html; charset=gb18030", URL).twice
