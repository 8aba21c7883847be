"""``time_bucket``: the start of the bucket that a time lies in (``formula.buckets`` describes the tree).

Times of a clock are held as if it showed UTC, in nanoseconds; what a clock skips is known from
``formula.clock_changes``, sessions from the same calendars that SQL is written from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flowforge.formula.bucket_size import DAY, HOUR, BucketSize
from flowforge.formula.buckets import Bucket
from flowforge.formula.calendars import TradingCalendar, trading_calendar
from flowforge.formula.clock_changes import clock_changes
from flowforge.formula.tree import Call
from flowforge.residual.convert import to_datetime
from flowforge.residual.functions.arithmetic import Compute
from flowforge.residual.values import dtype, nanoseconds

if TYPE_CHECKING:
    import polars as pl

_SECOND = 1_000_000_000
_DAY = DAY * _SECOND
_TO_MONDAY = 3 * _DAY
"""From a Monday, 1969-12-29, to 1970-01-01."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _time_bucket(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    import polars as pl

    bucket, moment = Bucket.of(call), to_datetime(values[-1])
    instants = moment.cast(pl.Int64)
    if bucket.anchor == "session":
        found = _session(bucket, moment, instants)
    elif bucket.place == "UTC":
        found = floor(bucket.size, instants)
    else:
        clock = _clock(moment, bucket.place)
        start = floor(bucket.size, clock)
        if bucket.size.below_day and bucket.size.seconds <= HOUR:
            found = start - (clock - instants)
        else:
            found = _brought_home(start, bucket.place)
    return found.cast(dtype(call.type))


def _clock(moment: pl.Series, zone: str) -> pl.Series:
    """What the zone's clock shows."""
    import polars as pl

    local = moment.dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    return local.dt.replace_time_zone(None).cast(pl.Int64)


def floor(size: BucketSize, clock: pl.Series) -> pl.Series:
    """A clock's times set back to the starts of their buckets."""
    import polars as pl

    if size.unit == "M":
        shown = clock.cast(pl.Datetime("ns"))
        months = shown.dt.year().cast(pl.Int64) * 12 + shown.dt.month() - 1
        months = months // size.count * size.count
        frame = pl.DataFrame({"year": months // 12, "month": months % 12 + 1})
        return frame.select(pl.datetime("year", "month", 1, time_unit="ns").cast(pl.Int64)).to_series()
    length = size.seconds * _SECOND
    if size.below_day:
        return clock - clock % _DAY % length
    return clock - (clock + (_TO_MONDAY if size.unit == "w" else 0)) % length


def _brought_home(start: pl.Series, zone: str) -> pl.Series:
    """The first instant at which the zone's clock shows each start, or has jumped over it."""
    import polars as pl

    distinct = start.drop_nulls().unique()
    found = [_first_instant(value, zone) for value in distinct.to_list()]
    homes = pl.DataFrame({"start": distinct, "home": pl.Series(found, dtype=pl.Int64)})
    return pl.DataFrame({"start": start}).join(homes, on="start", how="left", maintain_order="left")["home"]


def _first_instant(wall: int, zone: str) -> int:
    shown = (_EPOCH + timedelta(seconds=wall // _SECOND)).replace(tzinfo=None)
    for change in clock_changes(zone):
        if change.before <= shown < change.after:
            return nanoseconds(change.instant)
    return nanoseconds(shown.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))


def _session(bucket: Bucket, moment: pl.Series, instants: pl.Series) -> pl.Series:
    import polars as pl

    calendar = trading_calendar(bucket.place)
    clock = _clock(moment, calendar.timezone) + calendar.ahead * 60 * _SECOND
    frame = pl.DataFrame({"instant": instants, "passed": clock % _DAY, "day": clock // _DAY})
    days = frame["day"].drop_nulls().unique()
    closes = [_closes(calendar, date(1970, 1, 1) + timedelta(days=day)) for day in days.to_list()]
    sessions = pl.DataFrame({"day": days, "closes": pl.Series(closes, dtype=pl.Int64)})
    frame = frame.join(sessions, on="day", how="left", maintain_order="left")
    passed, inside = pl.col("passed"), pl.col("closes").is_not_null()
    since = passed
    if bucket.session == "rth":
        opens = calendar.opens * 60 * _SECOND
        since = passed - opens
        inside = inside & (passed >= opens) & (passed < pl.col("closes"))
    if bucket.size.below_day:
        since = since % (bucket.size.seconds * _SECOND)
    return frame.select(pl.when(inside).then(pl.col("instant") - since)).to_series()


def _closes(calendar: TradingCalendar, day: date) -> int | None:
    """Nanoseconds from the start of a trading day to its close; None where the exchange does not trade."""
    text = day.isoformat()
    if not calendar.first <= text <= calendar.last or day.isoweekday() not in calendar.weekdays:
        return None
    if text in calendar.holidays:
        return None
    if calendar.always_open:
        return _DAY
    early = [minutes for minutes, days in calendar.closes_at.items() if text in days]
    return (early[0] if early else calendar.closes) * 60 * _SECOND


BUCKETS: Mapping[str, Compute] = {"time_bucket": _time_bucket}
