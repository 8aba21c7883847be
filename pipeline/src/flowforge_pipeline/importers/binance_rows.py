"""Messages of a Binance feed, taken apart into columns; amounts stay text until they become decimals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from flowforge_pipeline.importers.checks import Rule
from flowforge_pipeline.importers.decimals import parse
from flowforge_pipeline.tables import Field

_TRADE = (
    "row_no",
    "received_time",
    "event_time",
    "symbol",
    "sequence",
    "price",
    "quantity",
    "buyer_is_maker",
)
_QUOTE = ("row_no", "event_time", "symbol", "sequence", "bid", "bid_size", "ask", "ask_size")
_DEPTH = (
    "row_no", "received_time", "event_time", "symbol", "kind", "side", "price", "quantity",
    "first_update_id", "last_update_id", "level_no",
)  # fmt: skip
_MILLISECOND = 1_000_000
LAST_NANOSECOND = 5_648_000_000 * 10**9
"""Towards the end of 2148: days are counted to 2149 in the tables."""


class Rows:
    """Columns of three tables under construction."""

    def __init__(self) -> None:
        self.trades: dict[str, list[Any]] = {name: [] for name in _TRADE}
        self.quotes: dict[str, list[Any]] = {name: [] for name in _QUOTE}
        self.depth: dict[str, list[Any]] = {name: [] for name in _DEPTH}

    def trade(self, line: int, received: int, data: dict[str, Any]) -> None:
        """``trade``: ``T`` is when it happened, in milliseconds; ``t`` its number."""
        maker = data["m"]
        if not isinstance(maker, bool):
            raise TypeError("m is not true or false")
        row = (
            line,
            received,
            _nanoseconds(data["T"]),
            data["s"],
            int(data["t"]),
            data["p"],
            data["q"],
            maker,
        )
        _append(self.trades, row)

    def quote(self, line: int, received: int, data: dict[str, Any]) -> None:
        """``bookTicker`` of the spot market has no time of the venue."""
        row = (line, received, data["s"], int(data["u"]), data["b"], data["B"], data["a"], data["A"])
        _append(self.quotes, row)

    def update(self, line: int, received: int, data: dict[str, Any]) -> None:
        """``depthUpdate``: the levels that changed between updates ``U`` and ``u``."""
        common = (line, received, _nanoseconds(data["E"]), data["s"], "update")
        self._levels(common, data["b"], data["a"], int(data["U"]), int(data["u"]))

    def snapshot(self, line: int, received: int, symbol: str, data: dict[str, Any]) -> None:
        """``GET /api/v3/depth``: the book as a whole after update ``lastUpdateId``."""
        last = int(data["lastUpdateId"])
        self._levels((line, received, received, symbol, "snapshot"), data["bids"], data["asks"], last, last)

    def _levels(
        self,
        common: tuple[int, int, int, str, str],
        bids: Iterable[Sequence[str]],
        asks: Iterable[Sequence[str]],
        first: int,
        last: int,
    ) -> None:
        for side, levels in (("BID", bids), ("ASK", asks)):
            for number, (price, quantity) in enumerate(levels, start=1):
                _append(self.depth, (*common, side, price, quantity, first, last, number))


def decimal_rules(rows: pl.DataFrame, names: Iterable[str]) -> list[Rule]:
    """What must hold for amounts: text that is a decimal number of at most eight decimals, from 0."""
    rules: list[Rule] = []
    for name in names:
        text = rows[name].cast(pl.String)
        rules.append(Rule(name, text.is_null(), "is missing.", "Get the recording again."))
        rules.extend(parse(text, Field(name, "decimal", precision=38, scale=8), name)[1])
    return rules


def _nanoseconds(milliseconds: int) -> int:
    """Of a time in milliseconds, which must be one that a column can hold."""
    nanoseconds = int(milliseconds) * _MILLISECOND
    if not 0 <= nanoseconds < LAST_NANOSECOND:
        raise ValueError(f"{milliseconds} is not a time")
    return nanoseconds


def _append(columns: dict[str, list[Any]], row: tuple[Any, ...]) -> None:
    for values, value in zip(columns.values(), row, strict=True):
        values.append(value)
