"""Moments on ClickHouse: DateTime64s, and the starts of the seconds, minutes, hours and days they lie in.

ClickHouse truncates towards 1970: half a second before 1970 is taken for the midnight after it, but for
``toStartOfSecond``. What may lie before 1970 is therefore set back to a whole second first.
"""

from __future__ import annotations

from sqlglot import exp

from flowforge.formula.sql import func, number, text

DATETIME64, SINCE_1970 = "datetime64", "since_1970"
"""Marks (``meta``) of a column: it is a DateTime64 already; it holds nothing before 1970."""

_START_OF = {"s": "toStartOfSecond", "m": "toStartOfMinute", "h": "toStartOfHour", "d": "toStartOfDay"}
_INTERVAL = {"s": "toIntervalSecond", "m": "toIntervalMinute", "h": "toIntervalHour", "d": "toIntervalDay"}


def moment(value: exp.Expr) -> exp.Expr:
    """A copy of the value as DateTime64, converted unless it is one already."""
    if value.meta.get(DATETIME64):
        return value.copy()
    return func("toDateTime64", value.copy(), number(9), text("UTC"))


def start_of(count: int, unit: str, value: exp.Expr, *, since_1970: bool = False) -> exp.Expr:
    """A DateTime64 set back to a multiple of so many ``s``, ``m``, ``h`` or ``d`` since 1970."""
    if unit != "s" or count > 1:
        value = (
            value.copy() if since_1970 or value.meta.get(SINCE_1970) else func(_START_OF["s"], value.copy())
        )
    if count == 1:
        return func(_START_OF[unit], value.copy())
    return func("toStartOfInterval", value.copy(), func(_INTERVAL[unit], number(count)))
