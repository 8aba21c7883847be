"""One-minute bars summed up from ``flowforge.raw_trades``: the same bars that the flows keep."""

from __future__ import annotations

from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.loading.effective import COUNTED, effective_trades
from flowforge_pipeline.warm.minutes import MINUTE_NS, Minute
from flowforge_pipeline.warm.raw import instant, scaled
from flowforge_pipeline.warm.trades import PRICE_SCALE, QUANTITY_SCALE


def minutes_of(clickhouse: ClickHouse, symbol: str, first: int, after: int) -> dict[int, Minute]:
    """A symbol's minutes that start in ``[first, after)`` (ns)."""
    within = f"event_time >= {instant(max(first, 0))} AND event_time < {instant(after)} AND {COUNTED}"
    trades = effective_trades(
        [symbol],
        within,
        "event_time, sequence, source_file, row_no, price, quantity, ohlc_eligible, volume_eligible, "
        "session, trade_date",
    )
    rows = clickhouse.rows(f"""
        WITH (toUnixTimestamp64Nano(event_time), sequence, toString(source_file), row_no) AS place
        SELECT
            intDiv(toUnixTimestamp64Nano(event_time), {MINUTE_NS}) * {MINUTE_NS} AS start,
            countIf(ohlc_eligible) AS prices,
            maxIf(place, ohlc_eligible) AS last_place,
            argMaxIf(price, place, ohlc_eligible) AS last_price,
            sumIf(quantity, volume_eligible) AS volume,
            argMax(session, place) AS session,
            argMax(trade_date, place) AS trade_date
        FROM ({trades})
        GROUP BY start
    """)  # noqa: S608 - literals and numbers
    return {int(row["start"]): _minute(row) for row in rows}


def _minute(row: dict[str, object]) -> Minute:
    priced = int(str(row["prices"])) > 0
    place = row["last_place"]
    assert isinstance(place, list | dict)
    time, sequence, file, number = place.values() if isinstance(place, dict) else place
    return Minute(
        place=(int(time), int(sequence), str(file), int(number)) if priced else None,
        last=scaled(str(row["last_price"]), PRICE_SCALE) if priced else None,
        volume=scaled(str(row["volume"]), QUANTITY_SCALE),
        day=str(row["trade_date"]) if row["session"] == "regular" else "",
    )
