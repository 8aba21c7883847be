"""Functions of dates and datetimes, all in UTC (the statement's settings fix the session's zone)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from flowforge.formula import postgres_numbers as postgres
from flowforge.formula.clickhouse_moments import moment, start_of
from flowforge.formula.signature import (
    DAY,
    INTEGER,
    MOMENT,
    TEXT,
    UNITS,
    Function,
    Parameter,
    PerStore,
    everywhere,
)
from flowforge.formula.sql import between, binary, cast, func, number, text, when
from flowforge.formula.tree import Call, Constant

_UNIT = Parameter("unit", TEXT, choices=UNITS)
_DAY, _MOMENT = Parameter("date", DAY), Parameter("datetime", MOMENT)
_BELOW_DAY = UNITS[:3]

_START_OF = {
    "week": "toMonday",
    "month": "toStartOfMonth",
    "quarter": "toStartOfQuarter",
    "year": "toStartOfYear",
}
_PER_YEAR = {
    "second": 31_536_000,
    "minute": 525_600,
    "hour": 8_760,
    "day": 365,
    "week": 52,
    "month": 12,
    "quarter": 4,
    "year": 1,
}
_INTERVAL = {"quarter": "3 month"}
FIRST_YEAR, LAST_YEAR = 1901, 2260
"""Years that a nanosecond DateTime64 holds with a year to spare; DATE_ADD beyond them is NULL."""

_DATE = exp.DataType(this=exp.DType.DATE)


def unit(call: Call) -> str:
    """The literal unit of the call, in small letters."""
    first = call.arguments[0]
    assert isinstance(first, Constant)
    return str(first.value).lower()


def _moment(value: exp.Expr) -> exp.Expr:
    return func("toDateTime64", value, number(9), text("UTC"))


def _extract(clickhouse: str, part: str) -> PerStore:
    def on_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        return cast(_part_of(part, arguments[0]), postgres.BIGINT.copy())

    return PerStore(lambda _, a: func("toInt64", func(clickhouse, a[0])), on_postgres)


def _part_of(part: str, value: exp.Expr) -> exp.Expr:
    return exp.Extract(this=exp.Var(this=part), expression=value)


def _trunc_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    each, value = unit(call), arguments[1]
    if call.type.kind == "date":
        return value if each in UNITS[:4] else func(_START_OF[each], value)
    if each in UNITS[:4]:
        return start_of(1, each[0], moment(value))
    return _moment(func(_START_OF[each], value))


def _trunc_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    truncated = func("DATE_TRUNC", text(unit(call)), arguments[1])
    return cast(truncated, _DATE.copy()) if call.type.kind == "date" else truncated


def _add_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    each, (_, count, value) = unit(call), arguments
    if call.arguments[2].type.kind == "date":
        value = _moment(value) if each in _BELOW_DAY else func("toDate32", value)
    year = binary(
        exp.Add, func("toYear", value.copy()), func("intDiv", count.copy(), number(_PER_YEAR[each]))
    )
    moved = func(f"add{each.capitalize()}s", value, count)
    inside = between(year, number(FIRST_YEAR), number(LAST_YEAR))
    return func("if", inside, moved, exp.Null())


def _add_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    each, (_, count, value) = unit(call), arguments
    if call.arguments[2].type.kind == "date" and each in _BELOW_DAY:
        value = cast(value, exp.DataType(this=exp.DType.TIMESTAMPTZ))
    per_year = number(_PER_YEAR[each])
    year = binary(exp.Add, _part_of("YEAR", value.copy()), binary(exp.Div, count.copy(), per_year))
    step = cast(text(_INTERVAL.get(each, f"1 {each}")), exp.DataType(this=exp.DType.INTERVAL))
    moved = binary(exp.Add, value, binary(exp.Mul, count, step))
    if call.type.kind == "date":
        moved = cast(moved, _DATE.copy())
    return when(between(year, number(FIRST_YEAR), number(LAST_YEAR)), moved)


def _diff_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    _, start, end = arguments
    return func("dateDiff", text(unit(call)), start, end)


def _diff_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """Boundaries of the unit between the two, as ClickHouse's dateDiff counts them."""
    each, (_, start, end) = unit(call), arguments
    seconds = {"second": 1, "minute": 60, "hour": 3600}.get(each)
    if seconds is not None:
        span = binary(exp.Sub, *[func("DATE_TRUNC", text(each), value) for value in (end, start)])
        count = binary(exp.Div, _part_of("EPOCH", span), number(seconds))
    elif each in ("day", "week"):
        days = [
            cast(value if each == "day" else func("DATE_TRUNC", text("week"), value), _DATE.copy())
            for value in (end, start)
        ]
        count = binary(exp.Sub, *days)
        count = count if each == "day" else binary(exp.Div, count, number(7))
    else:
        count = binary(exp.Sub, _ordinal(each, end), _ordinal(each, start))
    return cast(count, postgres.BIGINT.copy())


def _ordinal(each: str, value: exp.Expr) -> exp.Expr:
    year = _part_of("YEAR", value.copy())
    if each == "year":
        return year
    return binary(exp.Add, binary(exp.Mul, year, number(_PER_YEAR[each])), _part_of(each.upper(), value))


TEMPORAL: tuple[Function, ...] = (
    Function("YEAR", (_DAY,), "int64", "any", _extract("toYear", "YEAR"), "The year."),
    Function("MONTH", (_DAY,), "int64", "any", _extract("toMonth", "MONTH"), "The month, 1…12."),
    Function("DAY", (_DAY,), "int64", "any", _extract("toDayOfMonth", "DAY"), "The day of the month, 1…31."),
    Function("HOUR", (_MOMENT,), "int64", "any", _extract("toHour", "HOUR"), "The hour, 0…23 (UTC)."),
    Function("MINUTE", (_MOMENT,), "int64", "any", _extract("toMinute", "MINUTE"), "The minute, 0…59."),
    Function(
        "WEEKDAY", (_DAY,), "int64", "any", _extract("toDayOfWeek", "ISODOW"),
        "The day of the week, Monday = 1 … Sunday = 7.",
    ),
    Function(
        "DATE_TRUNC", (_UNIT, _DAY), "shift", "any", PerStore(_trunc_clickhouse, _trunc_postgres),
        "The start of the second … year that it lies in (UTC; weeks start on Monday).",
    ),
    Function(
        "DATE_ADD", (_UNIT, Parameter("count", INTEGER), _DAY), "shift", "always", PerStore(_add_clickhouse, _add_postgres),
        "Moved by so many units; a day that the month lacks becomes its last. NULL outside 1901…2260.",
    ),
    Function(
        "DATE_DIFF", (_UNIT, Parameter("start", DAY), Parameter("end", DAY)), "int64", "any",
        PerStore(_diff_clickhouse, _diff_postgres), "How many boundaries of the unit lie between start and end.", alike=1,
    ),
    Function(
        "NOW", (), "datetime", "never", everywhere(lambda _, a: a[0]),
        "The as-of time of the request: one value for the whole query.",
    ),
)  # fmt: skip
