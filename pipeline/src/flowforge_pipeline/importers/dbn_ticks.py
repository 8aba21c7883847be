"""DBN schemas that fill the tables of trades, quotes and bars."""

from __future__ import annotations

import polars as pl

from flowforge_pipeline.importers.assemble import SIDE
from flowforge_pipeline.importers.dbn_file import DbnFile
from flowforge_pipeline.importers.prepared import Prepared, Upload
from flowforge_pipeline.importers.timestamps import UTC_NS
from flowforge_pipeline.sessions import SESSION, UNKNOWN, label, sessions_around
from flowforge_pipeline.tables import BARS, DAILY_BARS, QUOTES, TRADES

_SIZE = pl.Decimal(18, 4)
_SIDES = {"B": "BUY", "A": "SELL", "N": "UNKNOWN"}
"""Of a trade: the aggressor."""

_LENGTHS = {"1s": 1, "1m": 60, "1h": 3600}


def trades(file: DbnFile, upload: Upload, source: str) -> tuple[Prepared, ...]:
    """``trades``; the time is the matching engine's."""
    times = file.times("ts_event")
    rows = _common(file, upload, source, times).with_columns(
        trade_id=pl.format("{}:{}", pl.lit(upload.short_digest), "row_no"),
        price=file.prices("price"),
        quantity=file.column("size").cast(_SIZE),
        side=file.column("side").replace_strict(_SIDES, default="UNKNOWN", return_dtype=SIDE),
        conditions=file.column("flags").cast(pl.String),
    )
    return (Prepared(TRADES, rows),)


def trades_with_quotes(file: DbnFile, upload: Upload, source: str) -> tuple[Prepared, ...]:
    """``tbbo``: every trade, and the best bid and offer just before it."""
    return (*trades(file, upload, source), *quotes(file, upload, source))


def quotes(file: DbnFile, upload: Upload, source: str) -> tuple[Prepared, ...]:
    """``mbp-1``: the best bid and offer after each change, by the time of the matching engine."""
    return (Prepared(QUOTES, _quoted(file, _common(file, upload, source, file.times("ts_event")))),)


def sampled_quotes(file: DbnFile, upload: Upload, source: str) -> tuple[Prepared, ...]:
    """``bbo-*`` and ``cbbo-*``: the best bid and offer at the end of each second or minute."""
    return (Prepared(QUOTES, _quoted(file, _common(file, upload, source, file.times("ts_recv")))),)


def top_of_book(file: DbnFile, upload: Upload, source: str) -> Prepared:
    """Of ``mbp-10``: the best bid and offer where an event leaves it changed."""
    rows = _quoted(file, _common(file, upload, source, file.times("ts_event")))
    settled = rows.filter((file.column("flags") & 128) > 0)
    best = pl.struct("symbol", "bid", "ask", "bid_size", "ask_size")
    return Prepared(QUOTES, settled.filter((best != best.shift(1)).fill_null(value=True)))


def bars(file: DbnFile, upload: Upload, source: str) -> tuple[Prepared, ...]:
    """``ohlcv-*``: the time is the start of the bar."""
    resolution = file.schema.removeprefix("ohlcv-")
    starts = file.times("ts_event")
    rows = pl.DataFrame([file.symbols, *(file.prices(name) for name in ("open", "high", "low", "close"))])
    rows = rows.with_columns(
        volume=file.column("volume").cast(pl.Decimal(38, 4)),
        source=pl.lit(source),
        source_file=pl.lit(upload.label),
        row_no=pl.int_range(1, rows.height + 1, dtype=pl.Int64),
    )
    if resolution == "1d":
        return (Prepared(DAILY_BARS, rows.with_columns(day=starts.dt.date(), adjust=pl.lit("none"))),)
    ends = (starts.cast(pl.Int64) + _LENGTHS[resolution] * 1_000_000_000).cast(UTC_NS)
    sessions = sessions_around(starts, file.calendar) if file.calendar else None
    unknown = pl.repeat(UNKNOWN, rows.height, dtype=SESSION, eager=True)
    labels = (
        sessions.bars(starts, ends)
        if sessions
        else pl.DataFrame({"trade_date": starts.dt.date(), "session": unknown})
    )
    moment = pl.Datetime("ms", "UTC")
    rows = rows.hstack(labels).with_columns(
        resolution=pl.lit(resolution), bar_start=starts.cast(moment), bar_end=ends.cast(moment),
        venue=pl.lit(file.venue),
    )  # fmt: skip
    return (Prepared(BARS, rows),)


def labelled(file: DbnFile, times: pl.Series) -> pl.DataFrame:
    """``trade_date`` and ``session`` by the exchange's calendar."""
    return label(times, file.calendar, "UTC")


def _common(file: DbnFile, upload: Upload, source: str, times: pl.Series) -> pl.DataFrame:
    row_no = pl.int_range(1, len(times) + 1, dtype=pl.Int64, eager=True)
    sequence = file.column("sequence") if "sequence" in (file.records.dtype.names or ()) else row_no
    return pl.DataFrame([file.symbols, times.alias("event_time")]).hstack(labelled(file, times)).with_columns(
        venue=pl.lit(file.venue),
        sequence=sequence.cast(pl.Int64),
        source=pl.lit(source),
        source_file=pl.lit(upload.label),
        row_no=row_no,
    )  # fmt: skip


def _quoted(file: DbnFile, common: pl.DataFrame) -> pl.DataFrame:
    """A side without a price is NULL, and so is its size."""
    columns = {}
    for side in ("bid", "ask"):
        price = file.prices(f"{side}_px_00")
        columns[side] = price
        size = file.column(f"{side}_sz_00").cast(_SIZE)
        columns[f"{side}_size"] = pl.select(pl.when(price.is_not_null()).then(size)).to_series()
    return common.with_columns(**columns, conditions=file.column("flags").cast(pl.String))
