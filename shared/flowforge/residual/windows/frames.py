"""Aggregates over the last rows of a partition, exact: from running totals in integers.

A float64 is an integer times a power of two, so that even its running totals have no rounding in them,
and what leaves a frame leaves nothing behind.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING

from flowforge.formula.tree import Call
from flowforge.residual import exact
from flowforge.residual.convert import to_float
from flowforge.residual.windows.partitions import Partitions

if TYPE_CHECKING:
    import polars as pl


class Frame:
    """For each place the first place that is looked at; ``preceding`` None: the partition's first."""

    def __init__(self, partitions: Partitions, preceding: int | None) -> None:
        import polars as pl

        self.first, self.place = partitions.begins, partitions.place
        if preceding is not None:
            frame = pl.DataFrame({"begins": self.first, "place": self.place})
            self.first = frame.select(pl.max_horizontal("begins", pl.col("place") - preceding)).to_series()

    def difference(self, totals: pl.Series) -> pl.Series:
        """What a running total (one longer than the rows, from 0) gained within each frame."""
        return totals.gather(self.place + 1) - totals.gather(self.first)

    def bounds(self) -> zip[tuple[int, int]]:
        """(first, behind the last) for each place."""
        return zip(self.first.to_list(), (self.place + 1).to_list(), strict=True)


def _count(call: Call, operands: Sequence[pl.Series], frame: Frame) -> pl.Series:
    import polars as pl

    if not operands:
        return frame.place + 1 - frame.first
    there = operands[0].is_not_null().cast(pl.Int64)
    return frame.difference(_running(there))


def _running(values: pl.Series) -> pl.Series:
    import polars as pl

    return pl.concat([pl.Series([0], dtype=values.dtype), values.fill_null(0).cum_sum().cast(values.dtype)])


def _sum(call: Call, operands: Sequence[pl.Series], frame: Frame) -> pl.Series:
    import polars as pl

    (x,) = operands
    counts = _count(call, operands, frame)
    if call.type.kind == "float64":
        shift, whole = _integers(to_float(x, call.arguments[0].type))
        sums = list(accumulate((value or 0 for value in whole), initial=0))
        found = [
            _float(Fraction(sums[behind] - sums[first], shift)) if count else None
            for (first, behind), count in zip(frame.bounds(), counts.to_list(), strict=True)
        ]
        return _without_the_infinite(x, pl.Series(found, dtype=pl.Float64), frame)
    x = exact.wide(x)
    if exact.largest(x) * x.len() < exact.WRAPS:
        sums_ = pl.DataFrame({"n": counts, "sum": frame.difference(_running(x))})
        return exact.checked(sums_.select(pl.when(pl.col("n") > 0).then("sum")).to_series(), call.type)
    totals = list(accumulate((value or 0 for value in x.to_list()), initial=0))
    exactly = [
        totals[behind] - totals[first] if count else None
        for (first, behind), count in zip(frame.bounds(), counts.to_list(), strict=True)
    ]
    return exact.collected(exactly, call.type)


def _stddev(call: Call, operands: Sequence[pl.Series], frame: Frame) -> pl.Series:
    import polars as pl

    x = to_float(operands[0], call.arguments[0].type)
    shift, whole = _integers(x)
    sums = list(accumulate((value or 0 for value in whole), initial=0))
    squares = list(accumulate(((value or 0) ** 2 for value in whole), initial=0))
    found = []
    for (first, behind), n in zip(frame.bounds(), _count(call, [x], frame).to_list(), strict=True):
        total, square = sums[behind] - sums[first], squares[behind] - squares[first]
        found.append(_root(Fraction(n * square - total**2, n * (n - 1) * shift**2)) if n > 1 else None)
    return _without_the_infinite(x, pl.Series(found, dtype=pl.Float64), frame)


def _integers(values: pl.Series) -> tuple[int, list[int | None]]:
    """Floats as integers over one power of two; what is not finite counts as 0 here."""
    pairs = [
        None if value is None else value.as_integer_ratio() if math.isfinite(value) else (0, 1)
        for value in values.to_list()
    ]
    shift = max((below for _, below in filter(None, pairs)), default=1)
    return shift, [None if pair is None else pair[0] * (shift // pair[1]) for pair in pairs]


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.copysign(math.inf, value)


def _root(variance: Fraction) -> float:
    return math.sqrt(_float(variance))


def _without_the_infinite(x: pl.Series, found: pl.Series, frame: Frame) -> pl.Series:
    """NaN where NaN or an infinity is in the frame, and anything was found for it."""
    import polars as pl

    if x.dtype != pl.Float64:
        return found
    odd = (~x.is_finite()).fill_null(value=False)
    if not odd.any():
        return found
    both = pl.DataFrame({"odd": frame.difference(_running(odd.cast(pl.Int64))), "found": found})
    spoilt = (pl.col("odd") > 0) & pl.col("found").is_not_null()
    return both.select(pl.when(spoilt).then(pl.lit(math.nan)).otherwise("found")).to_series()


def _extreme(least: bool) -> Callable[[Call, Sequence[pl.Series], Frame], pl.Series]:
    """By the values' places among each other, so that texts and dates can be compared as numbers are."""

    def compute(call: Call, operands: Sequence[pl.Series], frame: Frame) -> pl.Series:
        import polars as pl

        (x,) = operands
        distinct = x.drop_nulls().unique().sort()
        ranks = x.rank("dense").cast(pl.Int64) - 1
        chosen = pl.Series(_sliding(ranks.to_list(), frame, least), dtype=pl.get_index_type())
        return distinct.gather(chosen)

    return compute


def _sliding(ranks: list[int | None], frame: Frame, least: bool) -> list[int | None]:
    """The least or greatest rank of each frame, with a queue of those that can still become it."""
    queue: deque[tuple[int, int]] = deque()
    found: list[int | None] = []
    for at, (first, _) in enumerate(frame.bounds()):
        rank = ranks[at]
        if rank is not None:
            while queue and (queue[-1][1] >= rank if least else queue[-1][1] <= rank):
                queue.pop()
            queue.append((at, rank))
        while queue and queue[0][0] < first:
            queue.popleft()
        found.append(queue[0][1] if queue else None)
    return found


FRAMED: Mapping[str, Callable[[Call, Sequence[pl.Series], Frame], pl.Series]] = {
    "count": _count,
    "sum": _sum,
    "stddev": _stddev,
    "min": _extreme(least=True),
    "max": _extreme(least=False),
}
