"""Window functions as trees: ``OVER(function, partition…, ASC(key) | DESC(key)…)``.

The formula language cannot write them; the relation algebra places them where no later step of the
same SELECT could change the rows that they look at.
"""

from __future__ import annotations

from collections.abc import Sequence

from flowforge.formula.tree import Expression, call, references
from flowforge.types import INT64

OrderTerm = tuple[Expression, bool]
"""What to order by, and whether it descends; NULL is last in either direction."""


def over(function: Expression, partition: Sequence[Expression], order: Sequence[OrderTerm]) -> Expression:
    """The function over each row's partition in this order; constants neither part nor order rows."""
    parts = [each for each in partition if references(each)]
    terms = [
        call("DESC" if descending else "ASC", (key,), key.type, key.nullable)
        for key, descending in order
        if references(key)
    ]
    return call("OVER", (function, *parts, *terms), function.type, function.nullable)


def row_number(partition: Sequence[Expression], order: Sequence[OrderTerm]) -> Expression:
    """1, 2, 3 … in each partition."""
    return over(call("row_number", (), INT64, nullable=False), partition, order)
