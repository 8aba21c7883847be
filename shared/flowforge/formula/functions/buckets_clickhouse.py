"""Buckets of time on ClickHouse: moments of a clock as if it showed UTC, set back and brought home.

Offsets of zones are ClickHouse's own; what a clock skips or repeats is known from ``clock_changes``. Where
WITH can name parts – the clock's time, the exchange's holidays – each is written once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlglot import exp

from flowforge.formula import clickhouse_moments
from flowforge.formula.bucket_size import DAY, HOUR, BucketSize
from flowforge.formula.buckets import Bucket, coincides
from flowforge.formula.calendars import TradingCalendar, trading_calendar
from flowforge.formula.clickhouse_moments import moment as _moment
from flowforge.formula.clock_changes import Starts, starts
from flowforge.formula.signature import Bind
from flowforge.formula.sql import between, binary, case, conjunction, func, is_in, negation, number, text
from flowforge.formula.tree import Call

_SECOND = 10**9
_TO_MONDAY = 3
"""Days from a Monday, 1969-12-29, to 1970-01-01."""

_START_OF_MONTHS = {1: "toStartOfMonth", 3: "toStartOfQuarter", 12: "toStartOfYear"}


def time_bucket(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """The start of the bucket, a DateTime64 of UTC."""
    return _Writer(call, _written_out).bucket(arguments[-1])


def time_bucket_sharing(call: Call, arguments: Sequence[exp.Expr], bind: Bind) -> exp.Expr:
    """The same, its parts named by ``bind``."""
    return _Writer(call, bind).bucket(arguments[-1])


def _written_out(call: Call, name: str, part: exp.Expr) -> exp.Expr:
    return part


class _Writer:
    """Writes one bucket."""

    def __init__(self, call: Call, bind: Bind) -> None:
        self._call, self._bind = call, bind
        self._bucket = Bucket.of(call)

    def bucket(self, time: exp.Expr) -> exp.Expr:
        """The start of the bucket that ``time`` lies in."""
        bucket, moment = self._bucket, _moment(time)
        moment.meta.update(time.meta)
        if bucket.anchor == "session":
            return self._session(moment)
        if bucket.place == "UTC":
            return start_of(bucket.size, moment)
        zone = bucket.place
        if not bucket.size.below_day:
            date = _start_date(bucket.size, self._named("local_time", _local(moment, zone)))
            return func("toTimeZone", func("toDateTime64", date, number(9), text(zone)), text("UTC"))
        offset = self._named("utc_offset", _offset(moment, zone))
        clock = self._named("local_clock", func("addSeconds", moment.copy(), offset.copy()))
        start = start_of(bucket.size, clock)
        if bucket.size.seconds <= HOUR:
            return _back(start, offset)
        return self._by_the_clock(start, starts(zone, bucket.size), moment)

    def _named(self, name: str, part: exp.Expr) -> exp.Expr:
        """The part, by a name where it can have one."""
        named = self._bind(self._call, name, part)
        named.meta[clickhouse_moments.DATETIME64] = True
        return named

    def _by_the_clock(self, start: exp.Expr, clock: Starts, moment: exp.Expr) -> exp.Expr:
        """The first instant at which the zone's clock shows ``start``, or has jumped over it.

        By the offset of the day's first instant it is right until the clock changes; from then on its own
        offset tells. Where the very time of the change is skipped, the lesser of the offsets before and
        after gives the first instant of the new one.
        """
        zone = self._bucket.place
        start = self._named("clock_start", start)
        midnight = func("toDateTime64", func("toDate32", _local(moment, zone)), number(9), text(zone))
        as_before = self._named("as_at_midnight", _back(start, func("timeZoneOffset", midnight)))
        offset = _offset(as_before, zone)
        at_once = clock.late == {timedelta()} and not clock.to_midnight
        if at_once:
            offset = func(
                "least", offset, _offset(func("subtractNanoseconds", as_before.copy(), number(1)), zone)
            )
        if at_once or not clock.late:
            return _back(start, offset)
        offset = self._named("start_offset", offset)
        found = self._named("found", _back(start, offset))
        shown = binary(exp.EQ, _offset(found, zone), offset.copy())
        behind = self._named("behind", func("greatest", as_before.copy(), found.copy()))
        return func("if", shown, found.copy(), _back(behind, _late(clock, behind)))

    def _session(self, moment: exp.Expr) -> exp.Expr:
        """NULL outside the sessions. They all lie after 1970, and none holds a change of the clock."""
        calendar, size = trading_calendar(self._bucket.place), self._bucket.size
        regular = self._bucket.session == "rth"
        local = self._exchange_time(calendar, moment)
        terms = self._trades_on(calendar, local)
        opens = calendar.opens if regular else 0
        if regular and (opens or not calendar.always_open):
            minutes = binary(exp.Mul, func("toHour", local.copy()), number(60))
            minute = self._named("local_minute", binary(exp.Add, minutes, func("toMinute", local.copy())))
            if opens:
                terms.append(binary(exp.GTE, minute, number(opens)))
            if not calendar.always_open:
                terms.append(binary(exp.LT, minute.copy(), self._closes(calendar, local)))
        start = self._session_start(calendar, size, opens, moment)
        return func("if", conjunction(terms), start, exp.Null())

    def _exchange_time(self, calendar: TradingCalendar, moment: exp.Expr) -> exp.Expr:
        """A time that shows date and clock of the trading day."""
        if not calendar.ahead:
            zone = calendar.timezone
            return moment if zone == "UTC" else self._named("local_time", _local(moment, zone))
        clock = func("addMinutes", _clock(moment, calendar.timezone), number(calendar.ahead))
        return self._named("local_time", clock)

    def _session_start(
        self, calendar: TradingCalendar, size: BucketSize, opens: int, moment: exp.Expr
    ) -> exp.Expr:
        """The start of a bucket that counts from ``opens`` minutes of the trading day on."""
        if size.below_day and DAY % size.seconds == 0 and coincides(size, calendar.timezone):
            behind = (opens - calendar.ahead) * 60 % size.seconds
            if behind % 60 == 0:
                return _shifted(size, moment, behind // 60)
        clock = _clock(moment, calendar.timezone)
        if calendar.ahead:
            clock = func("addMinutes", clock, number(calendar.ahead))
        since = _since_midnight(clock)
        if opens:
            since = binary(exp.Sub, since, number(opens * 60 * _SECOND))
        if size.below_day:
            since = func("positiveModulo", since, number(size.seconds * _SECOND))
        return func("subtractNanoseconds", moment.copy(), since)

    def _trades_on(self, calendar: TradingCalendar, local: exp.Expr) -> list[exp.Expr]:
        """Conditions for a moment of the exchange's clock to lie on a trading day."""
        date = self._date(local)
        terms = [between(date, text(calendar.first), text(calendar.last))]
        if len(calendar.weekdays) < 7:
            weekdays = [number(each) for each in calendar.weekdays]
            terms.append(is_in(func("toDayOfWeek", local.copy()), weekdays))
        if calendar.holidays:
            terms.append(negation(self._is_one_of("holidays", date, calendar.holidays)))
        return terms

    def _closes(self, calendar: TradingCalendar, local: exp.Expr) -> exp.Expr:
        """Minutes from the start of the trading day to the close."""
        usual = number(calendar.closes)
        if not calendar.closes_at:
            return usual
        date = self._date(local)
        early = [
            (self._is_one_of(f"closes_{minutes // 60:02}{minutes % 60:02}", date, days), number(minutes))
            for minutes, days in calendar.closes_at.items()
        ]
        return func("if", *early[0], usual) if len(early) == 1 else case(early, usual)

    def _date(self, local: exp.Expr) -> exp.Expr:
        return self._named("local_date", func("toDate32", local.copy()))

    def _is_one_of(self, name: str, date: exp.Expr, days: Sequence[str]) -> exp.Expr:
        """An array of constants on the right of IN is a set, made once."""
        listed = func("splitByChar", text(" "), text(" ".join(days)))
        return is_in(date.copy(), [self._bind(self._call, name, listed)])


def start_of(size: BucketSize, moment: exp.Expr) -> exp.Expr:
    """A DateTime64 set back to the start of its bucket.

    Several days that begin before 1900 are counted as dates: ``toStartOfInterval`` stops at 1900.
    """
    of_old = size.unit == "d" and size.count > 1 and not moment.meta.get(clickhouse_moments.SINCE_1970)
    if size.unit in "wM" or of_old:
        return _moment(_start_date(size, moment))
    if size.below_day and DAY % size.seconds:
        length = number(size.seconds * _SECOND)
        return func(
            "subtractNanoseconds", moment.copy(), func("positiveModulo", _since_midnight(moment), length)
        )
    return clickhouse_moments.start_of(size.count, size.unit, moment)


def _shifted(size: BucketSize, moment: exp.Expr, minutes: int) -> exp.Expr:
    """The start of a bucket of a day's clock that starts so many minutes late; after 1970."""
    if not minutes:
        return clickhouse_moments.start_of(size.count, size.unit, moment, since_1970=True)
    early = func("subtractMinutes", moment.copy(), number(minutes))
    start = clickhouse_moments.start_of(size.count, size.unit, early, since_1970=True)
    return func("addMinutes", start, number(minutes))


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
