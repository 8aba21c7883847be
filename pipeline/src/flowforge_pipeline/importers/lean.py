"""Lean tick trades and quotes: integers × 10,000, milliseconds of the New York day, hexadecimal flags."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from flowforge_pipeline.importers import lean_ticks
from flowforge_pipeline.importers.decimals import of_units
from flowforge_pipeline.importers.lean_archive import TickFile, open_archive
from flowforge_pipeline.importers.prepared import Prepared, Upload
from flowforge_pipeline.importers.timestamps import UTC_NS
from flowforge_pipeline.problems import FileError
from flowforge_pipeline.sessions import SESSION, UNKNOWN, sessions_around
from flowforge_pipeline.tables import PRICE_SCALE, QUANTITY_SCALE, QUOTES, TRADES

ZONE = "America/New_York"
CALENDAR = "XNYS"
TRADE_COLUMNS = ("time", "price", "size", "exchange", "condition", "suspicious")
QUOTE_COLUMNS = ("time", "bid", "bid_size", "ask", "ask_size", "exchange", "condition", "suspicious")


def prepare(upload: Upload, source: str | None) -> Prepared:
    """The rows of a tick archive."""
    file = open_archive(upload)
    columns, amounts = (
        (TRADE_COLUMNS, TRADE_COLUMNS[1:3]) if file.kind == "trade" else (QUOTE_COLUMNS, QUOTE_COLUMNS[1:5])
    )
    cells = lean_ticks.read(file.text, columns, amounts)
    common = _common(file, upload, cells, source or "lean")
    if file.kind == "trade":
        return Prepared(TRADES, _trades(common, cells, upload))
    return Prepared(QUOTES, _quotes(common, cells))


def _common(file: TickFile, upload: Upload, cells: pl.DataFrame, source: str) -> pl.DataFrame:
    """The columns that trades and quotes share, in file order."""
    midnight = pl.lit(file.day).cast(pl.Datetime("ns"))
    wall = cells.select((midnight.cast(pl.Int64) + pl.col("nanoseconds")).cast(pl.Datetime("ns"))).to_series()
    times = _utc(wall, file.day)
    if times.null_count():
        row = times.is_null().arg_max() or 0
        raise FileError(
            f"does not exist in {ZONE} on {file.day}: clocks are set forward over it.",
            line=row + 1, column="time", value=str(cells["nanoseconds"][row] // 1_000_000), remedy=lean_ticks.REMEDY,
        )  # fmt: skip
    row_no = pl.int_range(1, cells.height + 1, dtype=pl.Int64)
    sessions = sessions_around(times, CALENDAR)
    return pl.select(
        event_time=times,
        symbol=pl.lit(file.symbol).cast(pl.Categorical),
        trade_date=pl.lit(file.day),
        session=sessions.session(times) if sessions else pl.lit(UNKNOWN, SESSION),
        venue=cells["venue"],
        sequence=row_no,
        conditions=cells["conditions"],
        suspicious=cells["suspicious"],
        source=pl.lit(source).cast(pl.Categorical),
        source_file=pl.lit(upload.label).cast(pl.Categorical),
        row_no=row_no,
    )


def _utc(wall: pl.Series, day: date) -> pl.Series:
    """``event_time`` of wall clock times of a day in New York; null where there is no such time.

    On all but two days of a year the distance to UTC is one number.
    """
    edges = [datetime.combine(each, time(), ZoneInfo(ZONE)) for each in (day, day + timedelta(days=1))]
    offsets = {edge.utcoffset() or timedelta() for edge in edges}
    if len(offsets) == 1:
        return (wall - offsets.pop()).dt.replace_time_zone("UTC").cast(UTC_NS).alias("event_time")
    local = wall.dt.replace_time_zone(ZONE, ambiguous="earliest", non_existent="null")
    return local.dt.convert_time_zone("UTC").cast(UTC_NS).alias("event_time")


def _trades(common: pl.DataFrame, cells: pl.DataFrame, upload: Upload) -> pl.DataFrame:
    return common.with_columns(
        trade_id=pl.format("{}:{}", pl.lit(upload.short_digest), "row_no"),
        price=_price(cells["price"]),
        quantity=_size(cells["size"]),
        ohlc_eligible=cells["eligible"],
        volume_eligible=cells["eligible"],
    )


def _quotes(common: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """A price of 0 says that the row does not quote that side."""
    return common.with_columns(
        pl.when(cells[side] > 0).then(column).alias(name)
        for side in ("bid", "ask")
        for name, column in ((side, _price(cells[side])), (f"{side}_size", _size(cells[f"{side}_size"])))
    )


def _price(written: pl.Series) -> pl.Series:
    """In 10^-4 as written, in 10^-6 as stored."""
    return of_units(written * 10 ** (PRICE_SCALE - 4), 18, PRICE_SCALE)


def _size(written: pl.Series) -> pl.Series:
    return of_units(written * 10**QUANTITY_SCALE, 18, QUANTITY_SCALE)
