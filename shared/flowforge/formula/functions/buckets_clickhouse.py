"""Buckets of time on ClickHouse: whole nanoseconds since 1970, set back by a remainder.

Not ``toStartOfInterval``: it truncates towards 1970 and is a bucket late for fractions of seconds before.
Offsets of zones are ClickHouse's own; what a clock skips or repeats is known from ``clock_changes``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlglot import exp

from flowforge.formula.bucket_size import DAY, BucketSize
from flowforge.formula.buckets import Bucket
from flowforge.formula.calendars import TradingCalendar, trading_calendar
from flowforge.formula.clock_changes import Skipped, Starts, starts
from flowforge.formula.sql import between, binary, case, conjunction, func, is_in, negation, number, text
from flowforge.formula.tree import Call

_SECOND = 10**9
_DAY = DAY * _SECOND
_TO_MONDAY = 3
"""Days from a Monday, 1969-12-29, to 1970-01-01."""

_START_OF_MONTHS = {1: "toStartOfMonth", 3: "toStartOfQuarter", 12: "toStartOfYear"}


def time_bucket(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """The start of the bucket, a DateTime64(9, 'UTC')."""
    bucket, moment = Bucket.of(call), _moment(arguments[-1])
    if bucket.anchor == "session":
        return _session(bucket, moment)
    if bucket.place == "UTC":
        return start_of(bucket.size, arguments[-1])
    if bucket.size.below_day:
        if bucket.size.seconds <= 3600:
            wall = _wall(moment, bucket.place)
            return _instant(binary(exp.Sub, _nanoseconds(moment), _past(wall, bucket.size)))
        return _by_the_clock(bucket.size, moment, bucket.place)
    date = _start_date(bucket.size, _local(moment, bucket.place))
    return func("toTimeZone", func("toDateTime64", date, number(9), text(bucket.place)), text("UTC"))


def start_of(size: BucketSize, value: exp.Expr) -> exp.Expr:
    """The start of a bucket by UTC."""
    if size.unit == "M":
        return _moment(_start_date(size, value))
    wall = _nanoseconds(_moment(value))
    return _instant(binary(exp.Sub, wall, _past(wall.copy(), size)))


def _past(wall: exp.Expr, size: BucketSize) -> exp.Expr:
    """Nanoseconds from the start of the bucket, by a clock's nanoseconds since its 1970."""
    if size.unit == "w":
        wall = binary(exp.Add, wall, number(_TO_MONDAY * _DAY))
    elif size.below_day and DAY % size.seconds:
        wall = func("positiveModulo", wall, number(_DAY))
    return func("positiveModulo", wall, number(size.seconds * _SECOND))


def _start_date(size: BucketSize, value: exp.Expr) -> exp.Expr:
    """The first day of a bucket of days, weeks or months."""
    if size.unit == "M":
        if size.count in _START_OF_MONTHS:
            return func(_START_OF_MONTHS[size.count], value)
        years = binary(exp.Mul, func("toYear", value.copy()), number(12))
        months = binary(exp.Sub, binary(exp.Add, years, func("toMonth", value.copy())), number(1))
        past = func("positiveModulo", months, number(size.count))
        return func("addMonths", func("toStartOfMonth", value), exp.Neg(this=past))
    date = func("toDate32", value)
    if (size.unit, size.count) == ("d", 1):
        return date
    days: exp.Expr = func("toInt64", date.copy())
    if size.unit == "w":
        days = binary(exp.Add, days, number(_TO_MONDAY))
    return binary(exp.Sub, date, func("positiveModulo", days, number(size.seconds // DAY)))


def _by_the_clock(size: BucketSize, moment: exp.Expr, zone: str) -> exp.Expr:
    """Hours of the clock's face: the first instant at which it shows the start, or has jumped over it.

    The start, by the offset of the day's first instant, is right until the clock changes; there its own
    offset tells. Where the start is the very time that is skipped, that is the lesser offset of before
    and after: the first instant of the new one.
    """
    clock = starts(zone, size)
    wall = _wall(moment, zone)
    start = binary(exp.Sub, wall, _past(wall.copy(), size))
    midnight = func("toDateTime64", func("toDate32", _local(moment, zone)), number(9), text(zone))
    as_before = binary(exp.Sub, start, _scaled(func("timeZoneOffset", midnight)))
    offset = _offset(_instant(as_before), zone)
    if clock.late == {timedelta()}:
        earlier = _offset(_instant(binary(exp.Sub, as_before.copy(), number(1))), zone)
        offset = func("least", offset, earlier)
    found = binary(exp.Sub, start.copy(), _scaled(offset))
    if clock.late <= {timedelta()}:
        return _instant(found)
    shown = binary(exp.EQ, _offset(_instant(found.copy()), zone), offset.copy())
    behind = func("greatest", as_before.copy(), found.copy())
    return _instant(func("if", shown, found, binary(exp.Sub, behind, _late(clock, behind.copy()))))


def _late(clock: Starts, as_before: exp.Expr) -> exp.Expr:
    """By how much a skipped start lies behind the gap's beginning: as it was last, but for those listed."""
    usual = clock.skipped[-1].late

    def listed(late: timedelta) -> exp.Expr:
        those = [number(_since_1970(each)) for each in clock.skipped if each.late == late]
        return is_in(as_before.copy(), those)

    others = sorted(clock.late - {usual})
    if not others:
        return number(_ticks(usual))
    return case([(listed(late), number(_ticks(late))) for late in others], number(_ticks(usual)))


def _since_1970(skipped: Skipped) -> int:
    return _ticks(skipped.as_before - datetime(1970, 1, 1))  # noqa: DTZ001 - UTC, without a zone


def _ticks(length: timedelta) -> int:
    return length // timedelta(microseconds=1) * 1000


def _session(bucket: Bucket, moment: exp.Expr) -> exp.Expr:
    calendar = trading_calendar(bucket.place)
    regular = bucket.session == "rth"
    wall = _wall(moment, calendar.timezone)
    if calendar.ahead:
        wall = binary(exp.Add, wall, number(calendar.ahead * 60 * _SECOND))
    passed = func("positiveModulo", wall, number(_DAY))
    terms = _trades_on(calendar, moment)
    opens = calendar.opens * 60 * _SECOND if regular else 0
    if regular:
        terms.append(binary(exp.GTE, passed.copy(), number(opens)))
        terms.append(binary(exp.LT, passed.copy(), _closes(calendar, moment)))
    since = binary(exp.Sub, passed, number(opens)) if opens else passed
    if bucket.size.below_day:
        since = func("positiveModulo", since, number(bucket.size.seconds * _SECOND))
    start = _instant(binary(exp.Sub, _nanoseconds(moment.copy()), since))
    return func("if", conjunction(terms), start, exp.Null())


def _trades_on(calendar: TradingCalendar, moment: exp.Expr) -> list[exp.Expr]:
    """Conditions for a moment to lie on a trading day."""
    day = _trading_day(calendar, moment)
    terms = [between(func("toDate32", day), text(calendar.first), text(calendar.last))]
    if len(calendar.weekdays) < 7:
        weekdays = [number(each) for each in calendar.weekdays]
        terms.append(is_in(func("toDayOfWeek", day.copy()), weekdays))
    if calendar.holidays:
        holidays = [text(each) for each in calendar.holidays]
        terms.append(negation(is_in(func("toDate32", day.copy()), holidays)))
    return terms


def _closes(calendar: TradingCalendar, moment: exp.Expr) -> exp.Expr:
    """Nanoseconds from the start of the trading day to the close."""
    usual = number(calendar.closes * 60 * _SECOND)
    if not calendar.closes_at:
        return usual
    date = func("toDate32", _trading_day(calendar, moment))
    early = [
        (is_in(date.copy(), [text(each) for each in days]), number(minutes * 60 * _SECOND))
        for minutes, days in calendar.closes_at.items()
    ]
    return case(early, usual)


def _trading_day(calendar: TradingCalendar, moment: exp.Expr) -> exp.Expr:
    local = _local(moment, calendar.timezone)
    return func("addMinutes", local, number(calendar.ahead)) if calendar.ahead else local


def _moment(value: exp.Expr) -> exp.Expr:
    return func("toDateTime64", value.copy(), number(9), text("UTC"))


def _local(moment: exp.Expr, zone: str) -> exp.Expr:
    return moment.copy() if zone == "UTC" else func("toTimeZone", moment.copy(), text(zone))


def _wall(moment: exp.Expr, zone: str) -> exp.Expr:
    """What the zone's clock shows, in nanoseconds since its 1970."""
    since = _nanoseconds(moment.copy())
    return since if zone == "UTC" else binary(exp.Add, since, _scaled(_offset(moment, zone)))


def _offset(moment: exp.Expr, zone: str) -> exp.Expr:
    return func("timeZoneOffset", _local(moment, zone))


def _scaled(seconds: exp.Expr) -> exp.Expr:
    return binary(exp.Mul, seconds, number(_SECOND))


def _nanoseconds(moment: exp.Expr) -> exp.Expr:
    return func("toUnixTimestamp64Nano", moment)


def _instant(nanoseconds: exp.Expr) -> exp.Expr:
    return func("fromUnixTimestamp64Nano", nanoseconds, text("UTC"))
