"""Aggregates of groups, exact: under the names that ``formula.functions.aggregates`` gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from flowforge.formula.tree import Call
from flowforge.residual import exact
from flowforge.residual.convert import to_float

if TYPE_CHECKING:
    import polars as pl

GROUP = "group"
"""The column with the number of each row's group."""


def leaders_of(keys: Sequence[pl.Series], height: int) -> tuple[pl.Series, pl.Series]:
    """For each row the first row of its group, and each group's first row. NULL is a key like any other.

    Without keys there is one group, even of no rows.
    """
    import polars as pl

    index = pl.get_index_type()
    if not keys:
        return pl.repeat(0, height, dtype=index, eager=True), pl.Series([0], dtype=index)
    frame = pl.DataFrame({f"k{number}": values for number, values in enumerate(keys)})
    rows = frame.with_columns(pl.int_range(height, dtype=index, eager=True).alias("row"))
    leaders = rows.select(pl.col("row").first().over(frame.columns)).to_series()
    return leaders, leaders.unique(maintain_order=True)


def aggregate(call: Call, operands: Sequence[pl.Series], leaders: pl.Series, groups: pl.Series) -> pl.Series:
    """One aggregate: a value for each group, in the order of ``groups``."""
    return _AGGREGATES[call.function](call, operands, leaders, groups)


Aggregate = Callable[[Call, Sequence["pl.Series"], "pl.Series", "pl.Series"], "pl.Series"]


def by_group(
    operands: Sequence[pl.Series], leaders: pl.Series, groups: pl.Series, expression: pl.Expr
) -> pl.Series:
    """The expression over columns ``x``, ``x1`` … for each group; NULL for a group without rows."""
    import polars as pl

    named = {"x" if index == 0 else f"x{index}": values for index, values in enumerate(operands)}
    frame = pl.DataFrame({GROUP: leaders, **named})
    made = frame.group_by(GROUP).agg(expression.alias("made"))
    wanted = pl.DataFrame({GROUP: groups})
    return wanted.join(made, on=GROUP, how="left", maintain_order="left")["made"]


def _count(call: Call, operands: Sequence[pl.Series], leaders: pl.Series, groups: pl.Series) -> pl.Series:
    import polars as pl

    counted = pl.col("x").count() if operands else pl.len()
    return by_group(operands, leaders, groups, counted.cast(pl.Int64)).fill_null(0)


def _distinct(call: Call, operands: Sequence[pl.Series], leaders: pl.Series, groups: pl.Series) -> pl.Series:
    import polars as pl

    counted = pl.col("x").drop_nulls().n_unique().cast(pl.Int64)
    return by_group(operands, leaders, groups, counted).fill_null(0)


def _simple(take: Callable[[pl.Expr], pl.Expr]) -> Aggregate:
    def compute(
        call: Call, operands: Sequence[pl.Series], leaders: pl.Series, groups: pl.Series
    ) -> pl.Series:
        import polars as pl

        return by_group(operands, leaders, groups, take(pl.col("x")))

    return compute


def _sum(call: Call, operands: Sequence[pl.Series], leaders: pl.Series, groups: pl.Series) -> pl.Series:
    import polars as pl

    (x,) = operands
    some = pl.col("x").count() > 0
    if call.type.kind == "float64":
        return by_group([x], leaders, groups, pl.when(some).then(pl.col("x").sum()))
    x = exact.wide(x)
    if exact.largest(x) * x.len() < exact.WRAPS:
        return exact.checked(by_group([x], leaders, groups, pl.when(some).then(pl.col("x").sum())), call.type)
    totals: dict[int, int] = {}
    for group, value in zip(leaders.to_list(), x.to_list(), strict=True):
        if value is not None:
            totals[group] = totals.get(group, 0) + value
    return exact.collected([totals.get(group) for group in groups.to_list()], call.type)


def _middle(upper: bool) -> Aggregate:
    """The lower or upper of the two middle values; the same one where the count is odd."""

    def compute(
        call: Call, operands: Sequence[pl.Series], leaders: pl.Series, groups: pl.Series
    ) -> pl.Series:
        import polars as pl

        values = pl.col("x").drop_nulls()
        count = values.len().cast(pl.Int64)
        place = count // 2 if upper else (count - 1).clip(lower_bound=0) // 2
        return by_group(operands, leaders, groups, values.sort().get(place, null_on_oob=True))

    return compute


def _stddev(call: Call, operands: Sequence[pl.Series], leaders: pl.Series, groups: pl.Series) -> pl.Series:
    import polars as pl

    values, x = to_float(operands[0], call.arguments[0].type), pl.col("x")
    differ = x.min() != x.max()  # of equal numbers the deviation is 0, and not what their mean was rounded by
    return by_group([values], leaders, groups, x.std(ddof=1) * differ)


def _edge(last: bool) -> Aggregate:
    """The value in the first or last row by the keys behind it; rows without one of them do not count."""

    def compute(
        call: Call, operands: Sequence[pl.Series], leaders: pl.Series, groups: pl.Series
    ) -> pl.Series:
        import polars as pl

        keys = [f"x{index}" for index in range(1, len(operands))]
        there = pl.all_horizontal([pl.col(key).is_not_null() for key in keys])
        placed = pl.col("x").filter(there).sort_by([pl.col(key).filter(there) for key in keys])
        return by_group(operands, leaders, groups, placed.last() if last else placed.first())

    return compute


_AGGREGATES: Mapping[str, Aggregate] = {
    "count": _count,
    "count_distinct": _distinct,
    "sum": _sum,
    "min": _simple(lambda x: x.min()),
    "max": _simple(lambda x: x.max()),
    "stddev": _stddev,
    "median_low": _middle(upper=False),
    "median_high": _middle(upper=True),
    "first": _edge(last=False),
    "last": _edge(last=True),
}

AGGREGATES = frozenset(_AGGREGATES)
