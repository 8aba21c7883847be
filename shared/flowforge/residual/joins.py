"""Joins, as-of joins and unions of rows in memory. NULL equals nothing, neither does NaN."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from flowforge.errors import ErrorCode, StoreError
from flowforge.formula.tree import Call, Expression, Reference
from flowforge.relation import Joined, United
from flowforge.residual.aggregates import leaders_of
from flowforge.residual.convert import comparable
from flowforge.residual.rows import Lazy, Rows

if TYPE_CHECKING:
    import polars as pl

MAX_ROWS = 5_000_000
"""Rows that a join or a union may make."""

Pair = tuple["pl.Series", "pl.Series"]


def joined(source: Joined, left: Rows, right: Rows) -> Rows:
    """The rows of a join; columns under the names of its scope."""
    sides = {"left": left, "right": right}
    pairs = [
        _pair(source, left, right, *[source.columns[name][1] for name in names]) for names in source.keys
    ]
    ids = _ids(pairs, left.height, right.height)
    places = _nearest(source, left, right, ids) if source.nearest else _matches(source, ids)
    positions = dict(zip(("left", "right"), places, strict=True))
    made = {
        name: partial(lambda side, inner: sides[side].columns[inner].gather(positions[side]), side, inner)
        for name, (side, inner) in source.columns.items()
    }
    return Rows(Lazy(made), places[0].len())


def united(source: United, arms: Sequence[Rows]) -> Rows:
    """The rows of all arms; with ``distinct`` one of those that are equal in every column."""
    import polars as pl

    height = sum(arm.height for arm in arms)
    _refuse_above(height)
    names = list(source.arms[0].fields.by_name)
    made = {
        name: partial(lambda column: pl.concat([arm.columns[column] for arm in arms]), name) for name in names
    }
    rows = Rows(Lazy(made), height)
    if not source.distinct:
        return rows
    _, kept = leaders_of([rows.columns[name] for name in names], height)
    return Rows(
        Lazy({name: partial(lambda column: rows.columns[column].gather(kept), name) for name in names}),
        kept.len(),
    )


def _pair(source: Joined, left: Rows, right: Rows, mine: str, other: str) -> Pair:
    a, b = left.columns[mine], right.columns[other]
    types = source.left.field(mine).expression.type, source.right.field(other).expression.type
    first, second = comparable([a, b], types)
    return first, second


def _ids(pairs: Sequence[Pair], left: int, right: int) -> Pair:
    """One number for each combination of keys, the same on both sides; NULL where a key is NULL or NaN."""
    import polars as pl

    both = [pl.concat([a, b]) for a, b in pairs]
    ids, _ = leaders_of(both, left + right)
    frame = pl.DataFrame({"id": ids, **{f"k{index}": each for index, each in enumerate(both)}})
    there = [pl.col(name).is_not_null() for name in frame.columns[1:]]
    there += [
        pl.col(name).is_not_nan().fill_null(value=True)
        for name in frame.columns[1:]
        if frame[name].dtype == pl.Float64
    ]
    if there:
        ids = frame.select(pl.when(pl.all_horizontal(there)).then("id")).to_series()
    return ids.slice(0, left), ids.slice(left)


def _matches(source: Joined, ids: Pair) -> Pair:
    """Positions of the rows on either side that make up each joined row; NULL for a missing side."""
    import polars as pl

    left, right = [
        pl.DataFrame({"id": each}).with_row_index(side) for side, each in zip("lr", ids, strict=True)
    ]
    counts = left.group_by("id").len("n").join(right.group_by("id").len("m"), on="id")
    found = counts.select((pl.col("n").cast(pl.Int64) * pl.col("m").cast(pl.Int64)).sum()).item()
    _refuse_above(found or 0)
    pairs = left.join(right, on="id", how=source.kind, maintain_order="left")
    return pairs["l"], pairs["r"]


def _refuse_above(rows: int) -> None:
    if rows > MAX_ROWS:
        raise StoreError(
            ErrorCode.QUERY_ROWS,
            f"Bringing these rows together would make {rows:,} of them; {MAX_ROWS:,} are allowed.",
            hint="Filter or aggregate before the join.",
        )


def _nearest(source: Joined, left: Rows, right: Rows, ids: Pair) -> Pair:
    import polars as pl

    comparison = source.on[-1]
    assert isinstance(comparison, Call)
    mine, other = [source.columns[_name(each)][1] for each in comparison.arguments]
    times = _pair(source, left, right, mine, other)
    frames = [
        pl.DataFrame({"id": key, "time": time.cast(pl.Int64)}).with_row_index(side).drop_nulls()
        for side, key, time in zip("lr", ids, times, strict=True)
    ]
    near = (
        frames[0]
        .sort("time")
        .join_asof(
            frames[1].sort("time"),
            on="time",
            by="id",
            strategy="forward" if comparison.function.startswith("<") else "backward",
            allow_exact_matches=comparison.function.endswith("="),
            check_sortedness=False,
        )
    )
    rows = pl.int_range(left.height, dtype=pl.get_index_type(), eager=True)
    found = pl.DataFrame({"l": rows}).join(near.select("l", "r"), on="l", how="left", maintain_order="left")
    if source.kind == "inner":
        found = found.drop_nulls("r")
    return found["l"], found["r"]


def _name(expression: Expression) -> str:
    assert isinstance(expression, Reference)
    return expression.name
