"""Buckets of time on ClickHouse: moments of a clock as if it showed UTC, set back and brought home.

Intervals of nanoseconds throughout: with longer units ``toStartOfInterval`` truncates towards 1970, and is a
bucket late for fractions of seconds before. Offsets of zones are ClickHouse's own; what a clock skips
or repeats is known from ``clock_changes``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlglot import exp

from flowforge.formula.bucket_size import DAY, HOUR, BucketSize
from flowforge.formula.buckets import Bucket
from flowforge.formula.calendars import TradingCalendar, trading_calendar
from flowforge.formula.clock_changes import Starts, starts
from flowforge.formula.sql import between, binary, case, conjunction, func, is_in, negation, number, text
from flowforge.formula.tree import Call

_SECOND = 10**9
_TO_MONDAY = 3
"""Days from a Monday, 1969-12-29, to 1970-01-01."""

_START_OF_MONTHS = {1: "toStartOfMonth", 3: "toStartOfQuarter", 12: "toStartOfYear"}


def time_bucket(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """The start of the bucket, a DateTime64(9, 'UTC')."""
    bucket, moment = Bucket.of(call), _moment(arguments[-1])
    if bucket.anchor == "session":
        return _session(bucket, moment)
    if bucket.place == "UTC":
        return start_of(bucket.size, moment)
    if not bucket.size.below_day:
        date = _start_date(bucket.size, _local(moment, bucket.place))
        return func("toTimeZone", func("toDateTime64", date, number(9), text(bucket.place)), text("UTC"))
    start = start_of(bucket.size, _clock(moment, bucket.place))
    if bucket.size.seconds <= HOUR:
        return _back(start, _offset(moment, bucket.place))
    return _by_the_clock(start, starts(bucket.place, bucket.size), moment, bucket.place)


def start_of(size: BucketSize, moment: exp.Expr) -> exp.Expr:
    """A DateTime64 set back to the start of its bucket."""
    if size.unit in "wM":
        return _moment(_start_date(size, moment))
    length = number(size.seconds * _SECOND)
    if size.below_day and DAY % size.seconds:
        return func(
            "subtractNanoseconds", moment.copy(), func("positiveModulo", _since_midnight(moment), length)
        )
    return func("toStartOfInterval", moment.copy(), func("toIntervalNanosecond", length))


def _start_date(size: BucketSize, moment: exp.Expr) -> exp.Expr:
    """The first day of a bucket of days, weeks or months."""
    if size.unit == "M":
        if size.count in _START_OF_MONTHS:
            return func(_START_OF_MONTHS[size.count], moment.copy())
        years = binary(exp.Mul, func("toYear", moment.copy()), number(12))
        months = binary(exp.Sub, binary(exp.Add, years, func("toMonth", moment.copy())), number(1))
        past = func("positiveModulo", months, number(size.count))
        return func("subtractMonths", func("toStartOfMonth", moment.copy()), past)
    date = func("toDate32", moment.copy())
    if (size.unit, size.count) == ("d", 1):
        return date
    if (size.unit, size.count) == ("w", 1):
        return func("toMonday", moment.copy())
    days: exp.Expr = func("toInt64", date.copy())
    if size.unit == "w":
        days = binary(exp.Add, days, number(_TO_MONDAY))
    return binary(exp.Sub, date, func("positiveModulo", days, number(size.seconds // DAY)))


def _by_the_clock(start: exp.Expr, clock: Starts, moment: exp.Expr, zone: str) -> exp.Expr:
    """The first instant at which the zone's clock shows ``start``, or has jumped over it.

    By the offset of the day's first instant it is right until the clock changes; from then on its own
    offset tells. Where the very time of the change is skipped, the lesser of the offsets before and
    after gives the first instant of the new one.
    """
    midnight = func("toDateTime64", func("toDate32", _local(moment, zone)), number(9), text(zone))
    as_before = _back(start, func("timeZoneOffset", midnight))
    offset = _offset(as_before, zone)
    if clock.late == {timedelta()}:
        offset = func(
            "least", offset, _offset(func("subtractNanoseconds", as_before.copy(), number(1)), zone)
        )
    found = _back(start, offset)
    if clock.late <= {timedelta()}:
        return found
    shown = binary(exp.EQ, _offset(found, zone), offset.copy())
    behind = func("greatest", as_before.copy(), found.copy())
    return func("if", shown, found, _back(behind, _late(clock, behind)))


def _late(clock: Starts, as_before: exp.Expr) -> exp.Expr:
    """Seconds from the gap's beginning to a skipped start: as it was last, but for those listed."""
    usual = clock.skipped[-1].late
    others = sorted(clock.late - {usual})
    if not others:
        return _seconds(usual)

    def listed(late: timedelta) -> exp.Expr:
        those = [each.as_before.isoformat(sep=" ") for each in clock.skipped if each.late == late]
        return is_in(as_before.copy(), [text(each) for each in those])

    return case([(listed(late), _seconds(late)) for late in others], _seconds(usual))


def _session(bucket: Bucket, moment: exp.Expr) -> exp.Expr:
    calendar = trading_calendar(bucket.place)
    regular = bucket.session == "rth"
    clock = _clock(moment, calendar.timezone)
    if calendar.ahead:
        clock = func("addMinutes", clock, number(calendar.ahead))
    passed = _since_midnight(clock)
    terms = _trades_on(calendar, clock)
    since = passed
    if regular and calendar.opens:
        opens = number(calendar.opens * 60 * _SECOND)
        terms.append(binary(exp.GTE, passed.copy(), opens))
        since = binary(exp.Sub, passed, opens.copy())
    if regular and not calendar.always_open:
        terms.append(binary(exp.LT, passed.copy(), _closes(calendar, clock)))
    if bucket.size.below_day:
        since = func("positiveModulo", since, number(bucket.size.seconds * _SECOND))
    return func("if", conjunction(terms), func("subtractNanoseconds", moment.copy(), since), exp.Null())


def _trades_on(calendar: TradingCalendar, clock: exp.Expr) -> list[exp.Expr]:
    """Conditions for a moment of the exchange's clock to lie on a trading day."""
    date = func("toDate32", clock.copy())
    terms = [between(date, text(calendar.first), text(calendar.last))]
    if len(calendar.weekdays) < 7:
        weekdays = [number(each) for each in calendar.weekdays]
        terms.append(is_in(func("toDayOfWeek", clock.copy()), weekdays))
    if calendar.holidays:
        terms.append(negation(is_in(date.copy(), [text(each) for each in calendar.holidays])))
    return terms


def _closes(calendar: TradingCalendar, clock: exp.Expr) -> exp.Expr:
    """Nanoseconds from the start of the trading day to the close."""
    usual = number(calendar.closes * 60 * _SECOND)
    if not calendar.closes_at:
        return usual
    date = func("toDate32", clock.copy())
    early = [
        (is_in(date.copy(), [text(each) for each in days]), number(minutes * 60 * _SECOND))
        for minutes, days in calendar.closes_at.items()
    ]
    return case(early, usual)


def _moment(value: exp.Expr) -> exp.Expr:
    return func("toDateTime64", value.copy(), number(9), text("UTC"))


def _local(moment: exp.Expr, zone: str) -> exp.Expr:
    return func("toTimeZone", moment.copy(), text(zone))


def _offset(moment: exp.Expr, zone: str) -> exp.Expr:
    """Seconds that the zone's clock is ahead of UTC."""
    return func("timeZoneOffset", _local(moment, zone))


def _clock(moment: exp.Expr, zone: str) -> exp.Expr:
    """What the zone's clock shows, as if it were UTC."""
    return moment.copy() if zone == "UTC" else func("addSeconds", moment.copy(), _offset(moment, zone))


def _back(moment: exp.Expr, seconds: exp.Expr) -> exp.Expr:
    return func("subtractSeconds", moment.copy(), seconds.copy())


def _since_midnight(clock: exp.Expr) -> exp.Expr:
    """Nanoseconds since the start of the clock's day."""
    return func("positiveModulo", func("toUnixTimestamp64Nano", clock.copy()), number(DAY * _SECOND))


def _seconds(length: timedelta) -> exp.Expr:
    return number(length // timedelta(seconds=1))
