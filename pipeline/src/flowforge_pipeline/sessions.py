"""Exchange days and regular hours from exchange-calendars: half days, holidays and DST included."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, reduce
from typing import cast

import polars as pl

from flowforge_pipeline.calendars import shipped
from flowforge_pipeline.problems import PipelineError

UNKNOWN, REGULAR, EXTENDED = "unknown", "regular", "extended"
"""Values of the ``session`` columns."""

SESSION = pl.Enum([UNKNOWN, REGULAR, EXTENDED])

_FEW_SESSIONS = 3


@dataclass(frozen=True)
class Sessions:
    """Regular sessions of one calendar: ``day``, ``open``, ``close`` (UTC, ns), by ``open``."""

    zone: str
    frame: pl.DataFrame

    def labels(self, times: pl.Series) -> pl.DataFrame:
        """``trade_date`` and ``session`` of UTC instants.

        Inside ``[open, close)`` it is that session and its day, which for futures may be the day
        before in local time; elsewhere extended, and the local date.
        """
        inside, day = self._matching(times)
        local = times.dt.convert_time_zone(self.zone).dt.date()
        return pl.DataFrame({"trade_date": day.zip_with(inside, local), "session": _named(inside)})

    def session(self, times: pl.Series) -> pl.Series:
        """Only the ``session`` of UTC instants, where the trade date is known.

        Instants of one day meet one session, or none: two comparisons are a quarter of a search in all of them.
        """
        near = self.frame.filter((pl.col("open") <= times.max()) & (pl.col("close") > times.min()))
        if near.height > _FEW_SESSIONS:
            return _named(self._matching(times)[0])
        within = [(times >= opened) & (times < closed) for _, opened, closed in near.iter_rows()]
        return _named(
            reduce(operator.or_, within, pl.repeat(False, len(times), dtype=pl.Boolean, eager=True))
        )

    def bars(self, starts: pl.Series, ends: pl.Series) -> pl.DataFrame:
        """``trade_date`` and ``session`` of bars ``[start, end)``: regular where one overlaps a session.

        An hour that begins before the open belongs to the session that opens within it.
        """
        latest = self.frame["open"].search_sorted(ends, side="left").cast(pl.Int64) - 1
        opened = self.frame[latest.clip(0), ["day", "close"]]
        inside = (latest >= 0) & (starts < opened["close"])
        local = starts.dt.convert_time_zone(self.zone).dt.date()
        return pl.DataFrame({"trade_date": opened["day"].zip_with(inside, local), "session": _named(inside)})

    def _matching(self, times: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Which instants lie inside a session, and the day of the last session that opened before."""
        latest = self.frame["open"].search_sorted(times, side="right").cast(pl.Int64) - 1
        opened = self.frame[latest.clip(0), ["day", "close"]]
        return (latest >= 0) & (times < opened["close"]), opened["day"]


def label(times: pl.Series, calendar: str | None, zone: str) -> pl.DataFrame:
    """``trade_date`` and ``session`` by the calendar; without one: the date in ``zone`` and unknown."""
    sessions = sessions_around(times, calendar) if calendar else None
    if sessions is not None:
        return sessions.labels(times)
    unknown = pl.repeat(UNKNOWN, len(times), dtype=SESSION, eager=True)
    return pl.DataFrame({"trade_date": times.dt.convert_time_zone(zone).dt.date(), "session": unknown})


def sessions_around(times: pl.Series, calendar: str) -> Sessions | None:
    """Sessions of the years in which these instants lie."""
    first, last = cast("datetime | None", times.min()), cast("datetime | None", times.max())
    if first is None or last is None:
        return None
    return sessions_of(calendar, date(first.year, 1, 1), date(last.year, 12, 31))


@lru_cache(maxsize=64)
def sessions_of(calendar: str, start: date, end: date) -> Sessions | None:
    """Sessions between two dates; None where the calendar does not reach back (or forward) so far.

    Building a calendar that is not shipped costs a third of a second whatever its length: ask for whole years.
    """
    known = shipped(calendar, start, end)
    if known is not None:
        return Sessions(*known)
    from exchange_calendars import get_calendar
    from exchange_calendars.errors import InvalidCalendarName

    try:
        found = get_calendar(calendar, start=start.isoformat(), end=end.isoformat())
    except InvalidCalendarName as error:
        raise PipelineError(
            f'"{calendar}" is not a trading calendar.', remedy="Use a market code such as XNYS, XLON or CMES."
        ) from error
    except ValueError:  # outside the dates that the calendar's rules cover
        return None
    schedule = found.schedule
    instant = pl.Datetime("ns", "UTC")
    frame = pl.DataFrame(
        {
            "day": [stamp.date() for stamp in schedule.index],
            "open": pl.Series(schedule["open"].astype("int64").to_numpy()).cast(instant),
            "close": pl.Series(schedule["close"].astype("int64").to_numpy()).cast(instant),
        }
    )
    return Sessions(str(found.tz), frame.sort("open"))


def _named(inside: pl.Series) -> pl.Series:
    names = pl.when(inside).then(pl.lit(REGULAR, SESSION)).otherwise(pl.lit(EXTENDED, SESSION))
    return pl.select(session=names).to_series()
