"""Buckets of time on PostgreSQL and Materialize: timestamps of the clock, set back and brought home.

``TIMEZONE(zone, …)`` takes a skipped time for the instant that a clock left alone would have shown it
at, and a repeated one for the later; what a clock skips or repeats is known from ``clock_changes``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlglot import exp

from flowforge.formula import postgres_numbers as postgres
from flowforge.formula.bucket_size import DAY, HOUR, BucketSize
from flowforge.formula.buckets import Bucket
from flowforge.formula.calendars import TradingCalendar, trading_calendar
from flowforge.formula.clock_changes import Starts, starts
from flowforge.formula.sql import (
    between,
    binary,
    case,
    cast,
    conjunction,
    func,
    is_in,
    negation,
    number,
    text,
)
from flowforge.formula.tree import Call
from flowforge.types import DATETIME

_TIMESTAMP = exp.DataType(this=exp.DType.TIMESTAMP)
_TIMESTAMPTZ = exp.DataType(this=exp.DType.TIMESTAMPTZ)
_INTERVAL = exp.DataType(this=exp.DType.INTERVAL)
_DATE = exp.DataType(this=exp.DType.DATE)

_WORDS = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week", "M": "month"}
_TRUNCATED = {(1, unit): word for unit, word in _WORDS.items()} | {(3, "M"): "quarter", (12, "M"): "year"}


def time_bucket(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """The start of the bucket, a timestamptz."""
    bucket, moment = Bucket.of(call), postgres.coerced(call.arguments[-1], arguments[-1], DATETIME)
    if bucket.anchor == "session":
        return _session(bucket, moment)
    if bucket.place == "UTC":
        return _floor(bucket.size, moment, _TIMESTAMPTZ)
    wall = func("TIMEZONE", text(bucket.place), moment)
    start = _floor(bucket.size, wall, _TIMESTAMP)
    if bucket.size.below_day and bucket.size.seconds <= HOUR:
        return binary(exp.Sub, moment.copy(), binary(exp.Sub, wall.copy(), start))
    return _instant_of(start, bucket.place, starts(bucket.place, bucket.size))


def _floor(size: BucketSize, value: exp.Expr, type_: exp.DataType) -> exp.Expr:
    """A time set back to the start of its bucket, by its own clock."""
    word = _TRUNCATED.get((size.count, size.unit))
    if word is not None:
        return func("DATE_TRUNC", text(word), value.copy())
    if size.unit == "M":
        years = binary(exp.Mul, _part_of("YEAR", value), number(12))
        months = binary(exp.Sub, binary(exp.Add, years, _part_of("MONTH", value)), number(1))
        past = binary(exp.Mul, func("MOD", months, number(size.count)), _interval("1 month"))
        return binary(exp.Sub, func("DATE_TRUNC", text("month"), value.copy()), past)
    if size.below_day and DAY % size.seconds:
        origin: exp.Expr = func("DATE_TRUNC", text("day"), value.copy())
    else:
        origin = cast(text("1969-12-29" if size.unit == "w" else "1970-01-01"), type_.copy())
    return func("DATE_BIN", _length(size), value.copy(), origin)


def _instant_of(wall: exp.Expr, zone: str, clock: Starts) -> exp.Expr:
    """The first instant at which the zone's clock shows a time, or has jumped over it."""
    found = func("TIMEZONE", text(zone), wall)
    if not clock.late <= {timedelta()}:
        shown = binary(exp.EQ, func("TIMEZONE", text(zone), found.copy()), wall.copy())
        found = case([(negation(shown), binary(exp.Sub, found.copy(), _late(clock, found)))], found)
    if clock.repeated:
        day_before = binary(exp.Sub, func("TIMEZONE", text(zone), wall.copy()), _interval("24 hours"))
        passed = binary(exp.Sub, wall.copy(), func("TIMEZONE", text(zone), day_before.copy()))
        as_before = binary(exp.Add, day_before, passed)
        shown = binary(exp.EQ, func("TIMEZONE", text(zone), as_before.copy()), wall.copy())
        found = case([(shown, as_before)], found)
    return found


def _late(clock: Starts, as_before: exp.Expr) -> exp.Expr:
    """By how much a skipped start lies behind the gap's beginning: as it was last, but for those listed."""
    usual = _seconds(clock.skipped[-1].late)
    others = sorted(clock.late - {clock.skipped[-1].late})
    if not others:
        return usual

    def listed(late: timedelta) -> exp.Expr:
        those = [f"{each.as_before.isoformat(sep=' ')}+00:00" for each in clock.skipped if each.late == late]
        return is_in(as_before.copy(), [text(each) for each in those])

    return case([(listed(late), _seconds(late)) for late in others], usual)


def _session(bucket: Bucket, moment: exp.Expr) -> exp.Expr:
    calendar = trading_calendar(bucket.place)
    regular = bucket.session == "rth"
    wall = func("TIMEZONE", text(calendar.timezone), moment)
    if calendar.ahead:
        wall = binary(exp.Add, wall, _minutes(calendar.ahead))
    day = func("DATE_TRUNC", text("day"), wall.copy())
    opened = binary(exp.Add, day, _minutes(calendar.opens)) if regular and calendar.opens else day
    terms = _trades_on(calendar, wall)
    if regular and calendar.opens:
        terms.append(binary(exp.GTE, wall.copy(), opened.copy()))
    if regular and not calendar.always_open:
        terms.append(binary(exp.LT, wall.copy(), binary(exp.Add, day.copy(), _closes(calendar, wall))))
    start = opened
    if bucket.size.below_day:
        start = func("DATE_BIN", _length(bucket.size), wall.copy(), opened)
    found = binary(exp.Sub, moment.copy(), binary(exp.Sub, wall.copy(), start))
    return case([(conjunction(terms), found)], None)


def _trades_on(calendar: TradingCalendar, wall: exp.Expr) -> list[exp.Expr]:
    """Conditions for a time to lie on a trading day."""
    date = cast(wall.copy(), _DATE.copy())
    terms = [between(date, text(calendar.first), text(calendar.last))]
    if len(calendar.weekdays) < 7:
        weekdays = [number(each) for each in calendar.weekdays]
        terms.append(is_in(_part_of("ISODOW", wall), weekdays))
    if calendar.holidays:
        terms.append(negation(is_in(date.copy(), [text(each) for each in calendar.holidays])))
    return terms


def _closes(calendar: TradingCalendar, wall: exp.Expr) -> exp.Expr:
    """From the start of the trading day to the close."""
    usual = _minutes(calendar.closes)
    if not calendar.closes_at:
        return usual
    date = cast(wall.copy(), _DATE.copy())
    early = [
        (is_in(date.copy(), [text(each) for each in days]), _minutes(minutes))
        for minutes, days in calendar.closes_at.items()
    ]
    return case(early, usual)


def _part_of(part: str, value: exp.Expr) -> exp.Expr:
    return cast(exp.Extract(this=exp.Var(this=part), expression=value.copy()), postgres.BIGINT.copy())


def _length(size: BucketSize) -> exp.Expr:
    """A size of a fixed length; weeks as days, which PostgreSQL takes for 24 hours each here."""
    if size.unit == "w":
        return _interval(f"{7 * size.count} days")
    return _interval(f"{size.count} {_WORDS[size.unit]}{'s' if size.count > 1 else ''}")


def _minutes(count: int) -> exp.Expr:
    return _interval(f"{count} minutes")


def _seconds(length: timedelta) -> exp.Expr:
    return _interval(f"{length // timedelta(seconds=1)} seconds")


def _interval(length: str) -> exp.Expr:
    return cast(text(length), _INTERVAL.copy())
