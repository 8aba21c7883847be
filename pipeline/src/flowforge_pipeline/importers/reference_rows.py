"""Rows of ``reference.instruments`` as an importer learns them, in the table's types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from flowforge_pipeline.importers.prepared import Prepared
from flowforge_pipeline.tables import INSTRUMENTS

STILL_VALID = date(2149, 6, 6)
"""Largest date of ClickHouse's Date: ``valid_to`` of a symbol in use."""

_PRICE, _LOT = pl.Decimal(18, 6), pl.Decimal(18, 4)
_SCHEMA: dict[str, Any] = {
    "instrument_id": pl.String, "symbol": pl.String, "name": pl.String, "kind": pl.String,
    "sector": pl.String, "exchange": pl.String, "currency": pl.String, "calendar": pl.String,
    "lot_size": _LOT, "tick_size": _PRICE, "multiplier": _PRICE, "underlying": pl.String,
    "expiry": pl.Date, "strike": _PRICE, "option_type": pl.String, "exercise": pl.String,
    "valid_from": pl.Date, "valid_to": pl.Date, "revision": pl.UInt64,
}  # fmt: skip
_DEFAULTS: dict[str, Any] = {
    "sector": "", "calendar": "", "currency": "", "lot_size": 1, "multiplier": 1, "underlying": "",
    "option_type": "", "exercise": "", "valid_from": date(1970, 1, 1), "valid_to": STILL_VALID,
}  # fmt: skip
DERIVED, DEFINED = 1, 2
"""Revisions: read off a name, or defined by the exchange. Of one symbol and first day the higher is read."""


def instruments(rows: Iterable[Mapping[str, Any]], revision: int = DERIVED) -> list[Prepared]:
    """One batch of instruments, or none where there is nothing to say."""
    complete = [{**_DEFAULTS, **row, "revision": revision} for row in rows]
    if not complete:
        return []
    columns = {
        name: pl.Series(name, [row.get(name) for row in complete], strict=False).cast(kind)
        for name, kind in _SCHEMA.items()
    }
    frame = pl.DataFrame(columns).unique(["symbol", "valid_from"], keep="first", maintain_order=True)
    return [Prepared(INSTRUMENTS, frame)]
