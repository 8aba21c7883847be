"""What only relations of several inputs say: a promoted value, equal keys, a time so much later."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from flowforge.formula.tree import Call, Constant
from flowforge.residual.convert import coerced, comparable, to_datetime
from flowforge.residual.functions.arithmetic import Compute
from flowforge.residual.functions.comparison import tested
from flowforge.residual.functions.temporal import SECONDS
from flowforge.residual.values import dtype

if TYPE_CHECKING:
    import polars as pl

SECOND = 1_000_000_000


def _promote(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    return coerced(values[0], call.arguments[0].type, call.type)


def _same(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    return tested(operator.eq, *comparable(values, [each.type for each in call.arguments]))


def _later(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    """``later(unit, count, time)``; a time that leaves 64 bits is the last one there is."""
    import polars as pl

    unit, count = call.arguments[:2]
    assert isinstance(unit, Constant)
    assert isinstance(count, Constant)
    assert isinstance(count.value, int)
    span = min(count.value * SECONDS[str(unit.value)] * SECOND, 2**63 - 1)
    time = to_datetime(values[2]).cast(pl.Int64)
    return (time.clip(upper_bound=2**63 - 1 - span) + span).cast(dtype(call.type))


def _any(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    import polars as pl

    return pl.repeat(value=True, n=values[0].len(), dtype=pl.Boolean, eager=True)


JOINING: Mapping[str, Compute] = {"promote": _promote, "same": _same, "later": _later, "any": _any}
