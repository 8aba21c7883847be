"""Lean tick trades and quotes: integers × 10,000, milliseconds of the New York day, hexadecimal flags.

Vectorised: the text is split and converted by polars; only a broken row is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from flowforge_pipeline.importers import lean_conditions
from flowforge_pipeline.importers.checks import Rule, first_breach
from flowforge_pipeline.importers.lean_archive import TickFile, open_archive
from flowforge_pipeline.importers.prepared import Prepared, Upload
from flowforge_pipeline.importers.timestamps import UTC_NS
from flowforge_pipeline.problems import FileError
from flowforge_pipeline.sessions import SESSION, UNKNOWN, sessions_around
from flowforge_pipeline.tables import QUOTES, TRADES

ZONE = "America/New_York"
CALENDAR = "XNYS"
TRADE_COLUMNS = ("time", "price", "size", "exchange", "condition", "suspicious")
QUOTE_COLUMNS = ("time", "bid", "bid_size", "ask", "ask_size", "exchange", "condition", "suspicious")

_PRICE = pl.Decimal(18, 6)
_SIZE = pl.Decimal(18, 4)
_TEN_THOUSANDTH = pl.lit("0.0001").cast(pl.Decimal(18, 4))
_MILLISECONDS_PER_DAY = 86_400_000
_MAX_MANTISSA = 10**16 - 1
_REMEDY = "Is this a Lean tick file that nobody edited? Get it again."


def prepare(upload: Upload, source: str | None) -> Prepared:
    """The rows of a tick archive."""
    file = open_archive(upload)
    cells = _split(file, TRADE_COLUMNS if file.kind == "trade" else QUOTE_COLUMNS)
    numbers, rules = _numbers(cells, ("price", "size") if file.kind == "trade" else QUOTE_COLUMNS[1:5])
    breach = first_breach(rules)
    if breach is not None:
        value = cells[breach.rule.column][breach.row]
        raise FileError(
            breach.rule.reason,
            line=breach.row + 1,
            column=breach.rule.column,
            value=value,
            remedy=breach.rule.remedy,
        )
    common = _common(file, upload, numbers, cells, source or "lean")
    build = _trades if file.kind == "trade" else _quotes
    target = TRADES if file.kind == "trade" else QUOTES
    return Prepared(target, build(common, numbers, upload))


def _split(file: TickFile, columns: Sequence[str]) -> pl.DataFrame:
    """The cells as text; an unfinished last line is an error like any other."""
    text = file.text.rstrip(b"\r\n")
    if not text:
        raise FileError("The tick file is empty.", remedy=_REMEDY)
    try:
        cells = pl.read_csv(
            text, has_header=False, quote_char=None, schema=dict.fromkeys(columns, pl.String), eol_char="\n"
        )
        return cells.with_columns(pl.col("suspicious").str.strip_chars_end("\r")) if b"\r" in text else cells
    except pl.exceptions.ComputeError as error:
        lines = enumerate(text.split(b"\n"), start=1)
        number, line = next(((n, x) for n, x in lines if x.count(b",") >= len(columns)), (1, text[:60]))
        raise FileError(
            f"has {line.count(b',') + 1} cells where {len(columns)} are expected.",
            line=number,
            value=line.decode(errors="replace"),
            remedy=_REMEDY,
        ) from error


def _numbers(cells: pl.DataFrame, amounts: Sequence[str]) -> tuple[pl.DataFrame, list[Rule]]:
    numbers = cells.select(
        nanoseconds=_nanoseconds(cells["time"]),
        **{name: pl.col(name).cast(pl.Int64, strict=False) for name in amounts},
        flags=pl.col("condition").str.to_integer(base=16, dtype=pl.Int64, strict=False),
        suspicious=pl.col("suspicious").replace_strict(
            {"0": False, "1": True}, default=None, return_dtype=pl.Boolean
        ),
    )
    within = (numbers["nanoseconds"] >= 0) & (numbers["nanoseconds"] < _MILLISECONDS_PER_DAY * 1_000_000)
    rules = [Rule("time", ~within.fill_null(value=False), "is not a millisecond of the day.", _REMEDY)]
    for name in amounts:
        usable = (numbers[name] >= 0) & (numbers[name] <= _MAX_MANTISSA)
        rules.append(Rule(name, ~usable.fill_null(value=False), "is not a whole number from 0.", _REMEDY))
    flags = (numbers["flags"] >= 0) & (numbers["flags"] < 1 << 32)
    rules += [
        Rule("exchange", ~cells["exchange"].str.contains(r"^[A-Za-z]{1,4}$").fill_null(value=False),
             "is not an exchange code.", "Bars are not ticks: import only tick files."),
        Rule("condition", ~flags.fill_null(value=False), "is not a hexadecimal flag.", _REMEDY),
        Rule("suspicious", numbers["suspicious"].is_null(), "is neither 0 nor 1.", _REMEDY),
    ]  # fmt: skip
    return numbers, rules


def _nanoseconds(milliseconds: pl.Series) -> pl.Series:
    """Of the day. Milliseconds come as integers; the format's documentation allows decimals."""
    whole = milliseconds.cast(pl.Int64, strict=False)
    if whole.null_count() == 0:
        return whole * 1_000_000
    exact = milliseconds.cast(pl.Decimal(38, 6), strict=False).to_frame("time")
    return exact.select((pl.col("time") * 1_000_000).cast(pl.Int64, strict=False)).to_series()


def _common(
    file: TickFile, upload: Upload, numbers: pl.DataFrame, cells: pl.DataFrame, source: str
) -> pl.DataFrame:
    """The columns that trades and quotes share, in file order."""
    midnight = pl.lit(file.day).cast(pl.Datetime("ns"))
    wall = numbers.select(
        (midnight.cast(pl.Int64) + pl.col("nanoseconds")).cast(pl.Datetime("ns"))
    ).to_series()
    times = _utc(wall, file.day)
    if times.null_count():
        row = times.is_null().arg_max() or 0
        raise FileError(
            f"does not exist in {ZONE} on {file.day}: clocks are set forward over it.",
            line=row + 1, column="time", value=cells["time"][row], remedy=_REMEDY,
        )  # fmt: skip
    row_no = pl.int_range(1, cells.height + 1, dtype=pl.Int64)
    sessions = sessions_around(times, CALENDAR)
    return pl.select(
        event_time=times,
        symbol=pl.lit(file.symbol).cast(pl.Categorical),
        trade_date=pl.lit(file.day),
        session=sessions.session(times) if sessions else pl.lit(UNKNOWN, SESSION),
        venue=cells["exchange"],
        sequence=row_no,
        conditions=cells["condition"],
        suspicious=numbers["suspicious"],
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


def _trades(common: pl.DataFrame, numbers: pl.DataFrame, upload: Upload) -> pl.DataFrame:
    eligible = (numbers["flags"] & lean_conditions.INELIGIBLE == 0) & ~numbers["suspicious"]
    return common.with_columns(
        trade_id=pl.format("{}:{}", pl.lit(upload.short_digest), "row_no"),
        price=numbers.select(_price("price")).to_series(),
        quantity=numbers["size"].cast(_SIZE),
        ohlc_eligible=eligible,
        volume_eligible=eligible,
    )


def _quotes(common: pl.DataFrame, numbers: pl.DataFrame, _: Upload) -> pl.DataFrame:
    """A price of 0 says that the row does not quote that side."""
    quoted = numbers.select(
        **{side: pl.when(pl.col(side) > 0).then(_price(side)) for side in ("bid", "ask")},
        **{
            f"{side}_size": pl.when(pl.col(side) > 0).then(pl.col(f"{side}_size").cast(_SIZE))
            for side in ("bid", "ask")
        },
    )
    return common.hstack(quoted)


def _price(column: str) -> pl.Expr:
    return (pl.col(column).cast(pl.Decimal(18, 0)) * _TEN_THOUSANDTH).cast(_PRICE)
