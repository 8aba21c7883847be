"""Window functions as each store says them; ``formula.windows`` describes their trees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from flowforge.formula.signature import Emit, PerStore
from flowforge.formula.sql import plain
from flowforge.formula.tree import Call


def _over(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    function, *others = arguments
    terms = [each for each in others if isinstance(each, exp.Ordered)]
    parts = [each for each in others if not isinstance(each, exp.Ordered)]
    order = exp.Order(expressions=terms) if terms else None
    return exp.Window(this=function, partition_by=parts, order=order)


def _ordered(*, descending: bool, nulls_first: bool) -> Emit:
    """NULL last is ClickHouse's own order; PostgreSQL must be told, where there can be one."""

    def emit(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        first = nulls_first and not call.nullable
        return exp.Ordered(this=arguments[0], desc=descending, nulls_first=first)

    return emit


WINDOWS: Mapping[str, PerStore] = {
    "OVER": PerStore(_over, _over),
    "ASC": PerStore(*[_ordered(descending=False, nulls_first=False)] * 2),
    "DESC": PerStore(
        _ordered(descending=True, nulls_first=False), _ordered(descending=True, nulls_first=True)
    ),
    "row_number": PerStore(plain("row_number"), plain("ROW_NUMBER")),
}
