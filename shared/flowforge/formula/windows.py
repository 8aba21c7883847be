"""Window functions as trees: ``OVER(function, partition…, ASC(key) | DESC(key)…, ROWS(preceding)?)``.

The formula language cannot write them; the relation algebra places them where no later step of the
same SELECT could change the rows that they look at. An aggregate below an OVER is not marked as one:
it needs no GROUP BY.
"""

from __future__ import annotations

from collections.abc import Sequence

from flowforge.formula.tree import Call, Constant, Expression, call, references
from flowforge.types import INT64

OrderTerm = tuple[Expression, bool]
"""What to order by, and whether it descends; NULL is last in either direction."""


def over(
    function: Expression,
    partition: Sequence[Expression],
    order: Sequence[OrderTerm],
    frame: Expression | None = None,
) -> Call:
    """The function over each row's partition in this order; constants neither part nor order rows."""
    parts = [each for each in partition if references(each)]
    terms = [
        call("DESC" if descending else "ASC", (key,), key.type, key.nullable)
        for key, descending in order
        if references(key)
    ]
    frames = () if frame is None else (frame,)
    return call("OVER", (function, *parts, *terms, *frames), function.type, function.nullable)


def last_rows(count: int | None) -> Call:
    """The frame of the last ``count`` rows, the current one included; None: all rows so far."""
    preceding = None if count is None else count - 1
    return call("ROWS", (Constant(preceding, INT64),), INT64, nullable=False)


def row_number(partition: Sequence[Expression], order: Sequence[OrderTerm]) -> Expression:
    """1, 2, 3 … in each partition."""
    return over(call("row_number", (), INT64, nullable=False), partition, order)
