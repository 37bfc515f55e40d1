"""Verdict: what an answer means for the page that was asked for. Pure."""

from msgspec import Struct

from sectionary.scraper.blocked import block
from sectionary.scraper.pace import is_passing
from sectionary.scraper.response import Response

NOINDEX = "robots: noindex"              # the reason of a page that asks not to be kept

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_WHOLE = frozenset({200, 203})           # RFC 9110: the page itself, perhaps changed by a proxy
_GONE = frozenset({404, 410})

# Types that servers give to what they do not know; the bytes decide.
_VAGUE = frozenset({
    "", "text/plain", "text/xml", "application/xml", "application/octet-stream", "unknown/unknown",
})  # fmt: skip

# How files begin that are no page whatever their header says (https://mimesniff.spec.whatwg.org/).
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"RIFF", "image/webp"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x7fELF", "application/x-executable"),
)
_MARKUP = (
    b"<!doctype html", b"<html", b"<head", b"<body", b"<title", b"<meta", b"<script", b"<style", b"<link",
    b"<div", b"<p", b"<h1", b"<table", b"<!--",
)  # fmt: skip
_SNIFFED = 1024                          # bytes
_BLANK = b" \t\r\n\x0c\x00\xef\xbb\xbf\xfe\xff"


# How the reasons begin that speak of a door which may open again.
_PASSING_REASONS = (*(f"http: {status}" for status in (401, 403, 451)), "redirect: ", "blocked: ", "archive: ")


class Verdict(Struct, frozen=True):
    """The state a page gets by an answer: done, gone, rejected, or pending when it is worth another try."""

    state: str
    reason: str | None = None


def judge(answer: Response) -> Verdict:
    """Judge a whole answer that is no redirect to elsewhere."""
    said = f"http: {answer.status}"
    if answer.status in _GONE:
        return Verdict("gone", said)
    if is_passing(answer.status):
        return Verdict("pending", said)
    if answer.status not in _WHOLE:
        return Verdict("rejected", said)
    if not answer.body[:_SNIFFED].strip(_BLANK) and not answer.body.strip(_BLANK):
        return Verdict("rejected", "empty body")
    kind = media_type(answer)
    reason = block(answer) if kind in _HTML else f"not html: {kind}"
    return Verdict("rejected", reason) if reason else Verdict("done")


def may_recover(reason: str | None) -> bool:
    """Tell whether a page that was rejected for this reason may be there when a later run asks again."""
    return (reason or "").startswith(_PASSING_REASONS)


def media_type(answer: Response) -> str:
    """Give the type of a body: by its first bytes where they tell, else as declared, else "unknown"."""
    declared = (answer.header("content-type") or "").partition(";")[0].strip().lower()[:80]
    for magic, kind in _MAGIC:
        if answer.body.startswith(magic):
            return kind
    if declared in _VAGUE and _looks_like_html(answer.body[:_SNIFFED]):
        return "text/html"
    return declared or "unknown"


def _looks_like_html(head: bytes) -> bool:
    text = head.replace(b"\x00", b"").strip(_BLANK).lower()   # without the zeros UTF-16 reads as ASCII
    return text.startswith(_MARKUP) or (text.startswith(b"<?xml") and b"<html" in text)
