"""Windows summed up from ``flowforge.raw_trades``: the same sums that the flow folds, from what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Context, Decimal

from flowforge_pipeline.clickhouse import ClickHouse, literal
from flowforge_pipeline.loading.effective import COUNTED, effective_trades, symbols_in
from flowforge_pipeline.warm.trades import NOTIONAL_SCALE, PRICE_SCALE, QUANTITY_SCALE
from flowforge_pipeline.warm.vwap_state import Correction
from flowforge_pipeline.warm.windows import LENGTH_NS, Key, Window

RawPosition = Callable[[int], int]
"""Partition of ``normalized.trades`` → the message (seq) up to which raw has stored everything, -1 for none."""

AT_ONCE = 500
"""Windows in one statement."""

_EXACT = Context(prec=80)


def instant(nanoseconds: int) -> str:
    """A point in time as SQL."""
    return f"fromUnixTimestamp64Nano({nanoseconds}, 'UTC')"


def windows_of(clickhouse: ClickHouse, keys: Iterable[Key]) -> Mapping[Key, Window]:
    """The windows as raw has them; one without trades (any more) has sums of zero."""
    wanted = sorted(set(keys))
    found: dict[Key, Window] = {}
    for first in range(0, len(wanted), AT_ONCE):
        found.update(_windows(clickhouse, wanted[first : first + AT_ONCE]))
    return {key: found.get(key, Window(0, 0, 0, None, None)) for key in wanted}


def _windows(clickhouse: ClickHouse, keys: list[Key]) -> Mapping[Key, Window]:
    symbols = {symbol for symbol, _ in keys}
    starts = sorted({start for _, start in keys})
    within = (
        f"event_time >= {instant(starts[0])} AND event_time < {instant(starts[-1] + LENGTH_NS)} AND {COUNTED} "
        f"AND intDiv(toUnixTimestamp64Nano(event_time), {LENGTH_NS}) IN "
        f"({', '.join(str(start // LENGTH_NS) for start in starts)})"
    )
    trades = effective_trades(
        symbols,
        within,
        "symbol, event_time, price, quantity, notional, ohlc_eligible, volume_eligible",
    )
    rows = clickhouse.rows(f"""
        SELECT symbol,
            intDiv(toUnixTimestamp64Nano(event_time), {LENGTH_NS}) * {LENGTH_NS} AS start,
            count() AS trade_count,
            sumIf(quantity, volume_eligible) AS volume,
            sumIf(notional, volume_eligible) AS notional,
            maxOrNullIf(price, ohlc_eligible) AS high,
            minOrNullIf(price, ohlc_eligible) AS low
        FROM ({trades})
        GROUP BY symbol, start
    """)  # noqa: S608 - literals and numbers
    return {
        (row["symbol"], int(row["start"])): Window(
            int(row["trade_count"]),
            scaled(row["volume"], QUANTITY_SCALE),
            scaled(row["notional"], NOTIONAL_SCALE),
            None if row["high"] is None else scaled(row["high"], PRICE_SCALE),
            None if row["low"] is None else scaled(row["low"], PRICE_SCALE),
        )
        for row in rows
    }


def originals(clickhouse: ClickHouse, corrections: Iterable[Correction]) -> set[tuple[str, int]]:
    """Symbol and event time (ns) of the trades that corrections name, as far as raw has them."""
    wanted = set(corrections)
    if not wanted:
        return set()
    ids = ", ".join(sorted(literal(each.corrects_id) for each in wanted))
    rows = clickhouse.rows(
        "SELECT symbol, toUnixTimestamp64Nano(event_time) AS time FROM flowforge.raw_trades "  # noqa: S608 - literals
        f"PREWHERE {symbols_in(each.symbol for each in wanted)} WHERE trade_id IN ({ids})"
    )
    return {(row["symbol"], int(row["time"])) for row in rows}


def scaled(text: str, scale: int) -> int:
    """A decimal of the engine in units of ``10**-scale``."""
    return int(Decimal(text).scaleb(scale, context=_EXACT))
