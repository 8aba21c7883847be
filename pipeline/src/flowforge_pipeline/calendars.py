"""Sessions of the calendars that are shipped as data (``data/calendars``).

Written from exchange-calendars by ``flowforge codegen``. The library itself takes a second of CPU and pandas to
import, and a third of a second for each calendar.
"""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files

import polars as pl


def shipped(calendar: str, start: date, end: date) -> tuple[str, pl.DataFrame] | None:
    """Zone, and ``day``, ``open``, ``close`` (UTC, ns) of the sessions from ``start`` to ``end``.

    None for a calendar that is not shipped, or not for all of these days.
    """
    file = files("flowforge_pipeline") / "data" / "calendars" / f"{calendar.replace('/', '_')}.json"
    if not calendar.replace("/", "").isalnum() or not file.is_file():
        return None
    facts = json.loads(file.read_text(encoding="utf-8"))
    if start < date.fromisoformat(facts["first"]) or end > date.fromisoformat(facts["last"]):
        return None
    days = pl.date_range(start, end, eager=True).alias("day")
    holidays = pl.Series(facts["holidays"], dtype=pl.String).str.to_date()
    days = days.filter(days.dt.weekday().is_in(facts["weekdays"]) & ~days.is_in(holidays.implode()))
    other = {day: int(minutes) for minutes, dates in facts["closes_at"].items() for day in dates}
    closes = [other.get(day, facts["closes"]) for day in days.dt.to_string("%Y-%m-%d")]
    zone: str = facts["timezone"]
    frame = pl.DataFrame(
        {
            "day": days,
            "open": _instants(days, pl.repeat(facts["opens"] - facts["ahead"], len(days), eager=True), zone),
            "close": _instants(days, pl.Series(closes, dtype=pl.Int64) - facts["ahead"], zone),
        }
    )
    return zone, frame


def _instants(days: pl.Series, minutes: pl.Series, zone: str) -> pl.Series:
    """UTC of clock times, as minutes from the day's midnight; none of them is skipped or comes twice."""
    nanoseconds = days.cast(pl.Datetime("ns")).cast(pl.Int64) + minutes.cast(pl.Int64) * 60_000_000_000
    return nanoseconds.cast(pl.Datetime("ns")).dt.replace_time_zone(zone).dt.convert_time_zone("UTC")
