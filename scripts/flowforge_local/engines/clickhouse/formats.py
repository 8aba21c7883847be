"""Join the blocks that chDB encodes one by one into one stream of a format.

``send_query`` hands out every block as a complete document of the output format. Formats without
a header simply concatenate. Those with a header of lines repeat it, and Arrow repeats its schema
and end marker: the repetitions are cut. Every other format (JSON, Parquet, Pretty …) has a frame
around all rows and is run to its end instead.
"""

from __future__ import annotations

import struct
from typing import Protocol

_CONTINUATION = 0xFFFFFFFF
_END_OF_STREAM = struct.pack("<II", _CONTINUATION, 0)
_HEADERLESS = frozenset(
    {
        "CSV",
        "JSONCompactEachRow",
        "JSONCompactStringsEachRow",
        "JSONEachRow",
        "JSONLines",
        "JSONStringsEachRow",
        "LineAsString",
        "NDJSON",
        "Native",
        "Null",
        "RawBLOB",
        "RowBinary",
        "TSKV",
        "TSV",
        "TSVRaw",
        "TabSeparated",
        "TabSeparatedRaw",
    }
)
_HEADER_LINES = {"WithNames": 1, "WithNamesAndTypes": 2}
_LINE_FORMATS = (
    "CSV",
    "TSV",
    "TabSeparated",
    "TSVRaw",
    "TabSeparatedRaw",
    "JSONCompactEachRow",
    "JSONCompactStringsEachRow",
)

CONTENT_TYPES = {
    "Arrow": "application/octet-stream",
    "ArrowStream": "application/octet-stream",
    "CSV": "text/csv; charset=UTF-8; header=absent",
    "CSVWithNames": "text/csv; charset=UTF-8; header=present",
    "CSVWithNamesAndTypes": "text/csv; charset=UTF-8; header=present",
    "JSON": "application/json; charset=UTF-8",
    "JSONColumns": "application/json; charset=UTF-8",
    "JSONCompact": "application/json; charset=UTF-8",
    "JSONCompactColumns": "application/json; charset=UTF-8",
    "JSONCompactEachRow": "application/x-ndjson; charset=UTF-8",
    "JSONEachRow": "application/x-ndjson; charset=UTF-8",
    "Native": "application/octet-stream",
    "Parquet": "application/octet-stream",
    "RowBinary": "application/octet-stream",
    "TSV": "text/tab-separated-values; charset=UTF-8",
    "TabSeparated": "text/tab-separated-values; charset=UTF-8",
}
"""As ClickHouse sends them; any other format is plain text."""


class Joiner(Protocol):
    """Turns documents of single blocks into one stream."""

    empty_needs_frame: bool
    """Whether a result without rows still consists of bytes, which no block brings."""

    def add(self, document: bytes) -> bytes:
        """Bytes to send for the next block."""

    def end(self) -> bytes:
        """Bytes to send after the last."""


def joiner(output_format: str) -> Joiner | None:
    """Joiner for a format; None where the format can only be produced as a whole."""
    if output_format in _HEADERLESS:
        return _Concatenation()
    if output_format == "ArrowStream":
        return _ArrowStream()
    for base in _LINE_FORMATS:
        lines = _HEADER_LINES.get(output_format.removeprefix(base))
        if output_format.startswith(base) and lines:
            return _HeaderOnce(lines, quotes=base == "CSV")
    return None


class _Concatenation:
    empty_needs_frame = False

    def add(self, document: bytes) -> bytes:
        return document

    def end(self) -> bytes:
        return b""


class _HeaderOnce:
    empty_needs_frame = True

    def __init__(self, lines: int, *, quotes: bool) -> None:
        self._lines = lines
        self._quotes = quotes
        self._header: bytes | None = None

    def add(self, document: bytes) -> bytes:
        if self._header is None:
            self._header = document[: _header_length(document, self._lines, quotes=self._quotes)]
            return document
        return document.removeprefix(self._header)

    def end(self) -> bytes:
        return b""


def _header_length(document: bytes, lines: int, *, quotes: bool) -> int:
    """Length of the first lines; with ``quotes`` (CSV) a newline between double quotes ends none.

    The other formats escape newlines in names.
    """
    position = 0
    for _ in range(lines):
        while True:
            newline = document.find(b"\n", position)
            if newline < 0:
                return len(document)
            position = newline + 1
            if not quotes or document.count(b'"', 0, newline) % 2 == 0:
                break
    return position


class _ArrowStream:
    """Encapsulated messages of Arrow's IPC stream: the schema, batches, an end marker."""

    empty_needs_frame = True

    def __init__(self) -> None:
        self._started = False

    def add(self, document: bytes) -> bytes:
        if not document:
            return b""
        start = _schema_length(document) if self._started else 0
        self._started = True
        return document[start:].removesuffix(_END_OF_STREAM)

    def end(self) -> bytes:
        return _END_OF_STREAM if self._started else b""


def _schema_length(document: bytes) -> int:
    """Length of the first message, the schema, which has no body."""
    marker, size = struct.unpack_from("<II", document)
    if marker != _CONTINUATION:
        raise ValueError("the engine's Arrow stream does not begin with an encapsulated message")
    return 8 + int(size)
