"""Expressions over a base table, and aggregates of them, as expressions over its rollup."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from flowforge.catalog import Table
from flowforge.compiler.meaning import Meaning, computed_columns, meaning
from flowforge.formula.buckets import utc_bucket
from flowforge.formula.functions.filtered import FILTER
from flowforge.formula.rewriting import aggregates, like, rewriter
from flowforge.formula.tree import Call, Constant, Expression, Reference, contains_aggregate
from flowforge.rollups import Bucket, Measure, Rollup
from flowforge.types import DATETIME, INT64, Column, find

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400
_STEPS: Mapping[str, int] = {"second": 1, "minute": 60, "hour": 3_600}
"""Seconds after which a unit may begin anew; all longer ones begin at midnight UTC."""
_PARTS: Mapping[str, int] = {
    "YEAR": _DAY,
    "MONTH": _DAY,
    "DAY": _DAY,
    "WEEKDAY": _DAY,
    "HOUR": 3_600,
    "MINUTE": 60,
}
_MIRRORED: Mapping[str, str] = {">=": "<=", "<": ">"}
_ADDED_UP_BY: Mapping[str, str] = {
    "count": "sum",
    "sum": "sum",
    "min": "min",
    "max": "max",
    "first": "first",
    "last": "last",
}


class NotAnsweredError(Exception):
    """The rollup cannot give this; the text completes "not answered from … because"."""


class Regrouping:
    """Rewrites over one rollup. What was one object in two places is one object afterwards."""

    def __init__(self, rollup: Rollup, base: Table, table: Table) -> None:
        self._base, self._known = base, _known(rollup, base, table)
        self._bucket = self._known.bucket
        self.row = rewriter(self._row)
        """What has one value on all rows behind a row of the rollup, over that row."""
        self.grouped = rewriter(self._grouped)
        """What has one value in each group – aggregates, keys and what is made of them – over the rollup."""

    def _row(self, expression: Expression) -> Expression | None:
        if isinstance(expression, Reference) and expression.name not in self._known.keys:
            raise NotAnsweredError(f"[{expression.name}] is not the same in all rows that it adds up")
        if not isinstance(expression, Call):
            return expression
        if not self._is_about_buckets(expression):
            return None
        arguments = [
            self._known.start if self._is_time(each) else self.row(each) for each in expression.arguments
        ]
        return like(expression, arguments)

    def _is_about_buckets(self, expression: Call) -> bool:
        """Whether a call that reads the time is the same all through each bucket.

        Refuses where it reads the time and is not.
        """
        if not any(map(self._is_time, expression.arguments)):
            return False
        assert self._bucket is not None
        if not _is_constant_within(expression, self._bucket):
            raise NotAnsweredError(f"[{self._bucket.of}] is asked for finer than its buckets are")
        return True

    def _is_time(self, expression: Expression) -> bool:
        bucket = self._bucket
        return bucket is not None and isinstance(expression, Reference) and expression.name == bucket.of

    def _grouped(self, expression: Expression) -> Expression | None:
        if not isinstance(expression, Call) or not contains_aggregate(expression):
            return self.row(expression)
        if expression.function == FILTER:
            aggregate, condition = expression.arguments
            return like(expression, [self.grouped(aggregate), self.row(condition)])
        return self._aggregate(expression) if aggregates(expression) else None

    def _aggregate(self, aggregate: Call) -> Expression:
        function, arguments = aggregate.function, aggregate.arguments
        if function in ("min", "max"):
            (x,) = arguments
            if self._measure(function, x) is None:
                return like(aggregate, [self.row(x)])
        if function == "count":
            if any(each.nullable for each in arguments):
                raise NotAnsweredError("it counts rows, and not the values that are there")
            return like(aggregate, [self._measured("count", None)], "sum")
        if function == "sum":
            return like(aggregate, [self._summand(arguments[0])])
        if function in ("first", "last") and not self._is_trade_order(arguments[1:]):
            raise NotAnsweredError(f"{function} is by another order than the trade order")
        if function not in _ADDED_UP_BY:
            raise NotAnsweredError(f"{function.replace('_', ' ')} cannot be worked out from parts")
        column = self._measured(function, arguments[0])
        return like(aggregate, [column, *self._known.place(column.name)], _ADDED_UP_BY[function])

    def _summand(self, x: Expression) -> Expression:
        """The column of sums; where a condition on keys chooses what is added, the choice of columns."""
        if not isinstance(x, Call) or x.function != "IF" or self._measure("sum", x) is not None:
            return self._measured("sum", x)
        condition, *branches = x.arguments
        chosen = [each if _adds_nothing(each) else self._measured("sum", each) for each in branches]
        if any(each.type.scale != x.type.scale for each in chosen if isinstance(each, Reference)):
            raise NotAnsweredError("the values that it adds up have other digits")
        return like(x, [self.row(condition), *chosen])

    def _measured(self, function: str, x: Expression | None) -> Reference:
        found = self._measure(function, x)
        if found is None:
            operand = f"[{x.name}]" if isinstance(x, Reference) else "this formula"
            raise NotAnsweredError(f"it has no {function} of {operand}")
        return found

    def _measure(self, function: str, x: Expression | None) -> Reference | None:
        means = None if x is None else meaning(x, computed_columns(self._base))
        return self._known.measures.get((function, means))

    def _is_trade_order(self, order: tuple[Expression, ...]) -> bool:
        names = tuple(each.name for each in order if isinstance(each, Reference))
        return len(names) == len(order) and names == self._base.trade_order


class _Known:
    """A rollup in terms of expressions: its keys, its bucket's start, and its measures by meaning."""

    def __init__(self, rollup: Rollup, base: Table, table: Table) -> None:
        self.keys = frozenset(
            name
            for name in rollup.keys
            if (column := find(base.columns, name)) is not None
            and column == find(table.columns, name)
            and (name in base.as_text) == (name in table.as_text)
        )
        self.measures: dict[tuple[str, Meaning], Reference] = {}
        self._places: dict[str, tuple[Reference, ...]] = {}
        for measure in rollup.measures:
            self._add(measure, base, table)
        self.bucket = rollup.bucket if _has_bucket(rollup.bucket, base, table) else None
        self.start = Reference(rollup.bucket.column if rollup.bucket else "", DATETIME, False)

    def place(self, column: str) -> tuple[Reference, ...]:
        """The columns with the trade order of the row that a first or last was taken from."""
        return self._places.get(column, ())

    def _add(self, measure: Measure, base: Table, table: Table) -> None:
        columns = [find(table.columns, name) for name in (measure.column, *measure.place)]
        found = [_reference(column) for column in columns if column is not None]
        from flowforge.formula import analyse  # the language is only loaded where a formula is read

        x = analyse(measure.expression, base.columns) if measure.expression else None
        if len(found) < len(columns) or not _is_exact(measure, x, found[0]):
            return
        means = None if x is None else meaning(x, computed_columns(base))
        self.measures[measure.function, means] = found[0]
        self._places[measure.column] = tuple(found[1:])


@lru_cache(maxsize=64)
def _known(rollup: Rollup, base: Table, table: Table) -> _Known:
    return _Known(rollup, base, table)


def _has_bucket(bucket: Bucket | None, base: Table, table: Table) -> bool:
    if bucket is None:
        return False
    times = [find(table.columns, bucket.column), find(base.columns, bucket.of)]
    return all(each is not None and (each.type, each.nullable) == (DATETIME, False) for each in times)


def _is_exact(measure: Measure, x: Expression | None, column: Reference) -> bool:
    """Whether the column's type loses nothing of what is added up in it."""
    if column.nullable:
        return False
    if x is None:
        return column.type == INT64
    if measure.function == "sum":
        return (x.type.kind, x.type.scale) == ("decimal", column.type.scale) and not x.nullable
    return (x.type, x.nullable) == (column.type, False)


def _is_constant_within(expression: Call, bucket: Bucket) -> bool:
    """Whether a call over the time is the same at all instants of a bucket."""
    function, arguments = expression.function, expression.arguments
    utc = utc_bucket(expression)
    if utc is not None:
        size, _ = utc
        return size.unit == "M" or size.seconds % bucket.seconds == 0
    if function in ("DATE_TRUNC", "DATE_DIFF"):
        (unit, *_) = arguments
        assert isinstance(unit, Constant)
        return _STEPS.get(str(unit.value).lower(), _DAY) % bucket.seconds == 0
    if function in _PARTS:
        return _PARTS[function] % bucket.seconds == 0
    for comparison, mirrored in _MIRRORED.items():
        if function in (comparison, mirrored):
            return _is_start(arguments[1 if function == comparison else 0], bucket)
    return False


def _is_start(expression: Expression, bucket: Bucket) -> bool:
    value = expression.value if isinstance(expression, Constant) else None
    if not isinstance(value, datetime) or value.tzinfo is None:
        return False
    return (value - _EPOCH) % timedelta(seconds=bucket.seconds) == timedelta()


def _adds_nothing(expression: Expression) -> bool:
    return isinstance(expression, Constant) and (expression.value is None or expression.value == 0)


def _reference(column: Column) -> Reference:
    return Reference(column.name, column.type, column.nullable)
