"""Making CSV safe to open in a spreadsheet (OWASP: CSV injection).

A text cell that begins with ``= + - @``, tab or carriage return would be run as a formula; it is
prefixed with an apostrophe. Numbers are not quoted by the engine and stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Sequence
from typing import Any

from flowforge.types import Schema

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


def header_of(columns: Schema) -> bytes:
    """The line of the columns' names."""
    return _line([quoted(column.name) for column in columns])


def cells_of(rows: Iterable[Sequence[Any]], columns: Schema) -> bytes:
    """Lines of wire values (``stores.values``); NULL is an empty cell, numbers are not quoted."""
    texts = [column.type.kind not in ("int64", "float64", "decimal", "boolean") for column in columns]
    return b"".join(
        _line([_cell(value, text) for value, text in zip(row, texts, strict=True)]) for row in rows
    )


def _cell(value: Any, text: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return quoted(str(value)) if text else str(value)


def _line(cells: Sequence[str]) -> bytes:
    return defused(",".join(cells).encode() + b"\n")
