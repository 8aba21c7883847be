"""Making CSV safe to open in a spreadsheet (OWASP: CSV injection).

A text cell that begins with ``= + - @``, tab or carriage return would be run as a formula; it is
prefixed with an apostrophe. Numbers are not quoted by the engine and stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterable

_DANGEROUS = re.compile(rb'(^|,)"(?=[=+\-@\t\r])', re.MULTILINE)
"""The opening quote of a dangerous cell. A quote inside a cell is doubled, so it never matches."""


async def defuse(chunks: AsyncIterable[bytes]) -> AsyncGenerator[bytes, None]:
    """CSV whose text cells are quoted, line by line, with dangerous cells prefixed."""
    rest = b""
    async for chunk in chunks:
        lines, newline, rest = (rest + chunk).rpartition(b"\n")
        if newline:
            yield defused(lines + newline)
    if rest:
        yield defused(rest)


def defused(lines: bytes) -> bytes:
    """Whole lines with dangerous cells prefixed."""
    return _DANGEROUS.sub(rb"""\1"'""", lines)


def quoted(text: str) -> str:
    """A text cell, quoted (RFC 4180)."""
    return '"' + text.replace('"', '""') + '"'
