"""What an answer means for its page."""

import pytest

from sectionary.scraper.response import Response
from sectionary.scraper.verdict import judge

PAGE = b"<!DOCTYPE html><html><p>Text"

CASES = [
    (200, "text/html; charset=utf-8", PAGE, "done", None),
    (203, "application/xhtml+xml", PAGE, "done", None),
    (200, None, PAGE, "done", None),
    (200, "application/octet-stream", b"\xef\xbb\xbf \n<html>", "done", None),
    (200, "text/plain", "\ufeff<html>".encode("utf-16-le"), "done", None),
    (200, "application/xml", b'<?xml version="1.0"?><html xmlns="x">', "done", None),
    (200, "text/html", b"Just text, which browsers show too", "done", None),
    (200, "text/html", b"%PDF-1.7 lies", "rejected", "not html: application/pdf"),
    (200, None, b"\x89PNG\r\n\x1a\n", "rejected", "not html: image/png"),
    (200, "application/pdf", b"%PDF-1.7", "rejected", "not html: application/pdf"),
    (200, "application/json", b"{}", "rejected", "not html: application/json"),
    (200, "text/plain", b"plain words", "rejected", "not html: text/plain"),
    (200, None, b"?", "rejected", "not html: unknown"),
    (200, "text/html", b"", "rejected", "empty body"),
    (200, "text/html", b"\xef\xbb\xbf \r\n", "rejected", "empty body"),
    (404, "text/html", PAGE, "gone", "http: 404"),
    (410, "text/html", PAGE, "gone", "http: 410"),
    (401, "text/html", PAGE, "rejected", "http: 401"),
    (403, "text/html", PAGE, "rejected", "http: 403"),
    (206, "text/html", PAGE, "rejected", "http: 206"),
    (301, "text/html", PAGE, "rejected", "http: 301"),
    (429, "text/html", PAGE, "pending", "http: 429"),
    (500, "text/html", PAGE, "pending", "http: 500"),
    (503, "text/html", b"", "pending", "http: 503"),
]


@pytest.mark.parametrize(("status", "kind", "body", "state", "reason"), CASES)
def test_an_answer_leads_to_one_state(
    status: int, kind: str | None, body: bytes, state: str, reason: str | None
) -> None:
    headers = (("content-type", kind),) if kind else ()
    verdict = judge(Response(url="https://a.example/", status=status, headers=headers, body=body))
    assert (verdict.state, verdict.reason) == (state, reason)
