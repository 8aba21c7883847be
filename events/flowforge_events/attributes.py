"""Context attributes as texts, for whoever reads or writes events with the SDK or without."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote

_LITERAL = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')
"""Characters that stand for themselves in a header (CloudEvents HTTP binding 1.0.2 §3.1.3.2)."""
_PLAIN = re.compile(f"[{re.escape(_LITERAL)}]*")


def header_value(text: str) -> str:
    """The attribute percent-encoded for a ``ce-`` header."""
    return text if _PLAIN.fullmatch(text) else quote(text, safe=_LITERAL)


def moment(text: str) -> datetime:
    """The attribute ``time``: RFC 3339; ``ValueError`` says what is wrong.

    A time without an offset would mean something else on every machine.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"attribute time is not an RFC 3339 moment: {text!r}") from None
    if found.tzinfo is None:
        raise ValueError(f"attribute time has no offset: {text!r}")
    return found
