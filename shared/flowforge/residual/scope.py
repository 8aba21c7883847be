"""Typed expressions over the columns of one SELECT's FROM, or over its groups, a whole column at a time.

A column is worked out when it is first asked for, so that nothing is computed – and no number
overflows – that nobody reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from flowforge.formula.tree import Call, Constant, Expression, Reference
from flowforge.residual.aggregates import AGGREGATES, aggregate, leaders_of
from flowforge.residual.convert import coerced
from flowforge.residual.functions import COMPUTE
from flowforge.residual.values import constant, nanoseconds, repeated
from flowforge.residual.windows import over
from flowforge.types import DATETIME

if TYPE_CHECKING:
    import polars as pl

FILTER, OVER = "FILTER", "OVER"


class Scope:
    """Columns by name, ``height`` rows of them; ``as_of`` is the value of NOW()."""

    def __init__(self, columns: Mapping[str, pl.Series], height: int, as_of: datetime) -> None:
        self.columns, self.height, self.as_of = columns, height, as_of
        self._known: dict[int, tuple[Expression, pl.Series]] = {}
        self._within: tuple[Scope, pl.Series] | None = None
        self._groups: tuple[Scope, pl.Series, pl.Series] | None = None
        self._keys: list[tuple[Expression, pl.Series]] = []
        self._partial = False

    def evaluate(self, expression: Expression) -> pl.Series:
        """The expression's value in each row. ``FlowForgeError`` where a number leaves its type."""
        known = self._known.get(id(expression))
        if known is not None:
            return known[1]
        values = self._evaluate(expression)
        self._known[id(expression)] = expression, values  # kept alive: it is known by its identity
        return values

    def kept(self, mask: pl.Series) -> Scope:
        """The rows for which the mask is true, and no others from here on."""
        return self._taken(mask.arg_true(), partial=False)

    def rows(self, positions: pl.Series) -> Scope:
        """These rows in this order; window functions still look at all of them."""
        return self._taken(positions, partial=True)

    def grouped(self, keys: Sequence[Expression]) -> Scope:
        """One row per combination of keys, in which keys and aggregates can be asked for."""
        found = [self.evaluate(key) for key in keys]
        leaders, groups = leaders_of(found, self.height)
        scope = Scope({}, groups.len(), self.as_of)
        scope._groups = self, leaders, groups
        scope._keys = [(key, values.gather(groups)) for key, values in zip(keys, found, strict=True)]
        return scope

    def _taken(self, positions: pl.Series, *, partial: bool) -> Scope:
        scope = Scope(_Taken(self.columns, positions), positions.len(), self.as_of)
        scope._within, scope._partial = (self, positions), partial
        return scope

    def _evaluate(self, expression: Expression) -> pl.Series:
        if self._within is not None:
            outer, positions = self._within
            if self._is_outer(expression) or id(expression) in outer._known:
                return outer.evaluate(expression).gather(positions)
        if isinstance(expression, Constant):
            return constant(expression, self.height)
        for key, values in self._keys:
            if key == expression:  # which need not be the same object
                return values
        if isinstance(expression, Reference):
            return self.columns[expression.name]
        return self._call(expression)

    def _is_outer(self, expression: Expression) -> bool:
        """Whether its value depends on rows that are not here, or is known by group only."""
        if isinstance(expression, Call):
            if expression.function == OVER:
                return self._partial
            if expression.function in AGGREGATES or expression.function == FILTER:
                return True
        return any(key == expression for key, _ in self._whole()._keys)

    def _whole(self) -> Scope:
        """The scope that these rows were taken from at first."""
        scope: Scope = self
        while scope._within is not None:
            scope = scope._within[0]
        return scope

    def _call(self, call: Call) -> pl.Series:
        if call.function == "NOW":
            return repeated(nanoseconds(self.as_of), DATETIME, self.height)
        if call.function in ("IF", "CASE"):
            return self._choice(call)
        if call.function in AGGREGATES:
            return self._aggregate(call, None)
        if call.function == FILTER:
            inner, condition = call.arguments
            assert isinstance(inner, Call)
            return self._aggregate(inner, condition)
        if call.function == OVER:
            return over(call, self.evaluate, self.height)
        return COMPUTE[call.function](call, [self.evaluate(each) for each in call.arguments])

    def _aggregate(self, call: Call, condition: Expression | None) -> pl.Series:
        assert self._groups is not None
        scope, leaders, groups = self._groups
        if condition is not None:
            mask = scope.evaluate(condition)
            leaders, scope = leaders.gather(mask.arg_true()), scope.kept(mask)
        return aggregate(call, [scope.evaluate(each) for each in call.arguments], leaders, groups)

    def _choice(self, call: Call) -> pl.Series:
        """The value of the first branch whose condition holds; a branch is worked out where it is taken."""
        import polars as pl

        *branches, default = call.arguments
        left = pl.repeat(value=True, n=self.height, dtype=pl.Boolean, eager=True)
        result = constant(Constant(None, call.type), self.height)
        for test, value in zip(branches[0::2], branches[1::2], strict=True):
            taken = self._filled(constant(Constant(None, test.type), self.height), left, test, test)
            taken = taken.fill_null(value=False) & left
            result = self._filled(result, taken, value, call)
            left = left & ~taken
        return self._filled(result, left, default, call)

    def _filled(self, result: pl.Series, mask: pl.Series, value: Expression, of: Expression) -> pl.Series:
        """``result`` with the value in the rows of the mask, where alone it is worked out."""
        if isinstance(value, Reference | Constant) or mask.all():
            whole = coerced(self.evaluate(value), value.type, of.type)
            return whole.zip_with(mask, result)
        if not mask.any():
            return result
        positions = mask.arg_true()
        made = coerced(self.rows(positions).evaluate(value), value.type, of.type)
        return result.scatter(positions, made)


class _Taken(Mapping[str, "pl.Series"]):
    """Some rows of some columns, each taken when it is asked for."""

    def __init__(self, columns: Mapping[str, pl.Series], positions: pl.Series) -> None:
        self._columns, self._positions = columns, positions
        self._taken: dict[str, pl.Series] = {}

    def __getitem__(self, name: str) -> pl.Series:
        if name not in self._taken:
            self._taken[name] = self._columns[name].gather(self._positions)
        return self._taken[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)
