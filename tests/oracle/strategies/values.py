"""Cell values that engines tend to disagree on: nulls, ties, zeros, ends of ranges, quotes, DST instants."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from flowforge.types import ColumnType
from oracle.numbers import WIDE
from oracle.strategies.pick import below, chance, pick

TEXTS = (
    "", " ", "a", "A", "aa", "b", "é", "Ünï", "o'x", 'q"uote', "back\\slash", "100%", "_", "a_b", "line\nbreak",
    "日本語", "🙂", "Straße", "ΟΔΟΣ", "İŉﬁ", "NULL", "-- x", "/* x */", "{p}", "$1", "?", "12.50", " -3 ", "2024-02-29", "[x]",
)  # fmt: skip

BIG_INTEGERS = (9007199254740993, -9007199254740993, 2**62, -(2**63), 2**63 - 1)

ODD_FLOATS = (math.nan, -0.0, math.inf, -math.inf)
"""They only decide: functions of them are open, except for the zero."""

MOMENTS = tuple(
    datetime.fromisoformat(text)
    for text in (
        "2024-03-10T06:59:59.999999+00:00",  # New York springs forward at 07:00 UTC
        "2024-03-10T07:00:00+00:00",
        "2024-03-31T00:59:59+00:00",  # London and Berlin at 01:00 UTC
        "2024-03-31T01:00:00+00:00",
        "2024-11-03T05:30:00+00:00",  # 01:30 in New York, for the first time
        "2024-11-03T06:30:00+00:00",  # 01:30 again
        "2024-02-29T23:59:59.000001+00:00",
        "2024-12-31T23:59:59.999999+00:00",
        "2024-07-03T17:00:00+00:00",  # a half day's close
        "1999-12-31T23:59:59+00:00",
        "1970-01-01T00:00:00+00:00",
        "1969-12-31T23:59:59.500000+00:00",
    )
)

SESSION_OPEN = datetime(2024, 1, 2, 14, 30, tzinfo=UTC)

DAYS = tuple(
    date.fromisoformat(each)
    for each in ("2024-02-29", "2024-03-10", "2023-12-31", "2024-01-01", "1969-07-20")
)


def value(draw: st.DrawFn, type_: ColumnType) -> Any:
    """A value of a column of the type, not NULL."""
    match type_.kind:
        case "string":
            return pick(draw, TEXTS)
        case "int64":
            return pick(draw, BIG_INTEGERS) if chance(draw, 10) else draw(below(8)) - 3
        case "float64":
            if chance(draw, 8):
                return pick(draw, ODD_FLOATS)
            # Eighths: sums and products of them are exact, so that the order of addition cannot show.
            return (draw(below(65)) - 32) / 8
        case "date":
            return pick(draw, DAYS)
        case "datetime":
            minutes = timedelta(minutes=draw(below(5)))
            return pick(draw, MOMENTS) if chance(draw, 50) else SESSION_OPEN + minutes
        case "boolean":
            return chance(draw, 50)
    return Decimal(_digits(draw, type_)).scaleb(-type_.scale, WIDE)


def _digits(draw: st.DrawFn, type_: ColumnType) -> int:
    """Whole numbers, tenths, small numbers of many digits; the ends of the type now and then."""
    one, large = int(10**type_.scale), int(10 ** (min(type_.precision, 38) - 3))
    match pick(draw, ("whole", "tenths", "digits", "whole", "tenths", "large")):
        case "whole":
            return (draw(below(8)) - 3) * one
        case "tenths":
            return (draw(below(101)) - 50) * one // 10
        case "digits":
            return draw(below(2 * 10**8)) - 10**8
    return pick(draw, (1, -1, large, -large - 7, 1000 * large - 1, 600 * large, 550 * large + 3))
