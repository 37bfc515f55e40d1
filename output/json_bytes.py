"""Values as JSON bytes: compact, UTF-8, and the same bytes for the same value every time."""

import re
from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder()
_SURROGATE = re.compile("[\ud800-\udfff]")


def encoded(value: object) -> bytes:
    """Compact JSON of a value in UTF-8 (RFC 8259).

    A lone surrogate, half of a UTF-16 pair and no character (RFC 3629 section 3), becomes U+FFFD. Raises
    OverflowError or TypeError for what JSON cannot say.
    """
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        return _ENCODER.encode(_scrubbed(msgspec.to_builtins(value)))


def _scrubbed(value: Any) -> Any:
    """Plain data with each lone surrogate replaced, one for one, so that offsets still hold."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: _scrubbed(item) for key, item in value.items()}
    return [_scrubbed(item) for item in value] if isinstance(value, list | tuple) else value
