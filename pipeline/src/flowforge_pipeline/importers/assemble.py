"""Turn a file's columns into checked rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from flowforge_pipeline import instruments
from flowforge_pipeline.importers import decimals, timestamps
from flowforge_pipeline.importers.checks import Breach, Rule, first_breach
from flowforge_pipeline.importers.prepared import Upload
from flowforge_pipeline.problems import FileError
from flowforge_pipeline.sessions import label
from flowforge_pipeline.tables import DAILY_BARS, QUOTES, TRADES, Field, Target

SIDE = pl.Enum(["UNKNOWN", "BUY", "SELL"])
_SIDES = {
    "buy": "BUY",
    "b": "BUY",
    "bid": "BUY",
    "1": "BUY",
    "sell": "SELL",
    "s": "SELL",
    "ask": "SELL",
    "2": "SELL",
}
_NO_SIDE = ("", "n", "none", "u", "unknown", "0")
_SYMBOL = r"^[\w.\-/:^=+ ]{1,64}$"


@dataclass(frozen=True)
class Reading:
    """How the user wants a file read. ``calendar`` None: that of each symbol, where it is known."""

    source: str
    zone: str = "UTC"
    symbol: str | None = None
    calendar: str | None = None


def assemble(
    upload: Upload,
    target: Target,
    cells: pl.DataFrame,
    columns: Mapping[str, str],
    reading: Reading,
    line_of: Callable[[int], int] | None,
) -> pl.DataFrame:
    """Rows of ``target`` from ``cells``; ``FileError`` names the first cell that cannot be used."""
    series: dict[str, pl.Series] = {}
    rules: list[Rule] = []
    for field in target.fields:
        if field.name in columns:
            column = columns[field.name]
            series[field.name], found = _convert(field, cells[column], column, reading.zone)
            if field.required:
                rules.append(Rule(column, cells[column].is_null(), "is empty.", f"{field.name} is required."))
            rules.extend(found)
    if reading.symbol is not None:
        series["symbol"] = pl.repeat(reading.symbol, cells.height, eager=True)
    rules.extend(_row_rules(target, series, columns))
    breach = first_breach(rules)
    if breach is not None:
        raise _problem(breach, cells, line_of)
    rows = pl.DataFrame({name: values.alias(name) for name, values in series.items()})
    return _completed(rows, upload, target, reading)


def _convert(field: Field, cells: pl.Series, column: str, zone: str) -> tuple[pl.Series, list[Rule]]:
    if field.kind == "decimal":
        return decimals.parse(cells.cast(pl.String), field, column)
    if field.kind == "instant":
        return timestamps.parse(cells, zone, column)
    if field.kind == "day":
        return timestamps.parse_day(cells, zone, column)
    text = cells.cast(pl.String)
    if field.kind == "integer":
        whole = text.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)
        broken = text.is_not_null() & (whole.is_null() | (whole < 0))
        return whole, [Rule(column, broken, "is not a whole number from 0.", "Correct it, or leave it out.")]
    if field.kind == "side":
        lowered = text.fill_null("").str.to_lowercase()
        known = lowered.is_in([*_SIDES, *_NO_SIDE])
        side = lowered.replace_strict(_SIDES, default="UNKNOWN", return_dtype=SIDE)
        return side, [
            Rule(column, ~known, "is not a side.", "Use BUY, SELL, or nothing where it is unknown.")
        ]
    if field.name == "symbol":
        broken = ~text.str.contains(_SYMBOL).fill_null(value=True)
        return text, [Rule(column, broken, "is not a symbol.", "Up to 64 letters, digits and . - / : ^ = +")]
    return text.fill_null(""), []


def _row_rules(target: Target, series: Mapping[str, pl.Series], columns: Mapping[str, str]) -> list[Rule]:
    rules = []
    if target is QUOTES:
        sides = [series[name].is_null() for name in ("bid", "ask") if name in series]
        if not sides:
            raise FileError("No column for bid or ask.", remedy="Use --map bid=column and --map ask=column.")
        neither = sides[0] if len(sides) == 1 else sides[0] & sides[1]
        name = columns.get("bid") or columns["ask"]
        rules.append(
            Rule(name, neither, "and its counterpart are empty.", "A quote has a bid, an ask, or both.")
        )
    if target is DAILY_BARS:
        if "high" in series and "low" in series:
            crossed = (series["high"] < series["low"]).fill_null(value=False)
            rules.append(Rule(columns["high"], crossed, "is below the low of the day.", "Check the columns."))
        keys = pl.DataFrame([series[name].alias(name) for name in target.key])
        again = ~keys.select(pl.struct(pl.all()).is_first_distinct()).to_series()
        rules.append(Rule(columns["day"], again, "is there twice for its symbol.", "Keep one bar per day."))
    return rules


def _problem(breach: Breach, cells: pl.DataFrame, line_of: Callable[[int], int] | None) -> FileError:
    value = cells[breach.rule.column][breach.row]
    return FileError(
        breach.rule.reason,
        line=line_of(breach.row) if line_of else None,
        column=breach.rule.column,
        value=None if value is None else str(value),
        remedy=breach.rule.remedy if line_of else f"{breach.rule.remedy} (row {breach.row + 1:,})",
    )


def _completed(rows: pl.DataFrame, upload: Upload, target: Target, reading: Reading) -> pl.DataFrame:
    """Add what every table carries about where a row came from, and trades' and quotes' session."""
    rows = rows.with_columns(
        source=pl.lit(reading.source),
        source_file=pl.lit(upload.label),
        row_no=pl.int_range(1, rows.height + 1, dtype=pl.Int64),
    )
    if target is DAILY_BARS:
        return rows
    if "sequence" in rows.columns:
        rows = rows.with_columns(pl.col("sequence").fill_null(pl.col("row_no")))
    else:
        rows = rows.with_columns(sequence=pl.col("row_no"))
    if target is TRADES:
        given = pl.col("trade_id") if "trade_id" in rows.columns else pl.lit("")
        made = pl.format("{}:{}", pl.lit(upload.short_digest), "row_no")
        rows = rows.with_columns(trade_id=pl.when(given != "").then(given).otherwise(made))
    return _with_sessions(rows, reading)


def _with_sessions(rows: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    calendars = {
        symbol: reading.calendar or instruments.calendar_of(symbol) for symbol in rows["symbol"].unique()
    }
    if len(set(calendars.values())) == 1:
        calendar = next(iter(calendars.values()))
        return rows.hstack(label(rows["event_time"], calendar, reading.zone))
    mapped = rows.with_columns(calendar=pl.col("symbol").replace_strict(calendars, return_dtype=pl.String))
    parts = [
        part.drop("calendar").hstack(label(part["event_time"], calendar, reading.zone))
        for (calendar,), part in mapped.group_by(["calendar"], maintain_order=True)
    ]
    return pl.concat(parts).sort("row_no")
