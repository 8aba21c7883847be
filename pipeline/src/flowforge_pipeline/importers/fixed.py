"""Readers of formats whose columns are fixed, and how each is recognised by its content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flowforge_pipeline.importers.prepared import Prepared, Upload

Prepare = Callable[[Upload, bytes, "str | None", "str | None"], tuple[Prepared, ...]]
"""(file, its content unpacked, --source, --symbol) → rows for each table, the main one first."""


@dataclass(frozen=True, slots=True)
class Reader:
    """``a_table`` files are CSV: --table and --map choose the general reader. ``refuses``: options without meaning."""

    title: str
    recognises: Callable[[bytes], bool]
    prepare: Prepare
    a_table: bool = False
    refuses: tuple[str, ...] = ("symbol", "calendar")


def _dbn(upload: Upload, content: bytes, source: str | None, symbol: str | None) -> tuple[Prepared, ...]:
    from flowforge_pipeline.importers.dbn import prepare

    return prepare(upload, content, source)


def _binance(upload: Upload, content: bytes, source: str | None, symbol: str | None) -> tuple[Prepared, ...]:
    from flowforge_pipeline.importers.binance import prepare

    return prepare(upload, content, source)


def _xetra(upload: Upload, content: bytes, source: str | None, symbol: str | None) -> tuple[Prepared, ...]:
    from flowforge_pipeline.importers.xetra import prepare

    return prepare(upload, content, source)


def _yahoo(upload: Upload, content: bytes, source: str | None, symbol: str | None) -> tuple[Prepared, ...]:
    from flowforge_pipeline.importers.yahoo import prepare

    return prepare(upload, content, source, symbol)


def _factors(upload: Upload, content: bytes, source: str | None, symbol: str | None) -> tuple[Prepared, ...]:
    from flowforge_pipeline.importers.lean_factors import prepare

    return prepare(upload, content, source, symbol)


def _header(*names: str) -> Callable[[bytes], bool]:
    wanted = [name.lower() for name in names]

    def matches(content: bytes) -> bool:
        line = content[:1024].split(b"\n", 1)[0].decode("utf-8-sig", errors="replace")
        return [cell.strip().strip('"').lower() for cell in line.split(",")] == wanted

    return matches


def _recorded(content: bytes) -> bool:
    """A line begins with nanoseconds, a space and a JSON object."""
    begin = content[:22]
    return len(begin) > 20 and begin[:19].isdigit() and begin[19:21] == b" {"


def _factor_rows(content: bytes) -> bool:
    """``yyyymmdd,factor,factor,price`` without a header."""
    cells = content[:200].split(b"\n", 1)[0].strip().split(b",")
    return (
        len(cells) == 4 and len(cells[0]) == 8 and all(cell.replace(b".", b"", 1).isdigit() for cell in cells)
    )


YAHOO_HEADER = ("Date", "Open", "High", "Low", "Close", "Adj Close", "Volume")
XETRA_HEADER = (
    "ISIN", "Mnemonic", "SecurityDesc", "SecurityType", "Currency", "SecurityID", "Date", "Time",
    "StartPrice", "MaxPrice", "MinPrice", "EndPrice", "TradedVolume", "NumberOfTrades",
)  # fmt: skip

READERS: tuple[Reader, ...] = (
    Reader("a DBN file", lambda content: content.startswith(b"DBN"), _dbn),
    Reader("a recorded Binance feed", _recorded, _binance),
    Reader("a Xetra file", _header(*XETRA_HEADER), _xetra, a_table=True),
    Reader("a Yahoo file", _header(*YAHOO_HEADER), _yahoo, a_table=True, refuses=("calendar",)),
    Reader("a Lean factor file", _factor_rows, _factors, a_table=True, refuses=("calendar",)),
)
