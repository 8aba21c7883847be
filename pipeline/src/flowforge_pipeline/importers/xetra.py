"""Minute bars of Xetra as Deutsche Börse publishes them (Public Data Set): UTC, all equities in one file.

The key is the ISIN: mnemonics repeat those of other exchanges. A row with volume 0 is an indicative
price or an auction without turnover, and is kept.
"""

from __future__ import annotations

from functools import partial

import polars as pl

from flowforge_pipeline.importers import decimals, delimited
from flowforge_pipeline.importers.checks import Rule, first_breach
from flowforge_pipeline.importers.prepared import Prepared, Upload
from flowforge_pipeline.importers.reference_rows import instruments
from flowforge_pipeline.importers.timestamps import UTC_NS, within_reach
from flowforge_pipeline.problems import FileError
from flowforge_pipeline.sessions import sessions_around
from flowforge_pipeline.tables import BARS, Field

SOURCE, CALENDAR, VENUE = "xetra", "XETR", "XETR"
_PRICES = {"open": "StartPrice", "high": "MaxPrice", "low": "MinPrice", "close": "EndPrice"}
_ISIN = r"^[A-Z]{2}[A-Z0-9]{9}[0-9]$"
_KINDS = {"Common stock": "equity", "ETF": "fund", "ETC": "fund", "ETN": "fund"}
_REMEDY = "Is this a file of the Public Data Set that nobody edited? Get it again."


def prepare(upload: Upload, content: bytes, source: str | None) -> tuple[Prepared, ...]:
    """The bars, and the securities that the file describes."""
    cells = delimited.read(content)
    found: dict[str, pl.Series] = {}
    rules = [
        Rule("ISIN", ~cells["ISIN"].str.contains(_ISIN).fill_null(value=False), "is not an ISIN.", _REMEDY)
    ]
    for name, column in _PRICES.items():
        found[name], wrong = decimals.parse(cells[column], Field(name, "decimal"), column)
        rules += [Rule(column, cells[column].is_null(), "is empty.", _REMEDY), *wrong]
    volume = Field("volume", "decimal", precision=38, scale=4)
    found["volume"], wrong = decimals.parse(cells["TradedVolume"], volume, "TradedVolume")
    found["trade_count"] = cells["NumberOfTrades"].cast(pl.Int64, strict=False)
    start = (cells["Date"] + " " + cells["Time"]).str.to_datetime("%Y-%m-%d %H:%M", strict=False)
    start = within_reach(start)
    rules += [
        Rule("TradedVolume", cells["TradedVolume"].is_null(), "is empty.", _REMEDY),
        *wrong,
        Rule("NumberOfTrades", ~(found["trade_count"] >= 0).fill_null(value=False), "is not a whole number from 0.", _REMEDY),
        Rule("Time", start.is_null(), "and its date are not a minute.", _REMEDY),
        Rule("MaxPrice", (found["high"] < pl.select(pl.max_horizontal(found["open"], found["close"], found["low"])).to_series()).fill_null(value=False), "is below another price of the bar.", _REMEDY),
        Rule("MinPrice", (found["low"] > pl.select(pl.min_horizontal(found["open"], found["close"])).to_series()).fill_null(value=False), "is above another price of the bar.", _REMEDY),
        Rule("Time", ~pl.select(pl.struct(cells["ISIN"], start.alias("start")).is_first_distinct()).to_series(), "is there twice for its ISIN.", "Keep one bar per minute."),
    ]  # fmt: skip
    breach = first_breach(rules)
    if breach is not None:
        raise FileError(
            breach.rule.reason, line=partial(delimited.line_of, content)(breach.row), column=breach.rule.column,
            value=cells[breach.rule.column][breach.row], remedy=breach.rule.remedy,
        )  # fmt: skip
    starts = start.dt.replace_time_zone("UTC").cast(UTC_NS)
    ends = starts.dt.offset_by("1m")
    sessions = sessions_around(starts, CALENDAR)
    assert sessions is not None
    moment = pl.Datetime("ms", "UTC")
    rows = pl.DataFrame({name: values.alias(name) for name, values in found.items()}).hstack(
        sessions.bars(starts, ends)
    )
    rows = rows.with_columns(
        symbol=cells["ISIN"], resolution=pl.lit("1m"), bar_start=starts.cast(moment), bar_end=ends.cast(moment),
        venue=pl.lit(VENUE), source=pl.lit(source or SOURCE), source_file=pl.lit(upload.label),
        row_no=pl.int_range(1, rows.height + 1, dtype=pl.Int64),
    )  # fmt: skip
    return Prepared(BARS, rows), *_securities(cells)


def _securities(cells: pl.DataFrame) -> list[Prepared]:
    described = cells.unique("ISIN", keep="first", maintain_order=True)
    return instruments(
        {
            "instrument_id": f"{VENUE}:{row['Mnemonic'] or row['ISIN']}",
            "symbol": row["ISIN"],
            "name": row["SecurityDesc"] or row["ISIN"],
            "kind": _KINDS.get(row["SecurityType"] or "", "unknown"),
            "exchange": VENUE,
            "currency": row["Currency"] or "",
            "calendar": CALENDAR,
        }
        for row in described.iter_rows(named=True)
    )
