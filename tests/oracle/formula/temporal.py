"""Functions of dates and datetimes, in UTC; weeks start on Monday."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flowforge.types import DATETIME, INT64, ColumnType
from oracle.formula.apply import strict, type_of
from oracle.formula.term import Term
from oracle.problems import Unspecified

MONTHS = {"month": 1, "quarter": 3, "year": 12}
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_MONDAY = date(1969, 12, 29)
FIRST_YEAR, LAST_YEAR = 1901, 2260


def start_of(unit: str, value: Any) -> Any:
    """The first moment of the unit that a date or datetime lies in; a date stays a date."""
    if isinstance(value, datetime):
        if unit in ("second", "minute", "hour"):
            size = timedelta(seconds=SECONDS[unit])
            return EPOCH + (value - EPOCH) // size * size
        return datetime.combine(start_of(unit, value.date()), time(), UTC)
    if unit == "week":
        return value - timedelta(days=value.weekday())
    if unit in MONTHS:
        return value.replace(day=1, month=(value.month - 1) // MONTHS[unit] * MONTHS[unit] + 1)
    return value


def moved(unit: str, count: int, value: Any) -> Any:
    """The value so many units later; the last day of a month that lacks its day."""
    span = MONTHS[unit] * 31 * 86_400 if unit in MONTHS else SECONDS[unit]
    if abs(count) * span > 500 * 366 * 86_400:
        return None
    if unit in MONTHS:
        total = value.year * 12 + value.month - 1 + count * MONTHS[unit]
        year, month = total // 12, total % 12 + 1
        day = min(value.day, calendar.monthrange(year, month)[1])
        result = value.replace(year=year, month=month, day=day)
    else:
        if unit in ("second", "minute", "hour") and not isinstance(value, datetime):
            value = datetime.combine(value, time(), UTC)
        result = value + timedelta(seconds=count * SECONDS[unit])
    if not FIRST_YEAR - 1 <= result.year <= LAST_YEAR + 1:
        return None
    if not FIRST_YEAR + 1 <= result.year <= LAST_YEAR - 1:
        raise Unspecified("the years 1901 and 2260 are the end, give or take one")
    return result


def boundaries(unit: str, start: Any, end: Any) -> int:
    """How many starts of the unit lie in (start, end]; negative the other way round."""
    return _ordinal(unit, end) - _ordinal(unit, start)


def _ordinal(unit: str, value: Any) -> int:
    if unit in ("second", "minute", "hour"):
        if not isinstance(value, datetime):
            value = datetime.combine(value, time(), UTC)
        return int((value - EPOCH) // timedelta(seconds=SECONDS[unit]))
    day = value.date() if isinstance(value, datetime) else value
    if unit in MONTHS:
        return int((day.year * 12 + day.month - 1) // MONTHS[unit])
    return int((day - FIRST_MONDAY).days // (7 if unit == "week" else 1))


def _with_unit(function: Callable[..., Any], returns: Callable[[str, ColumnType], ColumnType]) -> Any:
    def build(terms: Sequence[Term]) -> Term:
        unit = str(terms[0].literal).lower()
        type_ = returns(unit, type_of(terms[-1], DATETIME))
        return strict(type_, lambda *values: function(unit, *values), terms[1:])

    return build


def _part(function: Callable[[Any], int]) -> Callable[[Sequence[Term]], Term]:
    return lambda terms: strict(INT64, function, terms)


FUNCTIONS: Mapping[str, Callable[[Sequence[Term]], Term]] = {
    "YEAR": _part(lambda value: value.year),
    "MONTH": _part(lambda value: value.month),
    "DAY": _part(lambda value: value.day),
    "HOUR": _part(lambda value: value.hour),
    "MINUTE": _part(lambda value: value.minute),
    "WEEKDAY": _part(lambda value: value.isoweekday()),
    "DATE_TRUNC": _with_unit(start_of, lambda unit, type_: type_),
    "DATE_ADD": _with_unit(
        moved, lambda unit, type_: DATETIME if unit in ("second", "minute", "hour") else type_
    ),
    "DATE_DIFF": _with_unit(boundaries, lambda unit, type_: INT64),
}
