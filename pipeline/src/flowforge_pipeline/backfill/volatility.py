"""``metrics.rolling_volatility`` of a window, estimated anew from raw by the flow's own code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from flowforge_pipeline.backfill.checksum import Checksum, checksum
from flowforge_pipeline.backfill.window import Window
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.loading.effective import symbols_in

TABLE = "metrics.rolling_volatility"
_VALUES = "volatility_1h, volatility_24h, return_pct, returns_1h, returns_24h"
_NULL_ROW: dict[str, Any] = {
    "volatility_1h": None, "volatility_24h": None, "return_pct": None, "returns_1h": 0, "returns_24h": 0,
}  # fmt: skip


def estimated(clickhouse: ClickHouse, symbols: Iterable[str], window: Window, revision: int) -> pl.DataFrame:
    """Rows by raw, whose minutes *end* in the window: ``(start, end]``, like those of the flow."""
    from flowforge_pipeline.instruments import calendar_of
    from flowforge_pipeline.warm.minutes import MINUTE_NS
    from flowforge_pipeline.warm.raw_minutes import minutes_of
    from flowforge_pipeline.warm.sinks import instant
    from flowforge_pipeline.warm.volatility import estimates, minutes_per_year
    from flowforge_pipeline.warm.volatility_flow import TARGET
    from flowforge_pipeline.warm.volatility_state import PAST_NS

    first = int(window.start.timestamp()) * 1_000_000_000
    last = int(window.end.timestamp()) * 1_000_000_000 - MINUTE_NS
    rows: list[dict[str, Any]] = []
    for symbol in symbols:
        minutes = minutes_of(clickhouse, symbol, first - PAST_NS, last + MINUTE_NS)
        if not minutes:
            continue
        found = estimates(minutes, minutes_per_year(calendar_of(symbol), window.end.year))
        for row in found.filter(pl.col("start").is_between(first, last)).iter_rows(named=True):
            end = instant(row.pop("start") + MINUTE_NS)
            rows.append(
                {"symbol": symbol, "window_end": end, **row, "available_at": end, "revision": revision}
            )
    return pl.DataFrame(rows, schema=TARGET.schema, orient="row")


def stored(symbols: Iterable[str], window: Window) -> str:
    """What the table shows for the window; rows without a price (any more) show nothing."""
    return f"""
        SELECT toString(symbol) AS symbol, toString(window_end) AS bucket, {_VALUES}
        FROM {TABLE} FINAL WHERE {symbols_in(symbols)} AND {_within(window)}
    """  # noqa: S608 - names and literals of ours


def write(
    clickhouse: ClickHouse, symbols: Iterable[str], window: Window, rows: pl.DataFrame, revision: int
) -> None:
    """Insert the rows, and empty ones in the place of those that raw no longer gives."""
    if rows.height:
        clickhouse.insert(TABLE, rows.to_arrow())
    clickhouse.execute(f"""
        INSERT INTO {TABLE}
            (symbol, window_end, volatility_1h, volatility_24h, return_pct, returns_1h, returns_24h, available_at, revision)
        SELECT symbol, window_end, NULL, NULL, NULL, 0, 0, available_at, toUInt64({revision})
        FROM {TABLE} FINAL
        WHERE {symbols_in(symbols)} AND {_within(window)} AND revision < {revision}
            AND (volatility_1h IS NOT NULL OR volatility_24h IS NOT NULL OR return_pct IS NOT NULL
                OR returns_1h != 0 OR returns_24h != 0)
    """)  # noqa: S608 - names and literals of ours


def checksum_of(clickhouse: ClickHouse, symbols: Iterable[str], window: Window) -> Checksum:
    """Of the rows that say something."""
    something = f"SELECT * FROM ({stored(symbols, window)}) WHERE {_says_something()}"  # noqa: S608 - ours
    return checksum(clickhouse, something)


def checksum_of_rows(clickhouse: ClickHouse, rows: pl.DataFrame) -> Checksum:
    """The same over rows in memory, worked out by the engine so that both are the same function."""
    from flowforge_pipeline.backfill.replace import beside

    with beside(clickhouse, TABLE) as name:
        if rows.height:
            clickhouse.insert(name, rows.to_arrow())
        return checksum(
            clickhouse,
            f"SELECT toString(symbol) AS symbol, toString(window_end) AS bucket, {_VALUES} FROM {name} "  # noqa: S608 - ours
            f"WHERE {_says_something()}",
        )


def _within(window: Window) -> str:
    return f"window_end > {_shown(window.start)} AND window_end <= {_shown(window.end)}"


def _says_something() -> str:
    return " OR ".join(
        f"{name} != 0" if value == 0 else f"{name} IS NOT NULL" for name, value in _NULL_ROW.items()
    )


def _shown(moment: Any) -> str:
    return f"toDateTime64('{moment:%Y-%m-%d %H:%M:%S}', 3, 'UTC')"
