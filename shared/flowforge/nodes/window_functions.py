"""Window functions as expressions; rolling ones are the aggregates of a group by over a frame.

    rolling_avg   sum(x) OVER … / count(x) OVER …        pct_change   (x − lag(x) OVER …) / lag(x) OVER …

so that their types, scales, rounding and divisions by zero are those of aggregates and formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flowforge.formula import rules, windows
from flowforge.formula.functions.aggregates import AGGREGATES
from flowforge.formula.signature import ANY
from flowforge.formula.tree import Call, Constant, Expression, call
from flowforge.nodes import aggregates
from flowforge.nodes.aggregates import Takes
from flowforge.types import INT64, decimal

Over = Callable[[Expression, Expression | None], Expression]
"""Gives a function its partitions, its order and (if it has one) its frame."""

_ANY = Takes(("column",), (), ANY, "a column")
_NUMBER = aggregates.TAKES["sum"]

TAKES: Mapping[str, Takes | None] = {
    "lag": _ANY,
    "lead": _ANY,
    "row_number": None,
    "rank": None,
    "rolling_avg": _NUMBER,
    "rolling_sum": _NUMBER,
    "rolling_min": aggregates.TAKES["min"],
    "rolling_max": aggregates.TAKES["max"],
    "rolling_stddev": _NUMBER,
    "cumulative_sum": _NUMBER,
    "pct_change": _NUMBER,
}
"""Which column each takes; None: none."""


def build(
    function: str, x: Expression | None, over: Over, *, offset: int = 1, rows: int | None = None
) -> Expression:
    """The function over its column. ``offset`` counts the rows of lag and lead, ``rows`` those of a frame."""
    if function in ("row_number", "rank"):
        return over(call(function, (), INT64, nullable=False), None)
    assert x is not None
    if function in ("lag", "lead"):
        return over(_neighbour(function, x, offset), None)
    if function == "pct_change":
        return _pct_change(x, over)
    name = function.removeprefix("rolling_").removeprefix("cumulative_")
    frame = windows.last_rows(rows)
    return _over_frame(aggregates.build(name, [x], [], grouped=True), lambda each: over(each, frame))


def _neighbour(function: str, x: Expression, offset: int) -> Expression:
    return call(function, (x, Constant(offset, INT64)), x.type, nullable=True)


def _pct_change(x: Expression, over: Over) -> Expression:
    """The difference of two int64 or of two 38-digit decimals can have a digit more than they."""
    before = over(_neighbour("lag", x, 1), None)
    type_ = x.type
    if type_.kind != "float64":
        type_ = decimal(38 if type_.precision < 38 else 76, type_.scale)
    change = call("-", (x, before), type_, nullable=True)
    return call("/", (change, before), rules.divide(x.type, x.type), nullable=True)


def _over_frame(expression: Expression, over: Callable[[Expression], Expression]) -> Expression:
    """Every aggregate of the expression over the frame, and no longer one that needs a GROUP BY."""
    if not isinstance(expression, Call):
        return expression
    if expression.function in AGGREGATES:
        return over(call(expression.function, expression.arguments, expression.type, expression.nullable))
    arguments = tuple([_over_frame(each, over) for each in expression.arguments])
    return call(expression.function, arguments, expression.type, expression.nullable)
