"""Grouping without keys, so that ClickHouse cannot forget it: it gives one row, also of no rows.

    SELECT 0 FROM t                                       has as many rows as t
    SELECT if(1 IN (1, 2), 0, count()) FROM t             is folded to that, and so is
    SELECT 0 FROM t HAVING count() >= 0

Where no column is sure to keep an aggregate, those that there are get a SELECT of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flowforge.compiler.names import free
from flowforge.formula.tree import Call, Expression, Reference, call, labelled
from flowforge.relation import Derived, Field, Projection, Relation
from flowforge.types import INT64

_COUNT_ROWS = call("count", (), INT64, nullable=False, aggregate=True)
_FOLDED = frozenset({"IF", "CASE", "COALESCE", "NULLIF"})
"""What may turn out to be one of its operands. Of conditions (count() >= 0) any may turn out to be a constant."""


def stays_grouped(fields: Sequence[Field]) -> bool:
    """Whether one of the columns has an aggregate that nothing can be folded around."""
    stack: list[Expression] = [field.expression for field in fields]
    seen: set[int] = set()
    while stack:
        each = stack.pop()
        if not isinstance(each, Call) or not each.aggregate or id(each) in seen:
            continue
        if _is_aggregate(each):
            return True
        seen.add(id(each))
        if each.function not in _FOLDED and each.type.kind != "boolean":
            stack.extend(each.arguments)
    return False


def grouped_apart(relation: Relation, fields: Sequence[Field]) -> tuple[Relation, Relation]:
    """These columns of a grouping without keys, over a SELECT with the aggregates that they use; both SELECTs."""
    apart = _Apart()
    shown = [replace(each, expression=apart(each.expression)) for each in fields]
    inner_fields = apart.fields or [Field("rows", _COUNT_ROWS)]
    inner = replace(relation, fields=Projection(inner_fields), order=(), window=None)
    outer = replace(
        relation, source=Derived(inner), fields=Projection(shown), keys=None, having=(), where=(), order=()
    )
    return outer, inner


class _Apart:
    """Gives each aggregate a column, and puts the column in its place."""

    def __init__(self) -> None:
        self.fields: list[Field] = []
        self._done: dict[int, Expression] = {}

    def __call__(self, expression: Expression) -> Expression:
        if not isinstance(expression, Call) or not expression.aggregate:
            return expression
        known = self._done.get(id(expression))
        if known is None:
            known = self._column(expression) if _is_aggregate(expression) else self._over(expression)
            self._done[id(expression)] = known
        return known

    def _column(self, aggregate: Call) -> Reference:
        column = aggregate.function if aggregate.label is None else aggregate.label.column
        name = free(column, {each.name for each in self.fields})
        self.fields.append(Field(name, aggregate))
        return Reference(name, aggregate.type, aggregate.nullable)

    def _over(self, it: Call) -> Expression:
        made = call(it.function, tuple(map(self, it.arguments)), it.type, it.nullable)
        return made if it.label is None else labelled(made, it.label.column, it.label.node)


def _is_aggregate(it: Call) -> bool:
    """Whether it is one itself, and not something above one; what filters one belongs to it."""
    return it.function == "FILTER" or not any(
        isinstance(each, Call) and each.aggregate for each in it.arguments
    )
