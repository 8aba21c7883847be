"""COALESCE, NULLIF, GREATEST, LEAST.

IF and CASE are not here: they choose which rows a branch is worked out for (``residual.scope``).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from flowforge.formula.tree import Call
from flowforge.residual.convert import coerced, comparable
from flowforge.residual.functions.arithmetic import Compute
from flowforge.residual.functions.comparison import tested

if TYPE_CHECKING:
    import polars as pl


def _promoted(call: Call, values: Sequence[pl.Series]) -> list[pl.Series]:
    return [coerced(v, each.type, call.type) for v, each in zip(values, call.arguments, strict=True)]


def _coalesce(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    import polars as pl

    frame = pl.DataFrame({f"c{index}": each for index, each in enumerate(_promoted(call, values))})
    return frame.select(pl.coalesce(pl.all())).to_series()


def _nullif(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    import polars as pl

    equal = tested(operator.eq, *comparable(values, [each.type for each in call.arguments]))
    frame = pl.DataFrame({"equal": equal, "value": values[0]})
    return frame.select(
        pl.when(pl.col("equal").fill_null(value=False)).then(None).otherwise("value")
    ).to_series()


def _extreme(better: Callable[[pl.Series, pl.Series], pl.Series]) -> Compute:
    def compute(call: Call, values: Sequence[pl.Series]) -> pl.Series:
        import polars as pl

        best, *others = _promoted(call, values)
        for each in others:
            takes = (better(each, best) | best.is_null()) & each.is_not_null()
            frame = pl.DataFrame({"takes": takes, "new": each, "best": best})
            best = frame.select(pl.when("takes").then("new").otherwise("best")).to_series()
        return best

    return compute


CHOICE: Mapping[str, Compute] = {
    "COALESCE": _coalesce,
    "NULLIF": _nullif,
    "GREATEST": _extreme(operator.gt),
    "LEAST": _extreme(operator.lt),
}
